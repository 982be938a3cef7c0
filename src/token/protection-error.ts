import type { FailureCode } from '../failure/catalogue.ts'
import { Failure } from '../failure/failure.ts'

/**
 * Why a token or another protected message was refused or could not be made. The list is closed: a reason is never renamed, and a new one is a
 * new minor version.
 *
 * | reason | what is wrong |
 * | --- | --- |
 * | `wrong_structure` | another structure than those for one recipient, or an untagged one where nothing says which it is |
 * | `algorithm_not_allowed` | an algorithm that is unknown, of another structure, or not one that the verifier allows |
 * | `algorithm_unavailable` | an algorithm that this runtime has no implementation of: AES-CCM and ChaCha20/Poly1305 in browsers |
 * | `no_key` | no key was given, or none goes with the message's key identifier |
 * | `key_unsuitable` | a key of another type, curve, length, algorithm or operation, or without the part that is needed |
 * | `key_invalid` | a key that is none: a point that is not on its curve, a length that its curve has not |
 * | `header_not_understood` | a critical header parameter that nobody here understands, or that is not protected (RFC 9052 §3.1) |
 * | `iv_unsuitable` | an IV that is missing, given twice, or of a wrong length |
 * | `payload_unsuitable` | a detached payload that was not given, a payload given for a message that has its own, or one that is too long for AES-CCM |
 * | `verification_failed` | the signature, the tag or the decryption; which of them, and why, is not told |
 */
export type ProtectionReason =
  | 'wrong_structure'
  | 'algorithm_not_allowed'
  | 'algorithm_unavailable'
  | 'no_key'
  | 'key_unsuitable'
  | 'key_invalid'
  | 'header_not_understood'
  | 'iv_unsuitable'
  | 'payload_unsuitable'
  | 'verification_failed'

const refused: FailureCode = 'authz_info_token_wrapper_invalid'

/**
 * The code of a refused token: what verifies is one code, so that nobody outside learns which check a token failed. What
 * this runtime cannot do at all is no fault of the token.
 */
const codes: Readonly<Record<ProtectionReason, FailureCode>> = {
  wrong_structure: 'authz_info_token_malformed',
  algorithm_not_allowed: refused,
  algorithm_unavailable: 'authz_info_internal_error',
  no_key: refused,
  key_unsuitable: refused,
  key_invalid: 'authz_info_key_unusable',
  header_not_understood: refused,
  iv_unsuitable: refused,
  payload_unsuitable: refused,
  verification_failed: refused,
}

/** The code where a message cannot be made, or a key does not have what is asked of it: no client is to blame. */
export const ownFault: FailureCode = 'token_internal_error'

/**
 * A key or a protected message, of COSE or JOSE, could not be used. The error holds no part of either.
 *
 * `reason` and `expected` are for the developer and, with {@link Failure.toLog}, for the log. What the peer may see follows
 * from the code, which is the same for a wrong key, an unknown one and a flipped bit; so is the message.
 *
 * @example
 * ```ts
 * import { openCose, ProtectionError } from 'ace-oauth/token'
 *
 * try {
 *   await openCose(Uint8Array.of(0xd1, 0x84, 0x43, 0xa1, 0x01, 0x05, 0xa0, 0x40, 0x40), { keys: [] })
 * } catch (error) {
 *   if (error instanceof ProtectionError) console.log(error.reason, error.coapCode) // no_key 4.01
 * }
 * ```
 */
export class ProtectionError extends Failure {
  override readonly name = 'ProtectionError'
  // Private, so that JSON.stringify does not tell them.
  readonly #reason: ProtectionReason
  readonly #expected: string

  constructor(reason: ProtectionReason, expected = '', code: FailureCode = codes[reason]) {
    // A server that sends messages of errors tells no peer which check its token failed.
    const message = code === refused ? undefined : inWords(reason, expected)
    super(code, { details: expected ? { reason, expected } : { reason } }, message)
    this.#reason = reason
    this.#expected = expected
  }

  /** Why, as one of a closed list. */
  get reason(): ProtectionReason {
    return this.#reason
  }

  /** What would have been right, in a few words; empty where the reason says it all. */
  get expected(): string {
    return this.#expected
  }
}

/** The reason, and what was expected if anything was. */
export function inWords(reason: ProtectionReason, expected: string): string {
  return expected ? `${reason}: expected ${expected}` : reason
}

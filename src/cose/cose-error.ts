/**
 * Why a key or a COSE message could not be used or made. The list is closed: a reason is never renamed, and a new one is a new minor
 * version.
 *
 * | reason | what is wrong |
 * | --- | --- |
 * | `wrong_structure` | another structure than those for one recipient, or an untagged one where nothing says which it is |
 * | `algorithm_not_allowed` | an algorithm that is unknown, of another structure, or not one that the verifier allows |
 * | `algorithm_unavailable` | an algorithm that this runtime does not have |
 * | `no_key` | no key was given, or none goes with the message's key identifier |
 * | `key_unsuitable` | a key of another type, curve, length, algorithm or operation, or without the part that is needed |
 * | `key_invalid` | not a key: a point that is not on its curve, a length that its curve does not have |
 * | `header_not_understood` | a critical header parameter that nobody here understands, or that is not protected (RFC 9052 §3.1) |
 * | `iv_unsuitable` | an IV that is missing, given twice, or of a wrong length |
 * | `payload_unsuitable` | a detached payload that was not given, a payload given for a message that has one, or one that is too long for AES-CCM |
 * | `verification_failed` | the signature, the tag or the decryption; which of them, and why, is not told |
 */
export type CoseReason =
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

/** What a peer must not learn from a message: a wrong key, an unknown one and a flipped bit look the same. */
const untold: readonly CoseReason[] = [
  'algorithm_not_allowed',
  'no_key',
  'key_unsuitable',
  'header_not_understood',
  'iv_unsuitable',
  'payload_unsuitable',
  'verification_failed',
]

/** Who is to blame: the sender of a message or key that was refused, or the caller who asked for what cannot be done. */
export type CoseBlame = 'sender' | 'caller'

/**
 * A key or a COSE message could not be used or made. The error holds no part of either.
 *
 * `reason` and `expected` are for the developer and the log. The text of the error is the same for a wrong key, an unknown one and a
 * flipped bit, so that a server that sends it tells its peer nothing.
 *
 * @example
 * ```ts
 * import { CoseError, openCose } from 'ace-oauth/token'
 *
 * try {
 *   await openCose(Uint8Array.of(0xd1, 0x84, 0x43, 0xa1, 0x01, 0x05, 0xa0, 0x40, 0x40), { keys: [] })
 * } catch (error) {
 *   if (error instanceof CoseError) console.log(error.reason, error.blame) // no_key sender
 * }
 * ```
 */
export class CoseError extends Error {
  override readonly name = 'CoseError'
  // Private fields, which JSON.stringify leaves out.
  readonly #reason: CoseReason
  readonly #expected: string
  readonly #blame: CoseBlame

  constructor(reason: CoseReason, expected = '', blame: CoseBlame = 'sender') {
    super(
      blame === 'sender' && untold.includes(reason) ? 'the message was refused' : inWords(reason, expected),
    )
    this.#reason = reason
    this.#expected = expected
    this.#blame = blame
  }

  /** Why, as one of a closed list. */
  get reason(): CoseReason {
    return this.#reason
  }

  /** What would have been right, in a few words; empty where the reason says it all. */
  get expected(): string {
    return this.#expected
  }

  /** Whether the sender of the message or key is to blame, or the caller. */
  get blame(): CoseBlame {
    return this.#blame
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `${this.stack ?? this} (${inWords(this.#reason, this.#expected)})`
  }
}

/** The reason, and what was expected if anything was. */
export function inWords(reason: CoseReason, expected: string): string {
  return expected ? `${reason}: expected ${expected}` : reason
}

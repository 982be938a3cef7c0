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
 * | `payload_unsuitable` | a detached payload that was not given, or a payload given for a message that has its own |
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

/**
 * A key or a protected message, of COSE or JOSE, could not be used. The error holds no part of either.
 *
 * @example
 * ```ts
 * import { ProtectionError, openCose } from 'ace-oauth/token'
 *
 * try {
 *   await openCose(new Uint8Array(0), { keys: [] })
 * } catch (error) {
 *   if (error instanceof ProtectionError) console.log(error.reason)
 * }
 * ```
 */
export class ProtectionError extends Error {
  override readonly name = 'ProtectionError'
  /** Why, as one of a closed list. */
  readonly reason: ProtectionReason
  /** What would have been right, in a few words; empty where the reason says it all. */
  readonly expected: string

  constructor(reason: ProtectionReason, expected = '') {
    super(expected ? `${reason}: expected ${expected}` : reason)
    this.reason = reason
    this.expected = expected
  }
}

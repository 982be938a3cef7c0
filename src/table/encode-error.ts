import { MessageError } from '../cbor/decode-error.ts'

/**
 * Why a message could not be built or written. The list is closed, as that of decoding is.
 *
 * | reason | what is wrong |
 * | --- | --- |
 * | `unexpected_type` | a member is given a value of the wrong type, or a member that the message does not have |
 * | `invalid_value` | the right type with a value that its specification refuses |
 * | `missing_member` | a required member is absent |
 * | `conflicting_members` | members that no specification allows together |
 * | `violation` | what the RFCs forbid a sender |
 * | `no_cbor_form` | a value that exists in JSON only: a name without an integer, a confirmation method without a key |
 * | `no_form` | a value that a form cannot carry |
 */
export type EncodeReason =
  | 'unexpected_type'
  | 'invalid_value'
  | 'missing_member'
  | 'conflicting_members'
  | 'violation'
  | 'no_cbor_form'
  | 'no_form'

/**
 * The caller asked for a message that may not be sent.
 *
 * @example
 * ```ts
 * import { EncodeError, ErrorResponse } from 'ace-oauth'
 *
 * try {
 *   ErrorResponse.builder().error('invalid_grant').description('the "code" ran out').build()
 * } catch (error) {
 *   if (error instanceof EncodeError) console.log(error.reason, error.path) // violation error_description
 * }
 * ```
 */
export class EncodeError extends MessageError<EncodeReason> {
  static {
    EncodeError.prototype.name = 'EncodeError'
  }
}

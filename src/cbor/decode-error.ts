/**
 * Why bytes or JSON were refused. The list is closed: a reason is never renamed, and a new one is a new
 * minor version.
 *
 * | reason | what is wrong | offset |
 * | --- | --- | --- |
 * | `truncated` | the input ends inside a data item, or is empty | where the missing byte would stand |
 * | `trailing_bytes` | something follows the one data item | the first byte too many |
 * | `reserved_head` | an initial byte that RFC 8949 §3 reserves or that is malformed (additional information 28 to 30, 31 where nothing can be indefinite, a two-byte simple value below 32) | the head |
 * | `unexpected_break` | a break (0xff) where no indefinite-length item can end | the break |
 * | `invalid_utf8` | a text string that is no UTF-8 | the first byte that cannot be there |
 * | `duplicate_key` | a map key that was there before, compared by value | the second key |
 * | `unexpected_type` | a data item of another type than the member takes | its head |
 * | `missing_member` | a required member is absent | the map |
 * | `invalid_value` | the right type with a value that its specification refuses | its head |
 * | `conflicting_members` | members that no specification allows together | the map |
 * | `violation` | under `strict`: what the RFCs forbid a sender but no receiver needs to refuse | the map |
 * | `not_deterministic` | under `deterministic`: not the encoding of RFC 8949 §4.2.1 | the head |
 * | `too_deep` | nesting beyond `maxDepth` | the head that goes too deep |
 * | `too_large` | input beyond `maxBytes`, a string beyond `maxStringBytes`, or a map or array beyond `maxMembers` | the head, or the first byte beyond the limit |
 */
export type DecodeReason =
  | 'truncated'
  | 'trailing_bytes'
  | 'reserved_head'
  | 'unexpected_break'
  | 'invalid_utf8'
  | 'duplicate_key'
  | 'unexpected_type'
  | 'missing_member'
  | 'invalid_value'
  | 'conflicting_members'
  | 'violation'
  | 'not_deterministic'
  | 'too_deep'
  | 'too_large'

/** What was refused and why, with data rather than words: the base of {@link DecodeError} and of EncodeError. */
export class MessageError<Reason extends string = string> extends Error {
  /** Why, as one of a closed list. */
  readonly reason: Reason
  /** The members on the way to the fault, by their OAuth names, for example `req_cnf.COSE_Key.crv`. Empty at the top. */
  readonly path: string
  /** What would have been right there, in a few words; empty where the reason says it all. */
  readonly expected: string
  /** Where in the input, in bytes from its start. Undefined where that was not CBOR, and of an EncodeError. */
  readonly offset: number | undefined

  constructor(reason: Reason, path = '', expected = '', offset?: number) {
    super(
      `${reason}${offset === undefined ? '' : ` at byte ${offset}`}${path && ` in ${path}`}${expected && `: expected ${expected}`}`,
    )
    this.reason = reason
    this.path = path
    this.expected = expected
    this.offset = offset
  }
}

/**
 * Input from outside was refused: CBOR by a decoder, JSON or a form by its parser. Nothing else is thrown for
 * bad input, whatever it holds.
 *
 * @example
 * ```ts
 * import { DecodeError, ErrorResponse } from 'ace-oauth'
 *
 * try {
 *   ErrorResponse.fromCbor(Uint8Array.of(0xa1, 0x18, 0x1e, 0x03, 0x00))
 * } catch (error) {
 *   if (error instanceof DecodeError) console.log(error.reason, error.offset) // trailing_bytes 4
 * }
 * ```
 */
export class DecodeError extends MessageError<DecodeReason> {
  static {
    // A stack trace tells it too, which an own property of each error would come too late for.
    DecodeError.prototype.name = 'DecodeError'
  }
}

/** The path of a member. */
export function join(path: string, name: string): string {
  return path && name ? `${path}.${name}` : path || name
}

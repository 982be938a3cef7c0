import type { DecodeReason, MessageError } from '../../cbor/decode-error.ts'
import { DecodeError } from '../../cbor/decode-error.ts'
import { array } from '../../cbor/major.ts'
import type { EncodeReason } from '../../table/encode-error.ts'
import type { Bytes } from '../input/source.ts'
import { hexdump } from './hexdump.ts'
import type { Style } from './output.ts'
import { facts } from './table.ts'
import { printable } from './text.ts'
import { typedLine } from './typed.ts'

/** The reasons in words. */
const reasons: Readonly<Record<DecodeReason | EncodeReason, string>> = {
  truncated: 'the input ends inside a data item, or is empty',
  trailing_bytes: 'something follows the one data item',
  reserved_head: 'an initial byte that is reserved or malformed',
  unexpected_break: 'a break where no item of indefinite length can end',
  invalid_utf8: 'a text that is not UTF-8',
  duplicate_key: 'a map key that was there before',
  unexpected_type: 'a value of another type than the member takes',
  missing_member: 'a required member is absent',
  invalid_value: 'the right type with a value that the specification refuses',
  conflicting_members: 'members that no specification allows together',
  violation: 'what the RFCs forbid a sender',
  not_deterministic: 'not the deterministic encoding of RFC 8949 section 4.2.1',
  too_deep: 'nesting beyond the limit',
  too_large: 'larger than the limit',
  no_cbor_form: 'a value or member that exists in JSON only',
  no_form: 'a value that a form cannot carry',
}

/** What was refused, as data. */
export interface Refusal {
  readonly reason: string
  readonly offset?: number
  readonly path?: string
  readonly message: string
}

/** A refusal as data, for JSON. */
export function tellRefusal(error: MessageError): Refusal {
  const offset = error instanceof DecodeError ? error.offset : undefined
  return {
    reason: error.reason,
    ...(offset !== undefined && { offset }),
    ...(error.path && { path: error.path }),
    message: error.message,
  }
}

/**
 * A refusal for people: the bytes with a mark under the offset, the reason, and what was expected.
 *
 * @param note what else there is to say
 * @param input what the bytes are the end of, as it was given
 */
export function renderRefusal(
  error: MessageError,
  style: Style,
  bytes?: Uint8Array,
  note?: string,
  input?: Bytes,
): string {
  const { reason, offset, path } = tellRefusal(error)
  const { expected } = error
  const told = facts([
    ['reason', `${reason}: ${reasons[reason as DecodeReason]}`],
    ['offset', offset === undefined ? undefined : `${offset}`],
    ['path', printable(path ?? '')],
    ['expected', printable(expected)],
    ['note', note],
  ])
  const where = offset === undefined ? '' : ` at byte ${offset}`
  if (!bytes || offset === undefined) return `${style.red('refused')}: ${reason}${where}\n\n${told}`
  const typed = input && typedLine(input, offset + input.bytes.length - bytes.length)
  return `${style.red('refused')}: ${reason}${where}\n\n${typed ? `${typed}\n` : ''}${hexdump(bytes, offset)}\n${told}`
}

/** What a known mistake of peers looks like, and what to tell who meets it. */
export function hintFor(error: DecodeError, bytes: Uint8Array): string | undefined {
  const { reason, path, offset } = error
  const isArray = offset !== undefined && bytes[offset]! >> 5 === array
  if (reason === 'unexpected_type' && path === 'scope' && isArray)
    return 'an AIF stands inside a byte string (RFC 9200 section 5.8.1, RFC 9237)'
  return undefined
}

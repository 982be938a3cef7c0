import type { Key } from '../cbor/reader.ts'
import type { Json } from './json.ts'

/** A member with a CBOR key that the message does not know. */
export interface UnknownCborMember {
  /** Its CBOR key; a bigint beyond 2^53-1. */
  readonly key: Key
  /** Its value: one CBOR data item, as it came. */
  readonly cbor: Uint8Array
}

/** A member of JSON or of a form that the message does not know. */
export interface UnknownJsonMember {
  readonly name: string
  readonly json: Json
}

/**
 * A member that the message does not know. It is kept, and comes out again in the encoding that it came in, as it
 * came: no other is defined for it (RFC 9200 §5).
 */
export type UnknownMember = UnknownCborMember | UnknownJsonMember

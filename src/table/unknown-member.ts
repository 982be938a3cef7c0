import { DecodeError } from '../cbor/decode-error.ts'
import { decode, type Key, readRaw } from '../cbor/reader.ts'
import { fromBase64url, toBase64url } from './base64url.ts'
import { integerFromJson } from './integer-json.ts'
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
 * came: no other is defined for it (RFC 9200 §5). One with a CBOR key inside a map, such as a confirmation, comes out in JSON too,
 * since the map would say something else without it.
 */
export type UnknownMember = UnknownCborMember | UnknownJsonMember

/** Makes a list of unknown members, and each of them, immutable. */
export function frozen(members: readonly UnknownMember[]): readonly UnknownMember[] {
  for (const member of members) Object.freeze(member)
  return Object.freeze(members)
}

/** The name of an unknown member in print: a CBOR key in diagnostic notation (RFC 8949 §8), a JSON name as it is. */
export function nameOf(member: UnknownMember): string {
  if ('name' in member)
    return /^[A-Za-z_][\w#-]*$/.test(member.name) ? member.name : JSON.stringify(member.name)
  return typeof member.key === 'string' ? JSON.stringify(member.key) : `${member.key}`
}

/** A member of a map that has a CBOR key, in JSON: its key in diagnostic notation, and the base64url of its CBOR. */
export function cborMemberToJson({ key, cbor }: UnknownCborMember): [name: string, json: Json] {
  return [typeof key === 'string' ? JSON.stringify(key) : `${key}`, toBase64url(cbor)]
}

/** The member that {@link cborMemberToJson} tells, if a member of JSON is that. */
export function cborMemberFromJson(name: string, json: Json): UnknownCborMember | undefined {
  const key = keyFromName(name)
  const cbor = key === undefined || typeof json !== 'string' ? undefined : fromBase64url(json)
  if (key === undefined || cbor === undefined) return undefined
  try {
    return { key, cbor: decode(cbor, undefined, readRaw) }
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

function keyFromName(name: string): Key | undefined {
  if (!name.startsWith('"')) return integerFromJson(name)
  try {
    const key: unknown = JSON.parse(name)
    return typeof key === 'string' && JSON.stringify(key) === name ? key : undefined
  } catch {
    return undefined
  }
}

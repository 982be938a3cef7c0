import { DecodeError } from '../cbor/decode-error.ts'
import { isCborInteger, narrow } from '../cbor/integer.ts'
import { decode, type Key, type Reader, readRaw } from '../cbor/reader.ts'
import { EncodeError } from './encode-error.ts'
import { copyJson, isText, type Json } from './json.ts'
import { join } from './members-cbor.ts'
import type { UnknownMember } from './unknown-member.ts'

/**
 * Checks and copies a member that a caller adds to those that a message knows.
 *
 * @param at the path of the map that they are for
 * @param known whether the message knows a key or a name
 */
export function unknownFromInput(
  members: readonly UnknownMember[],
  at: string,
  known: (key: Key, isCbor: boolean) => boolean,
): readonly UnknownMember[] {
  const seen = new Set<Key>()
  return members.map((member) => {
    const isCbor = 'cbor' in member
    const given = isCbor ? member.key : member.name
    const path = join(at, `${given}`)
    if (typeof given === 'string' ? !isText(given) : !isCborInteger(given))
      throw new EncodeError('unexpected_type', path, 'an integer or text key')
    const key = typeof given === 'string' ? given : narrow(given)
    if (seen.has(key) || known(key, isCbor)) throw new EncodeError('unexpected_type', path, 'another key')
    seen.add(key)
    if (!isCbor) return { name: member.name, json: jsonOf(member.json, path) }
    return { key, cbor: oneItem(member.cbor, path) }
  })
}

function jsonOf(json: Json, path: string): Json {
  try {
    return copyJson(json)
  } catch {
    throw new EncodeError('unexpected_type', path, 'JSON')
  }
}

/** A copy of the one CBOR data item that a caller gave, moved over by `read`. */
export function oneItem(
  cbor: Uint8Array,
  path: string,
  read: (reader: Reader) => Uint8Array = readRaw,
): Uint8Array {
  try {
    return decode(cbor, undefined, read)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw new EncodeError('invalid_value', path, `one CBOR data item that is right (${error.message})`)
  }
}

import { DecodeError, join } from '../cbor/decode-error.ts'
import { isCborInteger, narrow } from '../cbor/integer.ts'
import { isBytes } from '../cbor/plain-bytes.ts'
import { decode, type Key, type Reader, readRaw } from '../cbor/reader.ts'
import { EncodeError } from './encode-error.ts'
import { isText } from './json.ts'
import { jsonFromInput } from './json-input.ts'
import { frozen, type UnknownMember } from './unknown-member.ts'

/**
 * Checks and copies the members that a caller adds to those that a message knows.
 *
 * @param at the path of the map that they are for
 * @param isKnown whether the message knows a key or a name
 */
export function unknownFromInput(
  members: readonly UnknownMember[],
  at: string,
  isKnown: (key: Key, isCbor: boolean) => boolean,
): readonly UnknownMember[] {
  if (!Array.isArray(members)) throw new EncodeError('unexpected_type', at, 'an array of unknown members')
  const seen = new Set<Key>()
  return frozen(
    Array.from(members as readonly UnknownMember[], (member) => {
      if (typeof member !== 'object' || member === null || !('cbor' in member || 'json' in member))
        throw new EncodeError('unexpected_type', at, 'an unknown member: key and cbor, or name and json')
      const isCbor = 'cbor' in member
      const given = isCbor ? member.key : member.name
      const path = join(at, String(given))
      if (typeof given === 'string' ? !isText(given) : !isCbor || !isCborInteger(given))
        throw new EncodeError('unexpected_type', path, isCbor ? 'an integer or text key' : 'a name')
      const key = typeof given === 'string' ? given : narrow(given)
      if (seen.has(key) || isKnown(key, isCbor)) throw new EncodeError('unexpected_type', path, 'another key')
      seen.add(key)
      return isCbor
        ? { key, cbor: oneItem(member.cbor, path) }
        : { name: member.name, json: jsonOf(member.json, path) }
    }),
  )
}

/** What a caller gave as JSON is as large as the caller likes. */
const unlimited = {
  maxBytes: Number.POSITIVE_INFINITY,
  maxDepth: Number.POSITIVE_INFINITY,
  maxMembers: Number.POSITIVE_INFINITY,
  maxStringBytes: Number.POSITIVE_INFINITY,
}

function jsonOf(json: unknown, path: string): ReturnType<typeof jsonFromInput> {
  try {
    return jsonFromInput(json, unlimited)
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
  if (!isBytes(cbor)) throw new EncodeError('unexpected_type', path, 'a Uint8Array')
  try {
    return decode(cbor, undefined, read)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw new EncodeError('invalid_value', path, `one well-formed CBOR data item (${error.message})`)
  }
}

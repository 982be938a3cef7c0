import { Decoder } from 'cbor-x/index-no-eval'
import { DecodeError } from './decode-error.ts'
import { isCborInteger, narrow } from './integer.ts'
import { array, byteString, simple, simpleFalse, tag, textString } from './major.ts'
import type { DecodeOptions } from './options.ts'
import { decode, skip } from './read.ts'
import { writeBoolean, writeBytes, writeNull, writeNumber } from './values.ts'
import { begin, beginMap, endMap, finishSecret, write, writeHead, writeMember, writeRaw } from './write.ts'

/**
 * A value of any shape: integers as a number where that is safe and as a bigint beyond, byte strings, texts, arrays, maps,
 * true, false, null, undefined, floats.
 */
export type CborValue =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<CborValue, CborValue>

// Every option that could give meaning to a tag is off, and no tag gets past the scan.
const decoder: Decoder = /* @__PURE__ */ new Decoder({ mapsAsObjects: false, useRecords: false })

/**
 * The value of one CBOR data item whose shape the library does not know: an unknown member, a claim, a header. Checked as
 * strictly as a message is; tags and unassigned simple values are refused.
 *
 * @throws DecodeError, and nothing else, for whatever bytes
 *
 * @example
 * ```ts
 * import { AccessTokenRequest, decodeValue } from 'ace-oauth'
 *
 * const request = AccessTokenRequest.fromCbor(Uint8Array.of(0xa1, 0x3a, 0x00, 0x01, 0x11, 0x70, 0x82, 0x01, 0x02))
 * for (const member of request.unknown) if ('cbor' in member) console.log(member.key, decodeValue(member.cbor)) // -70001 [1, 2]
 * ```
 */
export function decodeValue(bytes: Uint8Array, options?: DecodeOptions): CborValue {
  decode(bytes, options, skip)
  const { whole, items } = plain(bytes)
  const value = safe(decoder.decode(whole))
  // Keys that CBOR tells apart and JavaScript does not, such as 1 and 1.0, would drop a member.
  if (count(value) !== items) throw new DecodeError('duplicate_key', '', 'keys that a Map tells apart', 0)
  return value
}

/**
 * The item with each string in one piece, which is all that the decoder behind takes, and how many items it consists of. Its
 * bytes are well-formed.
 */
function plain(bytes: Uint8Array): { whole: Uint8Array; items: number } {
  let items = 0
  begin()
  let at = 0
  while (at < bytes.length) {
    const start = at
    if (bytes[at] !== 0xff) items++
    const major = bytes[at]! >> 5
    const info = bytes[at]! & 31
    if (major === tag || (major === simple && info < simpleFalse) || (major === simple && info === 24))
      throw new DecodeError('unexpected_type', '', 'a value without tags and unassigned simple values', start)
    if (major !== byteString && major !== textString) {
      at += 1 + argumentLength(info)
      writeRaw(bytes.subarray(start, at))
      continue
    }
    const parts: Uint8Array[] = []
    if (info === 31) at++
    do {
      const length = argumentLength(bytes[at]! & 31)
      let size = length === 0 ? bytes[at]! & 31 : 0
      for (let i = at + 1; i <= at + length; i++) size = size * 256 + bytes[i]!
      if (bytes[at] === 0xff) break
      at += 1 + length + size
      parts.push(bytes.subarray(at - size, at))
    } while (info === 31)
    if (info === 31) at++
    writeHead(
      major,
      parts.reduce((sum, part) => sum + part.length, 0),
    )
    for (const part of parts) writeRaw(part)
  }
  return { whole: finishSecret(), items }
}

/** How many items a value consists of. */
function count(value: CborValue): number {
  if (value instanceof Map)
    return [...value].reduce((sum, [key, member]) => sum + count(key) + count(member), 1)
  return Array.isArray(value) ? value.reduce((sum: number, element) => sum + count(element), 1) : 1
}

function argumentLength(info: number): number {
  return info < 24 || info === 31 ? 0 : 1 << (info - 24)
}

/** The value with numbers that are safe as numbers, and bytes in memory of their own. */
function safe(value: unknown): CborValue {
  if (typeof value === 'bigint') return narrow(value)
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  if (Array.isArray(value)) return value.map(safe)
  if (value instanceof Map) return new Map([...value].map(([key, member]) => [safe(key), safe(member)]))
  return value as CborValue
}

/**
 * A value in deterministic CBOR (RFC 8949 §4.2.1), ready to be an unknown member. A plain object is a map with text keys; a
 * whole number in the safe range is an integer, any other number the shortest float.
 *
 * @throws TypeError for what CBOR has not, or a text with a lone surrogate
 * @throws RangeError for an integer beyond -2^64 to 2^64-1, and for nesting beyond what a call stack holds
 *
 * @example
 * ```ts
 * import { encodeValue } from 'ace-oauth'
 *
 * encodeValue(new Map([[1, 'a']])) // a1 01 61 61
 * ```
 */
export function encodeValue(value: CborValue | Readonly<Record<string, CborValue>>): Uint8Array {
  begin()
  writeValue(value)
  return finishSecret()
}

function writeValue(value: unknown): void {
  if (value === null) writeNull()
  else if (value === undefined) writeHead(simple, simpleFalse + 3)
  else if (typeof value === 'boolean') writeBoolean(value)
  else if (typeof value === 'number') writeNumber(value)
  else if (typeof value === 'bigint') {
    if (!isCborInteger(value)) throw new RangeError(`${value} is no integer from -2^64 to 2^64-1`)
    write(value)
  } else if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('a text with a lone surrogate')
    write(value)
  } else if (value instanceof Uint8Array) writeBytes(value)
  else if (Array.isArray(value)) {
    writeHead(array, value.length)
    for (const element of value) writeValue(element)
  } else if (value instanceof Map) writeAnyMap([...value])
  else if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    writeAnyMap(Object.entries(value))
  else throw new TypeError(`a ${typeof value} has no CBOR form`)
}

function writeAnyMap(entries: readonly (readonly [unknown, unknown])[]): void {
  const seen = new Set<unknown>()
  const map = beginMap()
  let last = -1
  let inOrder = true
  for (const [given, value] of entries) {
    const key = typeof given === 'string' ? given : isCborInteger(given) ? narrow(given) : undefined
    if (key === undefined || (typeof key === 'string' && !key.isWellFormed()))
      throw new TypeError('a map key that is no integer, and no text without a lone surrogate')
    if (seen.has(key)) throw new TypeError(`the map key ${key} twice`)
    seen.add(key)
    // Unsigned integers that ascend, as most keys are.
    inOrder &&= typeof key === 'number' && key > last
    if (typeof key === 'number') last = key
    writeMember(key)
    writeValue(value)
  }
  endMap(map, inOrder)
}

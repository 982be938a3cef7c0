import { Decoder } from 'cbor-x/index-no-eval'
import { writeBytes } from './byte-string.ts'
import { DecodeError } from './decode-error.ts'
import { isCborInteger, narrow } from './integer.ts'
import { array, byteString, simple, simpleFalse, simpleUndefined, tag, textString } from './major.ts'
import type { DecodeOptions } from './options.ts'
import { isBytes, plainBytes } from './plain-bytes.ts'
import { decode, skip } from './reader.ts'
import { writeBoolean, writeNull, writeNumber } from './simple-value.ts'
import { encode, type Writer, write } from './writer.ts'

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
  const input = plainBytes(bytes)
  decode(input, options, skip)
  let items = 0
  const whole = encode((writer) => {
    items = writeWhole(input, writer)
  })
  const value = safe(decoder.decode(whole))
  // Keys that CBOR tells apart and JavaScript does not, such as 1 and 1.0, would drop a member.
  if (count(value) !== items) throw new DecodeError('duplicate_key', '', 'keys that a Map tells apart', 0)
  return value
}

/**
 * Writes an item, which is well-formed, with each string in one piece, since the decoder behind takes no others. Gives how many
 * items it consists of.
 */
function writeWhole(bytes: Uint8Array, writer: Writer): number {
  let items = 0
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
      writer.raw(bytes.subarray(start, at))
      continue
    }
    const chunks: number[] = []
    let total = 0
    if (info === 31) at++
    do {
      if (bytes[at] === 0xff) break
      const length = argumentLength(bytes[at]! & 31)
      let size = length === 0 ? bytes[at]! & 31 : 0
      for (let i = at + 1; i <= at + length; i++) size = size * 256 + bytes[i]!
      at += 1 + length + size
      total += size
      if (size > 0) chunks.push(at - size, at)
    } while (info === 31)
    if (info === 31) at++
    writer.head(major, total)
    for (let i = 0; i < chunks.length; i += 2) writer.raw(bytes.subarray(chunks[i], chunks[i + 1]))
  }
  return items
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
 * @throws TypeError for what CBOR has not, for a text with a lone surrogate, and for a map with one key twice
 * @throws RangeError for an integer beyond -2^64 to 2^64-1, and for nesting beyond what a call stack holds
 *
 * @example
 * ```ts
 * import { encodeValue } from 'ace-oauth'
 *
 * encodeValue(new Map([[1, 'a']])) // a1 01 61 61
 * ```
 */
export function encodeValue(value: CborValue | Readonly<Record<string, CborValue>>): Uint8Array<ArrayBuffer> {
  return encode((writer) => writeValue(writer, value))
}

function writeValue(writer: Writer, value: unknown): void {
  if (value === null) writeNull(writer)
  else if (value === undefined) writer.head(simple, simpleUndefined)
  else if (typeof value === 'boolean') writeBoolean(writer, value)
  else if (typeof value === 'number') writeNumber(writer, value)
  else if (typeof value === 'bigint') {
    if (!isCborInteger(value)) throw new RangeError(`${value} is no integer from -2^64 to 2^64-1`)
    write(writer, value)
  } else if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('a text with a lone surrogate')
    write(writer, value)
  } else if (isBytes(value)) writeBytes(writer, plainBytes(value))
  else if (Array.isArray(value)) {
    // The elements by their indices: what an iterator gives may be more or fewer than the head tells.
    const { length } = value
    writer.head(array, length)
    for (let i = 0; i < length; i++) writeValue(writer, value[i])
  } else if (value instanceof Map) writeMap(writer, [...value])
  else if (isPlainObject(value)) writeMap(writer, Object.entries(value))
  else throw new TypeError(`a ${typeof value} has no CBOR form`)
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

function writeMap(writer: Writer, entries: readonly (readonly [unknown, unknown])[]): void {
  const seen = new Set<string>()
  const map = writer.beginMap()
  for (const [key, value] of entries) {
    const encoded = encode((keyWriter) => writeValue(keyWriter, key))
    const identity = encoded.join()
    if (seen.has(identity))
      throw new TypeError(`the map key ${typeof key === 'object' ? identity : String(key)} twice`)
    seen.add(identity)
    writer.member(encoded)
    writeValue(writer, value)
  }
  writer.endMap(map, false)
}

import { join } from '../cbor/decode-error.ts'
import { isCborInteger, narrow } from '../cbor/integer.ts'
import { array } from '../cbor/major.ts'
import type { DecodeOptions } from '../cbor/options.ts'
import { decode, readText } from '../cbor/reader.ts'
import { encode, write } from '../cbor/writer.ts'
import { EncodeError } from '../table/encode-error.ts'
import { integerFromJson, integerToJson } from '../table/integer-json.ts'
import { isText, type Json, refuse, textFromJson } from '../table/json.ts'
import { jsonFromInput } from '../table/json-input.ts'
import { unsigned } from '../table/types/number.ts'

/** The CoAP methods of RFC 9237 §3 in the order of their bits: the method's number less one. */
export const restMethods = ['GET', 'POST', 'PUT', 'DELETE', 'FETCH', 'PATCH', 'iPATCH'] as const

/** A method, or one on a resource that was created by way of the listed one (RFC 9237 §2.3). */
export type RestMethod = (typeof restMethods)[number] | `Dynamic-${(typeof restMethods)[number]}`

/** One permission: the local part of a URI, and the methods allowed on it as a set of bits. */
export type AifEntry = readonly [path: string, methods: number | bigint]

/**
 * An authorization in the Authorization Information Format with its default types (RFC 9237): what is not listed is
 * denied, and an empty list grants nothing.
 */
export type Aif = readonly AifEntry[]

/** How far dynamic methods are from their bits (RFC 9237 §3): beyond what the bitwise operators of JavaScript reach. */
const dynamicShift = 32n

/**
 * The set of some methods, as an AIF entry has it: a number to 2^53-1, a bigint beyond.
 *
 * @throws RangeError for a name that is no method
 *
 * @example
 * ```ts
 * import { methodSet } from 'ace-oauth'
 *
 * methodSet(['GET', 'PUT']) // 5
 * methodSet(['POST', 'Dynamic-GET', 'Dynamic-DELETE']) // 38654705666
 * ```
 */
export function methodSet(methods: readonly RestMethod[]): number | bigint {
  let set = 0n
  for (const method of methods) {
    const name = method.replace(/^Dynamic-/, '')
    const bit = (restMethods as readonly string[]).indexOf(name)
    if (bit < 0) throw new RangeError(`${method} is no method of RFC 9237`)
    set |= 1n << (BigInt(bit) + (name === method ? 0n : dynamicShift))
  }
  return narrow(set)
}

/**
 * The methods of a set. Bits that stand for no method are left out; see {@link hasUnknownMethods}.
 *
 * @example
 * ```ts
 * import { methodsOf } from 'ace-oauth'
 *
 * methodsOf(5) // ['GET', 'PUT']
 * ```
 */
export function methodsOf(set: number | bigint): RestMethod[] {
  const bits = BigInt(set)
  const has = (bit: number, shift: bigint): boolean => ((bits >> (BigInt(bit) + shift)) & 1n) === 1n
  return [
    ...restMethods.filter((_, bit) => has(bit, 0n)),
    ...restMethods.filter((_, bit) => has(bit, dynamicShift)).map((name) => `Dynamic-${name}` as const),
  ]
}

/** Whether a set has bits that stand for no method, on which a resource server must not act (RFC 9237 §6). */
export function hasUnknownMethods(set: number | bigint): boolean {
  return BigInt(methodSet(methodsOf(set))) !== BigInt(set)
}

/**
 * An authorization in CBOR (Content-Format 290), with entries of the same path merged by union. As an ACE scope it goes
 * inside a byte string.
 *
 * @throws EncodeError for an entry that is no pair of a text and an unsigned integer
 *
 * @example
 * ```ts
 * import { encodeAif, methodSet } from 'ace-oauth'
 *
 * encodeAif([['/s/temp', methodSet(['GET'])]]) // 81 82 67 2f732f74656d70 01
 * ```
 */
export function encodeAif(aif: Aif): Uint8Array<ArrayBuffer> {
  return encodeAifAt(aif, '')
}

/** The same for the member of a message at a path. */
export function encodeAifAt(aif: Aif, at: string): Uint8Array<ArrayBuffer> {
  const sets = merged(aif, at)
  return encode((writer) => {
    writer.head(array, sets.length)
    for (const [path, methods] of sets) {
      writer.head(array, 2)
      write(writer, path)
      write(writer, methods)
    }
  })
}

/** The entries with those of the same path merged by union (RFC 9237 §3), in the order in which the paths came first. */
export function mergeAif(aif: Aif): Aif {
  return merged(aif, '')
}

function merged(aif: Aif, at: string): Aif {
  const sets = new Map<string, number | bigint>()
  for (const [i, entry] of Array.from(aif).entries()) {
    const [path, methods, ...rest] = Array.isArray(entry) ? entry : []
    if (!isText(path) || !isCborInteger(methods) || methods < 0 || rest.length > 0)
      throw new EncodeError('unexpected_type', join(at, `${i}`), 'a path and a set of methods')
    sets.set(path, narrow(BigInt(sets.get(path) ?? 0) | BigInt(methods)))
  }
  return Object.freeze([...sets].map((entry) => Object.freeze(entry)))
}

/**
 * Reads an authorization from its CBOR.
 *
 * @throws DecodeError, and nothing else, for whatever bytes
 */
export function decodeAif(bytes: Uint8Array, options?: DecodeOptions): Aif {
  const aif: AifEntry[] = []
  decode(bytes, options, (reader) => {
    reader.headOf(array, 'an array of entries')
    reader.each(() => {
      reader.headOf(array, 'a path and a set of methods')
      const parts: (string | number | bigint)[] = []
      reader.each(() => {
        if (parts.length === 0) parts.push(readText(reader))
        else if (parts.length === 1) parts.push(unsigned.decode(reader))
        else reader.fail('invalid_value', 'a path and a set of methods')
      })
      const [path, methods] = parts as [string, number | bigint | undefined]
      if (methods === undefined) return reader.fail('invalid_value', 'a path and a set of methods')
      aif.push(Object.freeze([path, methods] as const))
    })
  })
  return Object.freeze(aif)
}

/** An authorization in JSON (application/aif+json): sets beyond 2^53-1 as decimal strings. */
export function aifToJson(aif: Aif): Json {
  return aif.map(([path, methods]) => [path, integerToJson(methods)])
}

/**
 * Reads an authorization from JSON.
 *
 * @throws DecodeError, and nothing else, for whatever value
 */
export function aifFromJson(json: unknown, options?: DecodeOptions): Aif {
  const entries = jsonFromInput(json, options)
  if (!Array.isArray(entries)) refuse('unexpected_type', '', 'an array of entries')
  const aif = entries.map((entry: unknown, i): AifEntry => {
    if (!Array.isArray(entry) || entry.length !== 2)
      refuse('unexpected_type', `${i}`, 'a path and a set of methods')
    const methods = integerFromJson(entry[1])
    if (methods === undefined || methods < 0) refuse('unexpected_type', `${i}.1`, 'an unsigned integer')
    return Object.freeze([textFromJson(entry[0], `${i}.0`), methods] as const)
  })
  return Object.freeze(aif)
}

import { halfFloat } from '../../cbor/float.ts'
import { narrow } from '../../cbor/integer.ts'
import {
  array,
  byteString,
  map,
  negativeInteger,
  simpleFalse,
  simpleNull,
  simpleTrue,
  tag,
  textString,
  unsignedInteger,
} from '../../cbor/major.ts'
import { toBase64url } from '../../table/base64url.ts'
import { integerToJson } from '../../table/integer-json.ts'
import type { Json } from '../../table/json.ts'
import { type Item, stringBytes } from './item.ts'

/** The integer that an item is; undefined for any other item. */
export function integerOf({ major, argument }: Item): number | bigint | undefined {
  if (major > negativeInteger) return undefined
  return narrow(major === unsignedInteger ? argument : -1n - argument)
}

/** The text that an item is; undefined for any other item. */
export function textOf(bytes: Uint8Array, item: Item): string | undefined {
  if (item.major !== textString) return undefined
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(stringBytes(bytes, item))
}

/** The floating-point number that an item is; undefined for any other item. */
export function floatOf(
  bytes: Uint8Array,
  { start, content, major, info, argument }: Item,
): number | undefined {
  if (major <= tag || info < 25) return undefined
  if (info === 25) return halfFloat(Number(argument))
  const view = new DataView(bytes.buffer, bytes.byteOffset + start + 1)
  return content - start === 5 ? view.getFloat32(0) : view.getFloat64(0)
}

/**
 * The JSON twin of an item of any kind: byte strings in base64url, integers beyond 2^53-1 as decimal strings, map keys as
 * strings, a tag as `{ tag, value }`, a simple value without a name as `{ simple }`, and the numbers that JSON has not
 * by name.
 */
export function itemToJson(bytes: Uint8Array, item: Item): Json {
  const { major, items } = item
  switch (major) {
    case byteString:
      return toBase64url(stringBytes(bytes, item))
    case textString:
      return textOf(bytes, item)!
    case array:
      return items.map((element) => itemToJson(bytes, element))
    case map:
      return Object.fromEntries(
        pairs(item).map(([key, value]) => [keyText(bytes, key), itemToJson(bytes, value)]),
      )
    case tag:
      return { tag: integerToJson(narrow(item.argument)), value: itemToJson(bytes, items[0]!) }
  }
  const integer = integerOf(item)
  return integer === undefined ? simpleToJson(bytes, item) : integerToJson(integer)
}

/** The keys of a map with their values. */
export function pairs({ items }: Item): [key: Item, value: Item][] {
  return items.flatMap((key, i) => (i % 2 === 0 ? [[key, items[i + 1]!] as [Item, Item]] : []))
}

function simpleToJson(bytes: Uint8Array, item: Item): Json {
  const float = floatOf(bytes, item)
  if (float !== undefined) return Number.isFinite(float) ? float : String(float)
  const value = Number(item.argument)
  if (value === simpleNull) return null
  return value === simpleFalse || value === simpleTrue ? value === simpleTrue : { simple: value }
}

function keyText(bytes: Uint8Array, key: Item): string {
  const integer = integerOf(key)
  if (integer !== undefined) return `${integer}`
  return textOf(bytes, key) ?? JSON.stringify(itemToJson(bytes, key))
}

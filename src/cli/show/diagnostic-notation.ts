import { floatLength } from '../../cbor/float.ts'
import {
  array,
  byteString,
  map,
  simpleFalse,
  simpleNull,
  simpleTrue,
  tag,
  textString,
} from '../../cbor/major.ts'
import { hex } from '../../table/hex.ts'
import { type Item, isIndefinite } from './item.ts'
import { floatOf, integerOf, pairs, textOf } from './item-value.ts'
import { printable } from './text.ts'

/**
 * A data item in diagnostic notation (RFC 8949 section 8), on one line: integers, `h'..'`, `"text"`, `[..]`, `{..}`, `tag(..)`, with
 * `_` where a length is indefinite and `_1` to `_3` behind an encoding longer than it needs to be, so that the notation stands for
 * these very bytes.
 */
export function diagnosticNotation(bytes: Uint8Array, item: Item): string {
  const { major, items } = item
  const tell = (one: Item): string => diagnosticNotation(bytes, one)
  const begin = isIndefinite(item) ? '_ ' : ''
  switch (major) {
    case byteString:
    case textString:
      if (begin)
        return items.length > 0 ? `(_ ${items.map(tell).join(', ')})` : major === byteString ? "''_" : '""_'
      return major === byteString
        ? `h'${hex(bytes.subarray(item.content, item.end))}'${width(item)}`
        : `${textLiteral(textOf(bytes, item)!)}${width(item)}`
    case array:
      return `[${begin}${begin ? '' : spaced(width(item))}${items.map(tell).join(', ')}]`
    case map:
      return `{${begin}${begin ? '' : spaced(width(item))}${pairs(item)
        .map(([key, value]) => `${tell(key)}: ${tell(value)}`)
        .join(', ')}}`
    case tag:
      return `${item.argument}${width(item)}(${tell(items[0]!)})`
  }
  const integer = integerOf(item)
  return integer === undefined ? simpleText(bytes, item) : `${integer}${width(item)}`
}

function spaced(text: string): string {
  return text && `${text} `
}

/** The indicator of an encoding that is longer than the argument needs (RFC 8949 section 8.1); empty otherwise. */
function width({ info, argument }: Item): string {
  if (info < 24 || info > 27) return ''
  const needs =
    argument < 24n
      ? -1
      : argument < 0x100n
        ? 24
        : argument < 0x1_0000n
          ? 25
          : argument < 0x1_0000_0000n
            ? 26
            : 27
  return info === needs ? '' : `_${info - 24}`
}

function textLiteral(text: string): string {
  return printable(JSON.stringify(text))
}

function simpleText(bytes: Uint8Array, item: Item): string {
  const float = floatOf(bytes, item)
  if (float !== undefined) {
    const isShortest = item.end - item.start - 1 === floatLength(float)
    return `${floatText(float)}${isShortest ? '' : `_${item.info - 24}`}`
  }
  const value = Number(item.argument)
  if (value === simpleFalse || value === simpleTrue) return `${value === simpleTrue}`
  if (value === simpleNull) return 'null'
  return value === 23 ? 'undefined' : `simple(${value})`
}

/** A float as JavaScript tells it, with a point, so that it is no integer. */
function floatText(float: number): string {
  if (!Number.isFinite(float)) return String(float)
  const text = Object.is(float, -0) ? '-0.0' : String(float)
  return /[.e]/.test(text) ? (text.includes('.') ? text : text.replace('e', '.0e')) : `${text}.0`
}

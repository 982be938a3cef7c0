import { DecodeError } from '../../cbor/decode-error.ts'
import { array, byteString, map, tag, textString } from '../../cbor/major.ts'
import type { DecodeOptions } from '../../cbor/options.ts'
import { decode, skip } from '../../cbor/reader.ts'

/** A CBOR data item by its place in the input. */
export interface Item {
  /** Where its head stands. */
  readonly start: number
  /** Where its content stands: behind the head. */
  readonly content: number
  /** Where what follows it stands. */
  readonly end: number
  /** Its major type. */
  readonly major: number
  /** The additional information of its head. */
  readonly info: number
  /** The argument of its head: a value, a length, a tag, the bits of a float; 0 where the length is indefinite. */
  readonly argument: bigint
  /** Its chunks, elements, keys and values in turn, or what is tagged. */
  readonly items: readonly Item[]
}

/** Whether its length is indefinite: a break ends it. */
export function isIndefinite({ info }: Item): boolean {
  return info === 31
}

/**
 * The data item that bytes hold, of whatever kind.
 *
 * @throws DecodeError, and nothing else, for whatever bytes
 */
export function parseItem(bytes: Uint8Array, options?: DecodeOptions): Item {
  decode(bytes, options, skip)
  return itemOf(bytes)
}

/** The data item that bytes hold, which are known to be one, within whatever limits. */
export function itemOf(bytes: Uint8Array): Item {
  return itemAt(bytes, 0)
}

/**
 * The data item inside a byte string of definite length, by its place in the outer bytes; undefined where the string holds anything
 * else than one well-formed item.
 */
export function nestedItem(bytes: Uint8Array, { major, info, content, end }: Item): Item | undefined {
  if (major !== byteString || info === 31 || content === end) return undefined
  try {
    parseItem(bytes.subarray(content, end))
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
  return itemAt(bytes, content)
}

/** The bytes of a byte or text string, over all its chunks. */
export function stringBytes(bytes: Uint8Array, item: Item): Uint8Array {
  if (!isIndefinite(item)) return bytes.subarray(item.content, item.end)
  return Buffer.concat(item.items.map((chunk) => stringBytes(bytes, chunk)))
}

function itemAt(bytes: Uint8Array, start: number): Item {
  const major = bytes[start]! >> 5
  const info = bytes[start]! & 31
  const length = info < 24 || info === 31 ? 0 : 1 << (info - 24)
  const content = start + 1 + length
  let argument = BigInt(info < 24 ? info : 0)
  for (const byte of bytes.subarray(start + 1, content)) argument = argument * 256n + BigInt(byte)
  const items: Item[] = []
  let end = content
  const add = (): void => {
    const item = itemAt(bytes, end)
    items.push(item)
    end = item.end
  }
  if (info === 31) {
    while (bytes[end] !== 0xff) add()
    end++
  } else if (major === byteString || major === textString) end += Number(argument)
  else {
    const count =
      major === array ? Number(argument) : major === map ? 2 * Number(argument) : Number(major === tag)
    while (items.length < count) add()
  }
  return { start, content, end, major, info, argument, items }
}

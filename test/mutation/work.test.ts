import { describe, expect, it, vi } from 'vitest'
import {
  AccessTokenRequest,
  AccessTokenResponse,
  decodeAif,
  decodeCoseKey,
  decodeValue,
  ErrorResponse,
  problemDetailsWith,
} from '../../src/index.ts'
import { concat, fromHex, head } from '../cbor/bytes.ts'

/** What readers do is counted where they do it; a part of the library takes hold of these functions when it is loaded. */
const count = vi.hoisted(() => {
  const counted = { work: 0, targets: new WeakMap<object, Uint8Array>() }
  for (const name of ['latin1Slice', 'utf8Slice'] as const) {
    const native = Buffer.prototype[name]
    Buffer.prototype[name] = function (this: Buffer, start = 0, end = this.length) {
      counted.work += end - start
      return native.call((counted.targets.get(this) ?? this) as Buffer, start, end)
    }
  }
  const { set } = Uint8Array.prototype
  Uint8Array.prototype.set = function (source, offset) {
    counted.work += (source as Uint8Array).length
    set.call(this, source, offset)
  }
  const { decode } = TextDecoder.prototype
  TextDecoder.prototype.decode = function (input, options) {
    counted.work += (input as Uint8Array | undefined)?.byteLength ?? 0
    return decode.call(this, input, options)
  }
  return counted
})

/**
 * How much a reader works on an input: the bytes that it looks at one by one, and those that it takes in one piece, to
 * copy, compare or decode them.
 */
function workOf(bytes: Uint8Array, read: (bytes: Uint8Array) => unknown): number {
  const watched = new Proxy(bytes, {
    get(target, name) {
      if (typeof name === 'string' && /^\d+$/.test(name)) count.work++
      if (name === 'subarray' || name === 'slice')
        return (start = 0, end = target.length) => {
          count.work += Math.max(0, end - start)
          return target[name](start, end)
        }
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  count.targets.set(watched, bytes)
  count.work = 0
  try {
    read(watched)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'DecodeError') throw error
  }
  return count.work
}

const ProblemDetails = problemDetailsWith(2)
const wide = { maxMembers: 1e6, maxStringBytes: 1e6 }
const readers: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  ErrorResponse: (bytes) => ErrorResponse.fromCbor(bytes, wide),
  AccessTokenRequest: (bytes) => AccessTokenRequest.fromCbor(bytes, wide),
  AccessTokenResponse: (bytes) => AccessTokenResponse.fromCbor(bytes, wide),
  ProblemDetails: (bytes) => ProblemDetails.fromCbor(bytes, wide),
  decodeValue: (bytes) => decodeValue(bytes, wide),
  decodeCoseKey,
  decodeAif: (bytes) => decodeAif(bytes, wide),
}

const times = (part: string, size: number): Uint8Array =>
  fromHex(part.replaceAll(' ', '').repeat(Math.floor(size / (part.replaceAll(' ', '').length / 2))))
/** Maps whose keys are all different, of a number of bytes altogether. */
const manyKeys = (size: number, value: string): Uint8Array => {
  const count = Math.floor(size / (5 + value.length / 2))
  const members = Array.from(
    { length: count },
    (_, i) => `1a${(0x10000 + i).toString(16).padStart(8, '0')}${value}`,
  )
  return concat(head(5, count), fromHex(members.join('')))
}
const textKeys = (size: number, prefix: number): Uint8Array => {
  const count = Math.max(2, Math.floor(size / (prefix + 12)))
  const keys = Array.from({ length: count }, (_, i) =>
    concat(
      head(3, prefix + 8),
      new Uint8Array(prefix).fill(97),
      Buffer.from(String(i).padStart(8, '0')),
      '00',
    ),
  )
  return concat(head(5, count), ...keys)
}

/** Inputs of a size of about so many bytes that could make a reader work. */
const inputs: Readonly<Record<string, (size: number) => Uint8Array>> = {
  'one long text': (size) => concat('a1181f', head(3, size - 9), new Uint8Array(size - 9).fill(97)),
  'one long text that ends in no UTF-8': (size) =>
    concat('a1181f', head(3, size - 9), new Uint8Array(size - 10).fill(97), 'ff'),
  'one long text of two-byte characters': (size) =>
    concat('a1181f', head(3, (size - 10) & ~1), times('c3a9', size - 10)),
  'empty chunks': (size) => concat('a1181f7f', times('60', size - 5), 'ff'),
  'chunks of one byte': (size) => concat('a1187f5f', times('4101', size - 5), 'ff'),
  'chunks without an end': (size) => concat('a1181f7f', times('6161', size - 4)),
  'many different keys': (size) => manyKeys(size, '00'),
  'many different keys with texts': (size) => manyKeys(size, '6161'),
  'long text keys that begin alike': (size) => textKeys(size, 200),
  'short text keys': (size) => textKeys(size, 0),
  'a key twice, at the end': (size) =>
    concat(
      manyKeys(size - 6, '00')
        .fill(0xbf, 0, 1)
        .subarray(0, 1),
      manyKeys(size - 6, '00').subarray(3),
      '1a0001000000ff',
    ),
  'nested arrays': (size) => times('81', size),
  'nested maps': (size) => times('a101', size),
  'maps in 14 levels, over and over': (size) => concat('9f', times(`${'a100'.repeat(13)}00`, size - 2), 'ff'),
  'maps for keys, in 14 levels, over and over': (size) =>
    concat('9f', times(`${'a1'.repeat(13)}00${'00'.repeat(13)}`, size - 2), 'ff'),
  'byte strings for keys': (size) =>
    concat(
      'a101bf',
      ...Array.from({ length: Math.floor(size / 6) }, (_, i) =>
        concat('44', fromHex(i.toString(16).padStart(8, '0')), '00'),
      ),
      'ff',
    ),
  'one long byte string for a key of a key': (size) =>
    concat('a101', times('a1', 12), head(2, size - 40), new Uint8Array(size - 40), times('00', 12)),
  tags: (size) => concat('a101', times('c1', size - 2)),
  floats: (size) => concat('a1019f', times('fb3ff199999999999a', size - 4), 'ff'),
  'simple values': (size) => concat('a1019f', times('f6', size - 4), 'ff'),
  'AIF entries': (size) => concat('9f', times('82616101', size - 2), 'ff'),
  'COSE keys with parameters in any order': (size) =>
    concat(manyKeys(size, '20').fill(0xbf, 0, 1).subarray(0, 1), manyKeys(size, '20').subarray(3), '0102ff'),
}

describe('an input of twice the size takes about twice the work, never more than some 40 looks at a byte', () => {
  for (const [what, make] of Object.entries(inputs))
    it(what, () => {
      for (const [name, read] of Object.entries(readers)) {
        const small = workOf(make(16_000), read)
        const large = workOf(make(64_000), read)
        expect(large, name).toBeLessThan(64_000 * 40)
        // Four times the size; one more for what is the same for every input.
        expect(large, name).toBeLessThanOrEqual(small * 5 + 1_000)
      }
    })

  it('the count is one that sees work: a reader that goes over its input twice as often counts twice', () => {
    const bytes = new Uint8Array(1_000)
    const look = (input: Uint8Array): number => {
      let sum = 0
      for (let i = 0; i < input.length; i++) sum += input[i]!
      return sum
    }
    expect(workOf(bytes, look)).toBe(1_000)
    expect(workOf(bytes, (input) => look(input) + look(input))).toBe(2_000)
    expect(workOf(bytes, (input) => input.subarray(10, 20))).toBe(10)
    expect(workOf(bytes, (input) => new Uint8Array(2_000).set(input.subarray(500)))).toBe(1_000)
  })
})

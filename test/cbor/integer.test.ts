import { decode as cbor2, encode as cbor2Encode } from 'cbor2'
import { decode as cborg, encode as cborgEncode } from 'cborg'
import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue } from '../../src/cbor/any-value.ts'
import { isCborInteger, narrow } from '../../src/cbor/integer.ts'
import { decode, readInteger } from '../../src/cbor/reader.ts'
import { fromHex, refusal, toHex } from './bytes.ts'

const smallestInteger = -(2n ** 64n)
const largestInteger = 2n ** 64n - 1n

/** Each boundary of a head's length and of safe numbers, with its neighbours, over the whole range. */
const around = [
  0n,
  23n,
  24n,
  255n,
  256n,
  65_535n,
  65_536n,
  2n ** 31n,
  2n ** 32n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
]
const integers = [
  ...new Set(
    around
      .flatMap((n) => [n - 2n, n - 1n, n, n + 1n, n + 2n])
      .flatMap((n) => [n, -n, -1n - n])
      .filter((n) => n >= smallestInteger && n <= largestInteger),
  ),
]

describe('integers from -2^64 to 2^64-1 (RFC 8949 §3.1)', () => {
  for (const value of integers)
    it(`${value} is written as cbor2 and cborg write it, and read as they read it`, () => {
      const given = narrow(value)
      expect(typeof given).toBe(Number.isSafeInteger(Number(value)) ? 'number' : 'bigint')
      const bytes = encodeValue(given)
      expect(toHex(bytes)).toBe(toHex(cborgEncode(given)))
      expect(toHex(bytes)).toBe(toHex(cbor2Encode(given, { collapseBigInts: true })))
      expect(toHex(encodeValue(value))).toBe(toHex(bytes))
      expect(decodeValue(bytes)).toBe(given)
      expect(decode(bytes, { deterministic: true }, readInteger)).toBe(given)
      expect(BigInt(cborg(bytes) as number)).toBe(value)
      expect(BigInt(cbor2(bytes) as number)).toBe(value)
    })

  it('are read from heads of every length', () => {
    for (const [hex, value] of [
      ['1800', 0],
      ['190017', 23],
      ['1a00000017', 23],
      ['1b0000000000000017', 23],
      ['3800', -1],
      ['3b0000000000000000', -1],
      ['1b00000000ffffffff', 4_294_967_295],
    ] as const) {
      expect(decode(fromHex(hex), undefined, readInteger)).toBe(value)
      expect(decodeValue(fromHex(hex))).toBe(value)
      expect(refusal(() => decodeValue(fromHex(hex), { deterministic: true }))).toMatchObject({
        reason: 'not_deterministic',
        offset: 0,
      })
    }
  })

  it('are no floats, bignums, texts or simple values (R9200-5.8.3-4)', () => {
    for (const hex of [
      'f93c00',
      'fb3ff0000000000000',
      'c24101',
      'c34101',
      '6131',
      '4101',
      'f4',
      'f6',
      '8101',
    ])
      expect(refusal(() => decode(fromHex(hex), undefined, readInteger))).toMatchObject({
        reason: 'unexpected_type',
        offset: 0,
      })
  })
})

describe('isCborInteger', () => {
  it('takes whole numbers where they are safe, and bigints in the range', () => {
    for (const value of [
      0,
      -0,
      -1,
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
      0n,
      smallestInteger,
      largestInteger,
    ])
      expect(isCborInteger(value)).toBe(true)
    for (const value of [
      0.5,
      Number.NaN,
      1 / 0,
      2 ** 53,
      -(2 ** 53),
      largestInteger + 1n,
      smallestInteger - 1n,
      '1',
      null,
      undefined,
      [],
    ])
      expect(isCborInteger(value)).toBe(false)
  })
})

describe('narrow', () => {
  it('gives a number where that is safe, and zero without a sign', () => {
    expect(narrow(5n)).toBe(5)
    expect(narrow(-0)).toBe(0)
    expect(narrow(2n ** 53n - 1n)).toBe(Number.MAX_SAFE_INTEGER)
    expect(narrow(2n ** 53n)).toBe(2n ** 53n)
    expect(narrow(1n - 2n ** 53n)).toBe(Number.MIN_SAFE_INTEGER)
    expect(narrow(-(2n ** 53n))).toBe(-(2n ** 53n))
  })
})

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeValue } from '../../src/cbor/any-value.ts'
import { decode, skip } from '../../src/cbor/reader.ts'
import { fromHex, refusal } from './bytes.ts'

/** Each row of RFC 8949 Appendix A whose value the library tells. */
const values: readonly (readonly [hex: string, value: unknown])[] = [
  ['00', 0],
  ['01', 1],
  ['0a', 10],
  ['17', 23],
  ['1818', 24],
  ['1819', 25],
  ['1864', 100],
  ['1903e8', 1000],
  ['1a000f4240', 1_000_000],
  ['1b000000e8d4a51000', 1_000_000_000_000],
  ['1bffffffffffffffff', 18446744073709551615n],
  ['3bffffffffffffffff', -18446744073709551616n],
  ['20', -1],
  ['29', -10],
  ['3863', -100],
  ['3903e7', -1000],
  ['f90000', 0],
  ['f98000', -0],
  ['f93c00', 1],
  ['fb3ff199999999999a', 1.1],
  ['f93e00', 1.5],
  ['f97bff', 65_504],
  ['fa47c35000', 100_000],
  ['fa7f7fffff', 3.4028234663852886e38],
  ['fb7e37e43c8800759c', 1e300],
  ['f90001', 2 ** -24],
  ['f90400', 0.00006103515625],
  ['f9c400', -4],
  ['fbc010666666666666', -4.1],
  ['f97c00', Number.POSITIVE_INFINITY],
  ['f97e00', Number.NaN],
  ['f9fc00', Number.NEGATIVE_INFINITY],
  ['fa7f800000', Number.POSITIVE_INFINITY],
  ['fa7fc00000', Number.NaN],
  ['faff800000', Number.NEGATIVE_INFINITY],
  ['fb7ff0000000000000', Number.POSITIVE_INFINITY],
  ['fb7ff8000000000000', Number.NaN],
  ['fbfff0000000000000', Number.NEGATIVE_INFINITY],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['f7', undefined],
  ['40', new Uint8Array(0)],
  ['4401020304', Uint8Array.of(1, 2, 3, 4)],
  ['60', ''],
  ['6161', 'a'],
  ['6449455446', 'IETF'],
  ['62225c', '"\\'],
  ['62c3bc', '\u00fc'],
  ['63e6b0b4', '\u6c34'],
  ['64f0908591', '\ud800\udd51'],
  ['80', []],
  ['83010203', [1, 2, 3]],
  ['8301820203820405', [1, [2, 3], [4, 5]]],
  ['98190102030405060708090a0b0c0d0e0f101112131415161718181819', Array.from({ length: 25 }, (_, i) => i + 1)],
  ['a0', new Map()],
  [
    'a201020304',
    new Map([
      [1, 2],
      [3, 4],
    ]),
  ],
  [
    'a26161016162820203',
    new Map<string, unknown>([
      ['a', 1],
      ['b', [2, 3]],
    ]),
  ],
  ['826161a161626163', ['a', new Map([['b', 'c']])]],
  [
    'a56161614161626142616361436164614461656145',
    new Map([
      ['a', 'A'],
      ['b', 'B'],
      ['c', 'C'],
      ['d', 'D'],
      ['e', 'E'],
    ]),
  ],
  ['5f42010243030405ff', Uint8Array.of(1, 2, 3, 4, 5)],
  ['7f657374726561646d696e67ff', 'streaming'],
  ['9fff', []],
  ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
  ['9f01820203820405ff', [1, [2, 3], [4, 5]]],
  ['83018202039f0405ff', [1, [2, 3], [4, 5]]],
  ['83019f0203ff820405', [1, [2, 3], [4, 5]]],
  ['9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff', Array.from({ length: 25 }, (_, i) => i + 1)],
  [
    'bf61610161629f0203ffff',
    new Map<string, unknown>([
      ['a', 1],
      ['b', [2, 3]],
    ]),
  ],
  ['826161bf61626163ff', ['a', new Map([['b', 'c']])]],
  [
    'bf6346756ef563416d7421ff',
    new Map<string, unknown>([
      ['Fun', true],
      ['Amt', -2],
    ]),
  ],
]

/** The rows with tags and simple values without a meaning here: well-formed, and no value of the library's. */
const withoutValue = [
  'c249010000000000000000',
  'c349010000000000000000',
  'f0',
  'f8ff',
  'c074323031332d30332d32315432303a30343a30305a',
  'c11a514b67b0',
  'c1fb41d452d9ec200000',
  'd74401020304',
  'd818456449455446',
  'd82076687474703a2f2f7777772e6578616d706c652e636f6d',
]

/** RFC 8949 Appendix F.1: not well-formed, with the reason and the offset that name the fault. */
const malformed: Readonly<Record<string, readonly (readonly [hex: string, offset: number])[]>> = {
  truncated: [
    // End of input in a head.
    ['18', 1],
    ['19', 1],
    ['1a', 1],
    ['1b', 1],
    ['1901', 2],
    ['1a0102', 3],
    ['1b01020304050607', 8],
    ['38', 1],
    ['58', 1],
    ['78', 1],
    ['98', 1],
    ['9a01ff00', 4],
    ['b8', 1],
    ['d8', 1],
    ['f8', 1],
    ['f900', 2],
    ['fa0000', 3],
    ['fb000000', 4],
    // Definite-length strings with short data.
    ['41', 1],
    ['61', 1],
    ['5affffffff00', 6],
    ['5bffffffffffffffff010203', 12],
    ['7affffffff00', 6],
    ['7b7fffffffffffffff010203', 12],
    // Definite-length maps and arrays not closed with enough items.
    ['81', 1],
    ['818181818181818181', 9],
    ['8200', 2],
    ['a1', 1],
    ['a20102', 3],
    ['a100', 2],
    ['a2000000', 4],
    // A tag not followed by an item.
    ['c0', 1],
    // Indefinite-length strings, maps and arrays not closed by a break.
    ['5f4100', 3],
    ['7f6100', 3],
    ['9f', 1],
    ['9f0102', 3],
    ['bf', 1],
    ['819f', 2],
    ['9f8000', 3],
    ['9f9f9f9f9fffffffff', 9],
    ['9f819f819f9fffffff', 9],
  ],
  reserved_head: [
    // Reserved additional information.
    ...['1c', '1d', '1e', '3c', '3d', '3e', '5c', '5d', '5e', '7c', '7d', '7e', '9c', '9d', '9e'].map(at0),
    ...['bc', 'bd', 'be', 'dc', 'dd', 'de', 'fc', 'fd', 'fe'].map(at0),
    // Reserved two-byte encodings of simple values.
    ...['f800', 'f801', 'f818', 'f81f'].map(at0),
    // Indefinite length where there is none.
    ...['1f', '3f', 'df'].map(at0),
  ],
  unexpected_type: [
    // Indefinite-length string chunks not of the correct type, or of indefinite length.
    ...['5f00ff', '5f21ff', '5f6100ff', '5f80ff', '5fa0ff', '5fc000ff', '5fe0ff', '7f4100ff'].map(at1),
    ...['5f5f4100ffff', '7f7f6100ffff'].map(at1),
  ],
  // Bytes left over.
  trailing_bytes: [['0000', 1]],
  unexpected_break: [
    ['ff', 0],
    ['81ff', 1],
    ['8200ff', 2],
    ['9f81ff', 2],
    ['9f829f819f9fffffffff', 9],
    // A break in place of a value.
    ['bf00ff', 2],
  ],
}

/** Rows of Appendix F.1 with two faults: a repeated key, or a length that cannot be there and what stands in its place. */
const twofold = ['bf01020102', 'a1ff', 'a1ff00', 'a100ff', 'a20000ff', 'bf000000ff']

function at0(hex: string): [string, number] {
  return [hex, 0]
}

function at1(hex: string): [string, number] {
  return [hex, 1]
}

describe('RFC 8949 Appendix A', () => {
  for (const [hex, value] of values)
    it(`${hex} is ${value instanceof Uint8Array ? `h'${value}'` : typeof value === 'object' ? 'its value' : String(value)}`, () => {
      expect(decodeValue(fromHex(hex))).toStrictEqual(value)
    })

  for (const hex of withoutValue)
    it(`${hex} is well-formed, and refused where a value is asked for`, () => {
      const bytes = fromHex(hex)
      expect(decode(bytes, undefined, skip)).toBeUndefined()
      expect(refusal(() => decodeValue(bytes))).toMatchObject({ reason: 'unexpected_type', offset: 0 })
    })
})

describe('RFC 8949 Appendix F.1: what is not well-formed', () => {
  for (const [reason, rows] of Object.entries(malformed))
    for (const [hex, offset] of rows)
      it(`${hex} is refused as ${reason} at byte ${offset}`, () => {
        const bytes = fromHex(hex)
        expect(refusal(() => decode(bytes, undefined, skip))).toMatchObject({ reason, offset })
        expect(refusal(() => decodeValue(bytes))).toMatchObject({ reason, offset })
      })

  for (const hex of twofold)
    it(`${hex} is refused for one of its two faults`, () => {
      expect(['truncated', 'unexpected_break', 'duplicate_key']).toContain(
        refusal(() => decodeValue(fromHex(hex))).reason,
      )
    })
})

describe('the tables here', () => {
  it('are those of the RFC: none of its vectors is left out', () => {
    const { vectors } = JSON.parse(readFileSync('vectors/rfc8949.json', 'utf8')) as {
      vectors: { id: string; hex: string }[]
    }
    const here = new Set([
      ...values.map(([hex]) => hex),
      ...withoutValue,
      ...Object.values(malformed).flatMap((rows) => rows.map(([hex]) => hex)),
      ...twofold,
    ])
    expect(vectors.filter(({ hex }) => !here.has(hex)).map(({ id, hex }) => `${id} ${hex}`)).toEqual([])
    expect(vectors.length).toBeGreaterThan(150)
  })
})

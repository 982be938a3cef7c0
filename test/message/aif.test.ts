import { describe, expect, it } from 'vitest'
import {
  type Aif,
  aifFromJson,
  aifToJson,
  decodeAif,
  encodeAif,
  hasUnknownMethods,
  mergeAif,
  methodSet,
  methodsOf,
  restMethods,
} from '../../src/index.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

/** RFC 9237 Figures 3 and 5. */
const example: Aif = [
  ['/s/temp', 1],
  ['/a/led', 5],
  ['/dtls', 2],
]

describe('AIF (RFC 9237)', () => {
  it('Figures 3 and 5 tell the same', () => {
    const hex = '83 82 67 2f732f74656d70 01 82 66 2f612f6c6564 05 82 65 2f64746c73 02'.replaceAll(' ', '')
    expect(toHex(encodeAif(example))).toBe(hex)
    expect(decodeAif(fromHex(hex), { deterministic: true })).toEqual(example)
    expect(aifFromJson(JSON.parse('[["/s/temp",1],["/a/led",5],["/dtls",2]]'))).toEqual(example)
    expect(aifToJson(example)).toEqual(example)
  })

  it('Figure 6: dynamic permissions are above 32 bits', () => {
    const set = methodSet(['GET', 'POST', 'Dynamic-GET', 'Dynamic-PUT', 'Dynamic-DELETE'])
    expect(set).toBe(2 ** 35 + 2 ** 34 + 2 ** 32 + 3)
    expect(methodsOf(set)).toEqual(['GET', 'POST', 'Dynamic-GET', 'Dynamic-PUT', 'Dynamic-DELETE'])
    expect(decodeAif(encodeAif([['/a', set]]))).toEqual([['/a', set]])
  })

  it('§3: each method is its number less one, and 32 more where dynamic', () => {
    for (const [bit, method] of ['GET', 'POST', 'PUT', 'DELETE', 'FETCH', 'PATCH', 'iPATCH'].entries()) {
      expect(restMethods[bit]).toBe(method)
      expect(methodSet([method as 'GET'])).toBe(2 ** bit)
      expect(methodSet([`Dynamic-${method as 'GET'}`])).toBe(2 ** (bit + 32))
      expect(methodsOf(2 ** bit)).toEqual([method])
      expect(methodsOf(2 ** (bit + 32))).toEqual([`Dynamic-${method}`])
    }
    expect(methodSet([])).toBe(0)
    expect(methodSet(['GET', 'GET'])).toBe(1)
    for (const method of ['get', 'Dynamic-', 'Dynamic-Dynamic-GET', '', 'HEAD'])
      expect(() => methodSet([method as 'GET'])).toThrow(RangeError)
  })

  it('§6: bits without a method are told', () => {
    for (const set of [128, 2 ** 31, 2 ** 39, 2n ** 63n, 2 ** 7 + 1])
      expect(hasUnknownMethods(set)).toBe(true)
    for (const set of [0, 127, 127 * 2 ** 32 + 127]) expect(hasUnknownMethods(set)).toBe(false)
    expect(methodsOf(2n ** 64n - 1n)).toHaveLength(14)
  })

  it('§3: entries of one path are merged by union, above 32 bits and 2^53 as well', () => {
    expect(
      mergeAif([
        ['/a', 1],
        ['/b', 1],
        ['/a', 2 ** 32],
      ]),
    ).toEqual([
      ['/a', 2 ** 32 + 1],
      ['/b', 1],
    ])
    expect(
      mergeAif([
        ['/a', 2n ** 63n],
        ['/a', 1],
      ]),
    ).toEqual([['/a', 2n ** 63n + 1n]])
    expect(
      toHex(
        encodeAif([
          ['/a', 1],
          ['/a', 4],
        ]),
      ),
    ).toBe('8182622f6105')
    expect(
      mergeAif([
        ['__proto__', 1],
        ['__proto__', 2],
      ]),
    ).toEqual([['__proto__', 3]])
  })

  it('R9237-3-3: sets beyond 2^53-1 are decimal strings in JSON', () => {
    const aif: Aif = [['/a', 2n ** 64n - 1n]]
    expect(aifToJson(aif)).toEqual([['/a', '18446744073709551615']])
    expect(aifFromJson(aifToJson(aif))).toEqual(aif)
    expect(decodeAif(encodeAif(aif))).toEqual(aif)
  })

  it('the empty list grants nothing', () => {
    expect(toHex(encodeAif([]))).toBe('80')
    expect(decodeAif(fromHex('80'))).toEqual([])
  })

  for (const [what, hex, reason, offset] of [
    ['a map', 'a0', 'unexpected_type', 0],
    ['an entry that is no array', '81 01', 'unexpected_type', 1],
    ['an empty entry', '81 80', 'invalid_value', 1],
    ['an entry without methods', '81 81 6161', 'invalid_value', 1],
    ['an entry of three', '81 83 6161 01 01', 'invalid_value', 1],
    ['a path of bytes', '81 82 4161 01', 'unexpected_type', 2],
    ['negative methods', '81 82 6161 20', 'unexpected_type', 4],
    ['methods as a float', '81 82 6161 f93c00', 'unexpected_type', 4],
    ['a second item', '80 80', 'trailing_bytes', 1],
  ] as const)
    it(`refuses ${what}`, () => {
      const { offset: found, ...rest } = refusal(() => decodeAif(fromHex(hex)))
      expect(rest).toMatchObject({ name: 'DecodeError', reason })
      expect(found).toBeGreaterThanOrEqual(offset)
    })

  it('refuses JSON and input of another shape', () => {
    for (const [json, path] of [
      [{}, ''],
      [null, ''],
      [[1], '0'],
      [[['a']], '0'],
      [[['a', 1, 2]], '0'],
      [[['a', -1]], '0.1'],
      [[['a', 1.5]], '0.1'],
      [[[1, 1]], '0.0'],
    ] as const)
      expect(refusal(() => aifFromJson(json))).toMatchObject({
        name: 'DecodeError',
        reason: 'unexpected_type',
        path,
      })
    for (const aif of [
      [1],
      [['a']],
      [['a', 1, 2]],
      [['a', -1]],
      [['a', 1.5]],
      [['\ud800', 1]],
      [['a', 2n ** 64n]],
    ])
      expect(refusal(() => encodeAif(aif as never))).toMatchObject({
        name: 'EncodeError',
        reason: 'unexpected_type',
        path: '0',
      })
  })
})

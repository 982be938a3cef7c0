import { cdeEncodeOptions, encode } from 'cbor2'
import { describe, expect, it } from 'vitest'
import { type CborValue, encodeValue } from '../../src/cbor/any-value.ts'
import { toHex } from './bytes.ts'

const keysOf = (keys: readonly CborValue[]): string =>
  toHex(encodeValue(new Map(keys.map((key) => [key, null]))))

describe('the order of map keys is bytewise (RFC 8949 §4.2.1)', () => {
  for (const [what, keys, hex] of [
    ['unsigned integers', [2, 1], 'a2 01f6 02f6'],
    ['unsigned before negative before text', ['', -1, 0], 'a3 00f6 20f6 60f6'],
    ['negative integers by their arguments', [-3, -1, -2], 'a3 20f6 21f6 22f6'],
    ['by length first', [256, -1, 24, 'aa', 'b'], 'a5 1818f6 190100f6 20f6 6162f6 626161f6'],
    ['a text of digits before an integer', ['1', 2], 'a2 02f6 6131f6'],
    ['a text of digits between integers', [30, '31', 40], 'a3 181ef6 1828f6 623331f6'],
    ['the empty text before an integer', ['', 5], 'a2 05f6 60f6'],
    ['the empty text before a bigint', ['', 2n ** 60n], 'a2 1b1000000000000000f6 60f6'],
    [
      'digits of a bigint',
      [2n ** 60n, `${2n ** 61n}`, 2n ** 62n],
      `a3 1b1000000000000000f6 1b4000000000000000f6 73${Buffer.from(`${2n ** 61n}`).toString('hex')}f6`,
    ],
    ['a space before an integer', [' ', 1], 'a2 01f6 6120f6'],
    ['texts of hexadecimal digits', ['0x10', 17], 'a2 11f6 6430783130f6'],
  ] as const)
    it(`${what}`, () => {
      expect(keysOf(keys)).toBe(hex.replaceAll(' ', ''))
    })
})

describe('a map of many members', () => {
  for (const length of [23, 24, 255, 256, 70_000])
    it(`of ${length}, as cbor2 writes it`, () => {
      const keys = Array.from({ length }, (_, i) => i)
      const map = new Map(keys.map((key) => [key, new Map([[1, key]])]))
      const reversed = new Map([...map].reverse())
      const expected = toHex(encode(map, cdeEncodeOptions))
      expect(toHex(encodeValue(map)) === expected).toBe(true)
      expect(toHex(encodeValue(reversed)) === expected).toBe(true)
    })
})

describe('a message that was not finished', () => {
  it('does not disturb the next one, however deep it was', () => {
    expect(() =>
      encodeValue(new Map([[1, new Map<CborValue, CborValue>([[2, Symbol() as never]])]])),
    ).toThrow(TypeError)
    expect(
      toHex(
        encodeValue(
          new Map([
            [2, 1],
            [1, 2],
          ]),
        ),
      ),
    ).toBe('a201020201')
  })
})

import { decode as cbor2, encode as cbor2Encode } from 'cbor2'
import { decode as cborg } from 'cborg'
import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue } from '../../src/cbor/any-value.ts'
import { floatLength, halfFloat, halfOf } from '../../src/cbor/float.ts'
import { decode } from '../../src/cbor/reader.ts'
import { readNumber } from '../../src/cbor/simple-value.ts'
import { fromHex, refusal, toHex } from './bytes.ts'

const single = (value: number): string => {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value)
  return `fa${toHex(new Uint8Array(view.buffer))}`
}
const double = (value: number): string => {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  return `fb${toHex(new Uint8Array(view.buffer))}`
}

describe('half precision (RFC 8949 App. D)', () => {
  it('reads each of the 65,536 as cborg does, and finds its bits again', () => {
    for (let half = 0; half < 65_536; half++) {
      const value = halfFloat(half)
      const oracle = cborg(Uint8Array.of(0xf9, half >> 8, half & 255), {
        allowInfinity: true,
        allowNaN: true,
      })
      if (!Object.is(value, oracle)) expect(value, half.toString(16)).toBe(oracle)
      const back = halfOf(value)
      if (back !== (Number.isNaN(value) ? 0x7e00 : half)) expect(back).toBe(half)
    }
  })
})

describe('floats', () => {
  const cases: readonly (readonly [value: number, length: number])[] = [
    [1.5, 2],
    [-0, 2],
    [65_503.5, 4],
    [2 ** -24, 2],
    [2 ** -25, 4],
    [2 ** -24 + 2 ** -25, 4],
    [1 + 2 ** -10, 2],
    [1 + 2 ** -11, 4],
    [2 ** -14 + 2 ** -24, 2],
    [2 ** -14 + 2 ** -25, 4],
    [2 ** -149, 4],
    [2 ** -150, 8],
    [1 + 2 ** -23, 4],
    [1 + 2 ** -24, 8],
    [1.1, 8],
    [Math.fround(1.1), 4],
    [3.4028234663852886e38, 4],
    [2 ** 128, 8],
    [1e300, 8],
    [Number.MIN_VALUE, 8],
    [Number.MAX_VALUE, 8],
    [Number.POSITIVE_INFINITY, 2],
    [Number.NEGATIVE_INFINITY, 2],
    [Number.NaN, 2],
  ]
  for (const [value, length] of cases)
    it(`${value} is shortest in ${length} bytes (RFC 8949 §4.2.1)`, () => {
      expect(floatLength(value)).toBe(length)
      const bytes = encodeValue(value)
      expect(bytes.length).toBe(length + 1)
      expect(toHex(bytes)).toBe(toHex(cbor2Encode(value)))
      expect(decodeValue(bytes)).toBe(value)
      expect(decode(bytes, { deterministic: true }, readNumber)).toBe(value)
      expect(cbor2(bytes)).toBe(value)
    })

  it('are read in every precision, and only in the shortest under deterministic', () => {
    for (const value of [1.5, -0, 1 / 0, Number.NaN]) {
      for (const hex of [single(value), double(value)]) {
        expect(decode(fromHex(hex), undefined, readNumber)).toBe(value)
        expect(decodeValue(fromHex(hex))).toBe(value)
        expect(refusal(() => decode(fromHex(hex), { deterministic: true }, readNumber))).toMatchObject({
          reason: 'not_deterministic',
          offset: 0,
        })
      }
    }
    expect(
      refusal(() => decode(fromHex(double(Math.fround(1.1))), { deterministic: true }, readNumber)).reason,
    ).toBe('not_deterministic')
  })

  it('are read from a view that begins elsewhere in its buffer', () => {
    const around = fromHex('000000 fb3ff199999999999a 00')
    expect(decode(around.subarray(3, 12), undefined, readNumber)).toBe(1.1)
  })

  it('are written where a whole number is beyond the safe ones', () => {
    expect(toHex(encodeValue(2 ** 60))).toBe('fa5d800000')
    expect(toHex(encodeValue(2n ** 60n))).toBe('1b1000000000000000')
  })
})

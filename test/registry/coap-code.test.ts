import { describe, expect, it } from 'vitest'
import {
  coapCodeFromByte,
  coapCodeToByte,
  coapResponseCodes,
  coapResponses,
  httpStatusOf,
  registries,
} from '../../src/registry/index.ts'

describe('coapCodeToByte and coapCodeFromByte (RFC 7252, Section 3)', () => {
  it('agree with every registered response code', () => {
    for (const [code, byte] of Object.entries(coapResponseCodes)) {
      expect(coapCodeToByte(code)).toBe(byte)
      expect(coapCodeFromByte(byte)).toBe(code)
    }
  })

  it('turn every byte into a code and back', () => {
    for (let byte = 0; byte <= 255; byte++) expect(coapCodeToByte(coapCodeFromByte(byte))).toBe(byte)
  })

  it('take the empty message, methods and the last code', () => {
    expect(coapCodeToByte('0.00')).toBe(0)
    expect(coapCodeToByte('0.02')).toBe(2)
    expect(coapCodeToByte('7.31')).toBe(255)
  })

  it.each(['', '401', '4.1', '4.001', '4.32', '8.00', '-1.00', '4,01', '4.01 ', '4.01\n'])(
    'refuse the code %j',
    (code) => {
      expect(() => coapCodeToByte(code)).toThrow(RangeError)
    },
  )

  it.each([-1, 256, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuse the byte %s', (byte) => {
    expect(() => coapCodeFromByte(byte)).toThrow(RangeError)
  })
})

describe('httpStatusOf', () => {
  it('is what OAuth sends (RFC 6749, Sections 5.1 and 5.2; RFC 6750, Section 3.1)', () => {
    expect(httpStatusOf('2.01')).toBe(200)
    expect(httpStatusOf('4.00')).toBe(400)
    expect(httpStatusOf('4.01')).toBe(401)
    expect(httpStatusOf('4.03')).toBe(403)
    expect(httpStatusOf('4.05')).toBe(405)
    expect(httpStatusOf('4.29')).toBe(429)
    expect(httpStatusOf('5.03')).toBe(503)
  })

  it('is otherwise the first status of RFC 8075, Table 2', () => {
    for (const row of registries.coapResponseCodes.rows) {
      if (row.oauthHttpStatus === undefined) {
        expect(httpStatusOf(row.name), row.name).toBe(row.rfc8075HttpStatus?.[0])
      }
    }
    expect(httpStatusOf('4.15')).toBe(415)
    expect(httpStatusOf('5.05')).toBe(502)
  })

  it.each(['2.31', '4.08', '4.09', '4.22', '5.08', '4.17', '0.02', '', 'constructor', '__proto__'])(
    'is undefined for %j',
    (code) => {
      expect(httpStatusOf(code)).toBeUndefined()
    },
  )
})

describe('coapResponses', () => {
  it('names every registered response code (RFC 7252, Section 12.1.2)', () => {
    expect(Object.entries(coapResponses).map(([code, { name }]) => [code, name])).toEqual(
      registries.coapResponseCodes.rows.map((row) => [row.name, row.description]),
    )
  })
})

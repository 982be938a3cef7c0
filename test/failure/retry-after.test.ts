import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRetryAfter } from '../../src/failure/retry-after.ts'

const november = Date.UTC(1994, 10, 6, 8, 49, 37)

describe('Retry-After (RFC 9110, Section 10.2.3)', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7\t', 7_000],
    ['0086400', 86_400_000],
  ])('takes %j as seconds', (value, ms) => {
    expect(parseRetryAfter(value)).toBe(ms)
  })

  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', 'IMF-fixdate'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 'RFC 850'],
    ['Sun Nov  6 08:49:37 1994', 'asctime'],
  ])('takes %j, a date in the form of %s (Section 5.6.7)', (value) => {
    expect(parseRetryAfter(value, november - 2_500)).toBe(2_500)
  })

  it('waits no longer for a date that has passed', () => {
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', november)).toBe(0)
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT')).toBe(0)
  })

  it('takes a leap second', () => {
    const now = Date.UTC(2016, 11, 31, 23, 59, 0)
    expect(parseRetryAfter('Sat, 31 Dec 2016 23:59:60 GMT', now)).toBe(59_000)
  })

  it('takes two digits of a year as not more than 50 years ahead', () => {
    const wait = (year: string, now: number) => parseRetryAfter(`Monday, 01-Jan-${year} 00:00:00 GMT`, now)
    expect(wait('74', Date.UTC(2024, 0, 1))).toBe(Date.UTC(2074, 0, 1) - Date.UTC(2024, 0, 1))
    expect(wait('75', Date.UTC(2024, 0, 1))).toBe(0)
    expect(wait('05', Date.UTC(2095, 0, 1))).toBe(Date.UTC(2105, 0, 1) - Date.UTC(2095, 0, 1))
  })

  it('does not take anything else', () => {
    const values = [
      '',
      '-1',
      '1.5',
      '1e3',
      '0x10',
      'soon',
      '120, 120',
      'Sun, 06 Nov 1994 08:49:37',
      'Sun, 06 Nov 1994 08:49:37 CET',
      'Sun, 06 Nnn 1994 08:49:37 GMT',
      'Sun, 06 nov 1994 08:49:37 GMT',
      'Sun, 31 Apr 2994 08:49:37 GMT',
      'Sun, 06 Nov 1994 08:49:61 GMT',
      'Sun, 06 Nov 1994 25:49:37 GMT',
      'Sun, 66 Nov 1994 08:49:37 GMT',
      '1994-11-06T08:49:37Z',
    ]
    for (const value of values) expect(parseRetryAfter(value), value).toBeUndefined()
  })

  it('gives a number that is not negative, or undefined, for whatever text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const wait = parseRetryAfter(value)
        expect(wait === undefined || wait >= 0).toBe(true)
      }),
    )
  })

  it('takes every date that it is given', () => {
    const seconds = fc.integer({ min: 0, max: 4_102_444_799 })
    fc.assert(
      fc.property(seconds, (second) => {
        expect(parseRetryAfter(new Date(second * 1_000).toUTCString(), 0)).toBe(second * 1_000)
      }),
    )
  })
})

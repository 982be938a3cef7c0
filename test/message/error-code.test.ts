import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../src/message/error-code.ts'
import { errorCodes } from '../../src/registry/generated/error-codes.ts'

const constants = {
  invalid_request: ErrorCode.InvalidRequest,
  invalid_client: ErrorCode.InvalidClient,
  invalid_grant: ErrorCode.InvalidGrant,
  unauthorized_client: ErrorCode.UnauthorizedClient,
  unsupported_grant_type: ErrorCode.UnsupportedGrantType,
  invalid_scope: ErrorCode.InvalidScope,
  unsupported_pop_key: ErrorCode.UnsupportedPopKey,
  incompatible_ace_profiles: ErrorCode.IncompatibleAceProfiles,
}

describe('the registered codes (RFC 9200 §5.8.3, Table 3)', () => {
  it('are all constants', () => {
    expect(Object.fromEntries(Object.entries(constants).map(([name, code]) => [name, code.value]))).toEqual(
      errorCodes,
    )
  })

  for (const [name, code] of Object.entries(constants)) {
    it(`${name} has its name and integer, and is one object however it is come by`, () => {
      const value = errorCodes[name as keyof typeof errorCodes]
      expect({ ...code }).toEqual({ name, value, status: 'registered' })
      expect(`${code}`).toBe(name)
      expect(ErrorCode.fromCbor(value)).toBe(code)
      expect(ErrorCode.fromCbor(BigInt(value))).toBe(code)
      expect(ErrorCode.other(value)).toBe(code)
      expect(ErrorCode.named(name)).toBe(code)
    })
  }
})

describe('codes off the wire (R9200-8.4-1: any CBOR integer)', () => {
  const cases: [value: number | bigint, status: string][] = [
    [0, 'unassigned'],
    [-0, 'unassigned'],
    [-1, 'unassigned'],
    [9, 'unassigned'],
    [23, 'unassigned'],
    [24, 'unassigned'],
    [418, 'unassigned'],
    [-65535, 'unassigned'],
    [-65536, 'unassigned'],
    [-65537, 'private-use'],
    [-99999, 'private-use'],
    [Number.MAX_SAFE_INTEGER, 'unassigned'],
    [2n ** 53n, 'unassigned'],
    [2n ** 64n - 1n, 'unassigned'],
    [Number.MIN_SAFE_INTEGER, 'private-use'],
    [-(2n ** 53n), 'private-use'],
    [-(2n ** 64n), 'private-use'],
  ]
  for (const [value, status] of cases) {
    it(`${value} is kept and ${status}`, () => {
      const code = ErrorCode.fromCbor(value)
      expect(code.value).toBe(typeof value === 'number' ? value + 0 : value)
      expect(code.status).toBe(status)
      expect(code.name).toBeUndefined()
      expect(`${code}`).toBe(`${value}`)
    })

    it(`${value} ${status === 'private-use' ? 'may' : 'may not'} be chosen by a sender (RFC 9200 §8.4)`, () => {
      if (status === 'private-use') expect(ErrorCode.other(value).value).toBe(value)
      else expect(() => ErrorCode.other(value)).toThrow(RangeError)
    })
  }

  it('are numbers where that is safe, given as a bigint too', () => {
    expect(ErrorCode.fromCbor(-70_001n).value).toBe(-70_001)
    expect(ErrorCode.fromCbor(BigInt(Number.MAX_SAFE_INTEGER)).value).toBe(Number.MAX_SAFE_INTEGER)
    expect(ErrorCode.fromCbor(BigInt(Number.MAX_SAFE_INTEGER) + 1n).value).toBe(2n ** 53n)
  })

  for (const value of [2n ** 64n, -(2n ** 64n) - 1n, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
    it(`${String(value)} (${typeof value}) is no integer of CBOR`, () => {
      expect(() => ErrorCode.fromCbor(value as number)).toThrow(RangeError)
      expect(() => ErrorCode.other(value as number)).toThrow(RangeError)
    })
})

describe('a private-use code with a name of its own', () => {
  it('has both', () => {
    const quota = ErrorCode.define({ name: 'quota_exceeded', value: -70_001 })
    expect({ ...quota }).toEqual({ name: 'quota_exceeded', value: -70_001, status: 'private-use' })
    expect(`${quota}`).toBe('quota_exceeded')
    expect(ErrorCode.define({ name: 'least', value: -(2n ** 64n) }).value).toBe(-(2n ** 64n))
  })

  it('is not for an integer outside private use (RFC 9200 §8.4)', () => {
    for (const value of [3, 0, 9, -65_536, 2n ** 64n])
      expect(() => ErrorCode.define({ name: 'mine', value })).toThrow(RangeError)
  })

  it('takes no registered name, and no character outside RFC 6749 §5.2', () => {
    for (const name of ['invalid_grant', '', 'a"b', 'a\\b', 'naïve', 'a\nb', '\x7f'])
      expect(() => ErrorCode.define({ name, value: -70_001 }), name).toThrow(RangeError)
    expect(ErrorCode.define({ name: 'toString', value: -70_001 }).name).toBe('toString')
    expect(ErrorCode.define({ name: ' !#[]~', value: -70_001 }).name).toBe(' !#[]~')
  })
})

describe('a code by its name', () => {
  it('has no integer where none is registered, as slow_down of RFC 8628', () => {
    expect({ ...ErrorCode.named('slow_down') }).toEqual({
      name: 'slow_down',
      value: undefined,
      status: 'unassigned',
    })
    expect(ErrorCode.named('constructor').value).toBeUndefined()
  })

  it('takes no character outside RFC 6749 §5.2', () => {
    for (const name of ['', 'a"b', 'a\\b', 'é', 'a\tb'])
      expect(() => ErrorCode.named(name)).toThrow(RangeError)
  })
})

describe('equality', () => {
  it('goes by the integer, or by the name where there is none', () => {
    const quota = ErrorCode.define({ name: 'quota_exceeded', value: -70_001 })
    expect(quota.equals(ErrorCode.other(-70_001))).toBe(true)
    expect(quota.equals(ErrorCode.other(-70_002))).toBe(false)
    expect(quota.equals(ErrorCode.named('quota_exceeded'))).toBe(false)
    expect(ErrorCode.named('slow_down').equals(ErrorCode.named('slow_down'))).toBe(true)
    expect(ErrorCode.named('slow_down').equals(ErrorCode.named('login_required'))).toBe(false)
    expect(ErrorCode.InvalidGrant.equals(ErrorCode.fromCbor(3))).toBe(true)
  })
})

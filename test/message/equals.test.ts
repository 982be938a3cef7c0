import { describe, expect, it } from 'vitest'
import { AccessTokenRequest, AccessTokenResponse } from '../../src/index.ts'

describe('equals', () => {
  const { fromJson } = AccessTokenRequest

  it('takes JSON of any shape, also one with members called unknown', () => {
    for (const x of [{ unknown: [1, 2] }, { unknown: [null] }, [{ unknown: [{ a: 1 }] }], { unknown: 1 }]) {
      expect(fromJson({ x }).equals(fromJson({ x }))).toBe(true)
      expect(fromJson({ x }).equals(fromJson({ x: { unknown: [2, 1] } }))).toBe(false)
    }
    const response = (unknown: unknown[]) =>
      AccessTokenResponse.fromJson({ access_token: 'aaaa', cnf: { kid: 'aa', x: { unknown } } })
    expect(response([1, 2]).equals(response([1, 2]))).toBe(true)
    expect(response([1, 2]).equals(response([2, 1]))).toBe(false)
  })

  it('has no order for members that a map does not know', () => {
    const request = (...keys: number[]) =>
      new AccessTokenRequest({
        req_cnf: { kid: 'aa', unknown: keys.map((key) => ({ key, cbor: Uint8Array.of(key) })) },
      })
    expect(request(20, 21).equals(request(21, 20))).toBe(true)
    expect(request(20, 21).equals(request(20, 22))).toBe(false)
    expect(fromJson({ x: 1, y: { a: 1, b: 2 } }).equals(fromJson({ y: { b: 2, a: 1 }, x: 1 }))).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import { AccessTokenRequest, AccessTokenResponse, RevocationRequest } from '../../src/index.ts'
import { refusal } from '../cbor/bytes.ts'

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

  it('takes a text for its UTF-8 where CBOR has bytes, but not where it has both', () => {
    const requests = [
      new AccessTokenRequest({ client_id: 'a', client_secret: 'secret12' }),
      new AccessTokenRequest({ client_id: 'a', client_secret: 'open sesame' }),
      new AccessTokenRequest({ req_cnf: { kid: 'a.b' } }),
      new AccessTokenRequest({ req_cnf: { COSE_Key: { kty: 'Symmetric', kid: 'a.b' } } }),
      new AccessTokenRequest({ grant_type: 'refresh_token', refresh_token: 'a.b.c' }),
    ]
    for (const request of requests) {
      const back = AccessTokenRequest.fromCbor(request.toCbor())
      expect(back.equals(request)).toBe(true)
      expect(request.equals(back)).toBe(true)
      expect(request.equals(new AccessTokenRequest({}))).toBe(false)
    }
    const scope = Uint8Array.of(97)
    expect(new AccessTokenRequest({ scope }).equals(new AccessTokenRequest({ scope: 'a' }))).toBe(false)
    const secret = (client_secret: string | Uint8Array) =>
      new RevocationRequest({ token: 'a.b.c', client_secret })
    expect(secret('a').equals(secret(Uint8Array.of(98)))).toBe(false)
    expect(secret('a').equals(secret(Uint8Array.of(97, 97)))).toBe(false)
  })
})

describe('a client_secret', () => {
  const given = { client_id: 'a', client_secret: 'hunter2' }

  it('is the same in CBOR, JSON and a form', () => {
    for (const client_secret of ['hunter2', 'secret12', 'open sesame', '~AA'])
      for (const request of [
        new AccessTokenRequest({ client_id: 'a', client_secret }),
        new RevocationRequest({ token: 'aaaa', client_secret }),
      ]) {
        const made = request.constructor as typeof RevocationRequest
        const others = [
          made.fromCbor(request.toCbor()),
          made.fromJson(request.toJson()),
          made.fromForm(request.toForm().toString()),
        ]
        for (const other of others) {
          expect(other.equals(request)).toBe(true)
          expect(other.toCbor()).toEqual(request.toCbor())
          expect(other.toJson()).toEqual(request.toJson())
          expect(other.toForm().toString()).toBe(request.toForm().toString())
        }
      }
    expect(new AccessTokenRequest(given).toJson()).toEqual({ client_id: 'a', client_secret: 'hunter2' })
    const back = AccessTokenRequest.fromCbor(new AccessTokenRequest(given).toCbor())
    expect(back.toForm().toString()).toBe('client_id=a&client_secret=hunter2')
  })

  it('of bytes that are no UTF-8 is told in base64url behind a tilde in a form', () => {
    const request = new AccessTokenRequest({ ...given, client_secret: Uint8Array.of(0xfa, 0xce) })
    expect(request.toForm().get('client_secret')).toBe('~-s4')
  })
})

describe('parameters of extensions that a form has more than once (RFC 8707 §2)', () => {
  const { fromForm, fromJson } = AccessTokenRequest
  const equal = (one: string, other: string): boolean => {
    const [a, b] = [fromForm(one), fromForm(other)]
    expect(b.equals(a)).toBe(a.equals(b))
    return a.equals(b)
  }

  it('are compared as often as they are there, in any order', () => {
    const request = fromForm('resource=a&resource=b')
    expect(request.equals(request)).toBe(true)
    expect(equal('resource=a&resource=b', 'resource=a&resource=b')).toBe(true)
    expect(equal('resource=a&x=1&resource=b', 'x=1&resource=b&resource=a')).toBe(true)
    expect(equal('resource=b&resource=b', 'resource=a&resource=b')).toBe(false)
    expect(equal('resource=b&resource=b&x=1', 'resource=b&x=1&x=1')).toBe(false)
    expect(equal('resource=a', 'resource=a&resource=a')).toBe(false)
    expect(equal('x=1&x1=', 'x=1')).toBe(true)
  })

  it('are an array in JSON, which is them again in a form', () => {
    const request = fromForm('resource=a&scope=s&x=1&resource=b')
    const json = request.toJson()
    expect(json).toEqual({ scope: 's', resource: ['a', 'b'], x: '1' })
    expect(fromJson(json).toJson()).toEqual(json)
    expect(fromJson(json).toForm().toString()).toBe('scope=s&resource=a&resource=b&x=1')
    expect(fromForm(fromJson(json).toForm()).equals(request)).toBe(true)
  })

  it('are not made of an array that holds anything else', () => {
    for (const x of [[], ['a', 1], [['a']], [null]])
      expect(refusal(() => fromJson({ x }).toForm())).toMatchObject({ reason: 'no_form', path: 'x' })
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AccessTokenRequest, DecodeError, IntrospectionRequest, RevocationRequest } from '../../src/index.ts'
import { refusal, toHex } from '../cbor/bytes.ts'

const { fromForm } = AccessTokenRequest
const refused = (form: unknown, options?: object) => refusal(() => fromForm(form as string, options))

describe('a form (RFC 6749 App. B)', () => {
  it.each([
    ['client_secret=%FF', 'invalid_utf8', 'client_secret'],
    ['client_secret=%FE', 'invalid_utf8', 'client_secret'],
    ['scope=%C3', 'invalid_utf8', 'scope'],
    ['scope=%ED%A0%80', 'invalid_utf8', 'scope'],
    ['scope=%zz', 'invalid_value', 'scope'],
    ['scope=%4', 'invalid_value', 'scope'],
    ['scope=a%', 'invalid_value', 'scope'],
    ['%FF=a', 'invalid_utf8', ''],
    ['x=%FF', 'invalid_utf8', 'x'],
  ])('%s is refused: not percent-encoded UTF-8', (form, reason, path) => {
    expect(refused(form)).toMatchObject({ name: 'DecodeError', reason, path })
  })

  it('of URLSearchParams is refused where those had to put a replacement character', () => {
    expect(refused(new URLSearchParams('client_secret=%FF'))).toMatchObject({
      reason: 'invalid_utf8',
      path: 'client_secret',
    })
  })

  it('keeps a question mark in front as a part of the first name', () => {
    const request = fromForm('?grant_type=password&scope=a')
    expect(request.grant_type).toBe('client_credentials')
    expect(request.unknown).toEqual([{ name: '?grant_type', json: 'password' }])
  })

  it.each([
    '{"grant_type":"client_credentials","scope":"admin"}',
    ' {"a":1}',
    '[1]',
    '"a=b"',
    '<xml a="b"/>',
    '{"a":"b=c"}',
    'garbage',
    'eyJhbGciOiJFUzI1NiJ9.e30.AA',
    'oQEB',
    'grant_type=password\r\nusername=u',
    '--b\r\nContent-Disposition: form-data; name="scope"\r\n\r\na\r\n--b--',
    'scope=a\n',
    '\u0000=a',
  ])('%j is refused: it is of another format, and would be an empty request', (form) => {
    expect(refused(form)).toMatchObject({ name: 'DecodeError', reason: 'invalid_value', path: '' })
  })

  it('is refused as URLSearchParams of JSON', () => {
    expect(refused(new URLSearchParams('{"scope":"admin"}'))).toMatchObject({ reason: 'invalid_value' })
  })

  it('is a string or URLSearchParams: anything else is a TypeError', () => {
    for (const wrong of [undefined, null, 1, true, {}, [], new Map(), Uint8Array.of(97)])
      expect(() => fromForm(wrong as never)).toThrow(TypeError)
  })

  it('may be empty: all parameters are absent', () => {
    for (const form of ['', '&', '&&', new URLSearchParams()])
      expect(fromForm(form).equals(new AccessTokenRequest({}))).toBe(true)
  })

  it('has a space for a plus sign', () => {
    expect(fromForm('scope=a+b').scope).toBe('a b')
    expect(fromForm('scope=a%20b').scope).toBe('a b')
    expect(fromForm('x=a%2Bb').unknown).toEqual([{ name: 'x', json: 'a+b' }])
  })

  it('is held to the limits', () => {
    expect(refused(`scope=${'a'.repeat(65_536)}`)).toMatchObject({ reason: 'too_large' })
    expect(refused(`scope=${'a'.repeat(32_769)}`)).toMatchObject({ reason: 'too_large', path: 'scope' })
    expect(fromForm(`scope=${'a'.repeat(32_768)}`).scope).toHaveLength(32_768)
    const many = Array.from({ length: 1_025 }, (_, i) => `x${i}=a`).join('&')
    expect(refused(many)).toMatchObject({ reason: 'too_large' })
    expect(fromForm(many, { maxMembers: 1_025 }).unknown).toHaveLength(1_025)
    expect(refused('scope=abc', { maxBytes: 8 })).toMatchObject({ reason: 'too_large' })
    expect(refused(new URLSearchParams({ scope: 'abc' }), { maxStringBytes: 2 })).toMatchObject({
      reason: 'too_large',
    })
    expect(refused('req_cnf={"jwk":{"kty":{"a":[[]]}}}', { maxDepth: 3 })).toMatchObject({
      reason: 'too_deep',
    })
  })

  it('takes an audience more than once (RFC 8693 §2.1), and resource (RFC 8707 §2)', () => {
    const form = 'audience=a&audience=b&resource=coap%3A%2F%2Fa&resource=coap%3A%2F%2Fb'
    const request = fromForm(form)
    expect(request.audience).toEqual(['a', 'b'])
    expect(request.violations).toEqual([])
    expect(request.toForm().toString()).toBe(form)
    expect(request.toJson()).toEqual({ audience: ['a', 'b'], resource: ['coap://a', 'coap://b'] })
    expect(AccessTokenRequest.fromJson(request.toJson()).audience).toEqual(['a', 'b'])
    expect(refusal(() => request.toCbor())).toMatchObject({ reason: 'no_cbor_form', path: 'audience' })
    expect(fromForm('audience=a').audience).toBe('a')
    expect(AccessTokenRequest.fromJson({ audience: ['a'] }).audience).toBe('a')
    expect(refusal(() => AccessTokenRequest.fromJson({ audience: [] }))).toMatchObject({ path: 'audience' })
    expect(new AccessTokenRequest({ audience: ['a', 'b'] }).toForm().toString()).toBe('audience=a&audience=b')
    expect(refusal(() => AccessTokenRequest.fromCbor(Buffer.from('a105816161', 'hex')))).toMatchObject({
      reason: 'unexpected_type',
      path: 'audience',
    })
    for (const other of ['scope=a&scope=b', 'client_id=a&client_id=a', 'grant_type=a&grant_type='])
      expect(refused(other)).toMatchObject({ reason: 'duplicate_key' })
  })

  it('gives nothing but a message, a DecodeError or a TypeError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.anything()), (form) => {
        for (const made of [AccessTokenRequest, IntrospectionRequest, RevocationRequest])
          try {
            made.fromForm(form as string)
          } catch (error) {
            if (!(error instanceof DecodeError || error instanceof TypeError)) throw error
          }
      }),
    )
  })

  it('comes out as it went in, whatever the letters of its texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), (given) => {
        const text = given.toWellFormed().replaceAll('\ufffd', 'x')
        const request = AccessTokenRequest.fromJson({ audience: text })
        expect(fromForm(request.toForm().toString()).audience).toBe(text)
        expect(fromForm(request.toForm()).audience).toBe(text)
      }),
    )
  })

  it('gives a client_secret the same bytes as JSON and CBOR', () => {
    const request = fromForm('client_id=a&client_secret=abcd')
    expect(toHex(request.client_secret!)).toBe('61626364')
  })
})

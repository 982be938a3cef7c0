import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AccessTokenRequest,
  AccessTokenResponse,
  CreationHints,
  fromJwk,
  opaqueFromText,
  opaqueToText,
  toBase64url,
  toJwk,
} from '../../src/index.ts'
import { fromHex, toHex } from '../cbor/bytes.ts'

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))
/** A CWT of RFC 8392 Appendix A.3 in short: protected header, claims, signature. */
const sign1 = '8443a10126a047a1041a7fffffff4102'

describe('an opaque value (a token, a code, a kid, a client_secret)', () => {
  it.each([
    ['', ''],
    ['61', 'a'],
    ['74657374', 'test'],
    ['616263', 'abc'],
    ['616264', 'abd'],
    ['e29fa8c3a9', '⟨é'],
    ['efbbbf61', '\ufeffa'],
    ['00', '~AA'],
    ['610a', '~YQo'],
    ['7f', '~fw'],
    ['ff', '~_w'],
    ['edb080', '~7bCA'],
    ['7e', '~'],
    [toHex(utf8('~a')), '~a'],
    [toHex(utf8('~YWJj')), '~YWJj'],
    // A text that tells other bytes cannot tell its own.
    [toHex(utf8('~AA')), `~${toBase64url(utf8('~AA'))}`],
    // The shape of a COSE message, with and without tags.
    [sign1, toBase64url(fromHex(sign1))],
    [`d2${sign1}`, toBase64url(fromHex(`d2${sign1}`))],
    [`d83dd2${sign1}`, toBase64url(fromHex(`d83dd2${sign1}`))],
    ['d08343a1010aa04102', toBase64url(fromHex('d08343a1010aa04102'))],
    ['8540a041014102 80', toBase64url(fromHex('8540a04101410280'))],
    [toHex(utf8(toBase64url(fromHex(sign1)))), `~${toBase64url(utf8(toBase64url(fromHex(sign1))))}`],
    // Not quite that shape.
    [`${sign1}00`, `~${toBase64url(fromHex(`${sign1}00`))}`],
    ['8440a041', `~${toBase64url(fromHex('8440a041'))}`],
    [`d3${sign1}`, `~${toBase64url(fromHex(`d3${sign1}`))}`],
    ['8240a0', '~gkCg'],
    ['8340f640', '~g0D2QA'],
    ['9f40a040ff', '~n0CgQP8'],
    // That shape, and UTF-8 without control characters: a text all the same.
    ['d28441c3a041614161', utf8Text('d28441c3a041614161')],
  ])('%s is told as %j, and back', (hex, text) => {
    const bytes = fromHex(hex)
    expect(opaqueToText(bytes)).toBe(text)
    expect(opaqueFromText(text)).toEqual(bytes)
  })

  it('is a bijection: no bytes have two texts, no two byte strings one', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.string({ unit: 'grapheme', maxLength: 12 }).map(utf8),
      fc.uint8Array({ maxLength: 9 }).map((one) => utf8(`~${toBase64url(one)}`)),
      fc.uint8Array({ maxLength: 9 }).map((one) => utf8(`~${toBase64url(utf8(`~${toBase64url(one)}`))}`)),
      fc
        .uint8Array({ maxLength: 5 })
        .map((one) => fromHex(`8340a0${(0x40 + one.length).toString(16)}${toHex(one)}`)),
      fc
        .uint8Array({ maxLength: 5 })
        .map((one) => utf8(toBase64url(fromHex(`8340a0${(0x40 + one.length).toString(16)}${toHex(one)}`)))),
    )
    fc.assert(
      fc.property(bytes, (one) => {
        expect(opaqueFromText(opaqueToText(one))).toEqual(one)
      }),
      { numRuns: 2_000 },
    )
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.stringMatching(/^~?[\w-]{0,12}$/),
      bytes.map((one) => toBase64url(one)),
      bytes.map((one) => `~${toBase64url(one)}`),
      bytes.map((one) => opaqueToText(one)),
    )
    fc.assert(
      fc.property(text, (one) => {
        if (!utf8(one).some((byte) => byte < 0x20 || byte === 0x7f))
          expect(opaqueToText(opaqueFromText(one))).toBe(one)
      }),
      { numRuns: 2_000 },
    )
  })

  it('costs no more than its size', () => {
    const long = '~'.repeat(20_000)
    expect(opaqueToText(opaqueFromText(long))).toBe(long)
    let nested: Uint8Array = Uint8Array.of(0)
    while (nested.length < 20_000) nested = utf8(`~${toBase64url(nested)}`)
    expect(opaqueFromText(opaqueToText(nested))).toEqual(nested)
  })

  it('refuses what is no text or no bytes as a TypeError', () => {
    for (const wrong of [undefined, null, 1, 'abc'.split(''), '\ud800'])
      expect(() => opaqueFromText(wrong as never)).toThrow(TypeError)
    for (const wrong of [undefined, null, 1, 'abc', [1]])
      expect(() => opaqueToText(wrong as never)).toThrow(TypeError)
  })

  it('has one type in every message and on every road', () => {
    for (const refresh_token of ['abc', 'abd', '2YotnFZFEjr1zCsicMWpAA', '~AA']) {
      const bytes = opaqueFromText(refresh_token)
      const built = new AccessTokenRequest({ grant_type: 'refresh_token', refresh_token })
      const others = [
        new AccessTokenRequest({ grant_type: 'refresh_token', refresh_token: bytes }),
        AccessTokenRequest.fromCbor(built.toCbor()),
        AccessTokenRequest.fromJson(built.toJson()),
        AccessTokenRequest.fromForm(built.toForm()),
        AccessTokenRequest.fromForm(`grant_type=refresh_token&refresh_token=${refresh_token}`),
      ]
      for (const other of others) {
        expect(other.refresh_token).toEqual(bytes)
        expect(other.equals(built)).toBe(true)
        expect(other.toJson()['refresh_token']).toBe(refresh_token)
      }
    }
    expect(AccessTokenResponse.fromJson({ access_token: 'abc' }).access_token).toEqual(utf8('abc'))
  })

  it('a kid is the same in a JWK, a COSE_Key, a confirmation and the hints', () => {
    const kid = utf8('test')
    expect(fromJwk({ kty: 'oct', k: 'AQ', kid: 'test' }).kid).toEqual(kid)
    expect(toJwk({ kty: 'Symmetric', k: Uint8Array.of(1), kid })).toEqual({
      kty: 'oct',
      k: 'AQ',
      kid: 'test',
    })
    const request = AccessTokenRequest.fromJson({ req_cnf: { kid: 'test' } })
    expect(toHex(request.toCbor())).toBe('a104a1034474657374')
    expect(AccessTokenRequest.fromCbor(request.toCbor()).toJson()).toEqual({ req_cnf: { kid: 'test' } })
    expect(toHex(new CreationHints({ kid: 'test' }).toCbor())).toBe('a1024474657374')
    expect(CreationHints.fromJson({ kid: 'test' }).kid).toEqual(kid)
  })

  it('survives CBOR to JSON to CBOR, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (access_token) => {
        const cbor = new AccessTokenResponse({ access_token }).toCbor()
        const twin = JSON.parse(JSON.stringify(AccessTokenResponse.fromCbor(cbor).toJson()))
        expect(toHex(AccessTokenResponse.fromJson(twin).toCbor())).toBe(toHex(cbor))
      }),
    )
  })
})

function utf8Text(hex: string): string {
  return Buffer.from(hex, 'hex').toString('utf8')
}

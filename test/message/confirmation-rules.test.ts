import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  AccessTokenRequest,
  AccessTokenResponse,
  IntrospectionResponse,
  problemDetailsWith,
} from '../../src/index.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

const x = Uint8Array.of(1)
const y = Uint8Array.of(2)
const d = Uint8Array.of(0xcc)
const privateKey = { kty: 'EC2', crv: 'P-256', x, y, d } as const
const publicJwk = { kty: 'EC', crv: 'P-256', x: 'AQ', y: 'Ag' }
const privateHex = 'a5 01 02 20 01 21 4101 22 4102 23 41cc'

describe('a private key in a confirmation (RFC 8747 §3.2, RFC 9201 §3)', () => {
  const built = {
    req_cnf: () => new AccessTokenRequest({ req_cnf: { COSE_Key: privateKey } }),
    cnf: () => new AccessTokenResponse({ access_token: 'a', cnf: { COSE_Key: privateKey } }),
    rs_cnf: () => new AccessTokenResponse({ access_token: 'a', rs_cnf: { COSE_Key: privateKey } }),
    'cnf of introspection': () => new IntrospectionResponse({ active: true, cnf: { COSE_Key: privateKey } }),
    'req_cnf of an OKP key': () =>
      new AccessTokenRequest({ req_cnf: { COSE_Key: { kty: 'OKP', crv: 'Ed25519', x, d } } }),
  }
  for (const [what, build] of Object.entries(built))
    it(`is not built: ${what}`, () => {
      expect(refusal(build)).toMatchObject({ name: 'EncodeError', reason: 'violation' })
      expect(build).toThrow(/public key/)
    })

  const received = {
    'req_cnf in CBOR': () => AccessTokenRequest.fromCbor(fromHex(`a1 04 a1 01 ${privateHex}`)),
    'cnf in CBOR': () => AccessTokenResponse.fromCbor(fromHex(`a2 01 4101 08 a1 01 ${privateHex}`)),
    'rs_cnf in CBOR': () => AccessTokenResponse.fromCbor(fromHex(`a2 01 4101 1829 a1 01 ${privateHex}`)),
    'req_cnf in JSON': () => AccessTokenRequest.fromJson({ req_cnf: { jwk: { ...publicJwk, d: 'zA' } } }),
    'req_cnf in JSON as CBOR': () =>
      AccessTokenRequest.fromJson({
        req_cnf: { COSE_Key: Buffer.from(privateHex.replaceAll(' ', ''), 'hex').toString('base64url') },
      }),
    'req_cnf in a form': () =>
      AccessTokenRequest.fromForm(
        new URLSearchParams({ req_cnf: JSON.stringify({ jwk: { ...publicJwk, d: 'zA' } }) }),
      ),
  }
  for (const [what, receive] of Object.entries(received))
    it(`is listed when it comes, is not shown, and does not go out: ${what}`, () => {
      const message = receive()
      const path = what.slice(0, what.indexOf(' '))
      expect(message.violations).toEqual([{ rule: 'private_key', path }])
      expect(`${message}${inspect(message)}`).not.toMatch(/h'cc'|41cc|zA/)
      expect(refusal(() => message.toCbor())).toMatchObject({ reason: 'violation', path })
      const json = JSON.stringify(message)
      expect(JSON.parse(json)[path]).toEqual({ jwk: publicJwk })
    })
  it('is refused under strict', () => {
    expect(
      refusal(() => AccessTokenRequest.fromCbor(fromHex(`a1 04 a1 01 ${privateHex}`), { strict: true })),
    ).toMatchObject({ reason: 'violation', path: 'req_cnf' })
  })
  it('does not hinder a symmetric key, which RFC 9200 Figure 7 sends', () => {
    const message = new AccessTokenResponse({
      access_token: 'a',
      cnf: { COSE_Key: { kty: 'Symmetric', k: d } },
    })
    expect(message.toJson()['cnf']).toEqual({ jwk: { kty: 'oct', k: 'zA' } })
    expect(AccessTokenResponse.fromCbor(message.toCbor(), { strict: true }).equals(message)).toBe(true)
  })
})

describe('a confirmation that JSON alone has', () => {
  it.each([
    [{ jku: 'https://keys.example/' }, 'req_cnf.jku'],
    [{ kid: 'a', jku: 'https://keys.example/' }, 'req_cnf.jku'],
    [{ jwk: publicJwk, x: 1 }, 'req_cnf.x'],
    [{ 'x5t#S256': 'AQ' }, 'req_cnf.x5t#S256'],
    [{ jwe: 'a.b.c.d.e' }, 'req_cnf.jwe'],
    [{ '1': 'oA' }, 'req_cnf.1'],
    [{ '24': 'not base64url!' }, 'req_cnf.24'],
    [{ osc: { id: 'AQ', more: 1 } }, 'req_cnf.osc.more'],
  ])('%j has no CBOR form, and stays in JSON', (req_cnf, path) => {
    const request = AccessTokenRequest.fromJson({ req_cnf })
    expect(refusal(() => request.toCbor())).toEqual({ name: 'EncodeError', reason: 'no_cbor_form', path })
    expect(request.toJson()).toEqual({ req_cnf })
    expect(AccessTokenRequest.fromJson(request.toJson()).equals(request)).toBe(true)
  })

  it('problem details without an entry that CBOR has, neither', () => {
    const problem = problemDetailsWith(2).fromJson({ foo: 1 })
    expect(refusal(() => problem.toCbor())).toEqual({ name: 'EncodeError', reason: 'no_cbor_form', path: '' })
    expect(toHex(problemDetailsWith(2).fromJson({ foo: 1, title: 'a' }).toCbor())).toBe('a1206161')
  })
})

describe('members that a map does not know', () => {
  it.each([
    ['a1 04 a1 1818 4401020304', { '24': 'RAECAwQ' }],
    ['a1 04 a2 03 4161 1818 8101', { kid: 'a', '24': 'gQE' }],
    ['a1 04 a1 3a00011170 f5', { '-70001': '9Q' }],
    ['a1 04 a1 6178 01', { '"x"': 'AQ' }],
    ['a1 04 a1 623234 01', { '"24"': 'AQ' }],
    ['a1 04 a1 1bffffffffffffffff 01', { '18446744073709551615': 'AQ' }],
    ['a1 04 a1 04 a2 00 4101 1818 6161', { osc: { id: 'AQ', '24': 'YWE' } }],
  ])('%s: come out in CBOR and in JSON', (hex, req_cnf) => {
    const request = AccessTokenRequest.fromCbor(fromHex(hex))
    expect(toHex(request.toCbor())).toBe(hex.replaceAll(' ', ''))
    const json = JSON.parse(JSON.stringify(request))
    expect(json).toEqual({ req_cnf })
    const back = AccessTokenRequest.fromJson(json)
    expect(back.equals(request)).toBe(true)
    expect(toHex(back.toCbor())).toBe(hex.replaceAll(' ', ''))
  })

  it('are shown with their keys, and their values hidden', () => {
    const shown = `${AccessTokenRequest.fromCbor(fromHex('a1 04 a2 1818 4401020304 6178 01'))}`
    expect(shown).toBe('AccessTokenRequest { req_cnf: { 24: <5 secret bytes>, "x": <1 secret bytes> } }')
    expect(`${AccessTokenRequest.fromJson({ req_cnf: { kid: 'a', jku: 'https://x' } })}`).toBe(
      "AccessTokenRequest { req_cnf: { kid: h'61', jku: <secret> } }",
    )
  })

  it('are never taken for a member that the map knows', () => {
    const request = AccessTokenRequest.fromJson({ req_cnf: { kid: 'a', '3': 'QWI' } })
    expect(request.req_cnf?.kid).toEqual(Uint8Array.of(0x61))
    expect(refusal(() => request.toCbor())).toMatchObject({ reason: 'no_cbor_form' })
  })
})

describe('a CBOR text key that is the name of a parameter (RFC 9200 §5.8.5)', () => {
  const scope = fromHex('6472656164')
  it.each([
    ['a1 6573636f7065 6472656164', 'scope'],
    ['a2 05 6161 6573636f7065 6472656164', 'scope'],
    ['a1 68726573706f6e7365 01', undefined],
    ['a1 6d726573706f6e73655f74797065 01', 'response_type'],
  ])('%s: %s', (hex, path) => {
    const request = AccessTokenRequest.fromCbor(fromHex(hex))
    expect(request.scope).toBeUndefined()
    expect(request.violations).toEqual(path ? [{ rule: 'text_key', path }] : [])
    if (path) {
      expect(refusal(() => AccessTokenRequest.fromCbor(fromHex(hex), { strict: true }))).toMatchObject({
        reason: 'violation',
        path,
      })
      expect(refusal(() => request.toCbor())).toMatchObject({ reason: 'violation', path })
    } else expect(toHex(request.toCbor())).toBe(hex.replaceAll(' ', ''))
  })

  it('is not built', () => {
    for (const key of ['scope', 'audience', 'state', 'error'])
      expect(refusal(() => new AccessTokenRequest({}, [{ key, cbor: scope }]))).toMatchObject({
        reason: 'violation',
        path: key,
      })
    expect(new AccessTokenRequest({}, [{ key: 'x-vendor', cbor: scope }]).unknown).toHaveLength(1)
  })

  it('counts in a confirmation too', () => {
    const request = AccessTokenRequest.fromCbor(fromHex('a1 04 a2 03 4101 636b6964 4102'))
    expect(request.req_cnf?.kid).toEqual(Uint8Array.of(1))
    expect(request.violations).toEqual([{ rule: 'text_key', path: 'req_cnf' }])
    expect(refusal(() => request.toCbor())).toMatchObject({ reason: 'violation' })
    expect(
      refusal(
        () => new AccessTokenRequest({ req_cnf: { kid: 'a', unknown: [{ key: 'osc', cbor: scope }] } }),
      ),
    ).toMatchObject({ reason: 'violation', path: 'req_cnf' })
  })
})

import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { AccessTokenRequest, AccessTokenResponse } from '../../src/index.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

const token = fromHex('d08343a1010a')
const symmetric = { COSE_Key: { kty: 'Symmetric', k: Uint8Array.of(1, 2) } } as const
const kid = { kid: Uint8Array.of(1) } as const
const ec2 = { COSE_Key: { kty: 'EC2', crv: 'P-256', x: Uint8Array.of(3), y: Uint8Array.of(4) } } as const

describe('AccessTokenResponse', () => {
  it('RFC 6749 §5.1: needs an access token', () => {
    expect(refusal(() => AccessTokenResponse.fromCbor(fromHex('a0')))).toEqual({
      name: 'DecodeError',
      reason: 'missing_member',
      path: 'access_token',
      offset: 0,
    })
    expect(refusal(() => AccessTokenResponse.fromJson({ token_type: 'PoP' }))).toMatchObject({
      reason: 'missing_member',
      path: 'access_token',
    })
    expect(refusal(() => new AccessTokenResponse({} as never))).toEqual({
      name: 'EncodeError',
      reason: 'missing_member',
      path: 'access_token',
    })
  })

  it('gives each member the key of RFC 9200 Table 5 and RFC 9203 §9.2', () => {
    expect(Object.fromEntries(AccessTokenResponse.table.map(({ name, key }) => [name, key]))).toEqual({
      access_token: 1,
      expires_in: 2,
      cnf: 8,
      scope: 9,
      state: 28,
      token_type: 34,
      refresh_token: 37,
      ace_profile: 38,
      rs_cnf: 41,
    })
  })

  it('R9200-5.8.2-6: an absent token_type stands for PoP', () => {
    const response = AccessTokenResponse.fromCbor(fromHex('a1014101'))
    expect(response.token_type).toBe('PoP')
    expect(response.toJson()).toEqual({ access_token: '~AQ' })
    expect(response.equals(AccessTokenResponse.fromCbor(fromHex('a2014101182202')))).toBe(true)
    expect(response.equals(AccessTokenResponse.fromCbor(fromHex('a2014101182201')))).toBe(false)
    expect(AccessTokenResponse.fromCbor(fromHex('a2014101182201')).token_type).toBe('Bearer')
  })

  it('RFC 6749 §5.1: token types are compared without regard to case', () => {
    for (const token_type of ['pop', 'POP', 'PoP'])
      expect(AccessTokenResponse.fromJson({ access_token: 'a.', token_type }).token_type).toBe('PoP')
    expect(AccessTokenResponse.fromJson({ access_token: 'a.', token_type: 'bearer' }).token_type).toBe(
      'Bearer',
    )
    expect(AccessTokenResponse.fromJson({ access_token: 'a.', token_type: 'DPoP' }).token_type).toBe('DPoP')
  })

  it('RFC 6749 §1.9: other names are not', () => {
    const response = AccessTokenResponse.fromJson({ access_token: 'a.', ace_profile: 'COAP_DTLS' })
    expect(response.ace_profile).toBe('COAP_DTLS')
    expect(refusal(() => response.toCbor())).toMatchObject({ reason: 'no_cbor_form', path: 'ace_profile' })
    const request = AccessTokenRequest.fromForm('grant_type=PASSWORD&username=a&password=b')
    expect(request.grant_type).toBe('PASSWORD')
    expect(new AccessTokenRequest({ grant_type: 'Password' }).grant_type).toBe('Password')
  })

  it('R9200-5.8.4.3-3: ace_profile is an integer in CBOR, never a text (erratum 8232) or null', () => {
    expect(AccessTokenResponse.fromCbor(fromHex('a2 014101 1826 02')).ace_profile).toBe('coap_oscore')
    for (const hex of ['a2 014101 1826 6161', 'a2 014101 1826 f6'])
      expect(refusal(() => AccessTokenResponse.fromCbor(fromHex(hex)))).toMatchObject({
        reason: 'unexpected_type',
        path: 'ace_profile',
        offset: 6,
      })
    const response = AccessTokenResponse.fromJson({ access_token: 'a', ace_profile: null })
    expect(response.ace_profile).toBeUndefined()
    expect(response.violations).toEqual([{ rule: 'null_member', path: 'ace_profile' }])
  })

  it('RFC 6749 §5.1: expires_in is an unsigned integer, with its digits taken too (erratum 5379)', () => {
    expect(AccessTokenResponse.fromJson({ access_token: 'a', expires_in: '3600' }).expires_in).toBe(3600)
    expect(AccessTokenResponse.fromCbor(fromHex('a2 014101 02 1bffffffffffffffff')).expires_in).toBe(
      2n ** 64n - 1n,
    )
    expect(
      AccessTokenResponse.fromCbor(fromHex('a2 014101 02 1bffffffffffffffff')).toJson()['expires_in'],
    ).toBe('18446744073709551615')
    expect(refusal(() => AccessTokenResponse.fromCbor(fromHex('a2 014101 02 20')))).toMatchObject({
      reason: 'unexpected_type',
      path: 'expires_in',
      offset: 5,
    })
    for (const expires_in of [-1, 1.5, '-1', '1.5', '01', '', ' 1', true, 2 ** 53])
      expect(refusal(() => AccessTokenResponse.fromJson({ access_token: 'a', expires_in }))).toMatchObject({
        reason: 'unexpected_type',
        path: 'expires_in',
      })
  })

  it('RFC 9203 §3.2: has the input material of the OSCORE profile', () => {
    const members = {
      access_token: token,
      cnf: {
        osc: {
          id: Uint8Array.of(1),
          ms: Uint8Array.of(2),
          hkdf: 'HMAC 256/256',
          alg: 'AES-CCM-16-64-128',
          salt: Uint8Array.of(3),
          contextId: Uint8Array.of(4),
          version: 1,
        },
      },
    }
    const response = new AccessTokenResponse(members)
    expect(AccessTokenResponse.fromCbor(response.toCbor(), { deterministic: true }).equals(response)).toBe(
      true,
    )
    expect(AccessTokenResponse.fromJson(response.toJson()).equals(response)).toBe(true)
  })

  describe('members that no specification allows together', () => {
    const bearer = { access_token: token, token_type: 'Bearer' }
    for (const [what, members, path] of [
      ['RFC 9201 §3.2: cnf with a bearer token', { ...bearer, cnf: ec2 }, 'cnf'],
      ['R9201-3.2-4: rs_cnf with a bearer token', { ...bearer, rs_cnf: ec2 }, 'rs_cnf'],
      [
        'R9201-3.2-4: rs_cnf with a symmetric key',
        { access_token: token, cnf: symmetric, rs_cnf: ec2 },
        'rs_cnf',
      ],
      [
        'R9201-3.2-4: rs_cnf with OSCORE input material',
        { access_token: token, cnf: { osc: { ms: token } }, rs_cnf: ec2 },
        'rs_cnf',
      ],
      [
        'RFC 8747 §3.3: rs_cnf with an encrypted key, which is symmetric',
        { access_token: token, cnf: { Encrypted_COSE_Key: fromHex('8340a040') }, rs_cnf: kid },
        'rs_cnf',
      ],
      [
        'RFC 7800 §3.3: rs_cnf with an encrypted JWK, which is symmetric',
        { access_token: token, cnf: { jwe: 'a.b.c.d.e' }, rs_cnf: kid },
        'rs_cnf',
      ],
    ] as const)
      it(what, () => {
        expect(refusal(() => new AccessTokenResponse(members))).toEqual({
          name: 'EncodeError',
          reason: 'conflicting_members',
          path,
        })
      })
    it('are refused in CBOR and in JSON as well, at the map', () => {
      expect(
        refusal(() => AccessTokenResponse.fromCbor(fromHex('a3 014101 08 a1 03 41 01 1822 01'))),
      ).toEqual({ name: 'DecodeError', reason: 'conflicting_members', path: 'cnf', offset: 0 })
      expect(
        refusal(() =>
          AccessTokenResponse.fromJson({ access_token: 'a', token_type: 'bearer', rs_cnf: { kid: 'AA' } }),
        ),
      ).toMatchObject({ reason: 'conflicting_members', path: 'rs_cnf' })
    })
    it('RFC 6749 §5.2: an error beside an access token', () => {
      for (const key of ['181e', '181f', '1820'])
        expect(refusal(() => AccessTokenResponse.fromCbor(fromHex(`a2 014101 ${key} 01`)))).toMatchObject({
          reason: 'conflicting_members',
          path: 'error',
        })
      for (const name of ['error', 'error_description', 'error_uri'])
        expect(refusal(() => AccessTokenResponse.fromJson({ access_token: 'a', [name]: 'x' }))).toMatchObject(
          { reason: 'conflicting_members', path: 'error' },
        )
    })
    it('and takes those that may stand together (R9200-5.8.2-8, R9201-3.2-2)', () => {
      expect(new AccessTokenResponse({ access_token: token, cnf: ec2, rs_cnf: ec2 }).rs_cnf).toEqual(ec2)
      expect(new AccessTokenResponse({ access_token: token, token_type: -70_001, cnf: ec2 }).token_type).toBe(
        -70_001,
      )
    })
  })

  it('RFC 9201 §3.2: rs_cnf is a public key, or names one', () => {
    for (const [hex, rs_cnf] of [
      ['a101a201042041aa', { jwk: { kty: 'oct', k: 'qg' } }],
      ['a1028340a040', { Encrypted_COSE_Key: 'g0CgQA' }],
      ['a104a10241aa', { osc: { ms: 'qg' } }],
    ] as const) {
      expect(refusal(() => AccessTokenResponse.fromCbor(fromHex(`a2 014101 1829 ${hex}`)))).toEqual({
        name: 'DecodeError',
        reason: 'invalid_value',
        path: 'rs_cnf',
        offset: 6,
      })
      expect(refusal(() => AccessTokenResponse.fromJson({ access_token: 'AQ', rs_cnf }))).toMatchObject({
        name: 'DecodeError',
        reason: 'invalid_value',
        path: 'rs_cnf',
      })
    }
    for (const rs_cnf of [symmetric, { osc: { ms: token } }, { Encrypted_COSE_Key: fromHex('8340a040') }])
      expect(refusal(() => new AccessTokenResponse({ access_token: token, rs_cnf }))).toEqual({
        name: 'EncodeError',
        reason: 'invalid_value',
        path: 'rs_cnf',
      })
    for (const rs_cnf of [ec2, kid])
      expect(new AccessTokenResponse({ access_token: token, cnf: kid, rs_cnf }).rs_cnf).toEqual(rs_cnf)
  })

  describe('the token', () => {
    it('is a byte string in CBOR, and a text that stands for it in JSON', () => {
      const response = new AccessTokenResponse({ access_token: token })
      expect(response.toJson()).toEqual({ access_token: '~0INDoQEK' })
      expect(AccessTokenResponse.fromJson({ access_token: '~0INDoQEK' }).access_token).toEqual(token)
      expect(refusal(() => AccessTokenResponse.fromCbor(fromHex('a1016161')))).toMatchObject({
        reason: 'unexpected_type',
        path: 'access_token',
      })
    })
    it('is the UTF-8 of its text, a JWT for one, whatever its letters', () => {
      for (const text of ['abc', 'abd', '2YotnFZFEjr1zCsicMWpAA'])
        expect(AccessTokenResponse.fromJson({ access_token: text }).access_token).toEqual(
          new Uint8Array(Buffer.from(text)),
        )
      const response = AccessTokenResponse.fromJson({ access_token: 'eyJ.e30.AA' })
      expect(response.access_token).toEqual(new Uint8Array(Buffer.from('eyJ.e30.AA')))
      expect(response.toJson()).toEqual({ access_token: 'eyJ.e30.AA' })
      expect(toHex(response.toCbor())).toBe(`a1014a${Buffer.from('eyJ.e30.AA').toString('hex')}`)
    })
    it('is told the same in both encodings where it is given as a text', () => {
      const built = new AccessTokenResponse({ access_token: 'abcd' })
      const received = AccessTokenResponse.fromJson(built.toJson())
      expect(received.equals(built)).toBe(true)
      expect(toHex(received.toCbor())).toBe(toHex(built.toCbor()))
    })
  })

  it('shows no token and no key', () => {
    const response = new AccessTokenResponse({
      access_token: fromHex('5ec7e75ec7e7'),
      refresh_token: 's3cr3t.',
      cnf: { COSE_Key: { kty: 'Symmetric', kid: Uint8Array.of(9), k: fromHex('5ec7e7') } },
      expires_in: 60,
    })
    for (const shown of [`${response}`, inspect(response)]) {
      expect(shown).not.toMatch(/5ec7e7|s3cr3t|Xsfn/)
      expect(shown).toBe(
        `AccessTokenResponse { access_token: <6 secret bytes>, expires_in: 60, cnf: { COSE_Key: { kty: "Symmetric", kid: h'09', k: <3 secret bytes> } }, refresh_token: <7 secret bytes> }`,
      )
    }
    const osc = new AccessTokenResponse({
      access_token: token,
      cnf: { osc: { id: Uint8Array.of(1), ms: fromHex('5ec7e7') } },
    })
    expect(`${osc}`).toContain(`osc: { id: h'01', ms: <3 secret bytes> }`)
  })

  it('keeps members that it does not know (RFC 6749 §5.1)', () => {
    const response = AccessTokenResponse.fromCbor(fromHex('a3 014101 00 80 6161 f5'))
    expect(response.unknown).toEqual([
      { key: 0, cbor: fromHex('80') },
      { key: 'a', cbor: fromHex('f5') },
    ])
    expect(toHex(response.toCbor())).toBe('a300800141016161f5')
    const json = AccessTokenResponse.fromJson(
      JSON.parse('{"access_token":"AQ","__proto__":{"a":1},"toString":2}'),
    )
    expect(JSON.parse(JSON.stringify(json.toJson()))).toEqual(
      JSON.parse('{"access_token":"AQ","__proto__":{"a":1},"toString":2}'),
    )
    expect(Object.keys(json.toJson()).sort()).toEqual(['__proto__', 'access_token', 'toString'])
  })
})

import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { IntrospectionResponse } from '../../src/index.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

describe('IntrospectionResponse', () => {
  it('RFC 7662 §2.2: needs active, which is true or false', () => {
    expect(toHex(new IntrospectionResponse({ active: false }).toCbor())).toBe('a10af4')
    expect(IntrospectionResponse.fromCbor(fromHex('a10af5')).active).toBe(true)
    expect(refusal(() => IntrospectionResponse.fromCbor(fromHex('a0')))).toMatchObject({
      reason: 'missing_member',
      path: 'active',
      offset: 0,
    })
    for (const hex of ['a10a01', 'a10af6', 'a10af7', 'a10a6474727565', 'a10af820'])
      expect(refusal(() => IntrospectionResponse.fromCbor(fromHex(hex)))).toMatchObject({
        reason: 'unexpected_type',
        path: 'active',
        offset: 2,
      })
    for (const active of ['true', 1, null])
      expect(refusal(() => IntrospectionResponse.fromJson({ active }))).toMatchObject({
        reason: 'unexpected_type',
        path: 'active',
      })
  })

  it('gives out copies of its audiences in JSON', () => {
    for (const response of [
      new IntrospectionResponse({ active: true, aud: ['a'] }),
      IntrospectionResponse.fromCbor(fromHex('a2 03816161 0af5')),
    ]) {
      ;(response.toJson()['aud'] as string[]).push('evil')
      expect(toHex(response.toCbor())).toBe('a2038161610af5')
    }
  })

  it('is not built with a list of audiences that has holes', () => {
    const holes: string[] = []
    holes[1] = 'a'
    expect(refusal(() => new IntrospectionResponse({ active: true, aud: holes }))).toMatchObject({
      name: 'EncodeError',
      reason: 'unexpected_type',
      path: 'aud',
    })
  })

  it('has the keys of RFC 9200 Table 6', () => {
    expect(Object.fromEntries(IntrospectionResponse.table.map(({ name, key }) => [name, key]))).toEqual({
      iss: 1,
      sub: 2,
      aud: 3,
      exp: 4,
      nbf: 5,
      iat: 6,
      cti: 7,
      cnf: 8,
      scope: 9,
      active: 10,
      client_id: 24,
      token_type: 34,
      username: 35,
      ace_profile: 38,
      cnonce: 39,
      exi: 40,
    })
  })

  it('has no token type but the one that was sent: none is implied here', () => {
    expect(IntrospectionResponse.fromCbor(fromHex('a10af5')).token_type).toBeUndefined()
  })

  it('has every member come out as it went in', () => {
    const response = new IntrospectionResponse({
      active: true,
      scope: 'read',
      client_id: 'c',
      username: 'u',
      token_type: 'PoP',
      exp: 1_563_454_000,
      iat: 1.5,
      nbf: -5,
      sub: 's',
      aud: ['a', 'b'],
      iss: 'i',
      cti: Uint8Array.of(1),
      exi: 3600,
      cnonce: Uint8Array.of(2),
      ace_profile: 'coap_dtls',
      cnf: { kid: Uint8Array.of(3) },
    })
    expect(
      IntrospectionResponse.fromCbor(response.toCbor(), { strict: true, deterministic: true }).equals(
        response,
      ),
    ).toBe(true)
    expect(
      IntrospectionResponse.fromJson(JSON.parse(JSON.stringify(response.toJson())), { strict: true }).equals(
        response,
      ),
    ).toBe(true)
    expect(response.toJson()).toMatchObject({
      cti: 'AQ',
      exi: 3600,
      cnf: { kid: '~Aw' },
      aud: ['a', 'b'],
      iat: 1.5,
    })
  })

  it('R9201-5-2: has no cnf with a bearer token', () => {
    expect(
      refusal(
        () =>
          new IntrospectionResponse({ active: true, token_type: 'Bearer', cnf: { kid: Uint8Array.of(1) } }),
      ),
    ).toEqual({ name: 'EncodeError', reason: 'conflicting_members', path: 'cnf' })
    expect(refusal(() => IntrospectionResponse.fromCbor(fromHex('a3 08 a1 03 41 01 0a f5 1822 01')))).toEqual(
      { name: 'DecodeError', reason: 'conflicting_members', path: 'cnf', offset: 0 },
    )
    expect(
      refusal(() =>
        IntrospectionResponse.fromJson({ active: true, token_type: 'bearer', cnf: { kid: 'AQ' } }),
      ),
    ).toMatchObject({ name: 'DecodeError', reason: 'conflicting_members', path: 'cnf' })
    // RFC 8705 §3.2: a token that is bound to a certificate is no other type.
    const bound = { active: true, token_type: 'Bearer', cnf: { 'x5t#S256': 'AQ' } }
    expect(IntrospectionResponse.fromJson(bound).toJson()).toEqual(bound)
  })

  describe('RFC 7662 §2.2: of an inactive token it tells just that', () => {
    it('more is taken, listed, and not built', () => {
      const response = IntrospectionResponse.fromCbor(fromHex('a2 02 6161 0a f4'))
      expect(response.violations).toEqual([{ rule: 'members_of_inactive', path: 'active' }])
      expect(response.sub).toBe('a')
      expect(refusal(() => response.toCbor())).toEqual({
        name: 'EncodeError',
        reason: 'violation',
        path: 'active',
      })
      expect(
        refusal(() => IntrospectionResponse.fromJson({ active: false, sub: 'a' }, { strict: true })),
      ).toMatchObject({ name: 'DecodeError', reason: 'violation', path: 'active' })
      expect(refusal(() => new IntrospectionResponse({ active: false, sub: 'a' }))).toEqual({
        name: 'EncodeError',
        reason: 'violation',
        path: 'active',
      })
    })
    it('and so is a member that the message does not know', () => {
      expect(IntrospectionResponse.fromCbor(fromHex('a2 0a f4 3a00011170 01')).violations).toEqual([
        { rule: 'members_of_inactive', path: 'active' },
      ])
      expect(IntrospectionResponse.fromJson({ active: false, x: 1 }).violations).toEqual([
        { rule: 'members_of_inactive', path: 'active' },
      ])
    })
  })

  describe('dates (RFC 8392 §2)', () => {
    for (const [hex, value] of [
      ['00', 0],
      ['20', -1],
      ['1a5d30f4b0', 1_563_489_456],
      ['f93e00', 1.5],
      ['fb41d74c3d2c200000', 1_563_489_456.5],
      ['f93c00', 1],
      ['1bffffffffffffffff', 2n ** 64n - 1n],
    ] as const)
      it(`${hex} is ${value}`, () => {
        expect(IntrospectionResponse.fromCbor(fromHex(`a2 04 ${hex} 0a f5`)).exp).toBe(value)
      })
    it('erratum 8617: are finite', () => {
      for (const hex of ['f97e00', 'f97c00', 'f9fc00', 'fa7f800000', 'fb7ff8000000000000'])
        for (const [name, key] of [
          ['exp', '04'],
          ['nbf', '05'],
          ['iat', '06'],
        ])
          expect(
            refusal(() => IntrospectionResponse.fromCbor(fromHex(`a2 ${key} ${hex} 0a f5`))),
          ).toMatchObject({ reason: 'invalid_value', path: name, offset: 2 })
      for (const exp of [Number.NaN, 1 / 0]) {
        expect(refusal(() => IntrospectionResponse.fromJson({ active: true, exp })).reason).toBe(
          'unexpected_type',
        )
        expect(refusal(() => new IntrospectionResponse({ active: true, exp })).reason).toBe('unexpected_type')
      }
    })
    it('R8392-2-1: have no tag', () => {
      expect(refusal(() => IntrospectionResponse.fromCbor(fromHex('a2 04 c1 00 0a f5')))).toMatchObject({
        reason: 'unexpected_type',
        path: 'exp',
        offset: 2,
      })
    })
  })

  it('R9200-5.9.2-6: exi is unsigned', () => {
    expect(refusal(() => IntrospectionResponse.fromCbor(fromHex('a2 0a f5 1828 20')))).toMatchObject({
      reason: 'unexpected_type',
      path: 'exi',
      offset: 5,
    })
  })

  it('RFC 7519 §4.1.3: aud is one text or a list of them', () => {
    expect(IntrospectionResponse.fromCbor(fromHex('a2 03 6161 0a f5')).aud).toBe('a')
    expect(IntrospectionResponse.fromCbor(fromHex('a2 03 9f 6161 7fff ff 0a f5')).aud).toEqual(['a', ''])
    expect(refusal(() => IntrospectionResponse.fromCbor(fromHex('a2 03 82 6161 01 0a f5')))).toMatchObject({
      reason: 'unexpected_type',
      path: 'aud',
      offset: 5,
    })
    expect(refusal(() => IntrospectionResponse.fromJson({ active: true, aud: ['a', 1] }))).toMatchObject({
      reason: 'unexpected_type',
      path: 'aud.1',
    })
    expect(refusal(() => new IntrospectionResponse({ active: true, aud: ['a', 1 as never] }))).toEqual({
      name: 'EncodeError',
      reason: 'unexpected_type',
      path: 'aud',
    })
  })

  it('lists a code that nobody registered', () => {
    expect(IntrospectionResponse.fromCbor(fromHex('a2 0a f5 1826 1863')).violations).toEqual([
      { rule: 'unassigned_code', path: 'ace_profile' },
    ])
  })

  it('shows no key', () => {
    const response = new IntrospectionResponse({
      active: true,
      cnf: { COSE_Key: { kty: 'Symmetric', k: fromHex('5ec7e75ec7e7') } },
    })
    for (const shown of [`${response}`, inspect(response)])
      expect(shown).toBe(
        'IntrospectionResponse { cnf: { COSE_Key: { kty: "Symmetric", k: <6 secret bytes> } }, active: true }',
      )
  })
})

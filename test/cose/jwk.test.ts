import { describe, expect, it } from 'vitest'
import {
  AccessTokenRequest,
  type CoseKey,
  decodeCoseKey,
  encodeCoseKey,
  fromJwk,
  toJwk,
} from '../../src/index.ts'
import { fromHex, refusal } from '../cbor/bytes.ts'

const x = Uint8Array.of(1)

describe('COSE keys and JWKs (RFC 7517, RFC 9053)', () => {
  for (const [key, jwk] of [
    [
      { kty: 'EC2', crv: 'P-256', x, y: x },
      { kty: 'EC', crv: 'P-256', x: 'AQ', y: 'AQ' },
    ],
    [
      { kty: 'EC2', crv: 'P-384', x, y: x, d: x },
      { kty: 'EC', crv: 'P-384', x: 'AQ', y: 'AQ', d: 'AQ' },
    ],
    [
      { kty: 'OKP', crv: 'X25519', x },
      { kty: 'OKP', crv: 'X25519', x: 'AQ' },
    ],
    [
      { kty: 'Symmetric', k: x, kid: x },
      { kty: 'oct', k: 'AQ', kid: '~AQ' },
    ],
    [
      { kty: 'Symmetric', k: x, alg: 'HMAC 256/256', key_ops: ['MAC create', 'MAC verify'] },
      { kty: 'oct', k: 'AQ', alg: 'HS256', key_ops: ['sign', 'verify'] },
    ],
    [
      { kty: 'Symmetric', k: x, alg: 'A128GCM', key_ops: ['wrap key', 'unwrap key'] },
      { kty: 'oct', k: 'AQ', alg: 'A128GCM', key_ops: ['wrapKey', 'unwrapKey'] },
    ],
    [
      { kty: 'EC2', alg: 'ES256', key_ops: ['sign', 'verify', 'derive key', 'derive bits'] },
      { kty: 'EC', alg: 'ES256', key_ops: ['sign', 'verify', 'deriveKey', 'deriveBits'] },
    ],
    [
      { kty: 'EC2', kid: new Uint8Array(Buffer.from('a key.')) },
      { kty: 'EC', kid: 'a key.' },
    ],
    [
      { kty: 'RSA', alg: 'RSAES-OAEP w/ SHA-256', n: x, e: x, d: x, p: x, q: x, dP: x, dQ: x, qInv: x },
      {
        kty: 'RSA',
        alg: 'RSA-OAEP-256',
        n: 'AQ',
        e: 'AQ',
        d: 'AQ',
        p: 'AQ',
        q: 'AQ',
        dp: 'AQ',
        dq: 'AQ',
        qi: 'AQ',
      },
    ],
    [
      { kty: 'EC2', crv: 'secp256k1', alg: 'ES256K', x, y: x },
      { kty: 'EC', crv: 'secp256k1', alg: 'ES256K', x: 'AQ', y: 'AQ' },
    ],
    [
      { kty: 'OKP', unknown: [{ name: 'use', json: 'sig' }] },
      { kty: 'OKP', use: 'sig' },
    ],
  ] as const)
    it(`${JSON.stringify(jwk)}, there and back`, () => {
      expect(toJwk(key as CoseKey)).toEqual(jwk)
      expect(fromJwk(jwk)).toEqual(key)
    })

  it('tells nothing of a key that JWK has no words for', () => {
    for (const key of [
      { kty: 'EC2', y: true },
      { kty: 'OKP', 'Base IV': x },
      { kty: 'WalnutDSA' },
      { kty: -70_001 },
      { kty: 'OKP', alg: 'mine' },
      { kty: 'OKP', crv: 'mine' },
      { kty: 'OKP', crv: 99 },
      { kty: 'OKP', alg: -70_001 },
      { kty: 'OKP', key_ops: [99] },
      { kty: 'OKP', key_ops: ['MAC create'] },
      { kty: 'Symmetric', key_ops: ['sign'] },
      { kty: 'OKP', unknown: [{ key: -70_001, cbor: x }] },
      { kty: 'toString' },
    ] as readonly CoseKey[])
      expect(toJwk(key)).toBeUndefined()
  })

  it('keeps members that COSE has no parameter for, whatever their names', () => {
    const jwk = JSON.parse(
      '{"kty":"oct","k":"AQ","use":"sig","x5c":["a"],"__proto__":{"a":1},"constructor":1}',
    )
    expect(JSON.stringify(Object.entries(toJwk(fromJwk(jwk))!).sort())).toBe(
      JSON.stringify(Object.entries(jwk).sort()),
    )
  })

  for (const [what, jwk, member] of [
    ['a key type', { kty: 'new', d: 'AQ' }, 'kty'],
    ['the name that COSE has for a key type', { kty: 'EC2' }, 'kty'],
    ['a curve', { kty: 'EC', crv: 'BP-256', x: 'AQ', y: 'AQ' }, 'crv'],
    ['an algorithm', { kty: 'OKP', crv: 'X25519', x: 'AQ', alg: 'ECDH-ES' }, 'alg'],
    ['an algorithm of another key derivation', { kty: 'OKP', x: 'AQ', alg: 'ECDH-ES+A128KW' }, 'alg'],
    [
      'an operation',
      { kty: 'EC', crv: 'P-256', x: 'AQ', key_ops: ['verify', 'mine'], use: 'sig', x5c: ['a'] },
      'key_ops',
    ],
    ['no operation', { kty: 'EC', crv: 'P-256', x: 'AQ', key_ops: [] }, 'key_ops'],
  ] as const)
    it(`${what} that COSE has no integer for is kept in JSON and has no form in CBOR`, () => {
      const key = fromJwk(jwk)
      expect(toJwk(key)).toEqual(jwk)
      expect(refusal(() => encodeCoseKey(key))).toEqual({
        name: 'EncodeError',
        reason: 'no_cbor_form',
        path: member,
      })
      const request = AccessTokenRequest.fromJson({ req_cnf: { jwk } })
      expect(request.toJson()).toEqual({ req_cnf: { jwk } })
      expect(refusal(() => request.toCbor())).toMatchObject({
        reason: 'no_cbor_form',
        path: `req_cnf.COSE_Key.${member}`,
      })
    })

  it('an EC key of RFC 7517 is the COSE key of the same numbers', () => {
    const key = fromJwk({
      kty: 'EC',
      crv: 'P-256',
      x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
      y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
    })
    expect(decodeCoseKey(encodeCoseKey(key))).toEqual(key)
    expect(key.x).toEqual(fromHex('30a0424cd21c2944838a2d75c92b37e76ea20d9f00893a3b4eee8a3c0aafec3e'))
  })

  for (const [what, jwk, reason, path] of [
    ['no object', 'a', 'unexpected_type', ''],
    ['null', null, 'unexpected_type', ''],
    ['an array', [], 'unexpected_type', ''],
    ['no key type', {}, 'missing_member', 'kty'],
    ['a key type that is no text', { kty: 3 }, 'unexpected_type', 'kty'],
    ['a number for x', { kty: 'EC', x: 1 }, 'unexpected_type', 'x'],
    ['padding', { kty: 'oct', k: 'AQ==' }, 'invalid_value', 'k'],
    ['an algorithm that is no text', { kty: 'oct', alg: 5 }, 'unexpected_type', 'alg'],
    ['key_ops that are no array', { kty: 'oct', key_ops: 'sign' }, 'unexpected_type', 'key_ops'],
    ['an operation that is no text', { kty: 'oct', key_ops: [1] }, 'unexpected_type', 'key_ops'],
  ] as const)
    it(`refuses ${what}`, () => {
      expect(refusal(() => fromJwk(jwk))).toEqual({ name: 'DecodeError', reason, path, offset: undefined })
    })
})

import { decode as cbor2, encode as cbor2Encode } from 'cbor2'
import { describe, expect, it } from 'vitest'
import { AccessTokenRequest, type CoseKey, decodeCoseKey, encodeCoseKey } from '../../src/index.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

const x = Uint8Array.of(1, 2)

describe('COSE_Key (RFC 9052 §7, RFC 9053 §7)', () => {
  const keys: readonly (readonly [what: string, key: CoseKey, hex: string])[] = [
    ['an EC2 key', { kty: 'EC2', crv: 'P-256', x, y: x }, 'a4 0102 2001 21420102 22420102'],
    ['a compressed EC2 key', { kty: 'EC2', crv: 'P-256', x, y: true }, 'a4 0102 2001 21420102 22f5'],
    ['a private EC2 key', { kty: 'EC2', crv: 'P-521', d: x }, 'a3 0102 2003 23420102'],
    ['an OKP key', { kty: 'OKP', crv: 'Ed25519', x, d: x }, 'a4 0101 2006 21420102 23420102'],
    ['a symmetric key', { kty: 'Symmetric', k: x }, 'a2 0104 20420102'],
    [
      'all common parameters',
      {
        kty: 'Symmetric',
        kid: x,
        alg: 'HMAC 256/256',
        key_ops: ['MAC create', 'MAC verify'],
        'Base IV': x,
        k: x,
      },
      'a6 0104 02420102 0305 0482090a 05420102 20420102',
    ],
    [
      'codes of one’s own',
      { kty: -70_001, alg: 'my-alg', key_ops: [-70_002, 'mine'] },
      'a3 013a00011170 03666d792d616c67 04823a00011171646d696e65',
    ],
    ['a curve without a name', { kty: 'OKP', crv: 99 }, 'a2 0101 201863'],
    ['no parameter at all', { kty: 'RSA' }, 'a1 0103'],
    [
      'parameters of a key type that has no table',
      {
        kty: 'RSA',
        unknown: [
          { key: -1, cbor: fromHex('43010203') },
          { key: -12, cbor: fromHex('80') },
        ],
      },
      'a3 0103 2043010203 2b80',
    ],
    [
      'a parameter of another key type',
      { kty: 'Symmetric', k: x, unknown: [{ key: -2, cbor: fromHex('4101') }] },
      'a3 0104 20420102 214101',
    ],
  ]
  for (const [what, key, hex] of keys)
    it(`reads and writes ${what}`, () => {
      expect(decodeCoseKey(fromHex(hex))).toEqual(key)
      expect(toHex(encodeCoseKey(key))).toBe(hex.replaceAll(' ', ''))
      expect(toHex(cbor2Encode(cbor2(encodeCoseKey(key), { preferMap: true })))).toBe(hex.replaceAll(' ', ''))
    })

  describe('takes its members in any order', () => {
    for (const [what, hex, same] of [
      ['the curve before the key type', '20 01 01 02', '01 02 20 01'],
      ['a key of an unknown type with a map for a parameter', '20 a0 01 1863', '01 1863 20 a0'],
      ['an RSA key with a number in a long head', '21 1801 01 03', '01 03 21 1801'],
      ['an unknown key type with null', '22 f6 01 3a00011170', '01 3a00011170 22 f6'],
    ] as const)
      it(what, () => {
        expect(decodeCoseKey(fromHex(`a2${hex}`))).toEqual(decodeCoseKey(fromHex(`a2${same}`)))
      })
  })

  for (const [what, hex, reason, offset, path] of [
    ['no key type', 'a1 20 01', 'missing_member', 0, 'kty'],
    ['a key type of bytes', 'a1 01 4101', 'unexpected_type', 2, 'kty'],
    ['a kid of text', 'a2 01 02 02 6161', 'unexpected_type', 4, 'kid'],
    ['an algorithm of bytes', 'a2 01 02 03 41 01', 'unexpected_type', 4, 'alg'],
    ['key_ops that are no array', 'a2 01 02 04 01', 'unexpected_type', 4, 'key_ops'],
    ['a key twice', 'a2 01 02 1801 02', 'duplicate_key', 3, ''],
    ['no map', '80', 'unexpected_type', 0, ''],
  ] as const)
    it(`refuses ${what}`, () => {
      const found = refusal(() => decodeCoseKey(fromHex(hex)))
      expect(found).toMatchObject({ name: 'DecodeError', reason, offset })
      if (reason !== 'missing_member') expect(found.path).toBe(path)
    })

  it('refuses a parameter of the wrong type', () => {
    for (const hex of [
      'a2 0102 20 4101',
      'a2 0102 21 6161',
      'a2 0102 22 01',
      'a2 0101 23 f5',
      'a2 0104 20 01',
    ])
      expect(refusal(() => decodeCoseKey(fromHex(hex)))).toMatchObject({ reason: 'unexpected_type' })
  })

  it('refuses what may not be built, with the member', () => {
    const build = (key: unknown): unknown => new AccessTokenRequest({ req_cnf: { COSE_Key: key as CoseKey } })
    for (const [key, reason, path] of [
      [{}, 'missing_member', 'kty'],
      [{ kty: null }, 'missing_member', 'kty'],
      [{ kty: 'EC2', k: x }, 'unexpected_type', 'k'],
      [{ kty: 'OKP', y: x }, 'unexpected_type', 'y'],
      [{ kty: 'EC2', x: 'AQ' }, 'unexpected_type', 'x'],
      [{ kty: 'EC2', crv: x }, 'unexpected_type', 'crv'],
      [{ kty: 'Symmetric', key_ops: 'sign' }, 'unexpected_type', 'key_ops'],
      [{ kty: 'Symmetric', key_ops: [{}] }, 'unexpected_type', 'key_ops'],
      [{ kty: 'EC2', z: 1 }, 'unexpected_type', 'z'],
    ] as const)
      expect(refusal(() => build(key))).toEqual({
        name: 'EncodeError',
        reason,
        path: `req_cnf.COSE_Key.${path}`,
      })
    expect(refusal(() => build({ kty: 'EC2', unknown: [{ key: -2, cbor: x }] })).reason).toBe(
      'unexpected_type',
    )
    expect(refusal(() => build('AQ'))).toMatchObject({ reason: 'unexpected_type', path: 'req_cnf.COSE_Key' })
  })

  it('S-8: does not check the length of a key', () => {
    for (const length of [0, 15, 16, 17])
      expect(
        (decodeCoseKey(encodeCoseKey({ kty: 'Symmetric', k: new Uint8Array(length) })).k ?? []).length,
      ).toBe(length)
  })
})

describe('a label that is a text (RFC 9052 §1.5)', () => {
  it('is not the integer that is registered under that name', () => {
    for (const [hex, path, offset] of [
      ['a1 04 a1 01 a2 0102 03 654553323536', 'req_cnf.COSE_Key.alg', 8],
      ['a1 04 a1 01 a1 01 63454332', 'req_cnf.COSE_Key.kty', 6],
      ['a1 04 a1 01 a2 0102 20 65502d323536', 'req_cnf.COSE_Key.crv', 8],
      ['a1 04 a1 01 a2 0102 04 81 647369676e', 'req_cnf.COSE_Key.key_ops', 9],
      ['a1 04 a1 04 a1 04 654553323536', 'req_cnf.osc.alg', 6],
    ] as const)
      expect(refusal(() => AccessTokenRequest.fromCbor(fromHex(hex)))).toMatchObject({
        reason: 'invalid_value',
        path,
        offset,
      })
  })

  it('stays what it is in JSON, also where JOSE or JavaScript has something of that name', () => {
    for (const text of ['HS256', 'constructor', 'mine'])
      for (const members of [{ alg: text }, { key_ops: [text] }]) {
        const request = new AccessTokenRequest({ req_cnf: { COSE_Key: { kty: 'Symmetric', ...members } } })
        const back = AccessTokenRequest.fromJson(JSON.parse(JSON.stringify(request.toJson())))
        expect(toHex(back.toCbor())).toBe(toHex(request.toCbor()))
        expect(back.equals(request)).toBe(true)
      }
  })
})

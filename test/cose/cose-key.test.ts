import { inspect } from 'node:util'
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
    ['a curve without a name', { kty: 'OKP', crv: 99, x }, 'a3 0101 201863 21420102'],
    ['no parameter at all', { kty: 'WalnutDSA' }, 'a1 0106'],
    [
      'a private RSA key (RFC 8230 §4)',
      { kty: 'RSA', n: x, e: x, d: x, p: x, q: x, dP: x, dQ: x, qInv: x },
      'a9 0103 20420102 21420102 22420102 23420102 24420102 25420102 26420102 27420102',
    ],
    ['an AKP key', { kty: 'AKP', alg: 'ML-DSA-44', pub: x }, 'a3 0107 03382f 20420102'],
    [
      'parameters of a key type that has no table',
      {
        kty: 'WalnutDSA',
        unknown: [
          { key: -1, cbor: fromHex('43010203') },
          { key: -12, cbor: fromHex('80') },
        ],
      },
      'a3 0106 2043010203 2b80',
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
      ['a key with a number in a long head', '21 1801 01 06', '01 06 21 1801'],
      ['the key type in a long head', '20 01 01 1802', '01 02 20 01'],
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
    ['key_ops without an operation (RFC 9052 §7)', 'a2 01 02 04 80', 'invalid_value', 4, 'key_ops'],
    [
      'a text that JSON would read as an integer',
      'a2 01 02 03 73 39323233333732303336383534373735383038',
      'invalid_value',
      4,
      'alg',
    ],
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
    const refused = [
      [{}, 'missing_member', 'kty'],
      [{ kty: null }, 'unexpected_type', 'kty'],
      [{ kty: '\ud800' }, 'unexpected_type', 'kty'],
      [{ kty: 'EC2' }, 'missing_member', 'crv'],
      [{ kty: 'EC2', crv: 'P-256', x }, 'missing_member', 'y'],
      [{ kty: 'EC2', d: x }, 'missing_member', 'crv'],
      [{ kty: 'OKP', crv: 'X25519' }, 'missing_member', 'x'],
      [{ kty: 'RSA', n: x }, 'missing_member', 'e'],
      [{ kty: 'OKP', crv: 'P-256', x }, 'conflicting_members', 'crv'],
      [{ kty: 'Symmetric', k: x, alg: 'ES256' }, 'conflicting_members', 'alg'],
      [{ kty: 'Symmetric', k: x, d: x }, 'unexpected_type', 'd'],
      [{ kty: 'Symmetric', k: 'c2VjcmV0' }, 'unexpected_type', 'k'],
      [{ kty: 'Symmetric', alg: 1.5 }, 'unexpected_type', 'alg'],
      [{ kty: 'Symmetric', alg: 2n ** 70n }, 'unexpected_type', 'alg'],
      [{ kty: 'Symmetric', key_ops: [] }, 'invalid_value', 'key_ops'],
      [{ kty: 'Symmetric', unknown: [{ key: 1, cbor: x }] }, 'unexpected_type', '1'],
      [{ kty: 'EC2', k: x }, 'unexpected_type', 'k'],
      [{ kty: 'OKP', y: x }, 'unexpected_type', 'y'],
      [{ kty: 'EC2', x: 'AQ' }, 'unexpected_type', 'x'],
      [{ kty: 'EC2', crv: x }, 'unexpected_type', 'crv'],
      [{ kty: 'Symmetric', key_ops: 'sign' }, 'unexpected_type', 'key_ops'],
      [{ kty: 'Symmetric', key_ops: [{}] }, 'unexpected_type', 'key_ops'],
      [{ kty: 'EC2', z: 1 }, 'unexpected_type', 'z'],
    ] as const
    for (const [key, reason, path] of refused)
      expect(refusal(() => build(key))).toEqual({
        name: 'EncodeError',
        reason,
        path: `req_cnf.COSE_Key.${path}`,
      })
    for (const [key, reason, path] of refused)
      expect(refusal(() => encodeCoseKey(key as unknown as CoseKey))).toEqual({
        name: 'EncodeError',
        reason,
        path,
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

describe('an algorithm of OSCORE (RFC 9203 §3.2.1)', () => {
  it('is the integer or the name of the registry, which mean the same', () => {
    for (const alg of ['0a', '71 4145532d43434d2d31362d36342d313238']) {
      const request = AccessTokenRequest.fromCbor(fromHex(`a1 04 a1 04 a2 02 4101 04 ${alg}`))
      expect(request.req_cnf?.osc?.alg).toBe('AES-CCM-16-64-128')
      expect(toHex(request.toCbor())).toBe('a104a104a2024101040a')
    }
  })

  it('that is the text of digits stays that through JSON', () => {
    const request = AccessTokenRequest.fromCbor(fromHex('a1 04 a1 04 a2 02 4101 04 62 3130'))
    const back = AccessTokenRequest.fromJson(JSON.parse(JSON.stringify(request.toJson())))
    expect(toHex(back.toCbor())).toBe('a104a104a202410104623130')
    expect(back.equals(request)).toBe(true)
  })
})

describe('a key that is printed or put into JSON as it is', () => {
  it('hides its private part, and nothing else sees a difference', () => {
    const bytes = fromHex('5ec7e75ec7e7')
    for (const key of [
      { kty: 'Symmetric', k: bytes },
      { kty: 'OKP', crv: 'Ed25519', d: bytes },
      { kty: 'RSA', n: x, e: x, q: bytes },
    ] as const satisfies readonly CoseKey[]) {
      const read = decodeCoseKey(encodeCoseKey(key))
      const built = new AccessTokenRequest({ req_cnf: { COSE_Key: { kty: 'Symmetric', k: bytes } } })
      for (const shown of [
        inspect(read),
        JSON.stringify(read),
        inspect({ read }),
        JSON.stringify(built.req_cnf),
      ]) {
        expect(shown).not.toMatch(/5ec7e7|XsfnXsfn|94,\s*199/)
        expect(shown).toContain('<6 secret bytes>')
      }
      const { req_cnf } = new AccessTokenRequest({ req_cnf: { osc: { id: x, ms: bytes } } })
      for (const shown of [inspect(req_cnf), inspect(req_cnf?.osc), JSON.stringify(req_cnf?.osc)])
        expect(shown).toContain('<6 secret bytes>')
      // In type as well, their constructor being Object.
      expect(req_cnf).toStrictEqual({ osc: { id: x, ms: bytes } })
      expect(read).toStrictEqual(key)
      expect(`${read}`).toBe('[object Object]')
      expect(structuredClone(read)).toStrictEqual(key)
      expect(encodeCoseKey({ ...read })).toEqual(encodeCoseKey(key))
    }
  })
})

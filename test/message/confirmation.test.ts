import { describe, expect, it } from 'vitest'
import { AccessTokenRequest, type ConfirmationInput, encodeAif } from '../../src/index.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

const encrypt0 = '83 43a1010a a1054101 4102'
const read = (hex: string) => AccessTokenRequest.fromCbor(fromHex(`a1 04 ${hex}`)).req_cnf
const build = (req_cnf: ConfirmationInput) => new AccessTokenRequest({ req_cnf })
const json = (req_cnf: unknown) => AccessTokenRequest.fromJson({ req_cnf }).req_cnf
const ec2 = { kty: 'EC2', crv: 'P-256', x: Uint8Array.of(1), y: Uint8Array.of(2) } as const

describe('confirmation (RFC 8747 §3, RFC 9201)', () => {
  it('RFC 9201 Figure 1', () => {
    const hex =
      'a104a101a501020241112001215820bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff22582020138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e'
    const request = AccessTokenRequest.fromCbor(fromHex(hex))
    expect(request.req_cnf?.COSE_Key).toMatchObject({ kty: 'EC2', kid: Uint8Array.of(0x11), crv: 'P-256' })
    expect(toHex(request.toCbor())).toBe(hex)
    expect(request.toJson()).toEqual({
      req_cnf: {
        jwk: {
          kty: 'EC',
          kid: '~EQ',
          crv: 'P-256',
          x: 'usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8',
          y: 'IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4',
        },
      },
    })
  })

  it('has the keys of RFC 8747 §7.2 and RFC 9203', () => {
    for (const [hex, cnf] of [
      ['a1 01 a1 01 04', { COSE_Key: { kty: 'Symmetric' } }],
      ['a1 03 4101', { kid: Uint8Array.of(1) }],
      ['a1 04 a1 02 4101', { osc: { ms: Uint8Array.of(1) } }],
      ['a1 05 4101', { ckt: Uint8Array.of(1) }],
    ] as const) {
      expect(read(hex)).toEqual(cnf)
      expect(toHex(build(cnf).toCbor())).toBe(`a104${hex.replaceAll(' ', '')}`)
    }
  })

  describe('Encrypted_COSE_Key is a COSE_Encrypt or COSE_Encrypt0 structure (RFC 8747 §3.3)', () => {
    for (const [what, hex] of [
      ['untagged', encrypt0],
      ['tagged 16', `d0 ${encrypt0}`],
      ['tagged 16 in a longer head', `d810 ${encrypt0}`],
      ['tagged 16 in a head of three bytes', `d90010 ${encrypt0}`],
      ['tagged 96', 'd860 84 40 a0 4102 80'],
      ['tagged 96 in a longer head', 'd90060 84 40 a0 4102 80'],
      ['tagged 96 in the longest head', 'db0000000000000060 84 40 a0 4102 80'],
    ] as const)
      it(`${what} is taken as it came`, () => {
        const cnf = read(`a1 02 ${hex}`)
        expect(toHex(cnf!.Encrypted_COSE_Key!)).toBe(hex.replaceAll(' ', ''))
        const request = build({ Encrypted_COSE_Key: fromHex(hex) })
        expect(toHex(request.toCbor())).toBe(`a104a102${hex.replaceAll(' ', '')}`)
        expect(AccessTokenRequest.fromJson(request.toJson()).equals(request)).toBe(true)
      })
    for (const [what, hex] of [
      ['a byte string', '4101'],
      ['a map', 'a0'],
      ['another tag', `d2 ${encrypt0}`],
      ['a tag whose low byte is 16', `d91010 ${encrypt0}`],
      ['a tag of four bytes whose first is 16', `da10000000 ${encrypt0}`],
      ['the tag of no structure', 'd0 01'],
      ['a tag in the tag', `d0 d0 ${encrypt0}`],
    ] as const)
      it(`${what} is refused`, () => {
        expect(refusal(() => read(`a1 02 ${hex}`))).toMatchObject({
          name: 'DecodeError',
          reason: 'unexpected_type',
          path: 'req_cnf.Encrypted_COSE_Key',
        })
        expect(refusal(() => build({ Encrypted_COSE_Key: fromHex(hex) }))).toEqual({
          name: 'EncodeError',
          reason: 'invalid_value',
          path: 'req_cnf.Encrypted_COSE_Key',
        })
      })
    it('is refused by an EncodeError where it is built', () => {
      for (const hex of ['4101', 'ff', '', '8000'])
        expect(refusal(() => build({ Encrypted_COSE_Key: fromHex(hex) })).name).toBe('EncodeError')
    })
  })

  describe('R8747-3.1-2: is one key', () => {
    const keys = {
      COSE_Key: ec2,
      Encrypted_COSE_Key: fromHex(encrypt0),
      osc: { ms: Uint8Array.of(1) },
      jwe: 'a.b',
    } as const
    for (const [i, first] of Object.keys(keys).entries())
      for (const second of Object.keys(keys).slice(i + 1))
        it(`${first} and ${second} are refused together`, () => {
          const cnf = { [first]: keys[first as 'jwe'], [second]: keys[second as 'jwe'] }
          expect(refusal(() => build(cnf))).toEqual({
            name: 'EncodeError',
            reason: 'conflicting_members',
            path: `req_cnf.${second}`,
          })
        })
    it('in CBOR and JSON as well', () => {
      expect(refusal(() => read(`a2 01 a1 01 02 02 ${encrypt0}`))).toMatchObject({
        name: 'DecodeError',
        reason: 'conflicting_members',
      })
      expect(refusal(() => json({ jwk: { kty: 'EC' }, jwe: 'a.b' }))).toMatchObject({
        reason: 'conflicting_members',
        path: 'req_cnf.jwk',
      })
      expect(refusal(() => json({ jwk: { kty: 'EC' }, COSE_Key: 'oQEC' }))).toMatchObject({
        reason: 'conflicting_members',
      })
    })
    it('beside which the identifier of the key may stand', () => {
      expect(build({ COSE_Key: ec2, kid: Uint8Array.of(1) }).req_cnf).toEqual({
        COSE_Key: ec2,
        kid: Uint8Array.of(1),
      })
    })
    it('and not none', () => {
      expect(refusal(() => read('a0'))).toMatchObject({ reason: 'invalid_value', path: 'req_cnf' })
      expect(refusal(() => json({}))).toMatchObject({ reason: 'invalid_value', path: 'req_cnf' })
      expect(refusal(() => build({}))).toMatchObject({
        name: 'EncodeError',
        reason: 'invalid_value',
        path: 'req_cnf',
      })
    })
  })

  it('R8747-3.1-1: keeps methods that it does not know', () => {
    const cnf = read('a2 03 4101 3a00011170 f5')
    expect(cnf).toEqual({ kid: Uint8Array.of(1), unknown: [{ key: -70_001, cbor: fromHex('f5') }] })
    expect(toHex(AccessTokenRequest.fromCbor(fromHex('a104 a2 034101 3a00011170f5')).toCbor())).toBe(
      'a104a20341013a00011170f5',
    )
    expect(json({ kid: '~AQ', x: [1] })).toEqual({
      kid: Uint8Array.of(1),
      unknown: [{ name: 'x', json: [1] }],
    })
  })

  it('has methods that are in JSON only', () => {
    for (const cnf of [{ 'x5t#S256': Uint8Array.of(1) }, { jwe: 'a.b.c' }]) {
      const request = build(cnf)
      expect(AccessTokenRequest.fromJson(request.toJson()).equals(request)).toBe(true)
      expect(refusal(() => request.toCbor())).toEqual({
        name: 'EncodeError',
        reason: 'no_cbor_form',
        path: `req_cnf.${Object.keys(cnf)[0]}`,
      })
    }
    expect(json({ jkt: 'AQ' })).toEqual({ jkt: Uint8Array.of(1) })
  })

  it('tells a key that JWK has no words for by its CBOR', () => {
    const request = build({ COSE_Key: { ...ec2, y: true } })
    expect(request.toJson()).toEqual({ req_cnf: { COSE_Key: 'pAECIAEhQQEi9Q' } })
    expect(AccessTokenRequest.fromJson(request.toJson()).equals(request)).toBe(true)
    expect(refusal(() => json({ COSE_Key: '_w' }))).toMatchObject({
      name: 'DecodeError',
      reason: 'unexpected_break',
    })
    expect(refusal(() => json({ COSE_Key: '*' }))).toMatchObject({
      reason: 'invalid_value',
      path: 'req_cnf.COSE_Key',
    })
  })

  describe('OSCORE_Input_Material (RFC 9203 §3.2.1)', () => {
    it('has each of its members', () => {
      const osc = {
        id: Uint8Array.of(1),
        version: 1,
        ms: Uint8Array.of(2),
        hkdf: 'HMAC 512/512',
        alg: 'AES-CCM-16-64-128',
        salt: Uint8Array.of(3),
        contextId: Uint8Array.of(4),
      }
      const request = build({ osc })
      expect(toHex(request.toCbor())).toBe(
        'a104 a104 a7 004101 0101 024102 0307 040a 054103 064104'.replaceAll(' ', ''),
      )
      expect(AccessTokenRequest.fromCbor(request.toCbor()).req_cnf).toEqual({ osc })
      expect(AccessTokenRequest.fromJson(request.toJson()).req_cnf).toEqual({ osc })
    })
    it('refuses a wrong type by its path', () => {
      expect(refusal(() => read('a104 a1 02 6161'))).toMatchObject({
        reason: 'unexpected_type',
        path: 'req_cnf.osc.ms',
      })
      expect(refusal(() => read('a104 a1 01 20'))).toMatchObject({
        reason: 'unexpected_type',
        path: 'req_cnf.osc.version',
      })
    })
  })
})

describe('what is given wrong', () => {
  it('is told with its full path', () => {
    const known = [{ key: 3, cbor: Uint8Array.of(1) }]
    const COSE_Key = { kty: 'Symmetric', unknown: known } as const
    for (const [input, path] of [
      [{ scope: [['a', -1]] }, 'scope.0'],
      [{ req_cnf: { kid: 'aa', unknown: known } }, 'req_cnf.3'],
      [{ req_cnf: { COSE_Key } }, 'req_cnf.COSE_Key.3'],
    ] as const)
      expect(refusal(() => new AccessTokenRequest(input as never))).toMatchObject({
        name: 'EncodeError',
        reason: 'unexpected_type',
        path,
      })
    expect(refusal(() => encodeAif([['a', -1]]))).toMatchObject({ path: '0' })
  })
})

describe('a key in JSON as the base64url of its CBOR', () => {
  it('is refused with its full path, and without an offset into what nobody sees', () => {
    for (const [cnf, reason, path] of [
      [{ COSE_Key: 'oQE' }, 'truncated', 'req_cnf.COSE_Key'],
      [{ COSE_Key: 'oA' }, 'missing_member', 'req_cnf.COSE_Key.kty'],
      [{ COSE_Key: 'oAA' }, 'missing_member', 'req_cnf.COSE_Key.kty'],
      [{ COSE_Key: '+' }, 'invalid_value', 'req_cnf.COSE_Key'],
      [{ COSE_Key: 1 }, 'unexpected_type', 'req_cnf.COSE_Key'],
      [{ Encrypted_COSE_Key: 'gAA' }, 'trailing_bytes', 'req_cnf.Encrypted_COSE_Key'],
      [{ Encrypted_COSE_Key: 'AQ' }, 'unexpected_type', 'req_cnf.Encrypted_COSE_Key'],
    ] as const) {
      const refused = refusal(() => AccessTokenRequest.fromJson({ req_cnf: cnf }))
      expect(refused).toMatchObject({ name: 'DecodeError', reason, path })
      expect(refused.offset).toBeUndefined()
    }
  })
})

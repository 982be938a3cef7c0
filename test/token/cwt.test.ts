import { describe, expect, it } from 'vitest'
import { DecodeError } from '../../src/cbor/decode-error.ts'
import { coveredBytes } from '../../src/cose/authenticated-structure.ts'
import { decodeCoseMessage } from '../../src/cose/cose-message.ts'
import { decryptKey, encryptKey } from '../../src/cose/encrypted-key.ts'
import { openCose } from '../../src/cose/open-cose.ts'
import { protectDetached } from '../../src/cose/protect-cose.ts'
import { TokenKey } from '../../src/cose/token-key.ts'
import { EncodeError } from '../../src/table/encode-error.ts'
import { hex } from '../../src/table/hex.ts'
import { issueCwt, openCwt } from '../../src/token/cwt.ts'
import { TokenClaims } from '../../src/token/token-claims.ts'
import rfc8392 from '../../vectors/rfc8392.json' with { type: 'json' }
import rfc8747 from '../../vectors/rfc8747.json' with { type: 'json' }
import { textOf, unhex } from './bytes.ts'

function vector(id: string): (typeof rfc8392.vectors)[number] {
  return [...rfc8392.vectors, ...(rfc8747.vectors as unknown as typeof rfc8392.vectors)].find(
    (one) => one.id === id,
  )!
}

function keyOf(id: string): Promise<TokenKey> {
  return TokenKey.fromCose(unhex(vector(id).hex!))
}

const keys = async (): Promise<TokenKey[]> =>
  Promise.all([
    keyOf('rfc8392-key-ecdsa-p256'),
    keyOf('rfc8392-key-symmetric128'),
    keyOf('rfc8392-key-symmetric256-erratum8655'),
  ])

describe('RFC 8392, Appendix A', () => {
  it('A.1: the claims set, and the same bytes again', () => {
    const bytes = unhex(vector('rfc8392-claims-set').hex!)
    const claims = TokenClaims.fromCbor(bytes)
    expect(claims.toJson()).toEqual({
      iss: 'coap://as.example.com',
      sub: 'erikw',
      aud: 'coap://light.example.com',
      exp: 1444064944,
      nbf: 1443944944,
      iat: 1443944944,
      cti: 'C3E',
    })
    expect(claims.toCbor()).toEqual(bytes)
  })

  it.each([
    ['A.3 signed', 'rfc8392-signed', ['sign1 ES256']],
    ['A.4 MACed', 'rfc8392-maced', ['mac0 HMAC 256/64']],
    ['A.5 encrypted', 'rfc8392-encrypted', ['encrypt0 AES-CCM-16-64-128']],
    ['A.6 nested (R8392-7.2-4)', 'rfc8392-nested', ['encrypt0 AES-CCM-16-64-128', 'sign1 ES256']],
  ])('%s', async (_, id, layers) => {
    const opened = await openCwt(unhex(vector(id).hex!), { keys: await keys() })
    expect(hex(opened.claims.toCbor())).toBe(vector('rfc8392-claims-set').hex)
    expect(opened.layers.map(({ structure, alg }) => `${structure} ${alg}`)).toEqual(layers)
  })

  it('A.7: MACed, with a floating-point iat', async () => {
    const { claims } = await openCwt(unhex(vector('rfc8392-maced-float').hex!), { keys: await keys() })
    expect(claims.iat).toBe(1443944944.5)
  })

  it('what is covered is as printed', () => {
    for (const [id, field] of [
      ['rfc8392-signed', 'toBeSigned'],
      ['rfc8392-maced', 'toBeMaced'],
      ['rfc8392-encrypted', 'aad'],
    ] as const) {
      const { structure, protectedBytes, content } = decodeCoseMessage(unhex(vector(id).hex!))
      const covered = coveredBytes(
        structure,
        protectedBytes,
        new Uint8Array(0),
        structure === 'encrypt0' ? undefined : content,
      )
      expect(hex(covered)).toBe(vector(id)[field])
    }
  })

  it.each(['rfc8392-signed-tampered', 'rfc8392-maced-tampered', 'rfc8392-encrypted-tampered'])(
    'refuses %s (R8392-7.2-1)',
    async (id) => {
      await expect(openCwt(unhex(vector(id).hex!), { keys: await keys() })).rejects.toMatchObject({
        reason: 'verification_failed',
      })
    },
  )

  it('refuses the MAC key as printed, which names another algorithm (erratum 8655, RFC 9052 §7.1)', async () => {
    const printed = await keyOf('rfc8392-key-symmetric256')
    const open = openCwt(unhex(vector('rfc8392-maced').hex!), { keys: printed, algorithms: ['HMAC 256/64'] })
    await expect(open).rejects.toMatchObject({ reason: 'key_unsuitable' })
  })

  it('makes the same bytes again where nothing is random: A.4 and A.5', async () => {
    const [, aes, mac] = await keys()
    const claims = TokenClaims.fromCbor(unhex(vector('rfc8392-claims-set').hex!))
    expect(hex(await issueCwt(claims, mac!, { cwtTag: true }))).toBe(vector('rfc8392-maced').hex)
    const iv = unhex('99a0d7846e762c49ffe8a63e0b')
    expect(hex(await issueCwt(claims, aes!, { iv }))).toBe(vector('rfc8392-encrypted').hex)
  })
})

describe('RFC 8747', () => {
  it.each(rfc8747.vectors.filter(({ map }) => map === 'cwt_claims').map(({ id, hex }) => [id, hex]))(
    'R9202-3.2.2-6: reads %s',
    (_, digits) => {
      const claims = TokenClaims.fromCbor(unhex(digits!))
      expect(claims.cnf).toBeDefined()
      expect(TokenClaims.fromCbor(claims.toCbor()).equals(claims)).toBe(true)
    },
  )

  it('§3.3: decrypts the Encrypted_COSE_Key', async () => {
    const { cnf } = TokenClaims.fromCbor(unhex(vector('rfc8747-3.3-encrypted-cose-key').hex!))
    const keys = await TokenKey.fromBytes(unhex('6162630405060708090a0b0c0d0e0f10'), {
      alg: 'AES-CCM-16-64-128',
    })
    const decrypted = await decryptKey(cnf!.Encrypted_COSE_Key!, { keys })
    const example = await keyOf('rfc8747-3.3-symmetric')
    expect(hex(decrypted.k!)).toBe(hex(example.toPrivateBytes()))
  })

  it('§3.3: encrypts a key for the resource server', async () => {
    const [as, rs, pop] = await Promise.all([
      TokenKey.generate('ES256'),
      TokenKey.generate('AES-CCM-16-64-128'),
      TokenKey.generate('HMAC 256/256'),
    ])
    const token = await issueCwt({ aud: 'rs', cnf: { Encrypted_COSE_Key: await encryptKey(pop, rs) } }, as)
    const { claims } = await openCwt(token, { keys: as.publicKey() })
    const key = await decryptKey(claims.cnf!.Encrypted_COSE_Key!, { keys: rs })
    expect((await TokenKey.fromCose(key)).toPrivateCbor()).toEqual(pop.toPrivateCbor())
    await expect(encryptKey(pop, as)).rejects.toMatchObject({ reason: 'key_unsuitable' })
  })
})

describe('issuing', () => {
  it('gives a token the one form that a revocation list needs, layer by layer (R9770-3-1, R9770-3-2)', async () => {
    const [signing, aead] = await Promise.all([
      TokenKey.generate('ES256', { kid: 's' }),
      TokenKey.generate('AES-CCM-16-64-128', { kid: 'e' }),
    ])
    const token = await issueCwt({ aud: 'rs' }, signing, {
      encryptWith: aead,
      cwtTag: true,
      allHeadersProtected: true,
    })
    // 61(16([ ..., {}, ... ]))
    expect([...token.subarray(0, 4)]).toEqual([0xd8, 61, 0xd0, 0x83])
    const outer = decodeCoseMessage(token)
    const { payload } = await openCose(token, { keys: aead })
    for (const layer of [outer, decodeCoseMessage(payload)]) expect(layer.unprotected).toEqual({})
    expect((await openCwt(token, { keys: [signing, aead] })).claims.aud).toBe('rs')
  })

  it('puts no secret key into a token that is not encrypted (R9200-5.10.1.1-2, R9200-6.1-2, R8747-3.2-1, R9202-3.2.1-8, R9202-3.3.1-6, R9203-3.2-3, R9203-3.2-4)', async () => {
    const [signing, mac, aead] = await Promise.all([
      TokenKey.generate('ES256'),
      TokenKey.generate('HMAC 256/256'),
      TokenKey.generate('AES-CCM-16-64-128'),
    ])
    const secrets = [
      { COSE_Key: { kty: 'Symmetric', k: new Uint8Array(16) } },
      { osc: { id: Uint8Array.of(1), ms: new Uint8Array(16) } },
    ]
    for (const cnf of secrets) {
      for (const key of [signing, mac])
        await expect(issueCwt({ cnf }, key)).rejects.toBeInstanceOf(EncodeError)
      await expect(issueCwt({ cnf }, aead)).resolves.toBeDefined()
      await expect(issueCwt({ cnf }, signing, { encryptWith: aead })).resolves.toBeDefined()
    }
    await expect(issueCwt({ cnf: { COSE_Key: signing.toPrivateCose() } }, aead)).rejects.toMatchObject({
      path: 'cnf.COSE_Key',
    })
    await expect(issueCwt({}, signing, { encryptWith: mac })).rejects.toMatchObject({
      reason: 'key_unsuitable',
    })
  })

  it.each(['ES256', 'HMAC 256/256', 'HMAC 256/64'] as const)(
    'what is encrypted, or travels beside, is not in the memory around what is given out: %s',
    async (alg) => {
      const [inner, encryptWith] = await Promise.all([
        TokenKey.generate(alg),
        TokenKey.generate('AES-CCM-16-64-128'),
      ])
      const secret = Buffer.from('one secret of 24 bytes..')
      const cnf = { COSE_Key: { kty: 'Symmetric', k: secret } }
      const given: Uint8Array[] = []
      for (let i = 0; i < 3; i++) {
        const token = await issueCwt({ cnf }, inner, { encryptWith })
        await openCwt(token, { keys: [inner, encryptWith] })
        const { message } = await protectDetached(secret, inner, { detached: true })
        await openCose(message, { keys: [inner], detached: secret })
        given.push(token, message, await issueCwt({ scope: 'read' }, inner))
      }
      for (const { buffer } of given) expect(Buffer.from(buffer).includes(secret)).toBe(false)
    },
  )

  it('adds cti to exi, or refuses (R9200-5.10.3-1)', () => {
    expect(() => new TokenClaims({ exi: 60 })).toThrow(EncodeError)
    expect(() => TokenClaims.fromCbor(unhex('a11828183c'))).toThrow(DecodeError)
    expect(new TokenClaims({ exi: 60, cti: Uint8Array.of(1) }).exi).toBe(60)
  })

  it.each([
    ['NaN (erratum 8617)', 'a104f97e00', 'invalid_value'],
    ['infinity (erratum 8617)', 'a104f97c00', 'invalid_value'],
    ['a tagged date (R8392-2-1, R8392-5-1)', 'a104c11a5612aeb0', 'unexpected_type'],
    ['a text for exp', 'a1046131', 'unexpected_type'],
    ['a negative exi (R9200-5.10.3-4)', 'a20741011828 20'.replace(' ', ''), 'unexpected_type'],
    ['a byte string as key (erratum 5710)', 'a1410100', 'unexpected_type'],
    ['exp twice', 'a204000401', 'duplicate_key'],
    ['an array (R8392-7.2-5)', '80', 'unexpected_type'],
  ])('refuses %s', (_, digits, reason) => {
    expect(() => TokenClaims.fromCbor(unhex(digits))).toThrow(expect.objectContaining({ reason }))
  })

  it('keeps claims that it does not know (R8392-3-1)', () => {
    const bytes = unhex('a21863012063616263')
    expect(TokenClaims.fromCbor(bytes).toCbor()).toEqual(bytes)
  })

  it('a token with a P-256 cnf in COSE_Encrypt0 fits in 256 bytes', async () => {
    const [shared, client] = await Promise.all([
      TokenKey.generate('AES-CCM-16-64-128', { kid: 'rs1' }),
      TokenKey.generate('ES256'),
    ])
    const { kty, crv, x, y } = client.toCose()
    const claims = {
      iss: 'coaps://as.example.com',
      aud: 'tempSensor4711',
      exp: 1_800_000_000,
      iat: 1_799_996_400,
      cti: new Uint8Array(8),
      scope: 'temperature_g firmware_p',
      ace_profile: 'coap_dtls',
      cnf: { COSE_Key: { kty, crv: crv!, x: x!, y: y! } },
    }
    const token = await issueCwt(claims, shared)
    expect(token.length).toBeLessThanOrEqual(256)
  })

  it('refuses more layers than three', async () => {
    const key = await TokenKey.generate('HMAC 256/256')
    let token = await issueCwt({ sub: 'x' }, key)
    const { protectCose } = await import('../../src/cose/protect-cose.ts')
    for (let i = 0; i < 3; i++) token = await protectCose(token, key)
    await expect(openCwt(token, { keys: key })).rejects.toMatchObject({ reason: 'wrong_structure' })
  })

  it('takes an untagged message where it is told what it is (R8392-7.2-2)', async () => {
    const key = await TokenKey.generate('HMAC 256/256')
    const token = await issueCwt({ sub: 'x' }, key, { tagged: false })
    await expect(openCwt(token, { keys: key })).rejects.toMatchObject({ reason: 'wrong_structure' })
    expect((await openCwt(token, { keys: key, untagged: 'mac0' })).claims.sub).toBe('x')
    expect(textOf((await openCose(token, { keys: key, untagged: 'mac0' })).payload)).toContain('x')
  })
})

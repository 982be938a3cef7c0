import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { calculateJwkThumbprint } from 'jose'
import { describe, expect, it } from 'vitest'
import { DecodeError } from '../../src/cbor/decode-error.ts'
import { openCose } from '../../src/cose/open-cose.ts'
import { protectCose } from '../../src/cose/protect-cose.ts'
import { TokenKey } from '../../src/cose/token-key.ts'
import { hex } from '../../src/table/hex.ts'
import examples from '../../vectors/rfc8392.json' with { type: 'json' }
import { textOf, unhex } from '../token/bytes.ts'

function vector(id: string): Uint8Array {
  return unhex(examples.vectors.find((one) => one.id === id)!.hex!)
}

const kinds = [
  'ES256',
  'ES384',
  'EdDSA',
  'X25519',
  'HMAC 256/64',
  'HMAC 384/384',
  'AES-CCM-16-64-128',
  'A256GCM',
] as const

describe('keys', () => {
  it.each(kinds)('go through COSE, JWK and bytes and back: %s', async (kind) => {
    const key = await TokenKey.generate(kind, { kid: Uint8Array.of(1, 2, 3) })
    const whole = key.toPrivateCbor()
    expect((await TokenKey.fromCose(whole)).toPrivateCbor()).toEqual(whole)
    const fromJwk = await TokenKey.fromJwk(key.toPrivateJwk())
    expect(fromJwk.toPrivateCbor()).toEqual(whole)
    expect(await fromJwk.thumbprint()).toEqual(await key.thumbprint())
    if (key.kty === 'Symmetric') {
      expect(
        (await TokenKey.fromBytes(key.toPrivateBytes(), { kid: key.kid!, alg: key.alg! })).toPrivateCbor(),
      ).toEqual(whole)
      const object = await key.toKeyObject('private')
      expect((await TokenKey.fromKeyObject(object)).toPrivateBytes()).toEqual(key.toPrivateBytes())
      return
    }
    expect((await TokenKey.fromJwk(key.toJwk())).toCbor()).toEqual(key.toCbor())
    const labels = { kid: key.kid!, ...(key.alg && { alg: key.alg }) }
    expect((await TokenKey.fromPublicBytes(key.crv!, key.toPublicBytes(), labels)).toCbor()).toEqual(
      key.toCbor(),
    )
    expect((await TokenKey.fromKeyObject(await key.toKeyObject('private'), labels)).toPrivateCbor()).toEqual(
      whole,
    )
    expect((await TokenKey.fromKeyObject(await key.toKeyObject('public'), labels)).toCbor()).toEqual(
      key.toCbor(),
    )
  })

  it('go through CryptoKey and back', async () => {
    const key = await TokenKey.generate('ES256')
    const web = await key.toCryptoKey({ name: 'ECDSA', namedCurve: 'P-256' }, ['sign'])
    expect((await TokenKey.fromCryptoKey(web, { alg: 'ES256' })).toPrivateCbor()).toEqual(key.toPrivateCbor())
    const locked = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    await expect(TokenKey.fromCryptoKey(locked)).rejects.toThrow(/extractable/)
  })

  it('take the keys of RFC 8392 A.2', async () => {
    const p256 = await TokenKey.fromCose(vector('rfc8392-key-ecdsa-p256'))
    expect([p256.kty, p256.crv, p256.alg, p256.isPrivate]).toEqual(['EC2', 'P-256', 'ES256', true])
    expect(textOf(p256.kid!)).toBe('AsymmetricECDSA256')
    const symmetric = await TokenKey.fromCose(vector('rfc8392-key-symmetric128'))
    expect([symmetric.kty, symmetric.alg]).toEqual(['Symmetric', 'AES-CCM-16-64-128'])
    await expect(TokenKey.fromCose(vector('rfc8392-key-symmetric256-diag'))).rejects.toBeInstanceOf(
      DecodeError,
    )
  })

  it('compute the public part of a private key, and refuse one that does not go with it', async () => {
    for (const kind of ['ES256', 'ES384', 'EdDSA', 'X25519'] as const) {
      const key = await TokenKey.generate(kind)
      const { x: _, y: __, ...bare } = key.toPrivateCose()
      expect((await TokenKey.fromCose(bare)).toPrivateCbor()).toEqual(key.toPrivateCbor())
      const other = await TokenKey.generate(kind)
      const mixed = {
        ...key.toPrivateCose(),
        x: other.toCose().x!,
        ...(other.toCose().y !== undefined && { y: other.toCose().y! }),
      }
      await expect(TokenKey.fromCose(mixed)).rejects.toMatchObject({ reason: 'key_invalid' })
    }
  })

  it('decompress points as node:crypto does (RFC 9053 §7.1.1)', async () => {
    for (const [curve, crv] of [
      ['P-256', 'P-256'],
      ['P-384', 'P-384'],
    ] as const)
      for (let i = 0; i < 20; i++) {
        const { publicKey } = generateKeyPairSync('ec', { namedCurve: curve })
        const key = await TokenKey.fromKeyObject(publicKey)
        const point = key.toPublicBytes()
        const half = (point.length + 1) / 2
        const isOdd = (point.at(-1)! & 1) === 1
        const compressed = Uint8Array.of(isOdd ? 3 : 2, ...point.subarray(1, half))
        expect((await TokenKey.fromPublicBytes(crv, compressed)).toPublicBytes()).toEqual(point)
        const asCose = await TokenKey.fromCose({ kty: 'EC2', crv, x: point.slice(1, half), y: isOdd })
        expect(await asCose.thumbprint()).toEqual(await key.thumbprint())
      }
  })

  const x = 'usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8'
  it.each([
    ['a point that is not on the curve', { kty: 'EC', crv: 'P-256', x, y: x }],
    ['a point beyond the field', { kty: 'EC', crv: 'P-256', x: `${'_'.repeat(42)}8`, y: x }],
    ['coordinates of another curve', { kty: 'EC', crv: 'P-384', x, y: x }],
    ['a public key without y', { kty: 'EC', crv: 'P-256', x }],
    ['a curve of another key type', { kty: 'OKP', crv: 'P-256', x }],
    ['a curve that the library does not have', { kty: 'EC', crv: 'P-521', x, y: x }],
    ['a symmetric key without k', { kty: 'oct' }],
    ['an empty symmetric key', { kty: 'oct', k: '' }],
    ['a private key of zero', { kty: 'EC', crv: 'P-256', d: 'A'.repeat(43) }],
  ])('refuse %s', async (_, jwk) => {
    await expect(TokenKey.fromJwk(jwk)).rejects.toMatchObject({
      name: 'CoseError',
      reason: 'key_invalid',
    })
  })

  it('refuse a length that the algorithm has not', async () => {
    const short = await TokenKey.fromBytes(new Uint8Array(15), { alg: 'AES-CCM-16-64-128' })
    await expect(protectCose(new Uint8Array(0), short)).rejects.toMatchObject({ reason: 'key_unsuitable' })
    const weak = await TokenKey.fromBytes(new Uint8Array(31), { alg: 'HMAC 256/64' })
    await expect(protectCose(new Uint8Array(0), weak)).rejects.toMatchObject({ reason: 'key_unsuitable' })
  })

  it('show no private part unasked', async () => {
    for (const kind of kinds) {
      const key = await TokenKey.generate(kind, { kid: 'one' })
      const secret = key.toPrivateBytes()
      const shown = [inspect(key, { depth: 9, showHidden: true }), JSON.stringify({ key }), `${key}`]
      if (key.kty !== 'Symmetric')
        shown.push(JSON.stringify(key.toJwk()), hex(key.toCbor()), inspect(key.toCose()))
      for (const text of shown) {
        expect(text).not.toContain(hex(secret))
        expect(text).not.toContain(Buffer.from(secret).toString('base64url'))
        expect(text).not.toContain([...secret.subarray(0, 8)].join(', '))
      }
    }
    const symmetric = await TokenKey.generate('A128GCM')
    for (const leak of [() => symmetric.toCose(), () => symmetric.toJwk(), () => symmetric.publicKey()])
      expect(leak).toThrow(expect.objectContaining({ reason: 'key_unsuitable' }))
  })

  it('drop operations that need the private part from the public one', async () => {
    const key = await TokenKey.generate('ES256', { key_ops: ['sign'] })
    expect(key.toCose().key_ops).toBeUndefined()
    expect(key.toPrivateCose().key_ops).toEqual(['sign'])
  })

  it('give a copy that changes nothing', async () => {
    const key = await TokenKey.generate('HMAC 256/64')
    const message = await protectCose(new Uint8Array(1), key)
    key.toPrivateBytes().fill(0)
    key.toPrivateCose().k!.fill(0)
    await expect(openCose(message, { keys: key })).resolves.toBeDefined()
  })
})

describe('thumbprints', () => {
  it('are those of RFC 9679 §6', async () => {
    const key = await TokenKey.fromCose({
      kty: 'EC2',
      crv: 'P-256',
      kid: 'meriadoc.brandybuck@buckland.example',
      x: unhex('65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d'),
      y: unhex('1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c'),
    })
    expect(hex(await key.thumbprint())).toBe(
      '496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec',
    )
  })

  it('of a symmetric key cover k', async () => {
    const key = await TokenKey.fromBytes(unhex('849b5786457c1491be3a76dcea6c4271'), { alg: 'A128GCM' })
    expect(hex(await key.thumbprint())).toBe(
      'a2415ba0fc101d948490e9434e19e8b94172f5432b4dc924db6eddcfbc2577ed',
    )
  })

  it.each(['ES256', 'ES384', 'EdDSA', 'X25519', 'A128GCM'] as const)(
    'of a JWK are those of jose: %s',
    async (kind) => {
      const key = await TokenKey.generate(kind)
      const { alg: _, ...jwk } = key.toPrivateJwk()
      const expected = await calculateJwkThumbprint(jwk as never)
      expect(Buffer.from(await key.jwkThumbprint()).toString('base64url')).toBe(expected)
      if (kind === 'ES384')
        expect(createPublicKey({ key: key.toJwk() as never, format: 'jwk' }).asymmetricKeyType).toBe('ec')
    },
  )
})

import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenKey } from '../../src/cose/token-key.ts'
import { unhex } from '../token/bytes.ts'

const invalid = { name: 'CoseError', reason: 'key_invalid' }
const be = (value: bigint, length: number): Uint8Array => unhex(value.toString(16).padStart(2 * length, '0'))
const le = (value: bigint, length = 32): Uint8Array => be(value, length).reverse()
const p = 2n ** 255n - 19n
const orders = {
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  'P-384':
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
} as const

/** The y coordinates of the points of small order of Ed25519: 1, 2, 4 and 8. */
const smallY = [
  1n,
  p - 1n,
  0n,
  BigInt('0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7'),
  BigInt('0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826'),
]

describe('a private key of P-256 and P-384 (SEC 1 §3.2.1)', () => {
  it.each(Object.entries(orders))('of %s is from 1 to n - 1', async (crv, n) => {
    const length = crv === 'P-256' ? 32 : 48
    const most = (1n << BigInt(length * 8)) - 1n
    for (const d of [0n, n, n + 1n, most])
      await expect(TokenKey.fromCose({ kty: 'EC2', crv, d: be(d, length) })).rejects.toMatchObject(invalid)
    for (const d of [1n, n - 1n])
      expect((await TokenKey.fromCose({ kty: 'EC2', crv, d: be(d, length) })).isPrivate).toBe(true)
  })
})

describe('a compressed point (SEC 1 §2.3.4)', () => {
  it('without a y, beyond the field, or with the sign of another private key is refused', async () => {
    const key = await TokenKey.generate('ES256')
    const { x, y, d } = key.toPrivateCose()
    const sign = ((y as Uint8Array).at(-1)! & 1) === 1
    const fromSign = (given: boolean): Promise<TokenKey> =>
      TokenKey.fromCose({ kty: 'EC2', crv: 'P-256', x: x!, y: given, d: d! })
    expect((await fromSign(sign)).toCose().y).toEqual(y)
    await expect(fromSign(!sign)).rejects.toMatchObject(invalid)
    for (const wrong of [be(7n, 32), new Uint8Array(32).fill(255)])
      await expect(TokenKey.fromCose({ kty: 'EC2', crv: 'P-256', x: wrong, y: true })).rejects.toMatchObject(
        invalid,
      )
  })
})

describe('a public key of Ed25519 (RFC 8032 §5.1.3)', () => {
  const take = (x: Uint8Array): Promise<TokenKey> => TokenKey.fromCose({ kty: 'OKP', crv: 'Ed25519', x })

  it('of small order, with which one signature is right for many messages, is refused', async () => {
    const x = le(1n)
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(x).toString('base64url') }
    const signature = Uint8Array.of(...le(1n), ...new Uint8Array(32))
    expect(verify(null, Buffer.from('any'), createPublicKey({ key: jwk, format: 'jwk' }), signature)).toBe(
      true,
    )
    for (const y of smallY)
      for (const sign of [0n, 1n << 255n]) await expect(take(le(y + sign))).rejects.toMatchObject(invalid)
  })

  it('that is not reduced, or no point, is refused', async () => {
    for (const y of [p, p + 1n, p + 3n, 2n ** 255n - 1n, 2n ** 256n - 1n])
      await expect(take(le(y))).rejects.toMatchObject(invalid)
    // 2 is the y of no point.
    await expect(take(le(2n))).rejects.toMatchObject(invalid)
  })

  it('is every one that node:crypto makes', async () => {
    for (let i = 0; i < 50; i++) {
      const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
      expect((await take(new Uint8Array(Buffer.from(x!, 'base64url')))).crv).toBe('Ed25519')
    }
  })
})

describe('a public key of X25519 (RFC 7748 §6.1)', () => {
  const take = (x: Uint8Array): Promise<TokenKey> => TokenKey.fromCose({ kty: 'OKP', crv: 'X25519', x })

  it('of small order, or not reduced, is refused', async () => {
    const small = [
      0n,
      1n,
      p - 1n,
      BigInt('0x00b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0'),
      BigInt('0x57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5f'),
    ]
    for (const u of [...small, p, p + 1n, p + 9n, 2n ** 255n + 9n])
      await expect(take(le(u))).rejects.toMatchObject(invalid)
  })

  it('is every one that node:crypto makes, and the base point', async () => {
    for (let i = 0; i < 50; i++) {
      const { x } = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' })
      expect((await take(new Uint8Array(Buffer.from(x!, 'base64url')))).crv).toBe('X25519')
    }
    expect((await take(le(9n))).crv).toBe('X25519')
  })
})

describe('no bytes at all', () => {
  it('end in anything but a key or a refusal', async () => {
    const property = fc.asyncProperty(
      fc.constantFrom('P-256', 'P-384', 'Ed25519', 'X25519'),
      fc.uint8Array({ minLength: 48, maxLength: 48 }),
      fc.boolean(),
      async (crv, bytes, y) => {
        const isOkp = crv.endsWith('25519')
        const x = bytes.subarray(0, crv === 'P-384' ? 48 : 32)
        const key = isOkp ? { kty: 'OKP', crv, x } : { kty: 'EC2', crv, x, y }
        await TokenKey.fromCose(key).catch((error: unknown) => expect(error).toMatchObject(invalid))
      },
    )
    await fc.assert(property, { numRuns: 100 })
  })
})

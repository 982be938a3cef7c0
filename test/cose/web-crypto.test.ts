import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { RuntimeKey } from '../../src/cose/runtime/runtime-key.ts'
import { hex } from '../../src/table/hex.ts'
import * as node from '../../src/token/index.ts'
import { unhex } from '../token/bytes.ts'
import { onWebCrypto } from './web-runtime.ts'

let web: typeof node

beforeAll(async () => {
  web = await onWebCrypto(() => import('../../src/token/index.ts'))
})

const ccm = ['AES-CCM-16-64-128', 'AES-CCM-16-64-256', 'AES-CCM-16-128-128', 'AES-CCM-16-128-256'] as const

const shared = [
  'ES256',
  'ES384',
  'EdDSA',
  'HMAC 256/64',
  'HMAC 256/256',
  'HMAC 384/384',
  'A128GCM',
  'A256GCM',
  ...ccm,
] as const
const missing = ['ChaCha20/Poly1305'] as const

describe('on WebCrypto alone', () => {
  it('has another TokenKey than on node:crypto', async () => {
    const key = await web.TokenKey.generate('ES256')
    await expect(key.toKeyObject('public')).rejects.toMatchObject({ reason: 'algorithm_unavailable' })
  })

  it.each(shared)('opens what node:crypto protects, and the other way round: %s', async (alg) => {
    const ours = await node.TokenKey.generate(alg, { kid: 'k' })
    const theirs = await web.TokenKey.fromCose(ours.toPrivateCbor())
    const payload = Uint8Array.of(1, 2, 3)
    const externalAad = Uint8Array.of(4)
    const opened = await web.openCose(await node.protectCose(payload, ours, { externalAad }), {
      keys: theirs,
      externalAad,
    })
    expect(opened.payload).toEqual(payload)
    const message = await web.protectCose(payload, theirs, { externalAad })
    expect((await node.openCose(message, { keys: ours, externalAad })).payload).toEqual(payload)
    const flipped = message.with(-1, message.at(-1)! ^ 1)
    await expect(web.openCose(flipped, { keys: theirs, externalAad })).rejects.toMatchObject({
      reason: 'verification_failed',
    })
    expect(await theirs.thumbprint()).toEqual(await ours.thumbprint())
  })

  it.each(ccm)('makes the same AES-CCM as node:crypto for any payload, AAD and IV: %s', async (alg) => {
    const property = fc.asyncProperty(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.uint8Array({ minLength: 13, maxLength: 13 }),
      fc.uint8Array({ maxLength: 100 }),
      fc.uint8Array({ maxLength: 100 }),
      async (half, iv, externalAad, payload) => {
        const k = alg.endsWith('256') ? Uint8Array.of(...half, ...half) : half
        const ours = await node.TokenKey.fromBytes(k, { alg })
        const theirs = await web.TokenKey.fromBytes(k, { alg })
        const message = await web.protectCose(payload, theirs, { iv, externalAad })
        expect(message).toEqual(await node.protectCose(payload, ours, { iv, externalAad }))
        expect((await web.openCose(message, { keys: theirs, externalAad })).payload).toEqual(payload)
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })

  it.each([0, 1, 15, 16, 17, 65_279, 65_280, 65_535])(
    'makes AES-CCM of %s bytes, of payload and of AAD',
    async (length) => {
      const ours = await node.TokenKey.generate('AES-CCM-16-64-128')
      const theirs = await web.TokenKey.fromCose(ours.toPrivateCose())
      const iv = new Uint8Array(13).fill(7)
      const payload = new Uint8Array(length).fill(3)
      const externalAad = new Uint8Array(length)
      expect(await web.protectCose(payload, theirs, { iv, externalAad })).toEqual(
        await node.protectCose(payload, ours, { iv, externalAad }),
      )
    },
  )

  it('AES-CCM is that of RFC 3610 §8, packet vectors 1 and 2, with their nonces of 13 bytes', async () => {
    const { sealCcm, unsealCcm } = await import('../../src/cose/runtime/aes-ccm.ts')
    const key = new RuntimeKey({ kty: 'Symmetric', k: unhex('c0c1c2c3c4c5c6c7c8c9cacbcccdcecf') })
    for (const [nonce, aad, plaintext, sealed] of [
      [
        '00000003020100a0a1a2a3a4a5',
        '0001020304050607',
        '08090a0b0c0d0e0f101112131415161718191a1b1c1d1e',
        '588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0',
      ],
      [
        '00000004030201a0a1a2a3a4a5',
        '0001020304050607',
        '08090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
        '72c91a36e135f8cf291ca894085c87e3cc15c439c9e43a3ba091d56e10400916',
      ],
    ] as const) {
      expect(hex(await sealCcm(key, 8, unhex(nonce), unhex(aad), unhex(plaintext)))).toBe(sealed)
      expect(hex((await unsealCcm(key, 8, unhex(nonce), unhex(aad), unhex(sealed)))!)).toBe(plaintext)
      expect(await unsealCcm(key, 8, unhex(nonce), unhex(aad), unhex(sealed).with(-1, 0xff))).toBeUndefined()
    }
  })

  it.each(missing)('says that WebCrypto has no %s', async (alg) => {
    const key = await web.TokenKey.generate(alg)
    const sealed = web.protectCose(new Uint8Array(1), key)
    await expect(sealed).rejects.toMatchObject({
      reason: 'algorithm_unavailable',
      message: expect.stringContaining(alg),
    })
    const ours = await node.TokenKey.fromCose(key.toPrivateCbor())
    const opened = web.openCose(await node.protectCose(new Uint8Array(1), ours), { keys: key })
    await expect(opened).rejects.toMatchObject({ reason: 'algorithm_unavailable' })
  })

  it.each(['ES256', 'ES384', 'EdDSA', 'X25519'] as const)('computes the public part of %s', async (kind) => {
    const key = await node.TokenKey.generate(kind)
    const { x: _, y: __, ...bare } = key.toPrivateCose()
    expect((await web.TokenKey.fromCose(bare)).toCbor()).toEqual(key.toCbor())
  })
})

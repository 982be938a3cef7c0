import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

// Modules of their own, which find no node:crypto, as in a browser.
type Token = typeof import('../../src/token/index.ts')
let web: Token
let node: Token

beforeAll(async () => {
  node = await import('../../src/token/index.ts')
  await node.TokenKey.generate('A128GCM').then((key) => node.protectCose(new Uint8Array(1), key))
  vi.resetModules()
  const { process } = globalThis
  vi.stubGlobal('process', { ...process, versions: {}, env: process.env })
  web = await import('../../src/token/index.ts')
  // It looks once.
  await web.hashReference(new Uint8Array(1))
  vi.unstubAllGlobals()
})

afterAll(() => void vi.unstubAllGlobals())

const shared = [
  'ES256',
  'ES384',
  'EdDSA',
  'HMAC 256/64',
  'HMAC 256/256',
  'HMAC 384/384',
  'A128GCM',
  'A256GCM',
] as const
const missing = ['AES-CCM-16-64-128', 'AES-CCM-16-128-256', 'ChaCha20/Poly1305'] as const

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

import { beforeAll, describe, expect, it } from 'vitest'
import { AccessTokenResponse, ErrorResponse } from '../../src/index.ts'
import * as nodeResourceServer from '../../src/resource-server/index.ts'
import * as nodeToken from '../../src/token/index.ts'
import { onWebCrypto } from './web-runtime.ts'

const node = { ...nodeToken, ...nodeResourceServer }

// On WebCrypto every operation waits.
let web: typeof node

beforeAll(async () => {
  web = await onWebCrypto(async () => ({
    ...(await import('../../src/token/index.ts')),
    ...(await import('../../src/resource-server/index.ts')),
  }))
})

const runtimes = [
  ['node:crypto', () => node],
  ['WebCrypto', () => web],
] as const

describe.each(runtimes)('memory that a caller uses again at once, on %s', (_, runtime) => {
  const payload = (text: string): Uint8Array => new TextEncoder().encode(text)

  it('an IV that is counted up gives two messages two nonces (RFC 9053 §4.1.1)', async () => {
    const { decodeCoseMessage, openCose, protectCose, TokenKey } = runtime()
    const key = await TokenKey.generate('A128GCM')
    const iv = new Uint8Array(12)
    const plaintext = payload('attack at dawn')
    const first = protectCose(plaintext, key, { iv })
    iv[11] = 1
    plaintext.fill(0)
    const second = protectCose(payload('retreat at ten'), key, { iv })
    const messages = await Promise.all([first, second])
    expect(messages.map((message) => decodeCoseMessage(message).unprotected.IV?.at(-1))).toEqual([0, 1])
    expect((await openCose(messages[0], { keys: key })).payload).toEqual(payload('attack at dawn'))
  })

  it('a partial IV that is counted up, and a Base IV that is changed, do so too', async () => {
    const { decodeCoseMessage, protectCose, TokenKey } = runtime()
    const base = new Uint8Array(12)
    const key = await TokenKey.fromCose({
      kty: 'Symmetric',
      k: new Uint8Array(16).fill(1),
      alg: 'A128GCM',
      'Base IV': base,
    })
    const partialIv = Uint8Array.of(1)
    const first = protectCose(payload('same'), key, { partialIv })
    base[11] = 3
    partialIv[0] = 2
    const second = protectCose(payload('same'), key, { partialIv })
    const [one, two] = (await Promise.all([first, second])).map((message) => decodeCoseMessage(message))
    expect([one!, two!].map(({ unprotected }) => unprotected['Partial IV'])).toEqual([
      Uint8Array.of(1),
      Uint8Array.of(2),
    ])
    expect(one!.content).not.toEqual(two!.content)
  })

  it('a decoded message shares no memory with its bytes, in none of its members', async () => {
    const { decodeCoseMessage, protectCose, TokenKey } = runtime()
    for (const alg of ['HMAC 256/256', 'A128GCM'] as const) {
      const message = await protectCose(payload('one'), await TokenKey.generate(alg, { kid: 'k' }))
      const decoded = decodeCoseMessage(message)
      for (const bytes of [
        decoded.protectedBytes,
        decoded.content!,
        decoded.authentication,
        decoded.unprotected.kid!,
      ])
        expect([bytes.buffer === message.buffer, bytes.buffer.byteLength]).toEqual([false, bytes.length])
    }
  })

  it('the payload of a MAC is the one that was given', async () => {
    const { openCose, protectCose, TokenKey } = runtime()
    const key = await TokenKey.generate('HMAC 256/256')
    const given = payload('one')
    const made = protectCose(given, key)
    given.fill(0)
    expect((await openCose(await made, { keys: key })).payload).toEqual(payload('one'))
  })

  it('a header is enforced as it is verified (RFC 9052 §3.1)', async () => {
    const { decodeCoseMessage, openCose, protectCose, TokenKey } = runtime()
    const key = await TokenKey.generate('ES256', { kid: 'k' })
    const critical = { crit: [-70001], unknown: [{ key: -70001, cbor: Uint8Array.of(0x18, 99) }] }
    const good = await protectCose(payload('only if understood'), key, { protected: critical })
    await expect(openCose(good, { keys: key })).rejects.toMatchObject({ reason: 'header_not_understood' })
    const { protectedBytes } = decodeCoseMessage(good)
    const memory = Uint8Array.from(good)
    // crit is label 2, and here becomes one that nobody needs to understand.
    memory[Buffer.from(good).indexOf(protectedBytes) + 3] = 10
    const opened = openCose(memory, { keys: async () => [key] })
    memory.set(good)
    await expect(opened).rejects.toMatchObject({ reason: 'verification_failed' })
  })

  it('a detached payload is the one that was verified', async () => {
    const { openCose, protectDetached, TokenKey } = runtime()
    const key = await TokenKey.generate('ES256')
    const { message } = await protectDetached(payload('firmware 1'), key, { detached: true })
    // With a key at hand, node:crypto is done before the call returns.
    const waiting = runtime() === node ? [] : [key]
    for (const keys of [...waiting, async () => [key]]) {
      const detached = payload('firmware 1')
      const opened = openCose(message, { keys, detached })
      detached.set(payload('EVILWARE 1'))
      expect((await opened).payload).toEqual(payload('firmware 1'))
    }
  })

  it('the hash of a token is of the one that was verified', async () => {
    const { hashReference, issueCwt, issueJwt, TokenKey, verifyAccessToken } = runtime()
    const key = await TokenKey.generate('ES256')
    const options = {
      issuers: [{ keys: key }],
      audiences: 'rs',
      recognizesScope: () => true,
      acceptsCnonce: async () => true,
    }
    const issued = async (scope: string): Promise<Uint8Array[]> => [
      await issueCwt({ aud: 'rs', scope, exp: 4_000_000_000 }, key),
      new TextEncoder().encode(await issueJwt({ aud: 'rs', scope, exp: 4_000_000_000 }, key)),
    ]
    const [ours, others] = await Promise.all([issued('aaaa'), issued('bbbb')])
    for (const [i, token] of ours.entries()) {
      const memory = Uint8Array.from(token)
      const verified = verifyAccessToken(memory, options)
      memory.set(others[i]!)
      const { claims, hash } = await verified
      expect([claims.scope, hash]).toEqual(['aaaa', await hashReference(token)])
    }
  })

  it('a key identifier is no part of the message', async () => {
    const { openCose, protectCose, TokenKey } = runtime()
    const key = await TokenKey.generate('HMAC 256/64', { kid: 'light' })
    const message = await protectCose(payload('x'), key)
    const { unprotected } = await openCose(message, { keys: key })
    message.fill(0)
    expect(unprotected.kid).toEqual(payload('light'))
  })
})

describe('memory of keys and results', () => {
  it('a key is given out in copies, and keeps nothing that it was given', async () => {
    const ops = ['verify'] as const
    const { x, y } = (await node.TokenKey.generate('ES256')).toCose()
    const kid = Buffer.from('k')
    const key = await node.TokenKey.fromCose({ kty: 'EC2', crv: 'P-256', x: x!, y: y!, kid, key_ops: ops })
    kid.fill(0)
    for (const out of [key.toCose(), key.toPrivateCose()]) {
      expect(out.kid).toEqual(new TextEncoder().encode('k'))
      ;(out.kid as Uint8Array).fill(1)
      expect(out.key_ops).not.toBe(ops)
      ;(out.key_ops as string[]).push('sign')
    }
    expect(key.toCose()).toMatchObject({ kid: new TextEncoder().encode('k'), key_ops: ['verify'] })
  })

  it('claims that were encrypted are not in the memory around what is received in the clear', async () => {
    const [as, rs] = await Promise.all([
      node.TokenKey.generate('ES256'),
      node.TokenKey.generate('AES-CCM-16-64-128'),
    ])
    const secret = Buffer.from('one secret of 24 bytes..')
    const cnf = { COSE_Key: { kty: 'Symmetric', k: secret } }
    const token = await node.issueCwt({ aud: 'rs', scope: 'x'.repeat(40), cnf }, as, { encryptWith: rs })
    await node.openCwt(token, { keys: [as, rs] })
    const sent = new AccessTokenResponse({ access_token: new Uint8Array(100) }).toCbor()
    const { access_token } = AccessTokenResponse.fromCbor(sent)
    expect(Buffer.from((access_token as Uint8Array).buffer).includes(secret)).toBe(false)
  })

  it('a detached ciphertext may be transferred without an error response', async () => {
    const refused = ErrorResponse.builder().error('invalid_request').build().toCbor()
    const key = await node.TokenKey.generate('A128GCM')
    const { detached } = await node.protectDetached(new Uint8Array(40), key, { detached: true })
    structuredClone(detached, { transfer: [detached.buffer as ArrayBuffer] })
    expect(refused).toHaveLength(4)
  })
})

describe('what is opened is held to the limits, and to what the algorithm takes', () => {
  it('the protected bucket, too', () => {
    const indefinite = Uint8Array.of(0xd2, 0x84, 0x44, 0xbf, 0x01, 0x26, 0xff, 0xa0, 0x41, 1, 0x41, 2)
    expect(node.decodeCoseMessage(indefinite).protected).toEqual({ alg: 'ES256' })
    expect(() => node.decodeCoseMessage(indefinite, undefined, { deterministic: true })).toThrow(
      expect.objectContaining({ reason: 'not_deterministic' }),
    )
    const members = Array.from({ length: 9 }, (_, i) => [0x18, 100 + i, 0]).flat()
    const many = Uint8Array.of(0xd2, 0x84, 0x58, 1 + members.length, 0xa9, ...members, 0xa0, 0x41, 1, 0x41, 2)
    expect(() => node.decodeCoseMessage(many, undefined, { maxMembers: 8 })).toThrow(
      expect.objectContaining({ reason: 'too_large' }),
    )
  })

  it('a getter of the options has no say in what a message is', async () => {
    const key = await node.TokenKey.generate('HMAC 256/256')
    const untagged = await node.protectCose(Uint8Array.of(1), key, { tagged: false })
    const tagged = await node.protectCose(Uint8Array.of(1), key)
    const limits = {
      get maxBytes() {
        node.decodeCoseMessage(tagged)
        return 65_536
      },
    }
    expect(() => node.decodeCoseMessage(untagged, undefined, limits)).toThrow(
      expect.objectContaining({ reason: 'wrong_structure' }),
    )
  })

  it('AES-CCM with a nonce of 13 bytes takes 65,535 bytes (RFC 3610 §2)', async () => {
    const key = await node.TokenKey.generate('AES-CCM-16-64-128')
    const most = new Uint8Array(65_535)
    const limits = { maxBytes: 100_000, maxStringBytes: 100_000 }
    const message = await node.protectCose(most, key)
    expect((await node.openCose(message, { keys: key, limits })).payload).toEqual(most)
    await expect(node.protectCose(new Uint8Array(65_536), key)).rejects.toMatchObject({
      name: 'CoseError',
      reason: 'payload_unsuitable',
    })
    const { message: empty } = await node.protectDetached(new Uint8Array(1), key, { detached: true })
    await expect(node.openCose(empty, { keys: key, detached: new Uint8Array(70_000) })).rejects.toMatchObject(
      { name: 'CoseError', reason: 'verification_failed' },
    )
  })
})

import { generateKeyPairSync } from 'node:crypto'
import { encode } from 'cbor2'
import { describe, expect, it } from 'vitest'
import { readKeySet, TokenKey } from '../../src/token/index.ts'

const rsa = { kty: 'RSA', kid: 'r1', n: 'AQ', e: 'AQAB' }

describe('a JWK Set (RFC 7517 §5)', () => {
  it('is taken without the keys that cannot be used, which are named', async () => {
    const key = await TokenKey.generate('ES256', { kid: 'e1' })
    const { keys, skipped } = await readKeySet({ keys: [rsa, key.toJwk(), null, { kty: 'oct', kid: 5 }] })
    expect(keys.map(({ jwkKid }) => jwkKid)).toEqual(['e1'])
    expect(skipped).toMatchObject([
      { index: 0, kid: 'r1', reason: 'key_invalid', expected: expect.stringContaining('not type RSA') },
      { index: 2, reason: 'unexpected_type' },
      { index: 3, reason: 'unexpected_type' },
    ])
  })

  it.each([null, {}, [], { keys: 1 }, 'keys'])('is none: %j', async (set) => {
    await expect(readKeySet(set)).rejects.toMatchObject({ name: 'DecodeError', reason: 'unexpected_type' })
  })
})

describe('a COSE_KeySet (RFC 9052 §7)', () => {
  it('is taken element by element', async () => {
    const key = await TokenKey.generate('EdDSA', { kid: 'e1' })
    const set = Uint8Array.of(
      0x84,
      ...encode(new Map([[1, 3]])),
      ...key.toCbor(),
      0x01,
      ...encode(
        new Map<number, unknown>([
          [1, 4],
          [2, Uint8Array.of(0x6b)],
        ]),
      ),
    )
    const { keys, skipped } = await readKeySet(set)
    expect(keys.map(({ jwkKid }) => jwkKid)).toEqual(['e1'])
    expect(skipped).toMatchObject([
      { index: 0, reason: 'key_invalid' },
      { index: 2, reason: 'unexpected_type' },
      { index: 3, kid: 'k', reason: 'key_invalid' },
    ])
  })

  it('is refused where it is no array, or has bytes after it', async () => {
    for (const [set, reason] of [
      [[0xa0], 'unexpected_type'],
      [[0x80, 0x00], 'trailing_bytes'],
      [[], 'truncated'],
    ] as const)
      await expect(readKeySet(Uint8Array.from(set))).rejects.toMatchObject({ name: 'DecodeError', reason })
  })
})

describe('a PEM (RFC 7468)', () => {
  it.each([
    ['ec', { namedCurve: 'P-256' }],
    ['ec', { namedCurve: 'P-384' }],
    ['ed25519', {}],
    ['x25519', {}],
  ] as const)('of %s %o is the key of node:crypto', async (type, options) => {
    const { publicKey, privateKey } = generateKeyPairSync(type as 'ec', options as { namedCurve: string })
    const expected = await TokenKey.fromKeyObject(privateKey)
    const read = await TokenKey.fromPem(`${privateKey.export({ type: 'pkcs8', format: 'pem' })}`, {
      kid: 'k',
    })
    expect(read.toPrivateCbor()).toEqual(
      (await TokenKey.fromKeyObject(privateKey, { kid: 'k' })).toPrivateCbor(),
    )
    const verifying = await TokenKey.fromPem(
      `a comment\r\n${publicKey.export({ type: 'spki', format: 'pem' })}`,
    )
    expect(verifying.toCbor()).toEqual(expected.toCbor())
    if (type !== 'ec') return
    const sec1 = privateKey.export({ type: 'sec1', format: 'pem' })
    expect((await TokenKey.fromPem(`${sec1}`)).toPrivateCbor()).toEqual(expected.toPrivateCbor())
  })

  it('of a key that the library does not have says which it is', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    await expect(
      TokenKey.fromPem(`${publicKey.export({ type: 'spki', format: 'pem' })}`),
    ).rejects.toMatchObject({ reason: 'key_invalid', expected: expect.stringContaining('not RSA') })
    const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' })
    for (const pem of [
      p521.publicKey.export({ type: 'spki', format: 'pem' }),
      p521.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    ])
      await expect(TokenKey.fromPem(`${pem}`)).rejects.toMatchObject({
        reason: 'key_invalid',
        expected: expect.stringContaining('not P-521'),
      })
  })

  it('that is none, encrypted, or a certificate is refused', async () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const encrypted = privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-128-cbc',
      passphrase: 'x',
    })
    for (const [pem, expected] of [
      ['', 'PUBLIC KEY or PRIVATE KEY'],
      [`${encrypted}`, 'not ENCRYPTED PRIVATE KEY'],
      ['-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----', 'not CERTIFICATE'],
      ['-----BEGIN PUBLIC KEY-----\n!!\n-----END PUBLIC KEY-----', 'base64'],
      ['-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----', 'DER'],
      ['-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----', 'DER'],
      ['-----BEGIN EC PRIVATE KEY-----\n\n-----END EC PRIVATE KEY-----', 'DER'],
    ] as const)
      await expect(TokenKey.fromPem(pem)).rejects.toMatchObject({
        name: 'DecodeError',
        expected: expect.stringContaining(expected),
      })
  })
})

describe('methods that return a promise', () => {
  it('never throw synchronously', async () => {
    const bad = null as never
    const calls: (() => Promise<unknown>)[] = [
      () => TokenKey.fromJwk(bad),
      () => TokenKey.fromJwk({ kty: 'RSA' }),
      () => TokenKey.fromCose(bad),
      () => TokenKey.fromBytes(bad),
      () => TokenKey.fromPublicBytes('P-256', bad),
      () => TokenKey.fromKeyObject(bad),
      () => TokenKey.fromKeyObject(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey),
      () => TokenKey.fromCryptoKey(bad),
      () => TokenKey.fromPem(bad),
      () => TokenKey.generate(bad),
      () => readKeySet(bad),
    ]
    // A call that throws ends the test.
    for (const call of calls) await expect(call()).rejects.toThrow()
  })
})

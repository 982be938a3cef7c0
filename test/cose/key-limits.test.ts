import { describe, expect, it } from 'vitest'
import {
  decryptKey,
  encryptKey,
  issueCwt,
  issueJwt,
  openCose,
  openCwt,
  openJwt,
  protectCose,
  TokenKey,
} from '../../src/token/index.ts'

const payload = Uint8Array.of(0xa0)
const suitable = { reason: 'key_unsuitable' }

describe('the use of a JWK (RFC 7517 §4.2)', () => {
  it('of a key for encryption makes and opens no signature and no MAC', async () => {
    for (const alg of ['ES256', 'EdDSA', 'HMAC 256/256'] as const) {
      const key = await TokenKey.generate(alg)
      const other = await TokenKey.fromJwk({ ...key.toPrivateJwk(), use: 'enc' })
      const message = await protectCose(payload, key)
      await expect(openCose(message, { keys: other })).rejects.toMatchObject(suitable)
      await expect(protectCose(payload, other)).rejects.toMatchObject(suitable)
      await expect(openCwt(await issueCwt({}, key), { keys: other })).rejects.toMatchObject(suitable)
      await expect(openJwt(await issueJwt({}, key), { keys: other })).rejects.toMatchObject(suitable)
    }
  })

  it('of a key for signatures encrypts nothing and decrypts nothing', async () => {
    const key = await TokenKey.generate('A128GCM')
    const other = await TokenKey.fromJwk({ ...key.toPrivateJwk(), use: 'sig' })
    const pop = await TokenKey.generate('HMAC 256/256')
    await expect(encryptKey(pop, other)).rejects.toMatchObject(suitable)
    await expect(decryptKey(await encryptKey(pop, key), { keys: other })).rejects.toMatchObject(suitable)
  })

  it('that is right is taken, one of its own is for neither, and one that is no text is refused', async () => {
    const key = await TokenKey.generate('ES256')
    const jwk = key.toPrivateJwk()
    const message = await protectCose(payload, await TokenKey.fromJwk({ ...jwk, use: 'sig' }))
    await expect(openCose(message, { keys: key })).resolves.toMatchObject({ alg: 'ES256' })
    const own = await TokenKey.fromJwk({ ...jwk, use: 'mine' })
    await expect(openCose(message, { keys: own })).rejects.toMatchObject(suitable)
    await expect(TokenKey.fromJwk({ ...jwk, use: 5 })).rejects.toMatchObject({ reason: 'key_invalid' })
  })
})

describe('the operations of a key (RFC 9052 §7.1, RFC 7517 §4.3)', () => {
  it.each([
    [['verify', 'mine'], true],
    [['sign', 'mine'], false],
    [[], false],
  ] as const)('of a JWK are honoured where COSE has no name for one: %j', async (key_ops, opens) => {
    const key = await TokenKey.generate('ES256')
    const limited = await TokenKey.fromJwk({ ...key.toJwk(), key_ops })
    const opened = openCose(await protectCose(payload, key), { keys: limited })
    if (opens) await expect(opened).resolves.toMatchObject({ alg: 'ES256' })
    else await expect(opened).rejects.toMatchObject(suitable)
  })

  it('of a symmetric JWK are those of a MAC', async () => {
    const key = await TokenKey.generate('HMAC 256/256')
    const limited = await TokenKey.fromJwk({ ...key.toPrivateJwk(), key_ops: ['verify', 'mine'] })
    await expect(openCose(await protectCose(payload, key), { keys: limited })).resolves.toBeDefined()
    await expect(protectCose(payload, limited)).rejects.toMatchObject(suitable)
  })
})

describe('the algorithm of a key', () => {
  it('of JOSE alone is one for which the key is not used here', async () => {
    const key = await TokenKey.generate('HMAC 256/256')
    const { alg: _, ...jwk } = key.toPrivateJwk()
    const other = await TokenKey.fromJwk({ ...jwk, alg: 'PBES2-HS256+A128KW' })
    expect(other.alg).toBeUndefined()
    const message = await protectCose(payload, key)
    await expect(openCose(message, { keys: other, algorithms: ['HMAC 256/256'] })).rejects.toMatchObject(
      suitable,
    )
  })

  it.each([
    ['ES256', 'ESP256'],
    ['ESP256', 'ES256'],
    ['ES384', 'ESP384'],
    ['ESP384', 'ES384'],
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'EdDSA'],
  ] as const)('%s is %s with its curve (RFC 9864 §2)', async (one, other) => {
    const key = await TokenKey.generate(one)
    const named = await TokenKey.fromCose({ ...key.toPrivateCose(), alg: other })
    const message = await protectCose(payload, named)
    await expect(openCose(message, { keys: key })).resolves.toMatchObject({ alg: other })
    // What the verifier lists is what it takes.
    await expect(openCose(message, { keys: key, algorithms: [one] })).rejects.toMatchObject({
      reason: 'algorithm_not_allowed',
    })
  })

  it('ES256 with P-384 is taken where the key or the verifier says so, and never implied (RFC 9053 §2.1)', async () => {
    const implied = await TokenKey.generate('ES384')
    const { alg: _, ...bare } = implied.toPrivateCose()
    const key = await TokenKey.fromCose({ ...bare, alg: 'ES256' })
    const verifying = await TokenKey.fromCose(bare)
    const message = await protectCose(payload, key)
    await expect(openCose(message, { keys: key })).resolves.toMatchObject({ alg: 'ES256' })
    await expect(openCose(message, { keys: verifying, algorithms: ['ES256'] })).resolves.toBeDefined()
    await expect(openCose(message, { keys: verifying })).rejects.toMatchObject({
      reason: 'algorithm_not_allowed',
    })
    await expect(openCose(message, { keys: implied, algorithms: ['ES256'] })).rejects.toMatchObject(suitable)
    // JOSE has no such ES256.
    await expect(issueJwt({}, key)).rejects.toMatchObject(suitable)
    await expect(
      TokenKey.fromCose({ ...bare, alg: 'ESP256' }).then((other) => protectCose(payload, other)),
    ).rejects.toMatchObject(suitable)
  })
})

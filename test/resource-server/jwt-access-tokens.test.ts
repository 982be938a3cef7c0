import { createCipheriv, randomBytes } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { CompactEncrypt, CompactSign, FlattenedSign, importJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { TokenKey } from '../../src/cose/token-key.ts'
import { answerAuthzInfo } from '../../src/resource-server/authz-info.ts'
import { verifyAccessToken } from '../../src/resource-server/verify-access-token.ts'
import type { TrustedIssuer } from '../../src/resource-server/verify-options.ts'
import { issueJwt, openJwt } from '../../src/token/jwt.ts'
import { endpoint, failureOf, now, post } from './fixtures.ts'

const as = await TokenKey.generate('ES256', { kid: 'as' })
const gcm = await TokenKey.generate('A128GCM', { kid: 'rs' })
const good = { iss: 'as', aud: 'rs', exp: now + 60, scope: 'read', cnf: { kid: 'c' } }
const json = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))

async function sign(claims: unknown, header: object = {}, key = as): Promise<string> {
  const secret = await importJWK({ ...key.toPrivateJwk(), alg: 'ES256' } as never)
  return new CompactSign(json(claims))
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...header })
    .sign(secret, { crit: { b64: false, x: false } })
}

async function encrypt(plaintext: Uint8Array, header: object): Promise<string> {
  return new CompactEncrypt(plaintext)
    .setProtectedHeader({ alg: 'dir', enc: 'A128GCM', ...header })
    .encrypt(gcm.toPrivateBytes())
}

/** A JWE made by hand (RFC 7516 §7.1), with whatever header. */
function sealed(header: object, plaintext: Uint8Array): string {
  const protectedHeader = Buffer.from(JSON.stringify(header)).toString('base64url')
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-128-gcm', gcm.toPrivateBytes(), iv).setAAD(Buffer.from(protectedHeader))
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  return [protectedHeader, '', ...parts].join('.')
}

const at = (more: Partial<TrustedIssuer> = {}) =>
  endpoint({ issuers: [{ issuer: 'as', keys: as, decryptWith: gcm, ...more }] })

describe('JWT access tokens (RFC 9068)', () => {
  it.each([
    ['nothing', {}, '4.01'],
    ['no iss', { ...good, iss: undefined }, '4.01'],
    ['no exp', { ...good, exp: undefined }, '4.01'],
    ['no aud', { ...good, aud: undefined }, '4.03'],
    ['another aud', { ...good, aud: ['x', 'y'] }, '4.03'],
  ])('RFC 9068 §2.2, §4: %s is refused', async (_, claims, code) => {
    expect((await post(sign(claims), at())).code).toBe(code)
    expect(
      (await failureOf(verifyAccessToken(await issueJwt({ ...claims, cnf: undefined } as never, as), at())))
        .coapCode,
    ).toBe(code)
    expect((await post(sign(good), at())).code).toBe('2.01')
  })

  it('one with exi in the place of exp ends by that', async () => {
    const failure = await failureOf(verifyAccessToken(await sign({ ...good, exp: undefined, exi: 5 }), at()))
    // There is no register, and no jti.
    expect(failure.code).toBe('authz_info_claims_unavailable')
  })

  it('RFC 7519 §4.1.4: dates are numbers', async () => {
    for (const name of ['exp', 'nbf', 'iat', 'exi'])
      for (const value of [`${now}`, `${now + 60}`, [now], null, true, { x: 1 }])
        expect(
          (await post(sign({ ...good, [name]: value }), at())).code,
          `${name} ${JSON.stringify(value)}`,
        ).toBe('4.00')
    expect((await post(sign(JSON.stringify(good).replace(`${now + 60}`, '1e999')), at())).code).toBe('4.00')
    await expect(issueJwt({ exp: 2n ** 60n }, as)).rejects.toMatchObject({ path: 'exp' })
  })

  it('RFC 8725 §3.6, RFC 7797 §7: zip, b64 and crit are refused, whatever they say', async () => {
    const flat = await new FlattenedSign(json(good))
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', b64: false, crit: ['b64'] })
      .sign(await importJWK({ ...as.toPrivateJwk(), alg: 'ES256' } as never), { crit: { b64: true } })
    const refusedOnes = [
      sealed({ alg: 'dir', enc: 'A128GCM', cty: 'JWT', zip: 'DEF' }, deflateRawSync(json(await sign(good)))),
      await sign(good, { crit: ['x'], x: 1 }),
      await sign(good, { b64: true, crit: ['b64'] }),
      `${flat.protected}.${JSON.stringify(good)}.${flat.signature}`,
    ]
    // The same without zip is taken.
    const plain = sealed({ alg: 'dir', enc: 'A128GCM', cty: 'JWT' }, json(await sign(good)))
    expect((await verifyAccessToken(plain, at())).claims.aud).toBe('rs')
    for (const token of refusedOnes) {
      const failure = await failureOf(verifyAccessToken(token, at(), 'jwt'))
      expect(failure.coapCode).toMatch(/^4\.0[01]$/)
    }
    for (const key of [as, gcm])
      await expect(openJwt(refusedOnes[1]!, { keys: key })).rejects.toMatchObject({
        reason: 'header_not_understood',
      })
  })

  it('RFC 9068 §2.1: one that is encrypted alone is refused, on issue and on verification', async () => {
    await expect(issueJwt(good as never, gcm)).rejects.toMatchObject({
      reason: 'key_unsuitable',
      coapCode: '5.00',
    })
    for (const header of [{ typ: 'at+jwt' }, { typ: 'at+jwt', cty: 'JWT' }, {}])
      for (const keys of [gcm, [as, gcm]])
        expect((await post(encrypt(json(good), header), at({ keys }), 'application/jwt')).code).toBe('4.01')
    const twice = await encrypt(json(await encrypt(json(good), { typ: 'at+jwt' })), { cty: 'JWT' })
    expect((await post(twice, at({ keys: gcm }))).code).toBe('4.01')
    expect((await post(encrypt(json(await sign(good)), { cty: 'application/JWT' }), at())).code).toBe('2.01')
  })

  it('no answer tells that the signature of another JWT of the server was right', async () => {
    const other = await TokenKey.generate('ES256', { kid: 'as' })
    const answers = await Promise.all(
      [
        sign(good, { typ: 'JWT' }),
        sign(good, { typ: undefined }),
        sign(good, { typ: 5 }),
        sign(good, {}, other),
        sign(good, { typ: 'JWT' }, other),
      ].map((token) => post(token, at())),
    )
    for (const { code, payload, contentFormat, failure } of answers)
      expect({ code, payload, contentFormat, json: failure?.toJson() }).toEqual({
        code: '4.01',
        payload: undefined,
        contentFormat: undefined,
        json: answers[0]!.failure!.toJson(),
      })
  })

  it('types is an option: names in any case, with and without application/, and undefined for none', async () => {
    const taken = async (types: TrustedIssuer['types'], typ: string | undefined) =>
      (await post(sign(good, { typ }), at({ types }))).code
    for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/AT+JWT'])
      expect(await taken(undefined, typ)).toBe('2.01')
    expect(await taken(['JWT'], 'JWT')).toBe('2.01')
    expect(await taken(['application/jwt'], 'jwt')).toBe('2.01')
    expect(await taken(['JWT'], 'at+jwt')).toBe('4.01')
    expect(await taken(['JWT'], undefined)).toBe('4.01')
    expect(await taken(['at+jwt', undefined], undefined)).toBe('2.01')
    expect(await taken([], undefined)).toBe('4.01')
  })

  it('RFC 9864: Ed25519 and EdDSA, ESP256 and ES256 are one each', async () => {
    for (const alg of ['EdDSA', 'Ed25519', 'ESP256', 'ES256', 'ESP384', 'ES384'] as const) {
      const key = await TokenKey.generate(alg)
      const { kty, crv, x, y } = key.toCose()
      const bare = await TokenKey.fromCose({ kty, crv: crv!, x: x!, ...(y && { y }) })
      const token = await issueJwt({ iss: 'as', aud: 'rs', exp: now + 60 }, key)
      for (const keys of [key, bare])
        expect((await verifyAccessToken(token, at({ keys }))).claims.aud, alg).toBe('rs')
      const partner = {
        EdDSA: 'Ed25519',
        Ed25519: 'EdDSA',
        ESP256: 'ES256',
        ES256: 'ESP256',
        ESP384: 'ES384',
        ES384: 'ESP384',
      } as const
      const twin = await TokenKey.fromCose({ ...key.toCose(), alg: partner[alg] })
      for (const keys of [key, twin])
        for (const algorithms of [undefined, [alg], [partner[alg]]])
          expect((await verifyAccessToken(token, at({ keys, algorithms }))).claims.aud, alg).toBe('rs')
    }
  })

  it('media types, in any case: application/at+jwt and application/jwt', async () => {
    for (const format of ['application/at+jwt', 'application/jwt', 'Application/AT+JWT; x=y', undefined, 42])
      expect((await post(sign(good), at(), format)).code).toBe('2.01')
    expect((await post(sign(good), at(), 'application/at+cwt')).code).toBe('4.15')
  })

  it('the limits are those of CBOR', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const claims = JSON.stringify(good).replace('}', `},"x":${deep}`)
    expect(await failureOf(verifyAccessToken(await sign(claims), at()))).toMatchObject({ coapCode: '4.00' })
    const many = await sign({ ...good, x: Array.from({ length: 2_000 }, () => 0) })
    expect((await failureOf(verifyAccessToken(many, at()))).coapCode).toBe('4.13')
    const long = await sign({ ...good, x: 'x'.repeat(2_000) })
    expect((await verifyAccessToken(long, at())).claims.aud).toBe('rs')
    for (const limits of [{ maxStringBytes: 1_000 }, { maxBytes: 1_000 }])
      expect((await failureOf(verifyAccessToken(long, { ...at(), limits }))).coapCode).toBe('4.13')
    await expect(openJwt(long, { keys: as, limits: { maxBytes: 1_000 } })).rejects.toMatchObject({
      reason: 'too_large',
    })
  })

  it('padding and other characters behind a JWS make it none', async () => {
    const token = await sign(good)
    for (const end of ['=', '==', '\n', ' ', '.', '~'])
      expect(
        (
          await answerAuthzInfo(
            { method: 'POST', payload: json(token + end), format: 'application/jwt' },
            at(),
          )
        ).code,
      ).toBe('4.00')
  })
})

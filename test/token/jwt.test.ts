import { compactDecrypt, importJWK, jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { DecodeError } from '../../src/cbor/decode-error.ts'
import { TokenKey } from '../../src/cose/token-key.ts'
import { issueJwt, openJwt } from '../../src/token/jwt.ts'
import { ProtectionError } from '../../src/token/protection-error.ts'
import { TokenClaims } from '../../src/token/token-claims.ts'

const signing = [
  'ES256',
  'ESP256',
  'ES384',
  'ESP384',
  'EdDSA',
  'Ed25519',
  'HMAC 256/256',
  'HMAC 384/384',
] as const
const encrypting = ['A128GCM', 'A256GCM'] as const

/** What JOSE calls an algorithm of COSE (RFC 7518 §3.1, RFC 9864 §2). */
const joseName = (name: string): string => name.replace('ESP', 'ES').replace(/^HMAC (\d+).*/, 'HS$1')

async function claimsWithKey(aud: string | string[] = 'rs'): Promise<TokenClaims> {
  const client = await TokenKey.generate('ES256')
  const { kty, crv, x, y } = client.toCose()
  return new TokenClaims(
    {
      iss: 'https://as.example.com',
      sub: 'c1',
      aud,
      exp: 4_000_000_000,
      iat: 1_700_000_000,
      cti: Uint8Array.of(1, 2, 3),
      scope: 'read write',
      ace_profile: 'coap_dtls',
      cnonce: Uint8Array.of(9),
      cnf: { COSE_Key: { kty, crv: crv!, x: x!, y: y! } },
    },
    [{ name: 'client_id', json: 'c1' }],
  )
}

describe('JWT access tokens', () => {
  it.each(signing)('go round: %s', async (kind) => {
    const key = await TokenKey.generate(kind, { kid: 'as-1' })
    const claims = await claimsWithKey()
    const opened = await openJwt(await issueJwt(claims, key), { keys: key })
    expect(opened.claims.equals(claims)).toBe(true)
    expect(opened.layers.map(({ alg }) => alg)).toEqual([kind])
  })

  it.each(encrypting)('nest: signed, then encrypted with %s', async (kind) => {
    const [as, rs] = await Promise.all([TokenKey.generate('ES256'), TokenKey.generate(kind)])
    const claims = await claimsWithKey(['https://rs.example.com', 'rs'])
    const token = await issueJwt(claims, as, { encryptWith: rs })
    const opened = await openJwt(token, { keys: [as.publicKey(), rs] })
    expect(opened.layers.map(({ structure }) => structure)).toEqual(['encrypt0', 'sign1'])
    expect(opened.claims.equals(claims)).toBe(true)
  })

  it.each(signing)('jose reads ours: %s (RFC 9068 §2, RFC 7800 §3.2)', async (kind) => {
    const key = await TokenKey.generate(kind, { kid: 'as-1' })
    const jwk = { ...(key.kty === 'Symmetric' ? key.toPrivateJwk() : key.toJwk()), alg: joseName(kind) }
    const { payload, protectedHeader } = await jwtVerify(
      await issueJwt(await claimsWithKey(), key),
      await importJWK(jwk as never),
      { issuer: 'https://as.example.com', audience: 'rs', typ: 'at+jwt' },
    )
    expect(protectedHeader.kid).toBe(key.toPrivateJwk()['kid'])
    expect(payload).toMatchObject({ jti: 'AQID', client_id: 'c1', cnf: { jwk: { kty: 'EC', crv: 'P-256' } } })
    expect(payload).not.toHaveProperty('cti')
  })

  it('jose decrypts ours', async () => {
    const [as, rs] = await Promise.all([TokenKey.generate('ES256'), TokenKey.generate('A256GCM')])
    const { plaintext, protectedHeader } = await compactDecrypt(
      await issueJwt({ sub: 'x' }, as, { encryptWith: rs }),
      rs.toPrivateBytes(),
    )
    expect(protectedHeader).toMatchObject({ alg: 'dir', enc: 'A256GCM', cty: 'JWT' })
    const { payload } = await jwtVerify(
      new TextDecoder().decode(plaintext),
      await importJWK(as.toJwk() as never),
    )
    expect(payload).toEqual({ sub: 'x' })
  })

  it.each(signing)('reads those of jose: %s', async (kind) => {
    const key = await TokenKey.generate(kind)
    const jwk = { ...key.toPrivateJwk(), alg: joseName(kind) }
    const thumbprint = Buffer.from(await key.jwkThumbprint()).toString('base64url')
    const token = await new SignJWT({
      jti: 'not base64url!',
      cnf: { jkt: thumbprint, 'x5t#S256': thumbprint },
    })
      .setProtectedHeader({ alg: jwk.alg, typ: 'application/at+jwt' })
      .sign(await importJWK(jwk as never))
    const { claims } = await openJwt(token, { keys: key })
    expect(new TextDecoder().decode(claims.cti)).toBe('not base64url!')
    expect(claims.cnf?.jkt).toEqual(await key.jwkThumbprint())
    expect(claims.cnf?.['x5t#S256']).toHaveLength(32)
  })

  it('refuses another type, so that no other JWT of the server passes for an access token (RFC 9068 §4)', async () => {
    const key = await TokenKey.generate('HMAC 256/256')
    const token = await new SignJWT({ sub: 'x' })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(key.toPrivateBytes())
    await expect(openJwt(token, { keys: key })).rejects.toMatchObject({ reason: 'wrong_structure' })
  })

  it('takes no algorithm from the token alone', async () => {
    const key = await TokenKey.generate('ES256')
    const [, body] = (await issueJwt({ sub: 'x' }, key)).split('.')
    const none = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${body}.`
    await expect(openJwt(none, { keys: key })).rejects.toMatchObject({ reason: 'algorithm_not_allowed' })
    const secret = await TokenKey.fromBytes(key.toPublicBytes().slice(0, 48))
    const confused = await issueJwt({ sub: 'x' }, secret, { alg: 'HMAC 256/256' })
    await expect(openJwt(confused, { keys: key })).rejects.toMatchObject({ reason: 'algorithm_not_allowed' })
    await expect(
      openJwt(confused, { keys: key, algorithms: ['ES256', 'HMAC 256/256'] }),
    ).rejects.toMatchObject({ reason: 'key_unsuitable' })
    await expect(openJwt(confused, { keys: secret })).rejects.toMatchObject({
      reason: 'algorithm_not_allowed',
    })
  })

  it('puts no secret key into a token that is not encrypted', async () => {
    const cnf = { COSE_Key: { kty: 'Symmetric', k: new Uint8Array(32) } }
    await expect(issueJwt({ cnf }, await TokenKey.generate('ES256'))).rejects.toMatchObject({
      path: 'cnf.COSE_Key',
    })
    const encryptWith = await TokenKey.generate('A128GCM')
    await expect(issueJwt({ cnf }, await TokenKey.generate('ES256'), { encryptWith })).resolves.toBeDefined()
  })

  it('has no algorithm for a key that JOSE has not', async () => {
    const key = await TokenKey.generate('HMAC 256/64')
    await expect(issueJwt({ sub: 'x' }, key)).rejects.toMatchObject({ reason: 'algorithm_not_allowed' })
    const encryptWith = await TokenKey.generate('AES-CCM-16-64-128')
    const signing = await TokenKey.generate('ES256')
    await expect(issueJwt({ sub: 'x' }, signing, { encryptWith })).rejects.toMatchObject({
      reason: 'algorithm_not_allowed',
    })
  })

  it('refuses every changed character with a ProtectionError or a DecodeError', async () => {
    const key = await TokenKey.generate('ES256')
    const token = await issueJwt({ sub: 'x' }, key)
    for (let i = 0; i < token.length; i++)
      for (const character of ['A', '.', '!', 'é']) {
        if (token[i] === character) continue
        const changed = token.slice(0, i) + character + token.slice(i + 1)
        const error = await openJwt(changed, { keys: key }).then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        expect(error instanceof ProtectionError || error instanceof DecodeError, changed).toBe(true)
      }
  })
})

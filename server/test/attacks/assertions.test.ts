import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { TokenKey } from 'ace-oauth/token'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientKey, type Fixture, issuer, openFixture } from '../authorization-server/fixture.ts'
import { clientAssertion, withAssertion } from './client-assertion.ts'

let as: Fixture
beforeAll(async () => {
  // What is counted here are reasons, not attempts.
  as = await openFixture({ limits: { failuresPerAddress: 10_000 } })
  const registration = { authentication: 'private_key_jwt', secretHash: null } as const
  await as.addClient('signer', { ...registration, jwks: { keys: [clientKey.toJwk()] } })
  await as.addClient('thief', { ...registration, jwks: { keys: [thiefKey.toJwk()] } })
  await as.addClient('secretive', { jwks: { keys: [clientKey.toJwk()] } })
})
afterAll(() => as.close())

const thiefKey = await TokenKey.generate('ES256')
const claimsOf = (more: Readonly<Record<string, unknown>> = {}) => ({
  iss: 'signer',
  sub: 'signer',
  aud: issuer,
  exp: Math.floor(Date.now() / 1_000) + 60,
  jti: randomUUID(),
  ...more,
})
const encoded = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url')

async function present(assertion: string): Promise<string> {
  const { code, failure } = await as.server.token({
    method: 'POST',
    mediaType: 'application/x-www-form-urlencoded',
    accept: 'application/ace+cbor',
    payload: withAssertion(assertion),
    headers: new Headers(),
    peer: { address: '192.0.2.1' },
  })
  return failure?.code ?? code
}

const invalid = 'token_client_credentials_invalid'

describe('an assertion', () => {
  it('that is replayed is refused, and one with the same jti', async () => {
    const claims = claimsOf()
    const assertion = await clientAssertion(clientKey, claims)
    expect(await present(assertion)).toBe('2.01')
    expect(await present(assertion)).toBe(invalid)
    expect(await present(await clientAssertion(clientKey, { ...claims, exp: claims.exp + 1 }))).toBe(invalid)
  })

  it('without a signature is refused: alg none in any case', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', ''])
      for (const signature of ['', 'AAAA'])
        expect(await present(`${encoded({ alg })}.${encoded(claimsOf())}.${signature}`)).toBe(invalid)
  })

  it('that is MACed with the public key as the secret is refused: HS256 for ES256', async () => {
    const jwk = clientKey.toJwk()
    const spki = await clientKey.toKeyObject('public')
    const pem = (spki as unknown as { export(how: object): string }).export({ type: 'spki', format: 'pem' })
    for (const secret of [pem, JSON.stringify(jwk), String(jwk['x'])])
      for (const alg of ['HS256', 'HS384', 'HS512']) {
        const input = `${encoded({ alg })}.${encoded(claimsOf())}`
        const mac = createHmac(`sha${alg.slice(2)}`, secret)
          .update(input)
          .digest('base64url')
        expect(await present(`${input}.${mac}`)).toBe(invalid)
      }
  })

  it('that is signed by another algorithm than that of the registered key is refused', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const input = `${encoded({ alg: 'RS256' })}.${encoded(claimsOf())}`
    expect(
      await present(`${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`),
    ).toBe(invalid)
    for (const alg of ['ES384', 'ES512', 'EdDSA', 'PS256', 'ES256K'])
      expect(await present(await clientAssertion(clientKey, claimsOf(), { alg }))).toBe(invalid)
  })

  it('that brings its own key, or names where one is, is verified with the registered one alone', async () => {
    for (const header of [
      { jwk: thiefKey.toJwk() },
      { jku: 'https://thief.example.com/keys' },
      { x5u: 'https://thief.example.com/certificate' },
      { kid: '../../../../dev/null' },
      { kid: "' or '1'='1" },
      { crit: ['exp'] },
      { b64: false, crit: ['b64'] },
    ])
      expect(await present(await clientAssertion(thiefKey, claimsOf(), header))).toBe(invalid)
  })

  it('of one client is none of another, whatever it says', async () => {
    expect(await present(await clientAssertion(thiefKey, claimsOf()))).toBe(invalid)
    expect(await present(await clientAssertion(thiefKey, claimsOf({ iss: 'thief' })))).toBe(invalid)
    expect(await present(await clientAssertion(thiefKey, claimsOf({ iss: 'thief', sub: 'thief' })))).toBe(
      '2.01',
    )
  })

  it('for another server, for several, or for the token of another protocol is refused (RFC 7523 section 3, RFC 8725 section 3.11)', async () => {
    for (const aud of [
      'https://other.example.com',
      [issuer, 'https://other.example.com'],
      [],
      undefined,
      `${issuer}/token`,
    ])
      expect(await present(await clientAssertion(clientKey, claimsOf({ aud })))).toBe(invalid)
    for (const typ of ['at+jwt', 'dpop+jwt', 'logout+jwt'])
      expect(await present(await clientAssertion(clientKey, claimsOf(), { typ }))).toBe(invalid)
  })

  it('that is old, for ever, from the future, or without an end or an identifier is refused', async () => {
    const now = Math.floor(Date.now() / 1_000)
    for (const wrong of [
      { exp: now - 60 },
      { exp: now + 10_000 },
      { exp: undefined },
      { nbf: now + 600 },
      { iat: now + 600 },
      { jti: undefined },
      { jti: '' },
      { jti: 'x'.repeat(1_000) },
    ])
      expect(await present(await clientAssertion(clientKey, claimsOf(wrong)))).toBe(invalid)
  })

  it('is taken from clients alone that are registered for it', async () => {
    const claims = claimsOf({ iss: 'secretive', sub: 'secretive' })
    expect(await present(await clientAssertion(clientKey, claims))).toBe(invalid)
  })
})

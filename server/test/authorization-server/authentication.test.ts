import { createHash, randomUUID, sign } from 'node:crypto'
import { AccessTokenRequest } from 'ace-oauth'
import type { ClientCertificate, EndpointResponse } from 'ace-oauth/endpoint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashChosenSecret } from '../../src/index.ts'
import { clientKey, type Fixture, issuer, openFixture, secret } from './fixture.ts'

let as: Fixture
beforeAll(async () => {
  as = await openFixture({ hasChosenSecrets: true })
})
afterAll(() => as.close())

const members = { audience: 'rs1', scope: 'read' } as const

/** A JWT of private_key_jwt (RFC 7523), signed by the key of the client. */
async function assertion(claims: Record<string, unknown>): Promise<string> {
  const encoded = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url')
  const input = `${encoded({ alg: 'ES256' })}.${encoded(claims)}`
  const key = await clientKey.toKeyObject('private')
  const signature = sign('sha256', Buffer.from(input), { key: key as never, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

const withAssertion = (client_assertion: string): Promise<EndpointResponse> =>
  as.server.token({
    method: 'POST',
    mediaType: 'application/x-www-form-urlencoded',
    headers: new Headers(),
    payload: new TextEncoder().encode(
      new URLSearchParams({
        ...members,
        client_assertion,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      }).toString(),
    ),
  })

describe('client authentication of the server', () => {
  it('takes a signed assertion once, for this server alone (RFC 7523 section 3)', async () => {
    await as.addClient('signer', {
      authentication: 'private_key_jwt',
      secretHash: null,
      jwks: { keys: [clientKey.toJwk()] },
    })
    const exp = Math.floor(Date.now() / 1_000) + 60
    const claims = { iss: 'signer', sub: 'signer', aud: issuer, exp, jti: randomUUID() }
    const jwt = await assertion(claims)
    expect((await withAssertion(jwt)).status).toBe(200)
    expect((await withAssertion(jwt)).failure?.code).toBe('token_client_credentials_invalid')
    const forOther = await assertion({ ...claims, aud: 'https://other.example.com', jti: randomUUID() })
    expect((await withAssertion(forOther)).failure?.code).toBe('token_client_credentials_invalid')
  })

  it('takes the certificate that is registered, by its subject or its thumbprint (RFC 8705 section 2)', async () => {
    const thumbprint = Uint8Array.from(createHash('sha256').update('certificate').digest())
    await as.addClient('by-subject', {
      authentication: 'tls_client_auth',
      secretHash: null,
      certificateSubject: { tls_client_auth_subject_dn: 'CN=sensor1' },
    })
    await as.addClient('self-signed', {
      authentication: 'self_signed_tls_client_auth',
      secretHash: null,
      jwks: { keys: [{ 'x5t#S256': Buffer.from(thumbprint).toString('base64url') }] },
    })
    const ask = async (client_id: string, certificate: ClientCertificate) =>
      (
        await as.server.token({
          method: 'POST',
          payload: new AccessTokenRequest({ client_id, ...members }).toCbor(),
          peer: { certificate },
        })
      ).code
    const verified = { thumbprint, isChainVerified: true, subject: 'CN=sensor1' }
    expect(await ask('by-subject', verified)).toBe('2.01')
    expect(await ask('by-subject', { ...verified, subject: 'CN=sensor2' })).not.toBe('2.01')
    expect(await ask('by-subject', { ...verified, isChainVerified: false })).not.toBe('2.01')
    expect(await ask('self-signed', { thumbprint, isChainVerified: false })).toBe('2.01')
    expect(await ask('self-signed', { thumbprint: new Uint8Array(32), isChainVerified: false })).not.toBe(
      '2.01',
    )
  })

  it('takes a secret that somebody chose, beside those that the server made', async () => {
    await as.addClient('chosen', { secretHash: await hashChosenSecret('correct horse') })
    const ask = async (client_id: string, client_secret: string) =>
      (
        await as.server.token({
          method: 'POST',
          payload: new AccessTokenRequest({ client_id, client_secret, ...members }).toCbor(),
        })
      ).code
    expect(await ask('chosen', 'correct horse')).toBe('2.01')
    expect(await ask('chosen', 'wrong horse')).toBe('4.01')
    expect(await ask('c1', secret)).toBe('2.01')
    expect(await ask('c1', 'wrong')).toBe('4.01')
    expect(await ask('nobody', 'wrong')).toBe('4.01')
  })

  it('never stores a secret, and two hashes of one differ', async () => {
    const [one, two] = [await hashChosenSecret('correct horse'), await hashChosenSecret('correct horse')]
    expect(one).not.toBe(two)
    expect(one).not.toContain('horse')
  })
})

describe('the settings and metadata', () => {
  it('are refused where a setting is no positive integer', async () => {
    for (const value of [0, -1, Number.NaN, 1.5, 2 ** 31])
      await expect(openFixture({ settings: { refreshLifetime: value } })).rejects.toThrow(
        'settings.refreshLifetime is',
      )
  })

  it('tell what the server does (RFC 8414 section 2)', async () => {
    const { payload } = await as.server.metadata({ method: 'GET' })
    expect(JSON.parse(new TextDecoder().decode(payload))).toMatchObject({
      issuer,
      token_endpoint: `${issuer}/token`,
      introspection_endpoint: `${issuer}/introspect`,
      revocation_endpoint: `${issuer}/revoke`,
      grant_types_supported: ['client_credentials', 'refresh_token'],
    })
  })
})

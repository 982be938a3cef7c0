import { exportJWK, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './authorization-server.ts'

const { publicKey, privateKey } = await generateKeyPair('ES256')
const insecure = { [oauth.allowInsecureRequests]: true }
const c1: oauth.Client = { client_id: 'c1' }
const secret = 's:1%+é'
let server: TestServer
let as: oauth.AuthorizationServer

beforeAll(async () => {
  server = await startServer({ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' })
  const issuer = new URL(server.issuer)
  const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
  as = await oauth.processDiscoveryResponse(issuer, response)
})
afterAll(() => server.close())

/** A token for client credentials, over HTTP. */
async function obtain(
  client: oauth.Client,
  authentication: oauth.ClientAuth,
  parameters: Record<string, string> = {},
): Promise<oauth.TokenEndpointResponse> {
  const response = await oauth.clientCredentialsGrantRequest(as, client, authentication, parameters, insecure)
  return oauth.processClientCredentialsResponse(as, client, response)
}

describe('oauth4webapi', () => {
  it('finds the metadata (RFC 8414 §3)', () => {
    expect(as).toEqual({
      issuer: server.issuer,
      token_endpoint: `${server.issuer}/token`,
      introspection_endpoint: `${server.issuer}/introspect`,
      revocation_endpoint: `${server.issuer}/revoke`,
      grant_types_supported: ['client_credentials', 'refresh_token'],
      scopes_supported: ['read'],
      ...Object.fromEntries(
        ['token', 'introspection', 'revocation'].flatMap((name) => [
          [
            `${name}_endpoint_auth_methods_supported`,
            [
              'client_secret_basic',
              'client_secret_post',
              'private_key_jwt',
              'tls_client_auth',
              'self_signed_tls_client_auth',
            ],
          ],
          [
            `${name}_endpoint_auth_signing_alg_values_supported`,
            expect.arrayContaining(['ES256', 'Ed25519', 'RS256']),
          ],
        ]),
      ),
    })
  })

  it.each([
    ['client_secret_basic', 'c1', () => oauth.ClientSecretBasic(secret)],
    ['client_secret_post', 'c1', () => oauth.ClientSecretPost(secret)],
    ['private_key_jwt', 'c2', () => oauth.PrivateKeyJwt({ key: privateKey, kid: 'k1' })],
  ])('obtains a token by %s', async (_, client_id, authentication) => {
    const token = await obtain({ client_id }, authentication(), { scope: 'read' })
    expect(token).toMatchObject({ token_type: 'bearer', expires_in: 600, scope: 'read' })
    expect(server.answers.at(-1)).toMatchObject({ endpoint: 'token', code: '2.01', client: { client_id } })
  })

  it('refreshes it, once', async () => {
    const authentication = oauth.ClientSecretBasic(secret)
    const { refresh_token } = await obtain(c1, authentication)
    const refresh = async () => {
      const response = await oauth.refreshTokenGrantRequest(as, c1, authentication, refresh_token!, insecure)
      return oauth.processRefreshTokenResponse(as, c1, response)
    }
    expect((await refresh()).access_token).toBeTypeOf('string')
    await expect(refresh()).rejects.toMatchObject({ error: 'invalid_grant', status: 400 })
  })

  it('introspects and revokes it', async () => {
    const { access_token } = await obtain(c1, oauth.ClientSecretBasic(secret))
    const rs: oauth.Client = { client_id: 'rs' }
    const introspect = async () => {
      const response = await oauth.introspectionRequest(
        as,
        rs,
        oauth.ClientSecretPost('rs'),
        access_token,
        insecure,
      )
      return oauth.processIntrospectionResponse(as, rs, response)
    }
    expect(await introspect()).toMatchObject({ active: true, scope: 'read', client_id: 'c1' })
    const revoke = async (client: oauth.Client, authentication: oauth.ClientAuth) =>
      oauth.processRevocationResponse(
        await oauth.revocationRequest(as, client, authentication, access_token, insecure),
      )
    await expect(revoke(rs, oauth.ClientSecretBasic('rs'))).rejects.toMatchObject({ error: 'invalid_grant' })
    await revoke(c1, oauth.ClientSecretBasic(secret))
    expect(await introspect()).toEqual({ active: false })
    await revoke(c1, oauth.ClientSecretBasic(secret))
  })

  it.each([
    ['invalid_client', 401, oauth.ClientSecretPost('wrong'), {}],
    ['invalid_scope', 400, oauth.ClientSecretPost(secret), { scope: 'write' }],
    ['incompatible_ace_profiles', 400, oauth.ClientSecretPost(secret), { audience: 'legacy' }],
    ['unsupported_pop_key', 400, oauth.ClientSecretPost(secret), { audience: 'small' }],
    ['unauthorized_client', 400, oauth.ClientSecretPost(secret), { audience: 'forbidden' }],
    ['invalid_request', 400, oauth.ClientSecretPost(secret), { cnonce: '***' }],
  ])('is told %s', async (error, status, authentication, parameters) => {
    await expect(obtain(c1, authentication, parameters)).rejects.toMatchObject({
      name: 'ResponseBodyError',
      error,
      status,
    })
  })

  it('is told invalid_client by a challenge where it used the header (R6749-5.2-4)', async () => {
    await expect(obtain(c1, oauth.ClientSecretBasic('wrong'))).rejects.toMatchObject({
      name: 'WWWAuthenticateChallengeError',
      status: 401,
      cause: [{ scheme: 'basic' }],
    })
  })

  it('is told unsupported_grant_type', async () => {
    const response = await oauth.genericTokenEndpointRequest(
      as,
      c1,
      oauth.ClientSecretPost(secret),
      'urn:x:y',
      {},
      insecure,
    )
    await expect(oauth.processGenericTokenEndpointResponse(as, c1, response)).rejects.toMatchObject({
      error: 'unsupported_grant_type',
    })
  })

  it('is told when to come back, and nothing of what went wrong inside', async () => {
    const post = (audience: string) =>
      oauth.clientCredentialsGrantRequest(as, c1, oauth.ClientSecretPost(secret), { audience }, insecure)
    const slow = await post('slow')
    expect([slow.status, slow.headers.get('retry-after')]).toEqual([503, '6'])
    const broken = await post('broken')
    expect(broken.status).toBe(500)
    expect(await broken.text()).toBe(
      '{"detail":{"status":"error","code":"token_internal_error","message":"the request could not be processed"}}',
    )
  })

  it('is forbidden introspection without payload (R9200-5.9.3-3)', async () => {
    const response = await oauth.introspectionRequest(as, c1, oauth.ClientSecretBasic(secret), 'x', insecure)
    expect([response.status, await response.text(), response.headers.get('content-type')]).toEqual([
      403,
      '',
      null,
    ])
  })
})

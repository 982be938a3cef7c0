import { exportJWK, generateKeyPair } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './authorization-server.ts'

const { publicKey, privateKey } = await generateKeyPair('Ed25519')
const secret = 's:1%+é'
let server: TestServer

beforeAll(async () => {
  server = await startServer(await exportJWK(publicKey))
})
afterAll(() => server.close())

const configured = (id: string, authentication: client.ClientAuth): Promise<client.Configuration> =>
  client.discovery(new URL(server.issuer), id, undefined, authentication, {
    algorithm: 'oauth2',
    execute: [client.allowInsecureRequests],
  })

describe('openid-client', () => {
  it.each([
    ['client_secret_basic', 'c1', () => client.ClientSecretBasic(secret)],
    ['client_secret_post', 'c1', () => client.ClientSecretPost(secret)],
    ['private_key_jwt', 'c2', () => client.PrivateKeyJwt(privateKey)],
  ])('obtains, refreshes, introspects and revokes tokens by %s', async (_, id, authentication) => {
    const configuration = await configured(id, authentication())
    const first = await client.clientCredentialsGrant(configuration, { scope: 'read' })
    expect(first).toMatchObject({ token_type: 'bearer', scope: 'read' })
    const second = await client.refreshTokenGrant(configuration, first.refresh_token!)
    expect(second.access_token).not.toBe(first.access_token)
    const rs = await configured('rs', client.ClientSecretBasic('rs'))
    expect(await client.tokenIntrospection(rs, second.access_token)).toMatchObject({
      active: true,
      client_id: id,
    })
    await client.tokenRevocation(configuration, second.access_token)
    expect(await client.tokenIntrospection(rs, second.access_token)).toEqual({ active: false })
  })

  it('is told what is wrong', async () => {
    const configuration = await configured('c1', client.ClientSecretPost(secret))
    await expect(client.clientCredentialsGrant(configuration, { scope: 'write' })).rejects.toMatchObject({
      error: 'invalid_scope',
    })
    await expect(client.refreshTokenGrant(configuration, 'nothing')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    const wrong = await configured('c1', client.ClientSecretPost('wrong'))
    await expect(client.clientCredentialsGrant(wrong)).rejects.toMatchObject({
      error: 'invalid_client',
      status: 401,
    })
  })
})

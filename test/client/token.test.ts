import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  clientSecretBasic,
  clientSecretPost,
  discoverAuthorizationServer,
  introspectToken,
  obtainToken,
  privateKeyJwt,
  processTokenResponse,
  refreshToken,
  revokeToken,
  sendTokenRequest,
} from '../../src/client/index.ts'
import type { Failure } from '../../src/failure/failure.ts'
import { startServer, type TestServer } from '../endpoint/authorization-server.ts'

const { publicKey, privateKey } = await generateKeyPair('ES256')
const secret = 's:1%+é'
let as: TestServer
let server: Awaited<ReturnType<typeof discoverAuthorizationServer>>

beforeAll(async () => {
  as = await startServer({ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' })
  server = await discoverAuthorizationServer(as.issuer)
})
afterAll(() => as.close())

/** The test server issues bearer tokens. */
const bearer = { tokenTypes: ['Bearer'] } as const
const c1 = { authentication: clientSecretPost('c1', secret), ...bearer }
const failureOf = (promise: Promise<unknown>): Promise<Failure> =>
  promise.then(
    () => {
      throw new Error('it did not fail')
    },
    (error: Failure) => error,
  )

describe('a token', () => {
  it.each([
    ['client_secret_post in CBOR', 'cbor', () => clientSecretPost('c1', secret)],
    ['client_secret_post in a form', 'json', () => clientSecretPost('c1', secret)],
    ['client_secret_basic with CBOR', 'cbor', () => clientSecretBasic('c1', secret)],
    ['client_secret_basic with a form', 'json', () => clientSecretBasic('c1', secret)],
    ['private_key_jwt', 'json', () => privateKeyJwt('c2', privateKey, { kid: 'k1' })],
  ] as const)('is obtained by %s (R9200-5.8-2, R9200-5.8-3, R9200-5.8.1-1)', async (_, encoding, make) => {
    const authentication = make()
    const before = Date.now() / 1_000
    const token = await obtainToken(server, { scope: 'read' }, { authentication, encoding, ...bearer })
    expect(token).toMatchObject({ token_type: 'Bearer', scope: 'read', encoding })
    expect(token.expiresAt - before).toBeGreaterThan(590)
    expect(as.answers.at(-1)).toMatchObject({ endpoint: 'token', code: '2.01' })
  })

  it('is asked for and checked in two steps, of which the second knows the request (R9200-5-3)', async () => {
    const exchange = await sendTokenRequest(server, { scope: 'read' }, c1)
    expect(exchange.received).toMatchObject({ status: 200, mediaType: 'application/ace+cbor' })
    expect(exchange.request.scope).toBe('read')
    expect(processTokenResponse(exchange, bearer).scope).toBe('read')
  })

  it('is refreshed, introspected and revoked', async () => {
    const first = await obtainToken(server, { scope: 'read' }, c1)
    const second = await refreshToken(server, first, c1)
    expect(second.refresh_token).not.toEqual(first.refresh_token)
    const authentication = clientSecretBasic('rs', 'rs')
    const introspect = () => introspectToken(server, { token: second.access_token }, { authentication })
    expect(await introspect()).toMatchObject({ active: true, client_id: 'c1' })
    await revokeToken(server, { token: second.access_token }, c1)
    expect(await introspect()).toMatchObject({ active: false })
  })

  it.each([
    ['client_invalid_client', { authentication: clientSecretPost('c1', 'wrong') }, {}],
    ['client_invalid_client', { authentication: clientSecretBasic('c1', 'wrong') }, {}],
    ['client_invalid_scope', {}, { scope: 'write' }],
    ['client_unauthorized_client', {}, { audience: 'forbidden' }],
    ['client_incompatible_ace_profiles', {}, { audience: 'legacy' }],
    ['client_unsupported_pop_key', {}, { audience: 'small' }],
    ['client_unsupported_grant_type', {}, { grant_type: 'password', username: 'u', password: 'p' }],
    ['client_invalid_grant', {}, { grant_type: 'refresh_token', refresh_token: 'unknown' }],
  ])('that is refused is %s, in CBOR and in JSON', async (code, options, members) => {
    for (const encoding of ['cbor', 'json'] as const) {
      const before = as.answers.length
      const failure = await failureOf(obtainToken(server, members, { ...c1, ...options, encoding }))
      expect([failure.code, failure.kind.isTransient]).toEqual([code, false])
      expect(as.answers.length - before).toBe(1)
    }
  })

  it('is not asked for again before the server wants it', async () => {
    const retry = { budgetMs: 3_000 }
    const failure = await failureOf(obtainToken(server, { audience: 'slow' }, { ...c1, retry }))
    expect(failure).toMatchObject({ code: 'client_service_unavailable', retryAfterMs: 6_000 })
  })

  it('of a type that the client cannot use is not taken', async () => {
    const { authentication } = c1
    const failure = await failureOf(obtainToken(server, { scope: 'read' }, { authentication }))
    expect(failure).toMatchObject({ code: 'client_response_unexpected' })
    expect(failure.details['expected']).toBe('a token of type PoP')
  })
})

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CreationHints } from 'ace-oauth'
import {
  type AuthorizationServer,
  type ClientAuthentication,
  clientSecretBasic,
  clientSecretPost,
  type Fetch,
  fetchRevocationList,
  followCreationHints,
  generateProofKey,
  introspectToken,
  isRevoked,
  obtainToken,
  privateKeyJwt,
  refreshToken,
  revokeToken,
  TokenSource,
} from 'ace-oauth/client'
import { type Endpoint, type EndpointRequest, nodeHandler } from 'ace-oauth/endpoint'
import { verifyAccessToken } from 'ace-oauth/resource-server'
import { equalBytes, openCwt, TokenKey } from 'ace-oauth/token'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  clientKey,
  type Fixture,
  issuer,
  openFixture,
  rsKey,
  secret,
  shared,
} from '../authorization-server/fixture.ts'

let as: Fixture
let http: Server
let url: string
let server: AuthorizationServer
const authentication = clientSecretPost('c1', secret)
const rs1 = clientSecretBasic('rs1-introspection', secret)
const wanted = { audience: 'rs1', scope: 'read' }
const { req_cnf: ed25519 } = await generateProofKey('EdDSA')
const assertionKey = await TokenKey.generate('EdDSA', { kid: 'assertion' })

beforeAll(async () => {
  as = await openFixture()
  await as.addClient('signer', {
    authentication: 'private_key_jwt',
    secretHash: null,
    jwks: { keys: [assertionKey.toJwk()] },
  })
  const on = (endpoint: Endpoint) => nodeHandler(endpoint)
  const routes = new Map([
    ['/token', on(as.server.token)],
    ['/introspect', on(as.server.introspection)],
    ['/revoke', on(as.server.revocation)],
    ['/trl', nodeHandler((request: EndpointRequest) => as.server.revocationList(request, {}))],
  ])
  http = createServer((request, response) => void routes.get(request.url ?? '')?.(request, response))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  server = {
    issuer,
    token_endpoint: `${url}/token`,
    introspection_endpoint: `${url}/introspect`,
    revocation_endpoint: `${url}/revoke`,
  }
})
afterAll(async () => {
  http.closeAllConnections()
  http.close()
  await as.close()
})

/** Passes requests on, and loses the first answer on its way back. */
function losingOnce(): { readonly fetch: Fetch; readonly answers: Uint8Array[] } {
  const answers: Uint8Array[] = []
  const fetch: Fetch = async (to, init) => {
    const response = await globalThis.fetch(to, init)
    answers.push(new Uint8Array(await response.clone().arrayBuffer()))
    if (answers.length > 1) return response
    throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })
  }
  return { fetch, answers }
}

/** Waits for nothing, but for the end of the whole. */
const impatient = {
  clock: {
    now: () => 0,
    sleep: (ms: number) => (ms > 60_000 ? new Promise<never>(() => undefined) : Promise.resolve()),
  },
}

describe('the client at the server', () => {
  const ways: readonly (readonly [string, () => ClientAuthentication, 'cbor' | 'json'])[] = [
    ['a secret in CBOR', () => authentication, 'cbor'],
    ['a secret in a form', () => authentication, 'json'],
    ['a secret in the header', () => clientSecretBasic('c1', secret), 'cbor'],
    ['an assertion', () => privateKeyJwt('signer', assertionKey), 'json'],
  ]
  it.each(ways)(
    'gets a token by %s, which the resource server takes (R9201-3.1-1)',
    async (_, make, encoding) => {
      const token = await obtainToken(server, wanted, { authentication: make(), encoding })
      expect(token).toMatchObject({ token_type: 'PoP', scope: 'read', encoding })
      const verified = await verifyAccessToken(token.access_token, {
        issuers: [{ issuer, keys: shared }],
        audiences: 'rs1',
        recognizesScope: (scope) => scope === 'read',
      })
      expect(verified.claims.cnf?.COSE_Key?.k).toEqual(token.cnf?.COSE_Key?.k)
    },
  )

  it('gets a token for its own key, and knows the key of the resource server (R9202-3.2.1-1, R9202-3.2.2-2)', async () => {
    const { key, req_cnf } = await generateProofKey()
    const token = await obtainToken(server, { ...wanted, req_cnf, ace_profile: null }, { authentication })
    expect(token.ace_profile).toBe('coap_dtls')
    expect(token.cnf?.COSE_Key?.x).toEqual(key.toCose().x)
    expect(token.rs_cnf?.COSE_Key?.x).toEqual(rsKey.toCose().x)
    const { claims } = await openCwt(token.access_token, { keys: shared })
    expect(claims.cnf?.COSE_Key?.x).toEqual(key.toCose().x)
  })

  it('updates its rights with the kid of the key in use (R9202-4-1)', async () => {
    const first = await obtainToken(server, wanted, { authentication })
    const kid = first.cnf?.COSE_Key?.kid as Uint8Array
    const more = await obtainToken(
      server,
      { audience: 'rs1', scope: 'read write', req_cnf: { kid } },
      { authentication },
    )
    const { claims } = await openCwt(more.access_token, { keys: shared })
    expect(claims.cnf?.COSE_Key?.k ?? claims.cnf?.kid).toBeDefined()
    expect(more.scope).toBe('read write')
  })

  it('gets input material with coap_oscore, and uses that profile (R9203-3.2-1)', async () => {
    const token = await obtainToken(
      server,
      { audience: 'oscore', scope: 'read', ace_profile: null },
      { authentication },
    )
    expect(token.ace_profile).toBe('coap_oscore')
    expect(token.cnf?.osc?.ms?.length).toBe(16)
  })

  it('gets the very answer that was lost where it repeats its refresh, and one token is issued', async () => {
    const first = await obtainToken(server, wanted, { authentication })
    const issued = async () => (await as.store.tokens.list({ clientId: 'c1', limit: 1_000 })).length
    const before = await issued()
    const { fetch, answers } = losingOnce()
    const second = await refreshToken(server, first, { authentication, fetch, retry: impatient })
    expect(answers).toHaveLength(2)
    expect(equalBytes(answers[0]!, answers[1]!)).toBe(true)
    expect(await issued()).toBe(before + 1)
    expect((await refreshToken(server, second, { authentication })).refresh_token).not.toEqual(
      second.refresh_token,
    )
  })

  it('keeps its key and audience when it refreshes, and may narrow the scope (R9200-5.8.1-11)', async () => {
    const req_cnf = { COSE_Key: clientKey.toCose() }
    const first = await obtainToken(
      server,
      { audience: 'rs1', scope: 'read write', req_cnf },
      { authentication },
    )
    const second = await refreshToken(server, first, { authentication }, { scope: 'read' })
    expect(second.scope).toBe('read')
    const { claims } = await openCwt(second.access_token, { keys: shared })
    expect([claims.aud, claims.scope, claims.cnf?.COSE_Key?.x]).toEqual(['rs1', 'read', clientKey.toCose().x])
  })

  it('shares one refresh among all who ask a token source at once', async () => {
    const source = new TokenSource(server, wanted, { authentication })
    const first = await source.get()
    source.discard(first)
    const before = as.answers.length
    const tokens = await Promise.all([source.get(), source.get(), source.get()])
    expect(new Set(tokens).size).toBe(1)
    expect(as.answers.length).toBe(before + 1)
  })

  it('sees its revoked token in the list, as the resource server does, and deletes it (R9770-11-1)', async () => {
    for (const encoding of ['cbor', 'json'] as const) {
      const token = await obtainToken(
        server,
        { audience: 'rs1', scope: 'read' },
        { authentication, encoding },
      )
      const own = { authentication: clientSecretBasic('c1', secret) }
      const list = () => fetchRevocationList(`${url}/trl`, own)
      expect(await isRevoked(token, await list())).toBe(false)
      await revokeToken(server, { token: token.access_token }, { authentication, encoding })
      expect(await isRevoked(token, await list())).toBe(true)
      expect(await isRevoked(token, await fetchRevocationList(`${url}/trl`, { authentication: rs1 }))).toBe(
        true,
      )
      const told = await introspectToken(
        server,
        { token: token.access_token },
        { authentication: rs1, encoding },
      )
      expect(told.toJson()).toEqual({ active: false })
    }
  })

  it('gets a token for a resource server without a clock, with its nonce (R9200-5.3.1-2, R9200-5.8.4.4-1)', async () => {
    const cnonce = Uint8Array.of(0xe0, 0xa1, 0x56, 0xbb, 0x3f)
    const hints = new CreationHints({ AS: `${url}/token`, audience: 'rs1', scope: 'read', cnonce })
    const { server: chosen, members } = followCreationHints(hints, [{ ...server, audiences: ['rs1'] }])
    for (const encoding of ['cbor', 'json'] as const) {
      const token = await obtainToken(chosen, members, { authentication, encoding })
      expect((await openCwt(token.access_token, { keys: shared })).claims.cnonce).toEqual(cnonce)
    }
  })

  it.each([
    [
      'client_invalid_request',
      { ...wanted, req_cnf: { COSE_Key: { kty: 'Symmetric', k: new Uint8Array(16) } } },
    ],
    ['client_invalid_grant', { grant_type: 'refresh_token', refresh_token: 'made-up' }],
    ['client_unauthorized_client', { ...wanted, audience: 'elsewhere' }],
    ['client_unsupported_grant_type', { ...wanted, grant_type: 'password', username: 'u', password: 'p' }],
    ['client_invalid_scope', { ...wanted, scope: 'admin' }],
    ['client_unsupported_pop_key', { ...wanted, req_cnf: ed25519 }],
    ['client_incompatible_ace_profiles', { ...wanted, audience: 'mqtt' }],
  ] as const)('is told %s, in CBOR and in JSON, and does not try again', async (code, members) => {
    for (const encoding of ['cbor', 'json'] as const) {
      const before = as.answers.length
      await expect(obtainToken(server, members, { authentication, encoding })).rejects.toMatchObject({
        code,
        kind: { isTransient: false },
      })
      expect(as.answers.length).toBe(before + 1)
    }
  })

  it('is told client_invalid_client for a wrong secret and for an unknown client', async () => {
    for (const wrong of [clientSecretPost('c1', 'guess'), clientSecretBasic('nobody', secret)])
      await expect(obtainToken(server, wanted, { authentication: wrong })).rejects.toMatchObject({
        code: 'client_invalid_client',
      })
  })
})

import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AccessTokenRequest, AccessTokenResponse } from 'ace-oauth'
import { openJwt } from 'ace-oauth/token'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AuthorizationCodes, codeMetadata } from '../examples/authorization-code.ts'
import policy from '../examples/policy.mjs'
import { start as startFastify } from '../examples/with-fastify.ts'
import { start as startHono } from '../examples/with-hono.ts'
import type { Policy, PolicyQuestion, Store } from '../src/index.ts'
import {
  askByForm,
  basic,
  clientKey,
  issuer,
  openFixture,
  register,
  secret,
  signing,
} from './authorization-server/fixture.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ace-oauth-examples-'))
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(folder, { recursive: true, force: true })
})

/** Asks a server that an example has mounted for all that it has. */
async function tryEndpoints(url: string, store: Store): Promise<void> {
  await register(store)
  const cbor = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/ace+cbor' },
    body: new Uint8Array(
      new AccessTokenRequest({
        client_id: 'c1',
        client_secret: secret,
        audience: 'rs1',
        scope: 'read',
      }).toCbor(),
    ),
  })
  expect([cbor.status, cbor.headers.get('content-type'), cbor.headers.get('cache-control')]).toEqual([
    200,
    'application/ace+cbor',
    'no-store',
  ])
  const { access_token } = AccessTokenResponse.fromCbor(new Uint8Array(await cbor.arrayBuffer()))
  const post = (path: string, name: string, body: Record<string, string>) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: basic(name) },
      body: new URLSearchParams(body),
    })
  const token = Buffer.from(access_token).toString('base64url')
  const introspect = async () => (await post('/introspect', 'rs1-introspection', { token })).json()
  expect(await introspect()).toMatchObject({ active: true, scope: 'read', aud: 'rs1' })
  expect((await post('/revoke', 'c1', { token })).status).toBe(200)
  expect(await introspect()).toEqual({ active: false })
  const trl = await fetch(`${url}/trl?diff=1`, { headers: { authorization: basic('c1') } })
  expect([trl.status, trl.headers.get('content-type')]).toEqual([200, 'application/ace-trl+cbor'])
  const metadata = await fetch(`${url}/.well-known/oauth-authorization-server`)
  expect(await metadata.json()).toMatchObject({ issuer, token_endpoint: `${issuer}/token` })
  expect(await (await fetch(`${url}/jwks`)).json()).toMatchObject({ keys: expect.any(Array) })
  // Two of them are no way to slip one past a proxy.
  const twice = await fetch(`${url}/token`, {
    method: 'POST',
    headers: [
      ['authorization', basic('c1')],
      ['authorization', basic('c2')],
    ],
    body: new URLSearchParams({ audience: 'rs1', scope: 'read' }),
  })
  expect(twice.status).toBe(400)
  const wrong = await post('/token', 'c1', { audience: 'rs1', scope: 'admin' })
  expect([wrong.status, (await wrong.json()).error]).toEqual([400, 'invalid_scope'])
  expect((await fetch(`${url}/token`)).status).toBe(405)
  // The address is known: it is what guessing is limited by.
  const guess = (given: string) =>
    fetch(`${url}/token`, {
      method: 'POST',
      headers: { authorization: basic('c2', given) },
      body: new URLSearchParams({ audience: 'rs1', scope: 'read' }),
    })
  for (let i = 0; i < 20; i++) expect((await guess('wrong')).status).toBe(401)
  const limited = await guess(secret)
  expect(limited.status).toBe(429)
  expect(await (await fetch(url)).text()).toBe('your own pages')
}

describe('the examples of the server as a library', () => {
  it('mount its endpoints in a hono app', async () => {
    const { http, store } = await startHono(issuer, join(folder, 'as.sqlite'), 0)
    if (!http.listening) await once(http, 'listening')
    await tryEndpoints(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, store)
    await new Promise((resolve) => http.close(resolve))
    await store.close()
  })

  it('mount its endpoints in a Fastify app', async () => {
    const { app, store, url } = await startFastify(issuer, join(folder, 'as.sqlite'), 0)
    await tryEndpoints(url, store)
    await app.close()
    await store.close()
  })

  it('have a policy that narrows, shortens and denies', async () => {
    const ask = (clientId: string, scope: PolicyQuestion['scope']) =>
      (policy as Policy)({ client: { clientId }, scope, lifetime: 3_600 } as PolicyQuestion)
    vi.useFakeTimers({ now: new Date('2026-01-01T12:00:00Z'), toFake: ['Date'] })
    expect(ask('sensor1', 'read')).toEqual({ allow: true, scope: 'read', lifetime: 3_600 })
    expect(ask('sensor1', 'read firmware')).toEqual({ allow: true, scope: 'read', lifetime: 3_600 })
    expect(ask('sensor1', 'firmware')).toMatchObject({ allow: false })
    expect(ask('sensor1', Uint8Array.of(1))).toEqual({ allow: true })
    expect(ask('quarantine-7', 'read')).toMatchObject({ allow: false })
    vi.setSystemTime(new Date('2026-01-01T23:00:00Z'))
    expect(ask('sensor1', 'read firmware')).toEqual({ allow: true, scope: 'read firmware', lifetime: 300 })
    vi.useRealTimers()
    // The server takes what it decides.
    const as = await openFixture({ policy: policy as Policy })
    await as.addClient('quarantine-7')
    expect((await as.refusal('quarantine-7', { audience: 'rs1', scope: 'read' }))[0]).toBe(
      'token_policy_denied',
    )
    expect((await as.token('c1', { audience: 'rs1', scope: 'read write' })).expires_in).toBe(300)
    await as.close()
  })
})

describe('the authorization code grant of the examples', () => {
  const verifier = randomBytes(32).toString('base64url')
  const consent = {
    clientId: 'app',
    redirectUri: 'https://app.example.com/callback',
    codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
    audiences: ['jwt'],
    scope: 'read',
    subject: 'alice@people.example.com',
  }

  async function setUp() {
    const clock = { now: 1_000 }
    const codes = new AuthorizationCodes(() => clock.now)
    const as = await openFixture({ grants: [codes.grant], metadata: codeMetadata(`${issuer}/authorize`) })
    for (const name of ['app', 'other'])
      await as.addClient(name, { grantTypes: ['authorization_code', 'refresh_token'] })
    const ask = async (code: string, more: Record<string, string> = {}, name = 'app') => {
      const parameters = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: consent.redirectUri,
        code_verifier: verifier,
        req_cnf: JSON.stringify({ jwk: clientKey.toJwk() }),
        ...more,
      }
      const { status, payload, failure } = await askByForm(as, name, parameters)
      return { status, code: failure?.code, json: JSON.parse(new TextDecoder().decode(payload)) }
    }
    return { as, codes, clock, ask }
  }

  it('gives a token for what a person allowed, once; the second time all that it gave ends', async () => {
    const { as, codes, ask } = await setUp()
    const code = codes.issue(consent)
    const { status, json } = await ask(code)
    expect(status).toBe(200)
    const { claims } = await openJwt(json.access_token, { keys: signing })
    expect([claims.sub, claims.scope, claims.aud]).toEqual(['alice@people.example.com', 'read', 'jwt'])
    const token = new TextEncoder().encode(json.access_token)
    expect((await as.introspect('jwt', token)).active).toBe(true)
    expect(await ask(code)).toMatchObject({ code: 'token_grant_used', json: { error: 'invalid_grant' } })
    expect((await as.introspect('jwt', token)).active).toBe(false)
    const refresh = await askByForm(as, 'app', {
      grant_type: 'refresh_token',
      refresh_token: json.refresh_token,
    })
    expect(refresh.failure?.code).toBe('token_grant_revoked')
    await as.close()
  })

  it('refuses another client, redirection, verifier and scope, and a code that is old or that nobody issued', async () => {
    const { as, codes, clock, ask } = await setUp()
    const code = codes.issue(consent)
    const refused = async (...given: Parameters<typeof ask>) => (await ask(...given)).code
    expect(await refused(code, {}, 'other')).toBe('token_grant_client_mismatch')
    expect(await refused(code, { redirect_uri: `${consent.redirectUri}/` })).toBe(
      'token_redirect_uri_mismatch',
    )
    expect(await refused(code, { code_verifier: randomBytes(32).toString('base64url') })).toBe(
      'token_grant_invalid',
    )
    expect(await refused(code, { code_verifier: '' })).toBe('token_parameter_missing')
    expect(await refused(code, { scope: 'read write' })).toBe('token_scope_not_allowed')
    expect(await refused('guess')).toBe('token_grant_invalid')
    // None of that used the code up.
    expect(await refused(code)).toBeUndefined()
    const late = codes.issue(consent)
    clock.now += 60
    expect(await refused(late)).toBe('token_grant_expired')
    expect(() => codes.issue({ ...consent, codeChallenge: 'plain' })).toThrow(TypeError)
    await as.close()
  })

  it('issues one token where a code comes twice at once', async () => {
    const { as, codes, ask } = await setUp()
    const code = codes.issue(consent)
    const answers = await Promise.all([ask(code), ask(code), ask(code)])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    await as.close()
  })

  it('is told by the metadata, with PKCE (RFC 9700 section 2.1.1)', async () => {
    const { as } = await setUp()
    const { payload } = await as.server.metadata({ method: 'GET' })
    expect(JSON.parse(new TextDecoder().decode(payload))).toMatchObject({
      authorization_endpoint: `${issuer}/authorize`,
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: expect.arrayContaining(['authorization_code']),
    })
    await as.close()
  })
})

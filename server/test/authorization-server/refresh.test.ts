import { readFile } from 'node:fs/promises'
import {
  AccessTokenRequest,
  type AccessTokenRequestMembers,
  AccessTokenResponse,
  opaqueToText,
} from 'ace-oauth'
import { openCwt, TokenKey } from 'ace-oauth/token'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/grant/sha256.ts'
import { askByForm, clientKey, type Fixture, openFixture, secret, shared } from './fixture.ts'

let as: Fixture
beforeAll(async () => {
  as = await openFixture()
})
afterAll(() => as.close())

const begin = () => as.token('c1', { audience: 'rs1', scope: 'read write' })
const refresh = ({ refresh_token }: AccessTokenResponse, more: object = {}) =>
  as.token('c1', { grant_type: 'refresh_token', refresh_token: refresh_token!, ...more })
const refusal = ({ refresh_token }: AccessTokenResponse, more: object = {}, clientId = 'c1') =>
  as.refusal(clientId, { grant_type: 'refresh_token', refresh_token: refresh_token!, ...more })
const claimsOf = async ({ access_token }: AccessTokenResponse) =>
  (await openCwt(access_token, { keys: shared })).claims

describe('a refresh', () => {
  it('gives a new token with the same audience, scope and key, and a new refresh token', async () => {
    const first = await begin()
    const second = await refresh(first)
    const [before, after] = [await claimsOf(first), await claimsOf(second)]
    expect([after.aud, after.scope]).toEqual(['rs1', 'read write'])
    expect(after.cnf).toEqual(before.cnf)
    expect(second.refresh_token).not.toEqual(first.refresh_token)
    // RFC 9201 section 5: a request that names no key is told the secret.
    expect(second.cnf).toEqual(first.cnf)
    expect((await refresh(second)).access_token).not.toEqual(second.access_token)
  })

  it('may narrow the scope, of that token alone, and never widen it (RFC 6749 section 6)', async () => {
    const narrowed = await refresh(await begin(), { scope: 'read' })
    expect((await claimsOf(narrowed)).scope).toBe('read')
    const whole = await refresh(narrowed)
    expect((await claimsOf(whole)).scope).toBe('read write')
    const readOnly = await as.token('c1', { audience: 'rs1', scope: 'read' })
    expect(await refusal(readOnly, { scope: 'read write' })).toEqual([
      'token_refresh_scope_exceeded',
      'invalid_scope',
    ])
  })

  it('keeps its audience and its key (R9200-5.8.1-11)', async () => {
    const first = await begin()
    expect(await refusal(first, { audience: 'bare' })).toEqual([
      'token_refresh_audience_changed',
      'invalid_request',
    ])
    const other = { COSE_Key: (await TokenKey.generate('ES256')).toCose() }
    expect(await refusal(first, { req_cnf: other })).toEqual(['token_refresh_key_changed', 'invalid_request'])
    const kid = (await begin()).cnf!.COSE_Key!.kid as Uint8Array
    expect((await refusal(first, { req_cnf: { kid } }))[0]).toBe('token_refresh_key_changed')
    const own = await as.token('c1', {
      audience: 'rs1',
      scope: 'read',
      req_cnf: { COSE_Key: clientKey.toCose() },
    })
    const again = await refresh(own, { req_cnf: { COSE_Key: clientKey.toCose() } })
    expect((await claimsOf(again)).cnf?.COSE_Key?.x).toEqual(clientKey.toCose().x)
  })

  it('gives the very same answer again to who lost it, within the window and while the new refresh token is unused', async () => {
    const first = await begin()
    const second = await refresh(first)
    const issued = async () => (await as.store.tokens.list({ clientId: 'c1', limit: 1_000 })).length
    const before = await issued()
    as.clock.now += 200
    const again = await refresh(first)
    expect(again.toCbor()).toEqual(second.toCbor())
    expect(await issued()).toBe(before)
    await refresh(second)
    expect(await refusal(first)).toEqual(['token_grant_used', 'invalid_grant'])
  })

  it('with an old refresh token revokes the family', async () => {
    const first = await begin()
    const second = await refresh(first)
    as.clock.now += 247
    expect(await refusal(first)).toEqual(['token_grant_used', 'invalid_grant'])
    expect(await refusal(second)).toEqual(['token_grant_revoked', 'invalid_grant'])
    expect((await as.introspect('rs1', second.access_token)).active).toBe(false)
  })

  it('answers requests that come at once with one and the same token', async () => {
    const first = await begin()
    const answers = await Promise.all([refresh(first), refresh(first), refresh(first)])
    expect(new Set(answers.map((each) => Buffer.from(each.toCbor()).toString('hex'))).size).toBe(1)
  })

  it('with the token of another client, an unknown and an expired one is invalid_grant, and harms nobody (R6749-5.2-5, R6749-6-1)', async () => {
    const first = await begin()
    expect(await refusal(first, {}, 'c2')).toEqual(['token_grant_invalid', 'invalid_grant'])
    expect(await as.refusal('c1', { grant_type: 'refresh_token', refresh_token: 'unknown' })).toEqual([
      'token_grant_invalid',
      'invalid_grant',
    ])
    const second = await refresh(first)
    const before = as.clock.now
    as.clock.now += 30 * 24 * 60 * 60
    expect(await refusal(second)).toEqual(['token_grant_expired', 'invalid_grant'])
    as.clock.now = before
  })

  it('over a channel is given again to that channel alone', async () => {
    await as.addClient('psk', { authentication: 'channel', secretHash: null })
    const peer = { clientId: 'psk' }
    const { payload } = await as.request('psk', { audience: 'rs1', scope: 'read' }, peer)
    const { refresh_token } = AccessTokenResponse.fromCbor(payload)
    const members = { grant_type: 'refresh_token', refresh_token: refresh_token! } as const
    const one = await as.request('psk', members, peer)
    const two = await as.request('psk', members, peer)
    expect(two.payload).toEqual(one.payload)
  })

  it('over a channel is told apart by the certificate too: over another one it is a reuse', async () => {
    const certificate = (first: number) => {
      const thumbprint = new Uint8Array(32).fill(first)
      return { certificate: { thumbprint, isChainVerified: true, subject: 'CN=tls' } }
    }
    await as.addClient('tls', {
      authentication: 'tls_client_auth',
      secretHash: null,
      certificateSubject: { tls_client_auth_subject_dn: 'CN=tls' },
    })
    const ask = async (first: number, members: AccessTokenRequestMembers) =>
      as.request('tls', { client_id: 'tls', ...members }, certificate(first))
    const begun = AccessTokenResponse.fromCbor((await ask(1, { audience: 'rs1', scope: 'read' })).payload)
    const members = { grant_type: 'refresh_token', refresh_token: begun.refresh_token! } as const
    // A certificate that was renewed since is no other client.
    const one = await ask(2, members)
    expect(one.code).toBe('2.01')
    expect((await ask(2, members)).payload).toEqual(one.payload)
    expect((await ask(1, members)).failure?.code).toBe('token_grant_used')
    expect((await ask(2, members)).failure?.code).toBe('token_grant_revoked')
  })

  it('that is repeated says what it gives, for a request that asks for less as well', async () => {
    const first = await begin()
    const second = await refresh(first, { scope: 'read write' })
    const again = await refresh(first, { scope: 'read' })
    expect(again.toCbor()).toEqual(second.toCbor())
    expect(again.scope).toBe('read write')
  })

  it('is answered in the form that the repeated request accepts', async () => {
    const first = await begin()
    const second = await refresh(first)
    const { status, payload } = await askByForm(as, 'c1', {
      grant_type: 'refresh_token',
      refresh_token: opaqueToText(first.refresh_token!),
    })
    expect(status).toBe(200)
    expect(JSON.parse(new TextDecoder().decode(payload)).access_token).toBe(opaqueToText(second.access_token))
  })

  it('for whoever waits no longer takes nothing: the refresh token is good for another', async () => {
    const first = await begin()
    const gone = new AbortController()
    const { sessions, tokens } = as.store
    const issue = vi.spyOn(tokens, 'issue')
    // The client goes away while the server is at it.
    const current = vi.spyOn(sessions, 'current').mockImplementationOnce(async () => {
      gone.abort()
      return undefined
    })
    const payload = new AccessTokenRequest({
      client_id: 'c1',
      client_secret: secret,
      grant_type: 'refresh_token',
      refresh_token: first.refresh_token!,
    }).toCbor()
    await as.server.token({ method: 'POST', payload, signal: gone.signal })
    expect(current).toHaveBeenCalledOnce()
    // All that the other one does comes after.
    await begin()
    expect(issue).toHaveBeenCalledOnce()
    vi.restoreAllMocks()
    expect((await refresh(first)).refresh_token).toBeDefined()
  })

  it('keeps its answer no longer than the window, and neither token nor answer is in the file in clear', async () => {
    const first = await begin()
    const second = await refresh(first)
    const files = async (): Promise<Buffer> =>
      Buffer.concat(await Promise.all(['', '-wal'].map((end) => readFile(`${as.location}${end}`))))
    const before = await files()
    for (const token of [first.refresh_token!, second.refresh_token!, second.access_token])
      expect(before.includes(Buffer.from(token))).toBe(false)
    as.clock.now += 247
    while ((await as.store.sweep(as.clock.now, 100)) > 0);
    const state = await as.store.tokens.refreshState(
      sha256(first.refresh_token!),
      'c1',
      null,
      as.clock.now - 247,
    )
    // Even a clock that goes back finds no answer.
    expect(state.state).toBe('reused')
    as.clock.now -= 247
  })
})

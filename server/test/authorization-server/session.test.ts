import { randomUUID } from 'node:crypto'
import { AccessTokenRequest } from 'ace-oauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthorizationServer, openStore, type SessionBounds } from '../../src/index.ts'
import { type Fixture, issuer, openFixture, secret } from './fixture.ts'

let as: Fixture
beforeAll(async () => {
  as = await openFixture()
})
afterAll(() => as.close())

const members = { audience: 'rs1', scope: 'read' } as const
const unbounded: SessionBounds = {
  lifetime: 600,
  budget: null,
  perMinute: null,
  audiences: null,
  scopes: null,
}

async function open(clientId: string, bounds: Partial<SessionBounds> = {}): Promise<string> {
  const own = { ...unbounded, ...bounds }
  const sessionId = randomUUID()
  const times = { openedAt: as.clock.now, expiresAt: as.clock.now + own.lifetime, closedAt: null }
  await as.store.sessions.open({ ...own, sessionId, clientId, ...times, used: 0 }, 10, 'test')
  return sessionId
}

const lastDetails = () => as.answers.at(-1)?.failure?.details

describe('a session that an operator opens', () => {
  it('gives as many tokens as its budget and not one more, whatever runs at once; the log has limit and used', async () => {
    await as.addClient('budget')
    await open('budget', { budget: 3 })
    const answers = await Promise.all(Array.from({ length: 8 }, () => as.request('budget', members)))
    expect(answers.filter(({ code }) => code === '2.01')).toHaveLength(3)
    expect(await as.store.tokens.list({ clientId: 'budget', limit: 100 })).toHaveLength(3)
    expect(await as.refusal('budget', members)).toEqual(['token_session_budget_exceeded', 'invalid_grant'])
    expect(lastDetails()).toMatchObject({ limit: 3, used: 3 })
    // Until another is opened.
    await open('budget', { budget: 1 })
    expect((await as.request('budget', members)).code).toBe('2.01')
    expect((await as.refusal('budget', members))[0]).toBe('token_session_budget_exceeded')
  })

  it('gives no more where two servers share a store', async () => {
    await as.addClient('shared')
    await open('shared', { budget: 4 })
    const store = await openStore(as.location)
    const other = await createAuthorizationServer({ issuer, store, now: () => as.clock.now })
    const payload = new AccessTokenRequest({
      client_id: 'shared',
      client_secret: secret,
      ...members,
    }).toCbor()
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, i) => (i % 2 ? as.server : other).token({ method: 'POST', payload })),
    )
    expect(answers.filter(({ code }) => code === '2.01')).toHaveLength(4)
    expect(await store.tokens.list({ clientId: 'shared', limit: 100 })).toHaveLength(4)
    await store.close()
  })

  it('that requests beside it spend leaves them those that are open besides, each to its last token', async () => {
    await as.addClient('several')
    for (const budget of [2, 3]) await open('several', { budget })
    const answers = await Promise.all(Array.from({ length: 12 }, () => as.request('several', members)))
    expect(answers.filter(({ code }) => code === '2.01')).toHaveLength(5)
    const sessions = await as.store.sessions.list({ clientId: 'several', limit: 10 })
    expect(sessions.map(({ used }) => used).sort()).toEqual([2, 3])
  })

  it('is spent by refreshes too, but not by an answer that is given again', async () => {
    await as.addClient('refreshing')
    await open('refreshing', { budget: 2 })
    const { refresh_token } = await as.token('refreshing', members)
    const request = { grant_type: 'refresh_token', refresh_token: refresh_token! } as const
    const second = await as.token('refreshing', request)
    const again = await as.token('refreshing', request)
    expect(again.toCbor()).toEqual(second.toCbor())
    expect(
      (
        await as.refusal('refreshing', { grant_type: 'refresh_token', refresh_token: second.refresh_token! })
      )[0],
    ).toBe('token_session_budget_exceeded')
  })

  it('that expired or was closed gives none', async () => {
    await as.addClient('ended')
    const before = as.clock.now
    await open('ended', { lifetime: 60 })
    as.clock.now += 60
    expect(await as.refusal('ended', members)).toEqual(['token_session_expired', 'invalid_grant'])
    const sessionId = await open('ended')
    expect((await as.request('ended', members)).code).toBe('2.01')
    await as.store.sessions.close(sessionId, 'test', as.clock.now)
    expect(await as.refusal('ended', members)).toEqual(['token_session_already_closed', 'invalid_grant'])
    as.clock.now = before
  })

  it('gives so many in a minute, and says when to come again', async () => {
    await as.addClient('limited')
    await open('limited', { perMinute: 1 })
    expect((await as.request('limited', members)).code).toBe('2.01')
    const refused = await as.request('limited', members)
    expect([refused.code, refused.failure?.code]).toEqual(['4.29', 'token_session_rate_limited'])
    expect(refused.maxAge).toBe(60 - (as.clock.now % 60))
    expect(refused.payload).toHaveLength(0)
    expect(lastDetails()).toMatchObject({ limit: 1, used: 1 })
  })

  it('narrows audiences and scopes', async () => {
    await as.addClient('bounded')
    await open('bounded', { audiences: ['rs1'], scopes: ['read'] })
    expect(await as.refusal('bounded', { audience: 'bare', scope: 'read' })).toEqual([
      'token_session_scope_not_authorized',
      'invalid_scope',
    ])
    expect((await as.token('bounded', { audience: 'rs1', scope: 'read write' })).scope).toBe('read')
  })
})

describe('several open sessions', () => {
  it('are tried one after another: by their audiences and scopes, and by what they give in a minute', async () => {
    await as.addClient('windows')
    const first = await open('windows', { audiences: ['bare'], lifetime: 100 })
    const second = await open('windows', { audiences: ['rs1'], lifetime: 200, perMinute: 1 })
    const third = await open('windows', { scopes: ['read'], lifetime: 300, budget: 1 })
    const used = async () =>
      Promise.all([first, second, third].map(async (id) => (await as.store.sessions.find(id))?.used))
    expect((await as.request('windows', members)).code).toBe('2.01')
    expect(await used()).toEqual([0, 1, 0])
    expect((await as.request('windows', members)).code).toBe('2.01')
    expect(await used()).toEqual([0, 1, 1])
    // What the first one says is told where none has a token.
    expect((await as.refusal('windows', members))[0]).toBe('token_session_scope_not_authorized')
    expect(await used()).toEqual([0, 1, 1])
  })
})

describe('a client whose registration asks for sessions', () => {
  it('gets no token until somebody opens one', async () => {
    const sessionPolicy = { opens: 'operator', maxOpen: 1, bounds: unbounded } as const
    await as.addClient('closed', { sessionPolicy })
    expect(await as.refusal('closed', members)).toEqual(['token_session_not_found', 'invalid_grant'])
    await open('closed')
    expect((await as.request('closed', members)).code).toBe('2.01')
  })

  it('opens them by its first request where it may, and again when one has expired, but not for more budget', async () => {
    const before = as.clock.now
    const sessionPolicy = {
      opens: 'implicit',
      maxOpen: 1,
      bounds: { ...unbounded, lifetime: 60, budget: 1 },
    } as const
    await as.addClient('implicit', { sessionPolicy })
    expect((await as.request('implicit', members)).code).toBe('2.01')
    expect((await as.refusal('implicit', members))[0]).toBe('token_session_budget_exceeded')
    as.clock.now += 60
    expect((await as.request('implicit', members)).code).toBe('2.01')
    as.clock.now = before
  })

  it('opens no more at once than it may, and no token comes from the requests that were too many', async () => {
    const sessionPolicy = { opens: 'implicit', maxOpen: 1, bounds: { ...unbounded, budget: 2 } } as const
    await as.addClient('parallel', { sessionPolicy })
    const answers = await Promise.all(Array.from({ length: 6 }, () => as.request('parallel', members)))
    const issued = answers.filter(({ code }) => code === '2.01').length
    // Whoever comes second finds the session that the first one opened.
    expect(issued).toBe(2)
    expect(await as.store.sessions.list({ clientId: 'parallel', limit: 9 })).toHaveLength(1)
    const codes = answers.flatMap(({ failure }) => (failure ? [failure.code] : []))
    for (const code of codes)
      expect(['token_session_budget_exceeded', 'token_session_too_many_sessions']).toContain(code)
    expect(codes).toHaveLength(4)
  })
})

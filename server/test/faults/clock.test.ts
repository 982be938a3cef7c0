import { AccessTokenRequest, AccessTokenResponse } from 'ace-oauth'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ClockWatch } from '../../src/clock.ts'
import {
  type AuthorizationServer,
  createAuthorizationServer,
  openStore,
  type SessionBounds,
} from '../../src/index.ts'
import { type Sweep, sweepInBackground } from '../../src/serve/sweeps.ts'
import { type Fixture, issuer, openFixture, secret } from '../authorization-server/fixture.ts'
import { expectSequenceNumbersOnce } from './workers.ts'

const year = 365 * 24 * 60 * 60
const members = { audience: 'rs1', scope: 'read' } as const
const bounds: SessionBounds = {
  lifetime: 3_600,
  budget: null,
  perMinute: null,
  audiences: null,
  scopes: null,
}

let as: Fixture
afterEach(async () => {
  await as?.close()
})

/** Runs some work by a clock that is wrong by so many seconds. */
async function wrongBy<Result>(seconds: number, work: () => Promise<Result>): Promise<Result> {
  as.clock.now += seconds
  try {
    return await work()
  } finally {
    as.clock.now -= seconds
  }
}

describe('a clock that jumps', () => {
  it('forward and back: no token that was issued meanwhile is good for years', async () => {
    as = await openFixture()
    const early = await as.token('c1', members)
    const late = await wrongBy(10 * year, () => as.token('c1', members))
    expect((await as.introspect('rs1', early.access_token)).active).toBe(true)
    expect((await as.introspect('rs1', late.access_token)).active).toBe(false)
    // What is a few minutes ahead comes from another process whose clock is a little ahead.
    const ahead = await wrongBy(120, () => as.token('c1', members))
    expect((await as.introspect('rs1', ahead.access_token)).active).toBe(true)
  })

  it('back: tokens that were issued before are good again no longer than they say', async () => {
    as = await openFixture()
    const { access_token } = await as.token('c1', members)
    await wrongBy(-100, async () => {
      expect((await as.introspect('rs1', access_token)).active).toBe(true)
    })
    await wrongBy(3_600, async () => {
      expect((await as.introspect('rs1', access_token)).active).toBe(false)
    })
  })

  it('forward and back: a session that was opened meanwhile gives no token, and a client that opens its own gets another', async () => {
    as = await openFixture()
    await as.addClient('implicit', { sessionPolicy: { opens: 'implicit', maxOpen: 1, bounds } })
    await wrongBy(10 * year, () => as.token('implicit', members))
    await as.token('implicit', members)
    await as.addClient('operated', { sessionPolicy: { opens: 'operator', maxOpen: 1, bounds } })
    const open = (sessionId: string) =>
      as.store.sessions.open(
        {
          ...bounds,
          sessionId,
          clientId: 'operated',
          openedAt: as.clock.now,
          expiresAt: as.clock.now + 3_600,
          closedAt: null,
          used: 0,
        },
        1,
        'test',
      )
    expect(await wrongBy(10 * year, () => open('wrong'))).toBe('opened')
    expect((await as.refusal('operated', members))[0]).toBe('token_session_not_found')
    expect(await open('right')).toBe('opened')
    await as.token('operated', members)
  })

  it('forward and back: the minute of a session is neither opened twice nor years long', async () => {
    as = await openFixture()
    as.clock.now -= as.clock.now % 60
    await as.addClient('slow', {
      sessionPolicy: {
        opens: 'implicit',
        maxOpen: 1,
        bounds: { ...bounds, lifetime: 20 * year, perMinute: 2 },
      },
    })
    await as.token('slow', members)
    await wrongBy(10 * year, () => as.token('slow', members))
    await as.token('slow', members)
    const [code] = await as.refusal('slow', members)
    expect(code).toBe('token_session_rate_limited')
    expect(as.answers.at(-1)?.failure?.retryAfterMs).toBeLessThanOrEqual(60_000)
    as.clock.now += 60
    await as.token('slow', members)
  })

  it('forward: the answer to a refresh that was lost is given again when the clock is right', async () => {
    as = await openFixture()
    const { refresh_token } = await as.token('c1', members)
    const again = { grant_type: 'refresh_token', refresh_token } as const
    const first = await as.token('c1', again)
    // Nobody asked while the clock was wrong.
    await wrongBy(year, async () => {})
    expect((await as.token('c1', again)).access_token).toEqual(first.access_token)
    // Back: the window is open for longer, for the same client with the same refresh token alone.
    await wrongBy(-year, async () => {
      expect((await as.token('c1', again)).access_token).toEqual(first.access_token)
    })
  })
})

describe('a second process with another clock on the same store', () => {
  it('neither overspends a budget nor repeats a sequence number, and what it issues is good for as long as it says', async () => {
    as = await openFixture()
    await as.addClient('bounded', {
      sessionPolicy: { opens: 'implicit', maxOpen: 1, bounds: { ...bounds, budget: 20 } },
    })
    const store = await openStore(as.location)
    const skewed = await createAuthorizationServer({ issuer, store, now: () => as.clock.now + 240 })
    const ask = (server: AuthorizationServer, audience: string) =>
      server.token({
        method: 'POST',
        payload: new AccessTokenRequest({
          client_id: 'bounded',
          client_secret: secret,
          audience,
          scope: 'read',
        }).toCbor(),
      })
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => ask(i % 2 ? as.server : skewed, 'exi')),
    )
    const tokens = answers.flatMap(({ code, payload }) =>
      code === '2.01' ? [AccessTokenResponse.fromCbor(payload).access_token] : [],
    )
    expect(tokens).toHaveLength(20)
    await expectSequenceNumbersOnce(tokens)
    for (const token of tokens) expect((await as.introspect('exi', token)).active).toBe(true)
    expect(await as.store.tokens.list({ clientId: 'bounded', limit: 100 })).toHaveLength(20)
    await store.close()
  })
})

describe('sweeps', () => {
  const clocks = { wall: 1_000_000_000_000, steady: 0 }
  const pass = (ms: number): void => {
    clocks.wall += ms
    clocks.steady += ms
  }

  it('see a jump either way, and trust the clock again after an hour', () => {
    const watch = new ClockWatch({ wall: () => clocks.wall, steady: () => clocks.steady })
    pass(60_000)
    expect(watch.jump()).toBe(0)
    clocks.wall += 10 * year * 1_000
    expect(watch.jump()).toBe(10 * year)
    pass(30 * 60_000)
    clocks.wall -= 10 * year * 1_000
    expect(watch.jump()).toBe(-10 * year)
    pass(59 * 60_000)
    expect(watch.jump()).toBe(-10 * year)
    pass(60_000)
    expect(watch.jump()).toBe(0)
    // Slow corrections are no jumps, however much they are together.
    for (let i = 0; i < 100; i++) {
      pass(60_000)
      clocks.wall += 10_000
      expect(watch.jump()).toBe(0)
    }
  })

  it('remove nothing while the clock of the process and that of the database lie apart', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const sweeps: Sweep[] = []
      let removals = 0
      let databaseClock = Math.floor(Date.now() / 1_000) - 3_600
      const store = {
        clock: async () => databaseClock,
        sweep: async () => {
          removals++
          return 0
        },
      }
      const end = sweepInBackground(
        store,
        () => 1,
        (sweep) => sweeps.push(sweep),
      )
      await vi.advanceTimersByTimeAsync(1_000)
      expect([removals, sweeps.length]).toEqual([0, 1])
      expect(String(sweeps[0]!.error)).toMatch(/ahead of that of the database/)
      databaseClock += 3_600
      await vi.advanceTimersByTimeAsync(1_000)
      expect([removals, sweeps[1]?.error]).toEqual([1, undefined])
      await end()
    } finally {
      vi.useRealTimers()
    }
  })
})

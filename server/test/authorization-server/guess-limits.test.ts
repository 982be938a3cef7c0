import { describe, expect, it } from 'vitest'
import { type Attempt, GuessLimiter, type GuessLimits } from '../../src/guess-limits.ts'

const small: GuessLimits = {
  failuresPerClientAndAddress: 2,
  failuresPerClient: 4,
  failuresPerAddress: 3,
  failureWindow: 60,
}

/** A limiter, its clock in milliseconds, and attempts that fail or succeed at once. */
function limiterOf(limits: GuessLimits = small) {
  const clock = { now: 0 }
  const limiter = new GuessLimiter(limits, () => clock.now)
  const begin = (clientId: string | undefined, address?: string, isGuessable = true) =>
    limiter.begin({ clientId, address, isGuessable })
  /** Whether an attempt was let through; it fails. */
  const fails = async (clientId: string | undefined, address?: string, isGuessable = true) => {
    const attempt = await begin(clientId, address, isGuessable)
    if (typeof attempt === 'object') attempt.failed()
    return typeof attempt === 'object'
  }
  const succeeds = async (clientId: string, address?: string) => {
    const attempt = await begin(clientId, address)
    if (typeof attempt === 'object') attempt.succeeded()
    return typeof attempt === 'object'
  }
  return { clock, begin, fails, succeeds }
}

/** The results of one after the other. */
async function all<Result>(count: number, each: (i: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (let i = 0; i < count; i++) results.push(await each(i))
  return results
}

describe('the limits on guessing', () => {
  it('hold for a client from one address, and say when the next attempt is let through', async () => {
    const { clock, begin, fails } = limiterOf()
    expect([await fails('c', '192.0.2.1'), await fails('c', '192.0.2.1')]).toEqual([true, true])
    expect(await begin('c', '192.0.2.1')).toBe(30_000)
    clock.now += 29_000
    expect(await begin('c', '192.0.2.1')).toBeCloseTo(1_000, -1)
    clock.now += 1_000
    expect(await fails('c', '192.0.2.1')).toBe(true)
    expect(await fails('c', '192.0.2.1')).toBe(false)
  })

  it('hold for a client from all addresses together', async () => {
    const { fails } = limiterOf()
    const through = await all(8, (i) => fails('c', `192.0.2.${i}`))
    expect(through.filter(Boolean)).toHaveLength(4)
  })

  it('hold for an address whatever clients it names, and for signatures too', async () => {
    for (const isGuessable of [true, false]) {
      const { fails } = limiterOf()
      const through = await all(8, (i) => fails(`c${i}`, '192.0.2.1', isGuessable))
      expect(through.filter(Boolean)).toHaveLength(3)
    }
  })

  it('count what cannot be guessed against no client', async () => {
    const { fails, succeeds } = limiterOf()
    for (let i = 0; i < 50; i++) await fails('c', `192.0.2.${i}`, false)
    expect(await succeeds('c', '198.51.100.1')).toBe(true)
  })

  it('let no more run at once than may fail, and those beyond wait for one that is over', async () => {
    const { begin } = limiterOf()
    const attempts = (await all(2, () => begin('c', '192.0.2.1'))) as Attempt[]
    const third = begin('c', '192.0.2.1')
    const fourth = begin('c', '192.0.2.1')
    let isLetThrough = false
    void third.then(() => {
      isLetThrough = true
    })
    await new Promise(setImmediate)
    expect(isLetThrough).toBe(false)
    attempts[0]!.failed()
    // It counts once, however often it ends.
    attempts[0]!.failed()
    await new Promise(setImmediate)
    expect(isLetThrough).toBe(false)
    attempts[1]!.cancelled()
    ;((await third) as Attempt).failed()
    expect(await fourth).toBe(30_000)
  })

  it('slow nobody down who comes many times at once with the right credentials', async () => {
    const { begin } = limiterOf()
    let running = 0
    let most = 0
    const ask = async (i: number) => {
      const attempt = (await begin('c', i % 2 ? '192.0.2.1' : '192.0.2.2')) as Attempt
      most = Math.max(most, ++running)
      await new Promise(setImmediate)
      running--
      attempt.succeeded()
    }
    await Promise.all(Array.from({ length: 200 }, (_, i) => ask(i)))
    expect(most).toBeLessThanOrEqual(4)
  })

  it('do not lock a client out of an address from which it authenticated, whoever guesses from elsewhere or beside it', async () => {
    const { fails, succeeds } = limiterOf()
    expect(await succeeds('c', '192.0.2.1')).toBe(true)
    for (let i = 0; i < 100; i++) await fails('c', `198.51.100.${i}`)
    for (let i = 0; i < 100; i++) await fails(`other${i}`, '192.0.2.1')
    expect(await fails('c', '203.0.113.1')).toBe(false)
    expect(await fails('other', '192.0.2.1')).toBe(false)
    expect(await succeeds('c', '192.0.2.1')).toBe(true)
    // Its own failures count there as before.
    expect([
      await fails('c', '192.0.2.1'),
      await fails('c', '192.0.2.1'),
      await fails('c', '192.0.2.1'),
    ]).toEqual([true, true, false])
  })

  it('lock nobody out for ever: while the guessing goes on, an attempt is let through now and then', async () => {
    const { clock, fails } = limiterOf()
    let through = 0
    for (let second = 0; second < 600; second++) {
      if (await fails('c', `192.0.2.${second % 250}`)) through++
      clock.now += 1_000
    }
    // Four at first, and one for each 15 seconds.
    expect(through).toBeGreaterThanOrEqual(40)
    expect(through).toBeLessThanOrEqual(44)
  })

  it.each([
    ['2001:db8::1', '2001:db8:0:0:ffff::2', true],
    ['2001:db8::1', '2001:0db8:0000:0000:a:b:c:d', true],
    ['2001:db8::1', '2001:db8:0:1::1', false],
    ['::ffff:192.0.2.1', '192.0.2.1', true],
    ['fe80::1%eth0', 'fe80::2', true],
    ['64:ff9b::192.0.2.1', '64:ff9b::198.51.100.1', true],
    ['192.0.2.1', '192.0.2.2', false],
  ])('take %s and %s for one network: %s', async (one, other, isOne) => {
    const { fails } = limiterOf({ ...small, failuresPerAddress: 1 })
    await fails('a', one)
    expect(await fails('b', other)).toBe(!isOne)
  })

  it('hold for the client alone where nobody knows the address', async () => {
    const { fails } = limiterOf()
    expect([await fails('a'), await fails('a'), await fails('a'), await fails('b')]).toEqual([
      true,
      true,
      false,
      true,
    ])
  })

  it('forget those that failed least lately where there are more than the memory is for', async () => {
    const { fails } = limiterOf({ ...small, failuresPerClientAndAddress: 1 })
    const name = (i: number): string => `${i}`.padEnd(1_000, 'x')
    const address = (i: number): string => `2001:db8:${(i >> 8).toString(16)}:${(i & 255).toString(16)}::1`
    for (let i = 0; i < 20_100; i++) await fails(name(i), address(i))
    expect(await fails(name(20_099), address(20_099))).toBe(false)
    expect(await fails(name(0), address(0))).toBe(true)
  })
})

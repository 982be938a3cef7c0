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
  const begin = (clientId: string | undefined, address?: string, isGuessable = true): Attempt | number =>
    limiter.begin({ clientId, address, isGuessable })
  /** Whether an attempt was let through; it counts as failed. */
  const fails = (clientId: string | undefined, address?: string, isGuessable = true): boolean =>
    typeof begin(clientId, address, isGuessable) === 'object'
  const succeeds = (clientId: string, address?: string): boolean => {
    const attempt = begin(clientId, address)
    if (typeof attempt === 'number') return false
    attempt.succeeded()
    return true
  }
  return { clock, begin, fails, succeeds }
}

describe('the limits on guessing', () => {
  it('hold for a client from one address, and say when the next attempt is let through', () => {
    const { clock, begin, fails } = limiterOf()
    expect([fails('c', '192.0.2.1'), fails('c', '192.0.2.1')]).toEqual([true, true])
    expect(begin('c', '192.0.2.1')).toBe(30_000)
    clock.now += 29_000
    expect(begin('c', '192.0.2.1')).toBeCloseTo(1_000, -1)
    clock.now += 1_000
    expect(fails('c', '192.0.2.1')).toBe(true)
    expect(fails('c', '192.0.2.1')).toBe(false)
  })

  it('hold for a client from all addresses together', () => {
    const { fails } = limiterOf()
    const through = Array.from({ length: 8 }, (_, i) => fails('c', `192.0.2.${i}`))
    expect(through.filter(Boolean)).toHaveLength(4)
  })

  it('hold for an address whatever clients it names, and for signatures too', () => {
    for (const isGuessable of [true, false]) {
      const { fails } = limiterOf()
      const through = Array.from({ length: 8 }, (_, i) => fails(`c${i}`, '192.0.2.1', isGuessable))
      expect(through.filter(Boolean)).toHaveLength(3)
    }
  })

  it('count what cannot be guessed against no client', () => {
    const { fails, succeeds } = limiterOf()
    for (let i = 0; i < 50; i++) fails('c', `192.0.2.${i}`, false)
    expect(succeeds('c', '198.51.100.1')).toBe(true)
  })

  it('count attempts that run at once, and take those back that succeed or were not looked at', () => {
    const { begin, fails } = limiterOf()
    const [one, two] = [begin('c', '192.0.2.1'), begin('c', '192.0.2.1')] as [Attempt, Attempt]
    expect(fails('c', '192.0.2.1')).toBe(false)
    one.cancelled()
    two.cancelled()
    expect(fails('c', '192.0.2.1')).toBe(true)
  })

  it('do not lock a client out of an address from which it authenticated, whoever guesses from elsewhere or beside it', () => {
    const { fails, succeeds } = limiterOf()
    expect(succeeds('c', '192.0.2.1')).toBe(true)
    for (let i = 0; i < 100; i++) fails('c', `198.51.100.${i}`)
    for (let i = 0; i < 100; i++) fails(`other${i}`, '192.0.2.1')
    expect(fails('c', '203.0.113.1')).toBe(false)
    expect(fails('other', '192.0.2.1')).toBe(false)
    expect(succeeds('c', '192.0.2.1')).toBe(true)
    // Its own failures count there as before.
    expect([fails('c', '192.0.2.1'), fails('c', '192.0.2.1'), fails('c', '192.0.2.1')]).toEqual([
      true,
      true,
      false,
    ])
  })

  it('lock nobody out for ever: while the guessing goes on, an attempt is let through now and then', () => {
    const { clock, fails } = limiterOf()
    let through = 0
    for (let second = 0; second < 600; second++) {
      if (fails('c', `192.0.2.${second % 250}`)) through++
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
  ])('take %s and %s for one network: %s', (one, other, isOne) => {
    const { fails } = limiterOf({ ...small, failuresPerAddress: 1 })
    fails('a', one)
    expect(fails('b', other)).toBe(!isOne)
  })

  it('hold for the client alone where nobody knows the address', () => {
    const { fails } = limiterOf()
    expect([fails('a'), fails('a'), fails('a'), fails('b')]).toEqual([true, true, false, true])
  })

  it('forget those that failed least lately where there are more than the memory is for', () => {
    const { fails } = limiterOf({ ...small, failuresPerClientAndAddress: 1 })
    const name = (i: number): string => `${i}`.padEnd(1_000, 'x')
    const address = (i: number): string => `2001:db8:${(i >> 8).toString(16)}:${(i & 255).toString(16)}::1`
    for (let i = 0; i < 20_100; i++) fails(name(i), address(i))
    expect(fails(name(20_099), address(20_099))).toBe(false)
    expect(fails(name(0), address(0))).toBe(true)
  })
})

import { getEventListeners } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FailureCode } from '../../src/failure/catalogue.ts'
import { catalogue } from '../../src/failure/catalogue.ts'
import type { Clock } from '../../src/failure/clock.ts'
import { Failure, type FailureOptions } from '../../src/failure/failure.ts'
import { FailureKind } from '../../src/failure/kind.ts'
import { httpFailure } from '../../src/failure/received-failure.ts'
import { type RetryPolicy, type RetryReport, retry } from '../../src/failure/retry.ts'
import { VirtualClock } from './virtual-clock.ts'

const network = () => new Failure('client_network_error')

/** Fails with each of the failures in turn, then returns 'done'. */
function failing(...failures: unknown[]) {
  return vi.fn(async () => {
    if (failures.length > 0) throw failures.shift()
    return 'done'
  })
}

/** Runs retry with a virtual clock, and gives what came of it. */
async function attempt<T>(operation: Parameters<typeof retry<T>>[0], policy: RetryPolicy = {}) {
  const clock = new VirtualClock()
  const reports: RetryReport[] = []
  const onAttempt = (report: RetryReport) => reports.push(report)
  const run = retry(operation, { clock, random: () => 0.5, safeToRepeat: true, onAttempt, ...policy })
  const outcome = await clock.run(run).then(
    (value) => ({ value, thrown: undefined }),
    (thrown: unknown) => ({ value: undefined, thrown }),
  )
  expect(clock.asleep, 'no timer is left behind').toBe(0)
  return { ...outcome, reports, waits: reports.map(({ waitMs }) => waitMs), time: clock.time }
}

afterEach(() => vi.useRealTimers())

describe('the attempts', () => {
  it('are one where that succeeds, also for an operation that is not asynchronous', async () => {
    const { value, reports } = await attempt(() => 7)
    expect(value).toBe(7)
    expect(reports).toEqual([{ attempt: 1, elapsedMs: 0 }])
  })

  it('go on until one succeeds, and each is reported', async () => {
    const [first, second] = [network(), new Failure('client_gateway_timeout')]
    const operation = failing(first, second)
    const { value, reports } = await attempt(operation)
    expect(value).toBe('done')
    expect(reports).toEqual([
      { attempt: 1, elapsedMs: 0, error: first, kind: FailureKind.NetworkError, waitMs: 500 },
      { attempt: 2, elapsedMs: 500, error: second, kind: FailureKind.GatewayTimeout, waitMs: 4_000 },
      { attempt: 3, elapsedMs: 4_500 },
    ])
    expect(operation.mock.calls.flat()).toMatchObject([{ attempt: 1 }, { attempt: 2 }, { attempt: 3 }])
  })

  it('end with the last failure, as it was thrown, when there have been enough', async () => {
    const last = network()
    const operation = failing(network(), network(), last, network())
    const { thrown, waits } = await attempt(operation, { maxAttempts: 3 })
    expect(thrown).toBe(last)
    expect(waits).toEqual([500, 1_000, undefined])
    expect(operation).toHaveBeenCalledTimes(3)
  })

  const codes = [...catalogue.keys()]
  it.each(FailureKind.all)('are repeated for $name only if that is transient', async (kind) => {
    const code = codes.find((one) => catalogue.get(one)?.kind === kind) as FailureCode
    const operation = failing(new Failure(code))
    const { thrown } = await attempt(operation)
    expect(operation).toHaveBeenCalledTimes(kind.isTransient ? 2 : 1)
    expect(thrown instanceof Failure && thrown.kind).toBe(kind.isTransient ? false : kind)
  })

  it.each(FailureKind.all)(
    'without safeToRepeat are repeated for rate_limit alone, not for $name',
    async (kind) => {
      const code = codes.find((one) => catalogue.get(one)?.kind === kind) as FailureCode
      const operation = failing(new Failure(code))
      await attempt(operation, { safeToRepeat: false })
      expect(operation).toHaveBeenCalledTimes(kind === FailureKind.RateLimit ? 2 : 1)
    },
  )

  it('are not repeated where nobody knows what was thrown', async () => {
    const odd = new TypeError('odd')
    const operation = vi.fn(() => {
      throw odd
    })
    const { thrown, reports } = await attempt(operation)
    expect(thrown).toBe(odd)
    expect(reports).toEqual([{ attempt: 1, elapsedMs: 0, error: odd, kind: FailureKind.Panic }])
  })

  it('are repeated where toFailure knows it, and what was thrown is thrown on', async () => {
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    const toFailure = (error: unknown) => (error === reset ? network() : undefined)
    const { thrown, waits } = await attempt(failing(reset, reset), { toFailure, maxAttempts: 2 })
    expect(thrown).toBe(reset)
    expect(waits).toEqual([500, undefined])
  })

  it('stop when onAttempt throws', async () => {
    const broken = new Error('log is full')
    const operation = failing(network())
    const onAttempt = () => {
      throw broken
    }
    expect((await attempt(operation, { onAttempt })).thrown).toBe(broken)
    expect(operation).toHaveBeenCalledTimes(1)
  })

  it.each([
    ...[0, -1, Number.NaN, 2.5, Number.POSITIVE_INFINITY, '3', null, 3n].map((maxAttempts) => ({
      maxAttempts,
    })),
    ...[-1, Number.NaN, '1000', null, 5n].map((budgetMs) => ({ budgetMs })),
    ...[-1, Number.NaN, Number.POSITIVE_INFINITY, '1000', null].map((capMs) => ({ capMs })),
  ] as RetryPolicy[])('are not begun with %o', async (policy) => {
    const operation = failing()
    await expect(retry(operation, policy)).rejects.toThrow(RangeError)
    expect(operation).not.toHaveBeenCalled()
  })
})

describe('the wait', () => {
  it('doubles from the base of the kind up to the cap, with full jitter', async () => {
    const { waits } = await attempt(failing(network(), network(), network(), network(), network()), {
      maxAttempts: 6,
      capMs: 5_000,
    })
    expect(waits).toEqual([500, 1_000, 2_000, 2_500, 2_500, undefined])
  })

  it('is anywhere from 0 to that bound', async () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    const cap = fc.integer({ min: 0, max: 60_000 })
    const property = fc.asyncProperty(
      fc.array(random, { minLength: 4, maxLength: 4 }),
      cap,
      async (numbers, capMs) => {
        const left = [...numbers]
        const { waits } = await attempt(failing(network(), network(), network(), network()), {
          capMs,
          random: () => left.shift()!,
          budgetMs: Number.POSITIVE_INFINITY,
        })
        expect(waits.slice(0, 4)).toEqual(
          numbers.map((number, n) => number * Math.min(capMs, 1_000 * 2 ** n)),
        )
      },
    )
    await fc.assert(property, { numRuns: 50 })
  })

  it('is just what the server asked for, beyond the cap and without jitter', async () => {
    const busy = new Failure('client_service_unavailable', { retryAfterMs: 90_000 })
    const { waits, time } = await attempt(failing(busy), { capMs: 1_000 })
    expect(waits[0]).toBe(90_000)
    expect(time).toBe(90_000)
  })

  it('is at least the base backoff where the server asks for less than a second, and never hammers', async () => {
    const none = () => new Failure('client_rate_limited', { retryAfterMs: 0 })
    const past = () => httpFailure(503, { retryAfter: 'Sun, 06 Nov 1994 08:49:37 GMT' })
    const { waits } = await attempt(failing(none(), past(), none(), past()), { random: () => 0 })
    expect(waits).toEqual([2_000, 2_000, 2_000, 2_000, undefined])
    const second = new Failure('client_rate_limited', { retryAfterMs: 1_000 })
    expect((await attempt(failing(second), { random: () => 0 })).waits[0]).toBe(1_000)
  })

  it.each([Number.NaN, -1, 2, 'x' as unknown as number, undefined as unknown as number])(
    'is no more than the backoff where the source of randomness gives %s',
    async (random) => {
      const { waits } = await attempt(failing(network()), { random: () => random })
      expect(waits[0]).toBe(1_000)
    },
  )

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, '5', null, 5n])(
    'of a failure is a number of 0 or more, not %s',
    (retryAfterMs) => {
      const options = { retryAfterMs } as FailureOptions
      expect(() => new Failure('client_rate_limited', options)).toThrow(RangeError)
    },
  )

  it('is not begun where it does not fit into the rest of the budget', async () => {
    const busy = new Failure('client_rate_limited', { retryAfterMs: 10_000 })
    const operation = failing(network(), busy)
    const { thrown, waits, time } = await attempt(operation, { budgetMs: 10_500 })
    expect(thrown).toBe(busy)
    expect(waits).toEqual([500, undefined])
    expect(time).toBe(500)
  })
})

describe('what a network throws', () => {
  const coded = (code: string, more = {}) => Object.assign(new Error(code), { code, ...more })
  const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause })

  const neverSent: [string, unknown][] = [
    ['a refused connection of node', coded('ECONNREFUSED', { syscall: 'connect' })],
    ['a refused connection of fetch', fetchFailed(coded('ECONNREFUSED'))],
    [
      'addresses that are all refused',
      fetchFailed(new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')])),
    ],
    ['a name that is not found', fetchFailed(coded('ENOTFOUND', { syscall: 'getaddrinfo' }))],
    ['a resolver that fails', fetchFailed(coded('EAI_AGAIN'))],
    ['a connect timeout of undici', fetchFailed(coded('UND_ERR_CONNECT_TIMEOUT'))],
    ['a connect timeout of node', coded('ETIMEDOUT', { syscall: 'connect' })],
    ['an expired certificate', fetchFailed(coded('CERT_HAS_EXPIRED'))],
    ['an issuer that is not known', coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE')],
    ['a certificate for another host', coded('ERR_TLS_CERT_ALTNAME_INVALID')],
    ['a peer that speaks no TLS', coded('EPROTO', { syscall: 'write' })],
    [
      'a handshake that breaks off',
      Object.assign(
        new Error('Client network socket disconnected before secure TLS connection was established'),
        {
          code: 'ECONNRESET',
        },
      ),
    ],
    [
      'a refused connection of Bun',
      Object.assign(new Error('Unable to connect'), { code: 'ConnectionRefused' }),
    ],
    ['a failure that wraps it', new Failure('client_network_error', { cause: coded('ECONNREFUSED') })],
  ]

  it.each(neverSent)('is repeated without a word from the caller: %s', async (_, error) => {
    const operation = failing(error, error)
    const { value, reports } = await attempt(operation, { safeToRepeat: false })
    expect(value).toBe('done')
    expect(operation).toHaveBeenCalledTimes(3)
    expect(reports[0]).toMatchObject({ error, kind: FailureKind.NetworkError })
  })

  const perhapsSent: [string, unknown][] = [
    ['a reset', coded('ECONNRESET', { syscall: 'read' })],
    ['a reset of fetch', fetchFailed(coded('UND_ERR_SOCKET'))],
    ['no headers in time', fetchFailed(coded('UND_ERR_HEADERS_TIMEOUT'))],
    ['one address refused, another reset', new AggregateError([coded('ECONNREFUSED'), coded('ECONNRESET')])],
    ['Chromium', new TypeError('Failed to fetch')],
    ['Firefox', new TypeError('NetworkError when attempting to fetch resource.')],
    ['Safari', new TypeError('Load failed')],
  ]

  it.each(perhapsSent)('is repeated where that is safe: %s', async (_, error) => {
    const careful = failing(error)
    const { thrown, reports } = await attempt(careful, { safeToRepeat: false })
    expect(thrown).toBe(error)
    expect(reports[0]).toMatchObject({ kind: FailureKind.NetworkError })
    expect((await attempt(failing(error), { safeToRepeat: true })).value).toBe('done')
  })

  it.each([
    ['a mistake in the program', new TypeError("Cannot read properties of undefined (reading 'x')")],
    ['an invalid URL', Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' })],
    ['a file', coded('ENOENT')],
    ['a text', 'ECONNREFUSED'],
    [
      'an error that cannot be read',
      {
        get code() {
          throw new Error('no')
        },
        get cause() {
          throw new Error('no')
        },
      },
    ],
  ])('is not everything: %s', async (_, error) => {
    const { thrown, reports } = await attempt(failing(error))
    expect(thrown).toBe(error)
    expect(reports.map(({ kind, waitMs }) => [kind, waitMs])).toEqual([[FailureKind.Panic, undefined]])
  })

  it('is an abort or a deadline where it is called so', async () => {
    const aborted = new DOMException('This operation was aborted', 'AbortError')
    expect((await attempt(failing(aborted))).reports[0]).toMatchObject({ kind: FailureKind.Cancelled })
    const late = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
    expect((await attempt(failing(late))).reports[0]).toMatchObject({ kind: FailureKind.Timeout })
  })

  it('is known as well when it is refused by a real socket', async () => {
    const server = createServer()
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const { port } = server.address() as AddressInfo
    await new Promise((closed) => server.close(closed))
    const operation = vi.fn(() => fetch(`http://127.0.0.1:${port}/token`, { method: 'POST' }))
    const { reports } = await attempt(operation, { safeToRepeat: false, maxAttempts: 2 })
    expect(operation).toHaveBeenCalledTimes(2)
    expect(reports[0]).toMatchObject({ kind: FailureKind.NetworkError, waitMs: 500 })
  })

  it.each(['client_too_early', 'client_authorization_pending', 'client_slow_down'] as const)(
    'is not all that may be repeated: with %s the server has not begun',
    async (code) => {
      expect((await attempt(failing(new Failure(code)), { safeToRepeat: false })).value).toBe('done')
    },
  )
})

describe('what callbacks throw', () => {
  const broken = new Error('broken')
  const unhandled: unknown[] = []
  const listener = (reason: unknown) => unhandled.push(reason)

  beforeEach(() => {
    unhandled.length = 0
    process.on('unhandledRejection', listener)
  })
  afterEach(async () => {
    await new Promise(setImmediate)
    process.off('unhandledRejection', listener)
    expect(unhandled).toEqual([])
  })

  it('is thrown on, also where a callback is asynchronous', async () => {
    const reject = async () => {
      throw broken
    }
    expect((await attempt(failing(network()), { onAttempt: reject })).thrown).toBe(broken)
    expect((await attempt(failing(), { onAttempt: reject })).thrown).toBe(broken)
    expect((await attempt(failing('odd'), { toFailure: reject })).thrown).toBe(broken)
    const toFailure = () => {
      throw broken
    }
    expect((await attempt(failing('odd'), { toFailure })).thrown).toBe(broken)
    const random = () => {
      throw broken
    }
    expect((await attempt(failing(network()), { random })).thrown).toBe(broken)
  })

  it('is thrown on where it is the clock', async () => {
    const now = () => 0
    const never = () => new Promise<never>(() => {})
    const clocks: Clock[] = [
      { now, sleep: () => Promise.reject(broken) },
      {
        now,
        sleep: () => {
          throw broken
        },
      },
      {
        now: () => {
          throw broken
        },
        sleep: never,
      },
    ]
    for (const clock of clocks) await expect(retry(never, { clock })).rejects.toBe(broken)
  })

  it('does not matter where the caller has stopped', async () => {
    const controller = new AbortController()
    const onAttempt = async () => {
      controller.abort('enough')
      throw broken
    }
    const { thrown } = await attempt(failing(network()), { signal: controller.signal, onAttempt })
    expect([broken, controller.signal.reason]).toContain(thrown instanceof Failure ? thrown.cause : thrown)
  })

  it('does not keep the caller from stopping', async () => {
    const controller = new AbortController()
    const onAttempt = () => {
      queueMicrotask(() => controller.abort('enough'))
      return new Promise(() => {})
    }
    const { thrown } = await attempt(failing(network()), { signal: controller.signal, onAttempt })
    expect(thrown).toMatchObject({ code: 'client_cancelled', cause: 'enough' })
  })

  it('is what toFailure makes of it only if that is a failure', async () => {
    const toFailure = () => ({ kind: FailureKind.NetworkError }) as unknown as Failure
    expect((await attempt(failing('odd'), { toFailure })).reports[0]).toMatchObject({
      kind: FailureKind.Panic,
    })
  })
})

describe('stopping', () => {
  const never = () => new Promise<never>(() => {})

  it('comes before the first attempt where the signal has aborted already', async () => {
    const operation = failing()
    const { thrown } = await attempt(operation, { signal: AbortSignal.abort('enough') })
    expect(thrown).toMatchObject({ code: 'client_cancelled', kind: FailureKind.Cancelled, cause: 'enough' })
    expect(operation).not.toHaveBeenCalled()
  })

  it('does not wait for an operation that does not heed its signal', async () => {
    const controller = new AbortController()
    let seen: AbortSignal | undefined
    const run = attempt(
      ({ signal }) => {
        seen = signal
        queueMicrotask(() => controller.abort('enough'))
        return never()
      },
      { signal: controller.signal },
    )
    const { thrown, reports } = await run
    expect(thrown).toMatchObject({ code: 'client_cancelled', cause: 'enough' })
    expect(seen?.aborted).toBe(true)
    expect(reports).toEqual([{ attempt: 1, elapsedMs: 0, error: thrown, kind: FailureKind.Cancelled }])
  })

  it('ends a wait', async () => {
    const controller = new AbortController()
    const operation = failing(network(), network())
    const onAttempt = () => queueMicrotask(() => controller.abort('enough'))
    const { thrown, time } = await attempt(operation, { signal: controller.signal, onAttempt })
    expect(thrown).toMatchObject({ code: 'client_cancelled', cause: 'enough' })
    expect(operation).toHaveBeenCalledTimes(1)
    expect(time).toBe(0)
  })

  it('is a timeout where the signal is that of AbortSignal.timeout', async () => {
    const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
    const { thrown } = await attempt(never, { signal: AbortSignal.abort(reason) })
    expect(thrown).toMatchObject({ code: 'client_timeout', kind: FailureKind.Timeout, cause: reason })
  })

  it('comes at the end of the budget, also during an attempt', async () => {
    let seen: AbortSignal | undefined
    const { thrown, time } = await attempt(
      ({ attempt, signal }) => {
        seen = signal
        if (attempt === 1) throw network()
        return never()
      },
      { budgetMs: 2_000 },
    )
    expect(thrown).toMatchObject({ code: 'client_timeout', details: { budgetMs: 2_000 } })
    expect(seen?.aborted).toBe(true)
    expect(time).toBe(2_000)
  })

  it('leaves the signal of an operation that succeeded alone, and no listener on that of the caller', async () => {
    const { signal } = new AbortController()
    const during = await attempt(
      ({ signal: own }) => [own, getEventListeners(signal, 'abort').length] as const,
      {
        signal,
      },
    )
    expect(during.value?.[0].aborted).toBe(false)
    expect(during.value?.[1]).toBe(1)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('the clock of the platform', () => {
  it('waits, and leaves no timer behind', async () => {
    vi.useFakeTimers()
    const operation = failing(network(), network())
    const run = retry(operation, { safeToRepeat: true, random: () => 0.5 })
    await vi.advanceTimersByTimeAsync(499)
    expect(operation).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(operation).toHaveBeenCalledTimes(2)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await run).toBe('done')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no timer behind when the caller aborts', async () => {
    vi.useFakeTimers()
    const controller = new AbortController()
    const run = retry(failing(network()), { safeToRepeat: true, signal: controller.signal })
    run.catch(() => {})
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(2)
    controller.abort()
    await expect(run).rejects.toMatchObject({ code: 'client_cancelled' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits longer than one timer of the platform can', async () => {
    vi.useFakeTimers()
    const month = 30 * 24 * 60 * 60 * 1_000
    const operation = failing(new Failure('client_rate_limited', { retryAfterMs: month }))
    const run = retry(operation, { budgetMs: Number.POSITIVE_INFINITY })
    await vi.advanceTimersByTimeAsync(month - 1)
    expect(operation).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(await run).toBe('done')
  })
})

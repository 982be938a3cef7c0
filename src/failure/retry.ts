import { type Clock, systemClock } from './clock.ts'
import { Failure } from './failure.ts'
import { FailureKind } from './kind.ts'

/** What an operation is given for one attempt. */
export interface RetryContext {
  /** 1 for the first attempt. */
  readonly attempt: number
  /** Aborts when the caller aborts or the budget ends. */
  readonly signal: AbortSignal
}

/** How one attempt ended. */
export interface RetryReport {
  /** 1 for the first attempt. */
  readonly attempt: number
  /** The time since the beginning of the first attempt, in milliseconds. */
  readonly elapsedMs: number
  /** What was thrown; absent where the attempt succeeded. */
  readonly error?: unknown
  /** The kind of what was thrown; `panic` where nobody knows it. */
  readonly kind?: FailureKind
  /** The wait before the next attempt, in milliseconds; absent where there is none. */
  readonly waitMs?: number
}

/** How far {@link retry} may go. */
export interface RetryPolicy {
  /**
   * Whether the operation does no harm when it runs twice. Without that only `rate_limit` is repeated, because there the
   * server refused to begin. A token request is safe to repeat with client credentials, but not with an authorization
   * code or a refresh token that is good for one use. Default: false.
   */
  readonly safeToRepeat?: boolean
  /** The most attempts, the first one included: 1 or more. Default: 5. */
  readonly maxAttempts?: number
  /** The time that all attempts and waits together may take, in milliseconds; it may be Infinity. Default: 120,000. */
  readonly budgetMs?: number
  /** The longest wait that the backoff may come to, in milliseconds. What a server asks for is not capped. Default: 30,000. */
  readonly capMs?: number
  /** Stops everything when it aborts. */
  readonly signal?: AbortSignal
  /** Told how each attempt ended, for logs and progress. */
  readonly onAttempt?: (report: RetryReport) => void
  /** Reads what is thrown and is no {@link Failure}. Undefined means that nobody knows it, and that it is final. */
  readonly toFailure?: (error: unknown) => Failure | undefined
  /** The time. Default: that of the platform. */
  readonly clock?: Clock
  /** A number from 0 up to 1, as Math.random gives it, for the jitter. Default: Math.random. */
  readonly random?: () => number
}

/**
 * Runs an operation until it succeeds, fails for good, or has used up its attempts or its time.
 *
 * Only transient failures are repeated. The wait is what the server asked for ({@link Failure.retryAfterMs}), exactly;
 * otherwise a random part of the kind's base backoff, which doubles with each attempt up to the cap. Where the wait does
 * not fit into the rest of the budget, the failure is final at once.
 *
 * @param operation may be asynchronous or not; it should heed its signal, but is not waited for once that has aborted
 * @returns what the operation returned
 * @throws what the operation threw last; a {@link Failure} `client_cancelled` when the caller aborts, `client_timeout`
 * when the budget ends during an attempt or the caller's signal is that of a timeout
 * @throws RangeError for a limit out of its range
 *
 * @example
 * ```ts
 * import { httpFailure, retry } from 'ace-oauth/failure'
 *
 * const response = await retry(
 *   async ({ signal }) => {
 *     const response = await fetch('https://as.example.com/token', { method: 'POST', body: 'client_id=c1', signal })
 *     if (response.ok) return response
 *     throw httpFailure(response.status, { retryAfter: response.headers.get('Retry-After') })
 *   },
 *   { safeToRepeat: true, budgetMs: 60_000, onAttempt: ({ attempt, kind }) => console.log(attempt, kind?.phrase) },
 * )
 * ```
 */
export async function retry<T>(
  operation: (context: RetryContext) => T | PromiseLike<T>,
  policy: RetryPolicy = {},
): Promise<T> {
  const { safeToRepeat = false, maxAttempts = 5, budgetMs = 120_000, capMs = 30_000, signal: caller } = policy
  const { clock = systemClock, random = Math.random, onAttempt, toFailure } = policy
  if (!(maxAttempts >= 1 && budgetMs >= 0 && capMs >= 0))
    throw new RangeError('maxAttempts is at least 1, budgetMs and capMs at least 0')

  if (caller?.aborted) throw interruption(caller.reason)

  const started = clock.now()
  const stop = new AbortController()
  const { signal } = stop
  const finished = new AbortController()
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
  caller?.addEventListener('abort', () => stop.abort(interruption(caller.reason)), {
    signal: finished.signal,
  })
  if (Number.isFinite(budgetMs))
    clock.sleep(budgetMs, finished.signal).then(
      () => stop.abort(new Failure('client_timeout', { details: { budgetMs } })),
      () => {},
    )
  try {
    for (let attempt = 1; ; attempt++) {
      const running = (async () => ({ value: await operation({ attempt, signal }) }))()
      const result = await Promise.race([stopped, running]).catch((error: unknown) => ({ error }))
      const elapsedMs = clock.now() - started
      if ('value' in result) {
        onAttempt?.({ attempt, elapsedMs })
        return result.value
      }
      const { error } = result
      const failure = error instanceof Failure ? error : toFailure?.(error)
      const kind = failure?.kind ?? FailureKind.Panic
      const repeatable = kind.isTransient && (safeToRepeat || kind === FailureKind.RateLimit)
      const backoff = random() * Math.min(capMs, (kind.baseBackoffMs ?? 0) * 2 ** (attempt - 1))
      const waitMs = failure?.retryAfterMs ?? backoff
      const again = repeatable && attempt < maxAttempts && elapsedMs + waitMs < budgetMs
      onAttempt?.({ attempt, elapsedMs, error, kind, ...(again && { waitMs }) })
      if (!again) throw error
      await Promise.race([stopped, clock.sleep(waitMs, signal)])
    }
  } finally {
    finished.abort()
  }
}

/** The failure that an abort is: of the caller, or of a deadline that the caller set by AbortSignal.timeout. */
function interruption(reason: unknown): Failure {
  const isDeadline = reason instanceof Error && reason.name === 'TimeoutError'
  return new Failure(isDeadline ? 'client_timeout' : 'client_cancelled', { cause: reason })
}

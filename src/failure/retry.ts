import { checkObject } from '../cbor/check-object.ts'
import type { AbortSignalLike } from '../table/platform.ts'
import { clientErrorCode } from './client-error.ts'
import { type Clock, systemClock } from './clock.ts'
import { Failure } from './failure.ts'
import { FailureKind } from './kind.ts'
import { notReached } from './not-reached.ts'
import { isPoll } from './received-failure.ts'

/** What an operation is given for one attempt. */
export interface RetryContext {
  /** 1 for the first attempt. */
  readonly attempt: number
  /** Aborts when the caller aborts or the budget ends. */
  readonly signal: AbortSignalLike
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
   * Whether the operation does no harm when it runs twice. Without that, only those failures are repeated in which the
   * server has certainly not begun: it was not reached (connection refused, no name, no TLS), it refused to begin
   * (`rate_limit`, 425), or it answered a poll (`authorization_pending`). A token request is safe to repeat with client
   * credentials, but not with an authorization code or a refresh token that is good for one use. Default: false.
   */
  readonly safeToRepeat?: boolean
  /** The most attempts, the first one included: an integer, 1 or more. Default: 5. */
  readonly maxAttempts?: number
  /** The time that all attempts and waits together may take, in milliseconds; it may be Infinity. Default: 120,000. */
  readonly budgetMs?: number
  /** The longest wait that the backoff may come to, in milliseconds. What a server asks for is not capped. Default: 30,000. */
  readonly capMs?: number
  /** Stops everything when it aborts. */
  readonly signal?: AbortSignalLike
  /**
   * Told how each attempt ended, for logs and progress; waited for where it is asynchronous. What it throws ends
   * everything, and is thrown on.
   */
  readonly onAttempt?: (report: RetryReport) => unknown
  /**
   * Reads what is thrown and is not a {@link Failure}. Undefined means that it does not know it. Then the errors of
   * networks are known, as {@link Failure.from} knows them, and any other is final. What it throws ends everything.
   */
  readonly toFailure?: (error: unknown) => Failure | undefined | PromiseLike<Failure | undefined>
  /** The time. Default: that of the platform. */
  readonly clock?: Clock
  /** A number from 0 up to 1, as Math.random gives it, for the jitter. Default: Math.random. */
  readonly random?: () => number
}

/** A wait that a server asks for is taken as it is from here on, in milliseconds; a shorter one is no less than the base backoff. */
const shortestAskedMs = 1_000

/**
 * Runs an operation until it succeeds, fails for good, or has used up its attempts or its time.
 *
 * Only transient failures are repeated: those of {@link Failure}, and the errors of networks that fetch and Node throw.
 * The wait is what the server asked for ({@link Failure.retryAfterMs}), exactly, if that is a second or more; for less it is
 * at least the base backoff of the kind. Otherwise it is a random part of the base backoff, which doubles with each
 * attempt up to the cap. Where the wait does not fit into the rest of the budget, the failure is final at once.
 *
 * @param operation may be asynchronous or not; it should heed its signal, but is not waited for once that has aborted
 * @returns what the operation returned
 * @throws what the operation threw last; a {@link Failure} `client_cancelled` when the caller aborts, `client_timeout`
 * when the budget ends during an attempt or the caller's signal is that of a timeout; what a callback or the clock threw
 * @throws RangeError for a limit that is not a number in its range
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
  checkObject('policy', policy)
  const { safeToRepeat = false, maxAttempts = 5, budgetMs = 120_000, capMs = 30_000, signal: caller } = policy
  const { clock = systemClock, random = Math.random, onAttempt, toFailure } = policy
  if (!(Number.isSafeInteger(maxAttempts) && maxAttempts >= 1))
    throw new RangeError('maxAttempts is an integer of 1 or more')
  if (!(typeof budgetMs === 'number' && budgetMs >= 0))
    throw new RangeError('budgetMs is a number of milliseconds, 0 or more')
  if (!(Number.isFinite(capMs) && capMs >= 0))
    throw new RangeError('capMs is a number of milliseconds, 0 or more')

  if (caller?.aborted) throw interruption(caller.reason)

  const stop = new AbortController()
  const { signal } = stop
  const finished = new AbortController()
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
  // It may be rejected while nobody waits for it.
  stopped.catch(() => {})
  try {
    caller?.addEventListener('abort', () => stop.abort(interruption(caller.reason)), {
      signal: finished.signal,
    })
    const started = clock.now()
    if (Number.isFinite(budgetMs))
      clock.sleep(budgetMs, finished.signal).then(
        () => stop.abort(new Failure('client_timeout', { details: { budgetMs } })),
        // A clock that fails cannot keep the budget.
        (reason: unknown) => finished.signal.aborted || stop.abort(reason),
      )
    for (let attempt = 1; ; attempt++) {
      const running = (async () => ({ value: await operation({ attempt, signal }) }))()
      const result = await Promise.race([stopped, running]).catch((error: unknown) => ({ error }))
      const elapsedMs = clock.now() - started
      if ('value' in result) {
        await onAttempt?.({ attempt, elapsedMs })
        return result.value
      }
      const { error } = result
      const failure = await failureOf(error, toFailure)
      const kind = failure?.kind ?? FailureKind.Panic
      const isSafe = safeToRepeat === true || hasNotBegun(error, failure)
      const backoff = jitter(random()) * Math.min(capMs, (kind.baseBackoffMs ?? 0) * 2 ** (attempt - 1))
      const asked = failure?.retryAfterMs
      const waitMs =
        asked === undefined || asked >= shortestAskedMs
          ? (asked ?? backoff)
          : Math.max(asked, kind.baseBackoffMs ?? 0)
      const again =
        kind.isTransient &&
        isSafe &&
        !signal.aborted &&
        attempt < maxAttempts &&
        elapsedMs + waitMs < budgetMs
      const report = { attempt, elapsedMs, error, kind, ...(again && { waitMs }) }

      await Promise.race([stopped, onAttempt?.(report)])
      if (!again) throw error
      await Promise.race([stopped, clock.sleep(waitMs, signal)])
    }
  } finally {
    finished.abort()
  }
}

/** What something thrown is, if anybody knows it: the thrower, the caller, or we. */
async function failureOf(error: unknown, toFailure: RetryPolicy['toFailure']): Promise<Failure | undefined> {
  if (error instanceof Failure) return error
  const read = await toFailure?.(error)
  if (read instanceof Failure) return read
  const code = clientErrorCode(error)
  return code && new Failure(code, { cause: error })
}

/** Whether the server has certainly not begun with the request, so that repeating it does no harm. */
function hasNotBegun(error: unknown, failure: Failure | undefined): boolean {
  if (!failure) return false
  if (failure.kind === FailureKind.RateLimit || failure.code === 'client_too_early' || isPoll(failure.code))
    return true
  return (
    failure.kind === FailureKind.NetworkError &&
    (notReached(error) === 'never_sent' || notReached(failure.cause) === 'never_sent')
  )
}

/** What a source of randomness gave, held to its range. */
function jitter(random: number): number {
  return random >= 0 && random <= 1 ? random : 1
}

/** The failure that an abort is: of the caller, or of a deadline that the caller set by AbortSignal.timeout. */
function interruption(reason: unknown): Failure {
  const isDeadline = reason instanceof Error && reason.name === 'TimeoutError'
  return new Failure(isDeadline ? 'client_timeout' : 'client_cancelled', { cause: reason })
}

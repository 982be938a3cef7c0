import { clientErrorCode } from '../failure/client-error.ts'
import { Failure } from '../failure/failure.ts'
import type { AbortSignalLike } from '../table/platform.ts'
import { checkedCount, checkedNumber } from '../token/option-checks.ts'
import type { PlainHttpOption } from './authorization-server.ts'
import type { Fetch, FetchInit, ResponseBody, WebResponse } from './web-types.ts'

/** How one HTTP request is made. */
export interface HttpOptions extends PlainHttpOption {
  /** What sends requests: give one with client certificates or a proxy. It must not follow redirects. Default: the platform's. */
  readonly fetch?: Fetch | undefined
  /** Stops everything when it aborts. */
  readonly signal?: AbortSignalLike | undefined
  /**
   * How long a server may take for one answer, to the end of its body, in milliseconds. After that it counts as not reached
   * (`client_network_error`), since its answer may be lost. Default: 10,000.
   */
  readonly timeoutMs?: number | undefined
  /** The longest body of an answer that is read, in bytes. Default: 65,536. */
  readonly maxResponseBytes?: number | undefined
}

/** An answer as it came in. */
export interface ReceivedResponse {
  /** The status of HTTP; 0 for a redirect in a browser, which does not tell more. */
  readonly status: number
  /** The media type without parameters, in lower case; undefined where there is none, or several. */
  readonly mediaType: string | undefined
  /** The Retry-After field as it stands. */
  readonly retryAfter: string | undefined
  readonly payload: Uint8Array
}

/** What is sent. */
export type HttpRequest = Pick<FetchInit, 'method' | 'headers'> & {
  readonly url: string
  readonly payload?: Uint8Array
}

const defaults = { timeoutMs: 10_000, maxResponseBytes: 65_536 } as const

/** The longest time that a timer of the platform takes, in milliseconds. */
const longestTimer = 2 ** 31 - 1

/**
 * Sends one request and reads the whole answer.
 *
 * @throws Failure `client_network_error` where the server was not reached or did not answer in time, `client_cancelled` and
 * `client_timeout` where the caller's signal aborted, `client_response_malformed` for a body beyond the limit, `client_panic`
 * where `fetch` threw what nobody knows
 * @throws TypeError, RangeError for wrong options
 */
export async function sendHttp(request: HttpRequest, options: HttpOptions): Promise<ReceivedResponse> {
  const { timeoutMs, maxResponseBytes, send } = checkedHttp(options)
  const { signal: caller } = options
  if (caller?.aborted) throw interruption(caller.reason)
  const stop = new AbortController()
  const { signal } = stop
  const onAbort = (): void => stop.abort(interruption(caller?.reason))
  caller?.addEventListener('abort', onAbort)
  const timer = setTimeout(() => {
    stop.abort(new Failure('client_network_error', { details: { reason: 'no answer in time', timeoutMs } }))
  }, timeoutMs)
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  // It may be rejected while nobody waits for it.
  stopped.catch(() => undefined)
  try {
    // What does not heed its signal is not waited for.
    return await Promise.race([stopped, answerOf(send, request, maxResponseBytes, signal)])
  } catch (thrown) {
    if (signal.aborted) throw signal.reason
    if (thrown instanceof Failure) throw thrown
    throw new Failure(clientErrorCode(thrown) ?? 'client_panic', { cause: thrown })
  } finally {
    clearTimeout(timer)
    caller?.removeEventListener('abort', onAbort)
    // What is left of the answer is not waited for, and leaves no connection open.
    stop.abort()
  }
}

/** The options of HTTP with their defaults. Every entry point checks them before it does anything. */
export function checkedHttp(options: HttpOptions): {
  readonly timeoutMs: number
  readonly maxResponseBytes: number
  readonly send: Fetch
} {
  const {
    timeoutMs = defaults.timeoutMs,
    maxResponseBytes = defaults.maxResponseBytes,
    fetch: send = globalThis.fetch as unknown as Fetch,
  } = options
  checkedNumber('timeoutMs', timeoutMs, 1)
  checkedCount('maxResponseBytes', maxResponseBytes)
  if (typeof send !== 'function') throw new TypeError('fetch must be a function')
  return { timeoutMs: Math.min(timeoutMs, longestTimer), maxResponseBytes, send }
}

async function answerOf(
  send: Fetch,
  { url, method, headers, payload }: HttpRequest,
  maxResponseBytes: number,
  signal: AbortSignalLike,
): Promise<ReceivedResponse> {
  const body = payload && { body: payload as Uint8Array<ArrayBuffer> }
  // Called without a receiver, as the platform's own asks for.
  const response = await send(url, { method, headers, ...body, redirect: 'manual', signal })
  const { status } = response
  return {
    status,
    mediaType: mediaTypeOf(response),
    retryAfter: response.headers.get('retry-after') ?? undefined,
    payload: await readBody(response.body, maxResponseBytes),
  }
}

async function readBody(body: ResponseBody | null, maxBytes: number): Promise<Uint8Array> {
  if (!body) return new Uint8Array(0)
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    // Whatever words the platform has for it: what does not come to its end is lost on the way.
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new Failure(clientErrorCode(cause) ?? 'client_network_error', { cause })
    })
    if (done) break
    if (!(value instanceof Uint8Array)) throw new TypeError('a chunk of the body is no Uint8Array')
    length += value.length
    if (length > maxBytes) {
      reader.cancel().catch(() => undefined)
      throw new Failure('client_response_malformed', { details: { reason: 'too_large', maxBytes } })
    }
    chunks.push(value)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

/** The media type of a response. Two Content-Type fields come joined by a comma, which no media type has. */
function mediaTypeOf({ headers }: WebResponse): string | undefined {
  const [type = ''] = (headers.get('content-type') ?? '').split(';')
  const essence = type.trim().toLowerCase()
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(essence) ? essence : undefined
}

/** The failure that an abort of the caller's signal is; that of a `retry` around it is one already. */
export function interruption(reason: unknown): Failure {
  if (reason instanceof Failure) return reason
  const isDeadline = reason instanceof Error && reason.name === 'TimeoutError'
  return new Failure(isDeadline ? 'client_timeout' : 'client_cancelled', { cause: reason })
}

import { type Clock, systemClock } from '../failure/clock.ts'
import { Failure } from '../failure/failure.ts'
import { checkedNumber } from '../token/option-checks.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { interruption } from './http.ts'
import type { ObtainedToken } from './obtained-token.ts'
import { type ObtainTokenOptions, processTokenResponse, sendTokenRequest } from './token.ts'

/** How a token is polled for. */
export interface PollOptions extends Omit<ObtainTokenOptions, 'retry' | 'encoding'> {
  /** How long the device code is valid, in seconds: `expires_in` of the device authorization response. */
  readonly expiresInSeconds: number
  /** How long to wait between two requests, in seconds: `interval` of that response. Default: 5. */
  readonly intervalSeconds?: number | undefined
  /** The time. Default: that of the platform. */
  readonly clock?: Clock | undefined
}

/** What `slow_down` adds to the interval for good, in milliseconds (RFC 8628 §3.5). */
const slowDownMs = 5_000

/**
 * Polls for the token of a device whose user decides elsewhere (RFC 8628 §3.4), in forms, as the device grant has no form in CBOR. The
 * interval is what the server says; `slow_down` adds five seconds to it for good, and a server that is not reached or cannot answer is
 * asked half as often each time.
 *
 * @param device_code the device code of the device authorization response
 * @throws Failure `client_expired_token` once the device code is over, `client_access_denied` where the user refuses, and any other
 * that trying again does not help with
 * @throws TypeError, RangeError for wrong options
 *
 * @example
 * ```ts
 * import { pollForToken, publicClient } from 'ace-oauth/client'
 *
 * const server = { token_endpoint: 'https://as.example.com/token' }
 * const authentication = publicClient('tv1')
 * const poll = (device_code: string) => pollForToken(server, device_code, { authentication, expiresInSeconds: 1800 })
 * ```
 */
export async function pollForToken(
  server: AuthorizationServer,
  device_code: string,
  options: PollOptions,
): Promise<ObtainedToken> {
  const { expiresInSeconds, intervalSeconds = 5, clock = systemClock, signal, unknown = [] } = options
  const endsAt = clock.now() + checkedNumber('expiresInSeconds', expiresInSeconds, 1) * 1_000
  let intervalMs = checkedNumber('intervalSeconds', intervalSeconds, 1) * 1_000
  let waitMs = intervalMs
  const request = {
    ...options,
    encoding: 'json',
    unknown: [...unknown, { name: 'device_code', json: device_code }],
  } as const
  const members = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code' }
  for (;;) {
    if (clock.now() + waitMs >= endsAt) throw new Failure('client_expired_token')
    await pause(clock, waitMs, signal)
    try {
      return processTokenResponse(await sendTokenRequest(server, members, request), options)
    } catch (error) {
      if (!(error instanceof Failure && error.kind.isTransient)) throw error
      if (error.code === 'client_slow_down') intervalMs += slowDownMs
      else if (error.code !== 'client_authorization_pending') intervalMs *= 2
      waitMs = Math.max(intervalMs, error.retryAfterMs ?? 0)
    }
  }
}

async function pause(clock: Clock, ms: number, signal: PollOptions['signal']): Promise<void> {
  try {
    await clock.sleep(ms, signal ?? new AbortController().signal)
  } catch (error) {
    throw signal?.aborted ? interruption(signal.reason) : error
  }
}

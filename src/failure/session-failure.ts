import { checkObject } from '../cbor/check-object.ts'
import { Failure, type FailureOptions } from './failure.ts'

/**
 * How a session fails. A session is a client's bounded right to obtain tokens: for a time, up to a budget, at a rate, for
 * some audiences and scopes, and one of a limited number.
 *
 * What it was in full is for the log; the outside reads a sentence that is always the same.
 */
export type SessionFailure = { readonly sessionId: string } & (
  | { readonly reason: 'not_found' }
  | { readonly reason: 'expired' }
  /** `limit` and `used` are numbers of tokens. */
  | { readonly reason: 'budget_exceeded'; readonly limit: number; readonly used: number }
  | { readonly reason: 'scope_not_authorized'; readonly audience: string; readonly scope: string }
  | { readonly reason: 'already_closed' }
  | { readonly reason: 'rate_limited'; readonly limitPerMinute: number }
  /** `expected` and `actual` are client identifiers. */
  | { readonly reason: 'client_mismatch'; readonly expected: string; readonly actual: string }
  | { readonly reason: 'store_unavailable'; readonly detail: string }
  /** `max` and `current` are numbers of sessions. */
  | {
      readonly reason: 'too_many_sessions'
      readonly clientId: string
      readonly max: number
      readonly current: number
    }
)

/**
 * Makes the {@link Failure} for a session that fails.
 *
 * @param failure what is wrong with the session; all of it but the reason becomes the details
 * @param endpoint where it was noticed: at the API of the sessions, or at the token endpoint, which answers what OAuth
 * has for it
 * @param options the cause, and how long to wait
 *
 * @example
 * ```ts
 * import { sessionFailure } from 'ace-oauth/failure'
 *
 * const failure = { sessionId: 's1', reason: 'budget_exceeded', limit: 10, used: 10 } as const
 * sessionFailure(failure, 'session').httpStatus // 429
 * sessionFailure(failure, 'token').toErrorResponse()?.error.name // 'invalid_grant'
 * ```
 */
export function sessionFailure(
  { reason, ...details }: SessionFailure,
  endpoint: 'session' | 'token',
  options: Pick<FailureOptions, 'cause' | 'retryAfterMs'> = {},
): Failure {
  checkObject('options', options)
  return new Failure(endpoint === 'token' ? `token_session_${reason}` : `session_${reason}`, {
    ...options,
    details,
  })
}

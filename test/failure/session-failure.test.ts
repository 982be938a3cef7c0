import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { FailureKind } from '../../src/failure/kind.ts'
import { type SessionFailure, sessionFailure } from '../../src/failure/session-failure.ts'

const sessionId = 's-4711'

/** The reason, the statuses at the API of the sessions and at the token endpoint with its error, and the kind. */
const cases: [SessionFailure, number, number, string | undefined, FailureKind][] = [
  [{ sessionId, reason: 'not_found' }, 404, 400, 'invalid_grant', FailureKind.AuthError],
  [{ sessionId, reason: 'expired' }, 410, 400, 'invalid_grant', FailureKind.AuthError],
  [
    { sessionId, reason: 'budget_exceeded', limit: 977, used: 978 },
    429,
    400,
    'invalid_grant',
    FailureKind.TokenLimit,
  ],
  [
    { sessionId, reason: 'scope_not_authorized', audience: 'valve242', scope: 'r_Lock' },
    403,
    400,
    'invalid_scope',
    FailureKind.AuthError,
  ],
  [{ sessionId, reason: 'already_closed' }, 410, 400, 'invalid_grant', FailureKind.AuthError],
  [{ sessionId, reason: 'rate_limited', limitPerMinute: 977 }, 429, 429, undefined, FailureKind.RateLimit],
  [
    { sessionId, reason: 'client_mismatch', expected: 'client-a', actual: 'client-b' },
    403,
    400,
    'invalid_grant',
    FailureKind.AuthError,
  ],
  [
    { sessionId, reason: 'store_unavailable', detail: 'relation sessions is gone' },
    503,
    503,
    undefined,
    FailureKind.ServiceUnavailable,
  ],
  [
    { sessionId, reason: 'too_many_sessions', clientId: 'client-a', max: 977, current: 978 },
    429,
    429,
    undefined,
    FailureKind.RateLimit,
  ],
]

describe.each(cases)('a session failure: %j', (failure, status, statusAtToken, error, kind) => {
  const { reason, ...details } = failure

  it('has its status at the API of the sessions, and no OAuth error', () => {
    const made = sessionFailure(failure, 'session')
    expect(made.code).toBe(`session_${reason}`)
    expect(made).toMatchObject({ httpStatus: status, kind })
    expect(made.toErrorResponse()).toBeUndefined()
  })

  it('is at the token endpoint what OAuth has for it [R9200-5.8.3-2]', () => {
    const made = sessionFailure(failure, 'token')
    expect(made.code).toBe(`token_session_${reason}`)
    expect(made).toMatchObject({ httpStatus: statusAtToken, kind })
    expect(made.toErrorResponse()?.error.name).toBe(error)
  })

  it('keeps its structure for the log, and its cause', () => {
    const made = sessionFailure(failure, 'token', { cause: new Error('boom'), retryAfterMs: 5_000 })
    expect(made.details).toEqual(details)
    expect(made.retryAfterMs).toBe(5_000)
    expect(made.toLog()).toMatchObject({ details, cause: { message: 'boom' } })
    expect(inspect(made)).toContain(sessionId)
  })

  it('tells nothing of it to the outside', () => {
    for (const endpoint of ['session', 'token'] as const) {
      const { message, ...made } = sessionFailure(failure, endpoint)
      const view = JSON.stringify([message, made, sessionFailure(failure, endpoint).toJson()])
      for (const value of Object.values(details)) expect(view).not.toContain(String(value))
    }
  })
})

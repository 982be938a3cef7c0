import { randomUUID } from 'node:crypto'
import { Failure, sessionFailure } from 'ace-oauth/failure'
import { isAhead } from '../clock.ts'
import { clientActor, type SessionRecord, type SessionRefusal } from '../store/contract.ts'
import type { Granted, Held } from './context.ts'

/**
 * Finds the session that the token is taken from, and opens one where the first request of a client may.
 *
 * @param left the sessions that gave none
 */
export async function holdToSession(granted: Granted, left: readonly string[]): Promise<Held> {
  const { services, client, now } = granted
  const policy = client.sessionPolicy
  const current = await services.store.sessions.current(client.clientId, now, left)
  // A client without a policy needs a session only while somebody has opened one for it.
  if (!policy && !current) return { ...granted, session: null }
  const refusal = current && ended(current, now)
  if (current && !refusal) return { ...granted, session: current }
  const isOver = refusal?.refused === 'session_expired' || refusal?.refused === 'session_not_found'
  if (policy?.opens === 'implicit' && (!current || isOver)) {
    const session = await openFor(granted, policy.maxOpen)
    return { ...granted, session }
  }
  if (refusal) throw failureOf(refusal, current?.sessionId ?? '')
  throw sessionFailure({ sessionId: '', reason: 'not_found' }, 'token')
}

/** The failures of a request that another open session of the client may have a token for. */
const ofOneSession: readonly string[] = [
  'token_session_budget_exceeded',
  'token_session_rate_limited',
  'token_session_scope_not_authorized',
]

/**
 * The session that gave a request no token, where the client has another one open: its bounds may be others, and requests beside this one
 * may have taken the last token of the first. Undefined where there is none, or where a code was used up, which is good for one try.
 */
export async function sessionToLeave(
  { services, client, now, redeem }: Granted,
  error: unknown,
  left: readonly string[],
): Promise<string | undefined> {
  if (redeem || !(error instanceof Failure && ofOneSession.includes(error.code))) return undefined
  const { sessionId } = error.details
  if (typeof sessionId !== 'string' || left.includes(sessionId)) return undefined
  const other = await services.store.sessions.current(client.clientId, now, [...left, sessionId])
  return other && !ended(other, now) ? sessionId : undefined
}

/** Why a session gives no token any more, as far as that can be told without taking one. */
function ended(session: SessionRecord, now: number): SessionRefusal | undefined {
  const { openedAt, closedAt, expiresAt, budget, used } = session
  if (isAhead(openedAt, now)) return { refused: 'session_not_found' }
  if (closedAt !== null) return { refused: 'session_already_closed', closedAt }
  if (!(now < expiresAt)) return { refused: 'session_expired', expiredAt: expiresAt }
  if (budget !== null && !(used < budget)) return { refused: 'session_budget_exceeded', limit: budget, used }
  return undefined
}

async function openFor({ services, client, now }: Granted, maxOpen: number): Promise<SessionRecord> {
  const bounds = client.sessionPolicy!.bounds
  const session: SessionRecord = {
    ...bounds,
    sessionId: randomUUID(),
    clientId: client.clientId,
    openedAt: now,
    expiresAt: now + bounds.lifetime,
    closedAt: null,
    used: 0,
  }
  const opened = await services.store.sessions.open(session, maxOpen, clientActor(client.clientId))
  if (opened === 'opened') return session
  // A request beside this one may have opened it.
  const current = await services.store.sessions.current(client.clientId, now)
  if (current && !ended(current, now)) return current
  const { limit, used } = opened
  throw sessionFailure(
    { sessionId: '', reason: 'too_many_sessions', clientId: client.clientId, max: limit, current: used },
    'token',
  )
}

/** The failure of a session: opaque to the client, with limit and use in the log. */
export function failureOf(refusal: SessionRefusal, sessionId: string): Failure {
  switch (refusal.refused) {
    case 'session_not_found':
      return sessionFailure({ sessionId, reason: 'not_found' }, 'token')
    case 'session_expired':
      return sessionFailure({ sessionId, reason: 'expired' }, 'token')
    case 'session_already_closed':
      return sessionFailure({ sessionId, reason: 'already_closed' }, 'token')
    case 'session_budget_exceeded':
      return sessionFailure(
        { sessionId, reason: 'budget_exceeded', limit: refusal.limit, used: refusal.used },
        'token',
      )
    case 'session_rate_limited':
      return new Failure('token_session_rate_limited', {
        details: { sessionId, limit: refusal.limit, used: refusal.used },
        retryAfterMs: refusal.retryAfter * 1000,
      })
  }
}

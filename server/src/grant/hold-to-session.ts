import { randomUUID } from 'node:crypto'
import { Failure, sessionFailure } from 'ace-oauth/failure'
import { isAhead } from '../clock.ts'
import { clientActor, type SessionRecord, type SessionRefusal } from '../store/contract.ts'
import type { Granted, Held } from './context.ts'

/** Finds the session that the token is taken from, and opens one where the first request of a client may. */
export async function holdToSession(granted: Granted): Promise<Held> {
  const { services, client, now } = granted
  const policy = client.sessionPolicy
  const current = await services.store.sessions.current(client.clientId, now)
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

/**
 * Whether a request that was refused, since requests beside it took the last token of its session, has another open session to take one
 * from. Where a code was used up for it, that is gone, and so is its chance.
 */
export async function hasAnotherSession(
  { services, client, now, redeem }: Granted,
  error: unknown,
): Promise<boolean> {
  if (redeem || !(error instanceof Failure && error.code === 'token_session_budget_exceeded')) return false
  const other = await services.store.sessions.current(client.clientId, now)
  return other !== undefined && other.sessionId !== error.details['sessionId'] && !ended(other, now)
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

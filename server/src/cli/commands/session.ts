import { randomUUID } from 'node:crypto'
import type { Store } from '../../store/contract.ts'
import { allPages } from '../all-pages.ts'
import { CommandError } from '../output.ts'
import { actor, now } from '../with-store.ts'
import { wholeNumber } from './resource-server.ts'

/** How many sessions of a client may be open at once, where its registration says nothing of it. */
const usualMaxOpen = 10

/** What `session open` is told. */
export interface SessionOpenOptions {
  readonly budget?: string
  readonly lifetime: string
  readonly perMinute?: string
  readonly audience: readonly string[]
  readonly scope: readonly string[]
}

/** Opens a session: from then on the tokens of the client come from it. */
export async function openSession(
  store: Store,
  clientId: string,
  { budget, lifetime, perMinute, audience, scope }: SessionOpenOptions,
): Promise<{ readonly session_id: string; readonly expires_at: number }> {
  const client = await store.clients.find(clientId)
  if (!client) throw new CommandError(1, `there is no client ${clientId}`)
  const openedAt = now()
  const seconds = wholeNumber('--lifetime', lifetime)
  const session = {
    sessionId: randomUUID(),
    clientId,
    openedAt,
    expiresAt: openedAt + seconds,
    closedAt: null,
    lifetime: seconds,
    budget: budget === undefined ? null : wholeNumber('--budget', budget),
    perMinute: perMinute === undefined ? null : wholeNumber('--per-minute', perMinute),
    audiences: audience.length > 0 ? audience : null,
    scopes: scope.length > 0 ? scope : null,
    used: 0,
  }
  const opened = await store.sessions.open(session, client.sessionPolicy?.maxOpen ?? usualMaxOpen, actor)
  if (opened !== 'opened')
    throw new CommandError(1, `${opened.used} sessions of ${clientId} are open, as many as may be`)
  return { session_id: session.sessionId, expires_at: session.expiresAt }
}

/** The sessions of all clients or of one. */
export async function listSessions(
  store: Store,
  query: { readonly clientId?: string },
): Promise<Readonly<Record<string, unknown>>[]> {
  const sessions = await allPages(
    (page) => store.sessions.list({ ...query, ...page }),
    ({ sessionId }) => sessionId,
  )
  return sessions.map(({ sessionId, clientId, budget, used, expiresAt, closedAt }) => ({
    session_id: sessionId,
    client_id: clientId,
    budget,
    used,
    expires_at: expiresAt,
    closed_at: closedAt,
  }))
}

/** Closes a session: its client is refused until another is opened. */
export async function closeSession(
  store: Store,
  sessionId: string,
): Promise<{ readonly session_id: string; readonly closed_at: number }> {
  const at = now()
  const before = await store.sessions.close(sessionId, actor, at)
  if (!before) throw new CommandError(1, `there is no session ${sessionId}`)
  return { session_id: sessionId, closed_at: before.closedAt ?? at }
}

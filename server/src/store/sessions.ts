import type { Kysely } from 'kysely'
import { clockTolerance, isAhead } from '../clock.ts'
import { record } from './audit.ts'
import type { SessionRecord, SessionRefusal, SessionStore } from './contract.ts'
import type { Database } from './database.ts'
import { jsonOrNull, textOrNull } from './rows.ts'
import type { SessionsTable, Tables } from './schema.ts'
import { existence } from './statements.ts'

function recordOf(row: SessionsTable): SessionRecord {
  return {
    sessionId: row.session_id,
    clientId: row.client_id,
    openedAt: row.opened_at,
    expiresAt: row.expires_at,
    closedAt: row.closed_at,
    lifetime: row.lifetime,
    budget: row.budget,
    used: row.used,
    perMinute: row.per_minute,
    audiences: jsonOrNull(row.audiences),
    scopes: jsonOrNull(row.scopes),
  }
}

const hasSession = existence('sessions', 'client_id')

/** The sessions of clients. */
export function sessionStore(database: Database): SessionStore {
  const { read } = database
  return {
    open: (session, maxOpen, actor) =>
      database.write(async (transaction) => {
        const { clientId, openedAt } = session
        // Two requests that open one at once wait for each other here.
        await database
          .lock(transaction.selectFrom('clients').select('client_id').where('client_id', '=', clientId))
          .execute()
        const { open } = await transaction
          .selectFrom('sessions')
          .select(({ fn }) => fn.countAll<number>().as('open'))
          .where('client_id', '=', clientId)
          .where('closed_at', 'is', null)
          .where('expires_at', '>', openedAt)
          .where('opened_at', '<=', openedAt + clockTolerance)
          .executeTakeFirstOrThrow()
        const used = Number(open)
        if (!(used < maxOpen)) return { limit: maxOpen, used }
        await transaction
          .insertInto('sessions')
          .values({
            session_id: session.sessionId,
            client_id: clientId,
            opened_at: openedAt,
            expires_at: session.expiresAt,
            closed_at: null,
            lifetime: session.lifetime,
            budget: session.budget,
            used: 0,
            per_minute: session.perMinute,
            minute: 0,
            used_in_minute: 0,
            audiences: textOrNull(session.audiences),
            scopes: textOrNull(session.scopes),
          })
          .execute()
        await record(transaction, {
          at: openedAt,
          actor,
          action: 'session_opened',
          subject: clientId,
          details: { sessionId: session.sessionId, budget: session.budget, lifetime: session.lifetime },
        })
        return 'opened'
      }),
    async current(clientId, now, left = []) {
      // Most clients have none, which costs each of their requests no more than this.
      if (!(await hasSession(database, clientId))) return undefined
      const all = await read
        .selectFrom('sessions')
        .selectAll()
        .where('client_id', '=', clientId)
        .where('closed_at', 'is', null)
        .where('expires_at', '>', now)
        .where('opened_at', '<=', now + clockTolerance)
        .orderBy('expires_at')
        .orderBy('session_id')
        .execute()
      const open = all.filter(({ session_id }) => !left.includes(session_id))
      const usable = open.find(({ budget, used }) => budget === null || used < budget) ?? open[0]
      if (usable) return recordOf(usable)
      const ended = await read
        .selectFrom('sessions')
        .selectAll()
        .where('client_id', '=', clientId)
        .orderBy('opened_at', 'desc')
        .orderBy('session_id')
        .limit(1)
        .executeTakeFirst()
      return ended && recordOf(ended)
    },
    async find(sessionId) {
      const row = await read
        .selectFrom('sessions')
        .selectAll()
        .where('session_id', '=', sessionId)
        .executeTakeFirst()
      return row && recordOf(row)
    },
    async list({ clientId, isOpenAt, after = '', limit }) {
      let query = read.selectFrom('sessions').selectAll().where('session_id', '>', after)
      if (clientId !== undefined) query = query.where('client_id', '=', clientId)
      if (isOpenAt !== undefined)
        query = query.where('closed_at', 'is', null).where('expires_at', '>', isOpenAt)
      return (await query.orderBy('session_id').limit(limit).execute()).map(recordOf)
    },
    async countOpen(now) {
      const { open } = await read
        .selectFrom('sessions')
        .select(({ fn }) => fn.countAll<number>().as('open'))
        .where('closed_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirstOrThrow()
      return Number(open)
    },
    close: (sessionId, actor, now) =>
      database.write(async (transaction) => {
        const row = await database
          .lock(transaction.selectFrom('sessions').selectAll().where('session_id', '=', sessionId))
          .executeTakeFirst()
        if (!row || row.closed_at !== null) return row && recordOf(row)
        await transaction
          .updateTable('sessions')
          .set({ closed_at: now })
          .where('session_id', '=', sessionId)
          .execute()
        await record(transaction, {
          at: now,
          actor,
          action: 'session_closed',
          subject: row.client_id,
          details: { sessionId },
        })
        return recordOf(row)
      }),
  }
}

/**
 * Takes one token from the budget of a session and from its minute.
 *
 * @returns why there is none; undefined where it was taken
 */
export async function spend(
  transaction: Kysely<Tables>,
  database: Database,
  sessionId: string,
  now: number,
): Promise<SessionRefusal | undefined> {
  const row = await database
    .lock(transaction.selectFrom('sessions').selectAll().where('session_id', '=', sessionId))
    .executeTakeFirst()
  if (!row) return { refused: 'session_not_found' }
  const { closed_at, expires_at, budget, used, per_minute } = row
  if (closed_at !== null) return { refused: 'session_already_closed', closedAt: closed_at }
  // Opened by a clock that was wrong, it would be open for too long.
  if (isAhead(row.opened_at, now)) return { refused: 'session_not_found' }
  if (!(now < expires_at)) return { refused: 'session_expired', expiredAt: expires_at }
  if (budget !== null && !(used < budget)) return { refused: 'session_budget_exceeded', limit: budget, used }
  // A clock that was set back does not open a new minute, nor does a minute that lies far ahead last until it has come.
  const current = Math.floor(now / 60)
  const wasSetBack = isAhead(row.minute * 60, now)
  const minute = wasSetBack ? current : Math.max(current, row.minute)
  const usedInMinute = wasSetBack || row.minute === minute ? row.used_in_minute : 0
  if (wasSetBack)
    await transaction.updateTable('sessions').set({ minute }).where('session_id', '=', sessionId).execute()
  if (per_minute !== null && !(usedInMinute < per_minute))
    return {
      refused: 'session_rate_limited',
      limit: per_minute,
      used: usedInMinute,
      retryAfter: (minute + 1) * 60 - now,
    }
  await transaction
    .updateTable('sessions')
    .set({ used: used + 1, minute, used_in_minute: usedInMinute + 1 })
    .where('session_id', '=', sessionId)
    .execute()
  return undefined
}

import type { Database } from './database.ts'
import { sweepKeys } from './keys.ts'
import { expireTokens } from './tokens.ts'

/** How long the end of a session is remembered, in seconds: whoever comes back is told that it has ended. */
const rememberedSessions = 24 * 60 * 60

/** Removes what has expired, each kind in a transaction of its own and at most `limit` rows of it. */
export async function sweep(database: Database, now: number, limit: number): Promise<number> {
  const removed = [
    await database.write((transaction) => expireTokens(transaction, database, now, limit)),
    await database.write(async (transaction) => {
      const rows = await transaction
        .selectFrom('refresh_tokens')
        .select('hash')
        .where('expires_at', '<=', now)
        .orderBy('expires_at')
        .limit(limit)
        .execute()
      if (rows.length > 0)
        await transaction
          .deleteFrom('refresh_tokens')
          .where(
            'hash',
            'in',
            rows.map(({ hash }) => hash),
          )
          .execute()
      return rows.length
    }),
    // A sealed answer is kept no longer than it is given.
    await database.write(async (transaction) => {
      const rows = await transaction
        .selectFrom('refresh_tokens')
        .select('hash')
        .where('sealed_answer', 'is not', null)
        .where('repeat_until', '<=', now)
        .orderBy('repeat_until')
        .limit(limit)
        .execute()
      if (rows.length > 0)
        await transaction
          .updateTable('refresh_tokens')
          .set({ sealed_answer: null })
          .where(
            'hash',
            'in',
            rows.map(({ hash }) => hash),
          )
          .execute()
      return rows.length
    }),
    await database.write(async (transaction) => {
      const rows = await transaction
        .selectFrom('sessions')
        .select('session_id')
        .where('expires_at', '<=', now - rememberedSessions)
        // The last one stays: a client whose session has ended gets no token without another.
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('sessions as later')
              .select('later.session_id')
              .whereRef('later.client_id', '=', 'sessions.client_id')
              .whereRef('later.opened_at', '>', 'sessions.opened_at'),
          ),
        )
        .orderBy('expires_at')
        .limit(limit)
        .execute()
      if (rows.length > 0)
        await transaction
          .deleteFrom('sessions')
          .where(
            'session_id',
            'in',
            rows.map(({ session_id }) => session_id),
          )
          .execute()
      return rows.length
    }),
    await database.write(async (transaction) => {
      const rows = await transaction
        .selectFrom('assertions')
        .select(['issuer', 'jti'])
        .where('expires_at', '<=', now)
        .orderBy('expires_at')
        .limit(limit)
        .execute()
      for (const { issuer, jti } of rows)
        await transaction
          .deleteFrom('assertions')
          .where('issuer', '=', issuer)
          .where('jti', '=', jti)
          .execute()
      return rows.length
    }),
    await sweepKeys(database, now),
  ]
  return removed.reduce((sum, each) => sum + each, 0)
}

import type { Kysely } from 'kysely'
import { record } from './audit.ts'
import type { KeyRecord, KeyStore } from './contract.ts'
import { countOn } from './counters.ts'
import type { Database } from './database.ts'
import type { Tables } from './schema.ts'

/** How long another process may sign with a key that has retired, until it has seen that it did, in seconds. */
const slack = 600

/** The keys of the authorization server. */
export function keyStore(database: Database): KeyStore {
  return {
    add: ({ kid, algorithm, jwk, state, createdAt }, actor) =>
      database.write(async (transaction) => {
        // Changes of keys wait for each other here.
        await countOn(transaction, 'registrations')
        const added = await transaction
          .insertInto('keys')
          .values({
            kid,
            algorithm,
            jwk: JSON.stringify(jwk),
            state,
            created_at: createdAt,
            retired_at: null,
            verifies_until: null,
          })
          .onConflict((conflict) => conflict.doNothing())
          .returning('kid')
          .execute()
        if (added.length === 0) return false
        if (state === 'active') await retireOthers(transaction, kid, algorithm, actor, createdAt)
        await record(transaction, {
          at: createdAt,
          actor,
          action: 'key_added',
          subject: kid,
          details: { algorithm, state },
        })
        return true
      }),
    activate: (kid, actor, now) =>
      database.write(async (transaction) => {
        await countOn(transaction, 'registrations')
        const row = await transaction
          .updateTable('keys')
          .set({ state: 'active' })
          .where('kid', '=', kid)
          .where('state', '=', 'next')
          .returning('algorithm')
          .executeTakeFirst()
        if (!row) return false
        const { algorithm } = row
        await retireOthers(transaction, kid, algorithm, actor, now)
        await record(transaction, {
          at: now,
          actor,
          action: 'key_activated',
          subject: kid,
          details: { algorithm },
        })
        return true
      }),
    remove: (kid, actor, now) =>
      database.write(async (transaction) => {
        await countOn(transaction, 'registrations')
        const row = await transaction
          .deleteFrom('keys')
          .where('kid', '=', kid)
          .where('state', '!=', 'active')
          .returning(['algorithm', 'state'])
          .executeTakeFirst()
        if (row)
          await record(transaction, { at: now, actor, action: 'key_removed', subject: kid, details: row })
        return row !== undefined
      }),
    async list() {
      const rows = await database.read
        .selectFrom('keys')
        .selectAll()
        .orderBy('created_at')
        .orderBy('kid')
        .execute()
      return rows.map(
        ({ kid, algorithm, jwk, state, created_at, retired_at, verifies_until }): KeyRecord => ({
          kid,
          algorithm,
          jwk: JSON.parse(jwk),
          state,
          createdAt: created_at,
          retiredAt: retired_at,
          verifiesUntil: verifies_until,
        }),
      )
    },
  }
}

/** Lets all other active keys of an algorithm retire. Their private parts are of no use any more, and go. */
async function retireOthers(
  transaction: Kysely<Tables>,
  kid: string,
  algorithm: string,
  actor: string,
  now: number,
): Promise<void> {
  const retiring = await transaction
    .selectFrom('keys')
    .select(['kid', 'jwk'])
    .where('algorithm', '=', algorithm)
    .where('state', '=', 'active')
    .where('kid', '!=', kid)
    .execute()
  if (retiring.length === 0) return
  const { last } = await transaction
    .selectFrom('tokens')
    .select(({ fn }) => fn.max('expires_at').as('last'))
    .executeTakeFirstOrThrow()
  const verifiesUntil = Math.max(Number(last ?? 0), now + slack)
  for (const row of retiring) {
    const { d, k, ...publicPart } = JSON.parse(row.jwk) as Record<string, unknown>
    await transaction
      .updateTable('keys')
      .set({
        state: 'retired',
        jwk: JSON.stringify(publicPart),
        retired_at: now,
        verifies_until: verifiesUntil,
      })
      .where('kid', '=', row.kid)
      .execute()
    await record(transaction, {
      at: now,
      actor,
      action: 'key_retired',
      subject: row.kid,
      details: { algorithm, verifiesUntil },
    })
  }
}

/**
 * Removes keys that have retired and whose tokens have all ended. Another process may have signed with one a little longer, or with a longer
 * lifetime than was known: then the key stays as long as that token.
 *
 * @returns how many were removed
 */
export async function sweepKeys(database: Database, now: number): Promise<number> {
  const due = await database.read
    .selectFrom('keys')
    .select(['kid', 'retired_at'])
    .where('state', '=', 'retired')
    .where('verifies_until', '<=', now)
    .execute()
  let removed = 0
  for (const { kid, retired_at } of due) {
    const { last } = await database.read
      .selectFrom('tokens')
      .select(({ fn }) => fn.max('expires_at').as('last'))
      .where('expires_at', '>', now)
      .where('issued_at', '<=', (retired_at ?? 0) + slack)
      .executeTakeFirstOrThrow()
    removed += await database.write(async (transaction) => {
      if (last !== null) {
        await transaction
          .updateTable('keys')
          .set({ verifies_until: Number(last) })
          .where('kid', '=', kid)
          .execute()
        return 0
      }
      const gone = await transaction.deleteFrom('keys').where('kid', '=', kid).returning('kid').execute()
      // Another process was first.
      if (gone.length === 0) return 0
      await countOn(transaction, 'registrations')
      await record(transaction, {
        at: now,
        actor: 'server',
        action: 'key_removed',
        subject: kid,
        details: {},
      })
      return 1
    })
  }
  return removed
}

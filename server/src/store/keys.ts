import { record } from './audit.ts'
import type { KeyRecord, KeyStore } from './contract.ts'
import type { Database } from './database.ts'

/** The keys of the authorization server. */
export function keyStore(database: Database): KeyStore {
  return {
    add: ({ kid, algorithm, jwk, createdAt }, actor) =>
      database.write(async (transaction) => {
        await transaction
          .updateTable('keys')
          .set({ state: 'retired' })
          .where('algorithm', '=', algorithm)
          .execute()
        await transaction
          .insertInto('keys')
          .values({ kid, algorithm, jwk: JSON.stringify(jwk), state: 'active', created_at: createdAt })
          .execute()
        await record(transaction, {
          at: createdAt,
          actor,
          action: 'key_added',
          subject: kid,
          details: { algorithm },
        })
      }),
    async list() {
      const rows = await database.read
        .selectFrom('keys')
        .selectAll()
        .orderBy('created_at')
        .orderBy('kid')
        .execute()
      return rows.map(
        ({ kid, algorithm, jwk, state, created_at }): KeyRecord => ({
          kid,
          algorithm,
          jwk: JSON.parse(jwk),
          state,
          createdAt: created_at,
        }),
      )
    },
  }
}

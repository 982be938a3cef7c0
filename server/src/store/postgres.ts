import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Database } from './database.ts'
import type { Tables } from './schema.ts'

/** How often a transaction is tried that another one got in the way of. */
const attempts = 5
/** SQLSTATE of transactions that are to be run again: serialization failure and deadlock. */
const conflicts: readonly string[] = ['40001', '40P01']
/** The type of 64-bit integers, which pg gives as text; those of the store are safe integers. */
const int8 = 20

/**
 * Opens a store on PostgreSQL, for any number of processes on any number of machines.
 *
 * @param url `postgres://user:password@host:port/database`, with the options of libpq
 */
export function openPostgres(url: string): Database {
  const types = {
    getTypeParser: ((id: number, format?: 'text' | 'binary') =>
      id === int8 ? Number : pg.types.getTypeParser(id, format as 'text')) as typeof pg.types.getTypeParser,
  }
  const pool = new pg.Pool({ connectionString: url, max: 20, connectionTimeoutMillis: 5_000, types })
  // A connection that breaks while nobody uses it is replaced; without a listener it would end the process.
  pool.on('error', () => {})
  const read = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    engine: 'postgres',
    read,
    write: async (work) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await read.transaction().execute(work)
        } catch (error) {
          if (attempt >= attempts || !conflicts.includes(String(Object(error).code))) throw error
        }
      }
    },
    lock: (query) => query.forUpdate(),
    close: () => read.destroy(),
  }
}

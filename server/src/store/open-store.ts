import { sql } from 'kysely'
import { auditStore } from './audit.ts'
import { clientStore } from './clients.ts'
import type { Store } from './contract.ts'
import type { Database } from './database.ts'
import { keyStore } from './keys.ts'
import { migrate } from './migrations.ts'
import { openPostgres } from './postgres.ts'
import { resourceServerStore } from './resource-servers.ts'
import { sessionStore } from './sessions.ts'
import { openSqlite } from './sqlite.ts'
import { sweep } from './sweep.ts'
import { tokenStore } from './tokens.ts'

/** The tables whose rows are counted for metrics. */
const countedTables = [
  'clients',
  'resource_servers',
  'sessions',
  'tokens',
  'refresh_tokens',
  'assertions',
  'revocation_updates',
  'audit',
] as const

/**
 * Opens a store, and brings it to the version of this program.
 *
 * @param location `postgres://…` or `postgresql://…`, or the path of an SQLite file, which is made where there is none
 * @throws RangeError for a store that a newer program has written
 */
export async function openStore(location: string): Promise<Store> {
  const database = openDatabase(location)
  try {
    await migrate(database)
  } catch (error) {
    await database.close()
    throw error
  }
  return storeOn(database)
}

/** Opens the database of a store, whatever version it has. */
export function openDatabase(location: string): Database {
  return /^postgres(?:ql)?:\/\//.test(location) ? openPostgres(location) : openSqlite(location)
}

function storeOn(database: Database): Store {
  const { read } = database
  return {
    clients: clientStore(database),
    resourceServers: resourceServerStore(database),
    keys: keyStore(database),
    sessions: sessionStore(database),
    tokens: tokenStore(database),
    audit: auditStore(database),
    async ping() {
      await sql`select 1`.execute(read)
    },
    sweep: (now, limit) => sweep(database, now, limit),
    async counts() {
      const counts: Record<string, number> = {}
      for (const table of countedTables) {
        const { rows } = await read
          .selectFrom(table)
          .select(({ fn }) => fn.countAll<number>().as('rows'))
          .executeTakeFirstOrThrow()
        counts[table] = Number(rows)
      }
      return counts
    },
    close: () => database.close(),
  }
}

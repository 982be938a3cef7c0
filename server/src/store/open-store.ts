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
    async clock() {
      if (database.engine === 'sqlite') return Math.floor(Date.now() / 1_000)
      const { rows } = await sql<{ now: number }>`
        select extract(epoch from clock_timestamp())::float8 as now`.execute(read)
      return Math.floor(rows[0]!.now)
    },
    sweep: (now, limit) => sweep(database, now, limit),
    async counts() {
      const counts: Record<string, number> = {}
      for (const table of countedTables) counts[table] = await count(database, table)
      return counts
    },
    close: () => database.close(),
  }
}

/** Up to how many rows are counted one by one; beyond that, nobody waits for it. */
const mostCounted = 20_000

/** How many rows a table has: exactly if there are few, else as the engine estimates. */
async function count({ read, engine }: Database, table: (typeof countedTables)[number]): Promise<number> {
  const some = read.selectFrom(table).select(sql`1`.as('one')).limit(mostCounted).as('some')
  const { rows } = await read
    .selectFrom(some)
    .select(({ fn }) => fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
  if (Number(rows) < mostCounted) return Number(rows)
  const estimate =
    engine === 'postgres'
      ? sql<{ rows: number }>`select reltuples::float8 as rows from pg_class where oid = ${table}::regclass`
      : // Rows are added at the end, and go at the beginning.
        sql<{ rows: number }>`select max(rowid) - min(rowid) + 1 as rows from ${sql.table(table)}`
  const found = await estimate.execute(read)
  return Math.max(Number(rows), found.rows[0]?.rows ?? 0)
}

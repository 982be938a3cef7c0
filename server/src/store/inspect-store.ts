import { sql } from 'kysely'
import type { Database } from './database.ts'
import { currentVersion } from './migrations.ts'
import { openDatabase } from './open-store.ts'

/** What is found of a store without changing it. */
export interface StoreState {
  readonly engine: Database['engine']
  /** The version of its tables: 0 for an empty database. */
  readonly version: number
  /** The version that this program has. */
  readonly currentVersion: number
  /** The clock of the database, in milliseconds since 1970; undefined where it has none but this machine's. */
  readonly clockMs: number | undefined
  /** The latest time that the store has of something that has happened, in seconds since 1970. */
  readonly latest: number | undefined
}

/**
 * Looks at a store, and changes nothing: its tables stay at their version.
 *
 * @param location as for `openStore`; an SQLite file has to exist
 * @throws Error where it cannot be opened, or not be written to
 */
export async function inspectStore(location: string): Promise<StoreState> {
  const database = openDatabase(location)
  try {
    const version = await versionOf(database)
    // A transaction of nothing, which only a store that can be written to takes.
    if (database.engine === 'sqlite') await database.write(async () => {})
    return {
      engine: database.engine,
      version,
      currentVersion,
      clockMs: database.engine === 'postgres' ? await clockOf(database) : undefined,
      latest: version === currentVersion ? await latestOf(database) : undefined,
    }
  } finally {
    await database.close()
  }
}

async function versionOf({ engine, read }: Database): Promise<number> {
  const found =
    engine === 'sqlite'
      ? await sql`select 1 from sqlite_master where name = 'schema_version'`.execute(read)
      : await sql`select 1 from information_schema.tables where table_schema = current_schema() and table_name = 'schema_version'`.execute(
          read,
        )
  if (found.rows.length === 0) return 0
  const { rows } = await sql<{ version: number }>`select version from schema_version`.execute(read)
  return rows[0]?.version ?? 0
}

async function clockOf({ read }: Database): Promise<number> {
  const { rows } = await sql<{
    ms: number
    standby: boolean
  }>`select extract(epoch from clock_timestamp())::float8 * 1000 as ms, pg_is_in_recovery() as standby`.execute(
    read,
  )
  if (rows[0]!.standby) throw new Error('the database is a standby, which cannot be written to')
  return rows[0]!.ms
}

/** By the audit trail, and by the token that ends last. */
async function latestOf({ read }: Database): Promise<number | undefined> {
  const audited = await read
    .selectFrom('audit')
    .select('at')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const issued = await read
    .selectFrom('tokens')
    .select('issued_at as at')
    .orderBy('expires_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const times = [audited, issued].flatMap((row) => (row ? [row.at] : []))
  return times.length > 0 ? Math.max(...times) : undefined
}

import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import pg from 'pg'
import type { Database } from './database.ts'
import type { Tables } from './schema.ts'

/** How often a transaction is tried that another one got in the way of. */
const attempts = 5
/** SQLSTATE of transactions that are to be run again: serialization failure and deadlock. */
const conflicts: readonly string[] = ['40001', '40P01']
/** The type of 64-bit integers, which pg gives as text; those of the store are safe integers. */
const int8 = 20

/** The connections of one process at most. */
const maxConnections = 20
/** How long a request waits for a connection, in milliseconds. */
const connectTimeoutMs = 5_000
/** How long the server works on one statement, in milliseconds: longer than any statement of a request takes. */
const statementTimeoutMs = 10_000
/** How long an answer is waited for, in milliseconds: the server is gone, or hangs, and cannot say so. */
const answerTimeoutMs = 12_000

/**
 * Opens a store on PostgreSQL, for any number of processes on any number of machines.
 *
 * @param url `postgres://user:password@host:port/database`, with the options of libpq
 */
export function openPostgres(url: string): Database {
  const common = {
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: 'ace-oauth-server',
    types: {
      getTypeParser: ((id: number, format?: 'text' | 'binary') =>
        id === int8 ? Number : pg.types.getTypeParser(id, format as 'text')) as typeof pg.types.getTypeParser,
    },
  }
  const read = kyselyOver(
    new ImpatientPool(
      poolOf({
        ...common,
        max: maxConnections,
        statement_timeout: statementTimeoutMs,
        idle_in_transaction_session_timeout: statementTimeoutMs,
      }),
    ),
  )
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
    alter: async (work) => {
      const patient = kyselyOver(poolOf({ ...common, max: 1 }))
      try {
        return await patient.transaction().execute(work)
      } finally {
        await patient.destroy()
      }
    },
    lock: (query) => query.forUpdate(),
    close: () => read.destroy(),
  }
}

function poolOf(options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(options)
  // A connection that breaks while nobody uses it is replaced; without a listener it would end the process.
  pool.on('error', () => {})
  return pool
}

function kyselyOver(pool: PostgresPool): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}

/** A pool that gives up a connection on which no answer comes, so that the next request gets another one. */
class ImpatientPool implements PostgresPool {
  readonly #pool: pg.Pool
  /** kysely knows connections by their identity. */
  readonly #known = new WeakMap<pg.PoolClient, ImpatientClient>()

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  async connect(): Promise<PostgresPoolClient> {
    const client = await this.#pool.connect()
    let known = this.#known.get(client)
    if (!known) {
      known = new ImpatientClient(client)
      this.#known.set(client, known)
    }
    return known as unknown as PostgresPoolClient
  }

  end(): Promise<void> {
    return this.#pool.end()
  }
}

class ImpatientClient {
  readonly #client: pg.PoolClient
  #lost: Error | undefined

  constructor(client: pg.PoolClient) {
    this.#client = client
    // It breaks between two statements: without a listener that would end the process.
    client.on('error', (error) => {
      this.#lost = error
    })
  }

  async query(text: string, values: unknown[]): Promise<pg.QueryResult> {
    if (this.#lost) throw this.#lost
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('PostgreSQL does not answer')), answerTimeoutMs)
    })
    try {
      return await Promise.race([this.#client.query(text, values), late])
    } catch (error) {
      // What PostgreSQL itself says has an SQLSTATE; after anything else nobody knows how the connection stands.
      if (!(error instanceof pg.DatabaseError)) this.#lost = error as Error
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  release(isDiscarded?: boolean): void {
    this.#client.release(isDiscarded || this.#lost)
  }
}

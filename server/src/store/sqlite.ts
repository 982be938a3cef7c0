import { createRequire } from 'node:module'
import { Kysely, type Kysely as KyselyType, SqliteDialect, sql } from 'kysely'
import type { Database } from './database.ts'
import type { Tables } from './schema.ts'

/** What is used of a database of `node:sqlite`, which `@photostructure/sqlite` has as well. */
interface SqliteConnection {
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
  close(): void
}

interface SqliteStatement {
  all(...parameters: unknown[]): unknown[]
  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint }
}

type SqliteConstructor = new (
  path: string,
  options?: { readonly readOnly?: boolean; readonly timeout?: number },
) => SqliteConnection

/** How long a statement waits for another process that writes, in milliseconds. */
const busyTimeoutMs = 10_000

/**
 * Opens the embedded store. One connection writes, a second one reads what has been committed. Transactions that wait for each other
 * are committed together, so that durability is paid once for all of them.
 *
 * @param path a file, which is made where there is none
 * @throws Error where it cannot be opened
 */
export function openSqlite(path: string): Database {
  const Connection = sqliteConstructor()
  const writing = new Connection(path, { timeout: busyTimeoutMs })
  // FULL: what was committed survives the loss of power.
  writing.exec(
    `PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON`,
  )
  const reading = new Connection(path, { readOnly: true, timeout: busyTimeoutMs })
  const writer = kyselyOver(writing)
  const read = kyselyOver(reading)
  const queue = new CommitQueue(writer)
  return {
    engine: 'sqlite',
    read,
    write: (work) => queue.add(work),
    // The one that writes is alone.
    lock: (query) => query,
    close: async () => {
      await queue.idle()
      await read.destroy()
      await writer.destroy()
    },
  }
}

/** The engine that Node has from 22.5 on, or the same from a package. */
function sqliteConstructor(): SqliteConstructor {
  const require = createRequire(import.meta.url)
  const name = process.getBuiltinModule?.('node:sqlite') ? 'node:sqlite' : '@photostructure/sqlite'
  return (require(name) as { DatabaseSync: SqliteConstructor }).DatabaseSync
}

function kyselyOver(connection: SqliteConnection): KyselyType<Tables> {
  const statements = new Map<string, ReturnType<typeof statementOf>>()
  const database = {
    prepare: (text: string) => {
      let statement = statements.get(text)
      if (!statement) {
        statement = statementOf(connection.prepare(text), text)
        statements.set(text, statement)
      }
      return statement
    },
    close: () => connection.close(),
  }
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
}

function statementOf(statement: SqliteStatement, text: string) {
  return {
    reader: /^\s*(?:select|with|values|pragma)\b/i.test(text) || /\breturning\b/i.test(text),
    all: (parameters: readonly unknown[]): unknown[] => statement.all(...parameters),
    run: (parameters: readonly unknown[]) => statement.run(...parameters),
    iterate: (parameters: readonly unknown[]): IterableIterator<unknown> =>
      statement.all(...parameters).values(),
  }
}

interface Waiting {
  readonly work: (transaction: KyselyType<Tables>) => Promise<unknown>
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/** The most transactions that one commit takes: those behind it wait no longer than that. */
const mostTogether = 256

/** Runs transactions one after another, and commits those that have come meanwhile together. */
class CommitQueue {
  readonly #database: KyselyType<Tables>
  readonly #waiting: Waiting[] = []
  #running: Promise<void> | undefined

  constructor(database: KyselyType<Tables>) {
    this.#database = database
  }

  add<Result>(work: (transaction: KyselyType<Tables>) => Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as (result: unknown) => void, reject })
      this.#running ??= this.#run()
    })
  }

  async idle(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    // What comes in the same turn goes into the same commit.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, mostTogether))
    this.#running = undefined
  }

  async #commit(together: readonly Waiting[]): Promise<void> {
    const answers: (() => void)[] = []
    try {
      await this.#database.connection().execute(async (connection) => {
        await sql`begin immediate`.execute(connection)
        try {
          for (const { work, resolve, reject } of together) {
            await sql`savepoint work`.execute(connection)
            try {
              const result = await work(connection)
              answers.push(() => resolve(result))
            } catch (error) {
              await sql`rollback to work`.execute(connection)
              answers.push(() => reject(error))
            }
            await sql`release work`.execute(connection)
          }
          await sql`commit`.execute(connection)
        } catch (error) {
          await sql`rollback`.execute(connection).catch(() => {})
          throw error
        }
      })
    } catch (error) {
      // Nothing of it was written, so that nobody is told that it was.
      for (const { reject } of together) reject(error)
      return
    }
    for (const answer of answers) answer()
  }
}

import { closeSync, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import { CompiledQuery, Kysely, type Kysely as KyselyType, SqliteDialect } from 'kysely'
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

type SqliteConstructor = new (path: string, options?: { readonly readOnly?: boolean }) => SqliteConnection

/** How long a transaction waits for another process that writes, in milliseconds. */
const busyTimeoutMs = 10_000
/** How long it sleeps between two tries, in milliseconds: requests that only read are answered meanwhile. */
const busyPauseMs = 5
/** SQLITE_BUSY: another connection writes. Its extended codes have the same last byte. */
const busy = 5

/**
 * Opens the embedded store. One connection writes, a second one reads what has been committed. Transactions that wait for each other
 * are committed together, so that durability is paid once for all of them.
 *
 * @param path a file, which is made where there is none
 * @throws Error where it cannot be opened
 */
export function openSqlite(path: string): Database {
  const Connection = sqliteConstructor()
  // It holds keys. The files that SQLite puts beside it are as readable as it is.
  closeSync(openSync(path, 'a', 0o600))
  const writing = new Connection(path)
  // FULL: what was committed survives the loss of power. The write-ahead log shrinks again after it grew under a long reader.
  writing.exec(
    `PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864`,
  )
  // From now on the commit queue waits, and not the whole process.
  writing.exec('PRAGMA busy_timeout = 0')
  const reading = new Connection(path, { readOnly: true })
  reading.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
  const writer = kyselyOver(writing)
  const read = kyselyOver(reading)
  const queue = new CommitQueue(writer)
  return {
    engine: 'sqlite',
    read,
    write: (work) => queue.add(work),
    alter: (work) => queue.add(work),
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

/** The most statements that are kept compiled: lists of different lengths make different ones. */
const keptStatements = 200

function kyselyOver(connection: SqliteConnection): KyselyType<Tables> {
  const statements = new Map<string, ReturnType<typeof statementOf>>()
  const database = {
    prepare: (text: string) => {
      let statement = statements.get(text)
      if (!statement) {
        statement = statementOf(connection.prepare(text), text)
        if (statements.size >= keptStatements) statements.delete(statements.keys().next().value!)
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

const beginImmediate = CompiledQuery.raw('begin immediate')
const commit = CompiledQuery.raw('commit')
const rollback = CompiledQuery.raw('rollback')

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
    let failed: Waiting | undefined
    let results: readonly unknown[]
    try {
      results = await this.#database.connection().execute(async (connection) => {
        await begin(connection)
        try {
          const done: unknown[] = []
          for (const each of together) {
            failed = each
            done.push(await each.work(connection))
          }
          failed = undefined
          await connection.executeQuery(commit)
          return done
        } catch (error) {
          await connection.executeQuery(rollback).catch(() => {})
          throw error
        }
      })
    } catch (error) {
      // One that failed is not to undo the others: each runs again by itself.
      if (failed && together.length > 1) for (const each of together) await this.#commit([each])
      // Nothing of it was written, so that nobody is told that it was.
      else for (const { reject } of together) reject(error)
      return
    }
    for (const [i, { resolve }] of together.entries()) resolve(results[i])
  }
}

/** Begins to write, as soon as no other process does. */
async function begin(connection: KyselyType<Tables>): Promise<void> {
  const until = performance.now() + busyTimeoutMs
  for (;;) {
    try {
      await connection.executeQuery(beginImmediate)
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() >= until) throw error
      await new Promise((resolve) => setTimeout(resolve, busyPauseMs))
    }
  }
}

function isBusy(error: unknown): boolean {
  const { errcode } = Object(error) as { errcode?: unknown }
  return typeof errcode === 'number' && (errcode & 0xff) === busy
}

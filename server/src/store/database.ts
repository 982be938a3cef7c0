import type { Kysely } from 'kysely'
import type { Tables } from './schema.ts'

/** A query that may hold its rows until the transaction ends. */
interface Lockable<Query> {
  forUpdate(): Query
}

/** An engine as the store uses it: the same statements run on both. */
export interface Database {
  readonly engine: 'sqlite' | 'postgres'
  /** For reading what has been committed. */
  readonly read: Kysely<Tables>
  /**
   * Runs the work in a transaction, and ends after that has been written durably. What the work throws undoes it.
   *
   * The work may be run again where two transactions met, so it does nothing but read and write in the transaction.
   */
  write<Result>(work: (transaction: Kysely<Tables>) => Promise<Result>): Promise<Result>
  /** As `write`, for changing tables: it may take as long as it takes. */
  alter<Result>(work: (transaction: Kysely<Tables>) => Promise<Result>): Promise<Result>
  /** Holds the rows of a query until the transaction ends, where other transactions run beside it. */
  lock<Query>(query: Query & Lockable<Query>): Query
  close(): Promise<void>
}

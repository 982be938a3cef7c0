import { CompiledQuery, type Kysely } from 'kysely'
import type { Database } from './database.ts'
import type { Tables } from './schema.ts'

/**
 * An insertion that is written once: for a row of each request, building and compiling the statement anew would cost more than
 * running it.
 *
 * @param columns all that the rows have
 */
export function insertion<Table extends keyof Tables & string>(
  table: Table,
  columns: readonly (keyof Tables[Table] & string)[],
): {
  readonly texts: Readonly<Record<Database['engine'], string>>
  readonly run: (
    transaction: Kysely<Tables>,
    engine: Database['engine'],
    row: Readonly<Record<keyof Tables[Table], unknown>>,
  ) => Promise<void>
} {
  const texts = textsOf(
    (placeholder) =>
      `insert into ${table} (${columns.join(', ')}) values (${columns.map((_, i) => placeholder(i + 1)).join(', ')})`,
  )
  return {
    texts,
    async run(transaction, engine, row) {
      const parameters = columns.map((column) => row[column])
      await transaction.executeQuery(CompiledQuery.raw(texts[engine], parameters))
    },
  }
}

/** Whether a table has a row with some value in a column, by a statement that is written once. */
export function existence<Table extends keyof Tables & string>(
  table: Table,
  column: keyof Tables[Table] & string,
): (database: Database, value: string) => Promise<boolean> {
  const texts = textsOf(
    (placeholder) => `select 1 as found from ${table} where ${column} = ${placeholder(1)} limit 1`,
  )
  return async ({ read, engine }, value) => {
    const { rows } = await read.executeQuery(CompiledQuery.raw(texts[engine], [value]))
    return rows.length > 0
  }
}

/** A statement for each engine, which write parameters in their own way. */
function textsOf(
  write: (placeholder: (n: number) => string) => string,
): Readonly<Record<Database['engine'], string>> {
  return { sqlite: write(() => '?'), postgres: write((n) => `$${n}`) }
}

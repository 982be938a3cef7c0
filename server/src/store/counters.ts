import type { Kysely } from 'kysely'
import type { Tables } from './schema.ts'

/** What is counted for all processes together. */
export type CounterName =
  | 'registrations'
  | 'chosen_secrets'
  | 'oscore_ids'
  | `revocations ${string}`
  | `sequence ${string}`

/** Counts on, and gives the number that was reached: 1 the first time. Transactions that count the same wait for each other. */
export async function countOn(transaction: Kysely<Tables>, name: CounterName): Promise<number> {
  const row = await transaction
    .insertInto('counters')
    .values({ name, value: 1 })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((expression) => ({ value: expression('counters.value', '+', 1) })),
    )
    .returning('value')
    .executeTakeFirstOrThrow()
  return row.value
}

/** The number that a counter has reached; 0 before the first. */
export async function counted(database: Kysely<Tables>, name: CounterName): Promise<number> {
  const row = await database
    .selectFrom('counters')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.value ?? 0
}

/** Notes that there is a secret that somebody chose, where one of the hashes is that of one. */
export async function noteChosenSecrets(
  transaction: Kysely<Tables>,
  hashes: readonly (string | null)[],
): Promise<void> {
  if (hashes.some((hash) => hash?.startsWith('scrypt:'))) await countOn(transaction, 'chosen_secrets')
}

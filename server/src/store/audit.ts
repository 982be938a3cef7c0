import type { Kysely } from 'kysely'
import type { AuditEntry, AuditStore } from './contract.ts'
import type { Database } from './database.ts'
import type { Tables } from './schema.ts'

/** Adds lines to the audit trail, in the transaction of what they tell of. */
export async function record(
  transaction: Kysely<Tables>,
  ...entries: readonly Omit<AuditEntry, 'id'>[]
): Promise<void> {
  if (entries.length === 0) return
  await transaction
    .insertInto('audit')
    .values(entries.map(({ details, ...rest }) => ({ ...rest, details: JSON.stringify(details) })))
    .execute()
}

/** What a change changed, for the audit trail: of a secret member that it changed, and nothing else. */
export function differences<Value extends object>(
  before: Value,
  after: Value,
  secrets: readonly (keyof Value)[],
): Readonly<Record<string, unknown>> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof Value & string)[]
  return Object.fromEntries(
    names
      .filter((name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null))
      .map((name) => [
        name,
        secrets.includes(name) ? 'changed' : { from: before[name] ?? null, to: after[name] ?? null },
      ]),
  )
}

/** The audit trail. Nothing changes it but what it tells of. */
export function auditStore({ read }: Database): AuditStore {
  return {
    async list({ after, before, subject, actor, action, since, until, isNewestFirst, limit }) {
      let query = read.selectFrom('audit').selectAll()
      if (after !== undefined) query = query.where('id', '>', after)
      if (before !== undefined) query = query.where('id', '<', before)
      if (subject !== undefined) query = query.where('subject', '=', subject)
      if (actor !== undefined)
        query = query.where((each) =>
          each(each.fn('substr', ['actor', each.lit(1), each.val(actor.length)]), '=', actor),
        )
      if (action !== undefined) query = query.where('action', '=', action)
      if (since !== undefined) query = query.where('at', '>=', since)
      if (until !== undefined) query = query.where('at', '<', until)
      const rows = await query
        .orderBy('id', isNewestFirst ? 'desc' : 'asc')
        .limit(limit)
        .execute()
      return rows.map(({ details, ...rest }) => ({ ...rest, details: JSON.parse(details) }))
    },
  }
}

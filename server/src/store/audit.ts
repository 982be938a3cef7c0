import type { Kysely } from 'kysely'
import type { AuditEntry, AuditStore } from './contract.ts'
import type { Database } from './database.ts'
import type { Tables } from './schema.ts'

/** Adds a line to the audit trail, in the transaction of what it tells of. */
export async function record(transaction: Kysely<Tables>, entry: Omit<AuditEntry, 'id'>): Promise<void> {
  const { at, actor, action, subject, details } = entry
  await transaction
    .insertInto('audit')
    .values({ at, actor, action, subject, details: JSON.stringify(details) })
    .execute()
}

/** The audit trail. Nothing changes it but what it tells of. */
export function auditStore({ read }: Database): AuditStore {
  return {
    async list({ after = 0, subject, limit }) {
      let query = read.selectFrom('audit').selectAll().where('id', '>', after)
      if (subject !== undefined) query = query.where('subject', '=', subject)
      const rows = await query.orderBy('id').limit(limit).execute()
      return rows.map(({ details, ...rest }) => ({ ...rest, details: JSON.parse(details) }))
    },
  }
}

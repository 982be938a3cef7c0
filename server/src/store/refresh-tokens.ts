import type { Kysely } from 'kysely'
import type { RefreshRecord, RefreshState } from './contract.ts'
import type { Database } from './database.ts'
import { bytesOf, jsonOrNull, scopeColumns, scopeOf, textOrNull } from './rows.ts'
import type { RefreshTokensTable, Tables } from './schema.ts'

function recordOf(row: RefreshTokensTable): RefreshRecord {
  return {
    hash: bytesOf(row.hash),
    familyId: row.family_id,
    clientId: row.client_id,
    channelIdentity: row.channel_identity,
    audiences: JSON.parse(row.audiences),
    scope: scopeOf(row),
    cnf: jsonOrNull(row.cnf),
    profile: row.profile,
    subject: row.subject,
    sessionId: row.session_id,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
  }
}

/** Adds a refresh token. */
export async function insertRefresh(transaction: Kysely<Tables>, refresh: RefreshRecord): Promise<void> {
  await transaction
    .insertInto('refresh_tokens')
    .values({
      hash: refresh.hash,
      family_id: refresh.familyId,
      client_id: refresh.clientId,
      channel_identity: refresh.channelIdentity,
      audiences: JSON.stringify(refresh.audiences),
      ...scopeColumns(refresh.scope),
      cnf: textOrNull(refresh.cnf),
      profile: refresh.profile,
      subject: refresh.subject,
      session_id: refresh.sessionId,
      issued_at: refresh.issuedAt,
      expires_at: refresh.expiresAt,
      used_at: null,
      successor: null,
      sealed_answer: null,
      repeat_until: null,
      revoked_at: null,
    })
    .execute()
}

/**
 * What a refresh token is good for.
 *
 * @param locking the engine, where the row is to be held until the transaction ends
 */
export async function refreshStateOf(
  database: Kysely<Tables>,
  locking: Database | undefined,
  hash: Uint8Array,
  clientId: string,
  channelIdentity: string | null,
  now: number,
): Promise<RefreshState> {
  const query = database.selectFrom('refresh_tokens').selectAll().where('hash', '=', hash)
  const row = await (locking ? locking.lock(query) : query).executeTakeFirst()
  if (!row) return { state: 'unknown' }
  const record = recordOf(row)
  // Of another client's token nothing is told, and nothing happens to it.
  if (row.client_id !== clientId) return { state: 'unknown' }
  if (row.revoked_at !== null) return { state: 'revoked', record }
  if (!(now < row.expires_at)) return { state: 'expired', record }
  if (row.used_at === null) return { state: 'active', record }
  const sealed = row.sealed_answer
  const isLast = row.successor === null || (await isUnused(database, row.successor))
  const isSame = row.channel_identity === channelIdentity
  const isInTime = row.repeat_until !== null && now < row.repeat_until
  return sealed && isLast && isSame && isInTime
    ? { state: 'repeated', record, sealedAnswer: bytesOf(sealed) }
    : { state: 'reused', record }
}

/** Whether the refresh token that came with the answer was not presented yet: then the answer may have been lost. */
async function isUnused(database: Kysely<Tables>, successor: Uint8Array): Promise<boolean> {
  const row = await database
    .selectFrom('refresh_tokens')
    .select('used_at')
    .where('hash', '=', bytesOf(successor))
    .executeTakeFirst()
  return row !== undefined && row.used_at === null
}

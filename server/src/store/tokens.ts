import { CompiledQuery, type Kysely } from 'kysely'
import { record } from './audit.ts'
import {
  type Issue,
  type IssueOutcome,
  keptRevocationUpdates,
  type RevocationUpdate,
  type RevocationView,
  type TokenRecord,
  type TokenStore,
} from './contract.ts'
import { counted, countOn } from './counters.ts'
import type { Database } from './database.ts'
import { insertRefresh, refreshStateOf } from './refresh-tokens.ts'
import { bytesOf, bytesOrNull, jsonOrNull, scopeColumns, scopeOf, textOrNull } from './rows.ts'
import type { Tables, TokensTable } from './schema.ts'
import { spend } from './sessions.ts'
import { insertion } from './statements.ts'

function recordOf(row: TokensTable): TokenRecord {
  return {
    id: row.id,
    hash: bytesOf(row.hash),
    listHash: bytesOf(row.list_hash),
    clientId: row.client_id,
    audiences: audiencesOf(row),
    scope: scopeOf(row),
    introspection: JSON.parse(row.introspection),
    familyId: row.family_id,
    sessionId: row.session_id,
    keyThumbprint: bytesOrNull(row.key_thumbprint),
    keyId: bytesOrNull(row.key_id),
    cnf: jsonOrNull(row.cnf),
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }
}

function audiencesOf({ audiences }: Pick<TokensTable, 'audiences'>): readonly string[] {
  return JSON.parse(audiences)
}

/** The tokens that were issued, refresh tokens, revocations, and the identifiers of client assertions. */
export function tokenStore(database: Database): TokenStore {
  const { read } = database

  const one = ([row]: readonly TokensTable[]): TokenRecord | undefined => row && recordOf(row)

  async function revoke(
    transaction: Kysely<Tables>,
    rows: readonly TokensTable[],
    actor: string,
    now: number,
  ): Promise<number> {
    const live = rows.filter(({ revoked_at, expires_at }) => revoked_at === null && expires_at > now)
    for (const row of live) {
      await transaction.updateTable('tokens').set({ revoked_at: now }).where('id', '=', row.id).execute()
      await addUpdate(transaction, row, 1)
      await record(transaction, {
        at: now,
        actor,
        action: 'token_revoked',
        subject: row.client_id,
        details: { tokenId: row.id, audiences: audiencesOf(row) },
      })
    }
    return live.length
  }

  /** Revokes the refresh tokens of a family and the tokens that came with them. */
  async function revokeFamilyIn(
    transaction: Kysely<Tables>,
    familyId: string,
    actor: string,
    now: number,
  ): Promise<number> {
    // A rotation that ran beside this added another one: until none is left.
    for (let updated = 1n; updated > 0n; ) {
      const result = await transaction
        .updateTable('refresh_tokens')
        .set({ revoked_at: now, sealed_answer: null })
        .where('family_id', '=', familyId)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      updated = result.numUpdatedRows
    }
    const rows = await database
      .lock(transaction.selectFrom('tokens').selectAll().where('family_id', '=', familyId))
      .execute()
    return revoke(transaction, rows, actor, now)
  }

  return {
    async issue(issue, now) {
      const { rotates, sessionId, token, refresh } = issue
      const isAlone = !rotates && !refresh && sessionId === null
      if (isAlone && database.engine === 'postgres') {
        // One statement is a transaction by itself, and one round trip in place of four.
        await insertToken(read, 'postgres', token)
        return { outcome: 'issued' }
      }
      return database.write(async (transaction): Promise<IssueOutcome> => {
        if (rotates) {
          const state = await refreshStateOf(
            transaction,
            database,
            rotates.hash,
            token.clientId,
            rotates.channelIdentity,
            now,
          )
          if (state.state !== 'active') return { outcome: 'rotated', refresh: state }
        }
        const refusal = sessionId === null ? undefined : await spend(transaction, database, sessionId, now)
        if (refusal) return { outcome: 'refused', refusal }
        await insertToken(transaction, database.engine, token)
        if (refresh) await insertRefresh(transaction, refresh)
        if (rotates) await rotate(transaction, issue, now)
        return { outcome: 'issued' }
      })
    },
    refreshState: (hash, clientId, channelIdentity, now) =>
      refreshStateOf(read, undefined, hash, clientId, channelIdentity, now),
    find: async (id) => one(await read.selectFrom('tokens').selectAll().where('id', '=', id).execute()),
    findByHash: async (hash) =>
      one(await read.selectFrom('tokens').selectAll().where('hash', '=', hash).execute()),
    async findKey(clientId, keyId, now, audiences = []) {
      let query = read
        .selectFrom('tokens')
        .selectAll()
        .where('client_id', '=', clientId)
        .where('key_id', '=', keyId)
        .where('cnf', 'is not', null)
        .where('expires_at', '>', now)
        .where('revoked_at', 'is', null)
      for (const audience of audiences)
        query = query.where(({ exists, selectFrom }) =>
          exists(
            selectFrom('token_audiences')
              .select('token_id')
              .whereRef('token_id', '=', 'tokens.id')
              .where('token_audiences.audience', '=', audience),
          ),
        )
      return one(await query.orderBy('issued_at', 'desc').limit(1).execute())
    },
    async isKeyOfAnother(thumbprint, clientId, now) {
      const row = await read
        .selectFrom('tokens')
        .select('id')
        .where('key_thumbprint', '=', thumbprint)
        .where('client_id', '!=', clientId)
        .where('expires_at', '>', now)
        .where('revoked_at', 'is', null)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
    async list({ clientId, audience, isLiveAt, after = '', limit }) {
      let query = read.selectFrom('tokens').selectAll('tokens')
      if (clientId !== undefined) query = query.where('tokens.client_id', '=', clientId)
      // By the index of the audience: its tokens may be few among many.
      query =
        audience === undefined
          ? query.where('tokens.id', '>', after).orderBy('tokens.id')
          : query
              .innerJoin('token_audiences', 'token_audiences.token_id', 'tokens.id')
              .where('token_audiences.audience', '=', audience)
              .where('token_audiences.token_id', '>', after)
              .orderBy('token_audiences.token_id')
      if (isLiveAt !== undefined)
        query = query.where('tokens.expires_at', '>', isLiveAt).where('tokens.revoked_at', 'is', null)
      return (await query.limit(limit).execute()).map(recordOf)
    },
    revokeByHash: (hash, actor, now) =>
      database.write(async (transaction) => {
        const refresh = await transaction
          .selectFrom('refresh_tokens')
          .select('family_id')
          .where('hash', '=', hash)
          .executeTakeFirst()
        if (refresh) return revokeFamilyIn(transaction, refresh.family_id, actor, now)
        const rows = await database
          .lock(transaction.selectFrom('tokens').selectAll().where('hash', '=', hash))
          .execute()
        return rows.length > 0 ? revoke(transaction, rows, actor, now) : undefined
      }),
    revokeById: (id, actor, now) =>
      database.write(async (transaction) => {
        const rows = await database
          .lock(transaction.selectFrom('tokens').selectAll().where('id', '=', id))
          .execute()
        return rows.length > 0 ? revoke(transaction, rows, actor, now) : undefined
      }),
    revokeFamily: (familyId, actor, now) =>
      database.write((transaction) => revokeFamilyIn(transaction, familyId, actor, now)),
    async families({ clientId, audience, after, limit }, now) {
      let query = read.selectFrom('refresh_tokens').select(['hash', 'family_id', 'audiences'])
      if (after) query = query.where('hash', '>', after)
      if (clientId !== undefined) query = query.where('client_id', '=', clientId)
      const rows = await query
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now)
        .orderBy('hash')
        .limit(limit)
        .execute()
      const found = rows.filter(
        (row) => audience === undefined || (JSON.parse(row.audiences) as string[]).includes(audience),
      )
      return {
        familyIds: found.map(({ family_id }) => family_id),
        next: rows.length < limit ? undefined : bytesOf(rows.at(-1)!.hash),
      }
    },
    async revoked(view, now) {
      let query = read
        .selectFrom('tokens')
        .select('list_hash')
        .where('revoked_at', 'is not', null)
        .where('expires_at', '>', now)
      if (view !== 'all') {
        if ('clientId' in view) query = query.where('client_id', '=', view.clientId)
        else
          query = query.where(({ exists, selectFrom }) =>
            exists(
              selectFrom('token_audiences')
                .select('token_id')
                .whereRef('token_id', '=', 'tokens.id')
                .where('token_audiences.audience', '=', view.audience),
            ),
          )
      }
      return (await query.orderBy('revoked_at').orderBy('id').execute()).map(({ list_hash }) =>
        bytesOf(list_hash),
      )
    },
    async revocationUpdates(view, from, limit) {
      const rows = await read
        .selectFrom('revocation_updates')
        .selectAll()
        .where('requester', '=', requesterOf(view))
        .where('position', '>=', from)
        .orderBy('position')
        .limit(limit)
        .execute()
      return rows.map(
        ({ position, list_hash, is_added }): RevocationUpdate => ({
          index: position,
          listHash: bytesOf(list_hash),
          isAdded: is_added === 1,
        }),
      )
    },
    async lastRevocationIndex(view) {
      const reached = await counted(read, `revocations ${requesterOf(view)}`)
      return reached === 0 ? undefined : reached - 1
    },
    rememberAssertion: (issuer, jti, expiresAt) =>
      database.write(async (transaction) => {
        const added = await transaction
          .insertInto('assertions')
          .values({ issuer, jti, expires_at: expiresAt })
          .onConflict((conflict) => conflict.doNothing())
          .returning('jti')
          .execute()
        return added.length > 0
      }),
  }
}

const tokenColumns = [
  'id',
  'hash',
  'list_hash',
  'client_id',
  'audiences',
  'scope',
  'scope_bytes',
  'introspection',
  'family_id',
  'session_id',
  'key_thumbprint',
  'key_id',
  'cnf',
  'issued_at',
  'expires_at',
  'revoked_at',
] as const satisfies readonly (keyof TokensTable)[]

const insertIntoTokens = insertion('tokens', tokenColumns)
const insertIntoTokenAudiences = insertion('token_audiences', ['audience', 'token_id'])

/** Both tables at once, in the words of PostgreSQL. */
const insertIntoBoth = `with token as (${insertIntoTokens.texts.postgres})
  insert into token_audiences (audience, token_id)
  select audience, $1 from unnest($${tokenColumns.length + 1}::text[]) as audience`

async function insertToken(
  database: Kysely<Tables>,
  engine: Database['engine'],
  token: TokenRecord,
): Promise<void> {
  const row: TokensTable = {
    id: token.id,
    hash: token.hash,
    list_hash: token.listHash,
    client_id: token.clientId,
    audiences: JSON.stringify(token.audiences),
    ...scopeColumns(token.scope),
    introspection: JSON.stringify(token.introspection),
    family_id: token.familyId,
    session_id: token.sessionId,
    key_thumbprint: token.keyThumbprint,
    key_id: token.keyId,
    cnf: textOrNull(token.cnf),
    issued_at: token.issuedAt,
    expires_at: token.expiresAt,
    revoked_at: token.revokedAt,
  }
  if (engine === 'postgres') {
    const parameters = [...tokenColumns.map((column) => row[column]), token.audiences]
    await database.executeQuery(CompiledQuery.raw(insertIntoBoth, parameters))
    return
  }
  await insertIntoTokens.run(database, engine, row)
  for (const audience of token.audiences)
    await insertIntoTokenAudiences.run(database, engine, { audience, token_id: token.id })
}

/** Marks the refresh token that was presented as used, and keeps the answer for who lost it. */
async function rotate(transaction: Kysely<Tables>, { rotates, refresh }: Issue, now: number): Promise<void> {
  if (!rotates) return
  await transaction
    .updateTable('refresh_tokens')
    .set({
      used_at: now,
      channel_identity: rotates.channelIdentity,
      successor: refresh?.hash ?? null,
      sealed_answer: rotates.sealedAnswer,
      repeat_until: now + rotates.window,
    })
    .where('hash', '=', rotates.hash)
    .execute()
}

/** Adds an update to the revocation lists of all to whom the token pertains: its resource servers, its client, and administrators. */
async function addUpdate(
  transaction: Kysely<Tables>,
  token: Pick<TokensTable, 'list_hash' | 'client_id' | 'audiences'>,
  isAdded: 0 | 1,
): Promise<void> {
  const views: RevocationView[] = [
    'all',
    { clientId: token.client_id },
    ...audiencesOf(token).map((audience) => ({ audience })),
  ]
  // In one order, so that two transactions do not wait for each other.
  for (const requester of views.map(requesterOf).sort()) {
    const position = (await countOn(transaction, `revocations ${requester}`)) - 1
    await transaction
      .insertInto('revocation_updates')
      .values({ requester, position, list_hash: bytesOf(token.list_hash), is_added: isAdded })
      .execute()
    await transaction
      .deleteFrom('revocation_updates')
      .where('requester', '=', requester)
      .where('position', '<=', position - keptRevocationUpdates)
      .execute()
  }
}

function requesterOf(view: RevocationView): string {
  if (view === 'all') return 'all'
  return 'clientId' in view ? `client:${view.clientId}` : `rs:${view.audience}`
}

/** Removes tokens that have expired; those that were revoked leave the revocation lists. Gives how many there were. */
export async function expireTokens(
  transaction: Kysely<Tables>,
  database: Database,
  now: number,
  limit: number,
): Promise<number> {
  const expired = transaction
    .selectFrom('tokens')
    .selectAll()
    .where('expires_at', '<=', now)
    .orderBy('expires_at')
    .limit(limit)
  const rows = await database.lock(expired).execute()
  for (const row of rows) if (row.revoked_at !== null) await addUpdate(transaction, row, 0)
  if (rows.length > 0) {
    const ids = rows.map(({ id }) => id)
    for (const audience of new Set(rows.flatMap(audiencesOf)))
      await transaction
        .deleteFrom('token_audiences')
        .where('audience', '=', audience)
        .where('token_id', 'in', ids)
        .execute()
    await transaction.deleteFrom('tokens').where('id', 'in', ids).execute()
  }
  return rows.length
}

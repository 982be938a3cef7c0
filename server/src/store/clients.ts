import type { Kysely } from 'kysely'
import { record } from './audit.ts'
import type { ClientRecord, ClientStore } from './contract.ts'
import { counted, countOn, noteChosenSecrets } from './counters.ts'
import type { Database } from './database.ts'
import type { ClientsTable, Tables } from './schema.ts'

/** What has no column of its own. */
type Rest = Omit<ClientRecord, 'clientId' | 'channelIdentity' | 'isEnabled' | 'secretHash' | 'createdAt'>

function rowOf(client: ClientRecord): ClientsTable {
  const { clientId, channelIdentity, isEnabled, secretHash, createdAt, ...rest } = client
  return {
    client_id: clientId,
    channel_identity: channelIdentity,
    is_enabled: Number(isEnabled),
    secret_hash: secretHash,
    record: JSON.stringify(rest satisfies Rest),
    created_at: createdAt,
  }
}

function recordOf(row: ClientsTable): ClientRecord {
  return {
    ...(JSON.parse(row.record) as Rest),
    clientId: row.client_id,
    channelIdentity: row.channel_identity,
    isEnabled: row.is_enabled === 1,
    secretHash: row.secret_hash,
    createdAt: row.created_at,
  }
}

/** The registered clients. */
export function clientStore(database: Database): ClientStore {
  const { read } = database

  /** Adds those that are not there yet. Gives the identifiers of those that were added. */
  async function add(
    transaction: Kysely<Tables>,
    clients: readonly ClientRecord[],
    actor: string,
  ): Promise<string[]> {
    const added = await transaction
      .insertInto('clients')
      .values(clients.map(rowOf))
      .onConflict((conflict) => conflict.doNothing())
      .returning('client_id')
      .execute()
    const now = clients[0]?.createdAt ?? 0
    for (const { client_id } of added)
      await record(transaction, { at: now, actor, action: 'client_added', subject: client_id, details: {} })
    if (added.length > 0) await countOn(transaction, 'registrations')
    await noteChosenSecrets(
      transaction,
      clients.map(({ secretHash }) => secretHash),
    )
    return added.map(({ client_id }) => client_id)
  }

  return {
    add: (client, actor) =>
      database.write(async (transaction) => (await add(transaction, [client], actor)).length > 0),
    async import(clients, actor) {
      if (clients.length === 0) return []
      const added = new Set(await database.write((transaction) => add(transaction, clients, actor)))
      return clients.flatMap(({ clientId }) => (added.has(clientId) ? [] : [clientId]))
    },
    async find(clientId) {
      const row = await read
        .selectFrom('clients')
        .selectAll()
        .where('client_id', '=', clientId)
        .executeTakeFirst()
      return row && recordOf(row)
    },
    async findByChannel(channelIdentity) {
      const row = await read
        .selectFrom('clients')
        .selectAll()
        .where('channel_identity', '=', channelIdentity)
        .executeTakeFirst()
      return row && recordOf(row)
    },
    async list({ after = '', limit }) {
      const rows = await read
        .selectFrom('clients')
        .selectAll()
        .where('client_id', '>', after)
        .orderBy('client_id')
        .limit(limit)
        .execute()
      return rows.map(recordOf)
    },
    setEnabled: (clientId, isEnabled, actor, now) =>
      database.write(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('clients')
          .set({ is_enabled: Number(isEnabled) })
          .where('client_id', '=', clientId)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return false
        await countOn(transaction, 'registrations')
        const action = isEnabled ? 'client_enabled' : 'client_disabled'
        await record(transaction, { at: now, actor, action, subject: clientId, details: {} })
        return true
      }),
    setSecretHash: (clientId, secretHash, actor, now) =>
      database.write(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('clients')
          .set({ secret_hash: secretHash })
          .where('client_id', '=', clientId)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return false
        await countOn(transaction, 'registrations')
        await noteChosenSecrets(transaction, [secretHash])
        await record(transaction, {
          at: now,
          actor,
          action: 'client_secret_rotated',
          subject: clientId,
          details: {},
        })
        return true
      }),
    hasChosenSecrets: async () => (await counted(read, 'chosen_secrets')) > 0,
    version: () => counted(read, 'registrations'),
  }
}

import type { Kysely } from 'kysely'
import { differences, record } from './audit.ts'
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

  /** Adds those whose names are free. Gives the identifiers of those that were added. */
  async function add(
    transaction: Kysely<Tables>,
    clients: readonly ClientRecord[],
    actor: string,
  ): Promise<string[]> {
    // Registrations wait for each other here, so that no name is given to a client and to a resource server.
    await countOn(transaction, 'registrations')
    const introspecting = await transaction
      .selectFrom('resource_servers')
      .select('introspection_client_id')
      .where(
        'introspection_client_id',
        'in',
        clients.map(({ clientId }) => clientId),
      )
      .execute()
    const taken = new Set(introspecting.map((row) => row.introspection_client_id))
    const free = clients.filter(({ clientId }) => !taken.has(clientId))
    if (free.length === 0) return []
    const rows = await transaction
      .insertInto('clients')
      .values(free.map(rowOf))
      .onConflict((conflict) => conflict.doNothing())
      .returning('client_id')
      .execute()
    const added = new Set(rows.map(({ client_id }) => client_id))
    const entries = free.flatMap(({ clientId, createdAt, authentication, audiences, scopes }) =>
      added.delete(clientId)
        ? {
            at: createdAt,
            actor,
            action: 'client_added',
            subject: clientId,
            details: { authentication, audiences, scopes },
          }
        : [],
    )
    await record(transaction, ...entries)
    await noteChosenSecrets(
      transaction,
      free.map(({ secretHash }) => secretHash),
    )
    return entries.map(({ subject }) => subject)
  }

  /** Changes columns of a client, and says so in the audit trail. */
  function set(
    clientId: string,
    columns: Partial<ClientsTable>,
    action: string,
    actor: string,
    now: number,
  ): Promise<boolean> {
    return database.write(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('clients')
        .set(columns)
        .where('client_id', '=', clientId)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return false
      await countOn(transaction, 'registrations')
      await noteChosenSecrets(transaction, [columns.secret_hash ?? null])
      await record(transaction, { at: now, actor, action, subject: clientId, details: {} })
      return true
    })
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
    async findMany(clientIds) {
      if (clientIds.length === 0) return []
      const rows = await read.selectFrom('clients').selectAll().where('client_id', 'in', clientIds).execute()
      return rows.map(recordOf)
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
    change: (clientId, change, actor, now) =>
      database.write(async (transaction) => {
        await countOn(transaction, 'registrations')
        const row = await database
          .lock(transaction.selectFrom('clients').selectAll().where('client_id', '=', clientId))
          .executeTakeFirst()
        if (!row) return undefined
        const before = recordOf(row)
        const { secretHash, createdAt } = before
        const after: ClientRecord = { ...change(before), clientId, secretHash, createdAt }
        await transaction.updateTable('clients').set(rowOf(after)).where('client_id', '=', clientId).execute()
        await record(transaction, {
          at: now,
          actor,
          action: 'client_changed',
          subject: clientId,
          details: differences(before, after, []),
        })
        return after
      }),
    remove: (clientId, actor, now) =>
      database.write(async (transaction) => {
        await countOn(transaction, 'registrations')
        const { numDeletedRows } = await transaction
          .deleteFrom('clients')
          .where('client_id', '=', clientId)
          .executeTakeFirst()
        if (numDeletedRows === 0n) return false
        await transaction.deleteFrom('sessions').where('client_id', '=', clientId).execute()
        await record(transaction, {
          at: now,
          actor,
          action: 'client_removed',
          subject: clientId,
          details: {},
        })
        return true
      }),
    setEnabled: (clientId, isEnabled, actor, now) =>
      set(
        clientId,
        { is_enabled: Number(isEnabled) },
        isEnabled ? 'client_enabled' : 'client_disabled',
        actor,
        now,
      ),
    setSecretHash: (clientId, secretHash, actor, now) =>
      set(clientId, { secret_hash: secretHash }, 'client_secret_rotated', actor, now),
    hasChosenSecrets: async () => (await counted(read, 'chosen_secrets')) > 0,
    version: () => counted(read, 'registrations'),
  }
}

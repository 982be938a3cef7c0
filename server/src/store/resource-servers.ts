import type { Kysely } from 'kysely'
import { differences, record } from './audit.ts'
import type { ResourceServerRecord, ResourceServerStore } from './contract.ts'
import { type CounterName, countOn, noteChosenSecrets } from './counters.ts'
import type { Database } from './database.ts'
import type { ResourceServersTable, Tables } from './schema.ts'

/** What has no column of its own. */
type Rest = Omit<
  ResourceServerRecord,
  'audience' | 'introspectionClientId' | 'introspectionSecretHash' | 'createdAt'
>

function rowOf(server: ResourceServerRecord): Omit<ResourceServersTable, 'next_sequence'> {
  const { audience, introspectionClientId, introspectionSecretHash, createdAt, ...rest } = server
  return {
    audience,
    introspection_client_id: introspectionClientId,
    introspection_secret_hash: introspectionSecretHash,
    record: JSON.stringify(rest satisfies Rest),
    created_at: createdAt,
  }
}

function recordOf(row: ResourceServersTable): ResourceServerRecord {
  return {
    ...(JSON.parse(row.record) as Rest),
    audience: row.audience,
    introspectionClientId: row.introspection_client_id,
    introspectionSecretHash: row.introspection_secret_hash,
    createdAt: row.created_at,
  }
}

/** The registered resource servers. */
export function resourceServerStore(database: Database): ResourceServerStore {
  const { read } = database

  /** Adds those whose names are free. Gives the audiences of those that were added. */
  async function add(
    transaction: Kysely<Tables>,
    servers: readonly ResourceServerRecord[],
    actor: string,
  ): Promise<string[]> {
    // Registrations wait for each other here, so that no name is given to a client and to a resource server.
    await countOn(transaction, 'registrations')
    const clients = await transaction
      .selectFrom('clients')
      .select('client_id')
      .where(
        'client_id',
        'in',
        servers.map(({ introspectionClientId }) => introspectionClientId),
      )
      .execute()
    const taken = new Set(clients.map(({ client_id }) => client_id))
    const free = servers.filter(({ introspectionClientId }) => !taken.has(introspectionClientId))
    if (free.length === 0) return []
    const numbers = await sequenceNumbers(transaction, free)
    const rows = await transaction
      .insertInto('resource_servers')
      .values(free.map((server) => ({ ...rowOf(server), next_sequence: numbers.get(server.audience) ?? 1 })))
      .onConflict((conflict) => conflict.doNothing())
      .returning('audience')
      .execute()
    const added = new Set(rows.map(({ audience }) => audience))
    const entries = free.flatMap(({ audience, createdAt, format, scopes }) =>
      added.delete(audience)
        ? {
            at: createdAt,
            actor,
            action: 'resource_server_added',
            subject: audience,
            details: { format, scopes },
          }
        : [],
    )
    await record(transaction, ...entries)
    await noteChosenSecrets(
      transaction,
      free.map(({ introspectionSecretHash }) => introspectionSecretHash),
    )
    return entries.map(({ subject }) => subject)
  }

  return {
    add: (server, actor) =>
      database.write(async (transaction) => (await add(transaction, [server], actor)).length > 0),
    async import(servers, actor) {
      if (servers.length === 0) return []
      const added = new Set(await database.write((transaction) => add(transaction, servers, actor)))
      return servers.flatMap(({ audience }) => (added.has(audience) ? [] : [audience]))
    },
    async find(audience) {
      const row = await read
        .selectFrom('resource_servers')
        .selectAll()
        .where('audience', '=', audience)
        .executeTakeFirst()
      return row && recordOf(row)
    },
    async findMany(audiences) {
      if (audiences.length === 0) return []
      const rows = await read
        .selectFrom('resource_servers')
        .selectAll()
        .where('audience', 'in', audiences)
        .execute()
      return rows.map(recordOf)
    },
    change: (audience, change, action, actor, now) =>
      database.write(async (transaction) => {
        await countOn(transaction, 'registrations')
        const row = await database
          .lock(transaction.selectFrom('resource_servers').selectAll().where('audience', '=', audience))
          .executeTakeFirst()
        if (!row) return undefined
        const before = recordOf(row)
        const after: ResourceServerRecord = { ...change(before), audience, createdAt: before.createdAt }
        await transaction
          .updateTable('resource_servers')
          .set(rowOf(after))
          .where('audience', '=', audience)
          .execute()
        await noteChosenSecrets(transaction, [after.introspectionSecretHash])
        await record(transaction, {
          at: now,
          actor,
          action,
          subject: audience,
          details: differences(before, after, ['key', 'nextKey', 'introspectionSecretHash']),
        })
        return after
      }),
    remove: (audience, actor, now) =>
      database.write(async (transaction) => {
        await countOn(transaction, 'registrations')
        const row = await transaction
          .deleteFrom('resource_servers')
          .where('audience', '=', audience)
          .returning('next_sequence')
          .executeTakeFirst()
        if (!row) return false
        const value = row.next_sequence
        await transaction
          .insertInto('counters')
          .values({ name: sequenceOf(audience), value })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
          .execute()
        await record(transaction, {
          at: now,
          actor,
          action: 'resource_server_removed',
          subject: audience,
          details: {},
        })
        return true
      }),
    async findByIntrospectionClient(clientId) {
      const row = await read
        .selectFrom('resource_servers')
        .selectAll()
        .where('introspection_client_id', '=', clientId)
        .executeTakeFirst()
      return row && recordOf(row)
    },
    async list({ after = '', limit }) {
      const rows = await read
        .selectFrom('resource_servers')
        .selectAll()
        .where('audience', '>', after)
        .orderBy('audience')
        .limit(limit)
        .execute()
      return rows.map(recordOf)
    },
    nextSequenceNumber: (audience) =>
      database.write(async (transaction) => {
        const row = await transaction
          .updateTable('resource_servers')
          .set((expression) => ({ next_sequence: expression('next_sequence', '+', 1) }))
          .where('audience', '=', audience)
          .returning('next_sequence')
          .executeTakeFirst()
        if (!row) throw new RangeError(`no resource server has the audience ${JSON.stringify(audience)}`)
        return row.next_sequence - 1
      }),
    nextOscoreId: () => database.write(async (transaction) => (await countOn(transaction, 'oscore_ids')) - 1),
  }
}

/** Where the sequence numbers of an audience stand while it is not registered. */
function sequenceOf(audience: string): CounterName {
  return `sequence ${audience}`
}

/** The sequence numbers at which audiences that were registered before go on. */
async function sequenceNumbers(
  transaction: Kysely<Tables>,
  servers: readonly ResourceServerRecord[],
): Promise<ReadonlyMap<string, number>> {
  const names = new Map(servers.map(({ audience }) => [sequenceOf(audience) as string, audience]))
  const rows = await transaction
    .selectFrom('counters')
    .selectAll()
    .where('name', 'in', [...names.keys()])
    .execute()
  return new Map(rows.map(({ name, value }) => [names.get(name)!, value]))
}

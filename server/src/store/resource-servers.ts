import type { Kysely } from 'kysely'
import { record } from './audit.ts'
import type { ResourceServerRecord, ResourceServerStore } from './contract.ts'
import { countOn, noteChosenSecrets } from './counters.ts'
import type { Database } from './database.ts'
import type { ResourceServersTable, Tables } from './schema.ts'

/** What has no column of its own. */
type Rest = Omit<
  ResourceServerRecord,
  'audience' | 'introspectionClientId' | 'introspectionSecretHash' | 'createdAt'
>

function rowOf(server: ResourceServerRecord): ResourceServersTable {
  const { audience, introspectionClientId, introspectionSecretHash, createdAt, ...rest } = server
  return {
    audience,
    introspection_client_id: introspectionClientId,
    introspection_secret_hash: introspectionSecretHash,
    record: JSON.stringify(rest satisfies Rest),
    next_sequence: 1,
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

  async function add(
    transaction: Kysely<Tables>,
    servers: readonly ResourceServerRecord[],
    actor: string,
  ): Promise<string[]> {
    const added = await transaction
      .insertInto('resource_servers')
      .values(servers.map(rowOf))
      .onConflict((conflict) => conflict.doNothing())
      .returning('audience')
      .execute()
    for (const { audience } of added)
      await record(transaction, {
        at: servers[0]!.createdAt,
        actor,
        action: 'resource_server_added',
        subject: audience,
        details: {},
      })
    if (added.length > 0) await countOn(transaction, 'registrations')
    await noteChosenSecrets(
      transaction,
      servers.map(({ introspectionSecretHash }) => introspectionSecretHash),
    )
    return added.map(({ audience }) => audience)
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

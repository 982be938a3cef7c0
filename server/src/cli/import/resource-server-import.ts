import { hashNewSecret } from '../../client-secret.ts'
import type { ResourceServerRecord, Store } from '../../store/contract.ts'
import { CommandError } from '../output.ts'
import { prepareResourceServer } from '../registration/add.ts'
import {
  hasSharedKey,
  type ResourceServerRegistration,
  readResourceServer,
  resourceServerToJson,
} from '../registration/resource-server-registration.ts'
import { differing, hashOf, isRandom, isSameSecret } from './given-secrets.ts'
import type { ImportKind } from './run-import.ts'

/**
 * Resource servers, one on each line.
 *
 * @param makesSecrets whether those without a key or a secret get them
 * @param isDryRun whether nothing is stored, so that nothing has to be hashed
 */
export function resourceServerImport(
  store: Store,
  actor: string,
  makesSecrets: boolean,
  isDryRun: boolean,
): ImportKind<ResourceServerRegistration, ResourceServerRecord> {
  return {
    read: async (json) => {
      const registration = await readResourceServer(json)
      const { record, secret } = registration
      if (makesSecrets) return registration
      if ((hasSharedKey(record.format) && !record.key) || secret === undefined)
        throw new CommandError(
          2,
          `${record.audience} has no key or no introspection.client_secret: give --secrets-out FILE, and they are made`,
        )
      return registration
    },
    nameOf: ({ record }) => record.audience,
    isSlow: ({ secret }) => secret !== undefined && !isRandom(secret),
    find: async (names) =>
      new Map((await store.resourceServers.findMany(names)).map((server) => [server.audience, server])),
    difference: async ({ record, secret, given }, stored) => {
      const { audience } = record
      const member = differing(resourceServerToJson(record), resourceServerToJson(stored), given)
      if (member !== undefined) return `${audience} is there already, with other ${member}`
      if (record.key && JSON.stringify(record.key) !== JSON.stringify(stored.key))
        return `${audience} is there already, with another key`
      if (secret === undefined || (await isSameSecret(secret, stored.introspectionSecretHash)))
        return undefined
      return `${audience} is there already, with another secret`
    },
    prepare: async ({ record, secret }) => {
      const given = secret === undefined || isDryRun ? undefined : { secret, hash: await hashOf(secret) }
      const { record: row, told } = await prepareResourceServer(store, record, given)
      const isMade = secret === undefined || (row.key !== null && !record.key)
      return { row, secrets: isMade ? told : undefined }
    },
    add: (rows) => store.resourceServers.import(rows, actor),
    areStored: async (secrets) => {
      const names = secrets.map((each) => String(Object(each).audience))
      const stored = new Map(
        (await store.resourceServers.findMany(names)).map((server) => [server.audience, server]),
      )
      return secrets.map((each, i) => {
        const secret = String(Object(Object(each).introspection).client_secret)
        const server = stored.get(names[i]!)
        return server !== undefined && server.introspectionSecretHash === hashNewSecret(secret)
      })
    },
  }
}

import { hashNewSecret, newSecret } from '../../client-secret.ts'
import type { ClientRecord, Store } from '../../store/contract.ts'
import { CommandError } from '../output.ts'
import { type ClientRegistration, clientToJson, readClient } from '../registration/client-registration.ts'
import { now } from '../with-store.ts'
import { differing, hashOf, isRandom, isSameSecret } from './given-secrets.ts'
import type { ImportKind } from './run-import.ts'

/**
 * Clients, one on each line.
 *
 * @param makesSecrets whether clients without a secret get one
 * @param isDryRun whether nothing is stored, so that nothing has to be hashed
 */
export function clientImport(
  store: Store,
  actor: string,
  makesSecrets: boolean,
  isDryRun: boolean,
): ImportKind<ClientRegistration, ClientRecord> {
  return {
    read: (json) => {
      const registration = readClient(json)
      const { record, secret } = registration
      if (record.authentication === 'client_secret' && secret === undefined && !makesSecrets)
        throw new CommandError(
          2,
          `${record.clientId} has no client_secret: give --secrets-out FILE, and secrets are made`,
        )
      return registration
    },
    nameOf: ({ record }) => record.clientId,
    isSlow: ({ secret }) => secret !== undefined && !isRandom(secret),
    find: async (names) =>
      new Map((await store.clients.findMany(names)).map((client) => [client.clientId, client])),
    difference: async ({ record, secret, given }, stored) => {
      const member = differing(clientToJson(record), clientToJson(stored), given)
      if (member !== undefined) return `${record.clientId} is there already, with other ${member}`
      if (secret === undefined || (await isSameSecret(secret, stored.secretHash))) return undefined
      return `${record.clientId} is there already, with another secret`
    },
    prepare: async ({ record, secret }) => {
      const row = { ...record, createdAt: now() }
      if (record.authentication !== 'client_secret' || isDryRun) return { row, secrets: undefined }
      if (secret !== undefined)
        return { row: { ...row, secretHash: await hashOf(secret) }, secrets: undefined }
      const made = newSecret()
      return {
        row: { ...row, secretHash: hashNewSecret(made) },
        secrets: { client_id: record.clientId, client_secret: made },
      }
    },
    add: (rows) => store.clients.import(rows, actor),
    areStored: async (secrets) => {
      const names = secrets.map((each) => String(Object(each).client_id))
      const stored = new Map(
        (await store.clients.findMany(names)).map(({ clientId, secretHash }) => [clientId, secretHash]),
      )
      return secrets.map(
        (each, i) => stored.get(names[i]!) === hashNewSecret(String(Object(each).client_secret)),
      )
    },
  }
}

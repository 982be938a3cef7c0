import { TokenKey } from 'ace-oauth/token'
import { hashNewSecret, newSecret } from '../../client-secret.ts'
import type { ClientRecord, ResourceServerRecord, Store } from '../../store/contract.ts'
import { CommandError } from '../output.ts'
import { now } from '../with-store.ts'
import { RegistrationError } from './fields.ts'
import { hasSharedKey } from './resource-server-registration.ts'

/** The identifier of a client with its secret, which is shown this once. */
export interface ClientSecret {
  readonly client_id: string
  readonly client_secret: string
}

/** What an operator gives to a client that was added. */
export type AddedClient = ClientSecret | { readonly client_id: string; readonly authentication: string }

/**
 * Registers a client, with a new secret where it authenticates by one.
 *
 * @throws CommandError where the name is taken
 */
export async function addClient(store: Store, client: ClientRecord, actor: string): Promise<AddedClient> {
  const { clientId: client_id, authentication } = client
  const secret = authentication === 'client_secret' ? newSecret() : undefined
  const record = { ...client, secretHash: secret ? hashNewSecret(secret) : null, createdAt: now() }
  if (!(await store.clients.add(record, actor))) throw await clientTaken(store, client)
  return secret ? { client_id, client_secret: secret } : { client_id, authentication }
}

async function clientTaken(store: Store, { clientId }: ClientRecord): Promise<CommandError> {
  if (await store.clients.find(clientId)) return new CommandError(1, `there is a client ${clientId} already`)
  if (await store.resourceServers.findByIntrospectionClient(clientId))
    return new CommandError(1, `${clientId} is what a resource server introspects as`)
  return new CommandError(1, `the channel identity of ${clientId} is that of another client`)
}

/** What an operator gives to a resource server that was added, shown this once. */
export interface AddedResourceServer {
  readonly audience: string
  /** What it opens tokens with: the key it shares with the server, or the server's public one; null for references. */
  readonly key: Readonly<Record<string, unknown>> | null
  /** The server's public key, where its tokens are signed and then encrypted. */
  readonly issuer_key?: Readonly<Record<string, unknown>>
  readonly introspection: ClientSecret
}

/** A resource server ready to be added, and what its operator is given. */
export interface PreparedResourceServer {
  readonly record: ResourceServerRecord
  readonly told: AddedResourceServer
}

/**
 * Gives a resource server what it needs and does not have: the key it shares with the server, and a secret for introspection.
 *
 * @param secret the secret that it has already
 * @param secretHash the hash of that secret
 * @throws RegistrationError where the server has no key that signs with the algorithm
 */
export async function prepareResourceServer(
  store: Store,
  server: ResourceServerRecord,
  given?: { readonly secret: string; readonly hash: string },
): Promise<PreparedResourceServer> {
  const { audience, format, algorithm } = server
  const isShared = hasSharedKey(format)
  const key = isShared ? (server.key ?? (await newSharedKey(server))) : null
  const signing = format === 'cwt-nested' ? 'ES256' : algorithm
  const issuerKey =
    format === 'reference' || (isShared && format !== 'cwt-nested')
      ? undefined
      : await publicSigningKey(store, signing)
  const secret = given?.secret ?? newSecret()
  return {
    record: {
      ...server,
      key,
      introspectionSecretHash: given?.hash ?? hashNewSecret(secret),
      createdAt: now(),
    },
    told: {
      audience,
      key: key ?? issuerKey ?? null,
      ...(format === 'cwt-nested' && { issuer_key: issuerKey! }),
      introspection: { client_id: server.introspectionClientId, client_secret: secret },
    },
  }
}

/**
 * Registers a resource server.
 *
 * @throws CommandError where the name is taken
 */
export async function addResourceServer(
  store: Store,
  server: ResourceServerRecord,
  actor: string,
): Promise<AddedResourceServer> {
  const { audience, introspectionClientId } = server
  const { record, told } = await prepareResourceServer(store, server)
  if (await store.resourceServers.add(record, actor)) return told
  if (await store.resourceServers.find(audience))
    throw new CommandError(1, `there is a resource server ${audience} already`)
  if (await store.clients.find(introspectionClientId))
    throw new CommandError(1, `there is a client ${introspectionClientId}: take another name`)
  throw new CommandError(1, `another resource server introspects as ${introspectionClientId}`)
}

/** A new key for the tokens of a resource server, with a kid that it has not had before. */
export async function newSharedKey({
  audience,
  algorithm,
  key,
}: ResourceServerRecord): Promise<Readonly<Record<string, unknown>>> {
  const number = Number(new RegExp(/-(\d{1,9})$/).exec(String(key?.['kid'] ?? ''))?.[1] ?? 1)
  const kid = key ? `${audience}-${number + 1}` : audience
  return (await TokenKey.generate(algorithm as 'AES-CCM-16-64-128', { kid })).toPrivateJwk()
}

async function publicSigningKey(store: Store, algorithm: string): Promise<Readonly<Record<string, unknown>>> {
  const keys = await store.keys.list()
  const active = keys.find((key) => key.algorithm === algorithm && key.state === 'active')
  if (active) return (await TokenKey.fromJwk(active.jwk)).publicKey().toJwk()
  throw new RegistrationError([
    {
      member: 'algorithm',
      reason: `the server has no key that signs with ${algorithm}: ace-oauth-server key generate --algorithm ${algorithm} makes one`,
    },
  ])
}

import { aceProfiles } from 'ace-oauth'
import { hashNewSecret, newSecret } from '../../client-secret.ts'
import type { ClientRecord, Store } from '../../store/contract.ts'
import { allPages } from '../all-pages.ts'
import { CommandError } from '../output.ts'
import { actor, now } from '../with-store.ts'

/** What `client add` is told. */
export interface ClientAddOptions {
  readonly audience: readonly string[]
  readonly scope: readonly string[]
  readonly profile: readonly string[]
  readonly defaultAudience?: string
  readonly defaultScope?: string
}

/** Registers a client with a new secret, which is shown this once. */
export async function addClient(
  store: Store,
  clientId: string,
  { audience, scope, profile, defaultAudience, defaultScope }: ClientAddOptions,
): Promise<{ readonly client_id: string; readonly client_secret: string }> {
  requireName('client', clientId)
  if (audience.length === 0) throw new CommandError(2, 'a client needs --audience, once at least')
  if (scope.length === 0) throw new CommandError(2, 'a client needs --scope, once at least')
  if (defaultAudience !== undefined && !audience.includes(defaultAudience))
    throw new CommandError(2, `--default-audience ${defaultAudience} is none of --audience`)
  if (defaultScope !== undefined && !defaultScope.split(' ').every((each) => scope.includes(each)))
    throw new CommandError(2, `--default-scope ${defaultScope} is more than --scope`)
  requireProfiles(profile)
  if (await store.resourceServers.findByIntrospectionClient(clientId))
    throw new CommandError(1, `${clientId} is what a resource server introspects as`)
  const secret = newSecret()
  const record: ClientRecord = {
    clientId,
    isEnabled: true,
    authentication: 'client_secret',
    secretHash: hashNewSecret(secret),
    jwks: null,
    certificateSubject: null,
    channelIdentity: null,
    grantTypes: ['client_credentials', 'refresh_token'],
    audiences: audience,
    scopes: scope,
    defaultAudience: defaultAudience ?? null,
    defaultScope: defaultScope ?? null,
    profiles: profile,
    sessionPolicy: null,
    isAdministrator: false,
    createdAt: now(),
  }
  if (!(await store.clients.add(record, actor)))
    throw new CommandError(1, `there is a client ${clientId} already`)
  return { client_id: clientId, client_secret: secret }
}

/** The registered clients, without their secrets. */
export async function listClients(store: Store): Promise<Readonly<Record<string, unknown>>[]> {
  const listed = await allPages(
    (page) => store.clients.list(page),
    ({ clientId }) => clientId,
  )
  return listed.map(({ clientId, isEnabled, authentication, audiences, scopes, createdAt }) => ({
    client_id: clientId,
    enabled: isEnabled,
    authentication,
    audiences,
    scopes,
    created_at: createdAt,
  }))
}

/** Lets a client in, or shuts it out: its next request is refused, while tokens that it has stay as they are. */
export async function setClientEnabled(
  store: Store,
  clientId: string,
  isEnabled: boolean,
): Promise<{ readonly client_id: string; readonly enabled: boolean }> {
  if (!(await store.clients.setEnabled(clientId, isEnabled, actor, now())))
    throw new CommandError(1, `there is no client ${clientId}`)
  return { client_id: clientId, enabled: isEnabled }
}

/** Gives a client a new secret, which is shown this once; the one before it is no longer good. */
export async function rotateSecret(
  store: Store,
  clientId: string,
): Promise<{ readonly client_id: string; readonly client_secret: string }> {
  const client = await store.clients.find(clientId)
  if (!client) throw new CommandError(1, `there is no client ${clientId}`)
  if (client.authentication !== 'client_secret') throw new CommandError(1, `${clientId} has no secret`)
  const secret = newSecret()
  await store.clients.setSecretHash(clientId, hashNewSecret(secret), actor, now())
  return { client_id: clientId, client_secret: secret }
}

/** Refuses names that no request could carry, and that would be hard to tell apart in logs. */
export function requireName(kind: string, name: string): void {
  if (!/^[\x21-\x7e]{1,200}$/.test(name))
    throw new CommandError(2, `a ${kind} is named by 1 to 200 visible ASCII characters without space`)
}

/** Refuses profiles that IANA has not registered. */
export function requireProfiles(profiles: readonly string[]): void {
  const unknown = profiles.find((profile) => !Object.hasOwn(aceProfiles, profile))
  if (unknown !== undefined)
    throw new CommandError(2, `--profile ${unknown}: expected one of ${Object.keys(aceProfiles).join(', ')}`)
}

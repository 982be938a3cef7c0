import { TokenKey } from 'ace-oauth/token'
import { hashNewSecret, newSecret } from '../../client-secret.ts'
import type { ResourceServerRecord, Store, TokenFormatName } from '../../store/contract.ts'
import { tokenFormats } from '../../store/contract.ts'
import { CommandError } from '../output.ts'
import { actor, now } from '../with-store.ts'
import { requireName, requireProfiles } from './client.ts'

/** What `rs add` is told. */
export interface ResourceServerAddOptions {
  readonly scope: readonly string[]
  readonly profile: readonly string[]
  readonly format: string
  readonly tokenLifetime: string
}

/** The algorithm of each format. */
const algorithms: Readonly<Record<TokenFormatName, 'AES-CCM-16-64-128' | 'HMAC 256/256' | 'ES256'>> = {
  'cwt-encrypt0': 'AES-CCM-16-64-128',
  'cwt-mac0': 'HMAC 256/256',
  'cwt-sign1': 'ES256',
  'cwt-nested': 'AES-CCM-16-64-128',
  jwt: 'ES256',
  reference: 'ES256',
}

/** What a resource server needs, shown this once. */
export interface AddedResourceServer {
  readonly audience: string
  /** What it opens tokens with: the key it shares with the server, or the server's public one; null for references. */
  readonly key: Readonly<Record<string, unknown>> | null
  /** The server's public key, where its tokens are signed and then encrypted. */
  readonly issuer_key?: Readonly<Record<string, unknown>>
  readonly introspection: { readonly client_id: string; readonly client_secret: string }
}

/** Registers a resource server. */
export async function addResourceServer(
  store: Store,
  audience: string,
  { scope, profile, format: name, tokenLifetime }: ResourceServerAddOptions,
): Promise<AddedResourceServer> {
  requireName('resource server', audience)
  const format = tokenFormats.find((each) => each === name)
  if (!format) throw new CommandError(2, `--format ${name}: expected one of ${tokenFormats.join(', ')}`)
  if (scope.length === 0) throw new CommandError(2, 'a resource server needs --scope, once at least')
  requireProfiles(profile)
  const lifetime = wholeNumber('--token-lifetime', tokenLifetime)
  if (await store.clients.find(audience))
    throw new CommandError(1, `there is a client ${audience}: take another name`)
  const algorithm = algorithms[format]
  const isShared = algorithm !== 'ES256'
  const shared = isShared ? await TokenKey.generate(algorithm, { kid: audience }) : undefined
  const issuerKey = isShared && format !== 'cwt-nested' ? undefined : await publicSigningKey(store)
  const secret = newSecret()
  const record: ResourceServerRecord = {
    audience,
    format,
    algorithm,
    key: shared?.toPrivateJwk() ?? null,
    publicKey: null,
    scopes: scope,
    profiles: profile,
    popKeys: ['EC2:P-256', 'OKP:Ed25519'],
    tokenLifetime: lifetime,
    usesExi: false,
    maxTokenBytes: null,
    hasIssuer: true,
    hasAudience: true,
    introspectionClientId: audience,
    introspectionSecretHash: hashNewSecret(secret),
    createdAt: now(),
  }
  if (!(await store.resourceServers.add(record, actor)))
    throw new CommandError(1, `there is a resource server ${audience} already`)
  return {
    audience,
    key: shared?.toPrivateJwk() ?? (format === 'reference' ? null : issuerKey!),
    ...(format === 'cwt-nested' && { issuer_key: issuerKey! }),
    introspection: { client_id: audience, client_secret: secret },
  }
}

async function publicSigningKey(store: Store): Promise<Readonly<Record<string, unknown>>> {
  const active = (await store.keys.list()).find(
    ({ algorithm, state }) => algorithm === 'ES256' && state === 'active',
  )
  if (!active) throw new CommandError(1, 'the server has no key that signs: run init')
  return (await TokenKey.fromJwk(active.jwk)).publicKey().toJwk()
}

/** The positive integer of an option. */
export function wholeNumber(option: string, text: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : 0
  if (value < 1 || value >= 2 ** 31)
    throw new CommandError(2, `${option} ${text}: expected an integer from 1 to 2^31-1`)
  return value
}

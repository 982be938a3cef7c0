import type { Json } from 'ace-oauth'
import {
  type Endpoint,
  type EndpointRequest,
  type EndpointResponse,
  introspectionEndpoint,
  metadataEndpoint,
  revocationEndpoint,
  tokenEndpoint,
} from 'ace-oauth/endpoint'
import { Failure } from 'ace-oauth/failure'
import type { TokenKey } from 'ace-oauth/token'
import { type AuthenticatedClient, authentication } from './authentication.ts'
import { introspectToken } from './endpoints/introspect.ts'
import { keySetEndpoint } from './endpoints/key-set.ts'
import {
  type RevocationQuery,
  revocationListEndpoint,
  type ServerAnswer,
} from './endpoints/revocation-list.ts'
import { revokeToken } from './endpoints/revoke.ts'
import { clientCredentials } from './grant/client-credentials.ts'
import type { GrantServices, GrantSettings } from './grant/context.ts'
import type { Grant } from './grant/grant.ts'
import { issueToken } from './grant/issue-token.ts'
import type { Policy } from './grant/policy.ts'
import { refreshToken } from './grant/refresh-token.ts'
import { defaultGuessLimits, GuessLimiter, type GuessLimits } from './guess-limits.ts'
import { KeyRing } from './keys/key-ring.ts'
import { Registrations } from './registrations.ts'
import type { ClientRecord, Store } from './store/contract.ts'
import { onStore, watched } from './store-unavailable.ts'

/** What an authorization server is made of. */
export interface AuthorizationServerOptions {
  /** Its identifier: `iss` of its tokens and the issuer of its metadata, an https URL, or http on this machine. */
  readonly issuer: string
  readonly store: Store
  /**
   * Private keys that sign in the place of those of the store, such as those of a vault: each for the algorithm that it names, `ES256` where
   * nothing is said. They are published like the others. Default: none.
   */
  readonly keys?: readonly TokenKey[] | undefined
  /** The operator's own rule. Default: what is registered decides alone. */
  readonly policy?: Policy | undefined
  /** Grant types beside client_credentials and refresh_token. */
  readonly grants?: readonly Grant[] | undefined
  /** What is set about tokens; what is absent has its default. */
  readonly settings?: Partial<GrantSettings> | undefined
  /**
   * How many authentications may fail; what is absent has its default. A limiter is shared with the server that takes the place of this one.
   */
  readonly limits?: Partial<GuessLimits> | GuessLimiter | undefined
  /** How old what is known of registrations may be, in milliseconds. Default: 100. */
  readonly registrationsMaxAgeMs?: number | undefined
  /** How long a request may take, in milliseconds. Default: 10,000. */
  readonly deadlineMs?: number | undefined
  /** The most bytes that the payload of a request may have. Default: 65,536. */
  readonly maxRequestBytes?: number | undefined
  /** For how many seconds an introspection answer may be cached. Default: 0. */
  readonly introspectionMaxAge?: number | undefined
  /** Members that its metadata has besides. */
  readonly metadata?: Readonly<Record<string, Json>> | undefined
  /** Is told each answer, for logs and metrics. */
  readonly onAnswer?: ((answer: ServerAnswer) => void) | undefined
  /** The time in whole seconds since 1970. Default: that of the system. */
  readonly now?: (() => number) | undefined
}

/** The endpoints of an authorization server, to be mounted in any HTTP or CoAP server. */
export interface AuthorizationServer {
  readonly token: Endpoint
  readonly introspection: Endpoint
  readonly revocation: Endpoint
  /**
   * The token revocation list (RFC 9770), for clients and resource servers that authenticate by their channel or in the Authorization
   * header. A GET, with the parameters of its query.
   */
  readonly revocationList: (request: EndpointRequest, query: RevocationQuery) => Promise<EndpointResponse>
  readonly metadata: (request: EndpointRequest) => Promise<EndpointResponse>
  /** The public keys that tokens are verified with, as a JWK Set or a COSE Key Set. A GET, at `/jwks` as the metadata says. */
  readonly keySet: (request: EndpointRequest) => Promise<EndpointResponse>
  /** Takes keys anew from the store at once. By itself the server does so within a second of a change, when a request comes. */
  readonly reload: () => Promise<void>
}

const defaults: GrantSettings = {
  refreshLifetime: 30 * 24 * 60 * 60,
  // EXCHANGE_LIFETIME of RFC 7252: as long as a message may still be on its way.
  refreshRepeatWindow: 247,
  exiRetention: 30 * 24 * 60 * 60,
  policyTimeoutMs: 5_000,
}

/**
 * Makes an authorization server on a store (RFC 9200 section 5.8 and 5.9, RFC 7009, RFC 9770, RFC 8414). Close the store yourself.
 *
 * @throws RangeError, TypeError for wrong options
 *
 * @example
 * ```ts
 * import { fetchHandler } from 'ace-oauth/endpoint'
 * import { createAuthorizationServer, openStore } from 'ace-oauth-server'
 *
 * const store = await openStore('./as.sqlite')
 * const server = await createAuthorizationServer({ issuer: 'http://127.0.0.1:8080', store })
 * const token = fetchHandler(server.token) // for hono, node:http by way of an adapter, Deno, Bun
 * ```
 */
export async function createAuthorizationServer(
  options: AuthorizationServerOptions,
): Promise<AuthorizationServer> {
  const { issuer, policy, onAnswer, deadlineMs } = options
  const store = watched(options.store)
  const now = options.now ?? (() => Math.floor(Date.now() / 1_000))
  const settings = checkedSettings({ ...defaults, ...options.settings })
  const limiter =
    options.limits instanceof GuessLimiter
      ? options.limits
      : new GuessLimiter({ ...defaultGuessLimits, ...options.limits })
  const keys = await KeyRing.load(store, signingKeys(options.keys))
  const registrations = new Registrations(store, () => keys.reload(), options.registrationsMaxAgeMs)
  const grants = new Map(
    [clientCredentials, refreshToken, ...(options.grants ?? [])].map((grant) => [grant.name, grant]),
  )
  const services: GrantServices = { issuer, store, registrations, keys, grants, policy, settings, now }
  const authenticate = authentication(issuer, store, registrations, limiter)
  const common = { authenticate, deadlineMs, onAnswer, limits: { maxBytes: options.maxRequestBytes } }
  const onListAnswer = (answer: ServerAnswer): void => {
    try {
      onAnswer?.(answer)
    } catch {
      // An observer has no say in what is answered.
    }
  }

  const token = tokenEndpoint<AuthenticatedClient>({
    ...common,
    grantTypes: [...grants.keys()],
    issue: (request, client, exchange) =>
      onStore('token', () => issueToken(services, request, registered(client, 'token'), exchange)),
  })
  const introspection = introspectionEndpoint<AuthenticatedClient>({
    ...common,
    maxAgeSeconds: options.introspectionMaxAge,
    introspect: (request, client) =>
      onStore('introspect', () => introspectToken(store, request, client.resourceServer, now())),
  })
  const revocation = revocationEndpoint<AuthenticatedClient>({
    ...common,
    revoke: (request, client) =>
      onStore('revoke', () => revokeToken(store, request, registered(client, 'revoke'), now())),
  })
  return {
    token,
    introspection,
    revocation,
    revocationList: revocationListEndpoint(store, authenticate, now, onListAnswer),
    metadata: metadataEndpoint({
      issuer,
      endpoints: { '/token': token, '/introspect': introspection, '/revoke': revocation },
      more: { jwks_uri: `${issuer.replace(/\/$/, '')}/jwks`, ...options.metadata },
    }),
    keySet: keySetEndpoint(async () => {
      await registrations.refresh()
      return keys.publicKeys
    }),
    reload: () => keys.reload(),
  }
}

/** The registration of a client; a resource server has none, and gets no tokens by what it introspects with. */
function registered({ record, client_id }: AuthenticatedClient, endpoint: 'token' | 'revoke'): ClientRecord {
  if (record) return record
  throw new Failure(`${endpoint}_client_not_allowed`, { details: { clientId: client_id } })
}

function checkedSettings(settings: GrantSettings): GrantSettings {
  for (const [name, value] of Object.entries(settings))
    if (!(Number.isSafeInteger(value) && value > 0 && value < 2 ** 31))
      throw new RangeError(`settings.${name} is ${String(value)}: expected an integer from 1 to 2^31-1`)
  return settings
}

function signingKeys(keys: readonly TokenKey[] = []): readonly TokenKey[] {
  for (const key of keys)
    if (key.kty === 'Symmetric' || !key.isPrivate || key.alg === undefined)
      throw new TypeError('keys must hold private keys, not secret ones, and each of an algorithm')
  return keys
}

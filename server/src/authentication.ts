import {
  type Authenticate,
  type AuthenticationContext,
  type Credentials,
  clientAuthentication,
  type RegisteredClient,
} from 'ace-oauth/endpoint'
import { Failure } from 'ace-oauth/failure'
import { SecretChecker, TooManySecrets } from './client-secret.ts'
import type { GuessLimiter } from './guess-limits.ts'
import type { Registrations } from './registrations.ts'
import type {
  ClientAuthenticationMethod,
  ClientRecord,
  ResourceServerRecord,
  Store,
} from './store/contract.ts'
import { onStore } from './store-unavailable.ts'

/** A client or resource server that authenticated. */
export interface AuthenticatedClient extends RegisteredClient {
  /** The registration of a client; undefined for a resource server. */
  readonly record: ClientRecord | undefined
  /** The registration of a resource server; undefined for a client. */
  readonly resourceServer: ResourceServerRecord | undefined
}

/** What each method of a request stands for in a registration. */
const registeredAs: Readonly<Record<Credentials['method'], readonly ClientAuthenticationMethod[]>> = {
  client_secret_basic: ['client_secret'],
  client_secret_post: ['client_secret'],
  private_key_jwt: ['private_key_jwt'],
  tls_client_auth: ['tls_client_auth', 'self_signed_tls_client_auth'],
  channel: ['channel'],
  bearer: [],
  none: [],
}

/** Methods whose failures count: what they present comes from the request, not from the channel. */
const counted: readonly Credentials['method'][] = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'tls_client_auth',
]

/**
 * Authenticates the registered clients and resource servers, each by the method that it is registered for. A client that is disabled is as
 * good as none. Who fails too often waits; see {@link GuessLimiter}.
 */
export function authentication(
  issuer: string,
  store: Store,
  registrations: Registrations,
  limiter: GuessLimiter,
): Authenticate<AuthenticatedClient> {
  const secrets = new SecretChecker()
  const authenticate = clientAuthentication<AuthenticatedClient>({
    findClient: (clientId) => find(registrations, clientId),
    checkSecret: (secret, client) =>
      secrets.isSecret(secret, client && secretHashOf(client), registrations.hasChosenSecrets),
    assertions: {
      issuer,
      remember: ({ clientId, jti, expiresAt }) => store.tokens.rememberAssertion(clientId, jti, expiresAt),
    },
  })
  const asRegistered: Authenticate<AuthenticatedClient> = async (credentials, context) => {
    const client = await authenticate(credentials, context)
    return client && registeredAs[credentials.method].includes(methodOf(client)) ? client : undefined
  }
  const limited: Authenticate<AuthenticatedClient> = (credentials, context) =>
    onStore(context.endpoint, () => withinLimits(limiter, asRegistered, credentials, context))
  const { methods, signingAlgorithms } = authenticate
  return Object.assign(limited, { ...(methods && { methods }), signingAlgorithms })
}

async function withinLimits(
  limiter: GuessLimiter,
  authenticate: Authenticate<AuthenticatedClient>,
  credentials: Credentials,
  context: AuthenticationContext,
): Promise<AuthenticatedClient | undefined> {
  const { method, clientId } = credentials
  if (!counted.includes(method)) return authenticate(credentials, context)
  const { endpoint, peer, signal } = context
  const isGuessable = method === 'client_secret_basic' || method === 'client_secret_post'
  const attempt = await limiter.begin({ clientId, isGuessable, address: peer?.address })
  if (typeof attempt === 'number')
    throw new Failure(`${endpoint}_rate_limited`, {
      details: { clientId, address: peer?.address, reason: 'too many failed authentications' },
      retryAfterMs: attempt,
    })
  // Whoever waits no longer lets others go on, also where the store never answers.
  signal.addEventListener('abort', attempt.cancelled, { once: true })
  if (signal.aborted) attempt.cancelled()
  try {
    const client = await authenticate(credentials, context)
    if (client) attempt.succeeded()
    else attempt.failed()
    return client
  } catch (error) {
    // Credentials that were not looked at to the end were not wrong.
    if (error instanceof Failure && error.httpStatus === 401) attempt.failed()
    else attempt.cancelled()
    if (error instanceof TooManySecrets)
      throw new Failure(`${endpoint}_unavailable`, { cause: error, retryAfterMs: 1_000 })
    throw error
  }
}

async function find(
  registrations: Registrations,
  clientId: string,
): Promise<AuthenticatedClient | undefined> {
  const record = await registrations.client(clientId)
  if (record) return record.isEnabled ? clientOf(record) : undefined
  const resourceServer = await registrations.introspectionClient(clientId)
  return resourceServer && { client_id: clientId, record: undefined, resourceServer }
}

/** The methods that take the registered keys; to others they are none. */
const methodsWithKeys: readonly ClientAuthenticationMethod[] = [
  'private_key_jwt',
  'self_signed_tls_client_auth',
]

function clientOf(record: ClientRecord): AuthenticatedClient {
  const { clientId, authentication, jwks, certificateSubject } = record
  return {
    client_id: clientId,
    record,
    resourceServer: undefined,
    ...(jwks &&
      methodsWithKeys.includes(authentication) && {
        jwks: jwks as unknown as NonNullable<RegisteredClient['jwks']>,
      }),
    ...(authentication === 'tls_client_auth' && certificateSubject),
  }
}

function secretHashOf({ record, resourceServer }: AuthenticatedClient): string | null | undefined {
  return record ? record.secretHash : resourceServer?.introspectionSecretHash
}

/** A resource server without a secret comes over a channel that authenticates it. */
function methodOf({ record, resourceServer }: AuthenticatedClient): ClientAuthenticationMethod {
  if (record) return record.authentication
  return resourceServer?.introspectionSecretHash ? 'client_secret' : 'channel'
}

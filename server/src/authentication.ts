import {
  type Authenticate,
  type Credentials,
  clientAuthentication,
  type RegisteredClient,
} from 'ace-oauth/endpoint'
import { isSecret } from './client-secret.ts'
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

/**
 * Authenticates the registered clients and resource servers, each by the method that it is registered for. A client that is disabled is as
 * good as none.
 *
 * @param hasChosenSecrets whether each check of a secret takes the time of a slow hash
 */
export function authentication(
  issuer: string,
  store: Store,
  registrations: Registrations,
  hasChosenSecrets: boolean,
): Authenticate<AuthenticatedClient> {
  const authenticate = clientAuthentication<AuthenticatedClient>({
    findClient: (clientId) => find(registrations, clientId),
    checkSecret: (secret, client) => isSecret(secret, client && secretHashOf(client), hasChosenSecrets),
    assertions: {
      issuer,
      remember: ({ clientId, jti, expiresAt }) => store.tokens.rememberAssertion(clientId, jti, expiresAt),
    },
  })
  const asRegistered: Authenticate<AuthenticatedClient> = (credentials, context) =>
    onStore(context.endpoint, async () => {
      const client = await authenticate(credentials, context)
      return client && registeredAs[credentials.method].includes(methodOf(client)) ? client : undefined
    })
  const { methods, signingAlgorithms } = authenticate
  return Object.assign(asRegistered, { ...(methods && { methods }), signingAlgorithms })
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

function clientOf(record: ClientRecord): AuthenticatedClient {
  const { clientId, authentication, jwks, certificateSubject } = record
  return {
    client_id: clientId,
    record,
    resourceServer: undefined,
    ...(jwks && { jwks: jwks as unknown as NonNullable<RegisteredClient['jwks']> }),
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

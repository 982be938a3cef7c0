import { digest } from '#runtime/crypto'
import { checkObject } from '../../cbor/check-object.ts'
import { equalBytes } from '../../cose/equal-bytes.ts'
import type { Eventually } from '../../cose/eventually.ts'
import { Failure } from '../../failure/failure.ts'
import { opaqueFromText } from '../../table/types/opaque.ts'
import type { Authenticate } from '../define-endpoint.ts'
import type { AuthenticationContext } from '../exchange.ts'
import { functionOption } from '../numbers.ts'
import type { Jwk } from '../web-types.ts'
import { type AssertionOptions, assertionRules, checkAssertion } from './client-assertion.ts'
import { matchesCertificate, type RegisteredSubject } from './client-certificate.ts'
import type { Credentials } from './credentials.ts'

/**
 * A client as it is registered, as far as its authentication goes: it may use the methods that it has something for. The
 * names are those of client registration (RFC 7591, RFC 8705 §2.1.2) where it has them.
 */
export interface RegisteredClient extends RegisteredSubject {
  readonly client_id: string
  /**
   * {@link hashClientSecret} of each secret that is valid: more than one while a secret is replaced. It is for random
   * secrets; give `checkSecret` for those that people chose.
   */
  readonly secretHashes?: readonly Uint8Array[] | undefined
  /** The public keys of the client, for assertions; with `x5c` or `x5t#S256` for a self-signed certificate. */
  readonly jwks?: { readonly keys: readonly Jwk[] } | undefined
}

/** How clients authenticate. */
export interface ClientAuthenticationOptions<Client extends RegisteredClient> {
  /** The client with an identifier, which is text that the peer wrote; undefined where there is none. */
  readonly findClient: (clientId: string, context: AuthenticationContext) => Eventually<Client | undefined>
  /**
   * Whether a secret is that of a client. It has to take the same work where the client is undefined, or has no secret.
   * Default: its SHA-256 is among the client's `secretHashes`, compared in constant time.
   */
  readonly checkSecret?: ((secret: Uint8Array, client: Client | undefined) => Eventually<boolean>) | undefined
  /** How JWTs are checked. Default: `private_key_jwt` is not taken. */
  readonly assertions?: AssertionOptions | undefined
  /**
   * The client, or resource server, that an access token for the introspection endpoint was issued to (RFC 7662 §2.1);
   * undefined where the token is not good for that. Default: bearer tokens are not taken.
   */
  readonly findByToken?:
    | ((token: string, context: AuthenticationContext) => Eventually<Client | undefined>)
    | undefined
}

/**
 * The hash that a server stores of a random client secret: SHA-256. A secret that a person chose needs a slow hash instead,
 * and `checkSecret`.
 *
 * @param secret its bytes, or a text that stands for them, as it does in a form
 */
export async function hashClientSecret(secret: Uint8Array | string): Promise<Uint8Array> {
  return digest('SHA-256', typeof secret === 'string' ? opaqueFromText(secret) : secret)
}

/**
 * Authenticates clients by all methods that they are registered for: `client_secret_basic`, `client_secret_post` (in forms
 * and in CBOR), `private_key_jwt`, `tls_client_auth`, `self_signed_tls_client_auth`, and what the channel authenticated.
 *
 * An unknown client and wrong credentials get the same answer after the same work.
 *
 * @throws TypeError, RangeError for wrong options
 *
 * @example
 * ```ts
 * import { clientAuthentication, hashClientSecret, type RegisteredClient } from 'ace-oauth/endpoint'
 *
 * const clients = new Map<string, RegisteredClient>()
 * clients.set('sensor1', { client_id: 'sensor1', secretHashes: [await hashClientSecret('VerySecret')] })
 * const seen = new Set<string>()
 *
 * const authenticate = clientAuthentication({
 *   findClient: (clientId) => clients.get(clientId),
 *   assertions: {
 *     issuer: 'https://as.example.com',
 *     remember: ({ clientId, jti }) => seen.size < seen.add(JSON.stringify([clientId, jti])).size,
 *   },
 * })
 * ```
 */
export function clientAuthentication<Client extends RegisteredClient>(
  options: ClientAuthenticationOptions<Client>,
): Authenticate<Client> {
  checkObject('options', options)
  const { findClient, checkSecret = hasSecret, findByToken } = options
  functionOption('findClient', findClient)
  functionOption('checkSecret', checkSecret)
  if (findByToken !== undefined) functionOption('findByToken', findByToken)
  const rules = options.assertions && assertionRules(options.assertions)

  async function find(clientId: string, context: AuthenticationContext): Promise<Client | undefined> {
    const client = await findClient(clientId, context)
    // What a store finds without regard to case, or by a pattern, is not the client.
    return client?.client_id === clientId ? client : undefined
  }

  async function authenticate(
    credentials: Credentials,
    context: AuthenticationContext,
  ): Promise<Client | undefined> {
    const { endpoint } = context
    switch (credentials.method) {
      case 'client_secret_basic':
      case 'client_secret_post': {
        const client = await find(credentials.clientId, context)
        const isRight = await checkSecret(credentials.secret, client)
        return isRight === true ? client : undefined
      }
      case 'private_key_jwt':
        if (!rules) break
        return checkAssertion(credentials, rules, (clientId) => find(clientId, context), context)
      case 'tls_client_auth': {
        const client = await find(credentials.clientId, context)
        return client && (await matchesCertificate(client, credentials.certificate)) ? client : undefined
      }
      case 'channel':
        return find(credentials.clientId, context)
      case 'bearer': {
        if (!findByToken) break
        const client = await findByToken(credentials.token, context)
        if (client) return client
        throw new Failure('introspect_bearer_token_invalid')
      }
      case 'none':
        return undefined
    }
    throw new Failure(`${endpoint}_client_auth_method_unsupported`, {
      details: { method: credentials.method },
    })
  }

  return Object.assign(authenticate, {
    methods: [
      'client_secret_basic',
      'client_secret_post',
      ...(rules ? ['private_key_jwt'] : []),
      'tls_client_auth',
      'self_signed_tls_client_auth',
      ...(findByToken ? ['bearer'] : []),
    ],
    signingAlgorithms: rules?.algorithms,
  })
}

/** What the secret of a client without one is compared with. */
const nothing: readonly Uint8Array[] = /* @__PURE__ */ [/* @__PURE__ */ new Uint8Array(32)]

async function hasSecret(secret: Uint8Array, client: RegisteredClient | undefined): Promise<boolean> {
  const hash = await digest('SHA-256', secret)
  const hashes = client?.secretHashes?.length ? client.secretHashes : nothing
  // No short cut: how many were compared tells nothing.
  return hashes.map((each) => equalBytes(each, hash)).includes(true)
}

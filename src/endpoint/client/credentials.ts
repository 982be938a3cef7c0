import { Failure } from '../../failure/failure.ts'
import { opaqueFromText } from '../../table/types/opaque.ts'
import type { ClientCertificate, EndpointName, EndpointRequest, Peer } from '../exchange.ts'
import { decodeFormText } from '../form.ts'

/**
 * What a request presents to authenticate its client. At most one of these is in a request: several are refused before
 * anybody looks at them (RFC 6749 §2.3). Nothing of it is checked yet but the form.
 */
export type Credentials =
  /** A secret in the Authorization header, or in the body (RFC 6749 §2.3.1). */
  | {
      readonly method: 'client_secret_basic' | 'client_secret_post'
      readonly clientId: string
      readonly secret: Uint8Array
    }
  /** A JWT in the body (RFC 7521 §4.2, RFC 7523 §2.2); `clientId` is that of the body, if there is one. */
  | { readonly method: 'private_key_jwt'; readonly clientId: string | undefined; readonly assertion: string }
  /** The certificate of the TLS handshake, with the client identifier in the body (RFC 8705 §2). */
  | {
      readonly method: 'tls_client_auth'
      readonly clientId: string
      readonly certificate: ClientCertificate
    }
  /** What the channel authenticated: the security context of OSCORE, the key of DTLS. */
  | { readonly method: 'channel'; readonly clientId: string }
  /** An access token for the introspection endpoint (RFC 7662 §2.1). */
  | { readonly method: 'bearer'; readonly clientId: undefined; readonly token: string }
  /** Nothing. The body may name a client, which anybody can do. */
  | { readonly method: 'none'; readonly clientId: undefined; readonly unprovenClientId: string | undefined }

/** What a request says of its sender outside the payload. */
export interface Sender {
  readonly headers: EndpointRequest['headers']
  readonly peer: Peer | undefined
}

/** The parameters of a body that authentication is about. */
export interface BodyCredentials {
  readonly client_id: string | undefined
  readonly client_secret: Uint8Array | undefined
  readonly client_assertion: string | undefined
  readonly client_assertion_type: string | undefined
}

/** The type of an assertion that is a JWT (RFC 7523 §2.2). */
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Control characters, which no client identifier has (RFC 6749 App. A.1) and logs must not have. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}]/u

/** The longest client identifier, in characters. */
const maxClientId = 1_024

/**
 * What a request presents to authenticate its client.
 *
 * @throws Failure `..._client_credentials_repeated` for several, `..._client_credentials_invalid` for malformed ones,
 * `..._client_auth_method_unsupported` for a scheme or a type of assertion that no endpoint takes
 */
export function readCredentials(
  { headers, peer }: Sender,
  body: BodyCredentials,
  endpoint: EndpointName,
): Credentials {
  const { client_id, client_secret, client_assertion, client_assertion_type } = body
  const repeated = (): Failure => new Failure(`${endpoint}_client_credentials_repeated`)
  const invalid = (reason: string): Failure =>
    new Failure(`${endpoint}_client_credentials_invalid`, { details: { reason } })
  if (client_id !== undefined && !isClientId(client_id)) throw invalid('client_id')

  const fromHeader = readAuthorization(headers, endpoint)
  const hasAssertion = client_assertion !== undefined || client_assertion_type !== undefined
  if (Number(fromHeader !== undefined) + Number(client_secret !== undefined) + Number(hasAssertion) > 1)
    throw repeated()
  if (fromHeader) {
    if (fromHeader.method === 'bearer') return fromHeader
    // A client_id beside the header is no second authentication, as long as it names the same client.
    if (client_id !== undefined && client_id !== fromHeader.clientId) throw repeated()
    return agreed(fromHeader, peer?.clientId, invalid)
  }
  if (client_secret !== undefined) {
    if (client_id === undefined) throw invalid('client_secret without client_id')
    const secret = { method: 'client_secret_post', clientId: client_id, secret: client_secret } as const
    return agreed(secret, peer?.clientId, invalid)
  }
  if (hasAssertion) {
    if (client_assertion_type !== jwtBearer || client_assertion === undefined)
      throw new Failure(`${endpoint}_client_auth_method_unsupported`, { details: { client_assertion_type } })
    return { method: 'private_key_jwt', clientId: client_id, assertion: client_assertion }
  }
  if (peer?.clientId !== undefined) {
    if (client_id !== undefined && client_id !== peer.clientId) throw invalid('client_id')
    return { method: 'channel', clientId: peer.clientId }
  }
  // RFC 8705 §2: the client identifier has to be there.
  if (peer?.certificate && client_id !== undefined)
    return { method: 'tls_client_auth', clientId: client_id, certificate: peer.certificate }
  return { method: 'none', clientId: undefined, unprovenClientId: client_id }
}

/** Refuses credentials of another client than the channel authenticated. */
function agreed<C extends Credentials>(
  credentials: C,
  peerClientId: string | undefined,
  invalid: (reason: string) => Failure,
): C {
  if (peerClientId !== undefined && peerClientId !== credentials.clientId)
    throw invalid('another client than that of the channel')
  return credentials
}

function isClientId(text: string): boolean {
  return text.length > 0 && text.length <= maxClientId && !controls.test(text)
}

function readAuthorization(headers: Sender['headers'], endpoint: EndpointName): Credentials | undefined {
  const field = headers?.get('authorization')
  if (field === undefined || field === null) return undefined
  // Two fields of the same name come joined by a comma, which neither scheme has.
  if (field.includes(',')) throw new Failure(`${endpoint}_client_credentials_repeated`)
  const [, scheme = '', value = ''] = /^(\S*) *([\s\S]*)$/.exec(field.trim())!
  if (/^basic$/i.test(scheme)) return readBasic(value, endpoint)
  if (/^bearer$/i.test(scheme) && endpoint === 'introspect' && /^[\w.~+/-]+=*$/.test(value))
    return { method: 'bearer', clientId: undefined, token: value }
  // A lone word may be a secret that somebody put there without a scheme.
  const details = value === '' ? {} : { scheme }
  throw new Failure(`${endpoint}_client_auth_method_unsupported`, { details })
}

/** RFC 6749 §2.3.1: both in the encoding of App. B, then RFC 7617. */
function readBasic(value: string, endpoint: EndpointName): Credentials {
  try {
    // atob skips white space.
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) throw new TypeError('no base64')
    const bytes = Uint8Array.from(atob(value), (character) => character.charCodeAt(0))
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const colon = text.indexOf(':')
    const clientId = decodeFormText(text.slice(0, colon))
    const secret = decodeFormText(text.slice(colon + 1))
    if (colon > 0 && isClientId(clientId) && !controls.test(secret))
      return { method: 'client_secret_basic', clientId, secret: opaqueFromText(secret) }
  } catch {
    // No base64, no UTF-8, or no form encoding.
  }
  throw new Failure(`${endpoint}_client_credentials_invalid`, { details: { reason: 'malformed Basic' } })
}

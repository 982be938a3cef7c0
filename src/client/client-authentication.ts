import { type JWTPayload, SignJWT } from 'jose'
import { randomBytes } from '#runtime/crypto'
import { checkObject } from '../cbor/check-object.ts'
import type { CryptoKeyLike } from '../cose/runtime/runtime-key.ts'
import { TokenKey } from '../cose/token-key.ts'
import { toBase64url } from '../table/base64url.ts'
import { opaqueFromText, opaqueToText } from '../table/types/opaque.ts'
import { toUtf8 } from '../table/types/text.ts'
import { protectCompact } from '../token/jose.ts'
import { checkedNumber } from '../token/option-checks.ts'
import type { PayloadEncoding } from './exchange.ts'

/** What is about to be sent, as far as client authentication depends on it. */
export interface AuthenticationTarget {
  /** The URL of the endpoint. */
  readonly url: string
  /** The identifier of the authorization server; undefined where the client does not know it. */
  readonly issuer: string | undefined
  readonly encoding: PayloadEncoding
}

/** What authenticates one request. */
export interface ClientCredentials {
  /** Header fields, with lower-case names. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Parameters of the request. The two of assertions exist in forms only. */
  readonly parameters?:
    | {
        readonly client_id?: string | undefined
        readonly client_secret?: Uint8Array | string | undefined
        readonly client_assertion_type?: string | undefined
        readonly client_assertion?: string | undefined
      }
    | undefined
}

/** Authenticates a client: asked anew for each request, also for one that is sent again. */
export type ClientAuthentication = (
  target: AuthenticationTarget,
) => ClientCredentials | Promise<ClientCredentials>

/**
 * Authenticates by a secret in the Authorization header: `client_secret_basic` (RFC 6749 §2.3.1).
 *
 * @param secret its bytes, or a text that stands for them
 *
 * @example
 * ```ts
 * import { clientSecretBasic } from 'ace-oauth/client'
 *
 * const authentication = clientSecretBasic('sensor1', 'VerySecret')
 * ```
 */
export function clientSecretBasic(clientId: string, secret: Uint8Array | string): ClientAuthentication {
  requireClientId(clientId)
  const bytes = secretBytes(secret)
  return () => {
    const pair = `${formEncoded(clientId)}:${formEncoded(opaqueToText(bytes))}`
    return { headers: { authorization: `Basic ${btoa(pair)}` } }
  }
}

/**
 * Authenticates by a secret in the body, as a form or in CBOR: `client_secret_post` (RFC 6749 §2.3.1, RFC 9200 Table 5).
 *
 * @param secret its bytes, or a text that stands for them
 */
export function clientSecretPost(clientId: string, secret: Uint8Array | string): ClientAuthentication {
  requireClientId(clientId)
  const client_secret = secretBytes(secret)
  return () => ({ parameters: { client_id: clientId, client_secret } })
}

/** How assertions are made. */
export interface PrivateKeyJwtOptions {
  /** The algorithm by its name in JOSE, for a CryptoKey. Default: the one that goes with the key. */
  readonly alg?: string | undefined
  /** The identifier of a CryptoKey. Default: none. */
  readonly kid?: string | undefined
  /** How long an assertion is valid, in seconds. Default: 60. */
  readonly lifetimeSeconds?: number | undefined
  /** The time in seconds since 1970. Default: that of the system. */
  readonly now?: (() => number) | undefined
}

/**
 * Authenticates by a signed JWT: `private_key_jwt` (RFC 7523 §2.2). Each request has a JWT of its own, for the issuer of the
 * authorization server and nobody else. CBOR has no keys for it: send forms (`encoding: 'json'`).
 *
 * @param key a private key. A CryptoKey need not be extractable
 * @throws TypeError for a key that signs nothing
 *
 * @example
 * ```ts
 * import { privateKeyJwt } from 'ace-oauth/client'
 * import { TokenKey } from 'ace-oauth/token'
 *
 * const authentication = privateKeyJwt('sensor1', await TokenKey.generate('ES256', { kid: 'k1' }))
 * ```
 */
export function privateKeyJwt(
  clientId: string,
  key: TokenKey | CryptoKeyLike,
  options: PrivateKeyJwtOptions = {},
): ClientAuthentication {
  requireClientId(clientId)
  checkObject('options', options)
  const { lifetimeSeconds = 60, now = () => Date.now() / 1_000 } = options
  checkedNumber('lifetimeSeconds', lifetimeSeconds, 1)
  const sign = key instanceof TokenKey ? signerOf(key) : cryptoSigner(key as CryptoKey, options)
  return async ({ issuer, encoding }) => {
    if (issuer === undefined)
      throw new TypeError('private_key_jwt needs the issuer of the authorization server')
    if (encoding === 'cbor')
      throw new TypeError(
        "private_key_jwt needs a form: encoding 'json' (CBOR has no key for client_assertion)",
      )
    const iat = Math.floor(now())
    const jti = toBase64url(randomBytes(16))
    const claims = { iss: clientId, sub: clientId, aud: issuer, jti, iat, exp: iat + lifetimeSeconds }
    return {
      parameters: {
        client_id: clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await sign(claims),
      },
    }
  }
}

/**
 * Authenticates by the certificate of the TLS handshake (RFC 8705 §2), which `fetch` has to present: the request names the client
 * and holds nothing else.
 */
export function tlsClientAuth(clientId: string): ClientAuthentication {
  return publicClient(clientId)
}

/** Adds nothing: the channel that `fetch` uses authenticates the client, and tells the authorization server which it is. */
export function channelAuthentication(): ClientAuthentication {
  return () => ({})
}

/** Names the client, and authenticates nobody: `none` (RFC 7591 §2). ACE has no use for it (RFC 9200 §5.5), other servers may. */
export function publicClient(clientId: string): ClientAuthentication {
  requireClientId(clientId)
  return () => ({ parameters: { client_id: clientId } })
}

/**
 * Authenticates a resource server by an access token for the introspection endpoint (RFC 7662 §2.1).
 *
 * @param token the token, or a text that stands for its bytes
 * @throws TypeError for one that no header field can hold
 */
export function bearerToken(token: Uint8Array | string): ClientAuthentication {
  const text = typeof token === 'string' ? token : opaqueToText(token)
  if (!/^[\w.~+/-]+=*$/.test(text)) throw new TypeError('the token is no bearer token (RFC 6750 section 2.1)')
  return () => ({ headers: { authorization: `Bearer ${text}` } })
}

function requireClientId(clientId: unknown): void {
  if (typeof clientId !== 'string' || clientId === '')
    throw new TypeError('the client identifier must be a text that is not empty')
}

function secretBytes(secret: Uint8Array | string): Uint8Array {
  const bytes = typeof secret === 'string' ? opaqueFromText(secret) : secret
  if (!(bytes instanceof Uint8Array)) throw new TypeError('the secret must be bytes or a text')
  return bytes.slice()
}

/** RFC 6749 App. B. */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}

type Sign = (claims: JWTPayload) => Promise<string>

function signerOf(key: TokenKey): Sign {
  if (!key.isPrivate || key.kty === 'Symmetric') throw new TypeError('private_key_jwt needs a private key')
  return (claims) => protectCompact(toUtf8(JSON.stringify(claims)), key, key.alg, { typ: 'JWT' })
}

/** The algorithms of keys on curves. */
const curveAlgorithms: Readonly<Record<string, string>> = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
}

function cryptoSigner(key: CryptoKey, { alg = algorithmOfCryptoKey(key), kid }: PrivateKeyJwtOptions): Sign {
  if (key?.type !== 'private' || alg === undefined) throw new TypeError('private_key_jwt needs a private key')
  const header = { alg, typ: 'JWT', ...(kid !== undefined && { kid }) }
  return (claims) => new SignJWT(claims).setProtectedHeader(header).sign(key)
}

function algorithmOfCryptoKey(key: CryptoKey): string | undefined {
  const algorithm = key?.algorithm as Partial<EcKeyAlgorithm & RsaHashedKeyAlgorithm> | undefined
  const bits = algorithm?.hash?.name.slice(-3)
  switch (algorithm?.name) {
    case 'ECDSA':
      return curveAlgorithms[algorithm.namedCurve ?? '']
    case 'Ed25519':
      return 'Ed25519'
    case 'RSA-PSS':
      return `PS${bits}`
    case 'RSASSA-PKCS1-v1_5':
      return `RS${bits}`
    default:
      return undefined
  }
}

import { randomBytes } from '#runtime/crypto'
import { encodeValue } from '../cbor/any-value.ts'
import { recognizeCose } from '../cose/recognize-cose.ts'
import { Failure } from '../failure/failure.ts'
import type { Confirmation } from '../message/confirmation.ts'
import { mediaTypes } from '../message/media-types.ts'
import { confirmationMethods } from '../registry/generated/confirmation-methods.ts'
import { contentFormats } from '../registry/generated/content-formats.ts'
import { coseKeyParameters } from '../registry/generated/cose-key-parameters.ts'
import { coseKeyTypes } from '../registry/generated/cose-key-types.ts'
import { cwtClaims } from '../registry/generated/cwt-claims.ts'
import { oauthParameters } from '../registry/generated/oauth-parameters.ts'
import { opaqueFromText } from '../table/types/opaque.ts'
import { isExpired, type ObtainedToken } from './obtained-token.ts'

/** A request to the authz-info endpoint of a resource server (RFC 9200 §5.10.1): a POST with this payload. */
export interface AuthzInfoUpload {
  readonly payload: Uint8Array
  /** The media type for HTTP. */
  readonly mediaType: string
  /** The Content-Format for CoAP. */
  readonly contentFormat: number
  /** The nonce N1 of the OSCORE profile, to be kept until the response comes; undefined with other profiles. */
  readonly nonce1: Uint8Array | undefined
}

/** How a token is uploaded. */
export interface AuthzInfoUploadOptions {
  /**
   * With the profile coap_oscore: the Recipient ID that the client chose for the new security context, which is none of those in use
   * (RFC 9203 §4.1). Leave it out to update the rights of a context that there is, under whose protection the request is sent.
   */
  readonly ace_client_recipientid?: Uint8Array | undefined
  /** The time in seconds since 1970. Default: that of the system. */
  readonly now?: number | undefined
}

/** The length of N1, in bytes (RFC 9203 §4.1). */
const nonceLength = 8

/**
 * The request that uploads a token to its resource server: as it came, with the format that it has.
 *
 * @throws Failure `client_token_expired` for a token that is over
 *
 * @example
 * ```ts
 * import { type ObtainedToken, uploadToken } from 'ace-oauth/client'
 *
 * const upload = async (token: ObtainedToken) => {
 *   const { payload, mediaType } = uploadToken(token)
 *   return fetch('https://rs.example.com/authz-info', {
 *     method: 'POST',
 *     body: new Uint8Array(payload),
 *     headers: { 'content-type': mediaType },
 *   })
 * }
 * ```
 */
export function uploadToken(token: ObtainedToken, options: AuthzInfoUploadOptions = {}): AuthzInfoUpload {
  requireUsable(token, options.now)
  const { access_token, ace_profile } = token
  if (ace_profile !== 'coap_oscore')
    return { payload: access_token, ...formatOf(access_token), nonce1: undefined }
  const { ace_client_recipientid } = options
  const nonce1 = ace_client_recipientid && randomBytes(nonceLength)
  const members = new Map<number, Uint8Array>([[oauthParameters.access_token, access_token]])
  if (nonce1 && ace_client_recipientid) {
    members.set(oauthParameters.nonce1, nonce1)
    members.set(oauthParameters.ace_client_recipientid, ace_client_recipientid)
  }
  const mediaType = mediaTypes.cbor
  return { payload: encodeValue(members), mediaType, contentFormat: contentFormats[mediaType], nonce1 }
}

/** The format of a token: octets where nobody has named it (RFC 9200 §5.10.1). */
function formatOf(token: Uint8Array): Pick<AuthzInfoUpload, 'mediaType' | 'contentFormat'> {
  const octets = 'application/octet-stream'
  if (recognizeCose(token))
    return { mediaType: 'application/cwt', contentFormat: contentFormats['application/cwt'] }
  const isJwt = /^[\w-]+\.[\w-]+\.[\w-]+(?:\.[\w-]+\.[\w-]+)?$/.test(new TextDecoder('latin1').decode(token))
  return { mediaType: isJwt ? 'application/jwt' : octets, contentFormat: contentFormats[octets] }
}

/** What a client begins a DTLS handshake with a pre-shared key with (RFC 9202 §3.3.2). */
export interface PskHandshake {
  /** The psk_identity: it names the key by its kid, or is the token itself where the key has none. */
  readonly identity: Uint8Array
  /** The pre-shared key. */
  readonly key: Uint8Array
}

/**
 * The identity and the key for a DTLS handshake in the mode of pre-shared keys (RFC 9202 §3.3.2). With a kid the token has to be
 * uploaded before; without one the resource server reads the token, byte for byte as it came, out of the handshake.
 *
 * @throws Failure `client_token_expired` for a token that is over, `client_key_unsuitable` for one that is bound to no symmetric key
 */
export function pskHandshake(token: ObtainedToken, now?: number): PskHandshake {
  requireUsable(token, now)
  const { access_token, cnf } = token
  const { kty, k, kid } = cnf?.COSE_Key ?? {}
  if (kty !== 'Symmetric' || !k)
    throw new Failure('client_key_unsuitable', { details: { expected: 'a symmetric key' } })
  if (kid === undefined) return { identity: access_token, key: k }
  const COSE_Key = new Map<number, number | Uint8Array>([
    [coseKeyParameters.kty, coseKeyTypes.Symmetric],
    [coseKeyParameters.kid, typeof kid === 'string' ? opaqueFromText(kid) : kid],
  ])
  const confirmation = new Map([[confirmationMethods.COSE_Key, COSE_Key]])
  return { identity: encodeValue(new Map([[cwtClaims.cnf, confirmation]])), key: k }
}

/**
 * The `req_cnf` of a request for other rights with the key that is in use, so that the security association with the resource server
 * stays as it is (RFC 9202 §4, RFC 9203 §3.1).
 *
 * @throws Failure `client_token_expired` for a token that is over, `client_key_unsuitable` for a key without an identifier
 *
 * @example
 * ```ts
 * import { keyInUse, type ObtainedToken } from 'ace-oauth/client'
 *
 * const more = (token: ObtainedToken) => ({ audience: 'rs1', scope: 'read write', req_cnf: keyInUse(token) }) // for obtainToken
 * ```
 */
export function keyInUse(token: ObtainedToken, now?: number): Confirmation {
  requireUsable(token, now)
  const { COSE_Key, osc, kid: named } = token.cnf ?? {}
  const kid = osc?.id ?? COSE_Key?.kid ?? named
  if (kid === undefined) throw new Failure('client_key_unsuitable', { details: { expected: 'a kid' } })
  return { kid: typeof kid === 'string' ? opaqueFromText(kid) : kid }
}

function requireUsable(token: ObtainedToken, now: number | undefined): void {
  if (isExpired(token, now)) throw new Failure('client_token_expired')
}

import type { CoseKey } from '../cose/cose-key.ts'
import { equalBytes } from '../cose/equal-bytes.ts'
import { Failure } from '../failure/failure.ts'
import type { AccessTokenRequest } from '../message/access-token-request.ts'
import type { AccessTokenResponse } from '../message/access-token-response.ts'
import type { Confirmation } from '../message/confirmation.ts'
import type { Scope } from '../message/scope.ts'
import type { AceProfileName } from '../registry/generated/ace-profiles.ts'
import { Hidden, hideSecrets } from '../table/hidden-secret.ts'
import { checkedNumber, systemTime } from '../token/option-checks.ts'
import type { ResponseEncoding } from '../token/token-hash.ts'

/** What a client holds a token response against. */
export interface TokenExpectations {
  /** The token types that the client can use. Default: `PoP` alone, so that no token comes unbound from its key unasked. */
  readonly tokenTypes?: readonly string[] | undefined
  /** The profiles that the client speaks. Default: all that are registered. */
  readonly profiles?: readonly AceProfileName[] | undefined
  /**
   * How long a token without `expires_in` is valid, in seconds, as it was agreed on otherwise. Default: none, and such a token
   * is not used (RFC 9200 §5.10.4).
   */
  readonly defaultExpiresIn?: number | undefined
  /** The token that this one stands in the place of, at a refresh: its key, scope, profile and refresh token are good further. */
  readonly previous?: ObtainedToken | undefined
}

/** An access token and all that a client needs to use it. Printing it tells no secret. */
export interface ObtainedToken {
  readonly access_token: Uint8Array
  /** `PoP` where the response does not say. */
  readonly token_type: AccessTokenResponse['token_type']
  /** What it allows: the scope of the response, or else the one that was asked for. */
  readonly scope: Scope | undefined
  /** The profile to use towards the resource server; undefined where the client knows it otherwise. */
  readonly ace_profile: AccessTokenResponse['ace_profile']
  /** The key that the token is bound to: the one in the response, or else that of `req_cnf` or of the token before. */
  readonly cnf: Confirmation | undefined
  /** The key that the resource server authenticates with. */
  readonly rs_cnf: Confirmation | undefined
  readonly refresh_token: Uint8Array | undefined
  /** When the token, and so its key, expires, in seconds since 1970. */
  readonly expiresAt: number
  /** How the response was encoded, which the token hash of RFC 9770 depends on. */
  readonly encoding: ResponseEncoding
  /** The response as it came. */
  readonly response: AccessTokenResponse
}

/**
 * Whether a token is over. A client asks before each request: the key ends with the token (RFC 9200 §5.10.2).
 *
 * @param now the time in seconds since 1970. Default: that of the system
 * @throws TypeError, RangeError for a time that is not a finite number
 */
export function isExpired({ expiresAt }: ObtainedToken, now: number = systemTime()): boolean {
  return !(checkedNumber('now', now) < expiresAt)
}

/** What is known of the exchange that brought a response. */
export interface TokenOrigin {
  readonly request: AccessTokenRequest
  /** In seconds since 1970. */
  readonly sentAt: number
  readonly encoding: ResponseEncoding
}

/**
 * Makes a token of a response that is held against its request.
 *
 * @throws Failure for a response that the client cannot use
 * @throws TypeError, RangeError for wrong expectations
 */
export function obtainedToken(
  response: AccessTokenResponse,
  { request, sentAt, encoding }: TokenOrigin,
  expectations: TokenExpectations = {},
): ObtainedToken {
  const { tokenTypes = ['PoP'], defaultExpiresIn, previous } = expectations
  if (defaultExpiresIn !== undefined) checkedNumber('defaultExpiresIn', defaultExpiresIn, 1)
  const { access_token, token_type, refresh_token = previous?.refresh_token } = response
  if (access_token.length === 0) refuse('client_response_unexpected', 'an access token that is not empty')
  if (!tokenTypes.includes(String(token_type)))
    refuse('client_response_unexpected', `a token of type ${tokenTypes.join(' or ')}`)
  const ace_profile = checkedProfile(response, request, expectations)
  const cnf = token_type === 'PoP' ? checkedKey(response, request, previous) : response.cnf
  const { scope = request.scope ?? previous?.scope, rs_cnf = previous?.rs_cnf } = response
  const expiresIn = response.expires_in === undefined ? defaultExpiresIn : Number(response.expires_in)
  if (expiresIn === undefined) refuse('client_token_lifetime_unknown', 'expires_in')
  if (expiresIn <= 0) refuse('client_token_expired', 'expires_in of 1 or more')
  return heldToken({
    access_token,
    token_type,
    scope,
    ace_profile,
    cnf,
    rs_cnf,
    refresh_token,
    expiresAt: sentAt + expiresIn,
    encoding,
    response,
  })
}

/** A token that hides its secrets where it is printed. */
export function heldToken(token: ObtainedToken): ObtainedToken {
  const { access_token, refresh_token, cnf, rs_cnf, response, ...shown } = token
  const held = hideSecrets({ ...token }, () => ({
    ...shown,
    response: response.toString(),
    access_token: new Hidden(access_token),
    ...(refresh_token && { refresh_token: new Hidden(refresh_token) }),
  }))
  return Object.freeze(held)
}

type Refusal = Extract<ConstructorParameters<typeof Failure>[0], `client_${string}`>

function refuse(code: Refusal, expected: string): never {
  throw new Failure(code, { details: { expected } })
}

/** RFC 9200 §5.8.2: the profile that the client must use, which it has to have and may have asked for. */
function checkedProfile(
  response: AccessTokenResponse,
  request: AccessTokenRequest,
  { profiles, previous }: TokenExpectations,
): AccessTokenResponse['ace_profile'] {
  const { ace_profile = previous?.ace_profile } = response
  if (ace_profile === undefined) {
    if (request.ace_profile === null) refuse('client_response_unexpected', 'ace_profile, which was asked for')
    return undefined
  }
  const isKnown = profiles
    ? profiles.some((profile) => profile === ace_profile)
    : typeof ace_profile === 'string'
  if (!isKnown) refuse('client_profile_unsupported', 'a profile that the client has')
  const asked = request.ace_profile
  if (asked !== undefined && asked !== null && asked !== ace_profile)
    refuse('client_profile_unsupported', 'the profile that was asked for')
  return ace_profile
}

/** RFC 9201 §3.2: the response names the key where the authorization server chose it. */
function checkedKey(
  { cnf, ace_profile }: AccessTokenResponse,
  { req_cnf }: AccessTokenRequest,
  previous: ObtainedToken | undefined,
): Confirmation | undefined {
  const known = req_cnf ?? previous?.cnf
  if (!cnf) return known ?? refuse('client_response_unexpected', 'cnf with a key (RFC 9201 section 3.2)')
  const { COSE_Key, osc } = cnf
  if (osc && !(osc.id && osc.ms?.length)) refuse('client_key_unsuitable', 'osc with id and ms')
  // RFC 9203 §3.2.
  if (ace_profile === 'coap_oscore' && !osc && !known)
    refuse('client_key_unsuitable', 'osc with the profile coap_oscore')
  if (COSE_Key?.kty === 'Symmetric' && !COSE_Key.k?.length && !known)
    refuse('client_key_unsuitable', 'a symmetric key with k')
  if (COSE_Key && known?.COSE_Key && !isSameKey(COSE_Key, known.COSE_Key))
    refuse('client_key_unsuitable', 'the key that was asked for, or a symmetric one')
  return cnf
}

/** Whether the key of a response is one that the client can prove: the one that it asked for, or one that came whole. */
function isSameKey(given: CoseKey, asked: CoseKey): boolean {
  if (given.kty === 'Symmetric') return true
  if (given.kty !== asked.kty || given.crv !== asked.crv || !given.x || !asked.x) return false
  return equalBytes(given.x, asked.x)
}

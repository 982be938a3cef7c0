import { checkObject } from '../cbor/check-object.ts'
import { Failure } from '../failure/failure.ts'
import { AccessTokenRequest, type AccessTokenRequestMembers } from '../message/access-token-request.ts'
import { AccessTokenResponse } from '../message/access-token-response.ts'
import type { RequestClass } from '../message/message.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { type Exchange, type RetryOptions, repeated, type SendOptions, send, successOf } from './exchange.ts'
import { type ObtainedToken, obtainedToken, type TokenExpectations } from './obtained-token.ts'

/** How a token is asked for. */
export interface TokenRequestOptions extends SendOptions {
  /** The class of the request, where it has more parameters: `AccessTokenRequest.with(...)`. Default: AccessTokenRequest. */
  readonly requestClass?: RequestClass<AccessTokenRequest, AccessTokenRequestMembers> | undefined
}

/** How a token is obtained: asked for, waited for, and checked. */
export interface ObtainTokenOptions extends TokenRequestOptions, TokenExpectations {
  /** How often and how long it is tried. */
  readonly retry?: RetryOptions | undefined
}

/**
 * Sends one token request (RFC 9200 §5.8.1). {@link processTokenResponse} checks the answer.
 *
 * @throws Failure where no answer came: `client_network_error`, `client_cancelled`, `client_timeout`, `client_response_malformed` for
 * a body beyond the limit
 * @throws TypeError, RangeError for wrong options; EncodeError for members that may not be sent
 *
 * @example
 * ```ts
 * import { clientSecretPost, processTokenResponse, sendTokenRequest } from 'ace-oauth/client'
 *
 * const server = { token_endpoint: 'https://as.example.com/token' }
 * const authentication = clientSecretPost('sensor1', 'VerySecret')
 * const get = async () => {
 *   const exchange = await sendTokenRequest(server, { audience: 'rs1', scope: 'read' }, { authentication })
 *   console.log(exchange.received.status)
 *   return processTokenResponse(exchange)
 * }
 * ```
 */
export async function sendTokenRequest(
  server: AuthorizationServer,
  members: AccessTokenRequestMembers,
  options: TokenRequestOptions,
): Promise<Exchange<AccessTokenRequest>> {
  checkObject('options', options)
  const { requestClass = AccessTokenRequest } = options
  return send(server, 'token', requestClass, members, options)
}

/**
 * Checks the answer to a token request: its status and media type, the message, the token type, the profile, the key and the
 * lifetime (RFC 9200 §5.8.2, RFC 9201 §3.2).
 *
 * @throws Failure: the error of the authorization server (`client_invalid_grant` and so on, see {@link Failure}), or what is wrong
 * with its answer: `client_response_malformed`, `client_response_unexpected`, `client_profile_unsupported`, `client_key_unsuitable`,
 * `client_token_lifetime_unknown`, `client_token_expired`
 */
export function processTokenResponse(
  exchange: Exchange<AccessTokenRequest>,
  expectations: TokenExpectations = {},
): ObtainedToken {
  const response = successOf(AccessTokenResponse, exchange)
  const encoding = exchange.received.mediaType === 'application/json' ? 'json' : 'cbor'
  return obtainedToken(response, { ...exchange, encoding }, expectations)
}

/**
 * Obtains a token: sends the request, checks the answer, and tries again where that helps and does no harm.
 *
 * Client credentials and refresh tokens are sent again after an answer that was lost. A refresh is no riskier for it: where the
 * authorization server has used up the refresh token, its successor was in the lost answer. An authorization code is sent
 * again only where the server has certainly not begun.
 *
 * @throws Failure as {@link sendTokenRequest} and {@link processTokenResponse}; its `kind` tells whether to try again later, and
 * who can act
 * @throws TypeError, RangeError for wrong options; EncodeError for members that may not be sent
 *
 * @example
 * ```ts
 * import { clientSecretPost, obtainToken } from 'ace-oauth/client'
 *
 * const server = { token_endpoint: 'https://as.example.com/token' }
 * const authentication = clientSecretPost('sensor1', 'VerySecret')
 * const obtain = () => obtainToken(server, { audience: 'rs1', scope: 'read' }, { authentication })
 * ```
 */
export async function obtainToken(
  server: AuthorizationServer,
  members: AccessTokenRequestMembers,
  options: ObtainTokenOptions,
): Promise<ObtainedToken> {
  checkObject('options', options)
  const { signal, retry } = options
  return repeated(
    async (attempt) =>
      processTokenResponse(await sendTokenRequest(server, members, { ...options, signal: attempt }), options),
    signal,
    isSafeToRepeat(members),
    retry,
  )
}

/**
 * Refreshes a token (RFC 6749 §6). The new one has the same key and audience; its scope may be narrower. Keep the old refresh token
 * until this has given a token: if its answer is lost, the same refresh can be repeated.
 *
 * @param token the token with the refresh token
 * @param narrowing the part of its scope that is wanted. Default: all of it
 * @throws Failure `client_no_credentials` for a token without refresh token; otherwise as {@link obtainToken}
 */
export async function refreshToken(
  server: AuthorizationServer,
  token: ObtainedToken,
  options: ObtainTokenOptions,
  narrowing: Pick<AccessTokenRequestMembers, 'scope'> = {},
): Promise<ObtainedToken> {
  const { refresh_token } = token
  if (!refresh_token) throw new Failure('client_no_credentials', { details: { expected: 'a refresh token' } })
  const members = { grant_type: 'refresh_token', refresh_token, ...narrowing } as const
  return obtainToken(server, members, { ...options, previous: token })
}

/** Whether a request does no harm that comes twice: what it presents is not used up, or its successor is lost with the answer. */
export function isSafeToRepeat({ grant_type = 'client_credentials' }: AccessTokenRequestMembers): boolean {
  return ['client_credentials', 'refresh_token'].includes(String(grant_type))
}

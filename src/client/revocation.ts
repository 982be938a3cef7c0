import { checkObject } from '../cbor/check-object.ts'
import { RevocationRequest, type RevocationRequestMembers } from '../message/revocation-request.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { type Exchange, failureOf, type RetryOptions, repeated, type SendOptions, send } from './exchange.ts'

/** How a token is revoked. */
export interface RevokeOptions extends SendOptions {
  /** How often and how long it is tried. */
  readonly retry?: RetryOptions | undefined
}

/**
 * Sends one revocation request (RFC 7009 §2.1). {@link processRevocationResponse} checks the answer.
 *
 * @throws Failure where no answer came; TypeError, RangeError for wrong options; EncodeError for members that may not be sent
 */
export function sendRevocationRequest(
  server: AuthorizationServer,
  members: RevocationRequestMembers,
  options: SendOptions,
): Promise<Exchange<RevocationRequest>> {
  return send(server, 'revocation', RevocationRequest, members, options)
}

/**
 * Checks the answer to a revocation request: the status says it all, and a body is not read (RFC 7009 §2.2).
 *
 * @throws Failure: the error of the authorization server. The token has to be taken for valid then
 */
export function processRevocationResponse(exchange: Exchange<RevocationRequest>): void {
  const { status } = exchange.received
  // 204 is what 2.02 and 2.04 are called where a gateway translates them.
  if (status !== 200 && status !== 204) throw failureOf(exchange)
}

/**
 * Revokes an access token or a refresh token: sends the request, checks the answer, and tries again where that helps. A token that
 * the server does not know is as good as revoked.
 *
 * @throws Failure as {@link sendRevocationRequest} and {@link processRevocationResponse}
 *
 * @example
 * ```ts
 * import { clientSecretPost, type ObtainedToken, revokeToken } from 'ace-oauth/client'
 *
 * const server = { revocation_endpoint: 'https://as.example.com/revoke' }
 * const authentication = clientSecretPost('sensor1', 'VerySecret')
 * const revoke = ({ access_token }: ObtainedToken) => revokeToken(server, { token: access_token }, { authentication })
 * ```
 */
export async function revokeToken(
  server: AuthorizationServer,
  members: RevocationRequestMembers,
  options: RevokeOptions,
): Promise<void> {
  checkObject('options', options)
  return repeated(
    async (signal) =>
      processRevocationResponse(await sendRevocationRequest(server, members, { ...options, signal })),
    options.signal,
    true,
    options.retry,
  )
}

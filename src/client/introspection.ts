import { checkObject } from '../cbor/check-object.ts'
import { IntrospectionRequest, type IntrospectionRequestMembers } from '../message/introspection-request.ts'
import { IntrospectionResponse } from '../message/introspection-response.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { type Exchange, type RetryOptions, repeated, type SendOptions, send, successOf } from './exchange.ts'

/** How a token is introspected. */
export interface IntrospectOptions extends SendOptions {
  /** How often and how long it is tried. */
  readonly retry?: RetryOptions | undefined
}

/**
 * Sends one introspection request (RFC 9200 §5.9.1). {@link processIntrospectionResponse} checks the answer.
 *
 * @throws Failure where no answer came; TypeError, RangeError for wrong options; EncodeError for members that may not be sent
 */
export function sendIntrospectionRequest(
  server: AuthorizationServer,
  members: IntrospectionRequestMembers,
  options: SendOptions,
): Promise<Exchange<IntrospectionRequest>> {
  return send(server, 'introspection', IntrospectionRequest, members, options)
}

/**
 * Checks the answer to an introspection request. That the token is active says not yet that it is for this resource server:
 * `verifyAccessToken` checks that.
 *
 * @throws Failure: the error of the authorization server, or what is wrong with its answer
 */
export function processIntrospectionResponse(
  exchange: Exchange<IntrospectionRequest>,
): IntrospectionResponse {
  return successOf(IntrospectionResponse, exchange)
}

/**
 * Introspects a token: sends the request, checks the answer, and tries again where that helps.
 *
 * @throws Failure as {@link sendIntrospectionRequest} and {@link processIntrospectionResponse}
 *
 * @example
 * ```ts
 * import { clientSecretBasic, introspectToken } from 'ace-oauth/client'
 * import { verifyAccessToken } from 'ace-oauth/resource-server'
 *
 * const server = { introspection_endpoint: 'https://as.example.com/introspect' }
 * const authentication = clientSecretBasic('rs1', 'VerySecret')
 * const verify = (token: Uint8Array) =>
 *   verifyAccessToken(token, {
 *     issuers: [],
 *     audiences: 'rs1',
 *     recognizesScope: (scope) => scope === 'read',
 *     introspection: { ask: (reference) => introspectToken(server, { token: reference }, { authentication }) },
 *   })
 * ```
 */
export async function introspectToken(
  server: AuthorizationServer,
  members: IntrospectionRequestMembers,
  options: IntrospectOptions,
): Promise<IntrospectionResponse> {
  checkObject('options', options)
  return repeated(
    async (signal) =>
      processIntrospectionResponse(await sendIntrospectionRequest(server, members, { ...options, signal })),
    options.signal,
    true,
    options.retry,
  )
}

import { checkObject } from '../cbor/check-object.ts'
import type { Eventually } from '../cose/eventually.ts'
import { Failure } from '../failure/failure.ts'
import { AccessTokenRequest } from '../message/access-token-request.ts'
import type { AccessTokenResponse } from '../message/access-token-response.ts'
import type { RequestClass } from '../message/message.ts'
import { defineEndpoint, type EndpointOptions } from './define-endpoint.ts'
import type { Endpoint, EndpointContext } from './exchange.ts'
import { checkedMessage } from './result.ts'

/** What a token endpoint is made of. */
export interface TokenEndpointOptions<Client, R extends AccessTokenRequest = AccessTokenRequest>
  extends EndpointOptions<Client> {
  /**
   * Issues a token for an authenticated client, or throws the Failure that says why not. All that RFC 9200 asks of the grant,
   * the scope, the audience and the key is checked here.
   */
  readonly issue: (request: R, client: Client, context: EndpointContext) => Eventually<AccessTokenResponse>
  /** The grant types that there are, by their names; others are refused before `issue` is called. Default: it decides. */
  readonly grantTypes?: readonly string[] | undefined
  /** The class of the request, where it has more parameters. Default: AccessTokenRequest. */
  readonly requestClass?: RequestClass<R, never> | undefined
}

/**
 * The token endpoint of an authorization server (RFC 9200 §5.8), for any transport and any store.
 *
 * @throws TypeError, RangeError for wrong options; the endpoint itself never throws
 *
 * @example
 * ```ts
 * import { AccessTokenResponse } from 'ace-oauth'
 * import { tokenEndpoint } from 'ace-oauth/endpoint'
 * import { createReference } from 'ace-oauth/token'
 *
 * const token = tokenEndpoint({
 *   authenticate: ({ method, clientId }) => (method === 'channel' ? clientId : undefined),
 *   issue: (request, client) => new AccessTokenResponse({ access_token: createReference(), expires_in: 3600 }),
 * })
 * const { code } = await token({ method: 'POST', payload: Uint8Array.of(0xa0), peer: { clientId: 'sensor1' } })
 * code // '2.01'
 * ```
 */
export function tokenEndpoint<Client, R extends AccessTokenRequest = AccessTokenRequest>(
  options: TokenEndpointOptions<Client, R>,
): Endpoint {
  checkObject('options', options)
  const {
    issue,
    grantTypes,
    requestClass = AccessTokenRequest as unknown as RequestClass<R, never>,
  } = options
  if (typeof issue !== 'function') throw new TypeError('issue is no function')
  return defineEndpoint<Client, R>(options, {
    endpoint: 'token',
    requestClass,
    grantTypes,
    act: async (request, client, context) => {
      const grantType = String(request.grant_type)
      if (grantTypes && !grantTypes.includes(grantType))
        throw new Failure('token_grant_type_unsupported', { details: { grant_type: grantType } })
      const issued = checkedMessage(await issue(request, client, context), 'access_token', 'token')
      // RFC 9200 §5.8.2: it was asked for.
      if (request.ace_profile === null && issued.ace_profile === undefined)
        throw new Failure('token_internal_error', { details: { missing: 'ace_profile', asked: true } })
      return { code: '2.01', message: { toCbor: () => issued.toCbor(), toJson: () => withTokenType(issued) } }
    },
  })
}

/** RFC 6749 §5.1: in JSON it is required. */
function withTokenType(issued: AccessTokenResponse): object {
  const { access_token, ...rest } = issued.toJson()
  if (typeof access_token !== 'string')
    throw new TypeError('what looks like a response has no access_token in JSON')
  return { access_token, token_type: issued.token_type, ...rest }
}

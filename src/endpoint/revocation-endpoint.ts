import { checkObject } from '../cbor/check-object.ts'
import type { Eventually } from '../cose/eventually.ts'
import type { RequestClass } from '../message/message.ts'
import { RevocationRequest } from '../message/revocation-request.ts'
import { defineEndpoint, type EndpointOptions } from './define-endpoint.ts'
import type { Endpoint, EndpointContext } from './exchange.ts'

/** What a revocation endpoint is made of. */
export interface RevocationEndpointOptions<Client> extends EndpointOptions<Client> {
  /**
   * Revokes a token of the client. An unknown or invalid token is nothing to complain of: it is revoked already (RFC 7009
   * §2.2). Throw `revoke_token_client_mismatch` for a token of another client, `revoke_token_type_unsupported` for one
   * that cannot be revoked, `revoke_store_unavailable` where it could not be done now.
   */
  readonly revoke: (
    request: RevocationRequest,
    client: Client,
    context: EndpointContext,
  ) => Eventually<unknown>
}

/**
 * The revocation endpoint of an authorization server (RFC 7009), for any transport and any store. Over CoAP, for which the
 * RFC has nothing, the answer is 2.04.
 *
 * @throws TypeError, RangeError for wrong options; the endpoint itself never throws
 *
 * @example
 * ```ts
 * import { revocationEndpoint } from 'ace-oauth/endpoint'
 * import { hashReference } from 'ace-oauth/token'
 *
 * const tokens = new Map<string, unknown>()
 * const revocation = revocationEndpoint({
 *   authenticate: ({ method, clientId }) => (method === 'channel' ? clientId : undefined),
 *   revoke: async ({ token }) => tokens.delete(await hashReference(token)),
 * })
 * ```
 */
export function revocationEndpoint<Client>(options: RevocationEndpointOptions<Client>): Endpoint {
  checkObject('options', options)
  const { revoke } = options
  if (typeof revoke !== 'function') throw new TypeError('revoke is no function')
  return defineEndpoint<Client, RevocationRequest>(options, {
    endpoint: 'revoke',
    requestClass: RevocationRequest as unknown as RequestClass<RevocationRequest, never>,
    act: async (request, client, context) => {
      await revoke(request, client, context)
      return { code: '2.04' }
    },
  })
}

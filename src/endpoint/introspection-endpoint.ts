import { checkObject } from '../cbor/check-object.ts'
import type { Eventually } from '../cose/eventually.ts'
import { IntrospectionRequest } from '../message/introspection-request.ts'
import { IntrospectionResponse } from '../message/introspection-response.ts'
import type { RequestClass } from '../message/message.ts'
import { defineEndpoint, type EndpointOptions } from './define-endpoint.ts'
import type { Endpoint, EndpointContext } from './exchange.ts'
import { numberOption } from './numbers.ts'
import { checkedMessage } from './result.ts'

/** What an introspection endpoint is made of. */
export interface IntrospectionEndpointOptions<Client> extends EndpointOptions<Client> {
  /**
   * Tells what a token is worth to the resource server, or client, that asks. Undefined stands for a token that is not
   * active, whatever the reason: expired, revoked, unknown, or not for this resource server. Throw
   * `introspect_not_permitted` at one that may not ask at all: the answer is 4.03 without payload (RFC 9200 §5.9.3).
   */
  readonly introspect: (
    request: IntrospectionRequest,
    client: Client,
    context: EndpointContext,
  ) => Eventually<IntrospectionResponse | undefined>
  /**
   * How long an answer may be cached, in seconds, but never beyond the token's `exp` (RFC 7662 §4). A token that is revoked
   * is taken for valid that long. Default: 0.
   */
  readonly maxAgeSeconds?: number | undefined
}

/**
 * The introspection endpoint of an authorization server (RFC 7662, RFC 9200 §5.9), for any transport and any store.
 *
 * @throws TypeError, RangeError for wrong options; the endpoint itself never throws
 *
 * @example
 * ```ts
 * import { IntrospectionResponse } from 'ace-oauth'
 * import { introspectionEndpoint } from 'ace-oauth/endpoint'
 * import { hashReference } from 'ace-oauth/token'
 *
 * const tokens = new Map([['...', { scope: 'read', exp: 2_000_000_000 }]])
 * const introspection = introspectionEndpoint({
 *   authenticate: ({ method, clientId }) => (method === 'channel' ? clientId : undefined),
 *   introspect: async ({ token }) => {
 *     const found = tokens.get(await hashReference(token))
 *     return found && new IntrospectionResponse({ active: true, ...found })
 *   },
 * })
 * ```
 */
export function introspectionEndpoint<Client>(options: IntrospectionEndpointOptions<Client>): Endpoint {
  checkObject('options', options)
  const { introspect } = options
  if (typeof introspect !== 'function') throw new TypeError('introspect is no function')
  const maxAgeSeconds = numberOption('maxAgeSeconds', options.maxAgeSeconds, 0, 0, 2 ** 32 - 1)
  return defineEndpoint<Client, IntrospectionRequest>(options, {
    endpoint: 'introspect',
    requestClass: IntrospectionRequest as unknown as RequestClass<IntrospectionRequest, never>,
    act: async (request, client, context) => {
      const told =
        (await introspect(request, client, context)) ?? new IntrospectionResponse({ active: false })
      const checked = checkedMessage(told, 'active', 'introspect')
      const now = Date.now() / 1_000
      const message = isLive(checked, now) ? checked : new IntrospectionResponse({ active: false })
      const left = message.exp === undefined ? maxAgeSeconds : Number(message.exp) - now
      const maxAge = Math.max(0, Math.floor(Math.min(maxAgeSeconds, left)))
      return { code: '2.01', message, maxAge }
    },
  })
}

/** RFC 7662 §2.2: a token is active from nbf to exp. */
function isLive({ active, exp, nbf }: IntrospectionResponse, now: number): boolean {
  return (
    active === true && (exp === undefined || Number(exp) > now) && (nbf === undefined || Number(nbf) <= now)
  )
}

import { checkObject } from '../cbor/check-object.ts'
import { checkedOrigins, corsHeaders, isPreflight, preflightHeaders } from './cors.ts'
import type { Endpoint, EndpointRequest, EndpointResponse, Peer } from './exchange.ts'
import { functionOption } from './numbers.ts'
import type { WebAbortSignal, WebResponse, WebStream } from './web-types.ts'

/** The parts of a Web Request that are read. */
export interface WebRequest {
  readonly method: string
  readonly headers: { get(name: string): string | null }
  readonly body?: WebStream | null | undefined
  readonly signal?: WebAbortSignal | undefined
}

/** How HTTP requests are taken. */
export interface FetchHandlerOptions<Environment extends readonly unknown[] = readonly unknown[]> {
  /**
   * The origins whose pages may read the answers, each as browsers send it, for example `https://app.example.com`. Default:
   * none. There is no wildcard, and cookies are never taken (RFC 9700 §2.6).
   */
  readonly origins?: readonly string[] | undefined
  /**
   * Who sent a request, as the connection says: the client certificate, the address. Never take it from a header that a
   * client can write. `environment` is what the server passes besides the request.
   */
  readonly peer?:
    | ((request: WebRequest, ...environment: Environment) => Peer | undefined | Promise<Peer | undefined>)
    | undefined
}

/**
 * Takes Web Requests for an endpoint, as hono, Deno, Bun and Workers give them, and `@hono/node-server` in Node.
 *
 * @returns a function that gives a Web Response, and never throws
 * @throws TypeError for an origin that no browser would send
 *
 * @example
 * ```ts
 * import { AccessTokenResponse } from 'ace-oauth'
 * import { fetchHandler, tokenEndpoint } from 'ace-oauth/endpoint'
 * import { createReference } from 'ace-oauth/token'
 *
 * const token = tokenEndpoint({
 *   authenticate: ({ clientId }) => clientId,
 *   issue: () => new AccessTokenResponse({ access_token: createReference() }),
 * })
 * export default { fetch: fetchHandler(token) }
 * ```
 */
export function fetchHandler<Environment extends readonly unknown[]>(
  endpoint: Endpoint | ((request: EndpointRequest) => Promise<EndpointResponse>),
  options: FetchHandlerOptions<Environment> = {},
): (request: WebRequest, ...environment: Environment) => Promise<WebResponse> {
  functionOption('endpoint', endpoint)
  checkObject('options', options)
  const { peer } = options
  if (peer !== undefined) functionOption('peer', peer)
  const origins = checkedOrigins(options.origins ?? [])

  return async (request, ...environment) => {
    const { method, headers, body, signal } = request
    const cors = corsHeaders(origins, headers.get('origin'))
    if (isPreflight(method, headers, cors))
      return new Response(null, { status: 204, headers: { ...cors, ...preflightHeaders } })
    const answer = await endpoint({
      method,
      headers,
      signal,
      mediaType: headers.get('content-type') ?? undefined,
      accept: headers.get('accept') ?? undefined,
      payload: body,
      // Asked for inside the endpoint, which answers for what it throws.
      get peer() {
        return peer?.(request, ...environment)
      },
    })
    const { status, payload } = answer
    return new Response(payload.length > 0 ? new Uint8Array(payload) : null, {
      status,
      headers: { ...answer.headers, ...cors },
    })
  }
}

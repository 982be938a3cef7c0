import { checkObject } from '../cbor/check-object.ts'
import { checkedOrigins, corsHeaders, isPreflight, preflightHeaders } from './cors.ts'
import type { Endpoint, EndpointRequest, EndpointResponse, Peer } from './exchange.ts'
import { functionOption } from './numbers.ts'

/** The parts of a request of `node:http` (`IncomingMessage`) that are read. */
export interface NodeRequest {
  readonly method?: string | undefined
  /** Each field with all its values, so that none hides behind another of the same name. */
  readonly headersDistinct: { readonly [name: string]: readonly string[] | undefined }
  /** Whether all of it has come. */
  readonly complete: boolean
  /** How many bytes have come that nobody has read. */
  readonly readableLength: number
  readonly socket: { readonly remoteAddress?: string | undefined }
  iterator(options: { readonly destroyOnReturn: boolean }): AsyncIterator<Uint8Array>
}

/** The parts of a response of `node:http` (`ServerResponse`) that are used. */
export interface NodeResponse {
  readonly writableFinished: boolean
  once(event: 'close', listener: () => void): unknown
  writeHead(status: number, headers: Record<string, string | number>): unknown
  end(payload?: Uint8Array): unknown
}

/** How requests of `node:http` are taken. */
export interface NodeHandlerOptions<Request extends NodeRequest = NodeRequest> {
  /**
   * The origins whose pages may read the answers, each as browsers send it, for example `https://app.example.com`. Default:
   * none. There is no wildcard, and cookies are never taken (RFC 9700 §2.6).
   */
  readonly origins?: readonly string[] | undefined
  /**
   * Who sent a request, as the connection says: the client certificate, the address. Never take it from a header that a
   * client can write.
   */
  readonly peer?: ((request: Request) => Peer | undefined | Promise<Peer | undefined>) | undefined
  /** What logs know a request by. Default: 16 random hexadecimal digits. */
  readonly requestId?: ((request: Request) => string | undefined) | undefined
}

/**
 * Takes requests of `node:http` and `node:https` for an endpoint, without the detour by Web Requests that {@link fetchHandler} makes.
 *
 * Where an answer comes before the whole request, as it does for one that is too large, the connection closes after it.
 *
 * @param endpoint an endpoint, or a function that is told the request of Node besides, for example for its query
 * @returns a function that answers, and never rejects
 * @throws TypeError for an origin that no browser would send
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { AccessTokenResponse } from 'ace-oauth'
 * import { nodeHandler, tokenEndpoint } from 'ace-oauth/endpoint'
 * import { createReference } from 'ace-oauth/token'
 *
 * const token = tokenEndpoint({
 *   authenticate: ({ clientId }) => clientId,
 *   issue: () => new AccessTokenResponse({ access_token: createReference() }),
 * })
 * const server = createServer(nodeHandler(token, { peer: ({ socket }) => ({ address: socket.remoteAddress }) }))
 * ```
 */
export function nodeHandler<Request extends NodeRequest>(
  endpoint: Endpoint | ((request: EndpointRequest, from: Request) => Promise<EndpointResponse>),
  options: NodeHandlerOptions<Request> = {},
): (request: Request, response: NodeResponse) => Promise<void> {
  functionOption('endpoint', endpoint)
  checkObject('options', options)
  const { peer, requestId } = options
  if (peer !== undefined) functionOption('peer', peer)
  if (requestId !== undefined) functionOption('requestId', requestId)
  const origins = checkedOrigins(options.origins ?? [])

  return async (request, response) => {
    const { method = '', headersDistinct } = request
    const headers = {
      get: (name: string): string | null => headersDistinct[name.toLowerCase()]?.join(', ') ?? null,
    }
    const cors = corsHeaders(origins, headers.get('origin'))
    if (isPreflight(method, headers, cors)) {
      response.writeHead(204, { ...cors, ...preflightHeaders })
      response.end()
      return
    }
    const gone = new AbortController()
    response.once('close', () => {
      if (!response.writableFinished) gone.abort()
    })
    const answer = await endpoint(
      {
        method,
        headers,
        signal: gone.signal,
        mediaType: headers.get('content-type') ?? undefined,
        accept: headers.get('accept') ?? undefined,
        // Whoever is called late, as by a framework, finds a body that is complete and unread.
        payload: request.complete && request.readableLength === 0 ? null : bodyOf(request),
        requestId: requestId?.(request),
        // Asked for inside the endpoint, which answers for what it throws.
        get peer() {
          return peer?.(request)
        },
      },
      request,
    )
    const { status, payload } = answer
    response.writeHead(status, {
      ...answer.headers,
      ...cors,
      // Of HEAD it would be the length of what GET gives.
      ...(method !== 'HEAD' && { 'content-length': payload.length }),
      ...(!request.complete && { connection: 'close' }),
    })
    response.end(payload)
  }
}

/** The body, which may be left before its end without the connection being torn down: an answer has to go out on it. */
function bodyOf(request: NodeRequest): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) }
}

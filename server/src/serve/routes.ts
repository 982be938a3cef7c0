import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type EndpointRequest, type EndpointResponse, metadataPath, nodeHandler } from 'ace-oauth/endpoint'
import type { AuthorizationServer } from '../authorization-server.ts'
import type { RevocationQuery } from '../endpoints/revocation-list.ts'
import type { LoggedAnswer } from './log.ts'
import type { ObservedEndpoint } from './metrics.ts'
import type { Peers } from './peer.ts'

/** Answers a request at one path. It never rejects. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** What a proxy may call a request. */
const requestId = /^[\w.:=@+/-]{1,128}$/

/** 64 random bits. The bytes of a UUID are fetched together with those of others, which costs less than a call for each. */
function newRequestId(): string {
  const uuid = randomUUID()
  return uuid.slice(0, 8) + uuid.slice(-8)
}

/**
 * The endpoints of a server at their paths: those below the root, and where its issuer has a path, below that as well, so that a proxy
 * may remove it or not.
 *
 * @param onAnswer is told the answers of metadata and keys, which have no client
 */
export function routesOf(
  server: AuthorizationServer,
  issuer: string,
  peers: Peers,
  onAnswer: (answer: LoggedAnswer & { readonly endpoint: ObservedEndpoint }) => void,
): ReadonlyMap<string, Handler> {
  const options = {
    peer: (request: IncomingMessage) => peers.peerOf(request),
    requestId: (request: IncomingMessage) => {
      const given = peers.isProxy(request) ? request.headers['x-request-id'] : undefined
      return typeof given === 'string' && requestId.test(given) ? given : newRequestId()
    },
  }
  const observed =
    (name: ObservedEndpoint, endpoint: (request: EndpointRequest) => Promise<EndpointResponse>) =>
    async (request: EndpointRequest, from: IncomingMessage): Promise<EndpointResponse> => {
      const started = performance.now()
      const answer = await endpoint(request)
      const { status, failure } = answer
      const durationMs = performance.now() - started
      const facts = { client: undefined, clientId: undefined, peer: { address: peers.addressOf(from) } }
      onAnswer({ endpoint: name, status, failure, durationMs, ...facts, requestId: request.requestId ?? '' })
      return answer
    }
  const keySet = nodeHandler(observed('jwks', server.keySet), options)
  const metadata = nodeHandler(observed('metadata', server.metadata), options)
  const paths: readonly (readonly [string, Handler])[] = [
    ['/token', nodeHandler(server.token, options)],
    ['/introspect', nodeHandler(server.introspection, options)],
    ['/revoke', nodeHandler(server.revocation, options)],
    ['/jwks', keySet],
    [
      '/trl',
      nodeHandler(
        (request, { url }: IncomingMessage) => server.revocationList(request, queryOf(url)),
        options,
      ),
    ],
  ]
  const below = new URL(issuer).pathname.replace(/\/$/, '')
  return new Map([
    ...paths,
    ...paths.map(([path, handler]) => [below + path, handler] as const),
    ['/.well-known/oauth-authorization-server', metadata],
    [metadataPath(issuer), metadata],
  ])
}

/** The path of a request, without its query. */
export function pathOf({ url = '' }: IncomingMessage): string {
  // A client that takes the server for a proxy sends the whole URL (RFC 9112 section 3.2.2).
  const path = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '')
  return path.split('?', 1)[0]!
}

function queryOf(url = ''): RevocationQuery {
  const start = url.indexOf('?')
  const parameters = new URLSearchParams(start < 0 ? '' : url.slice(start))
  return { diff: parameters.get('diff') ?? undefined, cursor: parameters.get('cursor') ?? undefined }
}

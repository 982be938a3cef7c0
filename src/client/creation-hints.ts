import { Failure } from '../failure/failure.ts'
import { httpFailure } from '../failure/received-failure.ts'
import type { AccessTokenRequestMembers } from '../message/access-token-request.ts'
import { CreationHints } from '../message/creation-hints.ts'
import { mediaTypes } from '../message/media-types.ts'
import { type AuthorizationServer, wrongUrl } from './authorization-server.ts'
import { type RetryOptions, readJson, repeated, unexpected } from './exchange.ts'
import { type HttpOptions, type ReceivedResponse, sendHttp } from './http.ts'

/** An authorization server that the client trusts, and what it trusts it for: from its configuration, or from its owner. */
export interface TrustedServer extends AuthorizationServer {
  /** The audiences that it may issue tokens for. */
  readonly audiences: readonly string[]
  /** Other URIs by which resource servers name it, besides its issuer and its token endpoint. */
  readonly hintedAs?: readonly string[] | undefined
}

/** What to ask whom for, on the advice of a resource server. */
export interface HintedRequest {
  /** The entry of the list that the hints chose: its endpoints are used, never a URI of the hints. */
  readonly server: TrustedServer
  /** The members for the token request: audience, scope, cnonce, and a key that both sides have. */
  readonly members: AccessTokenRequestMembers
}

/**
 * Follows AS Request Creation Hints (RFC 9200 §5.3), which come unprotected: whoever is on the way may have written them. They choose
 * among the servers that the client trusts for the audience, and no more. The schemes of URIs are not compared, since each side
 * names the protocol that it speaks.
 *
 * @param hints what the resource server answered a request without a token with
 * @param trusted whom the client trusts for what. An empty list refuses everything
 * @throws Failure `client_server_not_trusted` where none of them is meant, or none may issue for the audience; also where the hints
 * leave open which is meant
 *
 * @example
 * ```ts
 * import { CreationHints } from 'ace-oauth'
 * import { followCreationHints } from 'ace-oauth/client'
 *
 * const trusted = [{ token_endpoint: 'https://as.example.com/token', audiences: ['coaps://rs.example.com'] }]
 * const hints = new CreationHints({ AS: 'coaps://as.example.com/token', audience: 'coaps://rs.example.com', scope: 'rTempC' })
 * const { server, members } = followCreationHints(hints, trusted)
 * members.scope // 'rTempC'
 * ```
 */
export function followCreationHints(hints: CreationHints, trusted: readonly TrustedServer[]): HintedRequest {
  const { AS, audience, scope, cnonce, kid } = hints
  if (!Array.isArray(trusted)) throw new TypeError('the trusted servers must be an array')
  const found = trusted.filter(
    (server) =>
      (AS === undefined || isNamed(server, AS)) &&
      (audience === undefined || server.audiences.includes(audience)),
  )
  const [server] = found
  // What the hints leave open is decided only where there is nothing to choose.
  const asked = audience ?? (server?.audiences.length === 1 ? server.audiences[0] : undefined)
  if (!server || found.length > 1 || asked === undefined)
    throw new Failure('client_server_not_trusted', {
      details: { reason: found.length > 1 ? 'several are meant' : 'none is meant', peer: { AS, audience } },
    })
  return {
    server,
    members: {
      audience: asked,
      ...(scope !== undefined && { scope }),
      // RFC 9200 §5.3.1: the very same bytes.
      ...(cnonce && { cnonce }),
      ...(kid && { req_cnf: { kid } }),
    },
  }
}

function isNamed({ issuer, token_endpoint, hintedAs = [] }: TrustedServer, uri: string): boolean {
  const hinted = withoutScheme(uri)
  if (hinted === undefined) return false
  return [issuer, token_endpoint, ...hintedAs].some(
    (own) => own !== undefined && withoutScheme(own) === hinted,
  )
}

/** A URI as it is compared; undefined for one that names no host. */
function withoutScheme(uri: string): string | undefined {
  if (!URL.canParse(uri)) return undefined
  const { protocol, host, href } = new URL(uri)
  if (host === '') return undefined
  // The URL class knows the schemes of HTTP alone: of others it leaves an empty path and the letters of the host as they are.
  const rest = href.slice(protocol.length)
  const path = rest.slice(rest.indexOf(host) + host.length)
  return `${rest.slice(0, rest.indexOf(host))}${host.toLowerCase()}${path === '' ? '/' : path}`
}

/** How hints are asked for. */
export interface HintsOptions extends HttpOptions {
  /** How often and how long it is tried. */
  readonly retry?: RetryOptions | undefined
}

/**
 * Asks a resource server for its hints, by a request without a token (RFC 9200 §5.2). It is a GET with nothing in it, since nobody
 * knows yet who is on the other side.
 *
 * @param url the resource
 * @throws Failure `client_response_unexpected` for an answer that is no 401 with hints; otherwise as for a token request
 * @throws TypeError, RangeError for wrong options
 *
 * @example
 * ```ts
 * import { followCreationHints, requestCreationHints } from 'ace-oauth/client'
 *
 * const trusted = [{ token_endpoint: 'https://as.example.com/token', audiences: ['https://rs.example.com'] }]
 * const whomToAsk = async () => followCreationHints(await requestCreationHints('https://rs.example.com/temp'), trusted)
 * ```
 */
export async function requestCreationHints(url: string, options: HintsOptions = {}): Promise<CreationHints> {
  const wrong = wrongUrl(url, options)
  if (wrong) throw new TypeError(`the URL of the resource: ${wrong}`)
  const accept = `${mediaTypes.cbor}, ${mediaTypes.json};q=0.5`
  return repeated(
    async (signal) =>
      hintsIn(await sendHttp({ url, method: 'GET', headers: { accept } }, { ...options, signal })),
    options.signal,
    true,
    options.retry,
  )
}

function hintsIn(received: ReceivedResponse): CreationHints {
  const { status, mediaType, payload, retryAfter } = received
  const isMessage = mediaType === mediaTypes.cbor || mediaType === mediaTypes.json
  if (status !== 401 || !isMessage || payload.length === 0) {
    if (status < 400) throw unexpected(received, 'a resource that needs no token')
    throw httpFailure(status, { retryAfter })
  }
  try {
    return mediaType === mediaTypes.cbor
      ? CreationHints.fromCbor(payload)
      : CreationHints.fromJson(readJson(payload))
  } catch (error) {
    throw Failure.from(error, 'client')
  }
}

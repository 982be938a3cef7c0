import { checkObject } from '../cbor/check-object.ts'
import { mediaTypes } from '../message/media-types.ts'
import { isThisMachine } from '../table/grammar/uri.ts'
import type { Json } from '../table/json.ts'
import { jsonPayload, response } from './answer.ts'
import type { Endpoint, EndpointName, EndpointRequest, EndpointResponse } from './exchange.ts'
import { numberOption } from './numbers.ts'

/** What the metadata of an authorization server is made of. */
export interface MetadataOptions {
  /** The identifier of the authorization server: an https URL without query and fragment; http for this machine alone. */
  readonly issuer: string
  /** The endpoints, by their paths below the issuer or their whole URLs: `{ '/token': token, '/introspect': introspection }`. */
  readonly endpoints: Readonly<Record<string, Endpoint>>
  /** The scopes that may be told to everybody. */
  readonly scopes?: readonly string[] | undefined
  /** Other members (RFC 8414 §2), for example `jwks_uri`. They stand in the place of those that come from the endpoints. */
  readonly more?: Readonly<Record<string, Json>> | undefined
}

/** The names of the members that are about an endpoint. */
const members: Readonly<Record<EndpointName, string>> = {
  token: 'token_endpoint',
  introspect: 'introspection_endpoint',
  revoke: 'revocation_endpoint',
}

/**
 * The metadata of an authorization server (RFC 8414), from its endpoints.
 *
 * @throws TypeError for an issuer or a URL that the RFC does not allow, and for two endpoints of one kind
 *
 * @example
 * ```ts
 * import { AccessTokenResponse } from 'ace-oauth'
 * import { authorizationServerMetadata, clientAuthentication, tokenEndpoint } from 'ace-oauth/endpoint'
 * import { createReference } from 'ace-oauth/token'
 *
 * const token = tokenEndpoint({
 *   authenticate: clientAuthentication({ findClient: () => undefined }),
 *   issue: () => new AccessTokenResponse({ access_token: createReference() }),
 *   grantTypes: ['client_credentials'],
 * })
 * authorizationServerMetadata({ issuer: 'https://as.example.com', endpoints: { '/token': token } })['token_endpoint']
 * // 'https://as.example.com/token'
 * ```
 */
export function authorizationServerMetadata(options: MetadataOptions): Record<string, Json> {
  checkObject('options', options)
  const { issuer, endpoints, scopes, more } = options
  checkedIssuer(issuer)
  const metadata: Record<string, Json> = { issuer }
  for (const [path, { facts }] of Object.entries(endpoints)) {
    const member = members[facts.endpoint]
    if (member in metadata) throw new TypeError(`two endpoints for ${member}`)
    metadata[member] = urlOf(path, issuer)
    // RFC 8414 §3.2: no empty arrays.
    const { authMethods, signingAlgorithms, grantTypes } = facts
    if (authMethods?.length) metadata[`${member}_auth_methods_supported`] = [...authMethods]
    if (signingAlgorithms?.length)
      metadata[`${member}_auth_signing_alg_values_supported`] = [...signingAlgorithms]
    if (grantTypes?.length) metadata['grant_types_supported'] = [...grantTypes]
  }
  if (scopes?.length) metadata['scopes_supported'] = [...scopes]
  return { ...metadata, ...more }
}

/**
 * The path at which the metadata of an issuer stands (RFC 8414 §3).
 *
 * @example
 * ```ts
 * import { metadataPath } from 'ace-oauth/endpoint'
 *
 * metadataPath('https://example.com/tenant1') // '/.well-known/oauth-authorization-server/tenant1'
 * ```
 */
export function metadataPath(issuer: string): string {
  return `/.well-known/oauth-authorization-server${checkedIssuer(issuer).pathname.replace(/\/$/, '')}`
}

/** How the metadata is served. */
export interface MetadataEndpointOptions extends MetadataOptions {
  /** How long it may be cached, in seconds. Default: 3,600. */
  readonly maxAgeSeconds?: number | undefined
}

/**
 * Serves the metadata of an authorization server (RFC 8414 §3), at {@link metadataPath}: give it to `fetchHandler`.
 *
 * @throws TypeError, RangeError for wrong options
 *
 * @example
 * ```ts
 * import { fetchHandler, metadataEndpoint } from 'ace-oauth/endpoint'
 *
 * const handler = fetchHandler(metadataEndpoint({ issuer: 'https://as.example.com', endpoints: {} }))
 * ```
 */
export function metadataEndpoint(
  options: MetadataEndpointOptions,
): (request: EndpointRequest) => Promise<EndpointResponse> {
  checkObject('options', options)
  const maxAge = numberOption('maxAgeSeconds', options.maxAgeSeconds, 3_600, 0, 2 ** 32 - 1)
  const payload = jsonPayload(authorizationServerMetadata(options))
  return async ({ method }) => {
    if (method !== 'GET' && method !== 'HEAD')
      return response({ code: '4.05', status: 405, headers: { allow: 'GET, HEAD' } })
    return response({
      code: '2.05',
      status: 200,
      mediaType: mediaTypes.json,
      payload: method === 'HEAD' ? new Uint8Array(0) : payload,
      maxAge,
      cacheControl: `public, max-age=${maxAge}`,
    })
  }
}

function checkedIssuer(issuer: string): URL {
  const url = typeof issuer === 'string' && URL.canParse(issuer) ? new URL(issuer) : undefined
  const isLocal = url?.protocol === 'http:' && isThisMachine(url.hostname)
  if (!url || !(url.protocol === 'https:' || isLocal) || /[?#]/.test(issuer) || url.username || url.password)
    throw new TypeError(`no issuer: ${String(issuer)}; expected an https URL without query and fragment`)
  return url
}

function urlOf(path: string, issuer: string): string {
  if (path.startsWith('/')) return issuer.replace(/\/$/, '') + path
  if (URL.canParse(path)) return path
  throw new TypeError(`no path and no URL: ${path}`)
}

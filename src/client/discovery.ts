import { checkObject } from '../cbor/check-object.ts'
import { Failure } from '../failure/failure.ts'
import { httpFailure } from '../failure/received-failure.ts'
import { mediaTypes } from '../message/media-types.ts'
import { type AuthorizationServer, wrongUrl } from './authorization-server.ts'
import { type RetryOptions, readJson, repeated, unexpected } from './exchange.ts'
import { type HttpOptions, type ReceivedResponse, sendHttp } from './http.ts'

/** How metadata is fetched. */
export interface DiscoveryOptions extends HttpOptions {
  /** How often and how long it is tried. */
  readonly retry?: RetryOptions | undefined
}

/** The members that hold the URLs of endpoints. */
const endpoints = ['token_endpoint', 'introspection_endpoint', 'revocation_endpoint'] as const

/**
 * Fetches the metadata of an authorization server (RFC 8414 §3).
 *
 * Whoever names the issuer decides whom the client trusts: take it from the configuration of the device, never from the hints
 * of a resource server.
 *
 * @param issuer its identifier, an https URL without query and fragment
 * @returns all members of the metadata, of which the URLs of endpoints are checked
 * @throws Failure `client_response_unexpected` for metadata of another issuer or with an endpoint that is not https; otherwise as
 * `sendTokenRequest`
 * @throws TypeError for an issuer that is not such a URL
 *
 * @example
 * ```ts
 * import { discoverAuthorizationServer } from 'ace-oauth/client'
 *
 * const discover = () => discoverAuthorizationServer('https://as.example.com')
 * ```
 */
export async function discoverAuthorizationServer(
  issuer: string,
  options: DiscoveryOptions = {},
): Promise<AuthorizationServer & Readonly<Record<string, unknown>>> {
  checkObject('options', options)
  const wrong = wrongUrl(issuer, options)
  if (wrong || issuer.includes('?'))
    throw new TypeError(`issuer: ${wrong ?? 'expected a URL without a query'}`)
  const { origin, pathname } = new URL(issuer)
  const url = `${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`
  const request = { url, method: 'GET', headers: { accept: mediaTypes.json } } as const
  return repeated(
    async (signal) => metadataIn(await sendHttp(request, { ...options, signal }), issuer, options),
    options.signal,
    true,
    options.retry,
  )
}

function metadataIn(
  received: ReceivedResponse,
  issuer: string,
  options: DiscoveryOptions,
): AuthorizationServer & Readonly<Record<string, unknown>> {
  const { status, mediaType, payload, retryAfter } = received
  if (status !== 200) throw httpFailure(status, { retryAfter })
  if (mediaType !== mediaTypes.json) throw unexpected(received, 'not JSON')
  const json = readJson(payload)
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Failure('client_response_malformed', { details: { reason: 'no object' } })
  const metadata: AuthorizationServer & Readonly<Record<string, unknown>> = { ...json }
  // RFC 8414 §3.3: the very same text, or somebody else answers in its name.
  if (metadata.issuer !== issuer) throw unexpected(received, 'metadata of another issuer')
  for (const member of endpoints) {
    const wrong = metadata[member] === undefined ? undefined : wrongUrl(metadata[member], options)
    if (wrong) throw unexpected(received, `${member}: ${wrong}`)
  }
  return Object.freeze(metadata)
}

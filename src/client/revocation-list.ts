import { decodeValue } from '../cbor/any-value.ts'
import { checkObject } from '../cbor/check-object.ts'
import { equalBytes } from '../cose/equal-bytes.ts'
import { Failure } from '../failure/failure.ts'
import { httpFailure } from '../failure/received-failure.ts'
import { tokenHash } from '../token/token-hash.ts'
import { wrongUrl } from './authorization-server.ts'
import type { ClientAuthentication } from './client-authentication.ts'
import { type RetryOptions, repeated, unexpected } from './exchange.ts'
import { type HttpOptions, type ReceivedResponse, sendHttp } from './http.ts'
import type { ObtainedToken } from './obtained-token.ts'

/** How a token revocation list is fetched. */
export interface RevocationListOptions extends HttpOptions {
  /** How the client, or the resource server, authenticates: in a header or by its channel, since a GET has no body. */
  readonly authentication: ClientAuthentication
  /** How often and how long it is tried. */
  readonly retry?: RetryOptions | undefined
}

/** The part of a token revocation list that pertains to who asked for it. */
export interface RevocationList {
  /** The token hashes (RFC 9770 §4) of tokens that are revoked and have not expired yet. */
  readonly hashes: readonly Uint8Array[]
}

const mediaType = 'application/ace-trl+cbor'

/** The key of the token hashes in the answer to a full query (RFC 9770 §12). */
const fullSet = 0

/**
 * Fetches the token revocation list of an authorization server, by a full query (RFC 9770 §7). Whoever holds a token on it deletes that.
 *
 * @param url where the list is
 * @throws Failure as for a token request; TypeError, RangeError for wrong options
 *
 * @example
 * ```ts
 * import { clientSecretBasic, fetchRevocationList, isRevoked, type ObtainedToken } from 'ace-oauth/client'
 *
 * const authentication = clientSecretBasic('sensor1', 'VerySecret')
 * const keep = async (token: ObtainedToken) =>
 *   !(await isRevoked(token, await fetchRevocationList('https://as.example.com/trl', { authentication })))
 * ```
 */
export async function fetchRevocationList(
  url: string,
  options: RevocationListOptions,
): Promise<RevocationList> {
  checkObject('options', options)
  const wrong = wrongUrl(url, options)
  if (wrong) throw new TypeError(`the URL of the list: ${wrong}`)
  const { authentication, signal, retry } = options
  if (typeof authentication !== 'function') throw new TypeError('authentication must be a function')
  return repeated(
    async (attempt) => {
      const { headers, parameters } = await authentication({ url, issuer: undefined, encoding: 'cbor' })
      if (parameters) throw new TypeError('authentication has to be in a header: a GET has no body')
      const request = { url, method: 'GET', headers: { ...headers, accept: mediaType } } as const
      return listIn(await sendHttp(request, { ...options, signal: attempt }))
    },
    signal,
    true,
    retry,
  )
}

/** Whether a token is on a list. */
export async function isRevoked(
  { access_token, encoding }: ObtainedToken,
  { hashes }: RevocationList,
): Promise<boolean> {
  const hash = await tokenHash(access_token, encoding)
  return hashes.some((one) => equalBytes(one, hash))
}

function listIn(received: ReceivedResponse): RevocationList {
  const { status, retryAfter, payload } = received
  if (status !== 200) throw httpFailure(status, { retryAfter })
  if (received.mediaType !== mediaType) throw unexpected(received, `not ${mediaType}`)
  const map = decoded(payload)
  const hashes: unknown = map instanceof Map ? map.get(fullSet) : undefined
  if (!Array.isArray(hashes) || !hashes.every((hash) => hash instanceof Uint8Array))
    throw new Failure('client_response_malformed', { details: { expected: 'full_set with token hashes' } })
  return { hashes }
}

function decoded(payload: Uint8Array): unknown {
  try {
    // How long a list may be is limited by its bytes alone.
    return decodeValue(payload, { maxBytes: payload.length, maxMembers: payload.length })
  } catch (error) {
    throw Failure.from(error, 'client')
  }
}

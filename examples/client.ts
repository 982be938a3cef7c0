import { AccessTokenRequest, AccessTokenResponse, ErrorResponse } from 'ace-oauth'
import { type Failure, httpFailure, retry } from 'ace-oauth/failure'

/** Asks for a token in CBOR. What is thrown is a Failure that says what happened, whether to try again, and who can act. */
export function requestToken(url: string, client_secret: string): Promise<AccessTokenResponse> {
  const request = new AccessTokenRequest({
    client_id: 'sensor1',
    client_secret,
    audience: 'rs1',
    scope: 'read',
  })
  const headers = { 'content-type': 'application/ace+cbor', accept: 'application/ace+cbor' }
  return retry(async ({ signal }) => {
    const response = await fetch(url, {
      method: 'POST',
      body: new Uint8Array(request.toCbor()),
      headers,
      signal,
    })
    const payload = new Uint8Array(await response.arrayBuffer())
    if (response.ok) return AccessTokenResponse.fromCbor(payload)
    const errorResponse = ErrorResponse.fromCbor(payload) // a1 18 1e 02: invalid_client
    throw httpFailure(response.status, { errorResponse, retryAfter: response.headers.get('retry-after') })
  })
}

export const advice = ({ kind }: Failure): string =>
  kind.isTransient ? `try again after ${kind.baseBackoffMs} ms` : `${kind.phrase}: ${kind.suggestedAction}`

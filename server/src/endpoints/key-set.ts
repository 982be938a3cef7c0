import type { EndpointRequest, EndpointResponse } from 'ace-oauth/endpoint'
import { Failure } from 'ace-oauth/failure'
import type { TokenKey } from 'ace-oauth/token'
import { onStore } from '../store-unavailable.ts'

/** How long the keys may be cached, in seconds: a new key is to be published that long before it signs. */
export const keySetMaxAge = 300

/** The Content-Format of a COSE Key Set (RFC 9052 section 11.3.2). */
const coseKeySet = { mediaType: 'application/cose-key-set', contentFormat: 102 } as const

/**
 * Publishes the public keys of the server: as a JWK Set (RFC 7517 section 5), and to who accepts `application/cose-key-set` as a COSE Key Set
 * (RFC 9052 section 7).
 *
 * @param publicKeys gives the keys that sign, will sign, or signed tokens that are still good
 */
export function keySetEndpoint(
  publicKeys: () => Promise<readonly TokenKey[]>,
): (request: EndpointRequest) => Promise<EndpointResponse> {
  return async ({ method, accept }) => {
    if (method !== 'GET' && method !== 'HEAD')
      return without('4.05', 405, { allow: 'GET, HEAD', 'cache-control': 'no-store' })
    let keys: readonly TokenKey[]
    try {
      keys = await onStore('introspect', publicKeys)
    } catch (error) {
      const failure =
        error instanceof Failure ? error : new Failure('introspect_internal_error', { cause: error })
      const { coapCode = '5.00', httpStatus = 500 } = failure
      return { ...without(coapCode, httpStatus, { 'cache-control': 'no-store' }), failure }
    }
    const form = wantsCose(accept) ? asCose(keys) : asJson(keys)
    return {
      code: '2.05',
      status: 200,
      ...form,
      payload: method === 'HEAD' ? new Uint8Array(0) : form.payload,
      maxAge: keySetMaxAge,
      headers: {
        'content-type': form.mediaType,
        'cache-control': `public, max-age=${keySetMaxAge}`,
        vary: 'accept',
      },
    }
  }
}

/** Whether a COSE Key Set is what the requester asks for. */
function wantsCose(accept: string | number | undefined): boolean {
  if (typeof accept === 'number') return accept === coseKeySet.contentFormat
  return accept?.toLowerCase().includes(coseKeySet.mediaType) === true
}

function asJson(keys: readonly TokenKey[]) {
  const payload = new TextEncoder().encode(JSON.stringify({ keys: keys.map((key) => key.toJwk()) }))
  return { mediaType: 'application/jwk-set+json', contentFormat: undefined, payload }
}

/** An array of COSE_Keys. */
function asCose(keys: readonly TokenKey[]) {
  const encoded = keys.map((key) => key.publicKey().toCbor())
  const head = keys.length < 24 ? [0x80 | keys.length] : [0x99, keys.length >> 8, keys.length & 0xff]
  return { ...coseKeySet, payload: Uint8Array.from(Buffer.concat([Uint8Array.from(head), ...encoded])) }
}

function without(
  code: EndpointResponse['code'],
  status: number,
  headers: Record<string, string>,
): EndpointResponse {
  return {
    code,
    status,
    mediaType: undefined,
    contentFormat: undefined,
    payload: new Uint8Array(0),
    maxAge: 0,
    headers,
  }
}

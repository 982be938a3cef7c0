import {
  clientAuthentication,
  hashClientSecret,
  type RegisteredClient,
} from '../../src/endpoint/client/client-authentication.ts'
import type { Authenticate } from '../../src/endpoint/define-endpoint.ts'
import type { EndpointRequest, EndpointResponse } from '../../src/endpoint/exchange.ts'
import { AccessTokenResponse } from '../../src/message/access-token-response.ts'
import { ErrorResponse } from '../../src/message/error-response.ts'

export const form = 'application/x-www-form-urlencoded'
export const aceCbor = 'application/ace+cbor'

/** UTF-8. */
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The text of a payload. */
export const textOf = (payload: Uint8Array): string => new TextDecoder().decode(payload)

/** The JSON of a payload. */
export function jsonOf({ payload }: EndpointResponse): Record<string, unknown> {
  return JSON.parse(textOf(payload)) as Record<string, unknown>
}

/** The OAuth error that a response tells, in whatever form. */
export function errorOf(answer: EndpointResponse): unknown {
  if (answer.payload.length === 0) return undefined
  return answer.mediaType === aceCbor
    ? ErrorResponse.fromCbor(answer.payload).error.name
    : jsonOf(answer)['error']
}

/** The Authorization header of client_secret_basic, without the encoding of RFC 6749 App. B. */
export const basic = (id: string, secret: string): string =>
  `Basic ${btoa(String.fromCharCode(...utf8(`${id}:${secret}`)))}`

/** A form over HTTP. */
export function formRequest(body: string, headers: Record<string, string> = {}): EndpointRequest {
  return {
    method: 'POST',
    mediaType: form,
    payload: utf8(body),
    headers: new Headers(headers),
  }
}

/** CBOR over CoAP. */
export function coapRequest(payload: Uint8Array, more: Partial<EndpointRequest> = {}): EndpointRequest {
  return { method: 'POST', payload, ...more }
}

/** A client with a secret. */
export const client: RegisteredClient = {
  client_id: 'c1',
  secretHashes: [await hashClientSecret('s1')],
}

/** Knows that client alone. */
export const authenticate: Authenticate<RegisteredClient> = clientAuthentication({
  findClient: (clientId) => (clientId === client.client_id ? client : undefined),
})

/** What the token endpoint of the tests issues. */
export const issued = new AccessTokenResponse({ access_token: Uint8Array.of(0xd0, 0x83, 1), expires_in: 60 })

import { checkObject } from '../cbor/check-object.ts'
import { Failure } from '../failure/failure.ts'
import { httpFailure } from '../failure/received-failure.ts'
import { type RetryPolicy, retry } from '../failure/retry.ts'
import { fromProblemDetails } from '../message/error-as-problem-details.ts'
import { ErrorResponse } from '../message/error-response.ts'
import { mediaTypes } from '../message/media-types.ts'
import type { Message, MessageClass, Request, RequestClass } from '../message/message.ts'
import { Hidden, hideSecrets } from '../table/hidden-secret.ts'
import { toUtf8 } from '../table/types/text.ts'
import type { UnknownMember } from '../table/unknown-member.ts'
import { type AuthorizationServer, endpointUrl } from './authorization-server.ts'
import type { ClientAuthentication, ClientCredentials } from './client-authentication.ts'
import { checkedHttp, type HttpOptions, type ReceivedResponse, sendHttp } from './http.ts'

/** What requests and answers are written in: CBOR, or a form that is answered in JSON. */
export type PayloadEncoding = 'cbor' | 'json'

/** How a request is sent. */
export interface SendOptions extends HttpOptions {
  /** How the client, or the resource server that introspects, authenticates. */
  readonly authentication: ClientAuthentication
  /** Default: `cbor`, which is application/ace+cbor both ways. `json` sends a form and asks for JSON (RFC 6749). */
  readonly encoding?: PayloadEncoding | undefined
  /** Parameters that the request does not know, for extensions, such as `{ name: 'resource', json: 'https://...' }` in a form. */
  readonly unknown?: readonly UnknownMember[] | undefined
  /** The key of `ace-error` in problem details, which IANA has not assigned yet. Default: they are not asked for, and not read. */
  readonly aceErrorKey?: number | undefined
}

/** How often and how long a request is repeated: see {@link RetryPolicy}. */
export type RetryOptions = Omit<RetryPolicy, 'signal' | 'toFailure'>

/** A request that was sent, and its answer: what a function that checks the answer needs. Printing it tells no secret. */
export interface Exchange<R extends Request = Request> {
  readonly endpoint: 'token' | 'introspection' | 'revocation'
  /** What was asked, client authentication included. */
  readonly request: R
  readonly encoding: PayloadEncoding
  readonly url: string
  /** When it was sent, in seconds since 1970: what `expires_in` is counted from. */
  readonly sentAt: number
  readonly sent: { readonly headers: Readonly<Record<string, string>>; readonly payload: Uint8Array }
  readonly received: ReceivedResponse
  /** The key that `ace-error` had in the options. */
  readonly aceErrorKey: number | undefined
}

/**
 * Sends a request to an endpoint.
 *
 * @throws Failure, as for a single request; TypeError, RangeError for wrong options; EncodeError for members that may not be sent
 */
export async function send<R extends Request, Input>(
  server: AuthorizationServer,
  endpoint: Exchange['endpoint'],
  requestClass: RequestClass<R, Input>,
  members: Input,
  options: SendOptions,
): Promise<Exchange<R>> {
  checkObject('options', options)
  const { authentication, encoding = 'cbor', unknown = [], aceErrorKey } = options
  if (typeof authentication !== 'function') throw new TypeError('authentication must be a function')
  if (encoding !== 'cbor' && encoding !== 'json') throw new TypeError('encoding must be cbor or json')
  checkedHttp(options)
  const url = endpointUrl(server, `${endpoint}_endpoint`, options)
  const { headers = {}, parameters = {} } = await credentialsOf(authentication, {
    url,
    issuer: server.issuer,
    encoding,
  })
  const { client_assertion_type, client_assertion, ...known } = parameters
  const assertion = Object.entries({ client_assertion_type, client_assertion })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name, json: value as string }))
  const request = new requestClass({ ...members, ...defined(known) }, [...unknown, ...assertion])
  const isCbor = encoding === 'cbor'
  requireEncodable(request.unknown, encoding)
  const payload = isCbor ? request.toCbor() : toUtf8(request.toForm().toString())
  const problem = aceErrorKey === undefined ? '' : `, ${mediaTypes.problem}`
  const sentHeaders = {
    ...headers,
    'content-type': isCbor ? mediaTypes.cbor : mediaTypes.form,
    // Errors over HTTP are JSON by RFC 9200 section 5.8.3, so that a server may have nothing else.
    accept: isCbor ? `${mediaTypes.cbor}${problem}, ${mediaTypes.json};q=0.5` : mediaTypes.json,
  }
  const sentAt = Date.now() / 1_000
  const received = await sendHttp({ url, method: 'POST', headers: sentHeaders, payload }, options)
  const sent = { headers: sentHeaders, payload }
  const exchange = { endpoint, request, encoding, url, sentAt, sent, received, aceErrorKey }
  return hideSecrets(exchange, () => ({
    ...exchange,
    request: request.toString(),
    sent: { headers: { ...sentHeaders, ...hiddenHeaders(headers) }, payload: new Hidden(payload) },
    received: { ...received, payload: new Hidden(received.payload) },
  }))
}

/** Refuses parameters that the encoding would leave out: the answer would be one to another request. */
function requireEncodable(unknown: readonly UnknownMember[], encoding: PayloadEncoding): void {
  const form = encoding === 'cbor' ? 'cbor' : 'json'
  const lost = unknown.find((member) => !(form in member))
  if (lost)
    throw new TypeError(
      `the parameter ${String('name' in lost ? lost.name : lost.key)} cannot be sent in ${encoding}`,
    )
}

async function credentialsOf(
  authentication: ClientAuthentication,
  target: Parameters<ClientAuthentication>[0],
): Promise<ClientCredentials> {
  const credentials: ClientCredentials | undefined = await authentication(target)
  if (typeof credentials !== 'object' || credentials === null) throw new Failure('client_no_credentials')
  return credentials
}

function hiddenHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, '<secret>']))
}

/** Without members that are undefined, which would take away those that the caller gave. */
function defined<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T
}

/** Reads the message of a success, or throws what its absence is: the request and its answer are one exchange. */
export function successOf<M extends Message, R extends Request>(
  messageClass: MessageClass<M, never>,
  exchange: Exchange<R>,
): M {
  const { received } = exchange
  // 201 is what 2.01 is called where a gateway translates it.
  if (received.status !== 200 && received.status !== 201) throw failureOf(exchange)
  const { mediaType, payload } = received
  try {
    if (mediaType === mediaTypes.cbor) return messageClass.fromCbor(payload)
    if (mediaType === mediaTypes.json) return messageClass.fromJson(readJson(payload))
  } catch (error) {
    throw Failure.from(error, 'client')
  }
  throw unexpected(received, 'neither CBOR nor JSON')
}

/** The failure that an answer tells (RFC 9200 §5.8.3). */
export function failureOf({ received, aceErrorKey }: Exchange): Failure {
  const { status, retryAfter } = received
  let errorResponse: ErrorResponse | undefined
  let malformed: unknown
  try {
    errorResponse = errorResponseIn(received, aceErrorKey)
  } catch (error) {
    malformed = error
  }
  const failure = httpFailure(status, { retryAfter, errorResponse })
  // Most statuses say enough without a payload.
  if (status >= 400 && failure.code === 'client_response_unexpected' && malformed !== undefined)
    return Failure.from(malformed, 'client')
  return failure
}

/** The error response in an answer, by its media type: any other payload is not looked at. */
function errorResponseIn(
  { mediaType, payload }: ReceivedResponse,
  aceErrorKey: number | undefined,
): ErrorResponse | undefined {
  if (mediaType === mediaTypes.cbor) return ErrorResponse.fromCbor(payload)
  if (mediaType === mediaTypes.json) return ErrorResponse.fromJson(readJson(payload))
  if (mediaType === mediaTypes.problem && aceErrorKey !== undefined)
    return fromProblemDetails(payload, { aceErrorKey })
  return undefined
}

/** What an answer is that has the right status and nothing that was asked for. */
export function unexpected({ status, mediaType }: ReceivedResponse, reason: string): Failure {
  return new Failure('client_response_unexpected', {
    details: { httpStatus: status, reason, peer: { mediaType } },
  })
}

/**
 * Reads JSON.
 *
 * @throws Failure `client_response_malformed` for a payload that is not JSON in UTF-8
 */
export function readJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    // What the platform says of it quotes the payload.
    throw new Failure('client_response_malformed', { details: { reason: 'not JSON' } })
  }
}

/** Sends and checks, again where that helps and does no harm. */
export function repeated<T>(
  once: (signal: NonNullable<HttpOptions['signal']>) => Promise<T>,
  signal: HttpOptions['signal'],
  safeToRepeat: boolean,
  policy: RetryOptions = {},
): Promise<T> {
  return retry((attempt) => once(attempt.signal), {
    safeToRepeat,
    ...policy,
    ...(signal && { signal }),
  })
}

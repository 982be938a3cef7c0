import { checkObject } from '../cbor/check-object.ts'
import type { ErrorResponse } from '../message/error-response.ts'
import { receivedErrors } from './catalogue/client.ts'
import { catalogue, type FailureCode } from './catalogue.ts'
import { Failure } from './failure.ts'
import { FailureKind } from './kind.ts'
import { longestWaitMs, parseRetryAfter } from './retry-after.ts'

/** What came with the status of an HTTP response. */
export interface ReceivedHttp {
  /** The Retry-After field as it stands, if there was one. */
  readonly retryAfter?: string | null | undefined
  /** When the response came, in milliseconds since 1970. Default: now. */
  readonly now?: number | undefined
  /** The error response in its body, if there was one. */
  readonly errorResponse?: ErrorResponse | undefined
}

/** What came with the code of a CoAP response. */
export interface ReceivedCoap {
  /**
   * The Max-Age option, in seconds. Where it is absent, null, negative or not a number, 60 seconds stand (RFC 7252,
   * Section 5.10.5).
   */
  readonly maxAge?: number | null | undefined
  /** The error response in its payload, if there was one. */
  readonly errorResponse?: ErrorResponse | undefined
}

/** Max-Age where a response has none, or none that makes sense, in seconds (RFC 7252, Section 5.10.5). */
const defaultMaxAge = 60

/** The wait between two polls where the server names none, in milliseconds (RFC 8628, Sections 3.2 and 3.5). */
const pollingIntervalMs = 5_000

/** What a response without an OAuth error is called. */
const codeOfHttpStatus: Readonly<Partial<Record<number, FailureCode>>> = {
  408: 'client_request_timeout',
  425: 'client_too_early',
}

/** What a response without an OAuth error is called, by its kind. */
const codeOfKind: ReadonlyMap<FailureKind, FailureCode> = /* @__PURE__ */ new Map<FailureKind, FailureCode>([
  [FailureKind.AuthError, 'client_refused'],
  [FailureKind.TokenLimit, 'client_request_too_large'],
  [FailureKind.RateLimit, 'client_rate_limited'],
  [FailureKind.ServerError, 'client_server_error'],
  [FailureKind.BadGateway, 'client_bad_gateway'],
  [FailureKind.ServiceUnavailable, 'client_service_unavailable'],
  [FailureKind.GatewayTimeout, 'client_gateway_timeout'],
])

/**
 * The failure that an HTTP response tells a client. A date in Retry-After that has passed, or that is nearer than the
 * base backoff of the kind, stands for that backoff: clocks differ.
 *
 * @param status the status; one that is no error makes the failure `client_response_unexpected`
 * @throws RangeError for a `now` that is not a finite number
 *
 * @example
 * ```ts
 * import { httpFailure } from 'ace-oauth/failure'
 *
 * const failure = httpFailure(503, { retryAfter: '120' })
 * failure.kind.isTransient // true
 * failure.retryAfterMs // 120000
 * ```
 */
export function httpFailure(status: number, received: ReceivedHttp = {}): Failure {
  checkObject('received', received)
  const { retryAfter, now, errorResponse } = received
  const text = typeof retryAfter === 'string' ? retryAfter : ''
  const asked = parseRetryAfter(text, now)
  const isDate = !/^\s*\d+\s*$/.test(text)
  const wait = (kind: FailureKind): number | undefined =>
    asked !== undefined && isDate ? Math.max(asked, kind.baseBackoffMs ?? 0) : asked
  const kind = FailureKind.fromHttpStatus(status)
  return failureOf(kind, codeOfHttpStatus[status], { httpStatus: status }, wait, errorResponse)
}

/**
 * The failure that a CoAP response tells a client. Max-Age says how long to wait with 4.29 (RFC 8516, Section 4) and
 * 5.03 (RFC 7252, Section 5.9.3.4), and only there.
 *
 * @param code the response code as `c.dd`; one that is no error makes the failure `client_response_unexpected`
 *
 * @example
 * ```ts
 * import { coapFailure, ErrorResponse } from 'ace-oauth'
 *
 * const errorResponse = ErrorResponse.fromCbor(Uint8Array.of(0xa1, 0x18, 0x1e, 0x03))
 * coapFailure('4.00', { errorResponse }).code // 'client_invalid_grant'
 * coapFailure('4.29').retryAfterMs // 60000
 * ```
 */
export function coapFailure(code: string, received: ReceivedCoap = {}): Failure {
  checkObject('received', received)
  const { maxAge, errorResponse } = received
  const hasMaxAge = typeof maxAge === 'number' && maxAge >= 0
  const waitMs = Math.min((hasMaxAge ? maxAge : defaultMaxAge) * 1_000, longestWaitMs)
  const wait = (): number | undefined => (code === '4.29' || code === '5.03' ? waitMs : undefined)
  return failureOf(FailureKind.fromCoapCode(code), undefined, { coapCode: code }, wait, errorResponse)
}

/**
 * @param status the kind of the response code; undefined where that does not tell
 * @param name what the response code is called, where its kind does not say it all
 * @param wait how long the response asks to wait, in milliseconds, given the kind
 */
function failureOf(
  status: FailureKind | undefined,
  name: FailureCode | undefined,
  answer: { readonly httpStatus: number } | { readonly coapCode: string },
  wait: (kind: FailureKind) => number | undefined,
  errorResponse: ErrorResponse | undefined,
): Failure {
  // A response code that tells more than 4.00 or 4.01 comes first: the payload may be that of somebody else.
  const error = !status || status === FailureKind.AuthError ? errorResponse?.error : undefined
  const code = error
    ? errorFailure(error.name)
    : (name ?? (status && codeOfKind.get(status)) ?? 'client_response_unexpected')
  const { kind } = catalogue.get(code)!
  const known = error && code !== 'client_other_error' ? error.name : undefined
  const interval = isPoll(code) ? pollingIntervalMs : undefined
  return new Failure(code, {
    // What the peer said stands under a name of its own, so that it is hidden as what others said, and overwrites nothing.
    details: { ...answer, error: known, peer: errorResponse?.toJson() },
    retryAfterMs: kind.isTransient ? (wait(kind) ?? interval) : undefined,
  })
}

/** The client's code for an OAuth error. */
function errorFailure(name: string | undefined): FailureCode {
  const code = `client_${name}`
  return Object.hasOwn(receivedErrors, code) ? (code as FailureCode) : 'client_other_error'
}

/** Whether the server answered a poll: nothing is issued yet, and the client asks again after the interval. */
export function isPoll(code: FailureCode): boolean {
  return (
    code === 'client_authorization_pending' ||
    code === 'client_slow_down' ||
    code === 'client_request_submitted'
  )
}

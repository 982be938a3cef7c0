import type { ErrorResponse } from '../message/error-response.ts'
import { type ErrorCodeName, errorCodes } from '../registry/generated/error-codes.ts'
import type { FailureCode } from './catalogue.ts'
import { Failure } from './failure.ts'
import { FailureKind, type FailureKindName } from './kind.ts'
import { parseRetryAfter } from './retry-after.ts'

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
  /** The Max-Age option, in seconds. Default: 60 (RFC 7252, Section 5.10.5). */
  readonly maxAge?: number | undefined
  /** The error response in its payload, if there was one. */
  readonly errorResponse?: ErrorResponse | undefined
}

const codes: Partial<Record<FailureKindName, FailureCode>> = {
  rate_limit: 'client_rate_limited',
  auth_error: 'client_refused',
  token_limit: 'client_request_too_large',
  server_error_500: 'client_server_error',
  bad_gateway_502: 'client_bad_gateway',
  service_unavailable_503: 'client_service_unavailable',
  gateway_timeout_504: 'client_gateway_timeout',
}

/**
 * The failure that an HTTP response tells a client.
 *
 * @param status the status; one that is no error makes the failure `client_response_unexpected`
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
  const { retryAfter, now, errorResponse } = received
  const retryAfterMs = retryAfter ? parseRetryAfter(retryAfter, now) : undefined
  return failureOf(FailureKind.fromHttpStatus(status), { httpStatus: status }, retryAfterMs, errorResponse)
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
  const { maxAge = 60, errorResponse } = received
  const kind = FailureKind.fromCoapCode(code)
  const waits = kind === FailureKind.RateLimit || kind === FailureKind.ServiceUnavailable
  return failureOf(kind, { coapCode: code }, waits ? maxAge * 1_000 : undefined, errorResponse)
}

function failureOf(
  kind: FailureKind | undefined,
  answer: { readonly httpStatus: number } | { readonly coapCode: string },
  retryAfterMs: number | undefined,
  errorResponse: ErrorResponse | undefined,
): Failure {
  const isRefused = kind === undefined || kind === FailureKind.AuthError
  const code = isRefused && errorResponse ? codeOf(errorResponse) : codes[kind?.name ?? 'parse_error']
  return new Failure(code ?? 'client_response_unexpected', {
    details: { ...answer, ...errorResponse?.toJson() },
    retryAfterMs: kind?.isTransient ? retryAfterMs : undefined,
  })
}

function codeOf({ error: { name = '' } }: ErrorResponse): FailureCode {
  return Object.hasOwn(errorCodes, name) ? `client_${name as ErrorCodeName}` : 'client_other_error'
}

import type { ErrorResponse } from '../message/error-response.ts'
import type { ErrorCodeName } from '../registry/generated/error-codes.ts'
import { catalogue, type FailureCode } from './catalogue.ts'
import { Failure } from './failure.ts'
import { FailureKind } from './kind.ts'
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
  const retryAfterMs = parseRetryAfter(retryAfter ?? '', now)
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
  const retryAfterMs = ['4.29', '5.03'].includes(code) ? maxAge * 1_000 : undefined
  return failureOf(FailureKind.fromCoapCode(code), { coapCode: code }, retryAfterMs, errorResponse)
}

function failureOf(
  kind: FailureKind | undefined,
  answer: { readonly httpStatus: number } | { readonly coapCode: string },
  retryAfterMs: number | undefined,
  errorResponse: ErrorResponse | undefined,
): Failure {
  const error = !kind || kind === FailureKind.AuthError ? errorResponse?.error : undefined
  let [code]: [FailureCode, ...unknown[]] = [...catalogue].find(
    ([, row]) => row.endpoint === 'client' && row.kind === kind,
  ) ?? ['client_response_unexpected']
  if (error)
    code = error.status === 'registered' ? `client_${error.name as ErrorCodeName}` : 'client_other_error'
  return new Failure(code, {
    details: { ...answer, ...errorResponse?.toJson() },
    retryAfterMs: kind?.isTransient ? retryAfterMs : undefined,
  })
}

import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { FailureKind } from '../../src/failure/kind.ts'
import { coapFailure, httpFailure } from '../../src/failure/received-failure.ts'
import { ErrorCode } from '../../src/message/error-code.ts'
import { ErrorResponse } from '../../src/message/error-response.ts'
import { errorCodes } from '../../src/registry/generated/error-codes.ts'
import registries from '../../src/registry/registries.json' with { type: 'json' }

const response = (error: ErrorCode) => ErrorResponse.builder().error(error).build()
const denied = response(ErrorCode.named('invalid_grant'))

describe('the failure that a response tells a client', () => {
  it.each([
    ['4.01', 401, 'client_refused'],
    ['4.03', 403, 'client_refused'],
    ['4.13', 413, 'client_request_too_large'],
    ['4.29', 429, 'client_rate_limited'],
    ['5.00', 500, 'client_server_error'],
    ['5.02', 502, 'client_bad_gateway'],
    ['5.03', 503, 'client_service_unavailable'],
    ['5.04', 504, 'client_gateway_timeout'],
    ['4.00', 400, 'client_response_unexpected'],
    ['4.04', 404, 'client_response_unexpected'],
    ['5.01', 501, 'client_response_unexpected'],
    ['2.05', 200, 'client_response_unexpected'],
  ])('is for %s and %d without a payload %s', (coapCode, httpStatus, code) => {
    expect(coapFailure(coapCode)).toMatchObject({ code, details: { coapCode } })
    expect(httpFailure(httpStatus)).toMatchObject({ code, details: { httpStatus } })
  })

  it.each([
    [408, 'client_request_timeout', FailureKind.NetworkError],
    [425, 'client_too_early', FailureKind.ServiceUnavailable],
  ])('is transient for %d (RFC 9110, Section 15.5.9, RFC 8470, Section 5.2)', (status, code, kind) => {
    expect(httpFailure(status, { retryAfter: '7' })).toMatchObject({ code, kind, retryAfterMs: 7_000 })
    expect(kind.isTransient).toBe(true)
  })

  it.each(Object.keys(errorCodes))('is named after the error of the error response: %s', (name) => {
    const errorResponse = response(ErrorCode.named(name))
    for (const failure of [coapFailure('4.00', { errorResponse }), httpFailure(400, { errorResponse })]) {
      expect(failure.code).toBe(`client_${name}`)
      expect(failure.kind).toBe(FailureKind.AuthError)
      expect(failure.details).toMatchObject({ error: name })
    }
  })

  it.each(registries.oauthErrors.rows.map(({ name }) => name.replace(/ \(.*/, '')))(
    'knows what IANA lists: %s',
    (name) => {
      const failure = httpFailure(400, { errorResponse: response(ErrorCode.named(name)) })
      expect(failure.code).toBe(`client_${name}`)
      expect(failure.details).toMatchObject({ httpStatus: 400, error: name, peer: { error: name } })
    },
  )

  it.each([
    ['slow_down', FailureKind.RateLimit, 5_000],
    ['authorization_pending', FailureKind.ServiceUnavailable, 5_000],
    ['request_submitted', FailureKind.ServiceUnavailable, 5_000],
    ['temporarily_unavailable', FailureKind.ServiceUnavailable, undefined],
    ['server_error', FailureKind.ServerError, undefined],
    ['expired_token', FailureKind.AuthError, undefined],
    ['access_denied', FailureKind.AuthError, undefined],
    ['invalid_target', FailureKind.AuthError, undefined],
    ['invalid_token', FailureKind.AuthError, undefined],
    ['insufficient_scope', FailureKind.AuthError, undefined],
    ['use_dpop_nonce', FailureKind.AuthError, undefined],
  ])('tells the kind of %s (RFC 8628, Section 3.5)', (name, kind, retryAfterMs) => {
    const errorResponse = response(ErrorCode.named(name))
    expect(httpFailure(400, { errorResponse })).toMatchObject({ kind, retryAfterMs })
    expect(coapFailure('4.00', { errorResponse })).toMatchObject({ kind, retryAfterMs })
  })

  it('keeps what the peer said under a name of its own, as what others wrote', () => {
    const token = 'def50200Zx8kQ2mN7pR4'
    const errorResponse = ErrorResponse.fromJson({
      error: 'invalid_grant',
      error_description: `refresh token ${token} not found`,
      httpStatus: 999,
      code: 'client_timeout',
    })
    const failure = httpFailure(400, { errorResponse })
    expect(failure.details).toMatchObject({
      httpStatus: 400,
      error: 'invalid_grant',
      peer: { httpStatus: 999, error_description: 'refresh token [redacted] not found' },
    })
    expect(JSON.stringify(failure.toLog())).not.toContain(token)
    expect(inspect(failure, { depth: 9 })).not.toContain(token)
  })

  it('is of an other error where that is not registered', () => {
    for (const error of [
      ErrorCode.other(-99_999),
      ErrorCode.named('rate_limited'),
      ErrorCode.named('__proto__'),
    ])
      expect(coapFailure('4.00', { errorResponse: response(error) }).code).toBe('client_other_error')
  })

  it('follows the response code where that says more than the error', () => {
    expect(coapFailure('5.03', { errorResponse: denied }).code).toBe('client_service_unavailable')
    expect(httpFailure(429, { errorResponse: denied }).code).toBe('client_rate_limited')
    expect(coapFailure('4.01', { errorResponse: denied }).code).toBe('client_invalid_grant')
  })
})

describe('how long to wait', () => {
  it('is Retry-After in HTTP, in seconds or as a date', () => {
    const now = Date.UTC(1994, 10, 6, 8, 49, 30)
    expect(httpFailure(503, { retryAfter: '120' }).retryAfterMs).toBe(120_000)
    expect(httpFailure(429, { retryAfter: 'Sun, 06 Nov 1994 08:49:37 GMT', now }).retryAfterMs).toBe(7_000)
    for (const retryAfter of [undefined, null, '', 'soon'])
      expect(httpFailure(503, { retryAfter }).retryAfterMs).toBeUndefined()
  })

  it('is Max-Age in CoAP with 4.29 (RFC 8516, Section 4) and 5.03 (RFC 7252, Section 5.9.3.4), 60 seconds without it', () => {
    for (const code of ['4.29', '5.03']) {
      expect(coapFailure(code, { maxAge: 5 }).retryAfterMs).toBe(5_000)
      expect(coapFailure(code, { maxAge: 0 }).retryAfterMs).toBe(0)
      expect(coapFailure(code).retryAfterMs).toBe(60_000)
    }
  })

  it.each([null, -1, Number.NaN, -Infinity, '5' as unknown as number])(
    'is 60 seconds where Max-Age is %s, which makes no sense (RFC 7252, Section 5.10.5)',
    (maxAge) => {
      for (const code of ['4.29', '5.03']) expect(coapFailure(code, { maxAge }).retryAfterMs).toBe(60_000)
    },
  )

  it('is never longer than Max-Age can be', () => {
    const longest = (2 ** 32 - 1) * 1_000
    for (const maxAge of [2 ** 32, 1e300, Number.POSITIVE_INFINITY])
      expect(coapFailure('4.29', { maxAge }).retryAfterMs).toBe(longest)
    expect(httpFailure(503, { retryAfter: '9'.repeat(400) }).retryAfterMs).toBe(longest)
  })

  it('is no less than the base backoff for a date, because clocks differ', () => {
    const now = Date.UTC(1994, 10, 6, 8, 49, 37)
    const retryAfter = 'Sun, 06 Nov 1994 08:49:37 GMT'
    expect(httpFailure(503, { retryAfter, now: now + 3_600_000 }).retryAfterMs).toBe(2_000)
    expect(httpFailure(503, { retryAfter, now: now - 1 }).retryAfterMs).toBe(2_000)
    expect(httpFailure(503, { retryAfter, now: now - 9_000 }).retryAfterMs).toBe(9_000)
    expect(httpFailure(504, { retryAfter, now }).retryAfterMs).toBe(4_000)
  })

  it('needs a time that is a number', () => {
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY, '0' as unknown as number])
      expect(() => httpFailure(503, { retryAfter: '1', now })).toThrow(RangeError)
  })

  it('is not Max-Age with other codes, where that is about caches', () => {
    for (const code of ['4.00', '4.01', '5.00', '5.02', '5.04'])
      expect(coapFailure(code, { maxAge: 5 }).retryAfterMs).toBeUndefined()
  })

  it('is nothing where trying again does not help', () => {
    expect(httpFailure(413, { retryAfter: '120' }).retryAfterMs).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { FailureKind } from '../../src/failure/kind.ts'
import { coapResponseCodes } from '../../src/registry/generated/coap-response-codes.ts'

describe('the kinds', () => {
  const transient = [
    ['rate_limit', 2_000],
    ['server_error_500', 1_000],
    ['bad_gateway_502', 1_000],
    ['service_unavailable_503', 2_000],
    ['gateway_timeout_504', 4_000],
    ['network_error', 1_000],
  ] as const

  it.each(transient)(
    '%s is transient, with a base backoff of %d ms and nothing for a person to do',
    (name, ms) => {
      const kind = FailureKind.parse(name)
      expect(kind).toMatchObject({
        name,
        isTransient: true,
        baseBackoffMs: ms,
        isActionable: false,
        suggestedAction: 'retry',
      })
    },
  )

  const final = [
    ['auth_error', true, 'fix_config'],
    ['token_limit', true, 'fix_input'],
    ['parse_error', false, 'fix_peer'],
    ['cancelled', false, 'none'],
    ['timeout', true, 'fix_input'],
    ['policy_error', true, 'fix_policy'],
    ['policy_denied', true, 'handle_denial'],
    ['depth_exceeded', true, 'fix_policy'],
    ['panic', false, 'report'],
    ['internal', false, 'report'],
  ] as const

  it.each(final)('%s is final; a person can act: %s; suggested action: %s', (name, isActionable, action) => {
    const kind = FailureKind.parse(name)
    expect(kind).toMatchObject({ name, isTransient: false, isActionable, suggestedAction: action })
    expect(kind?.baseBackoffMs).toBeUndefined()
  })

  it('are frozen constants, each under its own name', () => {
    for (const kind of FailureKind.all) expect(Object.isFrozen(kind)).toBe(true)
    const constants = Object.entries(FailureKind).filter(([, value]) => value instanceof FailureKind)
    expect(new Set(constants.map(([, kind]) => kind))).toEqual(new Set(FailureKind.all))
  })

  it('are these sixteen', () => {
    const names = [...transient, ...final].map(([name]) => name)
    expect(FailureKind.all.map(({ name }) => name).sort()).toEqual(names.sort())
  })

  it('have server errors in 500, 502, 503 and 504 alone', () => {
    const names = FailureKind.all.filter(({ isServerError }) => isServerError).map(({ name }) => name)
    expect(names).toEqual([
      'server_error_500',
      'bad_gateway_502',
      'service_unavailable_503',
      'gateway_timeout_504',
    ])
  })

  it('have a phrase of their own, which is plain words and no code', () => {
    const phrases = FailureKind.all.map(({ phrase }) => phrase)
    expect(new Set(phrases).size).toBe(phrases.length)
    for (const phrase of phrases) expect(phrase).toMatch(/^[a-z][a-z ,]+[a-z]$/)
  })

  it('are parsed back from their names, as the same objects', () => {
    for (const kind of FailureKind.all) {
      expect(FailureKind.parse(kind.name)).toBe(kind)
      expect(FailureKind.parse(JSON.parse(JSON.stringify(kind)))).toBe(kind)
      expect(`${kind}`).toBe(kind.name)
    }
    for (const name of ['', 'RATE_LIMIT', 'rate limit', 'constructor', '429'])
      expect(FailureKind.parse(name)).toBeUndefined()
  })
})

describe('the kind of an HTTP status', () => {
  it.each([
    [401, FailureKind.AuthError],
    [403, FailureKind.AuthError],
    [408, FailureKind.NetworkError],
    [413, FailureKind.TokenLimit],
    [425, FailureKind.ServiceUnavailable],
    [429, FailureKind.RateLimit],
    [500, FailureKind.ServerError],
    [502, FailureKind.BadGateway],
    [503, FailureKind.ServiceUnavailable],
    [504, FailureKind.GatewayTimeout],
  ])('%d is %s', (status, kind) => {
    expect(FailureKind.fromHttpStatus(status)).toBe(kind)
  })

  it('is that of 500 for a 5xx that nobody registered (RFC 9110, Section 15)', () => {
    for (const status of [520, 555, 599])
      expect(FailureKind.fromHttpStatus(status)).toBe(FailureKind.ServerError)
  })

  it('is unknown where the status does not tell, or is no error', () => {
    for (const status of [
      100,
      200,
      201,
      304,
      400,
      404,
      405,
      410,
      501,
      505,
      511,
      600,
      0,
      -1,
      Number.NaN,
      429.5,
    ])
      expect(FailureKind.fromHttpStatus(status)).toBeUndefined()
  })
})

describe('the kind of a CoAP response code', () => {
  it.each([
    ['4.01', FailureKind.AuthError],
    ['4.03', FailureKind.AuthError],
    ['4.13', FailureKind.TokenLimit],
    ['4.29', FailureKind.RateLimit],
    ['5.00', FailureKind.ServerError],
    ['5.02', FailureKind.BadGateway],
    ['5.03', FailureKind.ServiceUnavailable],
    ['5.04', FailureKind.GatewayTimeout],
  ])('%s is %s', (code, kind) => {
    expect(FailureKind.fromCoapCode(code)).toBe(kind)
  })

  it('is that of 5.00 for one of class 5 that is not registered (RFC 7252, Section 5.2)', () => {
    for (const code of ['5.06', '5.07', '5.09', '5.31']) {
      expect(coapResponseCodes).not.toHaveProperty([code])
      expect(FailureKind.fromCoapCode(code)).toBe(FailureKind.ServerError)
    }
  })

  it('is unknown where the code does not tell, is no error, or is no code', () => {
    const codes = [
      '2.01',
      '2.05',
      '4.00',
      '4.02',
      '4.04',
      '4.05',
      '4.08',
      '4.15',
      '4.31',
      '5.01',
      '5.05',
      '5.08',
    ]
    for (const code of [...codes, '', '500', '5', '5.0', '5.003', '7.31', '4,01'])
      expect(FailureKind.fromCoapCode(code)).toBeUndefined()
  })
})

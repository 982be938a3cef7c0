import { inspect } from 'node:util'
import { decode } from 'cbor2'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DecodeError, type DecodeReason } from '../../src/cbor/decode-error.ts'
import { CoseError } from '../../src/cose/cose-error.ts'
import { catalogue, type FailureCode, type FailureEndpoint } from '../../src/failure/catalogue.ts'
import { Failure } from '../../src/failure/failure.ts'
import { FailureKind } from '../../src/failure/kind.ts'
import { AccessTokenRequest } from '../../src/message/access-token-request.ts'
import { ErrorCode } from '../../src/message/error-code.ts'
import { ErrorResponse } from '../../src/message/error-response.ts'
import { IntrospectionRequest } from '../../src/message/introspection-request.ts'
import { coapResponseCodes } from '../../src/registry/generated/coap-response-codes.ts'
import { type ErrorCodeName, errorCodes } from '../../src/registry/generated/error-codes.ts'
import { problemDetailKeys } from '../../src/registry/generated/problem-detail-keys.ts'
import { EncodeError } from '../../src/table/encode-error.ts'
import { ProtectionError } from '../../src/token/protection-error.ts'

const codes = [...catalogue.keys()]
const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex')

/** Everything of a failure that somebody outside may get to see, also by mistake. */
function views(failure: Failure) {
  return {
    errorResponse: hex(failure.toErrorResponse()?.toCbor()),
    json: failure.toJson(),
    problemDetails: hex(failure.toProblemDetails(4_711)),
    message: failure.message,
    text: String(failure),
    stringified: JSON.stringify(failure),
    members: { ...failure },
    kind: failure.kind.phrase,
    coapCode: failure.coapCode,
    httpStatus: failure.httpStatus,
  }
}

describe('a failure', () => {
  it('is an error with its code, kind, details and cause', () => {
    const cause = new Error('connection refused')
    const failure = new Failure('token_store_unavailable', {
      details: { host: 'db1' },
      cause,
      retryAfterMs: 2_000,
    })
    expect(failure).toBeInstanceOf(Error)
    expect(failure).toMatchObject({
      name: 'Failure',
      code: 'token_store_unavailable',
      kind: FailureKind.ServiceUnavailable,
      details: { host: 'db1' },
      retryAfterMs: 2_000,
      coapCode: '5.03',
      httpStatus: 503,
    })
    expect(failure.cause).toBe(cause)
    expect(Object.hasOwn(new Failure('token_store_unavailable'), 'cause')).toBe(false)
  })

  it('keeps its cause to itself where inspection is not its own, as that of an error that nobody caught', () => {
    const cause = Object.assign(new Error('S3CRET-1'), { client_secret: 'S3CRET-2' })
    const failure = new Failure('token_internal_error', { cause, details: { token: 'S3CRET-3' } })
    for (const showHidden of [false, true])
      expect(inspect(failure, { customInspect: false, depth: 9, showHidden })).not.toContain('S3CRET')
    expect({ ...failure }).not.toHaveProperty('cause')
    expect(structuredClone(failure).cause).toBeUndefined()
  })

  it('cannot have a code that is not in the catalogue', () => {
    for (const code of ['', 'token', 'toString', '__proto__'])
      expect(() => new Failure(code as FailureCode)).toThrow(RangeError)
  })

  it.each<FailureEndpoint>(['token', 'introspect', 'revoke', 'session', 'authz_info', 'access', 'client'])(
    'is made of whatever was thrown at %s, as an internal error',
    (endpoint) => {
      for (const thrown of [new TypeError('odd'), 'odd', undefined, null, { code: 'token_grant_expired' }]) {
        const failure = Failure.from(thrown, endpoint)
        expect(failure).toMatchObject({ code: `${endpoint}_internal_error`, kind: FailureKind.Internal })
        expect(failure.cause).toBe(thrown)
      }
      const failure = new Failure('token_grant_expired')
      expect(Failure.from(failure, endpoint)).toBe(failure)
    },
  )
})

describe('refused input', () => {
  const refused = (read: () => unknown): DecodeError => {
    try {
      read()
    } catch (error) {
      if (error instanceof DecodeError) return error
    }
    throw new Error('not refused')
  }
  const cbor = (bytes: string, options = {}) =>
    refused(() => AccessTokenRequest.fromCbor(new Uint8Array(Buffer.from(bytes, 'hex')), options))

  const real: [string, DecodeError, FailureCode, string][] = [
    ['truncated', cbor('a1'), 'token_request_malformed', 'invalid_request'],
    ['empty', cbor(''), 'token_request_malformed', 'invalid_request'],
    ['of trailing bytes', cbor('a000'), 'token_request_malformed', 'invalid_request'],
    ['of a wrong type', cbor('a11821f6'), 'token_request_malformed', 'invalid_request'],
    ['with a key twice', cbor('a2182101182102'), 'token_parameter_repeated', 'invalid_request'],
    [
      'without a token',
      refused(() => IntrospectionRequest.fromCbor(Uint8Array.of(0xa0))),
      'token_parameter_missing',
      'invalid_request',
    ],
    ['with an empty req_cnf', cbor('a104a0'), 'token_key_malformed', 'invalid_request'],
    [
      'too deep',
      cbor('a1192710818181818181818181818100', { maxDepth: 4 }),
      'token_nesting_too_deep',
      'invalid_request',
    ],
  ]

  it.each(real)('at the token endpoint: a request %s is the client’s fault', (_, error, code, name) => {
    const failure = Failure.from(error, 'token')
    expect(failure).toMatchObject({ code, coapCode: '4.00', httpStatus: 400, cause: error })
    expect(failure.toErrorResponse()?.error.name).toBe(name)
    expect(failure.details).toMatchObject({ reason: error.reason })
  })

  it('that is too large is 4.13', () => {
    const failure = Failure.from(cbor('a1181801', { maxBytes: 2 }), 'token')
    expect(failure).toMatchObject({ code: 'token_request_too_large', coapCode: '4.13', httpStatus: 413 })
  })

  it('in the scope is invalid_scope at the token endpoint (RFC 6749, Section 5.2)', () => {
    const failure = Failure.from(new DecodeError('invalid_value', 'scope'), 'token')
    expect(failure.toErrorResponse()?.error.name).toBe('invalid_scope')
  })

  const reasons: DecodeReason[] = [
    'truncated',
    'trailing_bytes',
    'reserved_head',
    'unexpected_break',
    'invalid_utf8',
    'duplicate_key',
    'unexpected_type',
    'missing_member',
    'invalid_value',
    'conflicting_members',
    'violation',
    'not_deterministic',
    'too_deep',
    'too_large',
  ]
  const endpoints = ['token', 'introspect', 'revoke', 'session', 'authz_info', 'access'] as const
  const paths = ['', 'scope', 'req_cnf.COSE_Key.crv', 'cnf.osc.ms', 'audience', 'access_token']

  it.each(endpoints)('is never the fault of %s: 4.xx, and told apart', (endpoint) => {
    for (const reason of reasons)
      for (const path of paths) {
        const failure = Failure.from(new DecodeError(reason, path, 'x', 3), endpoint)
        expect(failure.code.startsWith(`${endpoint}_`)).toBe(true)
        expect(failure.coapCode, failure.code).toBe(reason === 'too_large' ? '4.13' : '4.00')
        expect(failure.kind.isTransient).toBe(false)
        if (reason === 'too_deep') expect(failure.kind).toBe(FailureKind.DepthExceeded)
        if (reason === 'too_large') expect(failure.kind).toBe(FailureKind.TokenLimit)
      }
    const codes = [
      'truncated',
      'missing_member',
      'duplicate_key',
      'invalid_value',
      'too_deep',
      'too_large',
    ].map((reason) => Failure.from(new DecodeError(reason as DecodeReason), endpoint).code)
    expect(new Set(codes).size).toBe(6)
  })

  it('is a malformed response at the client', () => {
    for (const reason of reasons)
      expect(Failure.from(new DecodeError(reason), 'client').code).toBe('client_response_malformed')
  })

  it('that nobody has read yet is our own fault: what cannot be encoded', () => {
    const error = new EncodeError('no_cbor_form', 'x')
    expect(Failure.from(error, 'token').code).toBe('token_internal_error')
  })
})

describe('a refusal of COSE', () => {
  it.each([
    ['token', 'verification_failed', 'token_client_credentials_invalid', '4.01'],
    ['token', 'no_key', 'token_client_credentials_invalid', '4.01'],
    ['token', 'key_invalid', 'token_key_malformed', '4.00'],
    ['token', 'key_unsuitable', 'token_key_unsupported', '4.00'],
    ['token', 'wrong_structure', 'token_request_malformed', '4.00'],
    ['introspect', 'key_invalid', 'introspect_client_credentials_invalid', '4.01'],
    ['authz_info', 'wrong_structure', 'authz_info_token_malformed', '4.00'],
    ['authz_info', 'key_invalid', 'authz_info_key_unusable', '4.00'],
    ['authz_info', 'algorithm_not_allowed', 'authz_info_token_wrapper_invalid', '4.01'],
    ['access', 'verification_failed', 'access_possession_not_proven', '4.01'],
    ['access', 'key_unsuitable', 'access_key_unsuitable', '4.00'],
    ['client', 'key_unsuitable', 'client_key_unsuitable', undefined],
    ['client', 'verification_failed', 'client_response_malformed', undefined],
  ] as const)('at %s: %s is %s, %s', (endpoint, reason, code, coapCode) => {
    const error = new CoseError(reason, 'x')
    expect(Failure.from(error, endpoint)).toMatchObject({ code, coapCode, cause: error, details: { reason } })
  })

  it('is our own fault where the caller asked for what cannot be done, or the runtime cannot do it', () => {
    for (const error of [
      new CoseError('key_unsuitable', '', 'caller'),
      new CoseError('algorithm_unavailable'),
    ])
      for (const endpoint of ['token', 'authz_info', 'access', 'client'] as const)
        expect(Failure.from(error, endpoint).code).toBe(`${endpoint}_internal_error`)
  })

  it('as a ProtectionError of a token stays what it is', () => {
    const error = new ProtectionError('no_key')
    expect(Failure.from(error, 'authz_info')).toBe(error)
  })
})

describe('what a client meets', () => {
  it.each([
    ['client_network_error', Object.assign(new Error('x'), { code: 'ECONNREFUSED' })],
    ['client_network_error', new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } })],
    ['client_cancelled', new DOMException('x', 'AbortError')],
    ['client_timeout', new DOMException('x', 'TimeoutError')],
    ['client_internal_error', new TypeError('x is not a function')],
  ] as const)('is %s', (code, error) => {
    expect(Failure.from(error, 'client')).toMatchObject({ code, cause: error })
    expect(Failure.from(error, 'token').code).toBe('token_internal_error')
  })
})

describe('the error response', () => {
  it('is the error and nothing else: four bytes [R9200-5.8.3-1, R9200-5.8.3-3, R9200-5.8.3-4]', () => {
    const response = new Failure('token_grant_expired').toErrorResponse()
    expect(response).toBeInstanceOf(ErrorResponse)
    expect(response?.error).toBe(ErrorCode.InvalidGrant)
    expect(hex(response?.toCbor())).toBe('a1181e03')
  })

  it.each(codes)('of %s has the error of the catalogue, if CBOR has it', (code) => {
    const { error } = catalogue.get(code)!
    const expected = error === undefined ? undefined : ErrorCode.named(error)
    const response = new Failure(code).toErrorResponse()
    expect(response?.error).toBe(expected?.value === undefined ? undefined : expected)
  })

  it('is none where no error has an integer: store and internal failures, errors of RFC 6750 and RFC 7009', () => {
    for (const code of [
      'token_store_unavailable',
      'token_internal_error',
      'revoke_token_type_unsupported',
    ] as const)
      expect(new Failure(code).toErrorResponse()).toBeUndefined()
  })
})

describe('the JSON', () => {
  it('has the members of RFC 6749, Section 5.2, and the code with its sentence beside them', () => {
    expect(new Failure('token_grant_expired').toJson()).toEqual({
      error: 'invalid_grant',
      error_description: 'the grant is not valid',
      detail: { status: 'error', code: 'token_grant_expired', message: 'the grant is not valid' },
    })
  })

  it('has none of those members where OAuth has no error', () => {
    const { sentence } = catalogue.get('introspect_store_unavailable')!
    expect(new Failure('introspect_store_unavailable').toJson()).toEqual({
      detail: { status: 'error', code: 'introspect_store_unavailable', message: sentence },
    })
  })

  it('has errors that CBOR has no integer for', () => {
    expect(new Failure('revoke_token_type_unsupported').toJson()).toMatchObject({
      error: 'unsupported_token_type',
    })
  })
})

describe('the problem details (RFC 9290)', () => {
  const { detail, 'response-code': responseCode } = problemDetailKeys

  it('have the sentence and the response code [R9290-2-4, R9290-x-1]', () => {
    const bytes = new Failure('token_store_unavailable').toProblemDetails()!
    const members: [number, unknown][] = [
      [detail, catalogue.get('token_store_unavailable')!.sentence],
      [responseCode, coapResponseCodes['5.03']],
    ]
    expect(decode(bytes)).toEqual(new Map(members))
  })

  it('have the ace-error entry where its key is given and the error has an integer', () => {
    for (const code of codes) {
      const { sentence, coapCode, error } = catalogue.get(code)!
      const bytes = new Failure(code).toProblemDetails(4_711)
      if (!bytes) continue
      const value = errorCodes[error as ErrorCodeName] as number | undefined
      const entry: [number, unknown][] = value === undefined ? [] : [[4_711, new Map([[0, value]])]]
      // In this order: it is the deterministic encoding (RFC 8949, Section 4.2.1).
      const members = [...entry, [detail, sentence], [responseCode, coapResponseCodes[coapCode!]]]
      expect([...decode<Map<number, unknown>>(bytes)], code).toEqual(members)
    }
    for (const key of [-1, 0.5, Number.NaN])
      expect(() => new Failure('token_grant_expired').toProblemDetails(key)).toThrow(RangeError)
  })

  it('are left to servers', () => {
    expect(new Failure('client_timeout').toProblemDetails()).toBeUndefined()
  })
})

describe('an introspection that is not permitted', () => {
  it('has no payload of any form [R9200-5.9.3-3]', () => {
    const failure = new Failure('introspect_not_permitted')
    expect(failure).toMatchObject({ coapCode: '4.03', httpStatus: 403 })
    expect([failure.toErrorResponse(), failure.toJson(), failure.toProblemDetails(1)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

const anyCode = fc.constantFrom(...codes)
const anyDetails = fc.dictionary(
  fc.string(),
  fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  }),
)

describe('what the outside sees', () => {
  it('is the same whatever the details, the cause and the wait are [R9200-6.8-1]', () => {
    fc.assert(
      fc.property(anyCode, anyDetails, fc.anything(), (code, details, cause) => {
        expect(views(new Failure(code, { details, cause }))).toEqual(views(new Failure(code)))
      }),
    )
  })

  it('has no limit, counter, identifier, scope, name of a tool, stack or text of a cause', () => {
    const details = {
      limit: 90_210,
      used: 90_211,
      clientId: 'client-x17',
      session: { id: 'session-x17', scope: ['scope-x17', new Set(['scope-x18'])] },
      tool: new Map([['name', 'tool-x17']]),
      at: new Date(),
    }
    const cause = new Error('select x17 failed', { cause: new RangeError('disk-x17') })
    for (const code of codes) {
      const failure = new Failure(code, { details, cause })
      const seen = JSON.stringify(views(failure))
      expect(seen).not.toMatch(/x17|x18|9021|\.ts/)
      const log = JSON.stringify(failure.toLog())
      for (const text of [
        '90210',
        '90211',
        'client-x17',
        'session-x17',
        'scope-x18',
        'tool-x17',
        'select x17',
        'disk-x17',
      ])
        expect(log).toContain(text)
      expect(inspect(failure, { depth: 9 })).toContain('client-x17')
    }
  })
})

describe('the log', () => {
  it('has the code, the kind, the wait, the details, the cause and the stack', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })
    const details = { table: 'tokens', attempts: 3 }
    const failure = new Failure('token_store_unavailable', { details, cause, retryAfterMs: 2_000 })
    expect(failure.toLog()).toEqual({
      code: 'token_store_unavailable',
      kind: 'service_unavailable_503',
      retryAfterMs: 2_000,
      details,
      cause: {
        name: 'Error',
        message: 'connect ECONNREFUSED 127.0.0.1:5432',
        code: 'ECONNREFUSED',
        stack: expect.stringMatching(/^ *at .*failure\.test\.ts/),
      },
      stack: expect.stringMatching(/^Failure: token_store_unavailable: .*\n +at /),
    })
    expect(new Failure('client_timeout').toLog()).toEqual({
      code: 'client_timeout',
      kind: 'timeout',
      details: {},
      stack: expect.any(String),
    })
  })

  it('shows a failure that is a cause with its own code, kind and details', () => {
    const cause = new Failure('token_store_unavailable', { details: { host: 'db1' } })
    expect(new Failure('token_internal_error', { cause }).toLog().cause).toMatchObject({
      name: 'Failure',
      code: 'token_store_unavailable',
      kind: 'service_unavailable_503',
      details: { host: 'db1' },
    })
  })

  it('is JSON, and is made of whatever there is', () => {
    fc.assert(
      fc.property(anyCode, anyDetails, fc.anything(), (code, details, cause) => {
        const log = new Failure(code, { details, cause }).toLog()
        expect(JSON.parse(JSON.stringify(log))).toMatchObject({ code })
        expect(inspect(new Failure(code, { details, cause }))).toContain(code)
      }),
    )
  })
})

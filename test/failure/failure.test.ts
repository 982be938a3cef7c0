import { inspect } from 'node:util'
import { decode } from 'cbor2'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue, type FailureCode, type FailureEndpoint } from '../../src/failure/catalogue.ts'
import { Failure } from '../../src/failure/failure.ts'
import { FailureKind } from '../../src/failure/kind.ts'
import { ErrorCode } from '../../src/message/error-code.ts'
import { ErrorResponse } from '../../src/message/error-response.ts'
import { coapResponseCodes } from '../../src/registry/generated/coap-response-codes.ts'
import { type ErrorCodeName, errorCodes } from '../../src/registry/generated/error-codes.ts'
import { problemDetailKeys } from '../../src/registry/generated/problem-detail-keys.ts'

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

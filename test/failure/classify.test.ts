import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CborValue, encodeValue } from '../../src/cbor/any-value.ts'
import { type AuthFailureKind, classifyFailure, type FailureEvidence } from '../../src/failure/classify.ts'
import { gatherFacts } from '../../src/failure/classify-facts.ts'
import { classifyRules, patternOf, remedies } from '../../src/failure/classify-rules.ts'
import { ErrorCode } from '../../src/message/error-code.ts'
import { ErrorResponse } from '../../src/message/error-response.ts'

type Content = string | { hex: string }
type ErrorJson = { name: string; message: string; cause?: ErrorJson; errors?: ErrorJson[] }
interface Case {
  id: string
  evidence: {
    http?: { status: number; headers?: Record<string, string>; body?: Content }
    coap?: { code: string; contentFormat?: number; payload?: Content }
    error?: ErrorJson
    cli?: { exitCode: number; stdout?: string; stderr?: string }
  }
  expect: AuthFailureKind | null
  split: 'tuning' | 'held-out'
}

const corpus = JSON.parse(readFileSync('vectors/auth-failures.json', 'utf8')) as { cases: Case[] }
const schema = JSON.parse(readFileSync('vectors/auth-failures.schema.json', 'utf8'))

const content = (from: Content | undefined) =>
  typeof from === 'object' ? new Uint8Array(Buffer.from(from.hex, 'hex')) : from

function thrown({ name, message, cause, errors, ...others }: ErrorJson): Error {
  const error = errors ? new AggregateError(errors.map(thrown), message) : new Error(message)
  if (cause) error.cause = thrown(cause)
  return Object.assign(error, { name }, others)
}

function evidenceOf({ evidence: { http, coap, error, cli } }: Case): FailureEvidence {
  return {
    http: http && { ...http, body: content(http.body) },
    coap: coap && { ...coap, payload: content(coap.payload) },
    error: error && thrown(error),
    cli,
  }
}

const kindOf = (evidence: unknown) => classifyFailure(evidence as FailureEvidence)?.kind
const judged = corpus.cases.map((row) => ({ ...row, got: classifyFailure(evidenceOf(row)) }))

describe('the corpus', () => {
  it('keeps to its schema', () => {
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema)
    expect(validate(corpus), JSON.stringify(validate.errors)).toBe(true)
  })

  it('is large, has many near misses, and a part that the rules were not fitted to', () => {
    const count = (fits: (row: Case) => boolean) => corpus.cases.filter(fits).length
    expect(new Set(corpus.cases.map(({ id }) => id)).size).toBe(corpus.cases.length)
    expect(corpus.cases.length).toBeGreaterThanOrEqual(1_500)
    expect(count((row) => row.expect === null)).toBeGreaterThanOrEqual(600)
    expect(count((row) => row.split === 'held-out') / corpus.cases.length).toBeGreaterThan(0.2)
  })

  it('prints how its kinds are told apart', () => {
    const kinds = [...Object.keys(remedies), 'none'] as const
    const nameOf = (kind: string | null | undefined) => kind ?? 'none'
    for (const split of ['tuning', 'held-out']) {
      const table = kinds.map((expected) => {
        const rows = judged.filter((row) => row.split === split && nameOf(row.expect) === expected)
        const got = kinds.map((kind) => [kind, rows.filter((row) => nameOf(row.got?.kind) === kind).length])
        return [expected, Object.fromEntries(got)]
      })
      console.info(`${split}: expected in rows, got in columns`)
      console.table(Object.fromEntries(table))
    }
  })

  it.each(['tuning', 'held-out'])('%s: no false positive; nine of ten found, and told apart', (split) => {
    const rows = judged.filter((row) => row.split === split)
    const failures = rows.filter((row) => row.expect)
    const found = failures.filter((row) => row.got)
    const right = found.filter((row) => row.got?.kind === row.expect)
    const falsePositives = rows.filter((row) => !row.expect && row.got)
    console.info(
      `${split}: ${rows.length - failures.length} others, ${falsePositives.length} taken for authentication failures; ` +
        `${failures.length} authentication failures, ${((100 * found.length) / failures.length).toFixed(1)} % found, ` +
        `${((100 * right.length) / found.length).toFixed(1)} % of these with the right kind`,
    )
    expect(falsePositives.map(({ id, got }) => `${id}: ${got?.evidence}`)).toEqual([])
    expect(found.length / failures.length).toBeGreaterThanOrEqual(0.9)
    expect(right.length / found.length).toBeGreaterThanOrEqual(0.95)
  })

  it('is judged the same whether a body is text or bytes', () => {
    const bytes = (body: unknown) => (typeof body === 'string' ? new TextEncoder().encode(body) : body)
    for (const row of judged) {
      const { http, coap, error, cli } = evidenceOf(row)
      const same = {
        http: http && { ...http, body: bytes(http.body) },
        coap: coap && { ...coap, payload: bytes(coap.payload) },
        error,
        cli: cli && { ...cli, stderr: bytes(cli.stderr), stdout: bytes(cli.stdout) },
      }
      expect(classifyFailure(same as FailureEvidence), row.id).toEqual(row.got)
    }
  })
})

describe('near misses: what looks like an authentication failure and is none', () => {
  const nearMisses: [string, FailureEvidence][] = [
    ['an unknown audience with 403', { http: { status: 403, body: '{"error":"Unknown audience api"}' } }],
    ['an unknown audience with 4.03', { coap: { code: '4.03', payload: 'unknown audience' } }],
    [
      'an unknown resource with 404',
      { http: { status: 404, body: '{"error":"unauthorized or not found"}' } },
    ],
    [
      'a model that may not exist',
      {
        http: {
          status: 403,
          body: '{"error":{"message":"The model x does not exist or you do not have access to it."}}',
        },
      },
    ],
    [
      'an object that may not exist',
      { http: { status: 403, body: '{"message":"Permission denied on resource (or it may not exist)."}' } },
    ],
    [
      'an expired certificate of the server',
      { error: Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' }) },
    ],
    [
      'an expired certificate of the token endpoint',
      { error: new Error('token endpoint: the certificate has expired') },
    ],
    ['an expired cache entry', { error: new Error('cache entry for access token expired') }],
    ['a cookie parser', { error: new Error('cookieParser("secret") required for signed cookies') }],
    [
      'a path with auth in it',
      { error: new Error("ENOENT: no such file, open '/srv/auth/expired-token.json'") },
    ],
    ['a host with auth in it', { error: new Error('getaddrinfo ENOTFOUND auth.example.com') }],
    ['a CSRF token', { http: { status: 403, body: 'CSRF token expired' } }],
    ['a page token', { http: { status: 400, body: '{"message":"The page token has expired"}' } }],
    ['a parser’s token', { error: new SyntaxError('Unexpected token < in JSON at position 0') }],
    ['a test about a 401', { cli: { exitCode: 1, stderr: 'AssertionError: expected 401, token expired' } }],
    ['the output of a command that ended well', { cli: { exitCode: 0, stderr: 'error: token expired' } }],
    ['what a command prints', { cli: { exitCode: 1, stdout: 'docs.md: Bad credentials' } }],
    ['a firewall', { http: { status: 403, body: '<html><title>Access denied</title></html>' } }],
    ['the client may not use this grant', { http: { status: 400, body: '{"error":"unauthorized_client"}' } }],
    ['a nonce wanted for DPoP', { http: { status: 401, body: '{"error":"use_dpop_nonce"}' } }],
    ['a bad option of CoAP', { coap: { code: '4.02' } }],
    ['a token response', { http: { status: 200, body: '{"access_token":"x","message":"token expired"}' } }],
  ]

  it.each(nearMisses)('%s', (_, evidence) => {
    expect(classifyFailure(evidence)).toBeUndefined()
  })
})

describe('what decides', () => {
  it('knows each registered error of RFC 9200 from its CBOR', () => {
    const kinds: Record<string, AuthFailureKind | undefined> = {
      invalid_client: 'invalid_credentials',
      invalid_grant: 'invalid_credentials',
    }
    for (const code of Object.values(ErrorCode).filter((value) => value instanceof ErrorCode)) {
      const payload = ErrorResponse.builder().error(code).build().toCbor()
      expect(kindOf({ coap: { code: '4.00', payload } }), code.name).toBe(kinds[code.name!])
    }
  })

  it('reads the description of a CBOR error', () => {
    const denied = ErrorResponse.builder().error('invalid_grant').description('refresh token expired').build()
    expect(classifyFailure({ coap: { code: '4.00', contentFormat: 19, payload: denied.toCbor() } })).toEqual({
      kind: 'expired',
      evidence: '"token expired" in coap.payload.error_description',
      remedy: remedies.expired,
    })
  })

  it('learns the same from an error response in CBOR and in JSON', () => {
    const codes = fc.oneof(
      fc.constantFrom(...Object.values(ErrorCode).filter((value) => value instanceof ErrorCode)),
      fc.bigInt({ min: -(2n ** 64n), max: -65_537n }).map(ErrorCode.other),
    )
    const texts = fc.option(fc.stringMatching(/^[ a-zA-Z]{1,40}$/), { nil: undefined })
    fc.assert(
      fc.property(codes, texts, fc.constantFrom('x', undefined), (code, description, uri) => {
        const denied = ErrorResponse.builder().error(code).description(description).uri(uri).build()
        const facts = (payload: unknown) => gatherFacts({ coap: { code: '4.01', payload } })
        expect(facts(denied.toCbor())).toEqual(facts(JSON.stringify(denied.toJson())))
      }),
    )
  })

  it('takes the status where nothing else is said', () => {
    expect(classifyFailure({ http: { status: 401 } })).toMatchObject({
      kind: 'other',
      evidence: '401 in http.status',
    })
    expect(kindOf({ http: { status: 403 } })).toBe('other')
    expect(kindOf({ http: { status: 429 } })).toBe('rate_limit')
    expect(kindOf({ coap: { code: '4.01' } })).toBe('other')
    expect(kindOf({ coap: { code: '4.03' } })).toBe('other')
    expect(kindOf({ coap: { code: '4.29' } })).toBe('rate_limit')
    expect(kindOf({ http: { status: 500 } })).toBeUndefined()
  })

  it('takes a challenge without error for a request without credentials: RFC 6750 section 3.1', () => {
    const http = { status: 401, headers: { 'WWW-Authenticate': 'Bearer realm="missing token"' } }
    expect(kindOf({ http })).toBe('not_authenticated')
    expect(kindOf({ http: { ...http, headers: new Headers(http.headers) } })).toBe('not_authenticated')
    const wrong = 'Bearer error="invalid_token"'
    expect(kindOf({ http: { status: 401, headers: new Headers({ 'www-authenticate': wrong }) } })).toBe(
      'invalid_credentials',
    )
  })

  it('takes a login that failed inside a server for that server’s', () => {
    const cause = new Error('CKR_PIN_INCORRECT')
    expect(kindOf({ error: cause })).toBe('invalid_credentials')
    expect(kindOf({ http: { status: 500, body: 'signing failed: CKR_PIN_INCORRECT' } })).toBe(
      'provider_error',
    )
  })

  it('finds it among causes, aggregated errors and the answers inside errors', () => {
    const expired = Object.assign(new Error('jwt expired'), { name: 'TokenExpiredError' })
    const wrapped = new Error('request failed', { cause: new Error('refresh failed', { cause: expired }) })
    expect(classifyFailure({ error: wrapped })?.evidence).toContain('error.cause.cause')
    expect(kindOf({ error: new AggregateError([new Error('ECONNREFUSED'), expired]) })).toBe('expired')
    const response = { status: 400, data: { error: 'invalid_client' } }
    expect(kindOf({ error: Object.assign(new Error('failed'), { response }) })).toBe('invalid_credentials')
    expect(kindOf({ error: 'HTTP 401: Bad credentials' })).toBe('invalid_credentials')
  })
})

describe('an error code of OAuth or ACE', () => {
  const wrappers: ((code: string) => FailureEvidence)[] = [
    (error) => ({ http: { status: 400, body: JSON.stringify({ error }) } }),
    (error) => ({ http: { status: 400, body: `error=${error}&error_description=see+the+docs` } }),
    (error) => ({
      http: { status: 401, headers: { 'www-authenticate': `Bearer realm="x", error="${error}"` } },
    }),
    (error) => ({
      error: Object.assign(new Error('server responded with an error'), { error, status: 400 }),
    }),
    (error) => ({
      error: Object.assign(new Error('Bad Request'), { response: { status: 400, data: { error } } }),
    }),
    (error) => ({ error: new Error(`${error} (see the docs)`) }),
    (error) => ({ error: new Error(`oauth2: "${error}" "see the docs"`) }),
    (error) => ({ error: new Error(`OAuthError: ${error}: see the docs`) }),
    (error) => ({ error: new Error(`oauthlib.errors.SomeError: (${error}) see the docs`) }),
    (error) => ({ error: new Error(`cannot fetch token: Response: {"error":"${error}"}`) }),
    (error) => ({ cli: { exitCode: 1, stderr: `ERROR: ('${error}: Bad Request', {'error': '${error}'})` } }),
  ]
  const kinds: [string, AuthFailureKind | undefined][] = [
    ['invalid_client', 'invalid_credentials'],
    ['invalid_grant', 'invalid_credentials'],
    ['invalid_token', 'invalid_credentials'],
    ['invalid_dpop_proof', 'invalid_credentials'],
    ['expired_token', 'expired'],
    ['slow_down', 'rate_limit'],
    ['login_required', 'not_authenticated'],
    ['insufficient_scope', 'other'],
    ['interaction_required', 'other'],
    ['temporarily_unavailable', 'provider_error'],
    ['invalid_request', undefined],
    ['invalid_scope', undefined],
    ['invalid_target', undefined],
    ['unsupported_grant_type', undefined],
    ['unsupported_pop_key', undefined],
    ['incompatible_ace_profiles', undefined],
    ['authorization_pending', undefined],
    ['use_dpop_nonce', undefined],
  ]

  it.each(kinds)('%s decides, however a library wraps it: %s', (code, kind) => {
    for (const wrap of wrappers) expect(kindOf(wrap(code)), JSON.stringify(wrap(code))).toBe(kind)
  })

  it('decides before the words around it', () => {
    const words = 'no credentials: please log in, token expired, too many requests, wrong password'
    const body = (error: string) => JSON.stringify({ error, error_description: words })
    expect(kindOf({ http: { status: 401, body: body('invalid_client') } })).toBe('invalid_credentials')
    expect(kindOf({ http: { status: 400, body: body('invalid_scope') } })).toBeUndefined()
    expect(kindOf({ http: { status: 400, body: body('slow_down') } })).toBe('rate_limit')
  })

  const words = [
    'token expired',
    'invalid password',
    'invalid_grant',
    'invalid_client',
    'please log in',
    'slow_down',
  ]
  it.each(words)('and words in the data of a peer decide nothing: %s', (word) => {
    for (const member of ['scope', 'audience', 'resource', 'path', 'host', 'state', 'username']) {
      const body = JSON.stringify({ error: 'invalid_request', [member]: word })
      expect(kindOf({ http: { status: 400, body } })).toBeUndefined()
      expect(kindOf({ error: new Error(`sent {"${member}":"${word}"}, connection refused`) })).toBeUndefined()
    }
    expect(
      kindOf({ error: new Error(`connect to https://h/${word.replaceAll(' ', '-')}/x failed`) }),
    ).toBeUndefined()
    const hints = encodeValue(
      new Map<CborValue, CborValue>([
        [1, `coaps://as.example.com/${word}`],
        [5, word],
        [9, word],
      ]),
    )
    expect(kindOf({ coap: { code: '4.01', contentFormat: 19, payload: hints } })).toBe('other')
    expect(kindOf({ coap: { code: '4.00', contentFormat: 19, payload: hints } })).toBeUndefined()
  })
})

describe('whatever is passed', () => {
  /** An object that has every member, each such an object again; counts how often it is asked. */
  function endless(count: { gets: number }): object {
    return new Proxy(() => {}, {
      get: (_, key) => {
        count.gets++
        return key === Symbol.toPrimitive || key === 'get' ? undefined : endless(count)
      },
    })
  }

  it('never throws, and answers in the form that is promised', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
    })
    const members = fc.record(
      {
        http: fc.oneof(anything, fc.record({ status: anything, headers: anything, body: anything })),
        coap: fc.oneof(anything, fc.record({ code: fc.string(), payload: fc.uint8Array() })),
        error: anything,
        cli: fc.oneof(anything, fc.record({ exitCode: fc.integer(), stdout: anything, stderr: anything })),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(anything, members), (evidence) => {
        const failure = classifyFailure(evidence as FailureEvidence)
        if (!failure) return
        expect(failure.remedy).toBe(remedies[failure.kind])
        expect(failure.evidence).toMatch(/ in [a-z]/)
      }),
      { numRuns: 2_000 },
    )
  })

  it('never throws for damaged bodies of the corpus', () => {
    const bodies = corpus.cases.flatMap(
      ({ evidence }) => content(evidence.http?.body ?? evidence.coap?.payload) ?? [],
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...bodies),
        fc.nat(),
        fc.uint8Array({ maxLength: 8 }),
        (body, at, damage) => {
          const bytes = new Uint8Array([...Buffer.from(body as string), ...damage])
          bytes.set(damage, at % (bytes.length - damage.length + 1))
          classifyFailure({ http: { status: 401, body: bytes } })
          classifyFailure({ coap: { code: '4.01', payload: bytes.subarray(at % bytes.length) } })
        },
      ),
    )
  })

  it('survives hostile getters, proxies, and cycles', () => {
    const refuses = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no')
        },
        getPrototypeOf: () => {
          throw new Error('no')
        },
        ownKeys: () => {
          throw new Error('no')
        },
      },
    )
    const { proxy: revoked, revoke } = Proxy.revocable([], {})
    revoke()
    const cycle: Error = new Error('token expired')
    cycle.cause = new AggregateError([cycle, refuses], 'again', { cause: cycle })
    const unprintable = { [Symbol.toPrimitive]: () => ({}), toString: 1 }
    for (const value of [refuses, revoked, unprintable, Symbol('x'), 1n, null, Number.NaN]) {
      classifyFailure(value as FailureEvidence)
      const parts = { status: value, headers: value, body: value, code: value, payload: value, stderr: value }
      expect(kindOf({ http: parts, coap: parts, cli: parts, error: value })).toBeUndefined()
    }
    expect(kindOf({ error: cycle })).toBe('expired')
  })

  it('looks into 64 objects and no more', () => {
    const count = { gets: 0 }
    classifyFailure({ error: endless(count) })
    expect(count.gets).toBe(0) // functions say nothing
    const object = (): object =>
      new Proxy(
        {},
        {
          get: (_, key) => {
            count.gets++
            return key === Symbol.toPrimitive ? undefined : object()
          },
        },
      )
    classifyFailure({ error: object() })
    expect(count.gets).toBeGreaterThan(64)
    expect(count.gets).toBeLessThan(64 * 64)
    let deep: object = { message: 'token expired' }
    for (let i = 0; i < 1_000_000; i++) deep = { cause: deep }
    expect(kindOf({ error: deep })).toBeUndefined()
  })

  it('reads 16,384 characters or bytes and no more', () => {
    const filler = (length: number) => 'lorem ipsum '.repeat(length / 12 + 1).slice(0, length)
    const said = 'Bad credentials.'
    const before = `${filler(16_384 - 100)}${said}`
    const after = `${filler(16_384)}${said}`
    const huge = `${filler(20_000_000)}${said}`
    const bytes = (text: string) => new TextEncoder().encode(text)
    expect(kindOf({ http: { status: 400, body: before } })).toBe('invalid_credentials')
    expect(kindOf({ http: { status: 400, body: bytes(before) } })).toBe('invalid_credentials')
    expect(kindOf({ error: new Error(before) })).toBe('invalid_credentials')
    for (const text of [after, huge]) {
      expect(kindOf({ http: { status: 400, body: text } })).toBeUndefined()
      expect(kindOf({ http: { status: 400, body: bytes(text) } })).toBeUndefined()
      expect(kindOf({ error: new Error(text) })).toBeUndefined()
      expect(kindOf({ cli: { exitCode: 1, stderr: text } })).toBeUndefined()
    }
    expect(kindOf({ http: { status: 400, body: '['.repeat(20_000_000) } })).toBeUndefined()
  })

  it('quotes none of a secret', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9+/=_-]{8,40}$/)
    const sentences = [
      (s: string) => `token ${s} has expired`,
      (s: string) => `invalid api key: ${s}`,
      (s: string) => `API key ${s} not valid`,
      (s: string) => `reauth ${s} failed`,
      (s: string) => `access denied for user '${s}' (using password: NO)`,
      (s: string) => `expired or revoked token ${s}`,
      (s: string) => `missing or invalid ${s} token`,
      (s: string) => `permission denied (${s}publickey)`,
      (s: string) =>
        `{"error":"invalid_grant","error_description":"refresh token ${s} expired","refresh_token":"${s}"}`,
      (s: string) => `ckr_device_${s}`,
      (s: string) => `arn:aws:kms:${s} is disabled`,
      (s: string) => `please run: tool ${s} login`,
    ]
    fc.assert(
      fc.property(secret, fc.constantFrom(...sentences), (value, sentence) => {
        const text = sentence(value)
        const parts: FailureEvidence[] = [
          { http: { status: 401, headers: { 'www-authenticate': `Bearer ${value}` }, body: text } },
          { coap: { code: '4.01', payload: text } },
          { error: new Error(text) },
          { cli: { exitCode: 1, stderr: text } },
        ]
        for (const part of parts) {
          const failure = classifyFailure(part)
          const told = `${failure?.evidence} ${failure?.remedy}`.toLowerCase()
          expect(told).not.toContain(value.toLowerCase())
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('the rules', () => {
  const phrases = classifyRules.flatMap(({ says = [] }) => says)
  // what must not be there is not quoted, so that it may be anything
  const quoted = (phrase: string) => phrase.replace(/\(\?!\.\{0,\d+\}/g, '(?!')
  const said = corpus.cases.flatMap((row) => gatherFacts(evidenceOf(row)).texts.map(({ text }) => text))

  it.each(phrases)('%s', (phrase) => {
    // linear: no repetition without a bound
    expect(quoted(phrase)).not.toMatch(/(?<!\\)[*+]|\{\d+,\}/)
    // quotes nothing of the sender's: no wildcard but …
    expect(quoted(phrase).replace(/\\./g, '')).not.toMatch(/\.|\[\^/)
    // is looked for in lower case
    const rest = phrase.replaceAll('CREDENTIAL', '')
    expect(rest).toBe(rest.toLowerCase())
    // is measured
    expect(said.some((text) => patternOf([phrase]).test(text))).toBe(true)
  })

  it('say something, or name a status or an error code', () => {
    for (const { status, error, says } of classifyRules) expect(status ?? error ?? says).toBeTruthy()
  })

  it('have a remedy of one sentence for each kind', () => {
    for (const remedy of Object.values(remedies)) expect(remedy).toMatch(/^[A-Z][^.]+\.$/)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AccessTokenRequest,
  AccessTokenResponse,
  CreationHints,
  DecodeError,
  decodeAif,
  ErrorCode,
  encodeAif,
  IntrospectionRequest,
  IntrospectionResponse,
  problemDetailsWith,
  RevocationRequest,
} from '../../src/index.ts'
import { fromHex, refusal } from '../cbor/bytes.ts'

const classes = {
  AccessTokenRequest,
  AccessTokenResponse,
  CreationHints,
  IntrospectionRequest,
  IntrospectionResponse,
  RevocationRequest,
  ProblemDetails: problemDetailsWith(2),
}

describe('JSON.stringify and Response.json', () => {
  const messages = [
    new AccessTokenRequest({ audience: 'rs1', scope: 'read', grant_type: 'client_credentials' }),
    new AccessTokenResponse({ access_token: 'abc', expires_in: 2n ** 60n, cnf: { kid: 'k' } }),
    new CreationHints({ AS: 'coaps://as.example/token', cnonce: Uint8Array.of(1) }),
    new IntrospectionRequest({ token: 'abc' }),
    new IntrospectionResponse({ active: true, aud: ['a', 'b'] }),
    new RevocationRequest({ token: 'abc' }),
    new (problemDetailsWith(2))({ title: 'No', 'ace-error': { error: 'invalid_grant' } }),
  ]
  for (const message of messages)
    it(`give the JSON twin: ${message.constructor.name}`, async () => {
      const twin = message.toJson()
      expect(Object.keys(twin).length).toBeGreaterThan(0)
      expect(message.toJSON()).toEqual(twin)
      expect(JSON.parse(JSON.stringify(message))).toEqual(twin)
      expect(JSON.parse(JSON.stringify({ nested: [message] }))).toEqual({ nested: [twin] })
      expect(await Response.json(message).json()).toEqual(twin)
    })
})

describe('JSON of whatever value (fromJson)', () => {
  const read = (json: unknown, options?: object) => refusal(() => AccessTokenRequest.fromJson(json, options))
  const throwing = {
    get scope(): never {
      throw new SyntaxError('mine')
    },
  }
  const proxy = new Proxy(
    {},
    {
      ownKeys() {
        throw new EvalError('mine')
      },
    },
  )
  const circle: Record<string, unknown> = {}
  circle['x'] = circle
  class Own {
    readonly scope = 'a'
  }

  it.each([
    ['a getter that throws', throwing],
    ['a getter that throws, further down', { req_cnf: { jwk: throwing } }],
    ['a getter that throws, in an unknown member', { x: [throwing] }],
    ['a proxy that throws', proxy],
    ['a circle', circle],
    ['a function', { x: () => 1 }],
    ['a symbol', { x: Symbol('a') }],
    ['a bigint', { x: 1n }],
    ['NaN', { x: Number.NaN }],
    ['a hole in an array', { x: new Array(2) }],
    ['undefined in an array', { x: [undefined] }],
    ['a Map', new Map([['scope', 'a']])],
    ['a Date', new Date(0)],
    ['a form', new URLSearchParams('scope=a')],
    ['bytes', Uint8Array.of(1)],
    ['another message', new AccessTokenRequest({ scope: 'a' })],
    ['an instance of a class', new Own()],
    ['undefined', undefined],
    ['a text', '{"scope":"a"}'],
  ])('%s is refused as a DecodeError', (_, json) => {
    expect(read(json)).toMatchObject({ name: 'DecodeError' })
  })

  it('reads a getter once, and takes what it gives', () => {
    let times = 0
    const json = {
      get scope() {
        times++
        return 'read'
      },
    }
    expect(AccessTokenRequest.fromJson(json).scope).toBe('read')
    expect(times).toBe(1)
  })

  it('leaves out members that are undefined, as JSON.stringify does', () => {
    expect(AccessTokenRequest.fromJson({ scope: undefined, x: undefined }).unknown).toEqual([])
  })

  it('takes an object without a prototype', () => {
    expect(AccessTokenRequest.fromJson(Object.assign(Object.create(null), { scope: 'a' })).scope).toBe('a')
  })

  it('looks up no prototype', () => {
    const json = JSON.parse('{"__proto__":{"scope":"admin"},"constructor":1,"toString":2}')
    const request = AccessTokenRequest.fromJson(json)
    expect(request.scope).toBeUndefined()
    expect(request.unknown.map((member) => 'name' in member && member.name)).toEqual([
      '__proto__',
      'constructor',
      'toString',
    ])
    expect(Object.keys(request.toJson())).toEqual(['__proto__', 'constructor', 'toString'])
  })

  it('is held to the limits', () => {
    expect(read({ scope: 'a'.repeat(32_769) })).toMatchObject({ reason: 'too_large', path: 'scope' })
    expect(read({ a: 'a'.repeat(32_768), b: 'a'.repeat(32_768) })).toMatchObject({ reason: 'too_large' })
    expect(read({ x: Array.from({ length: 1_025 }, () => 0) })).toMatchObject({
      reason: 'too_large',
      path: 'x',
    })
    expect(read(Object.fromEntries(Array.from({ length: 1_025 }, (_, i) => [`x${i}`, 0])))).toMatchObject({
      reason: 'too_large',
    })
    const deep = (levels: number) => JSON.parse(`${'{"x":'.repeat(levels)}1${'}'.repeat(levels)}`)
    expect(AccessTokenRequest.fromJson(deep(16)).unknown).toHaveLength(1)
    expect(read(deep(17))).toMatchObject({ reason: 'too_deep' })
    expect(read(deep(5_000), { maxDepth: Number.POSITIVE_INFINITY })).toMatchObject({ reason: 'too_deep' })
    expect(read({ scope: 'abc' }, { maxBytes: 10 })).toMatchObject({ reason: 'too_large' })
    expect(read({ scope: 'äbc' }, { maxStringBytes: 3 })).toMatchObject({ reason: 'too_large' })
  })

  it('gives nothing but a message or a DecodeError', () => {
    fc.assert(
      fc.property(fc.anything({ withMap: true, withDate: true, withBigInt: true }), (value) => {
        for (const made of Object.values(classes))
          for (const json of [value, { scope: value, cnf: value, req_cnf: { jwk: value }, token: value }])
            try {
              made.fromJson(json)
            } catch (error) {
              if (!(error instanceof DecodeError)) throw error
            }
      }),
    )
  })
})

describe('optional members that are null (a receiver gains nothing from refusing them)', () => {
  it('are absent, and listed', () => {
    const response = AccessTokenResponse.fromJson({
      access_token: 'x',
      token_type: 'bearer',
      expires_in: 3600,
      refresh_token: null,
      scope: null,
    })
    expect(response.refresh_token).toBeUndefined()
    expect(response.violations).toEqual([
      { rule: 'null_member', path: 'refresh_token' },
      { rule: 'null_member', path: 'scope' },
    ])
    expect(response.toJson()).toEqual({ access_token: 'x', token_type: 'Bearer', expires_in: 3600 })
    // What was null is not there, and nothing of it goes out.
    expect(AccessTokenResponse.fromCbor(response.toCbor(), { strict: true }).equals(response)).toBe(true)
  })

  it('are listed inside a map by their path', () => {
    expect(AccessTokenRequest.fromJson({ req_cnf: { kid: 'a', ckt: null } }).violations).toEqual([
      { rule: 'null_member', path: 'req_cnf.ckt' },
    ])
  })

  it('are refused under strict, as required members that are null are always', () => {
    expect(
      refusal(() => AccessTokenResponse.fromJson({ access_token: 'x', scope: null }, { strict: true })),
    ).toMatchObject({ reason: 'violation', path: 'scope' })
    expect(refusal(() => AccessTokenResponse.fromJson({ access_token: null }))).toMatchObject({
      reason: 'unexpected_type',
      path: 'access_token',
    })
  })

  it('of every message', () => {
    const needed: Record<string, unknown> = { access_token: 'a', token: 'a', active: true }
    for (const made of Object.values(classes))
      for (const { name, required } of made.table.filter((row) => !row.required)) {
        const rest = Object.fromEntries(
          made.table.filter((row) => row.required).map((row) => [row.name, needed[row.name]]),
        )
        const message = made.fromJson({ ...rest, more: 1, [name]: null })
        const takesNull = ['base-rtl', 'ace_profile'].includes(name) && made !== AccessTokenResponse
        const isProfileAnswer = name === 'ace_profile' && made === IntrospectionResponse
        expect(message.violations, `${made.name} ${name} ${required}`).toEqual(
          takesNull && !isProfileAnswer ? [] : [{ rule: 'null_member', path: name }],
        )
      }
  })
})

describe('base64url that is not canonical (RFC 4648 §3.5, RFC 8705 Figure 3)', () => {
  const figure = 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2'
  it('is taken and listed: the thumbprint of RFC 8705', () => {
    const response = IntrospectionResponse.fromJson({ active: true, cnf: { 'x5t#S256': figure } })
    expect(response.cnf?.['x5t#S256']).toHaveLength(32)
    expect(response.violations).toEqual([{ rule: 'loose_base64url', path: 'cnf.x5t#S256' }])
    expect(response.toJson()).toEqual({
      active: true,
      cnf: { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg0' },
    })
    expect(
      refusal(() =>
        IntrospectionResponse.fromJson({ active: true, cnf: { 'x5t#S256': figure } }, { strict: true }),
      ),
    ).toMatchObject({ reason: 'violation', path: 'cnf.x5t#S256' })
  })
  it.each([
    ['AA==', '00'],
    ['AB', '00'],
    ['AB==', '00'],
    ['AAA=', '0000'],
    ['AAF', '0001'],
  ])('%s stands for %s', (cnonce, hex) => {
    const request = AccessTokenRequest.fromJson({ cnonce })
    expect(request.cnonce).toEqual(fromHex(hex))
    expect(request.violations).toEqual([{ rule: 'loose_base64url', path: 'cnonce' }])
    // It is written as it should have been.
    expect(AccessTokenRequest.fromCbor(request.toCbor(), { strict: true }).equals(request)).toBe(true)
  })
  it.each(['A', 'A===', 'AA=', 'A+==', 'AA/', 'A A', '='])('%s is refused', (cnonce) => {
    expect(refusal(() => AccessTokenRequest.fromJson({ cnonce }))).toMatchObject({
      reason: 'invalid_value',
      path: 'cnonce',
    })
  })
})

describe('what a message holds cannot be changed', () => {
  const frozen = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
    if (value instanceof ErrorCode) return
    expect(Object.isFrozen(value), JSON.stringify(value)).toBe(true)
    for (const member of Object.values(value)) frozen(member)
  }
  const messages = [
    AccessTokenRequest.fromCbor(
      fromHex('a4 05 6161 09 6120 04 a3 03 4101 04 a2 00 4101 1818 01 1818 01 3a00011170 01'),
    ),
    AccessTokenRequest.fromJson({
      audience: ['a', 'b'],
      x: [{ y: 1 }],
      cnonce: 'AB',
      req_cnf: { kid: 'a', more: { z: [1] } },
    }),
    AccessTokenRequest.fromForm('audience=a&audience=b&x=1'),
    new AccessTokenRequest({ audience: ['a', 'b'], req_cnf: { osc: { id: Uint8Array.of(1) } } }, [
      { name: 'x', json: [{ y: [1] }] },
      { key: -70_001, cbor: Uint8Array.of(1) },
    ]),
    new IntrospectionResponse({ active: true, aud: ['a', 'b'] }),
    IntrospectionResponse.fromCbor(fromHex('a2 03 82 6161 6162 0a f5')),
    problemDetailsWith(2).fromCbor(fromHex('a3 20 d826 82 62656e 6161 27 82 01 02 02 a1 00 03')),
    new (problemDetailsWith(2))({ title: { lang: 'en', text: 'a' }, 'unprocessed-coap-option': [1, 2] }),
  ]
  for (const message of messages)
    it(`lists, maps and arrays are frozen: ${message}`, () => {
      frozen(message.unknown)
      frozen(message.violations)
      for (const { name } of (message.constructor as typeof AccessTokenRequest).table)
        frozen((message as unknown as Record<string, unknown>)[name])
      expect(() => (message.unknown as unknown[]).push({ key: 30, cbor: Uint8Array.of(3) })).toThrow(
        TypeError,
      )
    })

  it('nor by what it was made of', () => {
    const given = { audience: ['a', 'b'], x: [1] as unknown[] }
    const request = AccessTokenRequest.fromJson(given)
    given.audience.push('c')
    given.x.push(2)
    expect(request.audience).toEqual(['a', 'b'])
    expect(request.toJson()).toEqual({ audience: ['a', 'b'], x: [1] })
  })

  it('an AIF is frozen', () => {
    frozen(decodeAif(encodeAif([['/a', 1]])))
  })
})

describe('what is printed', () => {
  it.each([
    ['client_secret', IntrospectionRequest.fromForm('token=abc&client_id=rs&client_secret=hunter2')],
    ['code_verifier', AccessTokenRequest.fromForm('scope=a&code_verifier=hunter2&client_assertion=hunter2')],
    [
      'id_token',
      AccessTokenResponse.fromJson({ access_token: 'a', id_token: 'hunter2', x: { y: 'hunter2' } }),
    ],
    ['-70001', AccessTokenRequest.fromCbor(fromHex('a1 3a00011170 67 68756e74657232'))],
    ['"x"', AccessTokenRequest.fromCbor(fromHex('a1 6178 67 68756e74657232'))],
  ])('hides the values of members that the message does not know: %s', (name, message) => {
    expect(`${message}`).toContain(`${name}: <`)
    expect(`${message}`).not.toMatch(/hunter2|68756e74657232/)
  })
})

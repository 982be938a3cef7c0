import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../src/failure/failure.ts'

/** What a log shows of details and a cause, as text. */
function shown(details: Record<string, unknown>, cause?: unknown): string {
  const failure = new Failure('token_internal_error', { details, cause })
  const json = JSON.stringify(failure.toLog())
  return `${json}\n${inspect(failure, { depth: 20, maxStringLength: null })}\n${JSON.stringify(failure.details)}`
}

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const secretText = fc.string({ unit: fc.constantFrom(...base64url), minLength: 12, maxLength: 40 })
const secretName = fc.constantFrom(
  ...['access_token', 'refresh_token', 'token', 'id_token', 'accessToken', 'Refresh-Token', 'tokens'],
  ...['client_secret', 'clientSecret', 'password', 'passphrase', 'client_assertion', 'code', 'code_verifier'],
  ...['Authorization', 'Proxy-Authorization', 'Cookie', 'set-cookie', 'credentials', 'apiKey', 'x-api-key'],
  ...[
    'privateKey',
    'k',
    'd',
    'p',
    'q',
    'dp',
    'dq',
    'qi',
    'ms',
    'jwt',
    'cwt',
    'jwk',
    'psk',
    'key',
    'cose_key',
  ],
)

/** Puts a value somewhere inside of others. */
function buried(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.letrec((tie) => ({
    here: value,
    there: fc.oneof(
      tie('anywhere').map((inner) => ({ inner })),
      tie('anywhere').map((inner) => [1, inner]),
      tie('anywhere').map((inner) => new Map([['inner', inner]])),
      tie('anywhere').map((inner) => new Set([inner])),
      tie('anywhere').map((inner) => Object.assign(new Error('inner'), { inner })),
      tie('anywhere').map((cause) => new Error('outer', { cause })),
      tie('anywhere').map((error) => new AggregateError([error])),
    ),
    anywhere: fc.oneof({ maxDepth: 3 }, tie('here'), tie('there')),
  })).anywhere
}

describe('a secret does not get into a log', () => {
  it('under its name, at any level, nor in any text beside it', () => {
    const property = fc.property(secretText, secretName, fc.nat({ max: 5 }), (secret, name, where) => {
      const value = { [name]: where % 2 ? [secret] : secret }
      const message = `refused: ${secret} is not known`
      const cause = where > 3 ? message : new Error(message, { cause: { note: message } })
      expect(shown({ nested: { value }, note: message }, cause)).not.toContain(secret)
    })
    fc.assert(property)
  })

  it('wherever it is buried', () => {
    const named = fc.record({ name: secretName, secret: secretText })
    fc.assert(
      fc.property(named, (pair) =>
        fc.assert(
          fc.property(buried(fc.constant({ [pair.name]: pair.secret })), (value) => {
            expect(shown({ value })).not.toContain(pair.secret)
            expect(shown({}, value)).not.toContain(pair.secret)
          }),
          { numRuns: 5 },
        ),
      ),
    )
  })

  it('as bytes, under whatever name and of whatever type, nor as hex or base64 in a text', () => {
    const bytes = fc.uint8Array({ minLength: 8, maxLength: 64 })
    fc.assert(
      fc.property(bytes, fc.string(), fc.nat({ max: 4 }), (secret, name, type) => {
        const { buffer } = Uint8Array.from(secret)
        const values = [secret, Buffer.from(secret), buffer, new DataView(buffer), Array.of(secret)]
        const texts = (['hex', 'base64', 'base64url'] as const).map((form) =>
          Buffer.from(secret).toString(form),
        )
        const log = shown({ [name]: values[type] }, new Error(`bad: ${texts.join(' ')}`))
        for (const text of texts) expect(log).not.toContain(text)
        expect(log).toMatch(/"\[redacted/)
      }),
    )
  })

  const inTexts = [
    ['Bearer abcdefg', 'abcdefg'],
    [
      'Authorization: Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3',
      'czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3',
    ],
    ['DPoP eyJ0eXAi.x.y', 'eyJ0eXAi'],
    ['{"client_secret":"hunter2!","scope":"r"}', 'hunter2!'],
    ['{"kty":"oct","k":"aGVsbG8"}', 'aGVsbG8'],
    ["password='open sesame' rejected", 'sesame'],
    ['Key (refresh_token)=(tGzv3JOkF0XG5Qx2TlKWIA) already exists.', 'tGzv3JOkF0XG5Qx2TlKWIA'],
    ['GET /cb?code=SplxlOBeZQQYbYS6WxSbIA&state=xyz failed', 'SplxlOBeZQQYbYS6WxSbIA'],
    ['postgres://as:s3cr3t@db1:5432/ace', 's3cr3t'],
    ['no such token: 2YotnFZFEjr1zCsicMWpAA', '2YotnFZFEjr1zCsicMWpAA'],
    ['token 2YotnFZFEjr1zCsicMWpAA not found', '2YotnFZFEjr1zCsicMWpAA'],
    ['key 000102030405060708090a0b0c0d0e0f refused', '000102030405060708090a0b0c0d0e0f'],
    ['bad jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln', 'c2ln'],
    ['-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQ\n-----END PRIVATE KEY-----', 'MC4CAQAwBQ'],
  ] as const

  it.each(inTexts)('in the message of a cause: %s', (message, secret) => {
    expect(shown({}, new Error(message))).not.toContain(secret)
    expect(shown({}, message)).not.toContain(secret)
    expect(
      shown({}, new Error('outer', { cause: new AggregateError([new TypeError(message)]) })),
    ).not.toContain(secret)
  })

  /** What a log shows of a text that is too long, with `part` wherever its beginning may end. */
  function* cutIn(part: string, details: Record<string, unknown> = {}): Generator<string> {
    for (let before = 4_096 - part.length; before <= 4_096; before++) {
      const text = `${'- '.repeat(before / 2)}${'-'.repeat(before % 2)}${part}${' -'.repeat(10_000)}`
      const log = new Failure('token_internal_error', { details, cause: text }).toLog()
      yield `${log.cause}`
    }
  }

  it.each(inTexts)('where the text is cut within it: %s', (message, secret) => {
    for (const text of cutIn(message)) expect(text).not.toContain(secret.slice(0, 4))
  })

  it('where the text is cut within one that stands under its name, of any length and with spaces', () => {
    for (const text of cutIn('correct horse battery', { password: 'correct horse battery' }))
      expect(text).not.toContain('corr')
    const endless = 'open sesame '.repeat(1_000)
    const note = `not ${endless}!`
    expect(new Failure('token_internal_error', { details: { passphrase: endless, note } }).details).toEqual({
      passphrase: '[redacted]',
      note: 'not [redacted]…',
    })
  })
})

describe('what operators need does get into a log', () => {
  it.each([
    'connect ECONNREFUSED 127.0.0.1:5432',
    'ENOSPC: no space left on device, write /var/lib/ace-oauth/store.db',
    'duplicate key value violates unique constraint tokens_cti_idx',
    'SQLITE_BUSY: database is locked',
    'getaddrinfo ENOTFOUND as.example.com',
    'client sensor-0815 asked for audience valve242 and scope r_Lock',
    'request 3d6ceb5e-ba4a-4a3e-a3d1-8ca2b4a6f0f4 timed out after 5000 ms',
    'Unexpected token } in JSON at position 17',
  ])('%s', (message) => {
    expect(shown({ note: message }, new Error(message)).split(message).length).toBeGreaterThan(4)
  })

  it('the code and the place of an error', () => {
    const cause = Object.assign(new Error('x'), { code: 'ECONNRESET', errno: -104, syscall: 'read' })
    expect(new Failure('token_internal_error', { cause }).toLog().cause).toMatchObject({
      code: 'ECONNRESET',
      errno: -104,
      syscall: 'read',
      stack: expect.stringMatching(/redact\.test\.ts:\d+:\d+/),
    })
  })

  it('identifiers of 20 characters and more in details, which are chosen on purpose', () => {
    expect(shown({ clientId: 'a1B2c3D4e5F6g7H8i9J0k1' })).toContain('a1B2c3D4e5F6g7H8i9J0k1')
  })

  it('names that only sound like secrets', () => {
    const details = {
      token_type: 'PoP',
      tokenEndpoint: '/token',
      statusCode: 503,
      publicKeyId: 'x1',
      monkey: 'y',
    }
    expect(new Failure('token_internal_error', { details }).details).toEqual(details)
  })

  it('that a secret is missing', () => {
    const details = { token: undefined, password: null, has_secret: true }
    expect(new Failure('token_internal_error', { details }).details).toEqual(details)
  })
})

describe('a log', () => {
  const log = (details: Record<string, unknown>) => new Failure('token_internal_error', { details }).details

  it('has values of every kind as JSON', () => {
    const details = {
      big: 2n ** 64n,
      nan: Number.NaN,
      date: new Date(0),
      badDate: new Date(Number.NaN),
      url: new URL('coaps://as.example.com/token'),
      symbol: Symbol('s'),
      call: () => 1,
      map: new Map([[1, 'one']]),
      set: new Set(['a']),
    }
    expect(log(details)).toEqual({
      big: '18446744073709551616',
      nan: 'NaN',
      date: '1970-01-01T00:00:00.000Z',
      badDate: null,
      url: 'coaps://as.example.com/token',
      symbol: '[symbol]',
      call: '[function]',
      map: { 1: 'one' },
      set: ['a'],
    })
  })

  it('leaves out what is cyclic, too deep, or cannot be read', () => {
    const cyclic: Record<string, unknown> = { name: 'c' }
    cyclic['self'] = cyclic
    expect(log({ cyclic })).toEqual({ cyclic: { name: 'c', self: '[omitted]' } })

    let deep: unknown = 'bottom'
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(JSON.stringify(log({ deep }))).toBe('{"deep":[[[[[[["[omitted]"]]]]]]]}')

    const revoked = Proxy.revocable({}, {})
    revoked.revoke()
    const hostile = {
      get bad() {
        throw new Error('no')
      },
      good: 1,
      json: { toJSON: () => Promise.reject },
      revoked: revoked.proxy,
    }
    expect(log({ hostile })).toEqual({
      hostile: { bad: '[omitted]', good: 1, json: '[function]', revoked: '[omitted]' },
    })
  })

  it('keeps a value beside one that is undefined, where both names are hidden', () => {
    const [one, other] = ['?code=abcdef', '?code=ghijkl']
    const key = '-----BEGIN KEY-----abc-----END KEY-----'
    expect(log({ map: { [key]: 1, [key.replace('abc', 'def')]: undefined } })).toEqual({
      map: { '[redacted]': 1 },
    })
    expect(log({ map: { [one]: undefined, [other]: 1 } })).toEqual({ map: { '?code=[redacted]': 1 } })
  })

  it('shows the same value twice where it stands twice', () => {
    const shared = { id: 1 }
    expect(log({ a: shared, b: shared })).toEqual({ a: shared, b: shared })
  })

  it('is bounded, however large the details', () => {
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`m${i}`, 'x'.repeat(10_000)]))
    const tree = (depth: number): unknown =>
      depth === 0 ? 0 : Array.from({ length: 8 }, () => tree(depth - 1))
    expect(JSON.stringify(log({ wide })).length).toBeLessThan(300_000)
    expect(JSON.stringify(log({ tree: tree(6) })).length).toBeLessThan(100_000)
  })

  it('is read once, when it is first asked for', () => {
    const failure = new Failure('token_internal_error', { details: { a: 1 } })
    expect(failure.details).toBe(failure.details)
  })

  it.each([
    ['token=( ', ')'],
    ["token=' ", "'"],
    ['eyJ-', '.x'],
    ['-----BEGIN K-----x ', '-----END K-----'],
    ['://a', '@'],
    ['aaaaa', 'A1'],
    ['open sesame ', 'and a half'],
  ])('does not depend on the end of a text that is too long: %s', (text, end) => {
    const shown = (whole: string) =>
      new Failure('token_internal_error', {
        details: { whole, password: 'open sesame and' },
        cause: whole,
      }).toLog()
    const long = text.repeat(5_000)
    const { details, cause } = shown(long)
    expect(shown(`${long}${end}`)).toMatchObject({ details, cause })
  })

  it('gives no pattern a text of more than twice what is shown', () => {
    const replace = RegExp.prototype[Symbol.replace]
    let longest = 0
    RegExp.prototype[Symbol.replace] = function (this: RegExp, text: string, by: never) {
      longest = Math.max(longest, text.length)
      return replace.call(this, text, by)
    }
    try {
      shown({ text: 'eyJ-'.repeat(10_000) }, 'token=( '.repeat(10_000))
    } finally {
      RegExp.prototype[Symbol.replace] = replace
    }
    expect(longest).toBeLessThanOrEqual(2 * 4_096)
  })

  it('takes time in proportion to the length of a text', () => {
    const texts = ['token', 'token ', 'eyJ', '://a', '"', ' ', 'aA1', '-----BEGIN', 'bearer ', "token='"]
    for (const text of texts) {
      const started = performance.now()
      shown({ text: text.repeat(50_000) }, new Error(text.repeat(50_000)))
      expect(performance.now() - started, text).toBeLessThan(1_000)
    }
  })
})

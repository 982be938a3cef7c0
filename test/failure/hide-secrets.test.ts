import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../src/failure/failure.ts'
import { secrecyOf } from '../../src/failure/secret-names.ts'

/** Everything that shows details and a cause. */
function shown(details: Record<string, unknown>, cause?: unknown, message?: string): string {
  const failure = new Failure('token_internal_error', { details, cause }, message)
  return [
    JSON.stringify(failure.toLog()),
    inspect(failure, { depth: 30, maxStringLength: null, maxArrayLength: null }),
    JSON.stringify(failure),
    JSON.stringify(failure.details),
    failure.stack,
    String(failure),
  ].join('\n')
}

const names = [
  ...[
    'access_token',
    'refreshToken',
    'Id-Token',
    'client_secret',
    'clientSecret',
    'CLIENT_SECRET',
    'password',
  ],
  ...['passphrase', 'passwd', 'pwd', 'newPassword1', 'password2', 'token_1', 'tokenValue', 'secretValue'],
  ...['passwordHash', 'bearer', 'auth', 'secretAccessKey', 'accessKey', 'AccountKey', 'sharedKey', 'hmacKey'],
  ...['masterKey', 'api_key', 'x-api-key', 'private_key', 'psk', 'pin', 'otp', 'device_code', 'user_code'],
  ...['authorization_code', 'code_verifier', 'client_assertion', 'jwt', 'jwk', 'cwt', 'session_key'],
  ...['privateKeyPem', 'keyMaterial', 'recoveryCodes', 'backup_code', 'verificationCode'],
  ...['DB_PASSWORD', 'PGPASSWORD', 'credentials', 'encryptionKey', 'signing_key', 'proxy-authorization'],
]

/** The shapes in which a secret under a name gets into a text. */
const texts: Readonly<Record<string, (name: string, secret: string) => string>> = {
  equals: (n, s) => `${n}=${s}`,
  spaced: (n, s) => `bad ${n} = ${s} here`,
  colon: (n, s) => `${n}: ${s}`,
  arrow: (n, s) => `{ :${n} => "${s}" }`,
  quoted: (n, s) => `${n}="${s}" rejected`,
  single: (n, s) => `{ ${n}: '${s}' }`,
  backtick: (n, s) => `${n} = \`${s}\``,
  json: (n, s) => JSON.stringify({ a: 1, [n]: s, b: 2 }),
  jsonArray: (n, s) => JSON.stringify({ [n]: [s, s] }),
  jsonObject: (n, s) => JSON.stringify({ [n]: { inner: s } }),
  jsonInJson: (n, s) => JSON.stringify(JSON.stringify({ [n]: s })),
  jsonInJsonInJson: (n, s) => JSON.stringify(JSON.stringify({ body: JSON.stringify({ [n]: s }) })),
  escapedQuote: (n, s) => JSON.stringify({ [n]: `ab"${s}` }),
  backslash: (n, s) => JSON.stringify({ [n]: `ab\\"${s}\\` }),
  form: (n, s) => `grant_type=x&${n}=${s}&scope=r`,
  percent: (n, s) => `redirect ${encodeURIComponent(`${n}=${s}`)} failed`,
  percentTwice: (n, s) => `redirect ${encodeURIComponent(encodeURIComponent(`a=1&${n}=${s}`))} failed`,
  percentJson: (n, s) => encodeURIComponent(JSON.stringify({ [n]: s })),
  html: (n, s) => `&quot;${n}&quot;:&quot;${s}&quot;`,
  unicode: (n, s) => `\\u0022${n}\\u0022\\u003a\\u0022${s}\\u0022`,
  url: (n, s) => `GET https://h.example/p?x=1&${n}=${s} 400`,
  xml: (n, s) => `<r><${n}>${s}</${n}></r>`,
  xmlNested: (n, s) => `<${n} type="x"><![CDATA[${s}]]></${n}>`,
  xmlAttribute: (n, s) => `<r ${n}="${s}"/>`,
  xmlPair: (n, s) => `<param name="${n}">${s}</param>`,
  xmlAdd: (n, s) => `<add key="${n}" value="${s}"/>`,
  flag: (n, s) => `Command failed: tool --${n} ${s} --verbose`,
  flagEquals: (n, s) => `tool --${n}=${s}`,
  flagQuoted: (n, s) => `tool --${n} "${s}"`,
  is: (n, s) => `the ${n} is ${s}, refused`,
  was: (n, s) => `${n} was "${s}"`,
  beforeQuote: (n, s) => `${n} "${s}" rejected`,
  pair: (n, s) => `[ '${n}', '${s}' ]`,
  jsonPair: (n, s) => JSON.stringify([[n, s]]),
  named: (n, s) => JSON.stringify({ name: n, value: s }),
  multipart: (n, s) => `form-data; name="${n}"\r\n\r\n${s}\r\n--x`,
  python: (n, s) => `{'${n}': '${s}', 'x': None}`,
  yaml: (n, s) => `a: 1\n${n}: ${s}\nb: 2`,
  dsn: (n, s) => `Server=h;User=u;${n}=${s};Timeout=5`,
  printed: (n, s) => inspect({ outer: { [n]: s, list: [1] } }),
}

/** The shapes in which a secret gets into a text without a name. */
const bare: Readonly<Record<string, (secret: string) => string>> = {
  negotiate: (s) => `Authorization: Negotiate ${s}`,
  negotiateMore: (s) => `Authorization: Negotiate YIIabc ${s}`,
  bracket: (s) => `secret[${s}]`,
  parenthesis: (s) => `the password (${s}) is wrong`,
  short: (s) => `code: ${s}, k: ${s}`,
  bareName: (s) => `refresh token ${s} not found`,
  apiKey: (s) => `Authorization: ApiKey ${s}`,
  own: (s) => `> authorization: ${s}\n> accept: */*`,
  proxy: (s) => `Proxy-Authorization: OSCORE x y ${s}`,
  digest: (s) => `Authorization: Digest username="u", response="${s}"`,
  cookie: (s) => `Cookie: a=1; sid=${s}`,
  setCookie: (s) => `Set-Cookie: sid=${s}; Path=/`,
  escapedHeaders: (s) => JSON.stringify(`GET / HTTP/1.1\r\nCookie: a=b; c=${s}\r\nHost: h`),
  bearer: (s) => `Bearer ${s} refused`,
  basic: (s) => `sent Basic ${s}`,
  dpop: (s) => `DPoP ${s}`,
  url: (s) => `postgres://bob:${s}@db:5432/x`,
  redis: (s) => `redis://:${s}@h`,
  tokenUrl: (s) => `https://${s}@github.example/a.git`,
  curl: (s) => `curl -u bob:${s} https://h`,
  user: (s) => `curl --user "bob:${s}" https://h`,
  header: (s) => `curl -H "Authorization: Token ${s}" https://h`,
  mysql: (s) => `mysql -u root -p ${s}`,
  sql: (s) => `CREATE USER x IDENTIFIED BY '${s}'`,
  pem: (s) =>
    `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n${s}\n-----END RSA PRIVATE KEY-----`,
  pemOneLine: (s) => `-----BEGIN PRIVATE KEY-----\\n${s}\\n-----END PRIVATE KEY-----`,
  pemCut: (s) => `-----BEGIN EC PRIVATE KEY-----\n${s}`,
  jwt: (s) => `token eyJhbGciOiJIUzI1NiJ9.${s}.${s}`,
}

/** The ways in which bytes are printed. */
const printedBytes: Readonly<Record<string, (bytes: Buffer) => string>> = {
  node: (b) => inspect(b),
  uint8Array: (b) => inspect(new Uint8Array(b)),
  nodeJson: (b) => JSON.stringify(b),
  nodeJsonInJson: (b) => JSON.stringify(JSON.stringify({ b })),
  arrayJson: (b) => JSON.stringify([...b]),
  viewJson: (b) => JSON.stringify(new Uint8Array(b)),
  colons: (b) => b.toString('hex').replace(/..(?!$)/g, '$&:'),
  spaces: (b) => b.toString('hex').replace(/..(?!$)/g, '$& '),
  dashes: (b) =>
    b
      .toString('hex')
      .toUpperCase()
      .replace(/..(?!$)/g, '$&-'),
  diagnostic: (b) => `h'${b.toString('hex')}'`,
  escapes: (b) => b.toString('hex').replace(/../g, '\\x$&'),
  python: (b) => `b'${b.toString('hex').replace(/../g, '\\x$&')}'`,
  c: (b) => b.toString('hex').replace(/../g, '0x$&, '),
  long: (b) => `0x${b.toString('hex')}`,
}

/** The shapes of values. */
const values: Readonly<Record<string, (name: string, secret: string) => unknown>> = {
  member: (n, s) => ({ [n]: s }),
  list: (n, s) => ({ [n]: [s] }),
  nested: (n, s) => ({ [n]: { inner: [s] } }),
  map: (n, s) => new Map([[n, s]]),
  pair: (n, s) => [[n, s]],
  rawHeaders: (n, s) => ({ rawHeaders: ['Host', 'h', n, s] }),
  named: (n, s) => [{ name: n, value: s }],
  keyed: (n, s) => ({ key: n, value: s, type: 'text' }),
  path: (n, s) => ({ path: ['body', n], received: s }),
  pointer: (n, s) => ({ instancePath: `/body/${n}`, data: s }),
  argv: (n, s) => ({ argv: ['tool', `--${n}`, s] }),
  boxed: (n, s) => ({ [n]: new String(s), note: new String(`${n}=${s}`) }),
  toJSON: (n, s) => ({ toJSON: () => ({ [n]: s }) }),
  error: (n, s) => Object.assign(new Error('x'), { [n]: s, config: { headers: { [n]: s } } }),
  text: (n, s) => ({ note: `${n}=${s}` }),
  url: (n, s) => new URL(`https://h.example/?${n}=${s}`),
  key: (n, s) => ({ [`${n}=${s}`]: 1 }),
}

describe('a secret is not shown', () => {
  const canary = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{5,10}[0-9][A-Za-z]$/).map((s) => `cAn${s}`)
  const name = fc.constantFrom(...names)
  const wrap = fc.constantFrom(
    (text: string) => text,
    (text: string) => `request failed: ${text}`,
    (text: string) => `${'lorem ipsum '.repeat(300)}${text}`,
    (text: string) => `line one\n${text}\nline three`,
  )

  function hides(secret: string, message: string) {
    for (const view of [
      shown({ note: message }),
      shown({}, message),
      shown({}, new Error(message)),
      shown({}, new Error('outer', { cause: new AggregateError([{ message }]) })),
      shown({ peer: { error_description: message } }),
      shown({}, undefined, message),
    ])
      expect(view, message).not.toContain(secret)
  }

  it.each(Object.entries(texts))('in a text after its name: %s', (_, shape) => {
    for (const each of names) hides('cAnary7x', shape(each, 'cAnary7x'))
  })

  it.each(Object.entries(bare))('in a text by its form: %s', (_, shape) => {
    hides('cAnary7x', shape('cAnary7x'))
  })

  it.each(Object.entries(printedBytes))('as bytes in a text: %s', (form, shape) => {
    for (const length of form === 'long' ? [8, 16, 64] : [7, 8, 16, 64]) {
      const bytes = Buffer.from(Array.from({ length }, (_, i) => 0x91 + ((i * 37) % 100)))
      const text = shape(bytes)
      const parts = [
        text.replace(/^[^\d\\]*|[^\da-f]*$/gi, ''),
        bytes.toString('hex'),
        [...bytes].slice(0, 4).join(','),
      ]
      for (const part of parts) hides(part, `received ${text} from h`)
    }
  })

  it.each(Object.entries(values))('in a value: %s', (_, shape) => {
    for (const each of names) {
      const value = shape(each, 'cAnary7x')
      for (const view of [shown({ value }), shown({}, value), shown({}, new Error('x', { cause: value }))])
        expect(view, each).not.toContain('cAnary7x')
    }
  })

  it('in 500 shapes of all these together, nor in a text beside it', () => {
    const text = fc.tuple(fc.constantFrom(...Object.values(texts)), name).map(
      ([shape, n]) =>
        (secret: string): unknown =>
          shape(n, secret),
    )
    const alone = fc.constantFrom(...Object.values(bare))
    const value = fc.tuple(fc.constantFrom(...Object.values(values)), name).map(
      ([shape, n]) =>
        (secret: string): unknown =>
          shape(n, secret),
    )
    const buried = fc.constantFrom(
      (inner: unknown) => inner,
      (inner: unknown) => ({ inner: [inner] }),
      (inner: unknown) => new Map([['inner', new Set([inner])]]),
      (inner: unknown) => new Error('outer', { cause: inner }),
      (inner: unknown) => new AggregateError([inner], 'several'),
      (inner: unknown) => new Failure('token_store_unavailable', { details: { inner }, cause: inner }),
    )
    fc.assert(
      fc.property(fc.oneof(text, alone, value), canary, wrap, buried, (shape, secret, around, bury) => {
        const made = shape(secret)
        const inner = bury(typeof made === 'string' ? around(made) : made)
        for (const view of [shown({ inner }), shown({}, inner), shown({ inner }, new Error(`x ${secret} y`))])
          if (!view.includes(`x ${secret} y`) || typeof made !== 'string') expect(view).not.toContain(secret)
          else expect(view.replaceAll(`x ${secret} y`, '')).not.toContain(secret)
      }),
      { numRuns: 500 },
    )
  })

  it('where a getter gives another one each time', () => {
    let count = 0
    const value = {
      get password() {
        return `cAnary7x${count++}`
      },
      get note() {
        return `password=cAnary7x${count++}`
      },
    }
    expect(shown({ value })).not.toContain('cAnary7x')
    expect(count).toBe(2)
  })
})

describe('what operators need stays', () => {
  it.each([
    'token_type=PoP expires_in=3600',
    '{"error":"invalid_grant","error_description":"the token is expired"}',
    'the password is wrong, the token was revoked, the credentials are missing',
    'Unexpected token \'<\', "<!DOCTYPE "... is not valid JSON',
    'Unexpected token } in JSON at position 17',
    'client_invalid_token: not authenticated',
    'invalid_token: The access token expired',
    'error: missing_token, status: 401',
    'connect ECONNREFUSED 127.0.0.1:5432, code: ECONNREFUSED',
    'GET https://as.example.com:8443/token?grant_type=client_credentials 400',
    'duplicate key value violates unique constraint tokens_cti_idx',
    'Basic authentication failed; Bearer token expired; DPoP proof rejected',
    'user bob@example.com on aa:bb:cc:dd:ee:ff version 1.2.3.4 took 250 ms',
    'psql -p 5432 -h db1 failed',
    'statusCode=503 code=404 errorCode: E1234',
    'scope "read write" for audience "valve242"',
    'max_tokens=4096',
    'public_key=x1 keyId=7 kid=abc token_endpoint=/token',
    'at Object.token (/srv/token.ts:12:5)',
  ])('%s', (message) => {
    expect(shown({ note: message })).toContain(JSON.stringify(message).slice(1, -1))
    expect(new Failure('token_internal_error', { cause: new Error(message) }).toLog().cause).toMatchObject({
      message,
    })
  })

  it('lists of small numbers, names and codes', () => {
    const details = {
      attempts: [1, 2, 3],
      grants: ['password', 'refresh_token'],
      ports: [400, 401, 403, 404, 405, 500],
    }
    expect(new Failure('token_internal_error', { details }).details).toEqual(details)
  })
})

describe('the list of names', () => {
  it.each(names)('has %s', (name) => {
    expect(secrecyOf(name)).toBeDefined()
  })

  it.each([
    ...['token_type', 'tokenEndpoint', 'statusCode', 'publicKeyId', 'monkey', 'author', 'compass', 'spin'],
    ...[
      'public_key',
      'invalid_token',
      'has_secret',
      'max_tokens',
      'keyId',
      'kid',
      'error_code',
      'session_id',
    ],
    ...['passwordPolicy', 'secretary', 'design', 'primaryKey', 'foreign_key', 'authority', 'pinned'],
  ])('does not have %s', (name) => {
    expect(secrecyOf(name)).toBeUndefined()
  })
})

describe('the cost', () => {
  it('is that of what is shown: a proxy of a million members is asked for 64', () => {
    let gets = 0
    const target = {}
    const wide = new Proxy(target, {
      ownKeys: () => Array.from({ length: 1_000_000 }, (_, i) => `m${i}`),
      getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }),
      get: (_, key) => {
        if (typeof key === 'string' && /^m\d/.test(key)) gets++
        return undefined
      },
    })
    shown({ wide })
    expect(gets).toBeLessThanOrEqual(2 * 64)
  })

  it('is that of what is shown: an endless list, map and set, and a long chain of causes', () => {
    let steps = 0
    class Endless extends Set<unknown> {
      override *[Symbol.iterator](): SetIterator<unknown> {
        for (;;) yield steps++
      }
    }
    class EndlessMap extends Map<unknown, unknown> {
      override *[Symbol.iterator](): MapIterator<[unknown, unknown]> {
        for (;;) yield [steps++, 1]
      }
    }
    const long = new Proxy([], {
      get: (_, key) => (key === 'length' ? 2 ** 40 : key === 'toJSON' ? undefined : steps++),
    })
    let cause = new Error('first')
    for (let i = 0; i < 100_000; i++) cause = new Error('next', { cause })
    const errors = new AggregateError(Array.from({ length: 100_000 }, () => new Error('one')))
    const log = shown({ a: new Endless(), b: new EndlessMap(), long }, new Error('x', { cause }))
    expect(log.length).toBeLessThan(100_000)
    expect(shown({ errors }).length).toBeLessThan(500_000)
    expect(steps).toBeLessThan(50_000)
  })

  it('of all texts together is bounded', () => {
    const many = Array.from({ length: 60 }, () => 'lorem ipsum '.repeat(100_000))
    const log = JSON.stringify(new Failure('token_internal_error', { details: { many } }).toLog())
    expect(log.length).toBeLessThan(150_000)
  })

  it('survives what cannot be read', () => {
    const hostile = [
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no')
          },
          ownKeys: () => {
            throw new Error('no')
          },
        },
      ),
      new Proxy([], {
        get: () => {
          throw new Error('no')
        },
      }),
      new Proxy(new Error('x'), {
        get: () => {
          throw new Error('no')
        },
      }),
      Object.create(null),
      {
        toJSON: () => {
          throw new Error('no')
        },
      },
      { [Symbol.toStringTag]: 'Error' },
      Object.assign(new Map(), { [Symbol.iterator]: 1 }),
      new Error('x', { cause: Symbol('s') }),
    ]
    for (const value of hostile) {
      expect(() => shown({ value }, value)).not.toThrow()
      expect(() => shown({ password: value })).not.toThrow()
    }
  })
})

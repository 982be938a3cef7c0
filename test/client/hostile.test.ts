import type { RequestListener, ServerResponse } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import {
  clientSecretBasic,
  clientSecretPost,
  discoverAuthorizationServer,
  type Fetch,
  introspectToken,
  type ObtainTokenOptions,
  obtainToken,
  revokeToken,
} from '../../src/client/index.ts'
import { Failure } from '../../src/failure/failure.ts'
import { AccessTokenResponse } from '../../src/message/access-token-response.ts'
import { type LocalServer, serveLocally } from './servers.ts'

const authentication = clientSecretPost('sensor1', 'VerySecret')
const once = { authentication, retry: { maxAttempts: 1 } } as const
const cbor = { 'content-type': 'application/ace+cbor' }
const json = { 'content-type': 'application/json' }
const cnf = { COSE_Key: { kty: 'Symmetric', k: new Uint8Array(16) } } as const
const good = new AccessTokenResponse({ access_token: 'abc', expires_in: 60, cnf }).toCbor()
const invalidGrant = Uint8Array.of(0xa1, 0x18, 0x1e, 0x03)

let server: LocalServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

/** What obtaining a token from a server that answers so ends with. */
async function failureWith(
  listener: RequestListener,
  more: Partial<ObtainTokenOptions> = {},
): Promise<Failure> {
  server = await serveLocally(listener)
  const outcome = await obtainToken(
    { token_endpoint: server.url },
    { scope: 'read' },
    { ...once, ...more },
  ).catch((error: unknown) => error)
  if (!(outcome instanceof Failure)) throw new Error('no Failure', { cause: outcome })
  return outcome
}

const answering =
  (
    status: number,
    headers: Record<string, string | string[]>,
    body: Uint8Array | string = '',
  ): RequestListener =>
  (_, response: ServerResponse) =>
    response.writeHead(status, headers).end(body)

describe('an answer', () => {
  it.each([
    ['garbage in CBOR', 200, cbor, Uint8Array.of(0xff, 0x00), 'client_response_malformed'],
    ['an empty body', 200, cbor, '', 'client_response_malformed'],
    ['garbage in JSON', 200, json, '{"access_token":', 'client_response_malformed'],
    ['JSON that is not UTF-8', 200, json, Uint8Array.of(0x22, 0xff, 0x22), 'client_response_malformed'],
    ['CBOR that says it is JSON', 200, json, good, 'client_response_malformed'],
    ['JSON that says it is CBOR', 200, cbor, '{"access_token":"a"}', 'client_response_malformed'],
    ['an error in the place of a token', 200, cbor, invalidGrant, 'client_response_malformed'],
    ['a token in the place of an error', 400, cbor, good, 'client_response_malformed'],
    ['nothing', 204, cbor, '', 'client_response_unexpected'],
    ['a token as something that is yet to be done', 202, cbor, good, 'client_response_unexpected'],
    ['a token in a page', 200, { 'content-type': 'text/html' }, good, 'client_response_unexpected'],
    [
      'a token in bytes',
      200,
      { 'content-type': 'application/octet-stream' },
      good,
      'client_response_unexpected',
    ],
    ['a token without a media type', 200, {}, good, 'client_response_unexpected'],
    ['an error without a media type', 400, {}, invalidGrant, 'client_response_unexpected'],
    ['a page', 404, { 'content-type': 'text/html' }, '<h1>Not here</h1>', 'client_response_unexpected'],
    ['garbage', 401, cbor, Uint8Array.of(0xff), 'client_refused'],
    ['garbage', 429, cbor, Uint8Array.of(0xff), 'client_rate_limited'],
    ['a page', 502, { 'content-type': 'text/html' }, '<h1>Bad</h1>', 'client_bad_gateway'],
    [
      'problem details that nobody asked for',
      400,
      { 'content-type': 'application/concise-problem-details+cbor' },
      Uint8Array.of(0xa1, 0x23, 0x18, 0x80),
      'client_response_unexpected',
    ],
  ] as const)(
    'that is %s, with status %s, is told for what it is (R9290-x-2)',
    async (_, status, headers, body, code) => {
      const failure = await failureWith(answering(status, headers, body))
      expect(failure.code).toBe(code)
    },
  )

  it('that redirects is refused, and the secret goes nowhere else', async () => {
    const elsewhere = await serveLocally(answering(200, cbor, good))
    for (const status of [301, 302, 303, 307, 308]) {
      const failure = await failureWith(answering(status, { location: elsewhere.url }))
      expect(failure).toMatchObject({ code: 'client_response_unexpected', details: { httpStatus: status } })
      await server?.close()
    }
    expect(elsewhere.requests()).toBe(0)
    await elsewhere.close()
  })

  it('whose body is beyond the limit is not read on', async () => {
    let written = 0
    const endless: RequestListener = (_, response) => {
      response.writeHead(200, cbor)
      const more = (): void => {
        for (; !response.destroyed && response.write(Buffer.alloc(16_384)); ) written += 16_384
      }
      response.on('drain', more)
      more()
    }
    const failure = await failureWith(endless, { maxResponseBytes: 1_000 })
    expect(failure.code).toBe('client_response_malformed')
    expect(failure.details).toMatchObject({ reason: 'too_large', maxBytes: 1_000 })
    expect(written).toBeLessThan(64 * 1024 * 1024)
  })

  it('that grows when it is unpacked is held to its size', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000))
    const failure = await failureWith(answering(200, { ...cbor, 'content-encoding': 'gzip' }, bomb))
    expect(failure.details).toMatchObject({ reason: 'too_large' })
  })

  it.each([
    ['does not begin', (() => undefined) as RequestListener],
    [
      'begins and does not end',
      (_: unknown, response: ServerResponse) => void response.writeHead(200, cbor).write('\xa1'),
    ],
  ])('that %s counts as lost once its time is over', async (_, listener) => {
    const failure = await failureWith(listener as RequestListener, { timeoutMs: 50 })
    expect(failure).toMatchObject({ code: 'client_network_error', details: { timeoutMs: 50 } })
    expect(failure.kind.isTransient).toBe(true)
  })

  it('that breaks off in the middle counts as lost', async () => {
    const failure = await failureWith((_, response) => {
      response.writeHead(200, { ...cbor, 'content-length': '100' })
      response.write('\xa1', () => response.destroy())
    })
    expect(failure.code).toBe('client_network_error')
  })

  it('that breaks off counts as lost, in whatever words the platform says so', async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.error(new TypeError('error reading a body')),
    })
    const fetch: Fetch = async () => new Response(body, { headers: cbor })
    await expect(
      obtainToken({ token_endpoint: 'https://as.example.com/token' }, {}, { ...once, fetch }),
    ).rejects.toMatchObject({ code: 'client_network_error' })
  })

  it('with two media types has none, and with two Retry-After fields names no time', async () => {
    const two = await failureWith(
      answering(200, { 'content-type': ['application/ace+cbor', 'application/json'] }, good),
    )
    // Node takes the first of several Content-Type fields: then it is what that says.
    expect(two.code).toBe('client_response_unexpected')
    await server?.close()
    const waits = await failureWith(answering(503, { 'retry-after': ['1', '100'] }))
    expect(waits).toMatchObject({ code: 'client_service_unavailable', retryAfterMs: undefined })
  })

  it('that is no HTTP counts as not reached', async () => {
    const tcp = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
    const { port } = tcp.address() as { port: number }
    const outcome = await obtainToken({ token_endpoint: `http://127.0.0.1:${port}/` }, {}, once).catch(
      (error: Failure) => error,
    )
    expect(outcome).toBeInstanceOf(Failure)
    tcp.close()
  })

  it('of any bytes, status and media type ends in a Failure or in a token, and nothing else', async () => {
    const types = [
      'application/ace+cbor',
      'application/json',
      'application/concise-problem-details+cbor',
      'text/html',
      '',
      ',',
      'a/b, c/d',
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.constantFrom(200, 201, 400, 401, 403, 413, 429, 500, 503, 504),
          fc.integer({ min: 200, max: 599 }),
        ),
        fc.constantFrom(...types),
        fc.oneof(
          fc.uint8Array({ maxLength: 64 }),
          fc.constantFrom(good, invalidGrant),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        async (status, type, body) => {
          const isEmpty = [204, 205, 304].includes(status)
          const fetch: Fetch = async () =>
            new Response(isEmpty ? null : new Uint8Array(body), { status, headers: { 'content-type': type } })
          const outcome = await obtainToken(
            { token_endpoint: 'https://as.example.com/token' },
            {},
            { ...once, fetch },
          ).catch((error: unknown) => error)
          if (outcome instanceof Failure) expect(outcome.code).toMatch(/^client_/)
          else expect(outcome).toHaveProperty('access_token')
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('a secret', () => {
  it.each([
    ['http://as.example.com/token', /https/],
    ['http://192.168.1.5/token', /https/],
    ['http://127.0.0.1.example.com/token', /https/],
    ['coaps://as.example.com/token', /expected https/],
    ['https://user:password@as.example.com/token', /user name/],
    ['https://as.example.com/token#fragment', /fragment/],
    ['/token', /absolute/],
    [undefined, /no token_endpoint/],
  ])('is not sent to %s (R9200-6.2-1)', async (token_endpoint, message) => {
    let isSent = false
    const fetch: Fetch = async () => {
      isSent = true
      return new Response()
    }
    await expect((async () => obtainToken({ token_endpoint }, {}, { ...once, fetch }))()).rejects.toThrow(
      message,
    )
    expect(isSent).toBe(false)
  })

  it('is sent over plain HTTP on this machine, and elsewhere where that was asked for by its name', async () => {
    const urls: string[] = []
    const fetch: Fetch = async (url) => {
      urls.push(url)
      return new Response(new Uint8Array(good), { headers: cbor })
    }
    const options = { ...once, fetch }
    for (const token_endpoint of [
      'http://127.0.0.1:8080/token',
      'http://[::1]/token',
      'http://localhost/token',
    ])
      await obtainToken({ token_endpoint }, {}, options)
    await obtainToken(
      { token_endpoint: 'http://as.example.com/token' },
      {},
      { ...options, insecurePlainHttp: true },
    )
    expect(urls).toHaveLength(4)
    for (const insecurePlainHttp of [undefined, false, 'false', 1] as boolean[])
      await expect(
        (async () =>
          obtainToken({ token_endpoint: 'http://as.example.com/' }, {}, { ...options, insecurePlainHttp }))(),
      ).rejects.toThrow(TypeError)
  })
})

describe('a failure', () => {
  it('of the network is repeated, with a fresh assertion each time, until an answer comes', async () => {
    let attempts = 0
    const asked: number[] = []
    server = await serveLocally((_, response) => {
      attempts++
      if (attempts < 3) response.destroy()
      else response.writeHead(200, cbor).end(good)
    })
    const counting = () => {
      asked.push(attempts)
      return { parameters: { client_id: 'sensor1' } }
    }
    const clock = { now: () => 0, sleep: async () => undefined }
    const options = {
      authentication: counting,
      retry: {
        clock: {
          ...clock,
          sleep: (ms: number) => (ms > 60_000 ? new Promise<never>(() => undefined) : Promise.resolve()),
        },
      },
    }
    const token = await obtainToken({ token_endpoint: server.url }, {}, options)
    expect(token.access_token).toEqual(new TextEncoder().encode('abc'))
    expect(asked).toEqual([0, 1, 2])
  })

  it('after which an authorization code may be used up is not repeated', async () => {
    const members = { grant_type: 'authorization_code', code: 'SplxlOBeZQQYbYS6WxSbIA' } as const
    server = await serveLocally((_, response) => void response.destroy())
    await expect(
      obtainToken({ token_endpoint: server.url }, members, { authentication }),
    ).rejects.toMatchObject({
      code: 'client_network_error',
    })
    expect(server.requests()).toBe(1)
  })

  it('where nobody listens is one of the network', async () => {
    const gone = await serveLocally(() => undefined)
    await gone.close()
    await expect(obtainToken({ token_endpoint: gone.url }, {}, once)).rejects.toMatchObject({
      code: 'client_network_error',
    })
  })

  it('by the signal of the caller is client_cancelled or client_timeout, whenever it comes', async () => {
    server = await serveLocally(() => undefined)
    const at = { token_endpoint: server.url }
    await expect(obtainToken(at, {}, { ...once, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'client_cancelled',
    })
    const controller = new AbortController()
    const waiting = obtainToken(at, {}, { ...once, signal: controller.signal })
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'client_cancelled' })
    await expect(obtainToken(at, {}, { ...once, signal: AbortSignal.timeout(30) })).rejects.toMatchObject({
      code: 'client_timeout',
    })
  })

  it('of a fetch that heeds no signal does not keep the caller', async () => {
    const fetch: Fetch = () => new Promise(() => undefined)
    const at = { token_endpoint: 'https://as.example.com/token' }
    await expect(obtainToken(at, {}, { ...once, fetch, timeoutMs: 20 })).rejects.toMatchObject({
      code: 'client_network_error',
    })
  })

  it('of a fetch or an authentication that throws what nobody knows is passed on as such', async () => {
    const at = { token_endpoint: 'https://as.example.com/token' }
    const fetch: Fetch = () => Promise.reject(new RangeError('a defect'))
    await expect(obtainToken(at, {}, { ...once, fetch })).rejects.toMatchObject({ code: 'client_panic' })
    const broken = () => Promise.reject(new Error('the key store is locked'))
    await expect(obtainToken(at, {}, { authentication: broken, fetch })).rejects.toThrow(
      'the key store is locked',
    )
    const none = (() => undefined) as never
    await expect(obtainToken(at, {}, { authentication: none, fetch })).rejects.toMatchObject({
      code: 'client_no_credentials',
    })
  })
})

it.each([
  ['timeoutMs', Number.NaN],
  ['timeoutMs', -1],
  ['timeoutMs', 0],
  ['maxResponseBytes', Number.NaN],
  ['maxResponseBytes', 0],
  ['maxResponseBytes', Number.POSITIVE_INFINITY],
  ['defaultExpiresIn', Number.NaN],
  ['fetch', 'fetch'],
  ['authentication', undefined],
  ['encoding', 'xml'],
])('an option %s of %s is refused before anything is sent or used', async (name, value) => {
  const fetch: Fetch = async () => new Response(new Uint8Array(good), { headers: cbor })
  const options = { ...once, fetch, [name]: value } as never
  await expect(
    (async () => obtainToken({ token_endpoint: 'https://as.example.com/' }, {}, options))(),
  ).rejects.toThrow(name)
})

it.each([
  ['resource', 'cbor', { name: 'resource', json: 'https://rs.example.com' }],
  ['-70001', 'json', { key: -70_001, cbor: Uint8Array.of(1) }],
] as const)(
  'a parameter %s that has no form in %s is refused, not left out',
  async (name, encoding, member) => {
    const fetch: Fetch = async () => new Response(new Uint8Array(good), { headers: cbor })
    const options = { ...once, fetch, encoding, unknown: [member] }
    await expect(obtainToken({ token_endpoint: 'https://as.example.com/' }, {}, options)).rejects.toThrow(
      name,
    )
  },
)

describe('introspection and revocation', () => {
  it('of a server that forbids it without a payload is client_refused (R9200-5.9.3-3)', async () => {
    server = await serveLocally(answering(403, {}))
    const at = { introspection_endpoint: server.url, revocation_endpoint: server.url }
    const rs = { authentication: clientSecretBasic('rs1', 's') }
    await expect(introspectToken(at, { token: 'abc' }, rs)).rejects.toMatchObject({ code: 'client_refused' })
    await expect(revokeToken(at, { token: 'abc' }, rs)).rejects.toMatchObject({ code: 'client_refused' })
  })

  it('takes what an answer to a revocation says by its status alone (RFC 7009 section 2.2)', async () => {
    server = await serveLocally(answering(200, { 'content-type': 'text/html' }, '<p>gone</p>'))
    await revokeToken({ revocation_endpoint: server.url }, { token: 'abc' }, once)
    await server.close()
    server = await serveLocally(answering(302, { location: '/login' }))
    await expect(
      revokeToken({ revocation_endpoint: server.url }, { token: 'abc' }, once),
    ).rejects.toMatchObject({
      code: 'client_response_unexpected',
    })
  })
})

describe('metadata', () => {
  it.each([
    ['of another issuer', (issuer: string) => ({ issuer: `${issuer}/` })],
    ['without an issuer', () => ({})],
    [
      'with an endpoint over plain HTTP elsewhere',
      (issuer: string) => ({ issuer, token_endpoint: 'http://as.example.com/token' }),
    ],
    ['with an endpoint that is no URL', (issuer: string) => ({ issuer, revocation_endpoint: 5 })],
  ])('%s is refused (RFC 8414 section 3.3)', async (_, metadata) => {
    let issuer = ''
    server = await serveLocally((_, response) =>
      response.writeHead(200, json).end(JSON.stringify(metadata(issuer))),
    )
    issuer = server.url.replace(/\/$/, '')
    await expect(discoverAuthorizationServer(issuer, { retry: { maxAttempts: 1 } })).rejects.toMatchObject({
      code: 'client_response_unexpected',
    })
  })

  it('that is no object is refused, and an issuer that is none is not asked', async () => {
    server = await serveLocally(answering(200, json, '[]'))
    await expect(discoverAuthorizationServer(server.url)).rejects.toMatchObject({
      code: 'client_response_malformed',
    })
    for (const issuer of [
      'http://as.example.com',
      'as.example.com',
      'https://as.example.com?a',
      'https://as.example.com#a',
    ])
      await expect(discoverAuthorizationServer(issuer)).rejects.toThrow(TypeError)
  })
})

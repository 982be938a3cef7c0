import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EndpointRequest, EndpointResponse } from '../../src/endpoint/exchange.ts'
import { tokenEndpoint } from '../../src/endpoint/token-endpoint.ts'
import { AccessTokenRequest } from '../../src/message/access-token-request.ts'
import { startServer, type TestServer } from './authorization-server.ts'
import {
  aceCbor,
  authenticate,
  basic,
  coapRequest,
  errorOf,
  form,
  formRequest,
  issued,
  textOf,
  utf8,
} from './requests.ts'

const token = tokenEndpoint({ authenticate, issue: () => issued, limits: { maxBytes: 1_000 } })
const header = { authorization: basic('c1', 's1') }
const right = basic('c1', 's:1%+é'.replace(/[^a-z0-9]/g, encodeURIComponent))

let server: TestServer
beforeAll(async () => {
  server = await startServer(await exportJWK((await generateKeyPair('ES256')).publicKey))
})
afterAll(() => server.close())

/** What a raw HTTP request to the token endpoint is answered with: the status and all the text. */
async function raw(
  headers: readonly string[],
  body = 'scope=read',
): Promise<{ status: number; text: string }> {
  const socket = connect(Number(new URL(server.issuer).port), '127.0.0.1')
  await once(socket, 'connect')
  const lines = ['POST /token HTTP/1.1', 'Host: localhost', 'Connection: close', ...headers, '', body]
  socket.end(lines.join('\r\n'))
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return { status: Number(text.slice(9, 12)), text }
}
const length = (body = 'scope=read') => `Content-Length: ${utf8(body).length}`
const typed = `Content-Type: ${form}`

describe('over a raw connection', () => {
  it('one request of the kind is answered, so that the others can fail', async () => {
    expect((await raw([`Authorization: ${right}`, typed, length()])).status).toBe(200)
  })

  it('two Authorization fields are no way to slip one past a proxy (RFC 9700 §4.13)', async () => {
    for (const [first, second] of [
      [right, basic('c1', 'wrong')],
      [basic('c1', 'wrong'), right],
      [right, right],
      [right, 'Bearer abc'],
    ]) {
      const { status, text } = await raw([
        `Authorization: ${first}`,
        `authorization: ${second}`,
        typed,
        length(),
      ])
      expect(status, text).toBe(400)
      expect(text).toContain('token_client_credentials_repeated')
    }
  })

  it('two Content-Type fields are none that is known', async () => {
    for (const second of [typed, 'content-type: application/json', `content-type: ${aceCbor}`])
      expect((await raw([`Authorization: ${right}`, typed, second, length()])).status, second).toBe(415)
  })

  it('nothing that a client writes comes back in a header', async () => {
    const canary = 'canary%0d%0aSet-Cookie:%20a=b'
    const body = `client_id=${canary}&client_secret=${canary}&scope=${canary}&grant_type=${canary}`
    const { status, text } = await raw(
      [typed, length(body), 'X-Request-Id: canary', 'Origin: https://canary.example'],
      body,
    )
    expect(status).toBeGreaterThanOrEqual(400)
    expect(text).not.toMatch(/canary|set-cookie/i)
  })

  it('a body that is larger than it may be is refused before it comes', async () => {
    // The length alone is announced.
    expect((await raw([typed, 'Content-Length: 99999999', 'Expect: x'], '')).status).not.toBe(200)
    const { text } = await raw([typed, 'Content-Length: 99999999'], 'scope=')
    expect(text).toMatch(/^HTTP\/1.1 413 /)
  })
})

describe('sizes', () => {
  const chunks = (count: number, onPull: () => void = () => undefined): ReadableStream<Uint8Array> => {
    let left = count
    return new ReadableStream<Uint8Array>({
      pull: (controller) => {
        onPull()
        if (left-- > 0) controller.enqueue(new Uint8Array(100).fill(0x61))
        else controller.close()
      },
    })
  }

  it('beyond the limit are 4.13, at once or in parts, and no more is taken than it needs to know', async () => {
    expect((await token(coapRequest(new Uint8Array(1_001)))).code).toBe('4.13')
    let pulled = 0
    const endless = chunks(Number.POSITIVE_INFINITY, () => pulled++)
    expect(await token({ ...formRequest('', header), payload: endless })).toMatchObject({ status: 413 })
    expect(pulled).toBeLessThan(15)
    expect((await token({ ...formRequest('', header), payload: chunks(10) })).status).not.toBe(413)
  })

  it('that are announced beyond the limit are refused unread', async () => {
    let pulled = 0
    const payload = new ReadableStream<Uint8Array>({ pull: () => void pulled++ }, { highWaterMark: 0 })
    const answer = await token({ ...formRequest('', { ...header, 'content-length': '1001' }), payload })
    expect([answer.status, pulled]).toEqual([413, 0])
  })

  it('of one string or of many parameters are limited too', async () => {
    const many = Array.from({ length: 2_000 }, (_, i) => `p${i}=`).join('&')
    const endpoint = tokenEndpoint({ authenticate, issue: () => issued })
    expect((await endpoint(formRequest(many, header))).status).toBe(413)
    const long = new AccessTokenRequest({ audience: 'x'.repeat(40_000) }).toCbor()
    expect((await endpoint(coapRequest(long))).code).toBe('4.13')
  })

  it('do not matter in a payload that is an async iterable, or that breaks', async () => {
    const parts = async function* (): AsyncGenerator<Uint8Array> {
      yield utf8('scope=')
      yield utf8('read')
    }
    expect((await token({ ...formRequest('', header), payload: parts() })).status).toBe(200)
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield utf8('scope=')
      throw new Error('ECONNRESET')
    }
    expect(await token({ ...formRequest('', header), payload: broken() })).toMatchObject({
      status: 408,
      failure: { code: 'token_request_incomplete' },
    })
  })
})

describe('forms', () => {
  it.each([
    ['a parameter twice', 'scope=a&scope=a'],
    ['a percent sign alone', 'scope=100%'],
    ['percent encoding of no UTF-8', 'scope=%ff'],
    ['an overlong encoding', 'scope=%c0%80'],
    ['NUL', 'audience=a%00b'],
    ['NUL in an unknown parameter', 'x=%00'],
    ['a surrogate', 'scope=%ed%a0%80'],
  ])('with %s are refused (R6749-3.2-4, R6749-5.2-3)', async (_, body) => {
    const answer = await token(formRequest(body, header))
    expect([answer.status, errorOf(answer)]).toEqual([
      400,
      expect.stringMatching(/^invalid_(request|scope)$/),
    ])
  })

  it('that are no UTF-8 are refused', async () => {
    const answer = await token({ ...formRequest('', header), payload: Uint8Array.of(0x61, 0x3d, 0xff) })
    expect(errorOf(answer)).toBe('invalid_request')
  })

  it('with parameters that nobody knows are taken (R6749-3.2-3)', async () => {
    expect((await token(formRequest('x=1&x=2&__proto__=y&constructor=z&&=&toString', header))).status).toBe(
      200,
    )
  })
})

describe('whatever comes in', () => {
  /** Nothing but an answer, and never one that blames the server. */
  const expectAnswer = (answer: EndpointResponse): void => {
    expect(answer.status).toBeGreaterThanOrEqual(200)
    expect(answer.status).toBeLessThan(500)
    expect(answer.payload).toBeInstanceOf(Uint8Array)
    expect(answer.failure?.kind.name).not.toBe('internal')
  }

  it('is answered, and is never the fault of the server', async () => {
    const request = fc.record<EndpointRequest>({
      method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'x'),
      mediaType: fc.oneof(
        fc.constantFrom(undefined, form, aceCbor, 19),
        fc.string(),
        fc.integer(),
        fc.constantFrom(`${form};charset=`, `${form} ; ; a="`),
      ),
      accept: fc.oneof(fc.constantFrom(undefined, '*/*', 19, 257), fc.string(), fc.double()),
      payload: fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.string({ unit: 'binary' }).map(utf8),
        fc.webQueryParameters().map(utf8),
        fc.webQueryParameters().map((text) => utf8(`client_id=${text}&client_assertion=${text}`)),
      ),
      headers: fc.oneof(
        fc.constant(undefined),
        fc.constant(new Headers(header)),
        fc.string().map((text) => ({ get: (name: string) => (name === 'authorization' ? text : null) })),
        fc.base64String().map((text) => new Headers({ authorization: `Basic ${text}` })),
      ),
    })
    await fc.assert(
      fc.asyncProperty(request, async (given) => expectAnswer(await token(given))),
      { numRuns: 2_000 },
    )
  })

  it('takes time in proportion to its length, as far as headers go', async () => {
    const hostile = [
      `a/b${';  '.repeat(20_000)}!`,
      `a/b;${' '.repeat(50_000)}x`,
      `a/b;a="${'\\"'.repeat(30_000)}`,
      `${form};${' '.repeat(50_000)}charset`,
      `Basic ${'A'.repeat(50_000)}!`,
      `Basic ${' '.repeat(50_000)}!`,
      `${','.repeat(50_000)}*`,
      `${'a/b;q='.repeat(10_000)}`,
    ]
    for (const text of hostile) {
      expectAnswer(await token({ ...formRequest('', header), mediaType: text, accept: text }))
      expectAnswer(await token({ ...formRequest(''), headers: { get: () => text } }))
    }
  })

  it('is not told in the answer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('client_id', 'scope', 'audience', 'refresh_token', 'x'),
        async (name) => {
          const answer = await token(
            formRequest(`${name}=canary%22&${name}=canary&grant_type=canary`, header),
          )
          expect(textOf(answer.payload) + JSON.stringify(answer.headers)).not.toContain('canary')
        },
      ),
    )
  })
})

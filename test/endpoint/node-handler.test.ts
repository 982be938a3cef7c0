import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import type { EndpointRequest, ObservedAnswer } from '../../src/endpoint/exchange.ts'
import { metadataEndpoint } from '../../src/endpoint/metadata.ts'
import { type NodeHandlerOptions, nodeHandler } from '../../src/endpoint/node-handler.ts'
import { tokenEndpoint } from '../../src/endpoint/token-endpoint.ts'
import { authenticate, basic, issued } from './requests.ts'

const seen: ObservedAnswer<unknown>[] = []
const token = tokenEndpoint({
  authenticate,
  issue: () => issued,
  onAnswer: (answer) => seen.push(answer),
  limits: { maxBytes: 1_000 },
})
const form = { authorization: basic('c1', 's1'), 'content-type': 'application/x-www-form-urlencoded' }

let server: Server
afterEach(() => {
  seen.length = 0
  server.closeAllConnections()
  server.close()
})

async function listening(
  endpoint: Parameters<typeof nodeHandler<IncomingMessage>>[0],
  options?: NodeHandlerOptions<IncomingMessage>,
): Promise<string> {
  server = createServer(nodeHandler<IncomingMessage>(endpoint, options)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const post = (url: string, headers: Record<string, string> = form, body: BodyInit = 'scope=read') =>
  fetch(url, { method: 'POST', headers, body })

/** What the server writes to a connection that sends these bytes, until it closes it. */
async function raw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(bytes)
  return text(socket)
}

describe('nodeHandler', () => {
  it('reads a body that has come whole before it is called', async () => {
    const scopes: unknown[] = []
    const late = nodeHandler<IncomingMessage>(
      tokenEndpoint({
        authenticate,
        issue: ({ scope }) => {
          scopes.push(scope)
          return issued
        },
      }),
    )
    server = createServer(async (request, response) => {
      while (!request.complete) await new Promise(setImmediate)
      await late(request, response)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const response = await post(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    expect([response.status, scopes]).toEqual([200, ['read']])
  })

  it('answers as fetchHandler does, with the length of the answer', async () => {
    const response = await post(await listening(token))
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ token_type: 'PoP' }),
    ])
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'content-length': expect.stringMatching(/^\d+$/),
    })
  })

  it('asks the server who the peer is and what logs know the request by', async () => {
    const url = await listening(token, {
      peer: ({ socket }) => ({ address: socket.remoteAddress }),
      requestId: ({ headers }) => headers['x-request-id']?.toString(),
    })
    await post(url, { ...form, 'x-request-id': 'r1' })
    await post(url)
    expect(seen).toMatchObject([
      { peer: { address: '127.0.0.1' }, requestId: 'r1' },
      { requestId: expect.stringMatching(/^[\da-f]{16}$/) },
    ])
  })

  it('answers for a peer that cannot be found out', async () => {
    const url = await listening(token, {
      peer: () => {
        throw new Error('secret')
      },
    })
    const response = await post(url)
    expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining('secret')])
  })

  it('does not hide one of two Authorization fields behind the other (RFC 6749 §2.3)', async () => {
    const url = await listening(token)
    const fields = `Authorization: ${form.authorization}\r\n`.repeat(2)
    const answer = await raw(
      url,
      `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}Content-Type: ${form['content-type']}\r\nContent-Length: 0\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(seen).toMatchObject([{ failure: { code: 'token_client_credentials_repeated' } }])
  })

  it('refuses what announces that it is too large before it comes, and closes the connection', async () => {
    const url = await listening(token)
    const answer = await raw(
      url,
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${form['content-type']}\r\nContent-Length: 1001\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*\r\nconnection: close\r\n/i)
  })

  it('refuses what turns out to be too large, and keeps the connection for what came whole', async () => {
    const url = await listening(token)
    const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${form['content-type']}\r\nTransfer-Encoding: chunked\r\n\r\n`
    const answer = await raw(url, `${head}3e9\r\n${'x'.repeat(1_001)}\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*\r\nconnection: close\r\n/i)
    const pipelined = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n`.repeat(2) + head
    const answers = await raw(url, `${pipelined}fff\r\n${'x'.repeat(4_095)}\r\n`)
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 415', 'HTTP/1.1 415', 'HTTP/1.1 413'])
  })

  it('tells the endpoint that the peer went away', async () => {
    let told: (signal: EndpointRequest['signal']) => void = () => undefined
    const signal = new Promise<EndpointRequest['signal']>((resolve) => {
      told = resolve
    })
    const url = await listening(async (given: EndpointRequest) => {
      told(given.signal)
      await once(given.signal as AbortSignal, 'abort')
      return token(given)
    })
    const sent = request(url, { method: 'POST' })
    sent.on('error', () => undefined)
    sent.end()
    const given = (await signal) as AbortSignal
    sent.destroy()
    await expect.poll(() => given.aborted).toBe(true)
  })

  it('gives the request of Node to a function that wants more of it, and no length of its own to HEAD', async () => {
    const metadata = metadataEndpoint({ issuer: 'https://as.example.com', endpoints: {} })
    const paths: (string | undefined)[] = []
    const url = await listening(async (given: EndpointRequest, { url: path }: IncomingMessage) => {
      paths.push(path)
      return metadata(given)
    })
    const got = await fetch(`${url}/?cursor=1`)
    expect(await got.json()).toEqual({ issuer: 'https://as.example.com' })
    const head = await fetch(`${url}/?cursor=2`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, null, ''])
    expect(paths).toEqual(['/?cursor=1', '/?cursor=2'])
  })

  it('lets pages of the origins that are named read answers, and answers their preflights', async () => {
    const origin = 'https://app.example.com'
    const url = await listening(token, { origins: [origin] })
    const preflight = (from: string) =>
      fetch(url, { method: 'OPTIONS', headers: { origin: from, 'access-control-request-method': 'POST' } })
    expect((await preflight(origin)).status).toBe(204)
    expect((await preflight('https://evil.example')).status).toBe(405)
    const response = await post(url, { ...form, origin })
    expect(response.headers.get('access-control-allow-origin')).toBe(origin)
    expect(() => nodeHandler(token, { origins: ['*'] })).toThrow(TypeError)
  })
})

import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askForToken, type Line, type Running, start } from './running.ts'

let server: Running
const form = 'Content-Type: application/x-www-form-urlencoded\r\n'

beforeAll(async () => {
  server = await start([
    'limits.headerTimeout=0.2',
    'limits.requestTimeout=0.3',
    'limits.idleTimeout=0.2',
    'limits.headerBytes=2048',
    'limits.requestBytes=2048',
  ])
}, 60_000)
afterAll(() => server.close())

/** Opens a connection, sends these bytes, and gives all that comes until it closes. */
async function raw(bytes: string | Uint8Array, url = server.ready.http): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let answers = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    answers += chunk.toString('latin1')
  })
  socket.write(bytes)
  await new Promise((resolve) => socket.once('close', resolve))
  return answers
}

const statuses = (answers: string): string[] => answers.match(/HTTP\/1\.1 \d+/g) ?? []
const post = (path: string, more: string): string => `POST ${path} HTTP/1.1\r\nHost: as\r\n${more}`
const jsonIn = (answer: string): unknown => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))
/** Waits for the line of the last answer. */
const lastLine = async (code: string): Promise<Line> => {
  let line: Line | undefined
  await expect
    .poll(() => {
      line = server.lines('answer').at(-1)
      return line?.['code']
    })
    .toBe(code)
  return line!
}

describe('a slow client', () => {
  it('that sends nothing, or a header drop by drop, is told that it is late', async () => {
    for (const bytes of ['', 'POST /tok', post('/token', 'X-Slow: 1\r\n')]) {
      const answer = await raw(bytes)
      // Who never began gets no answer, or the same.
      if (answer === '' && bytes === '') continue
      expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*\r\nconnection: close\r\n/i)
      expect(jsonIn(answer)).toEqual({
        detail: {
          status: 'error',
          code: 'http_request_incomplete',
          message: 'the request did not come in time',
        },
      })
      expect(await lastLine('http_request_incomplete')).toMatchObject({
        endpoint: 'none',
        status: 408,
        kind: 'network_error',
        address: '127.0.0.1',
        request_id: expect.stringMatching(/^[\da-f]{16}$/),
        duration_ms: 0,
      })
    }
  })

  it('that does not send its payload is told so by the endpoint', async () => {
    const answer = await raw(post('/token', `${form}Content-Length: 100\r\n\r\ngrant_type`))
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*\r\nconnection: close\r\n/i)
    expect(jsonIn(answer)).toMatchObject({ detail: { code: 'token_request_incomplete' } })
    expect(await lastLine('token_request_incomplete')).toMatchObject({ endpoint: 'token', status: 408 })
  })

  it('does not keep a connection that it does not use', async () => {
    const answers = await raw(post('/token', `${form}Content-Length: 0\r\n\r\n`))
    expect(statuses(answers)).toEqual(['HTTP/1.1 401'])
  })
})

describe('a request that is too large', () => {
  it('is refused by its header', async () => {
    const answer = await raw(post('/token', `X-Large: ${'x'.repeat(4_096)}\r\n\r\n`))
    expect(answer).toMatch(/^HTTP\/1\.1 431 /)
    expect(jsonIn(answer)).toMatchObject({ detail: { code: 'http_header_too_large' } })
    await lastLine('http_header_too_large')
  })

  it('is refused by what it announces, and by what it turns out to be', async () => {
    const announced = await raw(post('/token', `${form}Content-Length: 2049\r\n\r\n`))
    expect(announced).toMatch(/^HTTP\/1\.1 413 /)
    expect(jsonIn(announced)).toMatchObject({ detail: { code: 'token_request_too_large' } })
    const chunk = `800\r\n${'a'.repeat(2_048)}\r\n`
    const chunked = await raw(post('/token', `${form}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`))
    expect(chunked).toMatch(/^HTTP\/1\.1 413 /)
    await lastLine('token_request_too_large')
    const fits = await askForToken(server.ready.http, server.basic, { body: 'a='.padEnd(2_048, 'x') })
    expect(fits.status).not.toBe(413)
  })
})

describe('what is no request', () => {
  it.each([
    ['garbage', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two lengths', post('/token', 'Content-Length: 1\r\nContent-Length: 2\r\n\r\nab')],
    [
      'a length and chunks',
      post('/token', 'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
    ],
    ['a control character in a header', post('/token', 'X-A: a\x00b\r\n\r\n')],
    ['a folded header', post('/token', 'X-A: a\r\n b\r\n\r\n')],
    ['a bare line feed', 'GET / HTTP/1.1\nHost: as\n\n'],
  ])('is refused: %s', async (_, bytes) => {
    expect(await raw(Buffer.from(bytes, 'latin1'))).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('has the same code in the answer and in the log', async () => {
    const answer = await raw('NONSENSE\r\n\r\n')
    expect(jsonIn(answer)).toEqual({
      detail: { status: 'error', code: 'http_request_malformed', message: 'the request is not valid HTTP' },
    })
    expect(await lastLine('http_request_malformed')).toMatchObject({ kind: 'parse_error', status: 400 })
  })

  it('does not touch the answers to the requests before it', async () => {
    const good = post('/revoke', `${form}Content-Length: 0\r\n\r\n`)
    const answers = await raw(`${good}${good}NONSENSE\r\n\r\n`)
    // What was not answered yet when it came is cut: nothing is mixed up.
    expect(statuses(answers).every((status) => status === 'HTTP/1.1 400' || status === 'HTTP/1.1 401')).toBe(
      true,
    )
    expect((await askForToken(server.ready.http, server.basic)).status).toBe(200)
  })

  it('is not what a pipeline is: its answers come in order', async () => {
    const paths = ['/token', '/none', '/revoke', '/introspect', '/metrics']
    const requests = paths.map((path) => post(path, `${form}Content-Length: 0\r\n\r\n`))
    const answers = await raw(requests.join(''))
    expect(statuses(answers)).toEqual([401, 404, 400, 400, 404].map((status) => `HTTP/1.1 ${status}`))
  })
})

describe('paths and hosts', () => {
  it.each([
    '/',
    '/token/',
    '//token',
    '/TOKEN',
    '/token%00',
    '/%74oken',
    '/../token',
    '/metrics',
    '/healthz',
  ])('has nothing at %s', async (path) => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: as\r\nConnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 404 /)
    expect(jsonIn(answer)).toEqual({
      detail: { status: 'error', code: 'http_path_unknown', message: 'there is nothing at this path' },
    })
  })

  it('believes no host: links and tokens have the issuer of the configuration', async () => {
    for (const host of ['evil.example', 'evil.example:1', '[::1', 'a b', '"><script>']) {
      const answer = await raw(
        `GET /.well-known/oauth-authorization-server HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-Host: ${host}\r\nConnection: close\r\n\r\n`,
      )
      expect(statuses(answer)).toEqual(['HTTP/1.1 200'])
      expect(jsonIn(answer)).toMatchObject({
        issuer: server.ready.http,
        token_endpoint: `${server.ready.http}/token`,
      })
    }
    const absolute = `POST http://evil.example/token HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n${form}`
    const answer = await raw(`${absolute}Content-Length: 0\r\n\r\n`)
    expect(statuses(answer)).toEqual(['HTTP/1.1 401'])
  })

  it('tells all errors of endpoints with the members of RFC 6749 and details, whose code the log has', async () => {
    for (const [path, more, status, error, code] of [
      ['/token', {}, 401, 'invalid_client', 'token_client_credentials_missing'],
      ['/token', { method: 'GET', body: null }, 405, undefined, 'token_method_not_allowed'],
      [
        '/token',
        { headers: { 'content-type': 'text/plain' } },
        415,
        undefined,
        'token_media_type_unsupported',
      ],
      ['/introspect', {}, 401, 'invalid_client', 'introspect_client_credentials_missing'],
      ['/revoke', {}, 401, 'invalid_client', 'revoke_client_credentials_missing'],
    ] as const) {
      const response = await fetch(server.ready.http + path, {
        method: 'POST',
        body: path === '/token' ? 'grant_type=client_credentials' : 'token=x',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        ...more,
      })
      const told = (await response.json()) as { error?: string; error_description?: string; detail: object }
      expect([response.status, told.error, told.detail]).toEqual([
        status,
        error,
        { status: 'error', code, message: expect.any(String) },
      ])
      expect(await lastLine(code)).toMatchObject({ status, kind: expect.any(String) })
    }
  })
})

describe('the log', () => {
  it('cannot be written into by who is logged', async () => {
    const lines = server.log.length
    const evil = 'x\u001b[2J\u009b31m\u2028\u202e","level":"fatal'
    await askForToken(server.ready.http, server.basic, {
      headers: { authorization: `Basic ${Buffer.from(`${encodeURIComponent(evil)}:x`).toString('base64')}` },
    })
    await raw(
      Buffer.from(
        `GET /${'a\x9b31m'} HTTP/1.1\r\nHost: as\r\nX-Request-Id: evil\r\nConnection: close\r\n\r\n`,
        'latin1',
      ),
    )
    await raw(`GET /?client_secret=hunter2 HTTP/1.1\r\nHost: as\r\nConnection: close\r\n\r\n`)
    await expect.poll(() => server.log.length).toBeGreaterThanOrEqual(lines + 3)
    const written = JSON.stringify(server.log.slice(lines))
    expect(written).not.toMatch(/hunter2|evil/)
    for (const line of server.log) expect(line['level'] === 'info' || line.event === 'ready').toBe(true)
  })

  it('has each answer in one line with who, what, and how long', async () => {
    const before = server.lines('answer').length
    await askForToken(server.ready.http, server.basic)
    await fetch(`${server.ready.http}/trl`, { headers: { authorization: server.basic } })
    await fetch(`${server.ready.http}/jwks`)
    await fetch(`${server.ready.http}/.well-known/oauth-authorization-server`)
    await expect.poll(() => server.lines('answer').length).toBe(before + 4)
    const common = {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      event: 'answer',
      status: 200,
      request_id: expect.stringMatching(/^[\da-f]{16}$/),
      address: '127.0.0.1',
      duration_ms: expect.any(Number),
    }
    const client = 'example-client'
    expect(server.lines('answer').slice(before)).toEqual([
      { ...common, endpoint: 'token', client },
      { ...common, endpoint: 'trl', client },
      { ...common, endpoint: 'jwks' },
      { ...common, endpoint: 'metadata' },
    ])
  })
})

describe('too many connections', () => {
  it('are closed at once, and counted', async () => {
    const small = await start(['limits.connections=2'])
    const port = Number(new URL(small.ready.http).port)
    const open = Array.from({ length: 2 }, () => connect(port, '127.0.0.1'))
    await Promise.all(open.map((socket) => once(socket, 'connect')))
    expect(await raw('GET / HTTP/1.1\r\nHost: as\r\n\r\n', small.ready.http)).toBe('')
    for (const socket of open) socket.destroy()
    await expect.poll(async () => (await fetch(small.ready.http).catch(() => undefined))?.status).toBe(404)
    const metrics = await (await fetch(`${small.ready.metrics}/metrics`)).text()
    expect(metrics).toMatch(/^ace_oauth_connections_dropped_total [1-9]/m)
    await small.close()
  })
})

describe('the log for people', () => {
  it('is written by pino-pretty, and obeys nobody', async () => {
    const texts: string[] = []
    const { openLog } = await import('../../src/serve/log.ts')
    const { logger, announce, flush } = await openLog(
      { level: 'info', format: 'auto' },
      { out: (given) => void texts.push(given), isTerminal: true },
    )
    announce({ event: 'ready', http: 'http://127.0.0.1:1' })
    logger.info({ event: 'answer', claimed_client: 'a\u001b[2J\u009b2J\u2028\nINFO: forged' })
    flush()
    const written = texts.join('')
    expect(written).toContain('ready')
    expect(written).toContain('http://127.0.0.1:1')
    expect(written.trimEnd().split('\n')).toHaveLength(2)
    // Colours are the only sequences that a terminal obeys.
    expect(written.replaceAll(/\p{Cc}\[\d+m/gu, '').replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Cf}]/u)
  })

  it('is chosen by a setting, and plain elsewhere', async () => {
    const { openLog } = await import('../../src/serve/log.ts')
    const lines = async (format: 'auto' | 'json' | 'pretty', isTerminal: boolean) => {
      let written = ''
      const write = (given: string): void => {
        written += given
      }
      const log = await openLog({ level: 'info', format }, { out: write, isTerminal })
      log.announce({ event: 'ready' })
      return written
    }
    expect(await lines('auto', false)).toBe('{"event":"ready"}\n')
    expect(await lines('json', true)).toBe('{"event":"ready"}\n')
    expect(await lines('pretty', false)).toMatch(/INFO.*ready/)
    expect(await lines('pretty', false)).not.toContain('\u001b')
  })
})

describe('an error that nobody caught', () => {
  it('is told at once, without secrets', async () => {
    const { logStray, openLog } = await import('../../src/serve/log.ts')
    let written = ''
    const write = (given: string): void => {
      written += given
    }
    const log = await openLog({ level: 'info', format: 'json' }, { out: write })
    logStray(log, Object.assign(new Error('policy failed'), { client_secret: 'hunter2hunter2' }), false)
    logStray(log, 'gone', true)
    const [first, second] = written
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
    expect(first).toMatchObject({
      level: 'error',
      event: 'unhandled_rejection',
      error: { message: 'policy failed' },
    })
    expect(second).toMatchObject({ level: 'fatal', event: 'crashed' })
    expect(written).not.toContain('hunter2')
  })
})

describe('a policy that is slower than the client is patient', () => {
  it('learns that the client went away', async () => {
    const running = await start(['policy=./policy.mjs'], (folder) =>
      writeFile(
        join(folder, 'policy.mjs'),
        `export default ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => { globalThis.wentAway = true; resolve({ allow: true }) }))`,
      ),
    )
    const controller = new AbortController()
    const asked = askForToken(running.ready.http, running.basic, { signal: controller.signal })
    setTimeout(() => controller.abort(), 100)
    await expect(asked).rejects.toThrow()
    await expect.poll(() => (globalThis as { wentAway?: boolean }).wentAway).toBe(true)
    await expect
      .poll(() => running.lines('answer').at(-1))
      .toMatchObject({ status: 408, code: 'token_request_incomplete' })
    await running.close()
  })
})

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AccessTokenRequest,
  AccessTokenResponse,
  ErrorResponse,
  IntrospectionRequest,
  IntrospectionResponse,
  RevocationRequest,
} from 'ace-oauth'
import { openCwt, TokenKey } from 'ace-oauth/token'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../src/cli/program.ts'

let folder: string
let config: string
let ready: { http: string; metrics: string }
let example: { client: Secret; resource_server: { audience: string; key: unknown } }
let serving: Promise<number>
const ending = new AbortController()
const reloads = new EventTarget()
const log: string[] = []

interface Secret {
  readonly client_id: string
  readonly client_secret: string
}

interface Outcome {
  readonly code: number
  readonly out: string
  readonly error: string
}

/** Runs a command line, as a process of its own would. */
async function cli(...args: string[]): Promise<Outcome> {
  const texts = { out: '', error: '' }
  const output = {
    out: (text: string): void => {
      texts.out += text
    },
    error: (text: string): void => {
      texts.error += text
    },
  }
  const code = await run(args, output, { end: new AbortController().signal, reloads: new EventTarget() })
  return { code, ...texts }
}

async function json<Result>(...args: string[]): Promise<Result> {
  const { code, out, error } = await cli(...args, '--config', config, '--json')
  if (code !== 0) throw new Error(error)
  return JSON.parse(out) as Result
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ace-oauth-cli-'))
  const { code, out } = await cli('init', join(folder, 'as'), '--example', '--json')
  expect(code).toBe(0)
  const told = JSON.parse(out)
  config = told.config
  example = told
  const free = ['--set', 'listen.http.port=0', '--set', 'listen.metrics.port=0']
  ready = await new Promise((resolve, reject) => {
    const output = {
      out: (text: string): void => {
        const lines = text.trimEnd().split('\n')
        log.push(...lines)
        for (const line of lines) {
          const event = JSON.parse(line)
          if (event.event === 'ready') resolve(event)
        }
      },
      error: reject,
    }
    serving = run(['serve', '--config', config, ...free], output, { end: ending.signal, reloads })
  })
})
afterAll(async () => {
  ending.abort()
  expect(await serving).toBe(0)
  expect(JSON.parse(log.at(-1)!).event).toBe('ended')
  await rm(folder, { recursive: true, force: true })
})

const basic = ({ client_id, client_secret }: Secret): string =>
  `Basic ${btoa(`${client_id}:${client_secret}`)}`
const post = (path: string, secret: Secret, body: Uint8Array): Promise<Response> =>
  fetch(ready.http + path, {
    method: 'POST',
    headers: { authorization: basic(secret), 'content-type': 'application/ace+cbor' },
    body: Uint8Array.from(body),
  })
const ask = (secret: Secret, audience: string, scope = 'read') =>
  post('/token', secret, new AccessTokenRequest({ audience, scope }).toCbor())
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

describe('ace-oauth-server', () => {
  it('init writes what only its owner may read, and never writes over it', async () => {
    for (const name of ['ace-oauth.yaml', 'ace-oauth.sqlite'])
      expect((await stat(join(folder, 'as', name))).mode & 0o077).toBe(0)
    const again = await cli('init', join(folder, 'as'))
    expect([again.code, again.error]).toEqual([1, expect.stringContaining('is there already')])
  })

  it('serves tokens that the resource server of the example opens, in CBOR and to an OAuth client', async () => {
    const response = await ask(example.client, 'example-rs')
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/ace+cbor'])
    const { access_token } = AccessTokenResponse.fromCbor(await bytesOf(response))
    const { claims } = await openCwt(access_token, {
      keys: await TokenKey.fromJwk(example.resource_server.key),
    })
    expect([claims.iss, claims.aud, claims.scope]).toEqual([ready.http, 'example-rs', 'read'])
    const form = await fetch(`${ready.http}/token`, {
      method: 'POST',
      headers: { authorization: basic(example.client) },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    expect(await form.json()).toMatchObject({ token_type: 'PoP', expires_in: 3600 })
  })

  it('adds clients and resource servers while it runs, and shows their secrets once (R9200-5.8-6, R9200-5.9-6)', async () => {
    const server = await json<{ audience: string; key: unknown; introspection: Secret }>(
      ...['rs', 'add', 'rs1', '--scope', 'read', '--scope', 'write', '--format', 'cwt-encrypt0'],
    )
    expect(Object.keys(server)).toEqual(['audience', 'key', 'introspection'])
    const sensor = await json<Secret>(
      ...['client', 'add', 'sensor1', '--audience', 'rs1', '--scope', 'read', '--scope', 'write'],
    )
    expect(Object.keys(sensor)).toEqual(['client_id', 'client_secret'])
    const { access_token } = AccessTokenResponse.fromCbor(
      await bytesOf(await ask(sensor, 'rs1', 'read write')),
    )
    const introspected = await post(
      '/introspect',
      server.introspection,
      new IntrospectionRequest({ token: access_token }).toCbor(),
    )
    expect(IntrospectionResponse.fromCbor(await bytesOf(introspected))).toMatchObject({
      active: true,
      client_id: 'sensor1',
    })
    const twice = await cli(
      'client',
      'add',
      'sensor1',
      '--audience',
      'rs1',
      '--scope',
      'read',
      '--config',
      config,
    )
    expect([twice.code, twice.error]).toEqual([1, 'ace-oauth-server: there is a client sensor1 already\n'])
    expect((await readFile(join(folder, 'as', 'ace-oauth.sqlite'))).includes(sensor.client_secret)).toBe(
      false,
    )
  })

  it('lists tokens, never the tokens themselves', async () => {
    const sensor = await json<Secret>('client', 'add', 'sensor2', '--audience', 'rs1', '--scope', 'read')
    await ask(sensor, 'rs1')
    const tokens = await json<Record<string, unknown>[]>('token', 'list', '--client', 'sensor2')
    expect(tokens).toEqual([
      {
        id: expect.any(String),
        audience: 'rs1',
        scope: 'read',
        issued_at: expect.any(Number),
        expires_at: (tokens[0]!['issued_at'] as number) + 3600,
      },
    ])
    const table = await cli('token', 'list', '--client', 'sensor2', '--config', config)
    expect(table.out).toMatch(/^id +audience +scope +issued_at +expires_at +revoked_at\n/)
  })

  it('holds a client to a session that is opened for it: once it is spent, requests are refused', async () => {
    const sensor = await json<Secret>('client', 'add', 'sensor3', '--audience', 'rs1', '--scope', 'read')
    const session = await json<{ session_id: string; expires_at: number }>(
      ...['session', 'open', 'sensor3', '--budget', '2', '--lifetime', '3600'],
    )
    expect(session.expires_at).toBeGreaterThan(Date.now() / 1_000)
    const statuses = []
    for (let i = 0; i < 3; i++) statuses.push((await ask(sensor, 'rs1')).status)
    expect(statuses).toEqual([200, 200, 400])
    const refused = log.map((line) => JSON.parse(line)).findLast(({ event }) => event === 'answer')
    expect(refused).toMatchObject({
      code: 'token_session_budget_exceeded',
      client: 'sensor3',
      details: { limit: 2, used: 2 },
    })
    await json('session', 'open', 'sensor3', '--budget', '1')
    expect((await ask(sensor, 'rs1')).status).toBe(200)
  })

  it('disables a client, rotates its secret, closes its session and revokes its token, while it runs', async () => {
    const sensor = await json<Secret>('client', 'add', 'sensor4', '--audience', 'rs1', '--scope', 'read')
    const statusFor = async (secret: Secret) => (await ask(secret, 'rs1')).status
    expect(await statusFor(sensor)).toBe(200)
    const [token] = await json<{ id: string }[]>('token', 'list', '--client', 'sensor4')
    expect(await json('token', 'revoke', token!.id)).toEqual({ id: token!.id, revoked: 1 })
    const [revoked] = await json<{ revoked_at: number }[]>('token', 'list', '--client', 'sensor4')
    expect(revoked!.revoked_at).toBeGreaterThan(0)
    const { session_id } = await json<{ session_id: string }>('session', 'open', 'sensor4')
    await json('session', 'close', session_id)
    expect(await json('session', 'list', '--client', 'sensor4')).toMatchObject([
      { session_id, client_id: 'sensor4', budget: null, used: 0, closed_at: expect.any(Number) },
    ])
    expect(await statusFor(sensor)).toBe(400)
    await json('session', 'open', 'sensor4')
    const rotated = await json<Secret>('client', 'rotate', 'sensor4')
    // A running server sees the change within a second.
    await expect.poll(() => statusFor(sensor), { timeout: 10_000, interval: 500 }).toBe(401)
    expect(await statusFor(rotated)).toBe(200)
    await json('client', 'disable', 'sensor4')
    await expect.poll(() => statusFor(rotated), { timeout: 10_000, interval: 500 }).toBe(401)
    const clients = await json<Record<string, unknown>[]>('client', 'list')
    expect(clients.find(({ client_id }) => client_id === 'sensor4')).toMatchObject({ enabled: false })
    await json('client', 'enable', 'sensor4')
    await expect.poll(() => statusFor(rotated), { timeout: 10_000, interval: 500 }).toBe(200)
    for (const args of [
      ['client', 'disable', 'nobody'],
      ['client', 'rotate', 'nobody'],
      ['session', 'close', 'none'],
      ['token', 'revoke', 'none'],
    ])
      expect((await cli(...args, '--config', config)).code).toBe(1)
  })

  it('tells in the audit trail which client did something by a request', async () => {
    const sensor = await json<Secret>('client', 'add', 'sensor6', '--audience', 'rs1', '--scope', 'read')
    const { access_token } = AccessTokenResponse.fromCbor(await bytesOf(await ask(sensor, 'rs1')))
    const revoked = await post('/revoke', sensor, new RevocationRequest({ token: access_token }).toCbor())
    expect(revoked.status).toBe(200)
    const [entry] = await json<object[]>('audit', '--client', 'sensor6', '--action', 'token_revoked')
    expect(entry).toMatchObject({ actor: 'client:sensor6', details: { audiences: ['rs1'] } })
    expect(await json('audit', '--actor', 'client:sensor6')).toEqual([entry])
  })

  it('writes one line for each answer, with the failure code and without secrets', async () => {
    const wrong = { client_id: 'sensor1', client_secret: 'a-wrong-secret' }
    const response = await ask(wrong, 'rs1')
    expect(response.status).toBe(401)
    expect(ErrorResponse.fromCbor(await bytesOf(response)).error.name).toBe('invalid_client')
    expect(JSON.parse(log.at(-1)!)).toMatchObject({
      event: 'answer',
      endpoint: 'token',
      status: 401,
      code: 'token_client_credentials_invalid',
      claimed_client: 'sensor1',
      address: '127.0.0.1',
    })
    for (const secret of [wrong.client_secret, example.client.client_secret])
      expect(log.join('')).not.toContain(secret)
  })

  it('tells its metadata, its revocation list, its health and its metrics', async () => {
    const metadata = await (await fetch(`${ready.http}/.well-known/oauth-authorization-server`)).json()
    expect(metadata).toMatchObject({ issuer: ready.http, token_endpoint: `${ready.http}/token` })
    const list = await fetch(`${ready.http}/trl?diff=0`, {
      headers: { authorization: basic(example.client) },
    })
    expect([list.status, list.headers.get('content-type')]).toEqual([200, 'application/ace-trl+cbor'])
    for (const path of ['/healthz', '/readyz'])
      expect(await (await fetch(ready.metrics + path)).text()).toBe('ok')
    const metrics = await (await fetch(`${ready.metrics}/metrics`)).text()
    expect(metrics).toMatch(
      /ace_oauth_requests_total\{endpoint="token",code="token_client_credentials_invalid"\} \d+/,
    )
    expect(metrics).toMatch(/ace_oauth_rows\{table="clients"\} \d/)
    expect((await fetch(`${ready.http}/metrics`)).status).toBe(404)
  })

  it('takes keys anew when it is told to', async () => {
    reloads.dispatchEvent(new Event('reload'))
    await expect.poll(() => log.some((line) => line.includes('"event":"reloaded"'))).toBe(true)
  })

  it('refuses a wrong configuration by the path of the wrong value, with exit code 2', async () => {
    const serve = (...sets: string[]) =>
      cli('serve', '--config', config, ...sets.flatMap((set) => ['--set', set]))
    const wrong = await serve('listen.http.port=http')
    expect([wrong.code, wrong.error]).toEqual([2, expect.stringContaining('listen.http.port: ')])
    expect((await serve('listen.http.prot=1')).error).toContain('prot')
    const open = await serve('listen.http.host=0.0.0.0', 'listen.http.port=0')
    expect([open.code, open.error]).toEqual([2, expect.stringContaining('insecurePlainHttp')])
    expect((await cli('serve', '--config', join(folder, 'none.yaml'))).code).toBe(2)
    expect((await serve('issuer=http://as.example.com')).error).toContain('issuer: no issuer')
    const broken = join(folder, 'broken.yaml')
    await writeFile(broken, 'listen: [')
    expect((await cli('serve', '--config', broken)).code).toBe(2)
    expect((await serve('policy=./none.js', 'listen.http.port=0', 'listen.metrics.port=0')).error).toContain(
      'policy: ./none.js cannot be loaded',
    )
  })

  it('refuses commands that are used wrongly with exit code 2', async () => {
    for (const args of [
      ['client', 'add', 'x'],
      ['client', 'add', 'x y', '--audience', 'rs1', '--scope', 'read'],
      ['client', 'add', 'x', '--audience', 'rs1', '--scope', 'read', '--profile', 'none'],
      ['rs', 'add', 'x', '--scope', 'read', '--format', 'none'],
      ['session', 'open', 'sensor1', '--budget', '-1'],
      ['session', 'open', 'sensor1', '--budget', '1.5'],
      ['unknown'],
    ])
      expect((await cli(...args, ...(args[0] === 'unknown' ? [] : ['--config', config]))).code).toBe(2)
    expect((await cli('session', 'open', 'nobody', '--config', config)).code).toBe(1)
  })
})

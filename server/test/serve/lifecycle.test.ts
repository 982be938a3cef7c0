import { once } from 'node:events'
import { stat, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openStore } from '../../src/index.ts'
import { readConfiguration } from '../../src/serve/configuration.ts'
import { openLog } from '../../src/serve/log.ts'
import { serve } from '../../src/serve/serve.ts'
import { askForToken, command, initialized, type Running, start } from './running.ts'

let server: Running
// Some tests start none of these.
afterEach(() => (server as Running | undefined)?.close())

const slowPolicy = `export default async () => {
  await new Promise((resolve) => { globalThis.letGo = resolve })
  return { allow: true }
}`
const letGo = (): void => {
  const { letGo } = globalThis as { letGo?: () => void }
  letGo?.()
}
const isHeld = () => (globalThis as { letGo?: unknown }).letGo !== undefined
const forget = (): void => {
  delete (globalThis as { letGo?: unknown }).letGo
}
const withPolicy = (text: string) => (folder: string) => writeFile(join(folder, 'policy.mjs'), text)
const policySets = ['policy=./policy.mjs']

describe('the start', () => {
  it('says that it is ready in one line, the first, whatever the level of the log is', async () => {
    server = await start(['log.level=error'])
    expect(server.log[0]).toEqual({
      event: 'ready',
      http: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      metrics: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    })
    expect(Object.keys(server.log[0]!)).toEqual(['event', 'http', 'metrics'])
    // Requests are taken from then on.
    expect((await askForToken(server.ready.http, server.basic)).status).toBe(200)
  })

  it('says which port is in use, with exit code 1', async () => {
    server = await start()
    const taken = new URL(server.ready.http).port
    const { config } = await initialized()
    for (const [name, other] of [
      ['http', 'metrics'],
      ['metrics', 'http'],
    ] as const) {
      const { code, error } = await command(
        ...['serve', '--config', config, '--set', `listen.${name}.port=${taken}`],
        ...['--set', `listen.${other}.port=0`],
      )
      expect([code, error]).toEqual([
        1,
        `ace-oauth-server: listen.${name}: 127.0.0.1 port ${taken} is in use by another program\n`,
      ])
    }
  })

  it('makes no store where the name of the file is wrong, with exit code 1', async () => {
    const { folder, config } = await initialized()
    const { code, error } = await command('serve', '--config', config, '--set', 'store=as.sqlite')
    expect([code, error]).toEqual([
      1,
      `ace-oauth-server: there is no store at ${join(folder, 'as.sqlite')}: ace-oauth-server init makes one\n`,
    ])
    await expect(stat(join(folder, 'as.sqlite'))).rejects.toThrow('ENOENT')
  })

  it('says which address is none of this machine, and that a store cannot be opened', async () => {
    server = await start()
    const serve = (...sets: string[]) =>
      command('serve', '--config', server.config, ...sets.flatMap((set) => ['--set', set]))
    const elsewhere = [
      'listen.http.host=192.0.2.1',
      'listen.http.insecurePlainHttp=true',
      'issuer=https://as.example.com',
    ]
    expect(await serve('listen.http.port=0', ...elsewhere)).toMatchObject({
      code: 1,
      error: 'ace-oauth-server: listen.http: 192.0.2.1 is no address of this machine\n',
    })
    const closed = createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port } = closed.address() as { port: number }
    closed.close()
    const { code, error } = await serve(`store=postgres://u:hunter2@127.0.0.1:${port}/d`)
    expect([code, error]).toEqual([1, expect.stringContaining('the store cannot be opened: ')])
    expect(error).not.toContain('hunter2')
  })

  it('turns listeners off, and serves endpoints below the path of the issuer as well', async () => {
    server = await start(['issuer=https://as.example.com/tenant1', 'log.level=warn'])
    for (const path of [
      '/.well-known/oauth-authorization-server/tenant1',
      '/.well-known/oauth-authorization-server',
    ])
      expect(await (await fetch(server.ready.http + path)).json()).toMatchObject({
        issuer: 'https://as.example.com/tenant1',
        token_endpoint: 'https://as.example.com/tenant1/token',
      })
    expect((await askForToken(`${server.ready.http}/tenant1`, server.basic)).status).toBe(200)
    expect((await askForToken(server.ready.http, server.basic)).status).toBe(200)
    expect((await askForToken(`${server.ready.http}/tenant2`, server.basic)).status).toBe(404)
  })
})

describe('SIGTERM', () => {
  it('lets requests be answered that are there, takes no more, and ends with exit code 0', async () => {
    forget()
    server = await start(policySets, withPolicy(slowPolicy))
    const asked = askForToken(server.ready.http, server.basic)
    await expect.poll(isHeld).toBe(true)
    const ended = server.end()
    const readiness = await fetch(`${server.ready.metrics}/readyz`)
    expect([readiness.status, await readiness.text()]).toEqual([503, 'the server is ending'])
    await expect(fetch(server.ready.http)).rejects.toThrow()
    letGo()
    const answer = await asked
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close'])
    expect(await ended).toBe(0)
    expect(server.log.at(-1)).toMatchObject({ event: 'ended' })
  })

  it('waits for no connection that never asked for anything', async () => {
    server = await start(['limits.headerTimeout=1000', 'limits.drainTimeout=1000'])
    const { port } = new URL(server.ready.http)
    const socket = connect(Number(port), '127.0.0.1')
    await once(socket, 'connect')
    socket.resume()
    // Those that come before it are accepted before it.
    await fetch(server.ready.http)
    expect(await server.end()).toBe(0)
  })

  it('cuts what does not end in time, and says how many', async () => {
    forget()
    server = await start([...policySets, 'limits.drainTimeout=0.05'], withPolicy(slowPolicy))
    const asked = askForToken(server.ready.http, server.basic).catch((error: Error) => error.name)
    await expect.poll(isHeld).toBe(true)
    expect(await server.end()).toBe(0)
    expect(await asked).toBe('TypeError')
    expect(server.lines('drain_timeout')).toMatchObject([{ level: 'warn', requests: 1 }])
  })
})

describe('SIGHUP', () => {
  it('loses no request, however many come at once', async () => {
    server = await start(policySets, withPolicy('export default () => ({ allow: true })'))
    let isOver = false
    const statuses: number[] = []
    const load = Array.from({ length: 8 }, async () => {
      while (!isOver) statuses.push((await askForToken(server.ready.http, server.basic)).status)
    })
    for (let i = 0; i < 10; i++) expect(await server.reload(20)).toMatchObject({ event: 'reloaded' })
    isOver = true
    await Promise.all(load)
    expect(statuses.length).toBeGreaterThan(20)
    expect(statuses.filter((status) => status !== 200)).toEqual([])
    // Those that come while one is on its way are taken together.
    expect(server.lines('reloaded').length).toBeLessThanOrEqual(21)
  })

  it('takes policy and configuration anew; a request has what there was when it came', async () => {
    forget()
    server = await start(policySets, withPolicy(slowPolicy))
    const first = askForToken(server.ready.http, server.basic)
    await expect.poll(isHeld).toBe(true)
    await server.write('policy.mjs', `export default () => ({ allow: false, reason: 'closed' })`)
    await server.reload()
    const refused = await askForToken(server.ready.http, server.basic)
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({ detail: expect.objectContaining({ code: 'token_policy_denied' }) }),
    ])
    letGo()
    expect((await first).status).toBe(200)
    const yaml = `log:\n  level: warn\ntokens:\n  refreshLifetime: 60\nlisten:\n  http:\n    port: 1\n`
    await server.write('ace-oauth.yaml', yaml)
    await server.reload()
    const answers = server.lines('answer').length
    await askForToken(server.ready.http, server.basic)
    expect(server.lines('answer').length).toBe(answers)
  })

  it('takes other limits, and does not forget who failed too often', async () => {
    server = await start(['limits.failuresPerClientAndAddress=2'])
    const { http } = server.ready
    const wrong = `Basic ${btoa('example-client:wrong')}`
    for (const status of [401, 401, 429]) expect((await askForToken(http, wrong)).status).toBe(status)
    await server.reload()
    expect((await askForToken(http, wrong)).status).toBe(429)
    const large = { headers: { 'x-large': 'x'.repeat(4_096) } }
    expect((await fetch(http, large)).status).toBe(404)
    await server.write('ace-oauth.yaml', 'limits:\n  headerBytes: 2048\n  requestBytes: 1024\n')
    expect(await server.reload()).toMatchObject({ event: 'reloaded' })
    // A connection keeps what it began with.
    const fresh = { ...large, headers: { ...large.headers, connection: 'close' } }
    await fetch(http, fresh)
    await expect.poll(async () => (await fetch(http, fresh)).status).toBe(431)
    expect((await askForToken(http, '', { body: 'a='.padEnd(1_025, 'x') })).status).toBe(413)
  })

  it('says which settings are taken at the start alone', async () => {
    server = await start()
    await server.write(
      'ace-oauth.yaml',
      'store: other.sqlite\nlisten:\n  https: { certificate: a, key: b }\n',
    )
    expect(await server.reload()).toMatchObject({ event: 'reload_failed' })
    await server.write('ace-oauth.yaml', 'store: other.sqlite\nlog:\n  format: json\n')
    expect(await server.reload()).toMatchObject({ event: 'reloaded' })
    await expect
      .poll(() => server.lines('restart_needed'))
      .toMatchObject([{ level: 'warn', settings: ['store', 'log.format'] }])
    // The store is that of the start.
    expect((await askForToken(server.ready.http, server.basic)).status).toBe(200)
  })

  it.each([
    ['a configuration that is wrong', 'ace-oauth.yaml', 'sweepEver: 1', 'did you mean sweepEvery?'],
    [
      'a policy that cannot be parsed',
      'policy.mjs',
      'export default (',
      'policy: ./policy.mjs cannot be loaded',
    ],
    ['a policy that throws', 'policy.mjs', 'throw new Error("no list")', 'no list'],
    ['a policy that is none', 'policy.mjs', 'export default {}', 'has no function as its default export'],
  ])('keeps all as it was where there is %s', async (_, name, text, reason) => {
    server = await start(
      policySets,
      withPolicy(`export default ({ scope }) => ({ allow: true, scope: 'read' })`),
    )
    await server.write(name, text)
    expect(await server.reload()).toMatchObject({
      event: 'reload_failed',
      level: 'error',
      reason: expect.stringContaining(reason),
    })
    expect((await askForToken(server.ready.http, server.basic)).status).toBe(200)
    const metrics = await (await fetch(`${server.ready.metrics}/metrics`)).text()
    expect(metrics).toContain('ace_oauth_last_reload_successful 0')
    expect(metrics).toContain('ace_oauth_reloads_total{result="failed"} 1')
  })

  it('does nothing to a server that is ending', async () => {
    server = await start()
    const ended = server.end()
    void server.reload(3)
    expect(await ended).toBe(0)
    expect(server.lines('reloaded')).toEqual([])
  })
})

describe('the policy', () => {
  it('that hangs has a deadline, and refuses', async () => {
    server = await start(
      [...policySets, 'limits.policyTimeout=0.05'],
      withPolicy('export default () => new Promise(() => {})'),
    )
    const answer = await askForToken(server.ready.http, server.basic)
    expect(await answer.json()).toMatchObject({ detail: { code: 'token_policy_error' } })
    expect(answer.status).toBe(500)
  })
})

describe('readiness', () => {
  it('is gone while the store does not answer, and metrics are there all the same', async () => {
    const { folder, config } = await initialized()
    const store = await openStore(join(folder, 'ace-oauth.sqlite'))
    let isAway = true
    const away = async (): Promise<void> => {
      if (isAway) throw new Error('connection refused')
    }
    const configuration = await readConfiguration(config, ['listen.http.port=0', 'listen.metrics.port=0'])
    const log = await openLog({ level: 'error', format: 'json' }, { out: () => undefined })
    const running = await serve({
      configuration,
      readAgain: async () => configuration,
      store: { ...store, ping: away, counts: () => away().then(() => store.counts()) },
      log,
    })
    const metrics = async (path: string) => fetch(running.urls.metrics + path)
    const readiness = await metrics('/readyz')
    expect([readiness.status, await readiness.text()]).toEqual([503, 'the store does not answer'])
    expect((await metrics('/healthz')).status).toBe(200)
    const exposed = await (await metrics('/metrics')).text()
    expect(exposed).toContain('ace_oauth_store_up 0\n')
    expect(exposed).toContain('ace_oauth_store_operation_failures_total{operation="ping"} 1\n')
    isAway = false
    expect((await metrics('/readyz')).status).toBe(200)
    expect(await (await metrics('/metrics')).text()).toContain('ace_oauth_store_up 1\n')
    await running.close()
    await store.close()
  })
})

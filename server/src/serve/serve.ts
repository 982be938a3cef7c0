import { once } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type HttpBindings, serve as serveHttp } from '@hono/node-server'
import { type Endpoint, fetchHandler, metadataPath } from 'ace-oauth/endpoint'
import { Hono } from 'hono'
import type { Logger } from 'pino'
import { type AuthorizationServer, createAuthorizationServer } from '../authorization-server.ts'
import type { ServerAnswer } from '../endpoints/revocation-list.ts'
import type { Policy } from '../grant/policy.ts'
import type { Store } from '../store/contract.ts'
import { type Configuration, ConfigurationError } from './configuration.ts'
import { type Metrics, metricsOf } from './metrics.ts'

type Environment = { readonly Bindings: HttpBindings }
type Fetch = (request: Request, bindings: HttpBindings) => Response | Promise<Response>

/** How many rows one bite of a sweep removes of each kind. */
const sweepBite = 500

/** A server that takes requests. */
export interface RunningServer {
  /** Where its endpoints are. */
  readonly http: string
  /** Where its metrics and health are. */
  readonly metrics: string
  /** Takes keys anew. */
  readonly reload: () => Promise<void>
  /** Takes no more requests, answers those that are there, and ends. The store stays open. */
  readonly close: () => Promise<void>
}

/**
 * Starts the server of a configuration.
 *
 * @throws ConfigurationError for a policy that cannot be loaded
 * @throws Error for a port that is taken
 */
export async function serve(configuration: Configuration, store: Store, log: Logger): Promise<RunningServer> {
  const { listen, tokens, introspectionMaxAge, sweepEvery } = configuration
  const policy = await loadPolicy(configuration)
  const metrics = metricsOf(store)
  let fetch: Fetch = () => new Response(null, { status: 503 })
  const http = await listening((request, bindings) => fetch(request, bindings), listen.http)
  const metricsHttp = await listening(metricsApp(store, metrics).fetch, listen.metrics).catch(
    async (error) => {
      await http.end()
      throw error
    },
  )
  const end = async (): Promise<void> => {
    await Promise.all([http.end(), metricsHttp.end()])
  }
  // Known now that the port is.
  const issuer = configuration.issuer ?? http.url
  const server = await createAuthorizationServer({
    issuer,
    store,
    policy,
    settings: Object.fromEntries(Object.entries(tokens).filter(([, value]) => value !== undefined)),
    introspectionMaxAge,
    onAnswer: (answer) => {
      metrics.observe(answer)
      logAnswer(log, answer)
    },
  }).catch(async (error) => {
    await end()
    throw error
  })
  fetch = appOf(server, issuer).fetch
  const stopSweeping = sweepInBackground(store, sweepEvery, metrics, log)
  return {
    http: http.url,
    metrics: metricsHttp.url,
    reload: server.reload,
    async close() {
      await stopSweeping()
      await end()
    },
  }
}

async function loadPolicy({ policy, folder }: Configuration): Promise<Policy | undefined> {
  if (policy === undefined) return undefined
  let loaded: unknown
  try {
    loaded = ((await import(pathToFileURL(resolve(folder, policy)).href)) as { default?: unknown }).default
  } catch (cause) {
    throw new ConfigurationError(`policy: ${policy} cannot be loaded: ${(cause as Error).message}`, { cause })
  }
  if (typeof loaded !== 'function')
    throw new ConfigurationError(`policy: the default export of ${policy} is no function`)
  return loaded as Policy
}

/** The endpoints at their paths. */
function appOf(server: AuthorizationServer, issuer: string): Hono<Environment> {
  const app = new Hono<Environment>()
  const peer = (_request: unknown, { incoming }: HttpBindings) => ({ address: incoming.socket.remoteAddress })
  const endpoints: readonly (readonly [string, Endpoint])[] = [
    ['/token', server.token],
    ['/introspect', server.introspection],
    ['/revoke', server.revocation],
  ]
  for (const [path, endpoint] of endpoints) {
    const handle = fetchHandler(endpoint, { peer })
    app.all(path, async ({ req, env }) => (await handle(req.raw, env)) as Response)
  }
  app.all('/trl', async ({ req, env }) => {
    const query = { diff: req.query('diff'), cursor: req.query('cursor') }
    const handle = fetchHandler((request) => server.revocationList(request, query), { peer })
    return (await handle(req.raw, env)) as Response
  })
  const keySet = fetchHandler(server.keySet)
  app.all('/jwks', async ({ req }) => (await keySet(req.raw)) as Response)
  const metadata = fetchHandler(server.metadata)
  app.all(metadataPath(issuer), async ({ req }) => (await metadata(req.raw)) as Response)
  return app
}

function metricsApp(store: Store, { registry }: Metrics): Hono<Environment> {
  const app = new Hono<Environment>()
  app.get('/healthz', ({ text }) => text('ok'))
  app.get('/readyz', async ({ text }) => {
    try {
      await store.ping()
      return text('ok')
    } catch {
      return text('the store does not answer', 503)
    }
  })
  app.get('/metrics', async ({ body }) =>
    body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  )
  return app
}

interface Listening {
  readonly url: string
  readonly end: () => Promise<void>
}

async function listening(
  fetch: Fetch,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> {
  const node = serveHttp({ fetch: fetch as never, hostname: host, port }) as Server<typeof IncomingMessage>
  if (!node.listening) await once(node, 'listening')
  const { address, family, port: taken } = node.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    end: () =>
      new Promise((resolve, reject) => {
        node.close((error) => (error ? reject(error) : resolve()))
        node.closeIdleConnections()
      }),
  }
}

/** Writes one line for each answer: no secret, no token, and nothing of the peer's but what was checked. */
function logAnswer(log: Logger, answer: ServerAnswer): void {
  const { endpoint, status, failure, durationMs, client, clientId, peer, requestId } = answer
  const line = {
    event: 'answer',
    endpoint,
    status,
    code: failure?.code,
    kind: failure?.kind.name,
    details: failure?.toLog().details,
    request_id: requestId,
    client: client?.client_id,
    claimed_client: client ? undefined : clientId,
    address: peer?.address,
    duration_ms: Math.round(durationMs * 1_000) / 1_000,
  }
  if (status < 500) log.info(line)
  else log.error({ ...line, error: failure?.toLog() })
}

/** Removes what has expired, in small bites, until the returned function is called. */
function sweepInBackground(store: Store, every: number, metrics: Metrics, log: Logger): () => Promise<void> {
  let isEnding = false
  let running: Promise<void> = Promise.resolve()
  const sweep = async (): Promise<void> => {
    try {
      let rows: number
      do {
        rows = await store.sweep(Math.floor(Date.now() / 1_000), sweepBite)
        metrics.swept(rows)
      } while (rows > 0 && !isEnding)
    } catch (error) {
      log.warn({ event: 'sweep_failed', error: String(error) })
    }
  }
  const timer = setInterval(() => {
    running = running.then(sweep)
  }, every * 1_000)
  return async () => {
    isEnding = true
    clearInterval(timer)
    await running
  }
}

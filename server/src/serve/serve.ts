import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { createAuthorizationServer } from '../authorization-server.ts'
import { GuessLimiter } from '../guess-limits.ts'
import type { Store } from '../store/contract.ts'
import { ipAddress } from './addresses.ts'
import type { Configuration } from './configuration.ts'
import { metricsPort } from './configuration-schema.ts'
import { Listener, type ListenerEvents } from './listener.ts'
import { type Log, type LoggedAnswer, logAnswer } from './log.ts'
import { Metrics, type ObservedEndpoint } from './metrics.ts'
import { serveMetrics } from './metrics-listener.ts'
import { Peers } from './peer.ts'
import { permissionProblems } from './permissions.ts'
import { loadPolicy } from './policy-module.ts'
import { type RefusalCode, refusalJson, refusals } from './refusal.ts'
import { changedAtStartAlone } from './reload.ts'
import { type Handler, pathOf, routesOf } from './routes.ts'
import { measuredStore } from './store-metrics.ts'
import { sweepInBackground } from './sweeps.ts'
import { readTls, type Tls } from './tls.ts'

/** How long the store may take to show that it answers, in milliseconds. */
const pingTimeoutMs = 2_000

/** What a server is started with. */
export interface ServeOptions {
  readonly configuration: Configuration
  /** Reads the configuration again, for a reload. */
  readonly readAgain: () => Promise<Configuration>
  readonly store: Store
  readonly log: Log
}

/** A server that takes requests. */
export interface RunningServer {
  /** Where its endpoints are, and its metrics and health: the URLs of the listeners that are on. */
  readonly urls: { readonly http?: string; readonly https?: string; readonly metrics?: string }
  /** Takes configuration, keys, certificates and policy anew. Where something is wrong, all stays as it was, and the log says what. */
  readonly reload: () => Promise<void>
  /** Takes no more requests, answers those that are there, and ends. The store stays open. */
  readonly close: () => Promise<void>
}

/** What a reload puts in the place of what was there, at once. */
interface Current {
  readonly configuration: Configuration
  readonly peers: Peers
  readonly routes: ReadonlyMap<string, Handler>
}

/**
 * Starts the server of a configuration.
 *
 * @throws ConfigurationError for files that cannot be used
 * @throws ListenError for a port that is taken
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const server = new Server(options)
  try {
    await server.start()
  } catch (error) {
    await server.close()
    throw error
  }
  return server
}

class Server implements RunningServer {
  readonly #readAgain: () => Promise<Configuration>
  readonly #store: Store
  readonly #log: Log
  readonly #metrics: Metrics
  readonly #listeners: Partial<Record<'http' | 'https' | 'metrics', Listener>> = {}
  /** The configuration of the start, of which listeners and store stay. */
  readonly #first: Configuration
  #current: Current | undefined
  #generation = 0
  #limiter: { readonly key: string; readonly limiter: GuessLimiter } | undefined
  #running: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  #stopSweeping: (() => Promise<void>) | undefined
  #isEnding = false
  #pinging: Promise<void> | undefined

  constructor({ configuration, readAgain, store, log }: ServeOptions) {
    this.#first = configuration
    this.#readAgain = readAgain
    this.#log = log
    this.#metrics = new Metrics(store, () => this.#connections())
    this.#store = measuredStore(store, this.#metrics.operated)
  }

  get urls(): RunningServer['urls'] {
    return Object.fromEntries(Object.entries(this.#listeners).map(([name, { url }]) => [name, url]))
  }

  async start(): Promise<void> {
    const configuration = this.#first
    const { listen, limits } = configuration
    const tls = await this.#tlsOf(configuration)
    const events: ListenerEvents = {
      request: (request, response) => void this.#answer(request, response),
      refused: (code, { remoteAddress }) => this.#refused(code, { address: ipAddress(remoteAddress) }),
      handshakeFailed: (error, socket) => this.#handshakeFailed(error, socket),
      dropped: () => this.#metrics.dropped(),
    }
    const { http, https, metrics } = listen
    if (http) this.#listeners.http = await Listener.open('listen.http', http, limits, undefined, events)
    if (https) this.#listeners.https = await Listener.open('listen.https', https, limits, tls, events)
    if (metrics)
      this.#listeners.metrics = await serveMetrics(
        { ...metrics, port: metricsPort(listen) },
        limits,
        this.#metrics,
        () => this.#whyNotReady(),
      )
    // Known now that the ports are.
    this.#current = await this.#prepare(configuration)
    this.#stopSweeping = sweepInBackground(
      this.#store,
      () => this.#current!.configuration.sweepEvery,
      (sweep) => {
        this.#metrics.swept(sweep)
        if (sweep.error !== undefined)
          this.#log.logger.warn({ event: 'sweep_failed', reason: String(sweep.error) })
        else if (sweep.rows > 0) this.#log.logger.debug({ event: 'swept', rows: sweep.rows })
      },
    )
    await this.#warn(configuration, tls)
  }

  reload(): Promise<void> {
    // One that has not begun will see what this one is for.
    this.#next ??= this.#running.then(() => {
      this.#next = undefined
      this.#running = this.#reload()
      return this.#running
    })
    return this.#next
  }

  async #reload(): Promise<void> {
    const { logger } = this.#log
    if (this.#isEnding) return
    this.#generation++
    try {
      const configuration = await this.#readAgain()
      const tls = await this.#tlsOf(configuration)
      const prepared = await this.#prepare(configuration)
      // From here on nothing fails, and nothing waits.
      if (tls) this.#listeners.https?.setTls(tls)
      this.#current = prepared
      for (const listener of Object.values(this.#listeners)) listener.setLimits(configuration.limits)
      this.#metrics.reloaded(true)
      logger.info({ event: 'reloaded' })
      logger.level = configuration.log.level
      const ignored = changedAtStartAlone(this.#first, configuration)
      if (ignored.length > 0) logger.warn({ event: 'restart_needed', settings: ignored })
      await this.#warn(configuration, tls)
    } catch (error) {
      this.#metrics.reloaded(false)
      const reason = error instanceof Error ? error.message : String(error)
      logger.error({ event: 'reload_failed', reason, consequence: 'all stays as it was' })
    }
  }

  async close(): Promise<void> {
    this.#isEnding = true
    const drainMs = this.#drainMs()
    await Promise.allSettled([this.#running, this.#stopSweeping?.()])
    const { http, https, metrics } = this.#listeners
    const cut = await Promise.all([http?.end(drainMs), https?.end(drainMs)])
    const requests = cut.reduce<number>((sum, each) => sum + (each ?? 0), 0)
    if (requests > 0) this.#log.logger.warn({ event: 'drain_timeout', requests })
    // Last, so that whoever watches sees that it is not ready.
    await metrics?.end(1_000)
  }

  #drainMs(): number {
    return (this.#current?.configuration ?? this.#first).limits.drainTimeout * 1_000
  }

  /** All that a configuration stands for, ready to be used. */
  async #prepare(configuration: Configuration): Promise<Current> {
    const { tokens, limits, introspectionMaxAge, proxies } = configuration
    const { http, https } = this.#listeners
    const issuer = configuration.issuer ?? https?.url ?? http!.url
    const server = await createAuthorizationServer({
      issuer,
      store: this.#store,
      policy: await loadPolicy(configuration, this.#generation),
      settings: { ...tokens, policyTimeoutMs: Math.ceil(limits.policyTimeout * 1_000) },
      limits: this.#limiterFor(limits),
      deadlineMs: Math.ceil(limits.requestTimeout * 1_000),
      maxRequestBytes: limits.requestBytes,
      introspectionMaxAge,
      onAnswer: this.#answered,
    })
    const peers = new Peers(proxies, this.#log.logger)
    return { configuration, peers, routes: routesOf(server, issuer, peers, this.#answered) }
  }

  /** What is known of failures stays, unless the limits are others. */
  #limiterFor({
    failuresPerClientAndAddress,
    failuresPerClient,
    failuresPerAddress,
    failureWindow,
  }: Configuration['limits']): GuessLimiter {
    const limits = { failuresPerClientAndAddress, failuresPerClient, failuresPerAddress, failureWindow }
    const key = JSON.stringify(limits)
    if (this.#limiter?.key !== key) this.#limiter = { key, limiter: new GuessLimiter(limits) }
    return this.#limiter.limiter
  }

  async #tlsOf(configuration: Configuration): Promise<Tls | undefined> {
    const { https } = configuration.listen
    return https && readTls(https, configuration)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const current = this.#current
    // Between the moment that the port is open and that all is ready.
    if (!current) {
      response.writeHead(503, { 'retry-after': '1', 'content-length': 0 })
      response.end()
      return
    }
    const handle = current.routes.get(pathOf(request))
    if (handle) return handle(request, response)
    const code = 'http_path_unknown'
    const path = pathOf(request).slice(0, 200)
    this.#refused(code, { path, address: current.peers.addressOf(request) })
    // What came together with the header is known to have come after that.
    await undefined
    const payload = refusalJson(code)
    response.writeHead(refusals[code].status, {
      'content-type': 'application/json',
      'content-length': payload.length,
      'cache-control': 'no-store',
      ...(!request.complete && { connection: 'close' }),
    })
    response.end(request.method === 'HEAD' ? undefined : payload)
  }

  readonly #answered = (answer: LoggedAnswer & { readonly endpoint: ObservedEndpoint }): void => {
    this.#metrics.answered(answer.endpoint, answer.failure?.code, answer.durationMs)
    logAnswer(this.#log.logger, answer)
  }

  #refused(code: RefusalCode, from: { readonly address: string | undefined; readonly path?: string }): void {
    this.#metrics.refused(code)
    const { status, kind } = refusals[code]
    const request_id = randomBytes(8).toString('hex')
    this.#log.logger.info({
      event: 'answer',
      endpoint: 'none',
      status,
      code,
      kind,
      request_id,
      ...from,
      duration_ms: 0,
    })
  }

  #handshakeFailed(error: NodeJS.ErrnoException, { remoteAddress }: Socket): void {
    this.#metrics.handshakeFailed()
    const reason = error.code ?? error.message
    this.#log.logger.info({ event: 'tls_handshake_failed', address: ipAddress(remoteAddress), reason })
  }

  async #whyNotReady(): Promise<string | undefined> {
    if (this.#isEnding) return 'the server is ending'
    if (!this.#current) return 'the server is starting'
    this.#pinging ??= this.#store.ping().finally(() => {
      this.#pinging = undefined
    })
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, pingTimeoutMs, 'late').unref())
    try {
      const came = await Promise.race([this.#pinging, late])
      return came === 'late' ? 'the store does not answer in time' : undefined
    } catch {
      return 'the store does not answer'
    }
  }

  async #connections(): Promise<number> {
    const { http, https } = this.#listeners
    const counts = await Promise.all([http?.connections(), https?.connections()])
    return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)
  }

  /** Tells of what should be seen to, and does not keep the server from running. */
  async #warn(configuration: Configuration, tls: Tls | undefined): Promise<void> {
    const { logger } = this.#log
    for (const { setting, path, mode, problem } of await permissionProblems(configuration))
      logger.warn({ event: 'permissions', setting, path, mode, problem })
    if (!tls) return
    this.#metrics.certificateIs(tls.validTo)
    const days = Math.floor((tls.validTo - Date.now()) / 86_400_000)
    const told = {
      valid_from: new Date(tls.validFrom).toISOString(),
      valid_to: new Date(tls.validTo).toISOString(),
    }
    if (days < 0 || tls.validFrom > Date.now()) logger.error({ event: 'certificate_not_valid', ...told })
    else if (days < 14) logger.warn({ event: 'certificate_ends_soon', days, ...told })
  }
}

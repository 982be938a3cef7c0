import { catalogue } from 'ace-oauth/failure'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Store } from '../store/contract.ts'
import { type RefusalCode, refusals } from './refusal.ts'
import type { StoreOperation } from './store-metrics.ts'
import type { Sweep } from './sweeps.ts'

/** The endpoints, as metrics and logs name them; `none` is for what reaches no endpoint. */
export const endpointNames = ['token', 'introspect', 'revoke', 'trl', 'jwks', 'metadata', 'none'] as const

/** One of {@link endpointNames}. */
export type ObservedEndpoint = (typeof endpointNames)[number]

/** How long what was counted in the store is told again, in milliseconds: it is counted no oftener, however many ask. */
const countsMaxAgeMs = 15_000

/** What is counted of a store. */
type MeteredStore = Pick<Store, 'counts'> & { readonly sessions: Pick<Store['sessions'], 'countOpen'> }

/** Metrics of one server, as Prometheus reads them. No label has a value that a client chose. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #requests = new Counter({
    name: 'ace_oauth_requests_total',
    help: 'Answered requests, by endpoint and failure code; ok where nothing was wrong',
    labelNames: ['endpoint', 'code'] as const,
    registers: [this.#registry],
  })
  readonly #durations = new Histogram({
    name: 'ace_oauth_request_duration_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['endpoint'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.#registry],
  })
  readonly #operations = new Histogram({
    name: 'ace_oauth_store_operation_duration_seconds',
    help: 'Time that an operation of the store took, whether or not it failed',
    labelNames: ['operation'] as const,
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [this.#registry],
  })
  readonly #operationFailures = new Counter({
    name: 'ace_oauth_store_operation_failures_total',
    help: 'Operations of the store that failed',
    labelNames: ['operation'] as const,
    registers: [this.#registry],
  })
  readonly #sweeps = new Counter({
    name: 'ace_oauth_sweeps_total',
    help: 'Sweeps of what has expired, by whether they succeeded',
    labelNames: ['result'] as const,
    registers: [this.#registry],
  })
  readonly #sweptRows = new Counter({
    name: 'ace_oauth_swept_rows_total',
    help: 'Rows that were removed because they had expired',
    registers: [this.#registry],
  })
  readonly #sweepDurations = new Histogram({
    name: 'ace_oauth_sweep_duration_seconds',
    help: 'Time that a sweep took',
    buckets: [0.001, 0.01, 0.1, 1, 10, 60, 600],
    registers: [this.#registry],
  })
  readonly #lastSweep = new Gauge({
    name: 'ace_oauth_sweep_last_success_timestamp_seconds',
    help: 'When a sweep last succeeded, in seconds since 1970',
    registers: [this.#registry],
  })
  readonly #reloads = new Counter({
    name: 'ace_oauth_reloads_total',
    help: 'Times that the configuration was read again, by whether it was taken',
    labelNames: ['result'] as const,
    registers: [this.#registry],
  })
  readonly #isCurrent = new Gauge({
    name: 'ace_oauth_last_reload_successful',
    help: 'Whether the configuration was taken when it was last read: 1 or 0',
    registers: [this.#registry],
  })
  readonly #dropped = new Counter({
    name: 'ace_oauth_connections_dropped_total',
    help: 'Connections that were closed at once because there were too many',
    registers: [this.#registry],
  })
  readonly #handshakes = new Counter({
    name: 'ace_oauth_tls_handshake_failures_total',
    help: 'TLS handshakes that failed',
    registers: [this.#registry],
  })
  readonly #certificateEnd = new Gauge({
    name: 'ace_oauth_tls_certificate_expires_timestamp_seconds',
    help: 'When the certificate of the server ends, in seconds since 1970; absent without HTTPS',
    // Without a label there would be a 0 where nothing was set.
    labelNames: ['listener'] as const,
    registers: [this.#registry],
  })

  /**
   * @param store whose rows and sessions are counted
   * @param connections how many connections there are
   */
  constructor(store: MeteredStore, connections: () => Promise<number>) {
    collectDefaultMetrics({ register: this.#registry })
    this.#countStore(store)
    new Gauge({
      name: 'ace_oauth_connections',
      help: 'Open connections',
      registers: [this.#registry],
      async collect() {
        this.set(await connections())
      },
    })
    // A counter that appears with its first event would show no increase from nothing to one.
    for (const endpoint of endpointNames.filter((name) => name !== 'none'))
      this.#requests.inc({ endpoint, code: 'ok' }, 0)
    for (const [code, { endpoint }] of catalogue)
      if (endpoint === 'token' || endpoint === 'introspect' || endpoint === 'revoke') {
        this.#requests.inc({ endpoint, code }, 0)
        if (endpoint === 'introspect')
          for (const like of ['trl', 'jwks']) this.#requests.inc({ endpoint: like, code }, 0)
      }
    for (const code of Object.keys(refusals)) this.#requests.inc({ endpoint: 'none', code }, 0)
    for (const result of ['ok', 'failed']) {
      this.#sweeps.inc({ result }, 0)
      this.#reloads.inc({ result }, 0)
    }
    this.#isCurrent.set(1)
  }

  #countStore(store: MeteredStore): void {
    let counting: Promise<void> | undefined
    let countedAt = Number.NEGATIVE_INFINITY
    const collect = async (): Promise<void> => {
      if (performance.now() - countedAt < countsMaxAgeMs) return
      counting ??= count().finally(() => {
        counting = undefined
      })
      await counting
    }
    const registers = [this.#registry]
    const isUp = new Gauge({
      name: 'ace_oauth_store_up',
      help: 'Whether the store answers: 1 or 0',
      registers,
      collect,
    })
    const rows = new Gauge({
      name: 'ace_oauth_rows',
      help: 'Rows of the store, by table',
      labelNames: ['table'] as const,
      registers,
      collect,
    })
    const sessions = new Gauge({
      name: 'ace_oauth_open_sessions',
      help: 'Sessions that are neither closed nor expired',
      registers,
      collect,
    })
    const count = async (): Promise<void> => {
      try {
        const now = Math.floor(Date.now() / 1_000)
        const [counts, open] = await Promise.all([store.counts(), store.sessions.countOpen(now)])
        for (const [table, number] of Object.entries(counts)) rows.set({ table }, number)
        sessions.set(open)
        isUp.set(1)
        countedAt = performance.now()
      } catch {
        // The other metrics are wanted most when the store is away.
        isUp.set(0)
      }
    }
  }

  /** What Prometheus reads. */
  async render(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() }
  }

  answered(endpoint: ObservedEndpoint, code: string | undefined, durationMs: number): void {
    this.#requests.inc({ endpoint, code: code ?? 'ok' })
    this.#durations.observe({ endpoint }, durationMs / 1_000)
  }

  refused(code: RefusalCode): void {
    this.#requests.inc({ endpoint: 'none', code })
  }

  readonly operated = ({ name, seconds, hasFailed }: StoreOperation): void => {
    this.#operations.observe({ operation: name }, seconds)
    if (hasFailed) this.#operationFailures.inc({ operation: name })
  }

  swept({ rows, seconds, error }: Sweep): void {
    this.#sweeps.inc({ result: error === undefined ? 'ok' : 'failed' })
    this.#sweptRows.inc(rows)
    this.#sweepDurations.observe(seconds)
    if (error === undefined) this.#lastSweep.setToCurrentTime()
  }

  reloaded(isTaken: boolean): void {
    this.#reloads.inc({ result: isTaken ? 'ok' : 'failed' })
    this.#isCurrent.set(isTaken ? 1 : 0)
  }

  dropped(): void {
    this.#dropped.inc()
  }

  handshakeFailed(): void {
    this.#handshakes.inc()
  }

  /** @param validTo in milliseconds since 1970 */
  certificateIs(validTo: number): void {
    this.#certificateEnd.set({ listener: 'https' }, validTo / 1_000)
  }
}

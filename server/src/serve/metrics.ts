import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { ServerAnswer } from '../endpoints/revocation-list.ts'
import type { Store } from '../store/contract.ts'

/** What Prometheus reads of a server. */
export interface Metrics {
  readonly registry: Registry
  readonly observe: (answer: ServerAnswer) => void
  readonly swept: (rows: number) => void
}

/** Metrics of one server: requests by endpoint and failure code, how long they took, rows, sweeps. */
export function metricsOf(store: Store): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Counter({
    name: 'ace_oauth_requests_total',
    help: 'Answered requests, by endpoint and failure code; ok where nothing was wrong',
    labelNames: ['endpoint', 'code'] as const,
    registers,
  })
  const durations = new Histogram({
    name: 'ace_oauth_request_duration_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['endpoint'] as const,
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
    registers,
  })
  const sweeps = new Counter({
    name: 'ace_oauth_swept_rows_total',
    help: 'Rows that were removed because they had expired',
    registers,
  })
  new Gauge({
    name: 'ace_oauth_rows',
    help: 'Rows of the store, by table',
    labelNames: ['table'] as const,
    registers,
    async collect() {
      for (const [table, rows] of Object.entries(await store.counts())) this.set({ table }, rows)
    },
  })
  return {
    registry,
    observe({ endpoint, failure, durationMs }) {
      requests.inc({ endpoint, code: failure?.code ?? 'ok' })
      durations.observe({ endpoint }, durationMs / 1_000)
    },
    swept: (rows) => sweeps.inc(rows),
  }
}

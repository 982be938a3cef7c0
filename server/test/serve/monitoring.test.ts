import { readFileSync } from 'node:fs'
import { parser } from '@prometheus-io/lezer-promql'
import { runbookOf } from 'ace-oauth'
import { catalogue, type FailureCode } from 'ace-oauth/failure'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { Metrics } from '../../src/serve/metrics.ts'
import { refusals } from '../../src/serve/refusal.ts'
import { askForToken, type Running, start } from './running.ts'

interface Known {
  readonly catalogue: typeof catalogue
  readonly runbookOf: typeof runbookOf
  readonly refusals: typeof refusals
}
const monitoring: {
  renderAlerts(known: Known): string
  renderDashboard(): string
  renderReadme(known: { refusals: typeof refusals; metricsText: string }): string
} = await import(new URL('../../scripts/monitoring.mjs', import.meta.url).href)

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string; readonly code?: string }
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook: string }
}
const read = (name: string): string => readFileSync(`docs/${name}`, 'utf8')
const rules = (parse(read('monitoring/alerts.yaml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
)
const dashboard = JSON.parse(read('monitoring/dashboard.json')) as {
  panels: { id: number; title: string; type: string; targets?: { expr: string }[] }[]
}
const queries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))

let server: Running
/** What `/metrics` tells once everything has happened. */
let exposed: string
const metricsOf = async ({ ready }: Running) => (await fetch(`${ready.metrics}/metrics`)).text()
beforeAll(async () => {
  server = await start(['sweepEvery=1'])
  await askForToken(server.ready.http, server.basic)
  await askForToken(server.ready.http, 'Basic eDp5')
  await fetch(`${server.ready.http}/none/of/these?client_id=evil`)
  exposed = await vi.waitFor(
    async () => {
      const text = await metricsOf(server)
      expect(text).toMatch(/ace_oauth_sweeps_total\{result="ok"\} [1-9]/)
      return text
    },
    { timeout: 20_000 },
  )
}, 60_000)
afterAll(() => server.close())

/** Parses a query, and gives the metrics and the values of a label in it; `$`-variables of Grafana are filled in. */
function parts(expr: string, label: string): { hasError: boolean; metrics: string[]; values: string[] } {
  const text = expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*')
  let hasError = false
  const metrics: string[] = []
  const values: string[] = []
  parser.parse(text).iterate({
    enter: ({ type, node, from, to }) => {
      if (type.isError) hasError = true
      if (type.name === 'Identifier') metrics.push(text.slice(from, to))
      if (type.name === 'UnquotedLabelMatcher' && text.slice(from, to).startsWith(`${label}=`)) {
        const value = node.getChild('StringLiteral')!
        values.push(text.slice(value.from + 1, value.to - 1))
      }
    },
  })
  return { hasError, metrics, values }
}

describe('docs/monitoring', () => {
  it('is what the catalogue of failures and the metrics make; `npm run generate` writes it again', async () => {
    const store = { counts: async () => ({}), sessions: { countOpen: async () => 0 } }
    const { text: metricsText } = await new Metrics(store, async () => 0).render()
    expect(read('monitoring/alerts.yaml')).toBe(monitoring.renderAlerts({ catalogue, runbookOf, refusals }))
    expect(read('monitoring/dashboard.json')).toBe(monitoring.renderDashboard())
    expect(read('monitoring/README.md')).toBe(monitoring.renderReadme({ refusals, metricsText }))
  })

  it('has a rule for each failure that the server counts, with meaning and action of the runbook', () => {
    const codes = [...catalogue].filter(([, { endpoint }]) =>
      ['token', 'introspect', 'revoke'].includes(endpoint),
    )
    const expected = [...codes.map(([code]) => code), ...Object.keys(refusals)]
    expect(rules.map(({ labels }) => labels.code).filter((code) => code !== undefined)).toEqual(expected)
    for (const { labels, annotations } of rules) {
      expect(['critical', 'warning']).toContain(labels.severity)
      if (!catalogue.has(labels.code as FailureCode)) continue
      const { meaning, action } = runbookOf(labels.code as FailureCode)
      expect(annotations).toMatchObject({ summary: meaning, description: action })
    }
  })

  it('calls somebody at once for what is the fault of the server, and for clients where there is much of it', () => {
    const ruleFor = (code: string) => rules.find(({ labels }) => labels.code === code)!
    expect(ruleFor('token_store_unavailable').labels.severity).toBe('critical')
    expect(ruleFor('token_internal_error').labels.severity).toBe('critical')
    expect(ruleFor('token_client_credentials_invalid').labels.severity).toBe('warning')
  })

  it('asks in PromQL for metrics, codes and endpoints that there are', () => {
    const names = new Set(
      [...exposed.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
    )
    expect(queries.length).toBeGreaterThan(20)
    for (const expr of [...rules.map((rule) => rule.expr), ...queries]) {
      const { hasError, metrics, values } = parts(expr, 'code')
      expect(hasError, expr).toBe(false)
      expect(metrics.length, expr).toBeGreaterThan(0)
      for (const metric of metrics) if (metric !== 'up') expect(names, expr).toContain(metric)
      for (const code of values) expect(exposed, expr).toContain(`code="${code}"`)
      for (const result of parts(expr, 'result').values) expect(exposed).toContain(`result="${result}"`)
    }
    expect(parts('sum(rate(a{code="b"}[5m])', 'code').hasError).toBe(true)
  })

  it('links to what there is', () => {
    for (const { annotations } of rules) {
      const [file = '', anchor = ''] = annotations.runbook.split('#')
      expect(readFileSync(file, 'utf8'), annotations.runbook).toContain(`<a id="${anchor}"></a>`)
    }
  })

  it('has panels that stand beside each other, each with an id', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
    for (const { type, targets, title } of dashboard.panels)
      expect(type === 'row' || targets!.length > 0, title).toBe(true)
  })
})

describe('/metrics', () => {
  it('counts answers by endpoint and failure code, from 0 on', () => {
    expect(exposed).toContain('ace_oauth_requests_total{endpoint="token",code="ok"} 1\n')
    expect(exposed).toContain(
      'ace_oauth_requests_total{endpoint="token",code="token_client_credentials_invalid"} 1\n',
    )
    expect(exposed).toContain('ace_oauth_requests_total{endpoint="none",code="http_path_unknown"} 1\n')
    expect(exposed).toContain('ace_oauth_requests_total{endpoint="token",code="token_store_unavailable"} 0\n')
  })

  it('measures answers, operations of the store, sweeps, rows, sessions and the process', () => {
    for (const line of [
      /^ace_oauth_request_duration_seconds_count\{endpoint="token"\} 2$/m,
      /^ace_oauth_store_operation_duration_seconds_count\{operation="tokens\.issue"\} 1$/m,
      /^ace_oauth_store_operation_duration_seconds_count\{operation="sweep"\} [1-9]/m,
      /^ace_oauth_sweep_last_success_timestamp_seconds \d{10}/m,
      /^ace_oauth_sweep_duration_seconds_count [1-9]/m,
      /^ace_oauth_rows\{table="tokens"\} 1$/m,
      /^ace_oauth_open_sessions 0$/m,
      /^ace_oauth_store_up 1$/m,
      /^ace_oauth_connections \d/m,
      /^process_resident_memory_bytes \d/m,
      /^nodejs_eventloop_lag_p99_seconds /m,
    ])
      expect(exposed).toMatch(line)
  })

  it('has no label that a client chose, so that the number of series is bounded', async () => {
    const before = exposed.split('\n').length
    for (let i = 0; i < 20; i++) {
      const path = `/x${i}?a=${i}`
      await fetch(server.ready.http + path, { method: 'PUT', headers: { 'x-request-id': `r${i}` } })
      await askForToken(server.ready.http, `Basic ${btoa(`client${i}:x`)}`)
    }
    const after = await metricsOf(server)
    expect(after).not.toMatch(/client\d|example-client|\/x\d/)
    // Some operations of the store are new, which are as many as it has.
    expect(after.split('\n').length - before).toBeLessThan(40)
  })

  it('is there alone, and health beside it', async () => {
    const { metrics } = server.ready
    for (const path of ['/healthz', '/readyz']) expect(await (await fetch(metrics + path)).text()).toBe('ok')
    for (const path of ['/', '/token', '/metrics/'])
      expect((await fetch(metrics + path, { method: 'POST', body: 'x' })).status).toBe(404)
  })
})

// What docs/monitoring is made of: alert rules of Prometheus by failure code, a dashboard of Grafana, and the list of the metrics.
import { stringify } from 'yaml'

/** The failures of these endpoints are counted by the server. */
const endpoints = ['token', 'introspect', 'revoke']

const isOurs = { severity: 'critical', for: '0m', above: (code) => `increase(${of(code)}[5m])`, than: 0 }
const isAway = { severity: 'critical', for: '2m', above: (code) => `rate(${of(code)}[1m])`, than: 0 }
/** What clients do wrong is worth a look where there is much of it: more than so many a second, and of all requests. */
const isTheirs = (share) => ({
  severity: 'warning',
  for: '15m',
  above: (code) => `rate(${of(code)}[15m])`,
  than: 0.1,
  share,
})

/** When the failures of a kind call somebody. */
const rules = {
  internal: isOurs,
  panic: isOurs,
  server_error_500: isOurs,
  policy_error: isOurs,
  bad_gateway_502: isAway,
  service_unavailable_503: isAway,
  gateway_timeout_504: isAway,
  timeout: isAway,
  rate_limit: isTheirs(0.05),
  auth_error: isTheirs(0.1),
  policy_denied: isTheirs(0.2),
  parse_error: isTheirs(0.1),
  token_limit: isTheirs(0.1),
  depth_exceeded: isTheirs(0.05),
  network_error: isTheirs(0.1),
  cancelled: isTheirs(0.1),
}

function of(code) {
  return `ace_oauth_requests_total{code="${code}"}`
}

/** What is refused before an endpoint sees it, for operators: the runbook of the library has the failures of endpoints. */
const refusalRunbook = {
  http_path_unknown: [
    'Somebody asked for a path at which there is nothing.',
    'None, unless a device has a wrong URL: its address is in the log. Many from one address are somebody who looks for what there is.',
  ],
  http_request_malformed: [
    'What came is not HTTP, for example TLS on the port of plain HTTP.',
    'Look whether a device or a proxy speaks to the wrong port.',
  ],
  http_header_too_large: [
    'The header of a request is larger than limits.headerBytes.',
    'None, unless a legitimate client is refused: then raise the limit. Certificates that proxies forward need some kilobytes.',
  ],
  http_request_incomplete: [
    'A connection did not send the header of a request in limits.headerTimeout.',
    'None. Many of these are a bad network, or clients that send slowly on purpose to keep connections busy.',
  ],
}

/** Rules about the server itself. */
const serverRules = [
  {
    alert: 'AceOauthDown',
    expr: 'up{job="ace-oauth"} == 0',
    for: '2m',
    severity: 'critical',
    summary: 'Prometheus does not reach the server.',
    description: 'See whether it runs, and what its last lines of the log say.',
  },
  {
    alert: 'AceOauthStoreDown',
    expr: 'ace_oauth_store_up == 0',
    for: '1m',
    severity: 'critical',
    summary: 'The store does not answer.',
    description: 'Look at the cause in the log, then at the database or the disk.',
  },
  {
    alert: 'AceOauthStoreFails',
    expr: 'sum by (instance, operation) (rate(ace_oauth_store_operation_failures_total[5m])) > 0',
    for: '2m',
    severity: 'critical',
    summary: 'Operations of the store fail.',
    description: 'Look at the cause in the log, then at the database or the disk.',
  },
  {
    alert: 'AceOauthStoreSlow',
    expr: 'histogram_quantile(0.99, sum by (instance, le) (rate(ace_oauth_store_operation_duration_seconds_bucket[5m]))) > 0.5',
    for: '10m',
    severity: 'warning',
    summary: 'One of a hundred operations of the store takes more than half a second.',
    description: 'Look at the load of the disk or of the database.',
  },
  {
    alert: 'AceOauthAnswersSlow',
    expr: 'histogram_quantile(0.99, sum by (instance, endpoint, le) (rate(ace_oauth_request_duration_seconds_bucket[5m]))) > 1',
    for: '10m',
    severity: 'warning',
    summary: 'One of a hundred answers takes more than a second.',
    description: 'Compare with the store, with the policy, and with the load of the processor.',
  },
  {
    alert: 'AceOauthEventLoopBlocked',
    expr: 'nodejs_eventloop_lag_p99_seconds > 0.25',
    for: '10m',
    severity: 'warning',
    summary: 'The process is busy for long times, in which no request is answered.',
    description:
      'Look whether the policy calculates, whether the store is on a slow disk, or whether one process is not enough.',
  },
  {
    alert: 'AceOauthSweepsFail',
    expr: 'increase(ace_oauth_sweeps_total{result="failed"}[30m]) > 0 and ignoring(result) increase(ace_oauth_sweeps_total{result="ok"}[30m]) == 0',
    for: '0m',
    severity: 'warning',
    summary: 'What has expired is not removed, and the tables grow.',
    description: 'The log says why, as sweep_failed.',
  },
  {
    alert: 'AceOauthReloadFailed',
    expr: 'ace_oauth_last_reload_successful == 0',
    for: '0m',
    severity: 'warning',
    summary: 'The configuration was not taken when it was last read: the server goes on with what it had.',
    description: 'The log says what is wrong, as reload_failed. Put it right, and send SIGHUP again.',
  },
  {
    alert: 'AceOauthCertificateEndsSoon',
    expr: 'ace_oauth_tls_certificate_expires_timestamp_seconds - time() < 14 * 86400',
    for: '1h',
    severity: 'warning',
    summary: 'The certificate of the server ends in less than two weeks.',
    description: 'Renew it, and send SIGHUP.',
  },
  {
    alert: 'AceOauthCertificateEnded',
    expr: 'ace_oauth_tls_certificate_expires_timestamp_seconds < time()',
    for: '0m',
    severity: 'critical',
    summary: 'The certificate of the server has ended: devices that have a clock refuse it.',
    description: 'Renew it, and send SIGHUP.',
  },
  {
    alert: 'AceOauthConnectionsDropped',
    expr: 'increase(ace_oauth_connections_dropped_total[5m]) > 0',
    for: '0m',
    severity: 'warning',
    summary: 'There are more connections than limits.connections, and further ones are closed at once.',
    description: 'See who holds them; raise the limit where they are legitimate.',
  },
  {
    alert: 'AceOauthHandshakesFail',
    expr: 'sum by (instance) (rate(ace_oauth_tls_handshake_failures_total[15m])) > 0.1',
    for: '15m',
    severity: 'warning',
    summary: 'Many TLS handshakes fail.',
    description:
      'The log has the reasons and addresses, as tls_handshake_failed: old versions, unknown authorities, certificates that ended.',
  },
  {
    alert: 'AceOauthFileDescriptors',
    expr: 'process_open_fds / process_max_fds > 0.8',
    for: '5m',
    severity: 'warning',
    summary: 'The process has nearly as many files and connections open as it may.',
    description: 'Raise its limit (LimitNOFILE), or lower limits.connections.',
  },
]

/** The failures that are counted, each with its runbook. */
function failures({ catalogue, runbookOf, refusals }) {
  const ofEndpoints = [...catalogue]
    .filter(([, { endpoint }]) => endpoints.includes(endpoint))
    .map(([code, { kind }]) => ({
      code,
      kind: kind.name,
      ...runbookOf(code),
      runbook: `docs/failures.md#${code}`,
    }))
  const before = Object.entries(refusals).map(([code, { kind }]) => {
    const [meaning, action] = refusalRunbook[code]
    return { code, kind, meaning, action, runbook: `docs/monitoring/README.md#${code}` }
  })
  return [...ofEndpoints, ...before]
}

/** The alert rules, as a file of Prometheus. */
export function renderAlerts(known) {
  const byCode = failures(known).map(({ code, kind, meaning, action, runbook }) => {
    const rule = rules[kind]
    const sum = `sum by (instance) (${rule.above(code)})`
    // Of the requests of the same endpoints.
    const share = `sum by (instance) (rate(ace_oauth_requests_total[15m]))`
    return {
      alert: `AceOauth_${code}`,
      expr: `${sum} > ${rule.than}${rule.share ? ` and ${sum} / ${share} > ${rule.share}` : ''}`,
      for: rule.for,
      labels: { severity: rule.severity, code, kind },
      annotations: { summary: meaning, description: action, runbook },
    }
  })
  const ofServer = serverRules.map(({ alert, expr, for: time, severity, summary, description }) => ({
    alert,
    expr,
    for: time,
    labels: { severity },
    annotations: { summary, description, runbook: `docs/monitoring/README.md#${alert.toLowerCase()}` },
  }))
  const groups = [
    { name: 'ace-oauth-server', rules: ofServer },
    { name: 'ace-oauth-failures', rules: byCode },
  ]
  return `# Made from the catalogue of failures by \`npm run generate\`. Do not edit.\n${stringify({ groups }, { lineWidth: 0 })}`
}

const where = 'instance=~"$instance"'
const query = (expr, legend) => ({ expr, legendFormat: legend })
const quantile = (q, metric, by) =>
  `histogram_quantile(${q}, sum by (${by}, le) (rate(${metric}_bucket{${where}}[$__rate_interval])))`

/** The panels of the dashboard: title, unit, and queries; a row of text begins a new section. */
const panels = [
  'Requests',
  [
    'Answers by endpoint',
    'reqps',
    [query(`sum by (endpoint) (rate(ace_oauth_requests_total{${where}}[$__rate_interval]))`, '{{endpoint}}')],
  ],
  [
    'Failures by code',
    'reqps',
    [
      query(
        `sum by (code) (rate(ace_oauth_requests_total{${where}, code!="ok"}[$__rate_interval])) > 0`,
        '{{code}}',
      ),
    ],
  ],
  [
    'Share of answers without a failure',
    'percentunit',
    [
      query(
        `sum by (endpoint) (rate(ace_oauth_requests_total{${where}, code="ok"}[$__rate_interval])) / sum by (endpoint) (rate(ace_oauth_requests_total{${where}}[$__rate_interval]))`,
        '{{endpoint}}',
      ),
    ],
  ],
  [
    'Time to an answer',
    's',
    [0.5, 0.95, 0.99].map((q) =>
      query(quantile(q, 'ace_oauth_request_duration_seconds', 'endpoint'), `{{endpoint}} p${q * 100}`),
    ),
  ],
  'Store',
  [
    'Time of operations, p95',
    's',
    [query(quantile(0.95, 'ace_oauth_store_operation_duration_seconds', 'operation'), '{{operation}}')],
  ],
  [
    'Operations',
    'ops',
    [
      query(
        `sum by (operation) (rate(ace_oauth_store_operation_duration_seconds_count{${where}}[$__rate_interval]))`,
        '{{operation}}',
      ),
    ],
  ],
  [
    'Failed operations',
    'ops',
    [
      query(
        `sum by (operation) (rate(ace_oauth_store_operation_failures_total{${where}}[$__rate_interval])) > 0`,
        '{{operation}}',
      ),
    ],
  ],
  ['Rows', 'short', [query(`max by (table) (ace_oauth_rows{${where}})`, '{{table}}')]],
  ['Open sessions', 'short', [query(`max(ace_oauth_open_sessions{${where}})`, 'sessions')]],
  [
    'Swept rows',
    'rows/s',
    [
      query(
        `sum by (instance) (rate(ace_oauth_swept_rows_total{${where}}[$__rate_interval]))`,
        '{{instance}}',
      ),
    ],
  ],
  [
    'Time of sweeps, p95',
    's',
    [query(quantile(0.95, 'ace_oauth_sweep_duration_seconds', 'instance'), '{{instance}}')],
  ],
  [
    'Since the last sweep',
    's',
    [query(`time() - ace_oauth_sweep_last_success_timestamp_seconds{${where}}`, '{{instance}}')],
  ],
  'Server',
  [
    'Store and configuration',
    'bool_yes_no',
    [
      query(`ace_oauth_store_up{${where}}`, '{{instance}} store answers'),
      query(`ace_oauth_last_reload_successful{${where}}`, '{{instance}} configuration is taken'),
    ],
  ],
  [
    'Connections',
    'short',
    [
      query(`ace_oauth_connections{${where}}`, '{{instance}} open'),
      query(
        `rate(ace_oauth_connections_dropped_total{${where}}[$__rate_interval])`,
        '{{instance}} closed at once, a second',
      ),
      query(
        `rate(ace_oauth_tls_handshake_failures_total{${where}}[$__rate_interval])`,
        '{{instance}} failed handshakes, a second',
      ),
    ],
  ],
  [
    'Certificate ends in',
    's',
    [query(`ace_oauth_tls_certificate_expires_timestamp_seconds{${where}} - time()`, '{{instance}}')],
  ],
  [
    'Processor',
    'percentunit',
    [query(`rate(process_cpu_seconds_total{${where}}[$__rate_interval])`, '{{instance}}')],
  ],
  ['Memory', 'bytes', [query(`process_resident_memory_bytes{${where}}`, '{{instance}}')]],
  ['Event loop lag, p99', 's', [query(`nodejs_eventloop_lag_p99_seconds{${where}}`, '{{instance}}')]],
]

/** The dashboard, as JSON that Grafana imports. */
export function renderDashboard() {
  const datasource = { type: 'prometheus', uid: '$datasource' }
  let y = 0
  let x = 0
  const placed = panels.map((panel, index) => {
    const id = index + 1
    if (typeof panel === 'string') {
      if (x > 0) y += 8
      x = 0
      const row = {
        id,
        type: 'row',
        title: panel,
        collapsed: false,
        panels: [],
        gridPos: { x: 0, y, w: 24, h: 1 },
      }
      y += 1
      return row
    }
    const [title, unit, queries] = panel
    const gridPos = { x, y, w: 12, h: 8 }
    y += x === 12 ? 8 : 0
    x = x === 12 ? 0 : 12
    return {
      id,
      type: 'timeseries',
      title,
      datasource,
      gridPos,
      fieldConfig: {
        defaults: { unit, min: 0, custom: { fillOpacity: 10, showPoints: 'never' } },
        overrides: [],
      },
      options: {
        legend: { displayMode: 'list', placement: 'bottom' },
        tooltip: { mode: 'multi', sort: 'desc' },
      },
      targets: queries.map((each, target) => ({ refId: 'ABCDEF'[target], datasource, ...each })),
    }
  })
  const dashboard = {
    uid: 'ace-oauth-server',
    title: 'ace-oauth-server',
    description: 'Made by npm run generate. Do not edit: save a copy.',
    tags: ['ace-oauth'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    templating: {
      list: [
        { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
        {
          name: 'instance',
          label: 'Instance',
          type: 'query',
          datasource,
          query: { query: 'label_values(ace_oauth_requests_total, instance)', refId: 'instance' },
          refresh: 2,
          includeAll: true,
          multi: true,
          allValue: '.*',
          current: { text: 'All', value: '$__all' },
        },
      ],
    },
    annotations: { list: [] },
    panels: placed,
  }
  return `${JSON.stringify(dashboard, null, 2)}\n`
}

const introduction = `# Monitoring

\`/metrics\`, \`/healthz\` and \`/readyz\` are on a port of their own (\`listen.metrics\`, 127.0.0.1:9464 by default). \`/healthz\` says \`ok\` as
long as the process answers; \`/readyz\` says 503 while the store does not answer, and from the moment that the server is told to end.

1. Let Prometheus read the metrics and the rules:

   \`\`\`yaml
   scrape_configs:
     - job_name: ace-oauth
       static_configs:
         - targets: ['127.0.0.1:9464']
   rule_files:
     - alerts.yaml
   \`\`\`

2. Import [dashboard.json](dashboard.json) into Grafana.
3. [alerts.yaml](alerts.yaml) has a rule for each failure code, with its meaning and what to do from the [runbook](../failures.md): failures of
   the server call at once or after two minutes, those of clients where they are frequent. \`for\` and the numbers are where to begin.

No label has a value that a client chose, so the number of time series does not grow with clients. \`code\` is the failure code that the log has
too: from an alert, look for \`"code":"..."\` there, and find who, from where, and why.
`

/** How to use all of it, and what there is. */
export function renderReadme({ refusals, metricsText }) {
  const metrics = [...metricsText.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)$/gm)]
    .map(([, name, help, type]) => [name, type, help])
    .filter(([name]) => name.startsWith('ace_oauth_'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const before = Object.entries(refusals).map(([code, { status, kind }]) => {
    const [meaning, action] = refusalRunbook[code]
    return [`<a id="${code}"></a>\`${code}\``, `\`${kind}\``, status, meaning, action]
  })
  const alerts = serverRules.map(({ alert, severity, summary, description }) => [
    `<a id="${alert.toLowerCase()}"></a>\`${alert}\``,
    severity,
    summary,
    description,
  ])
  return `${introduction}
## Metrics

Beside those of the process and of Node (\`process_...\`, \`nodejs_...\`):

${table(
  ['name', 'type', 'meaning'],
  metrics.map(([name, type, help]) => [`\`${name}\``, type, help]),
)}
## Alerts about the server

${table(['alert', 'severity', 'meaning', 'action'], alerts)}
## What is refused before an endpoint sees it

Its \`endpoint\` is \`none\` in the log and in metrics.

${table(['code', 'kind', 'HTTP', 'meaning', 'action'], before)}`
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

// Writes docs/configuration.md and docs/monitoring/ from what was built.
import { mkdirSync, writeFileSync } from 'node:fs'
import { runbookOf } from 'ace-oauth'
import { catalogue } from 'ace-oauth/failure'
import { renderConfiguration } from '../dist/serve/configuration-document.js'
import { Metrics } from '../dist/serve/metrics.js'
import { refusals } from '../dist/serve/refusal.js'
import { renderAlerts, renderDashboard, renderReadme } from './monitoring.mjs'

const docs = new URL('../../docs/', import.meta.url)
const write = (name, text) => writeFileSync(new URL(name, docs), text)
const store = { counts: async () => ({}), sessions: { countOpen: async () => 0 } }
const { text: metricsText } = await new Metrics(store, async () => 0).render()

mkdirSync(new URL('monitoring/', docs), { recursive: true })
write('configuration.md', renderConfiguration())
write('monitoring/alerts.yaml', renderAlerts({ catalogue, runbookOf, refusals }))
write('monitoring/dashboard.json', renderDashboard())
write('monitoring/README.md', renderReadme({ refusals, metricsText }))

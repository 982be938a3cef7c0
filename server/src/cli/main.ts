#!/usr/bin/env node
import { run } from './program.ts'

const ending = new AbortController()
const reloads = new EventTarget()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ending.abort())
process.on('SIGHUP', () => reloads.dispatchEvent(new Event('reload')))

process.exitCode = await run(
  process.argv.slice(2),
  { out: (text) => process.stdout.write(text), error: (text) => process.stderr.write(text) },
  { end: ending.signal, reloads },
)

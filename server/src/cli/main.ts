#!/usr/bin/env node
import { once } from 'node:events'
import { run } from './program.ts'

const ending = new AbortController()
const reloads = new EventTarget()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ending.abort())
process.on('SIGHUP', () => reloads.dispatchEvent(new Event('reload')))

// A reader of the output may go before its end, as `head` does.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })

process.exitCode = await run(
  process.argv.slice(2),
  {
    out: async (text) => {
      if (!process.stdout.write(text)) await once(process.stdout, 'drain')
    },
    error: (text) => process.stderr.write(text),
    hasProgress: process.stderr.isTTY === true,
    input: process.stdin,
  },
  { end: ending.signal, reloads },
)

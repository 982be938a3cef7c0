#!/usr/bin/env node
import { once } from 'node:events'
import { run } from './program.ts'

const ending = new AbortController()
const reloads = new EventTarget()
const isServer = process.argv[2] === 'serve'

/** Ends in order the first time; then a signal does what it does by itself, which is to end at once. */
function end(): void {
  for (const signal of ['SIGTERM', 'SIGINT']) process.off(signal, end)
  ending.abort()
}
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, end)
// To other commands it says that the terminal is gone.
if (isServer) process.on('SIGHUP', () => reloads.dispatchEvent(new Event('reload')))

// A reader of the output may go before its end, as `head` does.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    // A server goes on, although nobody reads its log.
    if (!isServer) process.exit()
  })

process.exitCode = await run(
  process.argv.slice(2),
  {
    out: async (text) => {
      if (!process.stdout.write(text)) await once(process.stdout, 'drain')
    },
    error: (text) => process.stderr.write(text),
    isTerminal: process.stdout.isTTY === true,
    hasProgress: process.stderr.isTTY === true,
    input: process.stdin,
  },
  {
    end: ending.signal,
    reloads,
    onStray(listener) {
      process.on('unhandledRejection', (error) => listener(error, false))
      process.on('uncaughtException', (error) => {
        listener(error, true)
        process.exit(1)
      })
    },
  },
)
// What somebody's policy left open does not keep the program alive.
setTimeout(() => process.exit(), 1_000).unref()

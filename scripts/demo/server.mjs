// The server of the demo: the real `ace-oauth-server`, set up and started by its command line, on a temporary folder.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../server/dist/cli/main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'ace-oauth-demo-'))
const config = join(folder, 'ace-oauth.yaml')
const free = ['--set', 'listen.http.port=0', '--set', 'listen.metrics.port=0']

/** The processes that run: whatever ends the demo ends them, and removes the folder. */
const running = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})
for (const [signal, number] of Object.entries({ SIGINT: 2, SIGTERM: 15, SIGHUP: 1 }))
  process.on(signal, () => process.exit(128 + number))

function start(args) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  child.on('exit', () => running.delete(child))
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text
  })
  return { child, errors: () => errors }
}

/** Runs a command of `ace-oauth-server` and gives what it prints as JSON. */
export async function command(...words) {
  console.log(`  $ ace-oauth-server ${words.join(' ')}`)
  const isInit = words[0] === 'init'
  const args = [...words, ...(isInit ? [folder] : ['--config', config]), '--json']
  const { child, errors } = start(args)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`ace-oauth-server ${words.join(' ')} ended with ${code}: ${errors()}`)
  return JSON.parse(output)
}

/** Starts the server on free ports. */
export async function serve() {
  console.log('  $ ace-oauth-server serve')
  const { child, errors } = start(['serve', '--config', config, ...free])
  const closed = once(child, 'close')
  const refusals = []
  let wake = () => {}
  const ready = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line)
      if (event.event === 'ready') resolve(event)
      if (typeof event.code === 'string') {
        refusals.push(event.code)
        wake()
      }
    })
    closed.then(() => reject(new Error(`the server ended: ${errors()}`)), reject)
  })
  const { http } = await ready
  return {
    url: http,
    /** The next failure code of the log, which the operator sees and the client does not. */
    async refusal() {
      while (refusals.length === 0)
        await new Promise((resolve) => {
          wake = resolve
        })
      return refusals.shift()
    },
    /** Ends it, and makes sure that it ends well. */
    async stop() {
      child.kill('SIGTERM')
      const [code] = await closed
      if (code !== 0) throw new Error(`the server ended with ${code}: ${errors()}`)
    },
  }
}

// The servers that are measured, each a process.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** Starts a script as a server; what it says first over IPC, or as its line `ready`, is its port. */
export async function start(script, args) {
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--import', here('usage.mjs'), here(script), ...args],
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, NODE_ENV: 'production' } },
  )
  let errors = ''
  child.stderr.on('data', (data) => {
    errors = (errors + data).slice(-2_000)
  })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const port = await new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message.port))
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => {
      if (!line.includes('"ready"')) return
      lines.close()
      // Its log is read and thrown away: what is not read holds it up.
      child.stdout.resume()
      resolve(Number(new URL(JSON.parse(line).http).port))
    })
    ended.then(() => reject(new Error(`${script} ended: ${errors}`)))
  })
  return {
    port,
    pid: child.pid,
    /** Its processor time in microseconds, and its memory in bytes, after a collection where asked for. */
    usage: ({ afterGc = false } = {}) =>
      new Promise((resolve) => {
        child.once('message', resolve)
        child.send(afterGc ? 'usage after gc' : 'usage')
      }),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** A temporary folder, removed at the end. */
export async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'ace-oauth-bench-'))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Starts our server on a store. */
export async function startServer(folder, store) {
  const config = join(folder, `as-${Math.random().toString(36).slice(2)}.yaml`)
  await writeFile(
    config,
    `issuer: http://127.0.0.1\nlisten: { http: { port: 0 }, metrics: { port: 0 } }\nstore: ${JSON.stringify(store)}\n`,
  )
  return start('../../server/dist/cli/main.js', ['serve', '--config', config])
}

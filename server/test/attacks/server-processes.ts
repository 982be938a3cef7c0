import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { build } from 'esbuild'

/** What a process answers. */
export interface Answer {
  readonly code: string
  readonly payload: Uint8Array
  readonly failure: string | undefined
}

/** A process of the authorization server. */
export interface ServerProcess {
  readonly token: (payload: Uint8Array, mediaType?: string) => Promise<Answer>
  readonly stop: () => Promise<void>
}

/**
 * Starts processes of the authorization server on one store.
 *
 * @param location where the store is
 */
export async function startProcesses(
  count: number,
  issuer: string,
  location: string,
): Promise<{ readonly processes: readonly ServerProcess[]; readonly stop: () => Promise<void> }> {
  // Beside the dependencies, which the program loads from there.
  const folder = resolve('node_modules/.cache')
  await mkdir(folder, { recursive: true })
  const file = resolve(folder, `server-program-${process.pid}.mjs`)
  await build({
    entryPoints: [resolve('server/test/attacks/server-program.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    conditions: ['ace-oauth-source'],
    alias: aliases,
    logLevel: 'error',
  })
  const processes = await Promise.all(Array.from({ length: count }, () => start(file, issuer, location)))
  return {
    processes,
    stop: async () => {
      await Promise.all(processes.map(({ stop }) => stop()))
      await rm(file)
    },
  }
}

/** The library's entry points that the server imports, from their sources. */
const aliases: Record<string, string> = Object.fromEntries(
  ['', '/endpoint', '/failure', '/resource-server', '/token'].map((entry) => [
    `ace-oauth${entry}`,
    resolve(`src${entry}/index.ts`),
  ]),
)

async function start(file: string, issuer: string, location: string): Promise<ServerProcess> {
  const child: ChildProcess = fork(file, [issuer, location], { serialization: 'advanced', execArgv: [] })
  const waiting = new Map<number, (answer: Answer) => void>()
  let next = 0
  const [first] = await once(child, 'message')
  if (first !== 'ready') throw new Error('the process did not start')
  child.on('message', ({ id, ...answer }: Answer & { readonly id: number }) => waiting.get(id)?.(answer))
  return {
    token: (payload, mediaType = 'application/ace+cbor') =>
      new Promise((answered) => {
        const id = next++
        waiting.set(id, answered)
        child.send({ id, payload, mediaType })
      }),
    stop: async () => {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

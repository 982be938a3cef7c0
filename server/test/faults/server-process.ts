import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'

/** The command line of the server, bundled from its sources: processes of their own cannot read those of the tests. */
export interface Program {
  /** A temporary folder for configurations and stores. */
  readonly folder: string
  readonly start: (config: string, options?: StartOptions) => Promise<ServerProcess>
  /** Kills what still runs, and removes the folder. */
  readonly remove: () => Promise<void>
}

interface StartOptions {
  /** A module that is loaded first. */
  readonly preload?: string
  /** The largest file that the process may write, in blocks of 1 KiB: then the disk is full for it. */
  readonly maxFileBlocks?: number
}

/** A server that runs in a process of its own. */
export interface ServerProcess {
  /** Where its endpoints are. */
  readonly url: string
  /** Its log lines so far. */
  readonly log: readonly string[]
  /** Ends it as the operating system would when it must: `kill -9`. */
  readonly kill: () => Promise<void>
  /** Lets it drain and end. @returns its exit code */
  readonly stop: () => Promise<number | null>
}

/** Bundles the command line. What it imports from packages stays outside. */
export async function bundleProgram(): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'ace-oauth-faults-'))
  // Inside the tree, so that it finds the packages.
  const cache = resolve('node_modules/.cache')
  const script = join(cache, `ace-oauth-server-${process.pid}-${Date.now()}.mjs`)
  await build({
    entryPoints: [resolve('server/src/cli/main.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['ace-oauth-source'],
    tsconfig: resolve('server/tsconfig.json'),
    packages: 'external',
    logLevel: 'error',
  })
  const running = new Set<ChildProcess>()
  return {
    folder,
    start: (config, options) => start(script, config, running, options),
    async remove() {
      for (const child of running) child.kill('SIGKILL')
      await rm(script, { force: true })
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Writes a configuration with free ports on a store. @returns its path */
export async function writeConfiguration(
  { folder }: Program,
  store: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const file = join(folder, `as-${process.pid}-${Math.random().toString(36).slice(2)}.yaml`)
  const listen = { http: { port: 0 }, metrics: { port: 0 } }
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ issuer: 'http://127.0.0.1', listen, store, ...more }))
  return file
}

async function start(
  script: string,
  config: string,
  running: Set<ChildProcess>,
  { preload, maxFileBlocks }: StartOptions = {},
): Promise<ServerProcess> {
  const command = [
    process.execPath,
    ...(preload ? ['--import', preload] : []),
    script,
    'serve',
    '--config',
    config,
  ]
  const child =
    maxFileBlocks === undefined
      ? spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn('bash', ['-c', `ulimit -S -f ${maxFileBlocks}; trap '' XFSZ; exec "$@"`, 'bash', ...command], {
          stdio: ['ignore', 'pipe', 'pipe'],
        })
  running.add(child)
  const ended = once(child, 'close').then(() => {
    running.delete(child)
  })
  const log: string[] = []
  let errors = ''
  child.stderr.on('data', (data) => {
    errors += data
  })
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.push(line)
      const { event, http } = JSON.parse(line)
      if (event === 'ready') resolve(http)
    })
    ended.then(() => reject(new Error(`the server ended: ${errors} ${log.join('\n')}`)))
  })
  return {
    url,
    log,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
      return child.exitCode
    },
  }
}

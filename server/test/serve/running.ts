import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../src/cli/program.ts'

/** A line of the log. */
export type Line = Readonly<Record<string, unknown>> & { readonly event: string }

/** A server of a test, as the command line runs it. */
export interface Running {
  readonly folder: string
  readonly config: string
  /** The line that scripts wait for. */
  readonly ready: { readonly http: string; readonly https: string; readonly metrics: string }
  readonly client: { readonly client_id: string; readonly client_secret: string }
  /** The Authorization header of the client. */
  readonly basic: string
  readonly log: readonly Line[]
  /** Writes a file into the folder. */
  write(name: string, text: string): Promise<void>
  /** Sends SIGHUP, and waits for what comes of so many. */
  reload(times?: number): Promise<Line>
  lines(event: string): Line[]
  /** Sends SIGTERM, and gives the exit code. */
  end(): Promise<number>
  close(): Promise<void>
}

/** Runs a command, and gives what it wrote and its exit code. */
export async function command(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const texts = { out: '', error: '' }
  const output = {
    out: (text: string): void => {
      texts.out += text
    },
    error: (text: string): void => {
      texts.error += text
    },
  }
  const code = await run(args, output, { end: new AbortController().signal, reloads: new EventTarget() })
  return { code, ...texts }
}

/** A folder with what `init --example` writes. */
export async function initialized(): Promise<Pick<Running, 'folder' | 'config' | 'client'>> {
  const folder = await mkdtemp(join(tmpdir(), 'ace-oauth-serve-'))
  const { out, error } = await command('init', folder, '--example', '--json')
  if (error) throw new Error(error)
  return { folder, ...(JSON.parse(out) as Pick<Running, 'config' | 'client'>) }
}

/**
 * Starts a server.
 *
 * @param sets values of its configuration
 * @param prepare writes what the configuration names
 */
export async function start(
  sets: readonly string[] = [],
  prepare: (folder: string) => Promise<void> = async () => {},
): Promise<Running> {
  const { folder, config, client } = await initialized()
  await prepare(folder)
  const ending = new AbortController()
  const reloads = new EventTarget()
  const log: Line[] = []
  const watching = new Set<() => void>()
  let exited: Promise<number>
  const ready = await new Promise<Running['ready']>((resolve, reject) => {
    const free = ['listen.http.port=0', 'listen.metrics.port=0']
    const options = [...free, ...sets].flatMap((set) => ['--set', set])
    const out = (text: string): void => {
      for (const line of text.trimEnd().split('\n')) {
        const told = JSON.parse(line) as Line
        log.push(told)
        if (told.event === 'ready') resolve(told as unknown as Running['ready'])
      }
      for (const watch of watching) watch()
    }
    const output = { out, error: (text: string) => reject(new Error(text)) }
    exited = run(['serve', '--config', config, ...options], output, { end: ending.signal, reloads })
  })
  const lines = (event: string): Line[] => log.filter((line) => line.event === event)
  const reloaded = (): Line[] => log.filter(({ event }) => event === 'reloaded' || event === 'reload_failed')
  const end = (): Promise<number> => {
    ending.abort()
    return exited
  }
  return {
    folder,
    config,
    ready,
    client,
    basic: `Basic ${btoa(`${client.client_id}:${client.client_secret}`)}`,
    log,
    lines,
    end,
    write: (name, text) => writeFile(join(folder, name), text),
    reload(times = 1) {
      const before = reloaded().length
      return new Promise((resolve) => {
        const watch = (): void => {
          const told = reloaded()[before]
          if (!told) return
          watching.delete(watch)
          resolve(told)
        }
        watching.add(watch)
        for (let i = 0; i < times; i++) reloads.dispatchEvent(new Event('reload'))
      })
    },
    async close() {
      await end()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Asks for a token by a form. */
export const askForToken = (url: string, basic: string, more: RequestInit = {}): Promise<Response> =>
  fetch(`${url}/token`, {
    method: 'POST',
    headers: { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
    ...more,
  })

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../src/cli/program.ts'
import { openStore, type Store } from '../../src/index.ts'

/** What a command wrote, and its exit code. */
export interface Outcome {
  readonly code: number
  readonly out: string
  readonly error: string
}

/** What a command is run with besides its arguments. */
export interface Surroundings {
  readonly input?: AsyncIterable<Uint8Array>
  readonly end?: AbortSignal
  readonly hasProgress?: boolean
}

/** A folder with a configuration, and commands that are run on it as processes of their own would. */
export interface CommandLine {
  readonly folder: string
  readonly config: string
  /** Runs a command. */
  cli(args: readonly string[], surroundings?: Surroundings): Promise<Outcome>
  /** What a command that has to succeed writes with `--json`. */
  json<Result>(...args: readonly string[]): Promise<Result>
  /** A path in the folder, with some content. */
  file(name: string, content: string | Uint8Array): Promise<string>
  /** Looks into the store. */
  withStore<Result>(look: (store: Store) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

export async function runCommand(
  args: readonly string[],
  { input, end = new AbortController().signal, hasProgress }: Surroundings = {},
): Promise<Outcome> {
  const texts = { out: '', error: '' }
  const output = {
    out: (text: string): void => {
      texts.out += text
    },
    error: (text: string): void => {
      texts.error += text
    },
    hasProgress,
    input,
  }
  const code = await run(args, output, { end, reloads: new EventTarget() })
  return { code, ...texts }
}

export async function openCommandLine(): Promise<CommandLine> {
  const folder = await mkdtemp(join(tmpdir(), 'ace-oauth-commands-'))
  const config = join(folder, 'ace-oauth.yaml')
  const made = await runCommand(['init', folder])
  if (made.code !== 0) throw new Error(made.error)
  const cli: CommandLine['cli'] = (args, surroundings) =>
    runCommand([...args, '--config', config], surroundings)
  return {
    folder,
    config,
    cli,
    async json(...args) {
      const { code, out, error } = await cli([...args, '--json'])
      if (code !== 0) throw new Error(error)
      return JSON.parse(out)
    },
    async file(name, content) {
      const path = join(folder, name)
      await writeFile(path, content)
      return path
    },
    async withStore(look) {
      const store = await openStore(join(folder, 'ace-oauth.sqlite'))
      try {
        return await look(store)
      } finally {
        await store.close()
      }
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

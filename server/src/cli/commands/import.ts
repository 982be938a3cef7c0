import { type FileHandle, open } from 'node:fs/promises'
import { addAbortSignal, Readable } from 'node:stream'
import type { Command } from 'commander'
import { storeLocation } from '../../serve/configuration.ts'
import { escaped, quoted } from '../../text.ts'
import { clientImport } from '../import/client-import.ts'
import { resourceServerImport } from '../import/resource-server-import.ts'
import { type ImportCounts, type ImportKind, ImportStopped, runImport } from '../import/run-import.ts'
import { SecretsFile } from '../import/secrets-file.ts'
import { type ResultOptions, withExamples, withResult } from '../options.ts'
import { CommandError, type Output } from '../output.ts'
import { Progress } from '../progress.ts'
import { actorOf, withStore } from '../with-store.ts'
import type { Context } from './context.ts'

/** What `import` is told. */
interface ImportOptions extends ResultOptions {
  readonly dryRun?: true
  readonly secretsOut?: string
}

const texts = {
  client: {
    what: 'clients',
    lines:
      '{"client_id":"sensor1","audience":["rs1"],"scope":["read"]} and what `client show --json` tells besides; "client_secret" for a client that has one',
  },
  rs: {
    what: 'resource servers',
    lines:
      '{"audience":"rs1","scope":["read"],"format":"cwt-encrypt0"} and what `rs show --json` tells besides; "key" and "introspection" for one that has them, as `rs add --json` tells them',
  },
} as const

/** Adds `import` to the commands of clients or resource servers. */
export function addImport(group: Command, kind: keyof typeof texts, { output, signals }: Context): void {
  const { what, lines } = texts[kind]
  withExamples(
    withResult(group.command('import'))
      .argument('<file>', 'NDJSON: an object on each line; - for standard input')
      .description(
        `Register ${what} from a file with one on each line. Those that are there as the file says are passed over, so a run that broke off goes on when it is repeated. Wrong lines are named with their numbers, and the others are taken.\n\nA line: ${lines}.\n\nSecrets that were chosen by people, and not made of 256 random bits, are hashed slowly: some 50 ms each.`,
      )
      .option(
        '--secrets-out <file>',
        'make what secrets are missing, and append them to a file that its owner alone may read',
      )
      .option('--dry-run', 'check alone: each line by itself and with what is registered, and store nothing'),
    [`${kind} import devices.ndjson --dry-run`, 'is anything wrong with it?'],
    [
      `${kind} import devices.ndjson --secrets-out secrets.ndjson`,
      'with new secrets, which are nowhere else',
    ],
    [`${kind} import - < devices.ndjson`, 'from standard input'],
  ).action((file: string, options: ImportOptions) =>
    withStore(options, async (store, configuration) => {
      const isDryRun = options.dryRun === true
      const makesSecrets = options.secretsOut !== undefined || isDryRun
      const actor = actorOf(`${kind} import`)
      const task = {
        file,
        options,
        what,
        location: storeLocation(configuration),
        output,
        signal: signals.end,
      }
      return kind === 'client'
        ? importFile(clientImport(store, actor, makesSecrets, isDryRun), task)
        : importFile(resourceServerImport(store, actor, makesSecrets, isDryRun), task)
    }),
  )
}

interface Task {
  readonly file: string
  readonly options: ImportOptions
  readonly what: string
  readonly location: string
  readonly output: Output
  readonly signal: AbortSignal
}

async function importFile<Item, Row>(
  kind: ImportKind<Item, Row>,
  { file, options, what, location, output, signal }: Task,
): Promise<void> {
  const isDryRun = options.dryRun === true
  const opened = await sourceOf(file, output, signal)
  try {
    const secrets =
      options.secretsOut === undefined || isDryRun
        ? undefined
        : await SecretsFile.open(options.secretsOut, location, kind.areStored)
    const progress = new Progress(output, what)
    let counts: ImportCounts = { lines: 0, added: 0, unchanged: 0, refused: 0 }
    let failure: unknown
    const report = new Report(output, options.json === true)
    try {
      await runImport(kind, {
        source: opened.source,
        isDryRun,
        secrets,
        signal,
        onBadLine: async (line, reason) => {
          progress.end()
          await report.badLine(line, reason)
        },
        onSlow: (line) => {
          if (options.json) return
          progress.end()
          output.error(
            `note: line ${line} has a secret that somebody chose: each of those takes some 50 ms to hash\n`,
          )
        },
        onProgress: (reached, bytes) => {
          counts = { ...reached }
          progress.show(reached.lines, opened.size && bytes / opened.size)
        },
      })
    } catch (error) {
      failure = error
    } finally {
      progress.end()
      await secrets?.close()
    }
    const wrongUsage = failure instanceof CommandError && failure.exitCode === 2 ? failure : undefined
    await report.end(counts, what, isDryRun)
    if (failure instanceof ImportStopped || signal.aborted)
      throw new CommandError(1, `stopped behind ${counts.lines} lines: the same command goes on from there`)
    if (wrongUsage) throw wrongUsage
    if (failure !== undefined)
      throw new CommandError(
        1,
        `${escaped((failure as Error).message)}; the same command goes on behind ${counts.lines} lines`,
      )
    if (counts.refused > 0)
      throw new CommandError(1, `${counts.refused} of ${counts.lines} lines were refused`)
  } finally {
    await opened.close()
  }
}

interface Source {
  readonly source: AsyncIterable<Uint8Array>
  /** In bytes; undefined where nobody knows. */
  readonly size: number | undefined
  readonly close: () => Promise<void>
}

async function sourceOf(file: string, { input }: Output, signal: AbortSignal): Promise<Source> {
  if (file === '-') {
    if (!input) throw new CommandError(2, 'there is no standard input')
    // Else it would go on waiting for a line that does not come.
    if (input instanceof Readable) addAbortSignal(signal, input)
    return { source: input, size: undefined, close: async () => {} }
  }
  let handle: FileHandle | undefined
  try {
    handle = await open(file)
    const found = await handle.stat()
    if (found.isDirectory()) throw new Error('it is a folder')
    const source = handle.createReadStream({ autoClose: false })
    const opened = handle
    return {
      source,
      size: found.isFile() && found.size > 0 ? found.size : undefined,
      close: async () => {
        source.destroy()
        await opened.close()
      },
    }
  } catch (cause) {
    await handle?.close()
    throw new CommandError(2, `${quoted(file)} cannot be read: ${escaped((cause as Error).message)}`)
  }
}

/** What is told of an import: bad lines as they come, and how many of each there were. */
class Report {
  readonly #output: Output
  readonly #isJson: boolean
  #isBegun = false

  constructor(output: Output, isJson: boolean) {
    this.#output = output
    this.#isJson = isJson
  }

  async badLine(line: number, reason: string): Promise<void> {
    this.#output.error(`line ${line}: ${escaped(reason)}\n`)
    if (!this.#isJson) return
    await this.#output.out(`${this.#isBegun ? ',' : '{"bad_lines":['}${JSON.stringify({ line, reason })}`)
    this.#isBegun = true
  }

  async end(
    { lines, added, unchanged, refused }: ImportCounts,
    what: string,
    isDryRun: boolean,
  ): Promise<void> {
    if (this.#isJson) {
      const rest = JSON.stringify({ lines, added, unchanged, refused, dry_run: isDryRun })
      return void this.#output.out(`${this.#isBegun ? '' : '{"bad_lines":['}],${rest.slice(1)}\n`)
    }
    const verb = isDryRun ? 'would be added' : 'added'
    this.#output.out(
      `${lines} lines: ${added} ${what} ${verb}, ${unchanged} were there already, ${refused} refused\n`,
    )
  }
}

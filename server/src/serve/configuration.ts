import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { metadataPath } from 'ace-oauth/endpoint'
import { type Document, LineCounter, parseDocument, parse as parseYaml } from 'yaml'
import type { z } from 'zod'
import { ConfigurationError, type Problem, problemsOf } from './configuration-error.ts'
import { configurationSchema } from './configuration-schema.ts'
import { isThisMachine } from './this-machine.ts'

/** The configuration, checked, and with its defaults. */
export type Configuration = z.infer<typeof configurationSchema> & {
  /** The path of its file. */
  readonly file: string
  /** The folder of its file, from which paths are seen. */
  readonly folder: string
}

/**
 * Reads the configuration.
 *
 * @param file the path of its YAML
 * @param sets values that stand in the place of those of the file, such as `listen.http.port=0`
 * @throws ConfigurationError where it cannot be read, or a value is wrong: it tells all that are
 */
export async function readConfiguration(file: string, sets: readonly string[]): Promise<Configuration> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new ConfigurationError(file, [{ path: '', message: `cannot be read: ${reasonOf(cause)}` }], cause)
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  if (document.errors.length > 0)
    // What follows the first line is what stands in the file, where there may be a password.
    throw new ConfigurationError(
      file,
      document.errors.map(({ message }) => ({ path: '', message: message.split(/:?\n/, 1)[0]! })),
    )
  for (const set of sets) override(document, set, file)
  const value = withoutNulls(toJs(document, file) ?? {})
  const { data, error } = configurationSchema.safeParse(value)
  const problems: Problem[] = error ? problemsOf(error) : contradictionsIn(data)
  if (problems.length > 0)
    throw new ConfigurationError(
      file,
      problems.map((problem) => ({ ...problem, line: lineOf(document, lines, problem.path) })),
    )
  return { ...data!, file: resolve(file), folder: dirname(resolve(file)) }
}

/** Where the store is. */
export function storeLocation({ store, folder }: Pick<Configuration, 'store' | 'folder'>): string {
  return isPostgres(store) ? store : resolve(folder, store)
}

/** Whether a store is a database on a server, and no file. */
export function isPostgres(store: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(store)
}

/** Why a file cannot be used, without the noise of the system call. */
export function reasonOf(cause: unknown): string {
  const { code, message } = Object(cause) as { readonly code?: unknown; readonly message?: unknown }
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'this user may not read it',
    EISDIR: 'it is a folder',
  }
  return known[String(code)] ?? String(message ?? cause)
}

function override(document: Document, set: string, file: string): void {
  const wrong = (message: string, cause?: unknown): ConfigurationError =>
    new ConfigurationError(file, [{ path: `--set ${set.split('=', 1)[0]}`, message }], cause)
  const equals = set.indexOf('=')
  if (equals < 1) throw wrong('expected path=value')
  try {
    document.setIn(set.slice(0, equals).split('.'), parseYaml(set.slice(equals + 1), { prettyErrors: false }))
  } catch (cause) {
    throw wrong((cause as Error).message, cause)
  }
}

function toJs(document: Document, file: string): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    // Aliases that stand for too much.
    throw new ConfigurationError(file, [{ path: '', message: (cause as Error).message }], cause)
  }
}

/** A key with nothing behind it is as good as absent: a section whose settings are all comments. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .map(([name, each]) => [name, withoutNulls(each)]),
  )
}

/** What each value by itself does not show. */
function contradictionsIn({ issuer, listen }: z.infer<typeof configurationSchema>): Problem[] {
  const problems: Problem[] = []
  const { http, https, metrics } = listen
  for (const [name, plain] of Object.entries({ http, metrics }))
    if (plain && !isThisMachine(plain.host) && !plain.insecurePlainHttp)
      problems.push({
        path: `listen.${name}.host`,
        message: `${plain.host} is not this machine, and plain HTTP is not encrypted: use listen.https, or set listen.${name}.insecurePlainHttp where nobody else can read the network`,
      })
  if (!http && !https)
    problems.push({ path: 'listen', message: 'neither http nor https: the server would listen nowhere' })
  const isOpen = [http, https].some((each) => each && !isThisMachine(each.host))
  if (isOpen && issuer === undefined)
    problems.push({ path: 'issuer', message: 'it is needed where others than this machine connect' })
  if (https?.clientCertificates === 'required' && https.clientAuthorities === undefined)
    problems.push({
      path: 'listen.https.clientAuthorities',
      message: 'it is needed where client certificates are required',
    })
  if (https?.clientCertificates === 'none' && https.clientAuthorities !== undefined)
    problems.push({
      path: 'listen.https.clientCertificates',
      message: 'clientAuthorities is of no use where clients are asked for no certificate',
    })
  try {
    if (issuer !== undefined) metadataPath(issuer)
  } catch (cause) {
    problems.push({ path: 'issuer', message: (cause as Error).message })
  }
  return problems
}

/** The line of a value, or of the nearest thing around it; undefined for one of the command line. */
function lineOf(document: Document, lines: LineCounter, path: string): number | undefined {
  if (path === '') return undefined
  const node = document.getIn(path.split('.'), true) as { readonly range?: readonly number[] } | undefined
  const start = node?.range?.[0]
  return start === undefined ? undefined : lines.linePos(start).line
}

import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { metadataPath } from 'ace-oauth/endpoint'
import { parseDocument, parse as parseYaml } from 'yaml'
import { z } from 'zod'

const port = z.int().min(0).max(65_535)
const seconds = z
  .int()
  .min(1)
  .max(2 ** 31 - 1)
const host = z.string().min(1)

/** The whole configuration. What is absent has its default; what is not known is refused. */
const schema = z.strictObject({
  /** The identifier of the server. Default: the address that it listens on, which is right on this machine alone. */
  issuer: z.url({ protocol: /^https?$/ }).optional(),
  listen: z
    .strictObject({
      http: z.strictObject({ host: host.default('127.0.0.1'), port: port.default(8080) }).prefault({}),
      /** Metrics and health. */
      metrics: z.strictObject({ host: host.default('127.0.0.1'), port: port.default(9464) }).prefault({}),
      /** Takes plain HTTP on other addresses than this machine's: behind a proxy that speaks TLS, and nowhere else. */
      insecurePlainHttp: z.boolean().default(false),
    })
    .prefault({}),
  /** An SQLite file, seen from the folder of the configuration, or the URL of a PostgreSQL database. */
  store: z.string().min(1).default('ace-oauth.sqlite'),
  /** A module whose default export is the policy, seen from the folder of the configuration. */
  policy: z.string().min(1).optional(),
  tokens: z
    .strictObject({
      refreshLifetime: seconds.optional(),
      refreshRepeatWindow: seconds.optional(),
      exiRetention: seconds.optional(),
      policyTimeoutMs: seconds.optional(),
    })
    .prefault({}),
  introspectionMaxAge: z.int().min(0).default(0),
  /** How often what has expired is removed, in seconds. */
  sweepEvery: seconds.default(60),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
})

/** The configuration, checked, and with its defaults. */
export type Configuration = z.infer<typeof schema> & {
  /** The folder of its file, from which paths are seen. */
  readonly folder: string
}

/** A configuration that cannot be used. The message names the path of the wrong value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}

/**
 * Reads the configuration.
 *
 * @param file the path of its YAML
 * @param sets values that stand in the place of those of the file, such as `listen.http.port=0`
 * @throws ConfigurationError where it cannot be read, or a value is wrong
 */
export async function readConfiguration(file: string, sets: readonly string[]): Promise<Configuration> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new ConfigurationError(`${file} cannot be read: ${(cause as Error).message}`, { cause })
  }
  const document = parseDocument(text)
  const [error] = document.errors
  if (error) throw new ConfigurationError(`${file}: ${error.message}`)
  for (const set of sets) {
    const equals = set.indexOf('=')
    if (equals < 1) throw new ConfigurationError(`--set ${set}: expected path=value`)
    try {
      document.setIn(set.slice(0, equals).split('.'), parseYaml(set.slice(equals + 1)))
    } catch (cause) {
      throw new ConfigurationError(`--set ${set}: ${(cause as Error).message}`, { cause })
    }
  }
  const { data, error: wrong } = schema.safeParse(document.toJS() ?? {})
  if (!data) {
    const problems = wrong.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`)
    throw new ConfigurationError(`${file}: ${problems.join('; ')}`)
  }
  const { host: name } = data.listen.http
  if (!isThisMachine(name) && !data.listen.insecurePlainHttp)
    throw new ConfigurationError(
      `${file}: listen.http.host: ${name} is not this machine, and HTTP is not encrypted: set listen.insecurePlainHttp only behind a proxy that speaks TLS`,
    )
  if (!isThisMachine(name) && !data.issuer)
    throw new ConfigurationError(`${file}: issuer: it is needed where others than this machine connect`)
  try {
    if (data.issuer !== undefined) metadataPath(data.issuer)
  } catch (cause) {
    throw new ConfigurationError(`${file}: issuer: ${(cause as Error).message}`, { cause })
  }
  return { ...data, folder: dirname(resolve(file)) }
}

function isThisMachine(name: string): boolean {
  return name === 'localhost' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name)
}

/** Where the store is. */
export function storeLocation({ store, folder }: Configuration): string {
  return /^postgres(?:ql)?:\/\//.test(store) ? store : resolve(folder, store)
}

import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { TokenKey } from 'ace-oauth/token'
import type { Command } from 'commander'
import { renderCommentedYaml } from '../../serve/configuration-document.ts'
import { withExamples } from '../options.ts'
import { CommandError, show } from '../output.ts'
import { type AddedClient, addClient, addResourceServer } from '../registration/add.ts'
import { readClient } from '../registration/client-registration.ts'
import { readResourceServer } from '../registration/resource-server-registration.ts'
import { actorOf, isFile, now, openAny } from '../with-store.ts'
import type { Context } from './context.ts'

/** `ace-oauth-server init`: a server to begin with. */
export function configureInit(command: Command, { output }: Context): void {
  withExamples(
    command
      .argument('[folder]', 'where to write to', '.')
      .description('Write a configuration, a store and a signing key.')
      .option('--example', 'with a client and a resource server')
      .option(
        '--store <url>',
        'a PostgreSQL database in the place of an SQLite file: postgres://user:password@host/database',
      )
      .option('--json', 'write the result as one line of JSON'),
    ['init as --example', 'all that a first token needs'],
    ['init as --store postgres://as@db.example.com/as', 'on PostgreSQL, for many processes'],
  ).action(async (folder: string, { example, store, json }: InitOptions) => {
    if (store !== undefined && isFile(store))
      throw new CommandError(2, '--store: expected postgres://user:password@host/database')
    const result = await initialize(folder, store, example === true)
    show(output, result, json === true)
    if (json) return
    output.out(`\nTo start it:\n  ace-oauth-server serve --config ${shellWord(result.config)}\n`)
    if (result.client && 'client_secret' in result.client)
      output.out(
        `To get a token:\n  curl -u ${result.client.client_id}:${result.client.client_secret} -d grant_type=client_credentials http://127.0.0.1:8080/token\n`,
      )
  })
}

interface InitOptions {
  readonly example?: true
  readonly store?: string
  readonly json?: true
}

/** What `init` wrote. */
interface Initialized {
  readonly config: string
  readonly client?: AddedClient
  readonly resource_server?: { readonly audience: string; readonly key: unknown }
}

/** Writes a configuration and a store with a signing key, and with an example of a client and a resource server. */
async function initialize(
  folder: string,
  database: string | undefined,
  hasExample: boolean,
): Promise<Initialized> {
  const path = resolve(folder)
  await mkdir(path, { recursive: true })
  const config = join(path, 'ace-oauth.yaml')
  const file = join(path, 'ace-oauth.sqlite')
  for (const each of database === undefined ? [config, file] : [config])
    if (await exists(each)) throw isThere(each)
  // Made before there is anything in it that nobody may read.
  if (database === undefined) await writeFile(file, '', { flag: 'wx', mode: 0o600 })
  try {
    const example = await fill(database ?? file, hasExample)
    // Last: where it is, all is.
    await writeFile(config, renderCommentedYaml(database), { flag: 'wx', mode: 0o600 })
    return { config, ...example }
  } catch (error) {
    if (database === undefined)
      for (const ending of ['', '-wal', '-shm']) await rm(file + ending, { force: true })
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? isThere(config) : error
  }
}

/** Writes a signing key into an empty store, and the example. */
async function fill(location: string, hasExample: boolean): Promise<Omit<Initialized, 'config'>> {
  const store = await openAny(location)
  try {
    if ((await store.keys.list()).length > 0)
      throw new CommandError(
        1,
        'the database has the keys of a server already: for a further process, copy the configuration of the first',
      )
    const createdAt = now()
    const kid = `as-${createdAt}`
    const key = await TokenKey.generate('ES256', { kid })
    const actor = actorOf('init')
    await store.keys.add(
      { kid, algorithm: 'ES256', jwk: key.toPrivateJwk(), state: 'active', createdAt },
      actor,
    )
    if (!hasExample) return {}
    const scopes = ['read', 'write']
    const server = await readResourceServer({ audience: 'example-rs', scopes })
    const { audience, key: shared } = await addResourceServer(store, server.record, actor)
    const { record } = readClient({
      client_id: 'example-client',
      audiences: [audience],
      scopes,
      default_audience: audience,
      default_scope: 'read',
    })
    const client = await addClient(store, record, actor)
    return { client, resource_server: { audience, key: shared } }
  } finally {
    await store.close()
  }
}

function isThere(path: string): CommandError {
  return new CommandError(1, `${path} is there already`)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** A text as one word of a shell. */
function shellWord(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

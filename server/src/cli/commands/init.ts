import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { TokenKey } from 'ace-oauth/token'
import type { Command } from 'commander'
import { openStore } from '../../store/open-store.ts'
import { withExamples } from '../options.ts'
import { CommandError, show } from '../output.ts'
import { type AddedClient, addClient, addResourceServer } from '../registration/add.ts'
import { readClient } from '../registration/client-registration.ts'
import { readResourceServer } from '../registration/resource-server-registration.ts'
import { actorOf, now } from '../with-store.ts'
import type { Context } from './context.ts'

const configuration = `# The configuration of ace-oauth-server. What stands behind # is the default.

# The identifier of the server: iss of its tokens. It is needed where others than this machine connect.
# issuer: https://as.example.com

listen:
  http:
    host: 127.0.0.1
    port: 8080
  # Metrics (/metrics) and health (/healthz, /readyz).
  metrics:
    host: 127.0.0.1
    port: 9464

# An SQLite file beside this one, or postgres://user:password@host/database. It holds keys: let nobody else read it.
store: ace-oauth.sqlite

# A module whose default export decides about each request: see Policy.
# policy: ./policy.js

# tokens:
#   refreshLifetime: 2592000     # seconds
#   refreshRepeatWindow: 247     # seconds in which a refresh whose answer was lost gets the same answer again
#   policyTimeoutMs: 5000

# How long an introspection answer may be cached, in seconds: a token that is revoked is taken for valid that long.
# introspectionMaxAge: 0
`

/** `ace-oauth-server init`: a server to begin with. */
export function configureInit(command: Command, { output }: Context): void {
  withExamples(
    command
      .argument('[folder]', 'where to write to', '.')
      .description('Write a configuration, a store and a signing key.')
      .option('--example', 'with a client and a resource server')
      .option('--json', 'write the result as one line of JSON'),
    ['init as --example', 'all that a first token needs'],
  ).action(async (folder: string, { example, json }: { readonly example?: true; readonly json?: true }) => {
    const result = await initialize(folder, example === true)
    show(output, result, json === true)
    if (json) return
    output.out(`\nTo start it:\n  ace-oauth-server serve --config ${result.config}\n`)
    if (result.client && 'client_secret' in result.client)
      output.out(
        `To get a token:\n  curl -u ${result.client.client_id}:${result.client.client_secret} -d grant_type=client_credentials http://127.0.0.1:8080/token\n`,
      )
  })
}

/** What `init` wrote. */
interface Initialized {
  readonly config: string
  readonly client?: AddedClient
  readonly resource_server?: { readonly audience: string; readonly key: unknown }
}

/** Writes a configuration and a store with a signing key, and with an example of a client and a resource server. */
async function initialize(folder: string, hasExample: boolean): Promise<Initialized> {
  const path = resolve(folder)
  await mkdir(path, { recursive: true })
  const config = join(path, 'ace-oauth.yaml')
  try {
    await writeFile(config, configuration, { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new CommandError(1, `${config} is there already`)
  }
  const file = join(path, 'ace-oauth.sqlite')
  // Made before there is anything in it that nobody may read.
  await writeFile(file, '', { flag: 'a', mode: 0o600 })
  await chmod(file, 0o600)
  const store = await openStore(file)
  try {
    const createdAt = now()
    const kid = `as-${createdAt}`
    const key = await TokenKey.generate('ES256', { kid })
    const actor = actorOf('init')
    await store.keys.add(
      { kid, algorithm: 'ES256', jwk: key.toPrivateJwk(), state: 'active', createdAt },
      actor,
    )
    if (!hasExample) return { config }
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
    return { config, client, resource_server: { audience, key: shared } }
  } finally {
    await store.close()
  }
}

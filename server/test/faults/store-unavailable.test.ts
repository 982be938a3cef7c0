import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fixture, openFixture } from '../authorization-server/fixture.ts'
import { startPostgres, type TestPostgres } from '../store/start-postgres.ts'
import { bundleProgram, type Program, type ServerProcess, writeConfiguration } from './server-process.ts'
import { ask, expectAllStored, Workers } from './workers.ts'

const unavailable = '503 with Retry-After'
const asking = Array.from({ length: 6 }, () => ({ clientId: 'plain', audience: 'rs1' }))

let program: Program
let postgres: TestPostgres
beforeAll(async () => {
  program = await bundleProgram()
  postgres = await startPostgres()
})
afterAll(async () => {
  await program.remove()
  if ('stop' in postgres) await postgres.stop()
}, 60_000)

/** The codes of the failures that a server has logged. */
function codes({ log }: ServerProcess): Set<unknown> {
  return new Set(log.map((line) => JSON.parse(line).code).filter((code) => code !== undefined))
}

async function withPlainClient(location: string): Promise<Fixture> {
  const fixture = await openFixture({}, location)
  await fixture.addClient('plain', { grantTypes: ['client_credentials'] })
  return fixture
}

describe('PostgreSQL that is stopped and started under load', () => {
  it('gives 503 with token_store_unavailable and Retry-After meanwhile, comes back by itself, and loses nothing', async ({
    skip,
  }) => {
    if ('reason' in postgres) return skip(postgres.reason)
    const location = await postgres.newDatabase()
    const fixture = await withPlainClient(location)
    const server = await program.start(await writeConfiguration(program, location))
    const workers = new Workers()
    let isEnough = false
    const work = workers.run([server.url], asking, () => isEnough)
    for (let stop = 0; stop < 2; stop++) {
      await workers.haveAnswered(30)
      await postgres.halt()
      await workers.haveRefused(unavailable)
      await postgres.resume()
    }
    await workers.haveAnswered(30)
    isEnough = true
    await work
    expect([...workers.refusals.keys()]).toEqual([unavailable])
    await expect.poll(() => codes(server)).toEqual(new Set(['token_store_unavailable']))
    expect(await server.stop()).toBe(0)
    await expectAllStored(workers, fixture)
    await fixture.close()
  }, 300_000)
})

describe.skipIf(process.platform === 'win32')('a disk that is full', () => {
  it('gives 503 with token_store_unavailable and Retry-After, and tokens again when there is room', async () => {
    const location = `${program.folder}/full.sqlite`
    const fixture = await withPlainClient(location)
    const config = await writeConfiguration(program, location)
    // Enough for the store as it is, and for the log of some tokens.
    const limited = await program.start(config, { maxFileBlocks: 1_536 })
    const workers = new Workers()
    await workers.run([limited.url], asking, () => workers.refusals.has(unavailable))
    expect(workers.answered).toBeGreaterThan(0)
    expect([...workers.refusals.keys()]).toEqual([unavailable])
    await expect.poll(() => codes(limited)).toEqual(new Set(['token_store_unavailable']))
    // What is only read is answered all the same.
    const refused = await ask(limited.url, 'plain', { audience: 'rs1', scope: 'nothing' })
    expect(refused.status).toBe(400)
    await limited.kill()
    await expectAllStored(workers, fixture)

    const roomy = await program.start(config)
    const before = workers.answered
    await workers.run([roomy.url], asking, () => workers.answered >= before + 20)
    expect(await roomy.stop()).toBe(0)
    await expectAllStored(workers, fixture)
    await fixture.close()
  }, 120_000)
})

describe('a policy that hangs', () => {
  it('refuses its own request at the deadline, and no other waits for it', async () => {
    const location = `${program.folder}/policy.sqlite`
    const fixture = await withPlainClient(location)
    const policy = `${program.folder}/hangs.mjs`
    await writeFile(
      policy,
      `export default ({ scope }) => (scope === 'write' ? new Promise(() => {}) : { allow: true })`,
    )
    const config = await writeConfiguration(program, location, { policy, limits: { policyTimeout: 6 } })
    const server = await program.start(config)
    let isAnswered = false
    const hanging = Promise.all(
      Array.from({ length: 20 }, () => ask(server.url, 'plain', { audience: 'rs1', scope: 'write' })),
    ).then((answers) => {
      isAnswered = true
      return answers
    })
    const workers = new Workers()
    await workers.run([server.url], asking, () => workers.answered >= 12)
    expect(isAnswered).toBe(false)
    expect([...workers.refusals.keys()]).toEqual([])
    for (const { status } of await hanging) expect(status).toBe(500)
    await expect.poll(() => codes(server)).toEqual(new Set(['token_policy_error']))
    expect(await server.stop()).toBe(0)
    await fixture.close()
  }, 60_000)
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fixture, openFixture } from '../authorization-server/fixture.ts'
import { startPostgres, type TestPostgres } from '../store/start-postgres.ts'
import { bundleProgram, type Program, type ServerProcess, writeConfiguration } from './server-process.ts'
import { expectAllStored, expectSequenceNumbersOnce, Workers } from './workers.ts'

// `npm run faults` kills 20 times; the suite does so once or twice.
const isWhole = process.env['MODE'] === 'faults'
const answersEach = isWhole ? 150 : 60

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

const plain = { clientId: 'plain', audience: 'rs1' }
const sequenced = { clientId: 'sequenced', audience: 'exi' }
const bounded = { clientId: 'bounded', audience: 'rs1' }
const refreshing = { clientId: 'refreshing', audience: 'rs1' }
const asking = [plain, plain, sequenced, sequenced, bounded, bounded, refreshing, refreshing]

async function openSession({ store, clock }: Fixture, clientId: string, budget: number): Promise<string> {
  const sessionId = `session-of-${clientId}`
  const opened = await store.sessions.open(
    {
      sessionId,
      clientId,
      openedAt: clock.now,
      expiresAt: clock.now + 3_600,
      closedAt: null,
      lifetime: 3_600,
      budget,
      perMinute: null,
      audiences: null,
      scopes: null,
      used: 0,
    },
    1,
    'test',
  )
  expect(opened).toBe('opened')
  return sessionId
}

/** Kills the processes again and again, one before the others, while clients ask for tokens, and looks at what is left. */
async function survivesKills(location: string, processes: number, kills: number): Promise<void> {
  const fixture = await openFixture({}, location)
  try {
    const withoutRefresh = { grantTypes: ['client_credentials'] }
    for (const { clientId } of [plain, sequenced, bounded]) await fixture.addClient(clientId, withoutRefresh)
    await fixture.addClient('refreshing')
    // Used up before the end.
    const budget = Math.floor((kills * answersEach) / 10)
    const sessionId = await openSession(fixture, 'bounded', budget)
    const config = await writeConfiguration(program, location)
    const servers: ServerProcess[] = []
    for (let i = 0; i < processes; i++) servers.push(await program.start(config))
    const workers = new Workers()
    for (let kill = 0; kill < kills; kill++) {
      const victim = servers.shift()!
      const urls = [victim, ...servers].map(({ url }) => url)
      const work = workers.run(urls, asking, () => false)
      await workers.haveAnswered(answersEach)
      await victim.kill()
      for (const server of servers.splice(0)) await server.kill()
      await work
      for (let i = 0; i < processes; i++) servers.push(await program.start(config))
    }
    const urls = servers.map(({ url }) => url)
    // Whoever lost an answer to a refresh repeats it, and goes on.
    const enough = workers.answered + answersEach
    await workers.run(urls, asking, () => workers.answered >= enough)
    for (const server of servers) expect(await server.stop()).toBe(0)

    expect(workers.answered).toBeGreaterThanOrEqual(kills * answersEach)
    await expectAllStored(workers, fixture)
    await expectSequenceNumbersOnce(workers.tokens.get('sequenced') ?? [])
    const session = await fixture.store.sessions.find(sessionId)
    const stored = await fixture.store.tokens.list({ clientId: 'bounded', limit: 10_000 })
    expect(session?.used).toBe(budget)
    expect(stored).toHaveLength(budget)
    expect(workers.tokens.get('bounded')!.length).toBeLessThanOrEqual(budget)
    // The budget alone refuses: no refresh token was taken for a stolen one, nothing was internal.
    const refusals = new Set(workers.refusals.keys())
    for (const refusal of refusals) expect(['connection broken', '400 invalid_grant']).toContain(refusal)
    const revoked = await fixture.store.audit.list({ subject: 'refreshing', limit: 10 })
    expect(revoked.filter(({ action }) => action === 'token_revoked')).toEqual([])
  } finally {
    await fixture.close()
  }
}

describe('a server that is killed under load', () => {
  it('has each token that it answered, none twice, no sequence number twice, no budget overspent, with two processes on SQLite (R9200-5.10.3-2)', async () => {
    await survivesKills(`${program.folder}/killed.sqlite`, 2, isWhole ? 20 : 1)
  }, 600_000)

  it('is as good with two processes on PostgreSQL', async ({ skip }) => {
    if ('reason' in postgres) return skip(postgres.reason)
    await survivesKills(await postgres.newDatabase(), 2, isWhole ? 20 : 1)
  }, 600_000)
})

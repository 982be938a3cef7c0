import { afterAll, describe, expect, it } from 'vitest'
import { storeContract } from '../../src/store/contract-test.ts'
import { openStore } from '../../src/store/open-store.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { startPostgres } from './start-postgres.ts'

const postgres = await startPostgres()

describe.skipIf('reason' in postgres)(
  `the store on PostgreSQL${'reason' in postgres ? `, which does not start here: ${postgres.reason}` : ''}`,
  () => {
    const newDatabase = (): Promise<string> => {
      if ('reason' in postgres) throw new Error(postgres.reason)
      return postgres.newDatabase()
    }
    afterAll(async () => {
      if ('stop' in postgres) await postgres.stop()
    }, 60_000)

    for (const { name, run } of storeContract(async () => openStore(await newDatabase()))) it(name, run)

    it('never changes or removes a line of the audit trail', async () => {
      const url = await newDatabase()
      await (await openStore(url)).close()
      const { write, close } = openPostgres(url)
      const refused = /the audit trail is never changed/
      await expect(
        write((transaction) => transaction.updateTable('audit').set({ actor: 'x' }).execute()),
      ).rejects.toThrow(refused)
      await expect(write((transaction) => transaction.deleteFrom('audit').execute())).rejects.toThrow(refused)
      await close()
    })

    it('is one for two processes that bring it to its version at once', async () => {
      const url = await newDatabase()
      const stores = await Promise.all([openStore(url), openStore(url)])
      const ids = await Promise.all(
        Array.from({ length: 20 }, (_, i) => stores[i % 2]!.resourceServers.nextOscoreId()),
      )
      expect(new Set(ids).size).toBe(20)
      for (const store of stores) await store.close()
    })
  },
)

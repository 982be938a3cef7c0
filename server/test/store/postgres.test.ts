import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { storeContract } from '../../src/store/contract-test.ts'
import { openStore } from '../../src/store/open-store.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { runCommand } from '../cli/command-line.ts'
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

    it('is filled by init, once', async () => {
      const url = await newDatabase()
      const folder = await mkdtemp(join(tmpdir(), 'ace-oauth-init-'))
      const first = await runCommand(['init', join(folder, 'a'), '--store', url, '--example', '--json'])
      expect([first.code, first.error]).toEqual([0, ''])
      const { config } = JSON.parse(first.out)
      expect((await stat(config)).mode & 0o077).toBe(0)
      const listed = await runCommand(['client', 'list', '--config', config, '--json'])
      expect(JSON.parse(listed.out)).toEqual([expect.objectContaining({ client_id: 'example-client' })])
      const again = await runCommand(['init', join(folder, 'b'), '--store', url])
      expect([again.code, again.error]).toEqual([
        1,
        expect.stringContaining('has the keys of a server already'),
      ])
      await expect(stat(join(folder, 'b', 'ace-oauth.yaml'))).rejects.toThrow('ENOENT')
      const file = await runCommand(['init', join(folder, 'c'), '--store', 'as.sqlite'])
      expect([file.code, file.error]).toEqual([2, expect.stringContaining('--store: expected postgres://')])
      await rm(folder, { recursive: true })
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

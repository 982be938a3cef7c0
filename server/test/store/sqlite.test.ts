import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeContract } from '../../src/store/contract-test.ts'
import { openStore } from '../../src/store/open-store.ts'
import { openSqlite } from '../../src/store/sqlite.ts'

let folder: string
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ace-oauth-server-'))
})
afterAll(() => rm(folder, { recursive: true }))

const newFile = (): string => join(folder, `${files++}.sqlite`)

describe('the store on SQLite', () => {
  for (const { name, run } of storeContract(() => openStore(newFile()))) it(name, run)

  it('shows what was committed to another process, and waits for it', async () => {
    const file = newFile()
    const [one, two] = [await openStore(file), await openStore(file)]
    const ids = await Promise.all(
      Array.from({ length: 30 }, (_, i) => (i % 2 ? one : two).resourceServers.nextOscoreId()),
    )
    expect(new Set(ids).size).toBe(30)
    await one.close()
    await two.close()
  })

  it.skipIf(process.platform === 'win32')('is made so that its owner alone can read it', async () => {
    const file = newFile()
    const store = await openStore(file)
    await store.clients.version()
    for (const name of [file, `${file}-wal`]) expect((await stat(name)).mode & 0o777).toBe(0o600)
    await store.close()
  })

  it('is restored from a copy that was made while it was in use, and goes on with numbers that were not given yet', async () => {
    const file = newFile()
    const store = await openStore(file)
    const copy = newFile()
    const database = openSqlite(file)
    await store.resourceServers.nextOscoreId()
    // As docs/operations.md says: a backup, and once it is restored, a leap of all counters.
    await sql`vacuum into ${copy}`.execute(database.read)
    const lost = await store.resourceServers.nextOscoreId()
    await store.close()
    await database.close()
    const restored = openSqlite(copy)
    await restored.write((transaction) =>
      sql
        .raw("update counters set value = value + 1000000 where name <> 'chosen_secrets'")
        .execute(transaction),
    )
    await restored.close()
    const again = await openStore(copy)
    expect(await again.resourceServers.nextOscoreId()).toBeGreaterThan(lost)
    await again.close()
  })

  it('waits for another process that writes, without holding up this one', async () => {
    const file = newFile()
    await (await openStore(file)).close()
    const [one, two] = [openSqlite(file), openSqlite(file)]
    const order: string[] = []
    const count = (name: string) => ({ name, value: 1 })
    // The first ends by a timer, which comes only if the second does not hold up the process while it waits.
    const first = one.write(async (transaction) => {
      await transaction.insertInto('counters').values(count('a')).execute()
      const second = two.write((other) => other.insertInto('counters').values(count('b')).execute())
      void second.then(() => order.push('second'))
      await new Promise((resolve) => setTimeout(resolve, 50))
      order.push('first')
      return { second }
    })
    await (await first).second
    expect(order).toEqual(['first', 'second'])
    await one.close()
    await two.close()
  })

  it('never changes or removes a line of the audit trail', async () => {
    const file = newFile()
    const store = await openStore(file)
    await store.keys.add({ kid: 'k', algorithm: 'ES256', jwk: {}, state: 'active', createdAt: 0 }, 'test')
    await store.close()
    const database = openSqlite(file)
    const refused = /the audit trail is never changed/
    await expect(
      database.write((transaction) => transaction.updateTable('audit').set({ actor: 'x' }).execute()),
    ).rejects.toThrow(refused)
    await expect(database.write((transaction) => transaction.deleteFrom('audit').execute())).rejects.toThrow(
      refused,
    )
    const { lines } = await database.read
      .selectFrom('audit')
      .select(({ fn }) => fn.countAll().as('lines'))
      .executeTakeFirstOrThrow()
    expect(lines).toBe(1)
    await database.close()
  })

  it('undoes one of the transactions that are committed together, not the others', async () => {
    const file = newFile()
    await (await openStore(file)).close()
    const database = openSqlite(file)
    const insert = (name: string, fails: boolean): Promise<unknown> =>
      database.write(async (transaction) => {
        await transaction.insertInto('counters').values({ name, value: 1 }).execute()
        if (fails) throw new Error('on purpose')
      })
    const results = await Promise.allSettled([insert('a', false), insert('b', true), insert('c', false)])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const rows = await database.read.selectFrom('counters').select('name').orderBy('name').execute()
    expect(rows).toEqual([{ name: 'a' }, { name: 'c' }])
    await database.close()
  })

  it('refuses a database that a newer program has written, and leaves it', async () => {
    const file = newFile()
    await (await openStore(file)).close()
    const database = openSqlite(file)
    await database.write((transaction) =>
      transaction
        .updateTable('schema_version' as 'counters')
        .set({ version: 99 } as never)
        .execute(),
    )
    await database.close()
    await expect(openStore(file)).rejects.toThrow('the store has version 99')
  })
})

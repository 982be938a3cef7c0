import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'
import { startPostgres, type TestPostgres } from '../store/start-postgres.ts'

// It waits for as long as a request does, so that `npm run faults` alone does it.
const isWhole = process.env['MODE'] === 'faults'

let postgres: TestPostgres
let between: Server
const sockets: Socket[] = []
beforeAll(async () => {
  if (!isWhole) return
  postgres = await startPostgres()
})
afterAll(async () => {
  if (!isWhole) return
  for (const socket of sockets) socket.destroy()
  between?.close()
  if ('stop' in postgres) await postgres.stop()
}, 60_000)

it.runIf(isWhole)(
  'a connection to PostgreSQL on which no answer comes is given up, and the next request gets another one',
  async ({ skip }) => {
    if ('reason' in postgres) return skip(postgres.reason)
    const url = new URL(await postgres.newDatabase())
    const port = Number(url.port)
    between = createServer((client) => {
      const server = connect(port, '127.0.0.1')
      for (const socket of [client, server]) {
        socket.on('error', () => {})
        sockets.push(socket)
      }
      client.pipe(server).pipe(client)
    })
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
    const address = between.address()
    url.port = String(typeof address === 'object' && address?.port)
    const store = await openStore(url.href)
    await store.ping()
    // The network takes what is sent, and brings nothing.
    for (const socket of sockets) {
      socket.unpipe()
      socket.pause()
    }
    await expect(store.ping()).rejects.toThrow('PostgreSQL does not answer')
    await store.ping()
    await store.close()
  },
  60_000,
)

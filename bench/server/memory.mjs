// The memory of a server over 200,000 requests.
import { join } from 'node:path'
import { load } from './load.mjs'
import { startServer, temporaryFolder } from './processes.mjs'
import { register } from './register.mjs'
import { tokenRequest } from './speed.mjs'

const requests = 200_000
const parts = 10

export async function* memory() {
  const temporary = await temporaryFolder()
  const store = join(temporary.folder, 'as.sqlite')
  const secret = await register(store, 1)
  const server = await startServer(temporary.folder, store)
  try {
    const [good, bad] = [tokenRequest('client-0', secret), tokenRequest('client-0', secret, 'admin')]
    const megabytes = []
    for (let part = 0; part < parts; part++) {
      // As many errors as tokens.
      await load({ port: server.port, request: (n) => (n % 2 ? good : bad), requests: requests / parts })
      const { heapUsed, rss } = await server.usage({ afterGc: true })
      megabytes.push({ heapUsed: heapUsed / 1e6, rss: rss / 1e6 })
      console.error(`memory: ${(part + 1) * (requests / parts)} requests`)
    }
    const [first, last] = [megabytes[0], megabytes.at(-1)]
    yield {
      name: `memory after ${requests / parts} and after ${requests} requests`,
      megabytes,
      growth: last.heapUsed / first.heapUsed,
      most: 1.1,
      reached: last.heapUsed / first.heapUsed <= 1.1,
    }
  } finally {
    await server.stop()
    await temporary.remove()
  }
}

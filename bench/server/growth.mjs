// What a token costs with few and with many tokens and clients in the store, and how the tables are emptied.
import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openStore } from 'ace-oauth-server'
import { startServer, temporaryFolder } from './processes.mjs'
import { audience, register } from './register.mjs'
import { tokenRequest } from './speed.mjs'
import { row, turns } from './turns.mjs'

const sizes = { few: { tokens: 1_000, clients: 1_000 }, many: { tokens: 1_000_000, clients: 100_000 } }
const together = 256
const lifetime = 3_600
const bite = 200

export async function* growth() {
  const temporary = await temporaryFolder()
  const running = []
  try {
    const subjects = []
    const stores = {}
    for (const [name, { tokens, clients }] of Object.entries(sizes)) {
      const store = join(temporary.folder, `${name}.sqlite`)
      stores[name] = store
      const secret = await register(store, clients)
      await fill(store, tokens, clients)
      const server = await startServer(temporary.folder, store)
      running.push(server)
      const requests = Array.from({ length: Math.min(clients, 50_000) }, () =>
        tokenRequest(`client-${Math.floor(Math.random() * clients)}`, secret),
      )
      const request = (n) => requests[n % requests.length]
      subjects.push({ name: named(name), servers: [server], request, status: 200 })
    }
    const found = await turns(subjects)
    yield row(`tokens with ${named('many')}`, found, named('many'), { [named('few')]: 1 / 1.3 })
    for (const server of running.splice(0)) await server.stop()
    yield await sweep(stores.many)
  } finally {
    await Promise.all(running.map((server) => server.stop()))
    await temporary.remove()
  }
}

function named(size) {
  const { tokens, clients } = sizes[size]
  return `${tokens} tokens and ${clients} clients`
}

/** Stores tokens of all clients, as a server would, in the order of their ids. */
async function fill(location, tokens, clients) {
  const store = await openStore(location)
  const issuedAt = Math.floor(Date.now() / 1_000)
  const one = (n) => {
    const id = `${(issuedAt * 1_000).toString(16).padStart(12, '0')}-${String(n).padStart(12, '0')}-${randomBytes(6).toString('hex')}`
    const cnf = { COSE_Key: { kty: 'oct', kid: 'a-kid-of-it', k: 'AAAAAAAAAAAAAAAAAAAAAA' } }
    return {
      token: {
        id,
        hash: randomBytes(32),
        listHash: randomBytes(32),
        clientId: `client-${n % clients}`,
        audiences: [audience],
        scope: 'read',
        introspection: { iss: 'http://127.0.0.1', aud: audience, exp: issuedAt + lifetime, cti: id, cnf },
        familyId: null,
        sessionId: null,
        keyThumbprint: null,
        keyId: randomBytes(8),
        cnf,
        issuedAt,
        expiresAt: issuedAt + lifetime,
        revokedAt: null,
      },
      sessionId: null,
      refresh: null,
      rotates: null,
    }
  }
  const started = performance.now()
  for (let from = 0; from < tokens; from += together) {
    await Promise.all(
      Array.from({ length: Math.min(together, tokens - from) }, (_, i) =>
        store.tokens.issue(one(from + i), issuedAt),
      ),
    )
    if (process.stderr.isTTY) process.stderr.write(`\r${from} of ${tokens} tokens`)
  }
  console.error(`\r${tokens} tokens stored in ${Math.round((performance.now() - started) / 1_000)} s`)
  await store.close()
}

/** Removes all tokens, as the server does in the background once they have expired. */
async function sweep(location) {
  const store = await openStore(location)
  const before = await store.counts()
  const later = Math.floor(Date.now() / 1_000) + 2 * lifetime
  const bites = []
  let rows = 0
  for (let removed = -1; removed !== 0; rows += removed) {
    const started = performance.now()
    removed = await store.sweep(later, bite)
    bites.push(performance.now() - started)
  }
  const after = await store.counts()
  await store.close()
  bites.sort((a, b) => a - b)
  return {
    name: `a sweep of ${rows} rows in bites of ${bite}`,
    seconds: bites.reduce((sum, each) => sum + each, 0) / 1_000,
    biteMs: { median: bites[bites.length >> 1], ninetyNinth: bites[Math.floor(bites.length * 0.99)] },
    tokensBefore: before.tokens,
    tokensAfter: after.tokens,
    fileMegabytes: (await stat(location)).size / 1e6,
    reached: after.tokens === 0,
  }
}

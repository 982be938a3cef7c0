// Error answers and durable tokens beside a bare handler of node:http and oidc-provider.
import { join } from 'node:path'
import { AccessTokenRequest } from 'ace-oauth'
import { packageFolder } from '../../scripts/cache.mjs'
import { load, post } from './load.mjs'
import { start, startServer, temporaryFolder } from './processes.mjs'
import { audience, headersOf, register } from './register.mjs'
import { row, turns } from './turns.mjs'

/** The bytes of a token request of one client. */
export function tokenRequest(clientId, secret, scope = 'read') {
  const body = AccessTokenRequest.fromJson({ audience, scope }).toCbor()
  return post('/token', headersOf(clientId, secret), body)
}

export async function* speed() {
  const temporary = await temporaryFolder()
  const running = []
  const started = async (server) => {
    running.push(await server)
    return running.at(-1)
  }
  try {
    const store = join(temporary.folder, 'as.sqlite')
    const secret = await register(store, 1)
    const ours = await started(startServer(temporary.folder, store))
    const good = tokenRequest('client-0', secret)
    const bad = tokenRequest('client-0', secret, 'admin')
    const bytesOf = async (request) =>
      (await load({ port: ours.port, request, requests: 1, connections: 1 })).bytes
    const [errorBytes, tokenBytes] = [await bytesOf(bad), await bytesOf(good)]
    const bareError = await started(start('bare.mjs', ['400', String(errorBytes)]))
    const bareToken = await started(start('bare.mjs', ['200', String(tokenBytes)]))
    const subjects = [
      { name: 'the bare handler with errors', servers: [bareError], request: bad, status: 400 },
      { name: 'errors', servers: [ours], request: bad, status: 400 },
      { name: 'the bare handler with tokens', servers: [bareToken], request: good, status: 200 },
      { name: 'tokens', servers: [ours], request: good, status: 200 },
    ]
    const folder = await packageFolder('oidc-provider@9')
    if (folder) {
      const oidc = await started(start('oidc-provider.mjs', [folder, 'bench', secret]))
      const form = { ...headersOf('bench', secret), 'content-type': 'application/x-www-form-urlencoded' }
      const ask = (scope) => post('/token', form, Buffer.from(`grant_type=client_credentials&scope=${scope}`))
      subjects.push(
        { name: 'oidc-provider with errors', servers: [oidc], request: ask('write'), status: 400 },
        { name: 'oidc-provider with opaque tokens', servers: [oidc], request: ask('read'), status: 200 },
      )
    }
    const found = await turns(subjects)
    yield row(`error answers of ${errorBytes} bytes (invalid_scope)`, found, 'errors', {
      'the bare handler with errors': 0.6,
      'oidc-provider with errors': 2.5,
    })
    yield row(`durable tokens on SQLite (CWT Encrypt0, ${tokenBytes} bytes)`, found, 'tokens', {
      'the bare handler with tokens': 0.3,
      'oidc-provider with opaque tokens': 1,
    })
  } finally {
    await Promise.all(running.map((server) => server.stop()))
    await temporary.remove()
  }
}

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import type { JWK } from 'jose'
import {
  clientAuthentication,
  hashClientSecret,
  type RegisteredClient,
} from '../../src/endpoint/client/client-authentication.ts'
import type { ObservedAnswer } from '../../src/endpoint/exchange.ts'
import { fetchHandler } from '../../src/endpoint/fetch-handler.ts'
import { introspectionEndpoint } from '../../src/endpoint/introspection-endpoint.ts'
import { metadataEndpoint, metadataPath } from '../../src/endpoint/metadata.ts'
import { revocationEndpoint } from '../../src/endpoint/revocation-endpoint.ts'
import { tokenEndpoint } from '../../src/endpoint/token-endpoint.ts'
import { Failure } from '../../src/failure/failure.ts'
import { AccessTokenResponse } from '../../src/message/access-token-response.ts'
import { IntrospectionResponse } from '../../src/message/introspection-response.ts'
import { createReference, hashReference } from '../../src/token/reference.ts'

/** An authorization server in memory over HTTP, on a free port of this machine, made of nothing but the endpoints. */
export interface TestServer {
  readonly issuer: string
  readonly answers: ObservedAnswer<RegisteredClient>[]
  readonly close: () => Promise<void>
}

interface Issued {
  readonly clientId: string
  readonly scope: string
  readonly exp: number
  readonly isRefresh: boolean
}

/** Starts one with a client `c1` that has a secret, and a client `c2` that has a key. */
export async function startServer(key: JWK): Promise<TestServer> {
  const app = new Hono()
  const node: Server = createServer(getRequestListener(app.fetch))
  await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(node.address() as AddressInfo).port}`

  const clients = new Map<string, RegisteredClient>([
    ['c1', { client_id: 'c1', secretHashes: [await hashClientSecret('s:1%+é')] }],
    ['c2', { client_id: 'c2', jwks: { keys: [key] } }],
    ['rs', { client_id: 'rs', secretHashes: [await hashClientSecret('rs')] }],
  ])
  const tokens = new Map<string, Issued>()
  const seen = new Set<string>()
  const answers: ObservedAnswer<RegisteredClient>[] = []
  const common = {
    authenticate: clientAuthentication({
      findClient: (id) => clients.get(id),
      assertions: {
        issuer,
        remember: ({ clientId, jti }) => seen.size < seen.add(JSON.stringify([clientId, jti])).size,
      },
    }),
    onAnswer: (answer: ObservedAnswer<RegisteredClient>) => answers.push(answer),
  }
  const put = async (issued: Issued): Promise<Uint8Array> => {
    const reference = createReference()
    tokens.set(await hashReference(reference), issued)
    return reference
  }

  const token = tokenEndpoint({
    ...common,
    grantTypes: ['client_credentials', 'refresh_token'],
    issue: async ({ grant_type, scope = 'read', refresh_token, audience }, { client_id: clientId }) => {
      if (audience === 'slow') throw new Failure('token_store_unavailable', { retryAfterMs: 5_500 })
      if (audience === 'broken') throw new Error('the password of the database is hunter2')
      if (audience === 'legacy') throw new Failure('token_profiles_incompatible')
      if (audience === 'small') throw new Failure('token_key_unsupported')
      if (audience === 'forbidden') throw new Failure('token_audience_not_allowed')
      if (scope !== 'read') throw new Failure('token_scope_unknown')
      if (grant_type === 'refresh_token') {
        const hash = await hashReference(refresh_token!)
        const old = tokens.get(hash)
        if (!old?.isRefresh || old.clientId !== clientId) throw new Failure('token_grant_invalid')
        tokens.delete(hash)
      }
      const issued = { clientId, scope, exp: Math.floor(Date.now() / 1_000) + 600, isRefresh: false }
      return new AccessTokenResponse({
        access_token: await put(issued),
        token_type: 'Bearer',
        refresh_token: await put({ ...issued, isRefresh: true }),
        expires_in: 600,
        scope,
      })
    },
  })
  const introspection = introspectionEndpoint({
    ...common,
    introspect: async ({ token: given }, { client_id: asking }) => {
      if (asking !== 'rs') throw new Failure('introspect_not_permitted')
      const found = tokens.get(await hashReference(given))
      if (!found || found.isRefresh) return undefined
      const { scope, clientId: client_id, exp } = found
      return new IntrospectionResponse({ active: true, scope, client_id, exp, token_type: 'Bearer' })
    },
  })
  const revocation = revocationEndpoint({
    ...common,
    revoke: async ({ token: given }, { client_id }) => {
      const hash = await hashReference(given)
      const found = tokens.get(hash)
      if (found && found.clientId !== client_id) throw new Failure('revoke_token_client_mismatch')
      tokens.delete(hash)
    },
  })
  const metadata = metadataEndpoint({
    issuer,
    endpoints: { '/token': token, '/introspect': introspection, '/revoke': revocation },
    scopes: ['read'],
  })
  const origins = ['https://app.example.com']
  app.all('/token', (c) => fetchHandler(token, { origins })(c.req.raw))
  app.all('/introspect', (c) => fetchHandler(introspection)(c.req.raw))
  app.all('/revoke', (c) => fetchHandler(revocation)(c.req.raw))
  app.all(metadataPath(issuer), (c) => fetchHandler(metadata)(c.req.raw))
  return {
    issuer,
    answers,
    close: () =>
      new Promise<void>((resolve) => {
        node.close(() => resolve())
        node.closeAllConnections()
      }),
  }
}

import { type HttpBindings, serve } from '@hono/node-server'
import { type FetchHandlerOptions, fetchHandler, metadataPath } from 'ace-oauth/endpoint'
import { createAuthorizationServer, openStore } from 'ace-oauth-server'
import { Hono } from 'hono'

/** An authorization server in a hono app of yours, beside whatever else it does. */
export async function start(issuer: string, file: string, port: number) {
  const store = await openStore(file)
  const server = await createAuthorizationServer({ issuer, store })

  // Who sent a request: the connection says it. The limits on guessing and the log need the address.
  const options: FetchHandlerOptions<[HttpBindings]> = {
    peer: (_request, { incoming }) => ({ address: incoming.socket.remoteAddress }),
  }
  const endpoints = {
    '/token': fetchHandler(server.token, options),
    '/introspect': fetchHandler(server.introspection, options),
    '/revoke': fetchHandler(server.revocation, options),
    '/jwks': fetchHandler(server.keySet, options),
    [metadataPath(issuer)]: fetchHandler(server.metadata, options),
  }
  const app = new Hono<{ Bindings: HttpBindings }>()
  for (const [path, handle] of Object.entries(endpoints))
    app.all(path, async ({ req, env }) => (await handle(req.raw, env)) as Response)
  app.all('/trl', async ({ req, env }) => {
    const query = { diff: req.query('diff'), cursor: req.query('cursor') }
    const list = fetchHandler((request) => server.revocationList(request, query), options)
    return (await list(req.raw, env)) as Response
  })
  app.get('/', ({ text }) => text('your own pages'))

  // Plain HTTP is for this machine alone: put TLS before it, or give serve() the options of node:https.
  const http = serve({ fetch: app.fetch, hostname: '127.0.0.1', port })
  return { http, store }
}

import type { IncomingMessage } from 'node:http'
import { metadataPath, nodeHandler } from 'ace-oauth/endpoint'
import { createAuthorizationServer, openStore } from 'ace-oauth-server'
import { fastify } from 'fastify'

/** An authorization server in a Fastify app of yours, beside whatever else it does. */
export async function start(issuer: string, file: string, port: number) {
  const store = await openStore(file)
  const server = await createAuthorizationServer({ issuer, store })

  // Who sent a request: the connection says it. The limits on guessing and the log need the address.
  const options = { peer: ({ socket }: IncomingMessage) => ({ address: socket.remoteAddress }) }
  const endpoints = {
    '/token': nodeHandler(server.token, options),
    '/introspect': nodeHandler(server.introspection, options),
    '/revoke': nodeHandler(server.revocation, options),
    '/jwks': nodeHandler(server.keySet, options),
    '/trl': nodeHandler((request, { url = '' }: IncomingMessage) => {
      const query = new URL(url, issuer).searchParams
      return server.revocationList(request, {
        diff: query.get('diff') ?? undefined,
        cursor: query.get('cursor') ?? undefined,
      })
    }, options),
    [metadataPath(issuer)]: nodeHandler(server.metadata, options),
  }
  const app = fastify()
  await app.register(async (scope) => {
    // The endpoints read the body themselves, and hold it to their limit.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    for (const [path, handle] of Object.entries(endpoints))
      scope.all(path, async ({ raw }, reply) => {
        reply.hijack()
        await handle(raw, reply.raw)
      })
  })
  app.get('/', async () => 'your own pages')

  // Plain HTTP is for this machine alone: put TLS before it, or give fastify() the option `https`.
  const url = await app.listen({ host: '127.0.0.1', port })
  return { app, store, url }
}

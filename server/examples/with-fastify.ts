import { type Endpoint, metadataPath } from 'ace-oauth/endpoint'
import { createAuthorizationServer, openStore } from 'ace-oauth-server'
import { type FastifyReply, type FastifyRequest, fastify } from 'fastify'

type Handler = Parameters<typeof answer>[0]

/** An authorization server in a Fastify app of yours: an endpoint is a function, a request in, a response out. */
export async function start(issuer: string, file: string, port: number) {
  const store = await openStore(file)
  const server = await createAuthorizationServer({ issuer, store })
  const app = fastify()
  // The endpoints read the payload themselves, and hold it to their limit.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))

  const endpoints: Readonly<Record<string, Handler>> = {
    '/token': server.token,
    '/introspect': server.introspection,
    '/revoke': server.revocation,
    '/jwks': server.keySet,
    [metadataPath(issuer)]: server.metadata,
  }
  for (const [path, endpoint] of Object.entries(endpoints))
    app.all(path, (request, reply) => answer(endpoint, request, reply))
  app.all<{ Querystring: { diff?: string; cursor?: string } }>('/trl', (request, reply) =>
    answer((asked) => server.revocationList(asked, request.query), request, reply),
  )
  app.get('/', async () => 'your own pages')

  // Plain HTTP is for this machine alone: put TLS before it, or give fastify() the option `https`.
  const url = await app.listen({ host: '127.0.0.1', port })
  return { app, store, url }
}

async function answer(
  endpoint: (request: Parameters<Endpoint>[0]) => ReturnType<Endpoint>,
  { method, headers, body, ip, id }: FastifyRequest,
  reply: FastifyReply,
) {
  const answered = await endpoint({
    method,
    mediaType: headers['content-type'],
    accept: headers.accept,
    headers: { get: (name) => [headers[name] ?? []].flat().join(', ') || null },
    payload: body as AsyncIterable<Uint8Array> | undefined,
    // Who sent it: the connection says it, or proxies that you name in Fastify's option `trustProxy`.
    peer: { address: ip },
    requestId: id,
  })
  return reply.code(answered.status).headers(answered.headers).send(Buffer.from(answered.payload))
}

import { fetchHandler } from 'ace-oauth/endpoint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { basic, type Fixture, openFixture, secret } from '../authorization-server/fixture.ts'

let as: Fixture
beforeAll(async () => {
  as = await openFixture()
})
afterAll(() => as.close())

const form = 'application/x-www-form-urlencoded'

describe('the endpoints', () => {
  it('send no redirection, no cookie and no page, whatever is asked', async () => {
    const { token, introspection, revocation, metadata, keySet, revocationList } = as.server
    const endpoints = [
      token,
      introspection,
      revocation,
      metadata,
      keySet,
      (request: Parameters<typeof token>[0]) => revocationList(request, {}),
    ]
    for (const endpoint of endpoints)
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])
        for (const accept of ['text/html', '*/*']) {
          const headers = new Headers({
            authorization: basic('c1'),
            accept,
            origin: 'https://evil.example.com',
          })
          const payload = new TextEncoder().encode(
            'redirect_uri=https://evil.example.com&response_type=token',
          )
          const answer = await endpoint({ method, mediaType: form, accept, headers, payload })
          expect(answer.status < 300 || answer.status >= 400).toBe(true)
          expect(answer.mediaType ?? '').not.toContain('html')
          expect(answer.headers).not.toHaveProperty('location')
          expect(answer.headers).not.toHaveProperty('set-cookie')
          expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
        }
  })

  it('take no credentials and no token from a URL', async () => {
    const { access_token } = await as.token('c1', { audience: 'reference', scope: 'read' })
    const text = new TextDecoder().decode(access_token)
    const credentials = `client_id=c1&client_secret=${secret}&audience=rs1&scope=read&token=${text}`
    for (const endpoint of [as.server.token, as.server.introspection, as.server.revocation]) {
      const handle = fetchHandler(endpoint)
      for (const init of [
        { method: 'GET' },
        { method: 'POST', headers: { 'content-type': form }, body: 'scope=read&token=abc' },
      ]) {
        const answer = await handle(new Request(`https://as.example.com/token?${credentials}`, init))
        expect([401, 405]).toContain(answer.status)
      }
    }
    expect((await as.introspect('reference', access_token)).active).toBe(true)
  })
})

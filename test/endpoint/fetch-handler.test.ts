import { describe, expect, it, vi } from 'vitest'
import type { ObservedAnswer } from '../../src/endpoint/exchange.ts'
import { fetchHandler } from '../../src/endpoint/fetch-handler.ts'
import { authorizationServerMetadata, metadataEndpoint, metadataPath } from '../../src/endpoint/metadata.ts'
import { tokenEndpoint } from '../../src/endpoint/token-endpoint.ts'
import { authenticate, basic, issued } from './requests.ts'

const url = 'https://as.example.com/token'
const token = tokenEndpoint({ authenticate, issue: () => issued })
const headers = { authorization: basic('c1', 's1'), 'content-type': 'application/x-www-form-urlencoded' }
const post = (more: RequestInit = {}) =>
  new Request(url, { method: 'POST', headers, body: 'scope=read', ...more })

describe('fetchHandler', () => {
  it('takes a Request and gives a Response', async () => {
    const response = await fetchHandler(token)(post())
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      pragma: 'no-cache',
    })
    expect(await response.json()).toMatchObject({ token_type: 'PoP' })
  })

  it('asks the server who the peer is, and answers for it when that throws', async () => {
    const seen: ObservedAnswer<unknown>[] = []
    const endpoint = tokenEndpoint({
      authenticate,
      issue: () => issued,
      onAnswer: (answer) => seen.push(answer),
    })
    const peer = vi.fn((_request: unknown, address: string) => ({ address }))
    expect((await fetchHandler(endpoint, { peer })(post(), '192.0.2.1')).status).toBe(200)
    // Once, and later if it has to look something up.
    expect(peer).toHaveBeenCalledOnce()
    const later = fetchHandler(endpoint, { peer: async () => ({ clientId: 'c2' }) })
    expect((await later(post())).status).toBe(401)
    const throwing = fetchHandler(endpoint, {
      peer: () => {
        throw new Error('secret')
      },
    })
    const response = await throwing(post())
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    const rejecting = fetchHandler(endpoint, { peer: () => Promise.reject(new Error('secret')) })
    expect((await rejecting(post())).status).toBe(500)
    expect(seen).toMatchObject([
      { status: 200, peer: { address: '192.0.2.1' } },
      { status: 401, peer: { clientId: 'c2' } },
      { status: 500 },
      { status: 500 },
    ])
  })

  it('never takes the peer from a header', async () => {
    const response = await fetchHandler(token)(
      post({
        headers: {
          'content-type': headers['content-type'],
          'x-client-id': 'c1',
          'client-cert': ':AAAA:',
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-client-cert': 'Subject="CN=c1"',
        },
      }),
    )
    expect(response.status).toBe(401)
  })
})

describe('CORS', () => {
  const origin = 'https://app.example.com'
  const handler = fetchHandler(token, { origins: [origin] })
  const corsOf = (response: Response) =>
    Object.fromEntries([...response.headers].filter(([name]) => /^(access-control|vary)/.test(name)))

  it('answers the preflight of an allowed origin', async () => {
    const response = await handler(
      new Request(url, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        },
      }),
    )
    expect(response.status).toBe(204)
    expect(corsOf(response)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'Authorization, Content-Type, Accept',
      vary: 'origin',
    })
  })

  it('lets its pages read answers and errors, without cookies', async () => {
    for (const body of ['scope=read', 'scope=%00']) {
      const cors = corsOf(await handler(post({ headers: { ...headers, origin }, body })))
      expect(cors).toEqual({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'WWW-Authenticate, Retry-After',
        vary: 'origin',
      })
    }
  })

  it.each([
    'https://evil.example',
    'https://app.example.com.evil.example',
    'http://app.example.com',
    'null',
    `${origin}/`,
  ])('tells %s nothing', async (other) => {
    const preflight = await handler(
      new Request(url, {
        method: 'OPTIONS',
        headers: { origin: other, 'access-control-request-method': 'POST' },
      }),
    )
    expect([preflight.status, corsOf(preflight)]).toEqual([405, { vary: 'origin' }])
    expect(corsOf(await handler(post({ headers: { ...headers, origin: other } })))).toEqual({
      vary: 'origin',
    })
  })

  it('is off where no origin is named, and takes no wildcard', async () => {
    expect(corsOf(await fetchHandler(token)(post({ headers: { ...headers, origin } })))).toEqual({})
    for (const wrong of ['*', 'https://*.example.com', 'app.example.com', `${origin}/`, 'null', '', 7])
      expect(() => fetchHandler(token, { origins: [wrong as string] }), String(wrong)).toThrow(TypeError)
  })
})

describe('metadata (RFC 8414)', () => {
  it('is served to GET alone, and may be cached', async () => {
    const handler = fetchHandler(
      metadataEndpoint({ issuer: 'https://as.example.com', endpoints: { '/token': token } }),
    )
    const response = await handler(
      new Request('https://as.example.com/.well-known/oauth-authorization-server'),
    )
    expect([response.status, response.headers.get('cache-control'), response.headers.get('pragma')]).toEqual([
      200,
      'public, max-age=3600',
      null,
    ])
    expect(await response.json()).toEqual({
      issuer: 'https://as.example.com',
      token_endpoint: 'https://as.example.com/token',
      token_endpoint_auth_methods_supported: expect.arrayContaining(['client_secret_basic']),
    })
    const posted = await handler(new Request('https://as.example.com/', { method: 'POST', body: 'x' }))
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  it('stands between host and path (RFC 8414 §3)', () => {
    expect(metadataPath('https://example.com')).toBe('/.well-known/oauth-authorization-server')
    expect(metadataPath('https://example.com/')).toBe('/.well-known/oauth-authorization-server')
    expect(metadataPath('https://example.com/tenant1')).toBe(
      '/.well-known/oauth-authorization-server/tenant1',
    )
    const { token_endpoint } = authorizationServerMetadata({
      issuer: 'https://example.com/tenant1',
      endpoints: { '/token': token },
      more: { jwks_uri: 'https://example.com/jwks' },
    })
    expect(token_endpoint).toBe('https://example.com/tenant1/token')
  })

  it('takes no issuer that the RFC does not allow', () => {
    for (const issuer of [
      'http://as.example.com',
      'https://as.example.com?x',
      'https://as.example.com#x',
      'https://user@as.example.com',
      'as.example.com',
      '',
      'ftp://127.0.0.1',
      'http://127.0.0.1.evil.example',
    ])
      expect(() => authorizationServerMetadata({ issuer, endpoints: {} }), issuer).toThrow(TypeError)
    expect(metadataPath('http://127.0.0.1:8080')).toBe('/.well-known/oauth-authorization-server')
    const two = { '/a': token, '/b': token }
    expect(() => authorizationServerMetadata({ issuer: 'https://a.example', endpoints: two })).toThrow(
      TypeError,
    )
    expect(() => authorizationServerMetadata({ issuer: 'https://a.example', endpoints: { token } })).toThrow(
      TypeError,
    )
  })
})

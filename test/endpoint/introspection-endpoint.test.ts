import { describe, expect, it, vi } from 'vitest'
import { introspectionEndpoint } from '../../src/endpoint/introspection-endpoint.ts'
import { revocationEndpoint } from '../../src/endpoint/revocation-endpoint.ts'
import { Failure } from '../../src/failure/failure.ts'
import { IntrospectionRequest } from '../../src/message/introspection-request.ts'
import { IntrospectionResponse } from '../../src/message/introspection-response.ts'
import { RevocationRequest } from '../../src/message/revocation-request.ts'
import { hex } from '../../src/table/hex.ts'
import { aceCbor, authenticate, basic, coapRequest, errorOf, formRequest, jsonOf } from './requests.ts'

const header = { authorization: basic('c1', 's1') }
const inactive = 'a10af4'
const now = Math.floor(Date.now() / 1_000)
const asked = new IntrospectionRequest({ token: 'abc', client_id: 'c1', client_secret: 's1' }).toCbor()
const answering = (told: unknown, more: object = {}) =>
  introspectionEndpoint({ authenticate, introspect: () => told as IntrospectionResponse, ...more })

describe('introspection', () => {
  it('is 2.01 in ace+cbor over CoAP (R9200-5.9.2-1, R9200-5.9.2-2, R9200-5.9.1-5, R9200-5-7, R9200-5-9)', async () => {
    const told = new IntrospectionResponse({ active: true, scope: 'read', exp: now + 60 })
    const answer = await answering(told)(coapRequest(asked))
    expect(answer).toMatchObject({ code: '2.01', mediaType: aceCbor, contentFormat: 19, maxAge: 0 })
    expect(hex(answer.payload)).toBe(hex(told.toCbor()))
  })

  it('is 200 in JSON over HTTP (R9200-5.9.1-6, R7662-2.2-1)', async () => {
    const told = new IntrospectionResponse({ active: true, scope: 'read' })
    const answer = await answering(told)(formRequest('token=abc', header))
    expect([answer.status, jsonOf(answer)]).toEqual([200, { active: true, scope: 'read' }])
  })

  it('says of whatever is no live token that it is inactive, and no more (R9200-5.9.3-6, R7662-2.2-5, R7662-2.2-6, R7662-2.3-2, R7662-4-1)', async () => {
    for (const told of [
      undefined,
      null,
      new IntrospectionResponse({ active: false }),
      new IntrospectionResponse({ active: true, exp: now, scope: 'read' }),
      new IntrospectionResponse({ active: true, nbf: now + 60, scope: 'read' }),
    ]) {
      const answer = await answering(told)(coapRequest(asked))
      expect([answer.code, hex(answer.payload)]).toEqual(['2.01', inactive])
    }
  })

  it('needs authentication and a token (R7662-2.1-5, R7662-2.1-1, R9200-5.9.1-3, R9200-5.9.1-1, R9200-5.9.3-1, R9200-5.9.3-2, R7662-2.3-1)', async () => {
    const introspect = vi.fn()
    const endpoint = introspectionEndpoint({ authenticate, introspect })
    const none = await endpoint(coapRequest(new IntrospectionRequest({ token: 'abc' }).toCbor()))
    expect([none.code, errorOf(none), none.contentFormat]).toEqual(['4.01', 'invalid_client', 19])
    const wrong = await endpoint(formRequest('token=abc&client_id=c1&client_secret=no'))
    expect([wrong.status, errorOf(wrong)]).toEqual([401, 'invalid_client'])
    const missing = await endpoint(coapRequest(Uint8Array.of(0xa0)))
    expect([missing.code, errorOf(missing), missing.failure?.code]).toEqual([
      '4.00',
      'invalid_request',
      'introspect_parameter_missing',
    ])
    expect((await endpoint({ ...formRequest('token=abc', header), method: 'GET' })).status).toBe(405)
    expect(introspect).not.toHaveBeenCalled()
  })

  it('is 4.03 without payload for a requester that may not ask (R9200-5.9.3-3)', async () => {
    const refusing = introspectionEndpoint({
      authenticate,
      introspect: () => {
        throw new Failure('introspect_not_permitted')
      },
    })
    for (const request of [coapRequest(asked), formRequest('token=abc', header)]) {
      const answer = await refusing({ ...request, accept: '*/*, application/concise-problem-details+cbor' })
      expect(answer).toMatchObject({
        code: '4.03',
        status: 403,
        mediaType: undefined,
        contentFormat: undefined,
      })
      expect(answer.payload).toHaveLength(0)
      expect(answer.headers).not.toHaveProperty('content-type')
    }
  })

  it('may be cached as long as the server says, and not beyond the end of the token (R7662-4-2)', async () => {
    const age = async (told: object, maxAgeSeconds: number) => {
      const answer = await answering(new IntrospectionResponse({ active: true, ...told }), { maxAgeSeconds })(
        coapRequest(asked),
      )
      return [answer.maxAge, answer.headers['cache-control']]
    }
    expect(await age({}, 30)).toEqual([30, 'private, max-age=30'])
    expect(await age({ exp: now + 3_600 }, 30)).toEqual([30, 'private, max-age=30'])
    const [left] = await age({ exp: now + 20 }, 30)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(20)
    expect(await age({}, 0)).toEqual([0, 'no-store'])
    for (const wrong of [Number.NaN, -1, '5', 2 ** 32])
      expect(() => answering(undefined, { maxAgeSeconds: wrong })).toThrow(RangeError)
  })

  it('checks what the function gives', async () => {
    for (const nonsense of [true, 'active', {}, { active: true }, 7])
      expect((await answering(nonsense)(coapRequest(asked))).code, String(nonsense)).toBe('5.00')
  })
})

describe('revocation (RFC 7009)', () => {
  it('is 200 and 2.04 without payload, also of a token that nobody knows', async () => {
    const revoke = vi.fn()
    const endpoint = revocationEndpoint({ authenticate, revoke })
    const http = await endpoint(formRequest('token=abc&token_type_hint=nonsense', header))
    expect(http).toMatchObject({
      status: 200,
      mediaType: undefined,
      headers: { 'cache-control': 'no-store' },
    })
    expect(http.payload).toHaveLength(0)
    const payload = new RevocationRequest({ token: 'abc', client_id: 'c1', client_secret: 's1' }).toCbor()
    expect((await endpoint(coapRequest(payload))).code).toBe('2.04')
    expect(revoke.mock.calls.map(([request]) => request.token)).toEqual([
      new TextEncoder().encode('abc'),
      new TextEncoder().encode('abc'),
    ])
  })

  it('tells what cannot be revoked, in JSON, and by the response code where the error has no integer (R7009-2.2.1-1)', async () => {
    const failing = (code: 'revoke_token_type_unsupported' | 'revoke_store_unavailable') =>
      revocationEndpoint({ authenticate, revoke: () => Promise.reject(new Failure(code)) })
    const json = await failing('revoke_token_type_unsupported')(formRequest('token=abc', header))
    expect([json.status, errorOf(json)]).toEqual([400, 'unsupported_token_type'])
    const payload = new RevocationRequest({ token: 'abc', client_id: 'c1', client_secret: 's1' }).toCbor()
    const cbor = await failing('revoke_token_type_unsupported')(coapRequest(payload))
    expect([cbor.code, cbor.payload.length, cbor.mediaType]).toEqual(['4.00', 0, undefined])
    const down = await failing('revoke_store_unavailable')(formRequest('token=abc', header))
    expect([down.status, down.headers['retry-after']]).toEqual([503, '2'])
  })

  it('needs authentication and a token', async () => {
    const revoke = vi.fn()
    const endpoint = revocationEndpoint({ authenticate, revoke })
    expect((await endpoint(formRequest('token=abc'))).status).toBe(401)
    expect((await endpoint(formRequest('', header))).failure?.code).toBe('revoke_parameter_missing')
    expect((await endpoint(formRequest('token=a&token=b', header))).failure?.code).toBe(
      'revoke_parameter_repeated',
    )
    expect(revoke).not.toHaveBeenCalled()
  })
})

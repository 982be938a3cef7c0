import { describe, expect, it } from 'vitest'
import type { EndpointRequest, EndpointResponse } from '../../src/endpoint/exchange.ts'
import { tokenEndpoint } from '../../src/endpoint/token-endpoint.ts'
import { Failure } from '../../src/failure/failure.ts'
import { fromProblemDetails } from '../../src/message/error-as-problem-details.ts'
import { problemDetailsWith } from '../../src/message/problem-details.ts'
import { aceCbor, authenticate, basic, coapRequest, errorOf, formRequest, issued } from './requests.ts'

const problem = 'application/concise-problem-details+cbor'
const header = { authorization: basic('c1', 's1') }
const rateLimited = new Failure('token_rate_limited', { retryAfterMs: 1_200 })
const failing = (failure: Failure, aceErrorKey?: number) => {
  const endpoint = tokenEndpoint({
    authenticate: () => ({}),
    aceErrorKey,
    issue: () => Promise.reject(failure),
  })
  return (request: Partial<EndpointRequest>): Promise<EndpointResponse> =>
    endpoint({ ...coapRequest(Uint8Array.of(0xa0)), ...request })
}

describe('problem details (RFC 9290)', () => {
  it('are for those who name them, and tell the OAuth error where they have a key for it (R9290-6.4-1, R9290-2-4)', async () => {
    const denied = failing(new Failure('token_grant_expired'), 2)
    const answer = await denied({ accept: 257 })
    expect(answer).toMatchObject({ code: '4.00', mediaType: problem, contentFormat: 257 })
    expect(fromProblemDetails(answer.payload, { aceErrorKey: 2 }).error.name).toBe('invalid_grant')
    expect(problemDetailsWith(2).fromCbor(answer.payload)['response-code']).toBe(128)
    expect((await denied({ accept: `${aceCbor}, ${problem}` })).mediaType).toBe(problem)
    expect((await denied({ accept: `${aceCbor}, ${problem};q=0.5` })).mediaType).toBe(aceCbor)
    expect((await denied({ accept: '*/*' })).mediaType).toBe(aceCbor)
    expect((await denied({ accept: 'application/*' })).mediaType).toBe(aceCbor)
  })

  it('without a key for it are for those who want nothing else (R9290-x-1)', async () => {
    const denied = failing(new Failure('token_grant_expired'))
    expect((await denied({ accept: `${aceCbor}, ${problem}` })).mediaType).toBe(aceCbor)
    expect((await denied({ accept: 257 })).mediaType).toBe(problem)
    expect((await denied({ accept: problem })).mediaType).toBe(problem)
    // Nothing is lost where there is no OAuth error.
    expect((await failing(rateLimited)({ accept: `${aceCbor}, ${problem}` })).mediaType).toBe(problem)
  })
})

describe('an error without an OAuth error', () => {
  it('is told by its code alone in CBOR, and by the details in JSON', async () => {
    const answer = await failing(rateLimited)({})
    expect(answer).toMatchObject({ code: '4.29', mediaType: undefined, contentFormat: undefined })
    expect(answer.payload).toHaveLength(0)
    expect(errorOf(await failing(rateLimited)({ accept: 'application/json' }))).toBeUndefined()
  })

  it('says how long to wait: Retry-After in whole seconds, Max-Age with 4.29 and 5.03 alone', async () => {
    const waits = async (failure: Failure) => {
      const { maxAge, headers } = await failing(failure)({})
      return [maxAge, headers['retry-after']]
    }
    expect(await waits(rateLimited)).toEqual([2, '2'])
    expect(await waits(new Failure('token_store_unavailable', { retryAfterMs: 0 }))).toEqual([0, '0'])
    expect(await waits(new Failure('token_store_unavailable'))).toEqual([2, '2'])
    expect(await waits(new Failure('token_identity_provider_timeout'))).toEqual([0, '4'])
    expect(await waits(new Failure('token_internal_error'))).toEqual([0, undefined])
    expect(await waits(new Failure('token_scope_unknown'))).toEqual([0, undefined])
  })
})

describe('over CoAP', () => {
  it('what accepts no CBOR is 4.06 (RFC 7252 §5.10.4, R9200-5-9)', async () => {
    const token = tokenEndpoint({ authenticate: () => ({}), issue: () => issued })
    for (const accept of [50, 60, 0, 65_535, -1, Number.NaN])
      expect(await token(coapRequest(Uint8Array.of(0xa0), { accept })), String(accept)).toMatchObject({
        code: '4.06',
        status: 406,
        failure: { code: 'token_accept_unsupported' },
      })
    for (const accept of [19, 257, undefined])
      expect(await token(coapRequest(Uint8Array.of(0xa0), { accept }))).toMatchObject({
        code: '2.01',
        contentFormat: 19,
      })
  })

  it('no answer is fresh for a minute, as it would be without Max-Age (R9202-3.2.1-10)', async () => {
    const token = tokenEndpoint({ authenticate, issue: () => issued })
    expect((await token(coapRequest(Uint8Array.of(0xa0)))).maxAge).toBe(0)
    expect((await token(coapRequest(Uint8Array.of(0xa0), { peer: { clientId: 'c1' } }))).maxAge).toBe(0)
    expect((await token(formRequest('', header))).maxAge).toBe(0)
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ObservedAnswer } from '../../src/endpoint/exchange.ts'
import { tokenEndpoint } from '../../src/endpoint/token-endpoint.ts'
import { Failure } from '../../src/failure/failure.ts'
import { authenticate, basic, formRequest, issued } from './requests.ts'

const header = { authorization: basic('c1', 's1') }
const never = <T>() => new Promise<T>(() => undefined)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the deadline', () => {
  it('answers 5.03 with Retry-After for an issue that hangs, and aborts its signal', async () => {
    let signal: AbortSignal | undefined
    const token = tokenEndpoint({
      authenticate: () => ({ id: 'c1' }),
      deadlineMs: 1_000,
      issue: (_request, _client, context) => {
        signal = context.signal
        return never()
      },
    })
    const answer = token(formRequest(''))
    await vi.advanceTimersByTimeAsync(999)
    expect(signal?.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await answer).toMatchObject({
      code: '5.03',
      status: 503,
      maxAge: 2,
      headers: { 'retry-after': '2' },
      failure: { code: 'token_unavailable' },
    })
    expect(signal?.reason).toMatchObject({ name: 'TimeoutError' })
  })

  it('holds for an authentication that hangs, and then nothing is issued', async () => {
    const issue = vi.fn(() => issued)
    let resolve: ((client: object) => void) | undefined
    const token = tokenEndpoint({
      authenticate: () => new Promise<object>((done) => (resolve = done)),
      deadlineMs: 1_000,
      issue,
    })
    const answer = token(formRequest(''))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await answer).toMatchObject({ status: 503 })
    resolve?.({})
    await vi.advanceTimersByTimeAsync(1)
    expect(issue).not.toHaveBeenCalled()
  })

  it('is not ours to blame where the peer does not send its payload', async () => {
    const token = tokenEndpoint({ authenticate, deadlineMs: 1_000, issue: () => issued })
    const cancelled = vi.fn()
    const payload = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Uint8Array.of(0x61)),
      cancel: cancelled,
    })
    const answer = token({ ...formRequest('', header), payload })
    await vi.advanceTimersByTimeAsync(1_000)
    const { status, failure } = await answer
    expect([status, failure?.code]).toEqual([408, 'token_request_incomplete'])
    await vi.advanceTimersByTimeAsync(1)
    expect(cancelled).toHaveBeenCalledOnce()
  })

  it('leaves no timer behind', async () => {
    const token = tokenEndpoint({ authenticate, issue: () => issued })
    await token(formRequest('', header))
    await token(formRequest(''))
    await token({ ...formRequest(''), method: 'GET' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('lets a failure pass that was thrown because of it', async () => {
    const token = tokenEndpoint({
      authenticate,
      deadlineMs: 5,
      issue: (_request, _client, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Failure('token_store_unavailable')))
        }),
    })
    const answer = token(formRequest('', header))
    await vi.advanceTimersByTimeAsync(5)
    expect((await answer).status).toBe(503)
  })
})

describe('a peer that goes away', () => {
  it('aborts the work, and is no error of the server', async () => {
    const controller = new AbortController()
    let signal: AbortSignal | undefined
    const token = tokenEndpoint({
      authenticate: () => ({}),
      issue: (_request, _client, context) => {
        signal = context.signal
        controller.abort()
        return never()
      },
    })
    const { status } = await token({ ...formRequest(''), signal: controller.signal })
    expect(status).toBeLessThan(500)
    expect(signal?.reason).toMatchObject({ name: 'AbortError' })
  })

  it('before the request is read is not even authenticated', async () => {
    const spy = vi.fn(() => ({}))
    const token = tokenEndpoint({ authenticate: spy, issue: () => issued })
    const { status } = await token({ ...formRequest(''), signal: AbortSignal.abort() })
    expect(status).toBeLessThan(500)
    expect(spy).not.toHaveBeenCalled()
  })
})

describe('the observer', () => {
  it('is told each answer, with what is known of the client', async () => {
    const seen: ObservedAnswer<object>[] = []
    const client = { client_id: 'c1' }
    const token = tokenEndpoint({
      authenticate: ({ method }) => (method === 'client_secret_basic' ? client : undefined),
      issue: ({ audience }) => {
        if (audience) throw new Failure('token_audience_unknown')
        return issued
      },
      onAnswer: (answer) => seen.push(answer),
    })
    const peer = { address: '192.0.2.1' }
    await token({ ...formRequest('', header), peer, requestId: 'r1' })
    await token(formRequest('audience=a', header))
    await token(formRequest('client_id=c3'))
    await token({ ...formRequest(''), method: 'GET' })
    expect(seen).toMatchObject([
      {
        endpoint: 'token',
        code: '2.01',
        status: 200,
        client,
        clientId: 'c1',
        peer,
        requestId: 'r1',
        failure: undefined,
      },
      { code: '4.00', client, clientId: 'c1', failure: { code: 'token_audience_unknown' } },
      {
        code: '4.01',
        status: 401,
        client: undefined,
        clientId: 'c3',
        failure: { code: 'token_client_credentials_missing' },
      },
      { code: '4.05', status: 405, client: undefined, clientId: undefined },
    ])
    for (const { durationMs, requestId } of seen) {
      expect(durationMs).toBeGreaterThanOrEqual(0)
      expect(requestId).toMatch(/^(r1|[\da-f]{16})$/)
    }
    expect(new Set(seen.map(({ requestId }) => requestId)).size).toBe(4)
  })

  it('breaks nothing when it throws or rejects', async () => {
    const throwing = [
      () => {
        throw new Error('observer')
      },
      () => Promise.reject(new Error('observer')),
    ]
    for (const onAnswer of throwing) {
      const token = tokenEndpoint({ authenticate, issue: () => issued, onAnswer: onAnswer as () => void })
      expect((await token(formRequest('', header))).status).toBe(200)
    }
  })
})

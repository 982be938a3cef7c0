import { AccessTokenRequest, encodeAif, type Scope } from 'ace-oauth'
import { afterEach, describe, expect, it } from 'vitest'
import type { Policy } from '../../src/index.ts'
import { type Fixture, openFixture, secret } from './fixture.ts'

let as: Fixture
afterEach(() => as.close())

const members = { audience: 'rs1', scope: 'read write' } as const
const withPolicy = async (policy: Policy, policyTimeoutMs = 5_000): Promise<void> => {
  as = await openFixture({ policy, settings: { policyTimeoutMs } })
}

describe('the policy', () => {
  it('sees the authenticated request, and narrows scope and lifetime', async () => {
    const seen: unknown[] = []
    await withPolicy(({ client, audiences, scope, lifetime, profile }) => {
      seen.push([client.clientId, audiences, scope, lifetime, profile])
      return { allow: true, scope: 'read', lifetime: 60 }
    })
    const answer = await as.token('c1', members)
    expect(seen).toEqual([['c1', ['rs1'], 'read write', 3600, 'coap_dtls']])
    expect([answer.scope, answer.expires_in]).toEqual(['read', 60])
  })

  it('narrows a scope in AIF, and never widens one', async () => {
    let scope: Scope = encodeAif([['/led', 1]])
    await withPolicy(() => ({ allow: true, scope }))
    await as.addResourceServer('aif', { scopes: ['aif:/led 3'] })
    await as.addClient('device', { audiences: ['aif'], scopes: ['aif:/led 3'] })
    const asked = { audience: 'aif', scope: encodeAif([['/led', 3]]) }
    expect((await as.token('device', asked)).scope).toEqual(scope)
    for (const wrong of [
      encodeAif([['/led', 7]]),
      encodeAif([['/door', 1]]),
      new Uint8Array(0),
      '',
      'read',
    ]) {
      scope = wrong
      expect((await as.refusal('device', asked))[0]).toBe('token_policy_error')
    }
  })

  it('is told who sent the request and who granted it, and is asked last: not for what is refused anyway', async () => {
    const seen: unknown[] = []
    await withPolicy(({ peer, subject, request }) => {
      seen.push([peer?.address, subject, request.scope])
      return { allow: true }
    })
    const payload = new AccessTokenRequest({ client_id: 'c1', client_secret: secret, ...members }).toCbor()
    await as.server.token({ method: 'POST', payload, peer: { address: '192.0.2.1' } })
    await as.refusal('c1', { audience: 'rs1', scope: 'admin' })
    expect(seen).toEqual([['192.0.2.1', null, 'read write']])
  })

  it('that denies refuses the request, and nothing is written', async () => {
    await withPolicy(() => ({ allow: false, reason: 'not on Sundays' }))
    const { payload, failure } = await as.request('c1', members)
    expect(failure?.code).toBe('token_policy_denied')
    expect(new TextDecoder().decode(payload)).not.toContain('Sundays')
    expect(await as.refusal('c1', members)).toEqual(['token_policy_denied', 'unauthorized_client'])
    expect(await as.store.tokens.list({ limit: 9 })).toEqual([])
  })

  it('that reached its nesting limit refuses the request', async () => {
    await withPolicy(() => ({ allow: false, depthExceeded: true }))
    const { failure, code } = await as.request('c1', members)
    expect([code, failure?.code, failure?.kind.name]).toEqual([
      '4.00',
      'token_nesting_too_deep',
      'depth_exceeded',
    ])
  })

  it('that throws, or decides nothing or more than there was, gives no token', async () => {
    const wrong: Policy[] = [
      () => {
        throw new Error('on purpose')
      },
      () => undefined as never,
      () => ({ allow: 'yes' }) as never,
      () => ({ allow: true, scope: 'read admin' }),
      () => ({ allow: true, lifetime: 3601 }),
      () => ({ allow: true, lifetime: Number.NaN }),
    ]
    let next = wrong[0]!
    await withPolicy((question) => next(question))
    for (const policy of wrong) {
      next = policy
      expect((await as.refusal('c1', members))[0]).toBe('token_policy_error')
    }
    expect(await as.store.tokens.list({ limit: 9 })).toEqual([])
  })

  it('that hangs is given up at its deadline, and is told', async () => {
    let signal: AbortSignal | undefined
    await withPolicy((question) => {
      signal = question.signal
      return new Promise(() => {})
    }, 5)
    expect((await as.refusal('c1', members))[0]).toBe('token_policy_error')
    expect(signal?.aborted).toBe(true)
  })
})

import { randomUUID } from 'node:crypto'
import { AccessTokenRequest, type AccessTokenRequestMembers, AccessTokenResponse } from 'ace-oauth'
import { openCwt } from 'ace-oauth/token'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  clientKey,
  type Fixture,
  issuer,
  openFixture,
  secret,
  shared,
} from '../authorization-server/fixture.ts'
import { clientAssertion, withAssertion } from './client-assertion.ts'
import { type Answer, type ServerProcess, startProcesses } from './server-processes.ts'

let as: Fixture
let processes: readonly ServerProcess[]
let stop: () => Promise<void>
beforeAll(async () => {
  as = await openFixture()
  ;({ processes, stop } = await startProcesses(2, issuer, as.location))
})
afterAll(async () => {
  await stop()
  await as.close()
})

const requestOf = (client_id: string, members: AccessTokenRequestMembers): Uint8Array =>
  new AccessTokenRequest({ client_id, client_secret: secret, ...members }).toCbor()

/** Sends requests to the processes in turn, all at once. */
const race = (payloads: readonly Uint8Array[], mediaType?: string): Promise<Answer[]> =>
  Promise.all(payloads.map((payload, i) => processes[i % processes.length]!.token(payload, mediaType)))

const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value)
const issuedBy = async (clientId: string) => (await as.store.tokens.list({ clientId, limit: 1_000 })).length

describe('requests that race on two processes', () => {
  it('get as many tokens as the budget of the session has, and not one more', async () => {
    await as.addClient('budget')
    await as.store.sessions.open(
      {
        sessionId: randomUUID(),
        clientId: 'budget',
        openedAt: as.clock.now,
        expiresAt: as.clock.now + 600,
        closedAt: null,
        lifetime: 600,
        budget: 7,
        perMinute: null,
        audiences: null,
        scopes: null,
        used: 0,
      },
      1,
      'test',
    )
    const answers = await race(times(24, requestOf('budget', { audience: 'rs1', scope: 'read' })))
    expect(answers.filter(({ code }) => code === '2.01')).toHaveLength(7)
    for (const { failure } of answers) if (failure) expect(failure).toBe('token_session_budget_exceeded')
    expect(await issuedBy('budget')).toBe(7)
  })

  it('open one session by a first request, where one may be open', async () => {
    const bounds = { lifetime: 600, budget: 5, perMinute: null, audiences: null, scopes: null }
    await as.addClient('implicit', { sessionPolicy: { opens: 'implicit', maxOpen: 1, bounds } })
    const answers = await race(times(16, requestOf('implicit', { audience: 'rs1', scope: 'read' })))
    expect(answers.filter(({ code }) => code === '2.01')).toHaveLength(5)
    expect(await as.store.sessions.list({ clientId: 'implicit', limit: 9 })).toHaveLength(1)
  })

  it('with one refresh token get one and the same answer, and one token is issued', async () => {
    await as.addClient('refreshing')
    const { refresh_token } = await as.token('refreshing', { audience: 'rs1', scope: 'read' })
    const members = { grant_type: 'refresh_token', refresh_token: refresh_token! } as const
    const answers = await race(times(12, requestOf('refreshing', members)))
    expect(new Set(answers.map(({ payload }) => Buffer.from(payload).toString('hex'))).size).toBe(1)
    expect(answers[0]!.code).toBe('2.01')
    expect(await issuedBy('refreshing')).toBe(2)
  })

  it('with a stolen refresh token end its family on whichever process it comes', async () => {
    await as.addClient('robbed')
    const first = await as.token('robbed', { audience: 'rs1', scope: 'read' })
    const refresh = (on: number, refresh_token: Uint8Array) =>
      processes[on]!.token(requestOf('robbed', { grant_type: 'refresh_token', refresh_token }))
    const second = AccessTokenResponse.fromCbor((await refresh(0, first.refresh_token!)).payload)
    const third = AccessTokenResponse.fromCbor((await refresh(1, second.refresh_token!)).payload)
    expect((await refresh(0, first.refresh_token!)).failure).toBe('token_grant_used')
    for (const on of [0, 1])
      expect((await refresh(on, third.refresh_token!)).failure).toBe('token_grant_revoked')
    expect((await as.introspect('rs1', third.access_token)).active).toBe(false)
  })

  it('with one assertion are taken once (RFC 7523 section 3)', async () => {
    const jwks = { keys: [clientKey.toJwk()] }
    await as.addClient('signer', { authentication: 'private_key_jwt', secretHash: null, jwks })
    const exp = Math.floor(Date.now() / 1_000) + 60
    const claims = { iss: 'signer', sub: 'signer', aud: issuer, exp, jti: randomUUID() }
    const payload = withAssertion(await clientAssertion(clientKey, claims))
    const answers = await race(times(8, payload), 'application/x-www-form-urlencoded')
    expect(answers.map(({ code }) => code).sort()).toEqual(['2.01', ...times(7, '4.01')])
  })

  it('never get a sequence number or an identifier of input material twice (R9200-5.10.3-2, R9203-3.2-5)', async () => {
    const sequenced = await race(times(10, requestOf('c1', { audience: 'exi', scope: 'read' })))
    const numbers = new Set<string>()
    for (const { payload } of sequenced) {
      const { claims } = await openCwt(AccessTokenResponse.fromCbor(payload).access_token, { keys: shared })
      numbers.add(Buffer.from(claims.cti!).toString('hex'))
    }
    const materials = await race(times(10, requestOf('c1', { audience: 'oscore', scope: 'read' })))
    const ids = materials.map(({ payload }) =>
      Buffer.from(AccessTokenResponse.fromCbor(payload).cnf!.osc!.id!).toString('hex'),
    )
    expect([numbers.size, new Set(ids).size]).toEqual([10, 10])
  })
})

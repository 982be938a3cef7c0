import { opaqueToText } from 'ace-oauth'
import { Failure } from 'ace-oauth/failure'
import { openCwt, openJwt } from 'ace-oauth/token'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Grant, GrantOutcome } from '../../src/index.ts'
import { clientKey, type Fixture, openFixture, shared, signing } from './fixture.ts'

const req_cnf = { COSE_Key: clientKey.toCose() }
const request = { grant_type: -70001, code: 'abc' } as const

let as: Fixture
/** What the grant of the tests finds. */
let outcome: GrantOutcome
let redeemed: number
/** Whether the code was used, as some other process would know. */
let isUsed: boolean

const ticket: Grant = {
  name: '-70001',
  parameters: ['code'],
  async run({ request: { code } }) {
    if (opaqueToText(code!) !== 'abc') throw new Failure('token_grant_invalid')
    return outcome
  },
}

beforeEach(async () => {
  as = await openFixture({ grants: [ticket] })
  await as.addClient('c3', { grantTypes: ['-70001', 'refresh_token'] })
  redeemed = 0
  isUsed = false
  outcome = {
    bounds: { audiences: ['jwt', 'rs1'], scope: 'read write' },
    subject: 'alice',
    familyId: 'family of abc',
    redeem: async () => {
      redeemed++
      if (isUsed) throw new Failure('token_grant_used')
      isUsed = true
    },
  }
})
afterEach(() => as.close())

describe('a grant of an operator', () => {
  it('says at most what its tokens may have', async () => {
    outcome = { ...outcome, bounds: { audiences: ['rs1'], scope: 'read' } }
    const { access_token } = await as.token('c3', request)
    const { claims } = await openCwt(access_token, { keys: shared })
    expect([claims.aud, claims.scope, claims.sub]).toEqual(['rs1', 'read', 'alice'])
    isUsed = false
    expect(await as.refusal('c3', { ...request, scope: 'read write' })).toEqual([
      'token_scope_not_allowed',
      'invalid_scope',
    ])
    expect(await as.refusal('c3', { ...request, audience: 'bare' })).toEqual([
      'token_audience_not_allowed',
      'unauthorized_client',
    ])
  })

  it('and the request chooses within that; what the client may not have stays refused', async () => {
    const members = { ...request, audience: 'jwt', scope: 'write', req_cnf } as const
    const { access_token } = await as.token('c3', members)
    const { claims } = await openJwt(new TextDecoder().decode(access_token), { keys: signing })
    expect([claims.aud, claims.scope, claims.sub]).toEqual(['jwt', 'write', 'alice'])
    await as.addClient('narrow', { grantTypes: ['-70001'], audiences: ['jwt'] })
    expect((await as.refusal('narrow', { ...request, audience: 'rs1' }))[0]).toBe(
      'token_audience_not_allowed',
    )
  })

  it('uses up what was presented once all checks are passed, and then the token is written', async () => {
    expect((await as.refusal('c3', { ...request, audience: 'rs1', scope: 'admin' }))[0]).toBe(
      'token_scope_not_allowed',
    )
    expect(redeemed).toBe(0)
    await as.token('c3', { ...request, audience: 'rs1' })
    expect(redeemed).toBe(1)
    expect(await as.refusal('c3', { ...request, audience: 'rs1' })).toEqual([
      'token_grant_used',
      'invalid_grant',
    ])
    expect(await as.store.tokens.list({ clientId: 'c3', limit: 9 })).toHaveLength(1)
  })

  it('names the tokens that are revoked together, those of a refresh among them, which keep the subject', async () => {
    const first = await as.token('c3', { ...request, audience: 'rs1' })
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token! } as const
    const second = await as.token('c3', refresh)
    expect((await openCwt(second.access_token, { keys: shared })).claims.sub).toBe('alice')
    await as.store.tokens.revokeFamily('family of abc', 'test', as.clock.now)
    for (const { access_token } of [first, second])
      expect((await as.introspect('rs1', access_token)).active).toBe(false)
  })

  it('needs its parameters, and is refused to clients that are not registered for it', async () => {
    expect(await as.refusal('c3', { grant_type: -70001 })).toEqual([
      'token_parameter_missing',
      'invalid_request',
    ])
    expect((await as.refusal('c1', request))[0]).toBe('token_grant_type_not_allowed')
    expect((await as.refusal('c3', { ...request, code: 'abd' }))[0]).toBe('token_grant_invalid')
  })

  it('is named by the metadata beside those that are built in (RFC 8414 section 2)', async () => {
    const { payload } = await as.server.metadata({ method: 'GET' })
    expect(JSON.parse(new TextDecoder().decode(payload)).grant_types_supported).toEqual([
      'client_credentials',
      'refresh_token',
      '-70001',
    ])
  })
})

describe('client_credentials', () => {
  it('is the grant of a request that names none (R9200-5.8-4)', async () => {
    await as.addClient('only', { grantTypes: ['client_credentials'] })
    const members = { audience: 'rs1', scope: 'read' }
    for (const more of [{}, { grant_type: 'client_credentials' }])
      expect((await as.token('only', { ...members, ...more })).refresh_token).toBeUndefined()
  })
})

describe('a grant', () => {
  it('is not the password of a person, whatever a client is registered for (RFC 9700 section 2.4)', async () => {
    await as.addClient('old', { grantTypes: ['password', 'client_credentials'] })
    const members = {
      grant_type: 'password',
      username: 'alice',
      password: 'secret',
      audience: 'rs1',
    } as const
    expect(await as.refusal('old', members)).toEqual([
      'token_grant_type_unsupported',
      'unsupported_grant_type',
    ])
  })
})

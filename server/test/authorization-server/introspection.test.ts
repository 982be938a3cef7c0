import { IntrospectionRequest, IntrospectionResponse } from 'ace-oauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { basic, clientKey, type Fixture, issuer, openFixture } from './fixture.ts'

let as: Fixture
beforeAll(async () => {
  as = await openFixture()
})
afterAll(() => as.close())

const req_cnf = { COSE_Key: clientKey.toCose() }

describe('introspection', () => {
  it('tells the resource server what the token is worth, with its key (R9200-5.9.2-1, R9200-5.9.2-7, R9201-5-2)', async () => {
    const { access_token } = await as.token('c1', { audience: 'reference', scope: 'read', req_cnf })
    const told = await as.introspect('reference', access_token)
    expect(told).toMatchObject({
      active: true,
      scope: 'read',
      aud: 'reference',
      iss: issuer,
      client_id: 'c1',
    })
    expect(told.cnf?.COSE_Key?.x).toEqual(clientKey.toCose().x)
  })

  it('of what is no live token for the resource server says active: false and nothing else (R9200-5.9.3-6, R7662-2.1-4, R7662-2.2-5, R7662-2.2-6, R7662-2.3-2)', async () => {
    const { access_token, refresh_token } = await as.token('c1', { audience: 'rs1', scope: 'read' })
    const isInactive = async (audience: string, token: Uint8Array): Promise<void> =>
      expect(Buffer.from((await as.introspect(audience, token)).toCbor()).toString('hex')).toBe('a10af4')
    await isInactive('reference', access_token)
    await isInactive('rs1', refresh_token!)
    await isInactive('rs1', Uint8Array.of(1, 2, 3))
    expect((await as.introspect('rs1', access_token)).active).toBe(true)
    as.clock.now += 3600
    await isInactive('rs1', access_token)
    as.clock.now -= 3600
    await as.revoke('c1', access_token)
    await isInactive('rs1', access_token)
  })

  it('finds a token whatever its hint says it is (R7662-2.1-2)', async () => {
    const { access_token } = await as.token('c1', { audience: 'rs1', scope: 'read' })
    for (const token_type_hint of ['access_token', 'refresh_token', 'pct'] as const) {
      const { payload } = await as.server.introspection({
        method: 'POST',
        mediaType: 'application/ace+cbor',
        accept: 'application/ace+cbor',
        payload: new IntrospectionRequest({ token: access_token, token_type_hint }).toCbor(),
        headers: new Headers({ authorization: basic('rs1-introspection') }),
      })
      expect(IntrospectionResponse.fromCbor(payload).active).toBe(true)
    }
  })

  it('is refused to who is no resource server by 4.03 without payload (R9200-5.9.3-3, R9200-5.9-4)', async () => {
    const answer = await as.server.introspection({
      method: 'POST',
      mediaType: 'application/ace+cbor',
      payload: new IntrospectionRequest({ token: 'abc' }).toCbor(),
      headers: new Headers({ authorization: basic('c1') }),
    })
    expect([answer.code, answer.payload.length, answer.failure?.code]).toEqual([
      '4.03',
      0,
      'introspect_not_permitted',
    ])
  })
})

describe('an introspection answer', () => {
  it('may be cached as long as it is set, and no longer than the token lives; without the setting not at all', async () => {
    const own = await openFixture({ introspectionMaxAge: 60 })
    const { access_token } = await own.token('c1', { audience: 'rs1', scope: 'read' })
    const ask = (fixture: Fixture) =>
      fixture.server.introspection({
        method: 'POST',
        mediaType: 'application/ace+cbor',
        payload: new IntrospectionRequest({ token: access_token }).toCbor(),
        headers: new Headers({ authorization: basic('rs1-introspection') }),
      })
    const answer = await ask(own)
    expect([answer.maxAge, answer.headers['cache-control']]).toEqual([60, 'private, max-age=60'])
    expect((await ask(as)).maxAge).toBe(0)
    await own.close()
  })
})

describe('revocation', () => {
  it('ends a token, and with a refresh token its family (RFC 7009 section 2.1)', async () => {
    const first = await as.token('c1', { audience: 'rs1', scope: 'read' })
    const second = await as.token('c1', {
      grant_type: 'refresh_token',
      refresh_token: first.refresh_token!,
    })
    expect((await as.revoke('c1', second.refresh_token!)).status).toBe(200)
    for (const { access_token } of [first, second])
      expect((await as.introspect('rs1', access_token)).active).toBe(false)
    expect(
      (await as.refusal('c1', { grant_type: 'refresh_token', refresh_token: second.refresh_token! }))[0],
    ).toBe('token_grant_revoked')
  })

  it('of an access token ends its family too, and no other of the client (RFC 7009 section 2.1)', async () => {
    const [first, other] = [
      await as.token('c1', { audience: 'rs1', scope: 'read' }),
      await as.token('c1', { audience: 'rs1', scope: 'read' }),
    ]
    await as.revoke('c1', first.access_token)
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token! } as const
    expect((await as.refusal('c1', refresh))[0]).toBe('token_grant_revoked')
    expect((await as.introspect('rs1', other.access_token)).active).toBe(true)
  })

  it('of a token of another client is refused, and of an unknown one is done (RFC 7009 sections 2.1 and 2.2)', async () => {
    const { access_token, refresh_token } = await as.token('c1', { audience: 'rs1', scope: 'read' })
    expect((await as.revoke('c2', access_token)).failure?.code).toBe('revoke_token_client_mismatch')
    expect((await as.revoke('c2', refresh_token!)).failure).toBeUndefined()
    expect((await as.introspect('rs1', access_token)).active).toBe(true)
    expect((await as.revoke('c1', Uint8Array.of(9))).status).toBe(200)
  })
})

describe('a store that fails', () => {
  it('is told as 5.03 with a time to come again, and tells nothing of itself', async () => {
    const broken = await openFixture()
    await broken.store.close()
    const answer = await broken.request('c1', { audience: 'rs1', scope: 'read' })
    expect([answer.code, answer.failure?.code]).toEqual(['5.03', 'token_store_unavailable'])
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(Buffer.from(answer.payload).toString()).not.toMatch(/database|sqlite/i)
  })
})

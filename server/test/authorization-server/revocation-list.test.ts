import { decodeValue } from 'ace-oauth'
import type { EndpointResponse } from 'ace-oauth/endpoint'
import { tokenHash } from 'ace-oauth/token'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { RevocationQuery } from '../../src/index.ts'
import { basic, type Fixture, openFixture } from './fixture.ts'

let as: Fixture
const tokens: Uint8Array[] = []
const hashes: Uint8Array[] = []

beforeAll(async () => {
  as = await openFixture()
  for (let i = 0; i < 3; i++) {
    const { access_token } = await as.token('c1', { audience: 'rs1', scope: 'read' })
    tokens.push(access_token)
    hashes.push(await tokenHash(access_token, 'cbor'))
  }
})
afterAll(() => as.close())

const ask = (name: string, query: RevocationQuery = {}): Promise<EndpointResponse> =>
  as.server.revocationList({ method: 'GET', headers: new Headers({ authorization: basic(name) }) }, query)
const contentOf = ({ payload }: EndpointResponse) => decodeValue(payload) as Map<number, unknown>
const query = async (name: string, given: RevocationQuery = {}) =>
  Object.fromEntries(contentOf(await ask(name, given)))
const rs = 'rs1-introspection'

describe('the token revocation list (RFC 9770)', () => {
  it('is empty at first: no hashes, no cursor, nothing more (R9770-6-2, R9770-7-1, section 9.2.1)', async () => {
    const answer = await ask(rs)
    expect([answer.code, answer.contentFormat, answer.mediaType]).toEqual([
      '2.05',
      262,
      'application/ace-trl+cbor',
    ])
    expect(await query(rs)).toEqual({ 0: [], 2: null })
    expect(await query(rs, { diff: '0', cursor: '5' })).toEqual({ 1: [], 2: null, 3: false })
  })

  it('names revoked tokens to their resource server and their client, and to nobody else (section 7)', async () => {
    await as.revoke('c1', tokens[0]!)
    for (const name of [rs, 'c1']) expect(await query(name)).toEqual({ 0: [hashes[0]], 2: 0 })
    for (const name of ['bare-introspection', 'c2']) expect(await query(name)).toEqual({ 0: [], 2: null })
  })

  it('tells what changed, the newest first, from a cursor on (R9770-8-1, section 9.2)', async () => {
    await as.revoke('c1', tokens[1]!)
    expect(await query(rs, { diff: '0' })).toEqual({
      1: [
        [[], [hashes[1]]],
        [[], [hashes[0]]],
      ],
      2: 1,
      3: false,
    })
    expect(await query(rs, { diff: '1' })).toEqual({ 1: [[[], [hashes[1]]]], 2: 1, 3: false })
    expect(await query(rs, { diff: '0', cursor: '0' })).toEqual({ 1: [[[], [hashes[1]]]], 2: 1, 3: false })
    expect(await query(rs, { diff: '0', cursor: '1' })).toEqual({ 1: [], 2: 1, 3: false })
  })

  it('loses a token when it expires, and tells that (section 5.1)', async () => {
    as.clock.now += 3600
    while ((await as.store.sweep(as.clock.now, 100)) > 0);
    expect(await query(rs)).toEqual({ 0: [], 2: 3 })
    const { 1: changes } = await query(rs, { diff: '0', cursor: '1' })
    expect(
      new Set(
        (changes as unknown[][][]).map(([removed]) => Buffer.from(removed![0] as Uint8Array).toString('hex')),
      ),
    ).toEqual(new Set(hashes.slice(0, 2).map((hash) => Buffer.from(hash).toString('hex'))))
    as.clock.now -= 3600
  })

  it('comes in batches where there is much, and says so; what was forgotten is told as lost (sections 9.2.2 and 9.2.3)', async () => {
    const own = await openFixture()
    for (let i = 0; i < 105; i++) {
      const hash = Uint8Array.from(Buffer.from(`hash ${i}`.padEnd(32)))
      const record = {
        id: `t${i}`,
        hash,
        listHash: hash,
        clientId: 'c1',
        audiences: ['rs1'],
        scope: 'read',
        introspection: {},
        familyId: null,
        sessionId: null,
        keyThumbprint: null,
        keyId: null,
        cnf: null,
        issuedAt: own.clock.now,
        expiresAt: own.clock.now + 60,
        revokedAt: null,
      }
      await own.store.tokens.issue(
        { token: record, sessionId: null, refresh: null, rotates: null },
        own.clock.now,
      )
      await own.store.tokens.revokeById(record.id, 'test', own.clock.now)
    }
    const headers = new Headers({ authorization: basic(rs) })
    const page = async (given: RevocationQuery) =>
      contentOf(await own.server.revocationList({ method: 'GET', headers }, given))
    const first = await page({ diff: '0' })
    expect([(first.get(1) as unknown[]).length, first.get(2), first.get(3)]).toEqual([100, 99, true])
    const second = await page({ diff: '0', cursor: '99' })
    expect([(second.get(1) as unknown[]).length, second.get(2), second.get(3)]).toEqual([5, 104, false])
    await own.close()
  })

  it('names a token by the hash for the encoding in which the client got it (section 4.2)', async () => {
    const { payload } = await as.server.token({
      method: 'POST',
      mediaType: 'application/x-www-form-urlencoded',
      payload: new TextEncoder().encode('audience=reference&scope=read'),
      headers: new Headers({ authorization: basic('c1') }),
    })
    const { access_token } = JSON.parse(new TextDecoder().decode(payload)) as { access_token: string }
    await as.revoke('c1', new TextEncoder().encode(access_token))
    const { 0: listed } = await query('reference-introspection')
    expect(listed).toEqual([await tokenHash(access_token, 'json')])
  })

  it('refuses wrong parameters with problem details (R9770-6.1-1, R9770-6.3-2, R9770-6.3-3, R9770-6.3-4, R9770-6.3-5)', async () => {
    const errorOf = async (given: RevocationQuery) => {
      const answer = await ask(rs, given)
      expect([answer.code, answer.contentFormat]).toEqual(['4.00', 257])
      return Object.fromEntries(contentOf(answer).get(1) as Map<number, unknown>)
    }
    for (const diff of ['-1', 'x', '', '1.5', '99999999999999999999'])
      expect(await errorOf({ diff, cursor: '0' })).toEqual({ 0: 0 })
    expect(await errorOf({ cursor: '0' })).toEqual({ 0: 1 })
    expect(await errorOf({ diff: '0', cursor: '-53' })).toEqual({ 0: 0, 1: 3 })
    expect(await errorOf({ diff: '0', cursor: '4' })).toEqual({ 0: 2 })
  })

  it('is whole for an administrator, and for nobody else (R9770-6-1, RFC 9770 section 7)', async () => {
    const own = await openFixture()
    await own.addClient('operator', { isAdministrator: true, grantTypes: [], audiences: [] })
    const hashes = []
    for (const [name, audience] of [
      ['c1', 'rs1'],
      ['c2', 'bare'],
    ] as const) {
      const { access_token } = await own.token(name, { audience, scope: 'read' })
      hashes.push(await tokenHash(access_token, 'cbor'))
      await own.revoke(name, access_token)
    }
    const list = async (name: string, given: RevocationQuery = {}) => {
      const headers = new Headers({ authorization: basic(name) })
      return Object.fromEntries(contentOf(await own.server.revocationList({ method: 'GET', headers }, given)))
    }
    // A full query tells a set; what was revoked in the same second comes in any order.
    const whole = await list('operator')
    expect({ ...whole, 0: new Set(whole[0] as Uint8Array[]) }).toEqual({ 0: new Set(hashes), 2: 1 })
    expect((whole[0] as Uint8Array[]).length).toBe(2)
    expect(await list('operator', { diff: '1' })).toEqual({ 1: [[[], [hashes[1]]]], 2: 1, 3: false })
    expect([await list('c1'), await list('c2')]).toEqual([
      { 0: [hashes[0]], 2: 0 },
      { 0: [hashes[1]], 2: 0 },
    ])
    await own.close()
  })

  it('ignores parameters that it does not know (R9770-6.3-1)', async () => {
    const known = await query(rs, { diff: '1' })
    expect(await query(rs, { diff: '1', pmax: '60', Cursor: '-1' } as RevocationQuery)).toEqual(known)
  })

  it('is observed as every other answer is', async () => {
    as.answers.length = 0
    await ask('c1')
    await ask('nobody')
    expect(
      as.answers.map(({ endpoint, code, client, failure }) => [
        endpoint,
        code,
        client?.client_id,
        failure?.code,
      ]),
    ).toEqual([
      ['trl', '2.05', 'c1', undefined],
      ['trl', '4.01', undefined, 'introspect_client_credentials_invalid'],
    ])
  })

  it('is not told what was forgotten: a cursor before the oldest update gets none, and has to begin anew (RFC 9770 section 9.2.3)', async () => {
    const updates = vi.spyOn(as.store.tokens, 'lastRevocationIndex').mockResolvedValue(1_500)
    expect(await query(rs, { diff: '0', cursor: '499' })).toEqual({ 1: [], 2: null, 3: true })
    // The next one is the oldest that is kept.
    expect((await query(rs, { diff: '0', cursor: '500' }))[3]).toBe(false)
    updates.mockRestore()
  })

  it('is for registered clients and resource servers alone, by GET (R9770-6-1)', async () => {
    const nobody = await ask('nobody')
    expect([nobody.code, nobody.payload.length]).toEqual(['4.01', 0])
    expect(nobody.headers['www-authenticate']).toMatch(/^Basic /)
    const none = await as.server.revocationList({ method: 'GET', headers: new Headers() }, {})
    expect(none.code).toBe('4.01')
    const post = await as.server.revocationList({ method: 'POST', headers: new Headers() }, {})
    expect([post.code, post.headers['allow']]).toEqual(['4.05', 'GET'])
  })
})

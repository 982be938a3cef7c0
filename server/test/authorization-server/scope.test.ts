import { decodeAif, encodeAif, methodSet } from 'ace-oauth'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isScopeWithin } from '../../src/grant/scope-within.ts'
import { type Fixture, openFixture } from './fixture.ts'

let as: Fixture
beforeAll(async () => {
  as = await openFixture()
  await as.addResourceServer('aif', {
    scopes: [`aif:/s/temp ${methodSet(['GET', 'PUT', 'Dynamic-GET'])}`, 'aif:/led 5'],
  })
  await as.addClient('device', {
    audiences: ['aif', 'bytes'],
    scopes: [
      `aif:/s/temp ${methodSet(['GET', 'POST', 'Dynamic-GET', 'Dynamic-DELETE'])}`,
      'aif:/led 2',
      'bytes:_wA',
    ],
  })
  await as.addResourceServer('bytes', { scopes: ['bytes:_wA'] })
})
afterAll(() => as.close())

const all = methodSet(['GET', 'POST', 'PUT', 'DELETE', 'Dynamic-GET', 'Dynamic-DELETE'])
const granted = async (clientId: string, scope?: Uint8Array) => {
  const answer = await as.token(clientId, { audience: 'aif', ...(scope && { scope }) })
  return answer.scope === undefined ? undefined : decodeAif(answer.scope as Uint8Array)
}

describe('a scope in AIF (RFC 9237)', () => {
  it('gets the methods that client and resource server have in common, dynamic ones included, path by path', async () => {
    expect(
      await granted(
        'device',
        encodeAif([
          ['/s/temp', all],
          ['/led', 7],
          ['/other', 1],
        ]),
      ),
    ).toEqual([['/s/temp', methodSet(['GET', 'Dynamic-GET'])]])
  })

  it('that is granted whole is not told again (R6749-3.3-1)', async () => {
    expect(
      await granted('device', encodeAif([['/s/temp', methodSet(['GET', 'Dynamic-GET'])]])),
    ).toBeUndefined()
  })

  it('of which nothing is common is invalid_scope (R6749-5.2-7)', async () => {
    const scope = encodeAif([['/led', 7]])
    expect(await as.refusal('device', { audience: 'aif', scope })).toEqual([
      'token_scope_not_allowed',
      'invalid_scope',
    ])
  })

  it('is narrowed by the session as well', async () => {
    await as.addClient('held', { audiences: ['aif'], scopes: ['aif:/s/temp 3', 'read'] })
    const bounds = { lifetime: 600, budget: null, perMinute: null, audiences: null }
    const times = { openedAt: as.clock.now, expiresAt: as.clock.now + 600, closedAt: null, used: 0 }
    const session = { ...bounds, ...times, sessionId: 's', clientId: 'held', scopes: ['aif:/s/temp 2'] }
    await as.store.sessions.open(session, 1, 'test')
    expect(await as.refusal('held', { audience: 'aif', scope: encodeAif([['/s/temp', 1]]) })).toEqual([
      'token_session_scope_not_authorized',
      'invalid_scope',
    ])
  })

  it('may be the default of a client (R6749-3.3-2)', async () => {
    await as.addClient('default-aif', {
      audiences: ['aif'],
      scopes: ['aif:/led 4'],
      defaultScope: 'aif:/led 4',
    })
    expect(await granted('default-aif')).toEqual([['/led', 4]])
  })
})

describe('a scope of other bytes', () => {
  it('is allowed as a whole, or not (R9200-5.10-2)', async () => {
    const scope = Uint8Array.of(0xff, 0)
    expect((await as.token('device', { audience: 'bytes', scope })).scope).toBeUndefined()
    for (const other of [Uint8Array.of(0xff), Uint8Array.of(0xff, 1), new Uint8Array(0)])
      expect((await as.refusal('device', { audience: 'bytes', scope: other }))[1]).toMatch(/^invalid_/)
  })
})

describe('a refresh', () => {
  it('of a grant in bytes never gets a text, nor one of a text bytes, whatever the client may have (R6749-6-1)', async () => {
    await as.addClient('both', {
      audiences: ['both'],
      scopes: ['read', 'write', 'aif:/led 7'],
    })
    await as.addResourceServer('both', { scopes: ['read', 'write', 'aif:/led 7'] })
    const [led, wide] = [encodeAif([['/led', 1]]), encodeAif([['/led', 3]])]
    for (const [first, others] of [
      [led, ['read', wide]],
      ['read', [led, 'write', 'read write']],
    ] as const)
      for (const scope of others) {
        const { refresh_token } = await as.token('both', { audience: 'both', scope: first })
        const members = { grant_type: 'refresh_token', refresh_token: refresh_token! } as const
        expect(await as.refusal('both', { ...members, scope })).toEqual([
          'token_refresh_scope_exceeded',
          'invalid_scope',
        ])
        expect((await as.token('both', members)).scope).toEqual(first)
      }
  })
})

describe('one scope within another', () => {
  const aif = fc.array(fc.tuple(fc.constantFrom('/a', '/b', '/c'), fc.bigInt(0n, 2n ** 39n - 1n)), {
    maxLength: 4,
  })
  it('is one that allows no method that the other does not', () => {
    fc.assert(
      fc.property(aif, aif, (narrow, wide) => {
        const setOf = (entries: typeof wide, path: string): bigint =>
          entries.reduce((set, [at, methods]) => (at === path ? set | methods : set), 0n)
        const isWithin = ['/a', '/b', '/c'].every((path) => (setOf(narrow, path) & ~setOf(wide, path)) === 0n)
        expect(isScopeWithin(encodeAif(narrow), encodeAif(wide))).toBe(isWithin)
        expect(isScopeWithin(encodeAif(narrow), encodeAif([...wide, ...narrow]))).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('is never a text within bytes', () => {
    expect(isScopeWithin('a', new TextEncoder().encode('a'))).toBe(false)
    expect(isScopeWithin(new TextEncoder().encode('a'), 'a')).toBe(false)
    expect(isScopeWithin('b a', 'a b c')).toBe(true)
    expect(isScopeWithin('a d', 'a b c')).toBe(false)
  })
})

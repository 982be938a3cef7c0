import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RefreshRecord, TokenRecord } from '../../src/index.ts'
import { type CommandLine, openCommandLine } from './command-line.ts'

let line: CommandLine
beforeAll(async () => {
  line = await openCommandLine()
  await line.json('rs', 'add', 'rs1', '--scope', 'read')
  for (const name of ['c1', 'c2', 'c3'])
    await line.json('client', 'add', name, '--audience', 'rs1', '--scope', 'read')
})
afterAll(() => line.close())

const random = (): Uint8Array => Uint8Array.from(randomBytes(32))
const now = Math.floor(Date.now() / 1_000)

interface Issued {
  readonly id: string
  readonly clientId: string
  readonly audiences?: readonly string[]
  readonly familyId?: string
  readonly scope?: string | Uint8Array
  readonly expiresAt?: number
}

/** Puts a token into the store, and where it has a family a refresh token with it. Gives the hash of the refresh token. */
async function issue({
  id,
  clientId,
  audiences = ['rs1'],
  familyId,
  scope,
  expiresAt,
}: Issued): Promise<Uint8Array> {
  const common = { clientId, audiences, scope: scope ?? 'read', sessionId: null, cnf: null, issuedAt: now }
  const token: TokenRecord = {
    ...common,
    id,
    hash: random(),
    listHash: random(),
    introspection: {},
    familyId: familyId ?? null,
    keyThumbprint: null,
    keyId: null,
    expiresAt: expiresAt ?? now + 3_600,
    revokedAt: null,
  }
  const refresh: RefreshRecord = {
    ...common,
    hash: random(),
    familyId: familyId ?? '',
    channelIdentity: null,
    profile: null,
    subject: null,
    expiresAt: now + 86_400,
  }
  await line.withStore((store) =>
    store.tokens.issue({ token, sessionId: null, refresh: familyId ? refresh : null, rotates: null }, now),
  )
  return refresh.hash
}

const live = async (...args: readonly string[]): Promise<string[]> =>
  (await line.json<{ id: string }[]>('token', 'list', '--live', ...args)).map(({ id }) => id)
const refreshState = (hash: Uint8Array, clientId: string): Promise<string> =>
  line.withStore(async (store) => (await store.tokens.refreshState(hash, clientId, null, now)).state)

describe('token', () => {
  it('is listed for a client, for a resource server, while it is good, page by page', async () => {
    await issue({ id: 'a1', clientId: 'c1' })
    await issue({ id: 'a2', clientId: 'c1', audiences: ['rs1', 'rs2'], scope: Uint8Array.from([1, 2, 255]) })
    await issue({ id: 'a3', clientId: 'c2', audiences: ['rs2'] })
    await issue({ id: 'a4', clientId: 'c2', expiresAt: now - 1 })
    const times = { issued_at: now, expires_at: now + 3_600 }
    expect(await line.json('token', 'list', '--client', 'c1')).toEqual([
      { id: 'a1', audience: 'rs1', scope: 'read', ...times },
      { id: 'a2', audience: ['rs1', 'rs2'], scope: 'AQL_', ...times },
    ])
    expect(await line.json('token', 'list', '--audience', 'rs2', '--limit', '1', '--after', 'a2')).toEqual([
      { id: 'a3', client_id: 'c2', audience: 'rs2', scope: 'read', ...times },
    ])
    expect(await live()).toEqual(['a1', 'a2', 'a3'])
    expect(await line.json('token', 'show', 'a3')).toMatchObject({
      client_id: 'c2',
      revoked_at: null,
      family_id: null,
      session_id: null,
    })
    const { out } = await line.cli(['token', 'list'])
    expect(out).toMatch(
      /^id +client_id +audience +scope +issued_at +expires_at +revoked_at\na1 +c1 +rs1 +read +\d{4}-/,
    )
  })

  it('is revoked by its id, its family, its client or its resource server, with the refresh tokens', async () => {
    const f1 = await issue({ id: 'b1', clientId: 'c3', familyId: 'f1' })
    const f2 = await issue({ id: 'b2', clientId: 'c3', familyId: 'f2' })
    // The access token of this family is gone, its refresh token is not.
    const f3 = await issue({ id: 'b3', clientId: 'c3', familyId: 'f3', expiresAt: now - 1 })
    const f4 = await issue({ id: 'b4', clientId: 'c1', familyId: 'f4', audiences: ['rs9'] })
    await issue({ id: 'b5', clientId: 'c3' })
    await issue({ id: 'b6', clientId: 'c2', audiences: ['rs9'] })
    expect(await line.json('token', 'revoke', 'b5')).toEqual({ id: 'b5', revoked: 1 })
    expect(await line.json('token', 'revoke', 'b5')).toEqual({ id: 'b5', revoked: 0 })
    const f7 = await issue({ id: 'b7', clientId: 'c4', familyId: 'f7' })
    expect(await line.json('token', 'revoke', 'b7')).toEqual({ id: 'b7', revoked: 1 })
    expect(await refreshState(f7, 'c4')).toBe('revoked')
    expect(await line.json('token', 'revoke', '--family', 'f1')).toEqual({ family_id: 'f1', revoked: 1 })
    expect([await refreshState(f1, 'c3'), await refreshState(f2, 'c3')]).toEqual(['revoked', 'active'])
    expect(await line.json('token', 'revoke', '--client', 'c3')).toEqual({ client_id: 'c3', revoked: 1 })
    expect([await refreshState(f2, 'c3'), await refreshState(f3, 'c3')]).toEqual(['revoked', 'revoked'])
    expect(await live('--client', 'c3')).toEqual([])
    expect(await refreshState(f4, 'c1')).toBe('active')
    expect(await line.json('token', 'revoke', '--audience', 'rs9')).toEqual({ audience: 'rs9', revoked: 2 })
    expect(await refreshState(f4, 'c1')).toBe('revoked')
    const trail = await line.json<{ actor: string; details: object }[]>('audit', '--action', 'token_revoked')
    expect(trail).toHaveLength(6)
    for (const { actor } of trail) expect(actor).toMatch(/^cli:\S+ token revoke$/)
  })

  it('is not revoked by a command that says nothing, too much, or a name that there is not', async () => {
    for (const [args, exit, reason] of [
      [[], 2, 'expected the id of a token'],
      [['a1', '--client', 'c1'], 2, 'expected the id of a token'],
      [['--client', 'c4'], 1, 'there is no client "c4"; did you mean c1?'],
      [['none'], 1, 'there is no token "none"'],
    ] as const) {
      const { code, error } = await line.cli(['token', 'revoke', ...args])
      expect([args, code, error]).toEqual([args, exit, expect.stringContaining(reason)])
    }
    expect(await live('--client', 'c1')).toEqual(['a1', 'a2'])
  })

  it('goes with its client: whoever is added by the same name gets nothing of it', async () => {
    await line.json('client', 'add', 'gone', '--audience', 'rs1', '--scope', 'read')
    await line.json('session', 'open', 'gone')
    const refresh = await issue({ id: 'd1', clientId: 'gone', familyId: 'f9' })
    expect(await line.json('client', 'remove', 'gone')).toEqual({
      client_id: 'gone',
      removed: true,
      revoked: 1,
    })
    expect((await line.cli(['client', 'show', 'gone'])).code).toBe(1)
    await line.json('client', 'add', 'gone', '--audience', 'rs1', '--scope', 'read')
    expect(await refreshState(refresh, 'gone')).toBe('revoked')
    expect(await line.json('session', 'list', '--client', 'gone')).toEqual([])
  })

  it('is one of many that are revoked with progress on a terminal, and until it is told to stop', async () => {
    for (let i = 0; i < 45; i++) await issue({ id: `e${String(i).padStart(2, '0')}`, clientId: 'c2' })
    const before = (await live('--client', 'c2')).length
    const stopped = await line.cli(['token', 'revoke', '--client', 'c2'], { end: AbortSignal.abort() })
    expect([stopped.code, stopped.error]).toEqual([1, expect.stringContaining('stopped')])
    expect(await live('--client', 'c2')).toHaveLength(before)
    const { code, error } = await line.cli(['token', 'revoke', '--client', 'c2'], { hasProgress: true })
    expect([code, error]).toEqual([0, expect.stringContaining('tokens revoked')])
    expect(await live('--client', 'c2')).toEqual([])
  })
})

describe('session', () => {
  it('is refused for what its client may not have, and listed while it is open', async () => {
    for (const more of [
      ['--audience', 'rs2'],
      ['--scope', 'write'],
    ]) {
      const { code, error } = await line.cli(['session', 'open', 'c1', ...more])
      expect([code, error]).toEqual([1, expect.stringContaining('the client may have')])
    }
    const open = ['session', 'open', 'c1', '--budget', '1', '--scope', 'read', '--per-minute', '1']
    const { session_id } = await line.json<{ session_id: string }>(...open)
    await line.json('session', 'open', 'c1')
    await line.json('session', 'close', session_id)
    const all = await line.json<object[]>('session', 'list', '--client', 'c1')
    expect(all).toHaveLength(2)
    const [other] = await line.json<{ session_id: string }[]>('session', 'list', '--client', 'c1', '--open')
    expect(other!.session_id).not.toBe(session_id)
    expect((await line.cli(['session', 'open', 'c1', '--lifetime', '0'])).code).toBe(2)
  })
})

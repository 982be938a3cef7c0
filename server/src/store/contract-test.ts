import assert from 'node:assert/strict'
import type { Issue, Store } from './contract.ts'
import { keyCases } from './contract-test-keys.ts'
import { registrationCases, type Test } from './contract-test-registrations.ts'
import {
  client,
  issueOf,
  now,
  random,
  refreshToken,
  resourceServer,
  session,
  token,
} from './contract-test-samples.ts'

/** One thing that every store has to do. */
export interface StoreContractCase {
  readonly name: string
  /** Fails by throwing. */
  readonly run: () => Promise<void>
}

/**
 * What every store has to do, as cases for any test runner.
 *
 * @param open gives an empty store; it is closed behind each case
 *
 * @example
 * ```ts
 * import { storeContract } from 'ace-oauth-server/store-contract'
 *
 * for (const { name, run } of storeContract(() => openMyStore())) it(name, run)
 * ```
 */
export function storeContract(open: () => Promise<Store>): StoreContractCase[] {
  const cases: StoreContractCase[] = []
  const test: Test = (name: string, run: (store: Store) => Promise<void>): void => {
    cases.push({
      name,
      run: async () => {
        const store = await open()
        try {
          await run(store)
        } finally {
          await store.close()
        }
      },
    })
  }

  registrationCases(test)
  keyCases(test)

  test('no sequence number and no OSCORE identifier is given twice, whatever runs at once (R9200-5.10.3-2)', async (store) => {
    await store.resourceServers.add(resourceServer('rs1'), 'cli')
    const numbers = await Promise.all(
      Array.from({ length: 40 }, () => store.resourceServers.nextSequenceNumber('rs1')),
    )
    assert.deepEqual(
      numbers.toSorted((a, b) => a - b),
      Array.from({ length: 40 }, (_, i) => i + 1),
    )
    const ids = await Promise.all(Array.from({ length: 20 }, () => store.resourceServers.nextOscoreId()))
    assert.equal(new Set(ids).size, 20)
    await assert.rejects(store.resourceServers.nextSequenceNumber('none'), RangeError)
  })

  test('with a budget of n, n tokens are issued and not one more, whatever runs at once', async (store) => {
    await store.clients.add(client('c1'), 'cli')
    assert.equal(await store.sessions.open(session('s1', { budget: 5 }), 1, 'cli'), 'opened')
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        store.tokens.issue(issueOf(token(`t${i}`), { sessionId: 's1' }), now),
      ),
    )
    const issued = outcomes.filter(({ outcome }) => outcome === 'issued')
    assert.equal(issued.length, 5)
    assert.equal((await store.tokens.list({ limit: 100 })).length, 5)
    const refused = outcomes.find(({ outcome }) => outcome === 'refused')
    assert.deepEqual(refused, {
      outcome: 'refused',
      refusal: { refused: 'session_budget_exceeded', limit: 5, used: 5 },
    })
  })

  test('a session that expired, was closed or was used up in its minute gives no token', async (store) => {
    await store.clients.add(client('c1'), 'cli')
    await store.sessions.open(session('s1', { perMinute: 1 }), 3, 'cli')
    await store.sessions.open(session('s2'), 3, 'cli')
    const issue = (id: string, sessionId: string, at: number) =>
      store.tokens.issue(issueOf(token(id), { sessionId }), at)
    assert.deepEqual(await issue('t1', 's1', now), { outcome: 'issued' })
    const limited = await issue('t2', 's1', now + 1)
    assert.equal(limited.outcome === 'refused' && limited.refusal.refused, 'session_rate_limited')
    assert.deepEqual(await issue('t3', 's1', now + 60), { outcome: 'issued' })
    const early = await issue('t4', 's1', now - 200)
    assert.equal(
      early.outcome === 'refused' && early.refusal.refused,
      'session_rate_limited',
      'a clock put back',
    )
    const before = await issue('t4', 's1', now - 600)
    assert.equal(before.outcome === 'refused' && before.refusal.refused, 'session_not_found', 'not open yet')
    const expired = await issue('t5', 's1', now + 3600)
    assert.equal(expired.outcome === 'refused' && expired.refusal.refused, 'session_expired')
    await store.sessions.close('s2', 'cli', now)
    const closed = await issue('t6', 's2', now)
    assert.equal(closed.outcome === 'refused' && closed.refusal.refused, 'session_already_closed')
    assert.equal((await store.tokens.list({ limit: 100 })).length, 2)
  })

  test('the sessions that are open are counted without those that ended', async (store) => {
    for (const id of ['s1', 's2', 's3']) await store.sessions.open(session(id), 3, 'cli')
    assert.equal(await store.sessions.countOpen(now), 3)
    await store.sessions.close('s2', 'cli', now)
    assert.equal(await store.sessions.countOpen(now), 2)
    assert.equal(await store.sessions.countOpen(session('s1').expiresAt), 0)
  })

  test('no more sessions are open at once than may be', async (store) => {
    await store.clients.add(client('c1'), 'cli')
    const opened = await Promise.all(
      Array.from({ length: 6 }, (_, i) => store.sessions.open(session(`s${i}`), 2, 'cli')),
    )
    assert.equal(opened.filter((each) => each === 'opened').length, 2)
    assert.equal(
      await store.sessions.open(session('late', { openedAt: now + 3600, expiresAt: now + 7200 }), 2, 'cli'),
      'opened',
    )
  })

  test('a token is found by its hash, listed, and revoked once', async (store) => {
    const issued = token('t1', { audiences: ['rs1', 'rs2'] })
    await store.tokens.issue(issueOf(issued), now)
    assert.deepEqual(await store.tokens.findByHash(issued.hash), issued)
    assert.equal((await store.tokens.list({ audience: 'rs2', isLiveAt: now, limit: 9 })).length, 1)
    assert.equal(await store.tokens.revokeByHash(issued.hash, 'c1', now + 1), 1)
    assert.equal(await store.tokens.revokeByHash(issued.hash, 'c1', now + 2), 0)
    assert.equal(await store.tokens.revokeByHash(random(), 'c1', now), undefined)
    assert.equal((await store.tokens.findByHash(issued.hash))?.revokedAt, now + 1)
    assert.deepEqual(await store.tokens.list({ isLiveAt: now + 2, limit: 9 }), [])
  })

  test('a refresh token is rotated once: who comes second is told so, and nothing is written for it', async (store) => {
    const first = refreshToken('f1')
    await store.tokens.issue(issueOf(token('t0', { familyId: 'f1' }), { refresh: first }), now)
    const rotation = (id: string): Issue =>
      issueOf(token(id, { familyId: 'f1' }), {
        refresh: refreshToken('f1'),
        rotates: { hash: first.hash, channelIdentity: null, sealedAnswer: Buffer.from(id), window: 247 },
      })
    const outcomes = await Promise.all(
      ['t1', 't2', 't3'].map((id) => store.tokens.issue(rotation(id), now + 10)),
    )
    assert.equal(outcomes.filter(({ outcome }) => outcome === 'issued').length, 1)
    const second = outcomes.find(({ outcome }) => outcome === 'rotated')
    assert.ok(second?.outcome === 'rotated' && second.refresh.state === 'repeated')
    const winner = ['t1', 't2', 't3'][outcomes.findIndex(({ outcome }) => outcome === 'issued')]
    assert.equal(Buffer.from(second.refresh.sealedAnswer).toString(), winner)
    assert.equal((await store.tokens.list({ limit: 9 })).length, 2)
  })

  test('the same answer is given for the window, to the same client and channel, while its refresh token is unused', async (store) => {
    const first = refreshToken('f1', { channelIdentity: 'psk1' })
    const next = refreshToken('f1', { channelIdentity: 'psk1' })
    await store.tokens.issue(issueOf(token('t0', { familyId: 'f1' }), { refresh: first }), now)
    const rotates = { hash: first.hash, channelIdentity: 'psk1', sealedAnswer: Buffer.from('x'), window: 247 }
    await store.tokens.issue(issueOf(token('t1', { familyId: 'f1' }), { refresh: next, rotates }), now)
    const state = async (clientId: string, channel: string | null, at: number) =>
      (await store.tokens.refreshState(first.hash, clientId, channel, at)).state
    assert.equal(await state('c1', 'psk1', now + 246), 'repeated')
    assert.equal(await state('c1', 'psk1', now + 247), 'reused')
    assert.equal(await state('c1', 'psk2', now + 1), 'reused')
    assert.equal(await state('c2', 'psk1', now + 1), 'unknown')
    const later = { ...rotates, hash: next.hash }
    await store.tokens.issue(
      issueOf(token('t2', { familyId: 'f1' }), { refresh: refreshToken('f1'), rotates: later }),
      now,
    )
    assert.equal(await state('c1', 'psk1', now + 1), 'reused')
  })

  test('revoking a family ends its tokens and its refresh tokens', async (store) => {
    const refresh = refreshToken('f1')
    await store.tokens.issue(issueOf(token('t0', { familyId: 'f1' }), { refresh }), now)
    await store.tokens.issue(issueOf(token('t1', { familyId: 'f1' })), now)
    await store.tokens.issue(issueOf(token('t2', { familyId: 'f2' })), now)
    assert.equal(await store.tokens.revokeByHash(refresh.hash, 'c1', now + 1), 2)
    assert.equal((await store.tokens.refreshState(refresh.hash, 'c1', null, now + 1)).state, 'revoked')
    assert.deepEqual(
      (await store.tokens.list({ isLiveAt: now + 1, limit: 9 })).map(({ id }) => id),
      ['t2'],
    )
  })

  test('a family that is revoked while it is rotated leaves no refresh token behind', async (store) => {
    const first = refreshToken('f1')
    const next = refreshToken('f1')
    await store.tokens.issue(issueOf(token('t0', { familyId: 'f1' }), { refresh: first }), now)
    const rotates = { hash: first.hash, channelIdentity: null, sealedAnswer: Buffer.from('x'), window: 247 }
    await Promise.all([
      store.tokens.issue(issueOf(token('t1', { familyId: 'f1' }), { refresh: next, rotates }), now),
      store.tokens.revokeFamily('f1', 'op', now),
    ])
    const { state } = await store.tokens.refreshState(next.hash, 'c1', null, now)
    assert.ok(state === 'revoked' || state === 'unknown', state)
    assert.deepEqual(await store.tokens.list({ isLiveAt: now, limit: 9 }), [])
  })

  test('the answer to a refresh is kept no longer than it is given', async (store) => {
    const first = refreshToken('f1')
    await store.tokens.issue(issueOf(token('t0', { familyId: 'f1' }), { refresh: first }), now)
    const rotates = { hash: first.hash, channelIdentity: null, sealedAnswer: Buffer.from('x'), window: 247 }
    const next = refreshToken('f1')
    await store.tokens.issue(issueOf(token('t1', { familyId: 'f1' }), { refresh: next, rotates }), now)
    const emptied = await store.sweep(now + 247, 10)
    assert.equal(emptied, 1)
    assert.equal((await store.tokens.refreshState(first.hash, 'c1', null, now + 1)).state, 'reused')
  })

  test('revocations are listed for a resource server, a client and all, and followed by cursor (RFC 9770)', async (store) => {
    const one = token('t1')
    const two = token('t2', { audiences: ['rs2'], clientId: 'c2', expiresAt: now + 100 })
    for (const each of [one, two]) await store.tokens.issue(issueOf(each), now)
    for (const each of [one, two]) await store.tokens.revokeByHash(each.hash, 'op', now + 1)
    const hex = (list: readonly Uint8Array[]): string[] =>
      list.map((each) => Buffer.from(each).toString('hex'))
    assert.deepEqual(hex(await store.tokens.revoked({ audience: 'rs1' }, now + 1)), hex([one.listHash]))
    assert.deepEqual(hex(await store.tokens.revoked({ clientId: 'c2' }, now + 1)), hex([two.listHash]))
    assert.equal((await store.tokens.revoked('all', now + 1)).length, 2)
    const view = { audience: 'rs2' }
    assert.deepEqual(
      (await store.tokens.revocationUpdates(view, 0, 10)).map(({ index, isAdded }) => [index, isAdded]),
      [[0, true]],
    )
    assert.equal(await store.tokens.lastRevocationIndex(view), 0)
    assert.equal(await store.tokens.lastRevocationIndex({ audience: 'none' }), undefined)
    assert.deepEqual(
      (await store.tokens.revocationUpdates('all', 0, 10)).map(({ index }) => index),
      [0, 1],
    )
    while ((await store.sweep(now + 100, 10)) > 0);
    const behind = await store.tokens.revocationUpdates(view, 1, 10)
    assert.deepEqual(
      behind.map(({ index, isAdded }) => [index, isAdded]),
      [[1, false]],
    )
    assert.deepEqual(hex(await store.tokens.revoked('all', now + 100)), hex([one.listHash]))
  })

  test('an assertion is taken once', async ({ tokens }) => {
    const taken = await Promise.all(
      Array.from({ length: 8 }, () => tokens.rememberAssertion('c1', 'jti1', now + 60)),
    )
    assert.equal(taken.filter(Boolean).length, 1)
    assert.equal(await tokens.rememberAssertion('c2', 'jti1', now + 60), true)
  })

  test('what has expired is swept in bites, and nothing else', async (store) => {
    for (let i = 0; i < 5; i++) await store.tokens.issue(issueOf(token(`t${i}`, { expiresAt: now + i })), now)
    await store.tokens.rememberAssertion('c1', 'j', now)
    let bites = 0
    for (let removed = await store.sweep(now + 2, 2); removed > 0; removed = await store.sweep(now + 2, 2)) {
      assert.ok(removed <= 3)
      bites++
    }
    assert.ok(bites >= 2)
    assert.deepEqual(
      (await store.tokens.list({ limit: 9 })).map(({ id }) => id),
      ['t3', 't4'],
    )
    assert.equal((await store.counts())['assertions'], 0)
  })

  test('the last session of a client is not swept, for without it the client would be bounded by none', async (store) => {
    await store.clients.add(client('c1'), 'cli')
    for (const [i, id] of ['s1', 's2'].entries())
      await store.sessions.open(session(id, { openedAt: now + i, expiresAt: now + 60 }), 9, 'cli')
    while ((await store.sweep(now + 10 * 86_400, 10)) > 0);
    const left = await store.sessions.list({ limit: 9 })
    assert.deepEqual(
      left.map(({ sessionId }) => sessionId),
      ['s2'],
    )
    assert.equal((await store.sessions.current('c1', now + 10 * 86_400))?.sessionId, 's2')
  })

  test('the current session is the open one that expires first, but for those that are left out', async (store) => {
    await store.clients.add(client('c1'), 'cli')
    for (const [id, lifetime] of [
      ['s1', 90],
      ['s2', 60],
    ] as const)
      await store.sessions.open(session(id, { openedAt: now, expiresAt: now + lifetime }), 9, 'cli')
    const current = async (...left: string[]) => (await store.sessions.current('c1', now, left))?.sessionId
    assert.deepEqual([await current(), await current('s2'), await current('s1')], ['s2', 's1', 's2'])
  })

  test('families of refresh tokens are found by client and audience, page by page', async (store) => {
    const families = [
      refreshToken('f1'),
      refreshToken('f2', { audiences: ['rs2'] }),
      refreshToken('f3', { clientId: 'c2' }),
      refreshToken('f4', { expiresAt: now }),
    ]
    for (const [i, refresh] of families.entries())
      await store.tokens.issue(issueOf(token(`t${i}`, { familyId: refresh.familyId }), { refresh }), now - 9)
    const all = async (query: { readonly clientId?: string; readonly audience?: string }) => {
      const found: string[] = []
      let after: Uint8Array | undefined
      do {
        const page = await store.tokens.families({ ...query, after, limit: 1 }, now)
        found.push(...page.familyIds)
        after = page.next
      } while (after)
      return found.sort()
    }
    assert.deepEqual(await all({ clientId: 'c1' }), ['f1', 'f2'])
    assert.deepEqual(await all({ audience: 'rs1' }), ['f1', 'f3'])
    await store.tokens.revokeFamily('f1', 'op', now)
    assert.deepEqual(await all({ clientId: 'c1' }), ['f2'])
    assert.equal((await store.tokens.find('t1'))?.familyId, 'f2')
    assert.equal(await store.tokens.find('none'), undefined)
  })

  test('text from outside is data, never SQL', async (store) => {
    const text = `'; drop table clients; -- " \\ % _ \u0001`
    await store.clients.add(client(text), text)
    assert.equal((await store.clients.find(text))?.clientId, text)
    await store.resourceServers.add(resourceServer(text, { introspectionClientId: `${text}rs` }), text)
    assert.equal(await store.resourceServers.nextSequenceNumber(text), 1)
    const issued = token(text, { clientId: text, audiences: [text] })
    await store.tokens.issue(issueOf(issued), now)
    await store.tokens.revokeById(text, text, now)
    assert.equal((await store.tokens.revoked({ audience: text }, now)).length, 1)
    assert.equal((await store.tokens.revocationUpdates({ audience: text }, 0, 9)).length, 1)
    const [entry] = await store.audit.list({ subject: text, actor: text, action: 'client_added', limit: 9 })
    assert.equal(entry?.actor, text)
    assert.deepEqual(await store.audit.list({ action: text, limit: 9 }), [])
  })

  return cases
}

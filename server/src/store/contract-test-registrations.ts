import assert from 'node:assert/strict'
import type { Store } from './contract.ts'
import { client, issueOf, now, resourceServer, session, token } from './contract-test-samples.ts'

/** Adds a case, which gets an empty store. */
export type Test = (name: string, run: (store: Store) => Promise<void>) => void

/** What a store has to do with clients, resource servers, keys and the audit trail. */
export function registrationCases(test: Test): void {
  test('a client is found as it was added, once', async ({ clients }) => {
    const given = client('c1', { channelIdentity: 'psk1', jwks: { keys: [] } })
    assert.equal(await clients.add(given, 'cli'), true)
    assert.equal(await clients.add(client('c1'), 'cli'), false)
    assert.deepEqual(await clients.find('c1'), given)
    assert.deepEqual(await clients.findByChannel('psk1'), given)
    assert.equal(await clients.find('c2'), undefined)
  })

  test('clients are imported, those that are there are named, and pages follow each other', async ({
    clients,
  }) => {
    await clients.add(client('b'), 'cli')
    assert.deepEqual(await clients.import([client('a'), client('b'), client('c')], 'cli'), ['b'])
    const [first] = await clients.list({ limit: 1 })
    assert.equal(first?.clientId, 'a')
    const rest = await clients.list({ after: 'a', limit: 10 })
    assert.deepEqual(
      rest.map(({ clientId }) => clientId),
      ['b', 'c'],
    )
  })

  test('each change of a registration is counted, for caches, and stands in the audit trail', async (store) => {
    const before = await store.clients.version()
    await store.clients.add(client('c1'), 'cli')
    const added = await store.clients.version()
    assert.ok(added > before)
    assert.equal(await store.clients.setEnabled('c1', false, 'op', now + 1), true)
    assert.equal(await store.clients.setSecretHash('c1', 'new', 'op', now + 2), true)
    assert.ok((await store.clients.version()) > added)
    assert.equal(await store.clients.setEnabled('none', false, 'op', now), false)
    const found = await store.clients.find('c1')
    assert.deepEqual([found?.isEnabled, found?.secretHash], [false, 'new'])
    const trail = await store.audit.list({ subject: 'c1', limit: 10 })
    assert.deepEqual(
      trail.map(({ action, actor, at }) => [action, actor, at]),
      [
        ['client_added', 'cli', now],
        ['client_disabled', 'op', now + 1],
        ['client_secret_rotated', 'op', now + 2],
      ],
    )
  })

  test('a name is that of a client or of a resource server that introspects, never of both', async (store) => {
    await store.clients.add(client('c1', { channelIdentity: 'psk1' }), 'cli')
    await store.resourceServers.add(resourceServer('rs1', { introspectionClientId: 'i1' }), 'cli')
    assert.deepEqual(
      await store.clients.import(
        [client('i1'), client('c2', { channelIdentity: 'psk1' }), client('c3')],
        'cli',
      ),
      ['i1', 'c2'],
    )
    assert.deepEqual(
      await store.resourceServers.import(
        [
          resourceServer('rs2', { introspectionClientId: 'c1' }),
          resourceServer('rs3', { introspectionClientId: 'i1' }),
          resourceServer('rs4'),
        ],
        'cli',
      ),
      ['rs2', 'rs3'],
    )
    const [c, i] = await Promise.all([
      store.clients.add(client('both'), 'cli'),
      store.resourceServers.add(resourceServer('both'), 'cli'),
    ])
    assert.notEqual(c, i)
    assert.deepEqual(
      (await store.clients.findMany(['c3', 'none', 'c1'])).map(({ clientId }) => clientId).sort(),
      ['c1', 'c3'],
    )
    assert.deepEqual(
      (await store.resourceServers.findMany(['rs4', 'rs2'])).map(({ audience }) => audience),
      ['rs4'],
    )
  })

  test('changes of a registration that run at once are all kept, and the trail tells what they changed', async (store) => {
    await store.clients.add(client('c1', { scopes: [] }), 'cli')
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((scope) =>
        store.clients.change(
          'c1',
          (before) => ({ ...before, scopes: [...before.scopes, scope] }),
          'op',
          now + 1,
        ),
      ),
    )
    assert.deepEqual((await store.clients.find('c1'))?.scopes.toSorted(), ['a', 'b', 'c', 'd'])
    const kept = await store.clients.change(
      'c1',
      (before) => ({ ...before, clientId: 'other', secretHash: 'stolen', createdAt: 0 }),
      'op',
      now,
    )
    assert.deepEqual([kept?.clientId, kept?.secretHash, kept?.createdAt], ['c1', 'hash', now])
    assert.equal(await store.clients.change('none', (before) => before, 'op', now), undefined)
    const key = { kty: 'oct', k: 'BBBBBBBBBBBBBBBBBBBBBB' }
    await store.resourceServers.add(resourceServer('rs1'), 'cli')
    const changed = await store.resourceServers.change(
      'rs1',
      (before) => ({ ...before, key, tokenLifetime: 60 }),
      'resource_server_changed',
      'op',
      now + 2,
    )
    assert.deepEqual([changed?.key, (await store.resourceServers.find('rs1'))?.tokenLifetime], [key, 60])
    const [entry] = await store.audit.list({ action: 'resource_server_changed', limit: 9 })
    assert.deepEqual(entry?.details, { key: 'changed', tokenLifetime: { from: 3600, to: 60 } })
  })

  test('what is removed is gone, and an audience goes on with its sequence numbers', async (store) => {
    const before = await store.clients.version()
    await store.clients.add(client('c1'), 'cli')
    await store.sessions.open(session('s1'), 1, 'cli')
    await store.resourceServers.add(resourceServer('rs1'), 'cli')
    await store.resourceServers.nextSequenceNumber('rs1')
    assert.equal(await store.clients.remove('c1', 'op', now), true)
    assert.equal(await store.clients.remove('c1', 'op', now), false)
    assert.equal(await store.sessions.find('s1'), undefined)
    assert.equal(await store.resourceServers.remove('rs1', 'op', now), true)
    assert.equal(await store.resourceServers.remove('rs1', 'op', now), false)
    await store.resourceServers.add(resourceServer('rs1'), 'cli')
    assert.equal(await store.resourceServers.nextSequenceNumber('rs1'), 2)
    assert.ok((await store.clients.version()) > before)
  })

  test('the audit trail is read by whom, what and when, from both ends', async (store) => {
    for (const [i, id] of ['a', 'b', 'c', 'd'].entries())
      await store.clients.add(
        client(id, { createdAt: now + i }),
        i % 2 ? 'cli:eve client add' : 'cli:bob client add',
      )
    await store.clients.setEnabled('b', false, 'cli:bob client disable', now + 9)
    const subjects = async (query: Partial<Parameters<Store['audit']['list']>[0]>) =>
      (await store.audit.list({ limit: 9, ...query })).map(({ subject, action }) => `${subject} ${action}`)
    assert.deepEqual(await subjects({ actor: 'cli:eve ' }), ['b client_added', 'd client_added'])
    assert.deepEqual(await subjects({ action: 'client_disabled' }), ['b client_disabled'])
    assert.deepEqual(await subjects({ since: now + 1, until: now + 3 }), ['b client_added', 'c client_added'])
    assert.deepEqual(await subjects({ isNewestFirst: true, limit: 2 }), [
      'b client_disabled',
      'd client_added',
    ])
    const [, second] = await store.audit.list({ limit: 9 })
    assert.deepEqual(await subjects({ before: second!.id }), ['a client_added'])
    assert.deepEqual(await subjects({ after: second!.id, limit: 1 }), ['c client_added'])
  })

  test('a key that is added signs, and the one before it retires without its private part', async ({
    keys,
  }) => {
    const key = (kid: string, createdAt: number) =>
      ({ kid, algorithm: 'ES256', jwk: { kty: 'EC', x: 'AA', d: 'AA' }, state: 'active', createdAt }) as const
    assert.equal(await keys.add(key('k1', now), 'cli'), true)
    assert.equal(await keys.add(key('k2', now + 1), 'cli'), true)
    assert.equal(await keys.add(key('k2', now + 2), 'cli'), false)
    assert.deepEqual(
      (await keys.list()).map(({ kid, state, jwk }) => [kid, state, Object.keys(jwk)]),
      [
        ['k1', 'retired', ['kty', 'x']],
        ['k2', 'active', ['kty', 'x', 'd']],
      ],
    )
  })

  test('the next key signs once it is activated, and one that retired goes with the last token that it may have signed', async (store) => {
    const { keys } = store
    const key = (kid: string, state: 'next' | 'active', createdAt: number) =>
      ({ kid, algorithm: 'ES256', jwk: { kty: 'EC' }, state, createdAt }) as const
    await keys.add(key('k1', 'active', now), 'cli')
    await keys.add(key('k2', 'next', now + 1), 'cli')
    await keys.add({ ...key('e1', 'active', now + 1), algorithm: 'EdDSA' }, 'cli')
    await store.tokens.issue(issueOf(token('t1', { expiresAt: now + 7200 })), now)
    const before = await store.clients.version()
    assert.equal(await keys.activate('k2', 'cli', now + 10), true)
    assert.equal(await keys.activate('k2', 'cli', now + 10), false)
    assert.ok((await store.clients.version()) > before)
    const states = async () => (await keys.list()).map(({ kid, state }) => `${kid} ${state}`)
    assert.deepEqual(await states(), ['k1 retired', 'e1 active', 'k2 active'])
    const [retired] = await keys.list()
    assert.deepEqual([retired?.retiredAt, retired?.verifiesUntil], [now + 10, now + 7200])
    // Another process that had not seen it yet signed a little longer.
    await store.tokens.issue(issueOf(token('t2', { issuedAt: now + 11, expiresAt: now + 9000 })), now + 11)
    while ((await store.sweep(now + 7200, 10)) > 0);
    assert.deepEqual(await states(), ['k1 retired', 'e1 active', 'k2 active'])
    while ((await store.sweep(now + 9000, 10)) > 0);
    assert.deepEqual(await states(), ['e1 active', 'k2 active'])
    assert.equal(await keys.remove('k2', 'cli', now), false)
    await keys.add(key('k3', 'next', now + 2), 'cli')
    assert.equal(await keys.remove('k3', 'cli', now), true)
    assert.equal(await keys.remove('k3', 'cli', now), false)
  })
}

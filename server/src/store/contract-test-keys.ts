import assert from 'node:assert/strict'
import type { Test } from './contract-test-registrations.ts'
import { client, issueOf, now, random, refreshToken, token } from './contract-test-samples.ts'

/** What every store has to do about the keys that tokens are bound to, and about secrets. */
export function keyCases(test: Test): void {
  test('finds the key of an earlier token by its identifier, for the same client, for an audience, and while the token lives', async (store) => {
    const keyId = Uint8Array.of(1, 2, 3)
    const bound = { keyId, cnf: { kid: 'AQID' } }
    for (const issued of [
      token('t1', { ...bound, audiences: ['rs1'] }),
      token('t2', { ...bound, audiences: ['rs1', 'rs2'], issuedAt: now + 1 }),
      token('t3', { ...bound, audiences: ['rs3'], issuedAt: now + 2, expiresAt: now + 10 }),
      token('t4', { ...bound, clientId: 'c2', audiences: ['rs4'] }),
    ])
      await store.tokens.issue(issueOf(issued), now)
    const find = async (audiences?: readonly string[], at = now + 2) =>
      (await store.tokens.findKey('c1', keyId, at, audiences))?.id
    assert.equal(await find(), 't3')
    assert.equal(await find(undefined, now + 10), 't2')
    assert.equal(await find(['rs1']), 't2')
    assert.equal(await find(['rs2', 'rs1']), 't2')
    assert.equal(await find(['rs1', 'rs3']), undefined)
    assert.equal(await find(['rs4']), undefined)
    await store.tokens.revokeById('t2', 'cli', now)
    assert.equal(await find(['rs1']), 't1')
  })

  test('knows whether a live token of another client is bound to a public key', async (store) => {
    const keyThumbprint = random()
    await store.tokens.issue(issueOf(token('t1', { keyThumbprint, expiresAt: now + 10 })), now)
    const isOfAnother = (clientId: string, thumbprint = keyThumbprint, at = now) =>
      store.tokens.isKeyOfAnother(thumbprint, clientId, at)
    assert.equal(await isOfAnother('c2'), true)
    assert.equal(await isOfAnother('c1'), false)
    assert.equal(await isOfAnother('c2', random()), false)
    assert.equal(await isOfAnother('c2', keyThumbprint, now + 10), false)
    await store.tokens.revokeById('t1', 'cli', now)
    assert.equal(await isOfAnother('c2'), false)
  })

  test('knows whether there ever was a secret that somebody chose', async (store) => {
    await store.clients.add(client('c1', { secretHash: 'sha256:abc' }), 'cli')
    assert.equal(await store.clients.hasChosenSecrets(), false)
    await store.clients.setSecretHash('c1', 'scrypt:abc:def', 'cli', now)
    assert.equal(await store.clients.hasChosenSecrets(), true)
    await store.clients.setSecretHash('c1', 'sha256:abc', 'cli', now)
    assert.equal(await store.clients.hasChosenSecrets(), true)
  })

  test('repeats a refresh over the channel that it came by, and keeps who granted it', async (store) => {
    const first = refreshToken('f1', { channelIdentity: 'old', subject: 'alice' })
    await store.tokens.issue(issueOf(token('t1', { familyId: 'f1' }), { refresh: first }), now)
    const state = async (channel: string) =>
      (await store.tokens.refreshState(first.hash, 'c1', channel, now + 1)).state
    assert.equal(await state('new'), 'active')
    const rotates = { hash: first.hash, channelIdentity: 'new', sealedAnswer: random(), window: 247 }
    const refresh = refreshToken('f1', { channelIdentity: 'new', subject: 'alice' })
    await store.tokens.issue(issueOf(token('t2', { familyId: 'f1' }), { refresh, rotates }), now)
    assert.equal(await state('new'), 'repeated')
    assert.equal(await state('old'), 'reused')
    const next = await store.tokens.refreshState(refresh.hash, 'c1', 'new', now + 1)
    assert.equal(next.state === 'active' && next.record.subject, 'alice')
  })
}

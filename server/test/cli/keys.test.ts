import { join } from 'node:path'
import { AccessTokenRequest, AccessTokenResponse } from 'ace-oauth'
import { decodeCoseMessage, openCwt, openJwt, readKeySet, TokenKey } from 'ace-oauth/token'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/index.ts'
import { type Running, start } from '../serve/running.ts'
import { type Outcome, runCommand } from './command-line.ts'

let server: Running
let basic: string
beforeAll(async () => {
  server = await start()
  await json('rs', 'add', 'jwt', '--scope', 'read', '--format', 'jwt')
  const { client_id, client_secret } = await json<{ client_id: string; client_secret: string }>(
    ...[
      'client',
      'add',
      'c1',
      '--audience',
      'jwt',
      '--audience',
      'shared',
      '--audience',
      'es384',
      '--scope',
      'read',
    ],
  )
  basic = `Basic ${btoa(`${client_id}:${client_secret}`)}`
})
afterAll(() => server.close())

const cli = (...args: readonly string[]): Promise<Outcome> => runCommand([...args, '--config', server.config])

async function json<Result>(...args: readonly string[]): Promise<Result> {
  const { code, out, error } = await cli(...args, '--json')
  if (code !== 0) throw new Error(error)
  return JSON.parse(out) as Result
}

async function tokenFor(audience: string): Promise<Uint8Array> {
  const response = await fetch(`${server.ready.http}/token`, {
    method: 'POST',
    headers: { authorization: basic, 'content-type': 'application/ace+cbor' },
    body: new AccessTokenRequest({ audience, scope: 'read', req_cnf: { COSE_Key: publicKey } }).toCbor(),
  })
  if (response.status !== 200) throw new Error(await response.text())
  return AccessTokenResponse.fromCbor(new Uint8Array(await response.arrayBuffer())).access_token
}
const publicKey = (await TokenKey.generate('ES256')).publicKey().toCose()

interface KeySet {
  readonly keys: readonly { readonly kid: string; readonly alg: string; readonly d?: string }[]
}

const published = async (): Promise<KeySet> =>
  (await (await fetch(`${server.ready.http}/jwks`)).json()) as KeySet
const kids = async (): Promise<string[]> => (await published()).keys.map(({ kid }) => kid)
const headerOf = (jwt: Uint8Array): { readonly kid: string } =>
  JSON.parse(Buffer.from(new TextDecoder().decode(jwt).split('.')[0]!, 'base64url').toString())
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe('key', () => {
  it('is published before it signs, and after it has retired, by a server that goes on running', async () => {
    const [first] = await json<{ kid: string; state: string }[]>('key', 'list')
    const old = await tokenFor('jwt')
    expect(headerOf(old).kid).toBe(first!.kid)

    const next = await json<{ kid: string; state: string; public_key: object }>('key', 'generate')
    expect(next.state).toBe('next')
    await expect.poll(kids, { timeout: 5_000 }).toEqual([first!.kid, next.kid])
    expect(headerOf(await tokenFor('jwt')).kid).toBe(first!.kid)

    const rotated = await json<{ kid: string; retired: readonly { kid: string; verifies_until: number }[] }>(
      'key',
      'rotate',
    )
    expect(rotated.kid).toBe(next.kid)
    expect(rotated.retired.map(({ kid }) => kid)).toEqual([first!.kid])
    expect(rotated.retired[0]!.verifies_until).toBeGreaterThan(Date.now() / 1_000 + 3_500)
    await expect.poll(async () => headerOf(await tokenFor('jwt')).kid, { timeout: 5_000 }).toBe(next.kid)

    const { keys } = await published()
    expect(keys.map(({ kid }) => kid)).toEqual([first!.kid, next.kid])
    expect(JSON.stringify(keys)).not.toContain('"d"')
    const verifying = (await readKeySet({ keys })).keys
    for (const token of [old, await tokenFor('jwt')]) await openJwt(text(token), { keys: verifying })
    // What a retired key signed with is gone.
    expect((await cli('key', 'list', '--json')).out).not.toContain('"d"')
  })

  it('is told by the metadata where it is published, and to who wants so as a COSE Key Set', async () => {
    const metadata = await fetch(`${server.ready.http}/.well-known/oauth-authorization-server`)
    expect(await metadata.json()).toMatchObject({ jwks_uri: `${server.ready.http}/jwks` })
    const response = await fetch(`${server.ready.http}/jwks`, {
      headers: { accept: 'application/cose-key-set' },
    })
    expect(response.headers.get('content-type')).toBe('application/cose-key-set')
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
    const { keys } = await readKeySet(new Uint8Array(await response.arrayBuffer()))
    expect(keys.map(({ jwkKid }) => jwkKid)).toEqual(await kids())
    expect((await fetch(`${server.ready.http}/jwks`, { method: 'POST' })).status).toBe(405)
  })

  it('signs at once where it is the first of its algorithm', async () => {
    const early = await cli(
      'rs',
      'add',
      'es384',
      '--scope',
      'read',
      '--format',
      'cwt-sign1',
      '--algorithm',
      'ES384',
    )
    expect([early.code, early.error]).toEqual([2, expect.stringContaining('key generate --algorithm ES384')])
    const key = await json<{ state: string; public_key: object }>('key', 'generate', '--algorithm', 'ES384')
    expect(key.state).toBe('active')
    await json('rs', 'add', 'es384', '--scope', 'read', '--format', 'cwt-sign1', '--algorithm', 'ES384')
    await expect
      .poll(() => tokenFor('es384').catch(() => undefined), { timeout: 5_000 })
      .toBeInstanceOf(Uint8Array)
    await openCwt(await tokenFor('es384'), { keys: await TokenKey.fromJwk(key.public_key) })
  })

  it('that is none keeps nobody from using the others', async () => {
    const record = { kid: 'broken', algorithm: 'EdDSA', jwk: { kty: 'OKP' }, createdAt: 0 } as const
    const store = await openStore(join(server.folder, 'ace-oauth.sqlite'))
    await store.keys.add({ ...record, state: 'active' }, 'test')
    await store.close()
    await json('rs', 'add', 'none', '--scope', 'read', '--format', 'cwt-sign1', '--algorithm', 'EdDSA').catch(
      () => {},
    )
    await expect.poll(async () => (await cli('check')).code).toBe(1)
    expect(await tokenFor('jwt')).toBeInstanceOf(Uint8Array)
    expect(await kids()).not.toContain('broken')
    await json('key', 'rotate', '--algorithm', 'EdDSA')
    expect(await json<object[]>('key', 'list')).toContainEqual(
      expect.objectContaining({ kid: 'broken', state: 'retired', public_key: null }),
    )
    await json('key', 'remove', 'broken')
    expect((await cli('check')).code).toBe(0)
  })

  it('is one alone that signs with an algorithm, whoever rotates at once', async () => {
    await Promise.all([cli('key', 'rotate'), cli('key', 'rotate'), cli('key', 'generate')])
    const keys = await json<{ kid: string; algorithm: string; state: string }[]>('key', 'list')
    const active = keys.filter(({ algorithm, state }) => algorithm === 'ES256' && state === 'active')
    expect(active).toHaveLength(1)
    const refused = await cli('key', 'remove', active[0]!.kid)
    expect([refused.code, refused.error]).toEqual([1, expect.stringContaining('signs tokens')])
    for (const { kid, state } of keys.filter(({ state }) => state !== 'active')) {
      await json('key', 'remove', kid)
      expect(state).not.toBe('active')
    }
    await expect.poll(async () => (await kids()).length, { timeout: 5_000 }).toBe(3)
  })

  it('that is shared with a resource server is changed while both run', async () => {
    const { key } = await json<{ key: { kid: string } }>('rs', 'add', 'shared', '--scope', 'read')
    const before = await TokenKey.fromJwk(key)
    await expect.poll(() => tokenFor('shared').catch(() => undefined), { timeout: 5_000 }).toBeDefined()
    const made = await json<{ key: { kid: string } }>('rs', 'generate-key', 'shared')
    const after = await TokenKey.fromJwk(made.key)
    await openCwt(await tokenFor('shared'), { keys: before })
    await json('rs', 'rotate-key', 'shared')
    const kidOf = async () => {
      const { protected: header, unprotected } = decodeCoseMessage(await tokenFor('shared'))
      return text(header.kid ?? unprotected.kid!)
    }
    await expect.poll(kidOf, { timeout: 5_000 }).toBe('shared-2')
    // A resource server that has both opens what comes while the server changes.
    await openCwt(await tokenFor('shared'), { keys: [before, after] })
  })
})

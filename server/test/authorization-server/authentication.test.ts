import { createHash, randomUUID, sign } from 'node:crypto'
import { AccessTokenRequest, IntrospectionRequest, RevocationRequest } from 'ace-oauth'
import type { ClientCertificate, EndpointResponse, Peer } from 'ace-oauth/endpoint'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { SecretChecker } from '../../src/client-secret.ts'
import { hashChosenSecret, hashNewSecret, openStore } from '../../src/index.ts'
import { basic, clientKey, type Fixture, issuer, openFixture, secret } from './fixture.ts'

/** The slow hashes that were begun; while they are held none ends. */
const slow = vi.hoisted(() => ({ begun: 0, isHeld: false, release: [] as (() => void)[] }))
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>()
  const scrypt = (...given: unknown[]): void => {
    slow.begun++
    const done = given.at(-1) as (error: null, hash: Buffer) => void
    if (slow.isHeld) slow.release.push(() => done(null, Buffer.alloc(32, 1)))
    else Reflect.apply(crypto.scrypt, undefined, given)
  }
  return { ...crypto, scrypt }
})

let as: Fixture
beforeAll(async () => {
  as = await openFixture()
})
afterAll(() => as.close())

const members = { audience: 'rs1', scope: 'read' } as const

/** A JWT of private_key_jwt (RFC 7523), signed by the key of the client. */
async function assertion(claims: Record<string, unknown>): Promise<string> {
  const encoded = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url')
  const input = `${encoded({ alg: 'ES256' })}.${encoded(claims)}`
  const key = await clientKey.toKeyObject('private')
  const signature = sign('sha256', Buffer.from(input), { key: key as never, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

const withAssertion = (client_assertion: string): Promise<EndpointResponse> =>
  as.server.token({
    method: 'POST',
    mediaType: 'application/x-www-form-urlencoded',
    headers: new Headers(),
    payload: new TextEncoder().encode(
      new URLSearchParams({
        ...members,
        client_assertion,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      }).toString(),
    ),
  })

describe('client authentication of the server', () => {
  it('takes a signed assertion once, for this server alone (RFC 7523 section 3)', async () => {
    await as.addClient('signer', {
      authentication: 'private_key_jwt',
      secretHash: null,
      jwks: { keys: [clientKey.toJwk()] },
    })
    const exp = Math.floor(Date.now() / 1_000) + 60
    const claims = { iss: 'signer', sub: 'signer', aud: issuer, exp, jti: randomUUID() }
    const jwt = await assertion(claims)
    expect((await withAssertion(jwt)).status).toBe(200)
    expect((await withAssertion(jwt)).failure?.code).toBe('token_client_credentials_invalid')
    const forOther = await assertion({ ...claims, aud: 'https://other.example.com', jti: randomUUID() })
    expect((await withAssertion(forOther)).failure?.code).toBe('token_client_credentials_invalid')
  })

  it('takes the certificate that is registered, by its subject or its thumbprint (RFC 8705 section 2)', async () => {
    const thumbprint = Uint8Array.from(createHash('sha256').update('certificate').digest())
    await as.addClient('by-subject', {
      authentication: 'tls_client_auth',
      secretHash: null,
      certificateSubject: { tls_client_auth_subject_dn: 'CN=sensor1' },
    })
    await as.addClient('self-signed', {
      authentication: 'self_signed_tls_client_auth',
      secretHash: null,
      jwks: { keys: [{ 'x5t#S256': Buffer.from(thumbprint).toString('base64url') }] },
    })
    const ask = async (client_id: string, certificate: ClientCertificate) =>
      (
        await as.server.token({
          method: 'POST',
          payload: new AccessTokenRequest({ client_id, ...members }).toCbor(),
          peer: { certificate },
        })
      ).code
    const verified = { thumbprint, isChainVerified: true, subject: 'CN=sensor1' }
    expect(await ask('by-subject', verified)).toBe('2.01')
    expect(await ask('by-subject', { ...verified, subject: 'CN=sensor2' })).not.toBe('2.01')
    expect(await ask('by-subject', { ...verified, isChainVerified: false })).not.toBe('2.01')
    expect(await ask('self-signed', { thumbprint, isChainVerified: false })).toBe('2.01')
    expect(await ask('self-signed', { thumbprint: new Uint8Array(32), isChainVerified: false })).not.toBe(
      '2.01',
    )
  })

  it('takes a secret that somebody chose, beside those that the server made', async () => {
    await as.addClient('chosen', { secretHash: await hashChosenSecret('correct horse') })
    const ask = async (client_id: string, client_secret: string) =>
      (
        await as.server.token({
          method: 'POST',
          payload: new AccessTokenRequest({ client_id, client_secret, ...members }).toCbor(),
        })
      ).code
    expect(await ask('chosen', 'correct horse')).toBe('2.01')
    expect(await ask('chosen', 'wrong horse')).toBe('4.01')
    expect(await ask('c1', secret)).toBe('2.01')
    expect(await ask('c1', 'wrong')).toBe('4.01')
    expect(await ask('nobody', 'wrong')).toBe('4.01')
  })

  it('never stores a secret, and two hashes of one differ', async () => {
    const [one, two] = [await hashChosenSecret('correct horse'), await hashChosenSecret('correct horse')]
    expect(one).not.toBe(two)
    expect(one).not.toContain('horse')
  })
})

describe('wrong credentials', () => {
  const limits = {
    failuresPerClientAndAddress: 3,
    failuresPerClient: 6,
    failuresPerAddress: 5,
    failureWindow: 600,
  }
  const from = (address: string) => ({ address })
  const guess = (own: Fixture, client_id: string, peer: Peer, client_secret = 'wrong') =>
    own.server.token({
      method: 'POST',
      payload: new AccessTokenRequest({ client_id, client_secret, ...members }).toCbor(),
      peer,
    })

  it('are refused by 4.29 with a time to come again when there were too many, and the right ones too', async () => {
    const own = await openFixture({ limits })
    for (let i = 0; i < 3; i++) expect((await guess(own, 'c1', from('192.0.2.1'))).code).toBe('4.01')
    for (const [given, name] of [
      ['wrong', 'c1'],
      [secret, 'c1'],
    ] as const) {
      const answer = await guess(own, name, from('192.0.2.1'), given)
      expect([answer.code, answer.status, answer.failure?.code, answer.payload.length]).toEqual([
        '4.29',
        429,
        'token_rate_limited',
        0,
      ])
      expect(answer.maxAge).toBeGreaterThan(0)
      expect(answer.headers['retry-after']).toBe(String(answer.maxAge))
    }
    expect(own.answers.at(-1)?.failure?.details).toMatchObject({ clientId: 'c1', address: '192.0.2.1' })
    // The client itself comes from elsewhere.
    expect((await guess(own, 'c1', from('198.51.100.1'), secret)).code).toBe('2.01')
    await own.close()
  })

  it('are refused alike whether or not there is such a client (R9200-5.8-4)', async () => {
    const own = await openFixture({ limits })
    for (const name of ['c1', 'nobody']) {
      const codes = []
      for (let i = 0; i < 5; i++) codes.push((await guess(own, name, from(`192.0.2.${i}`))).code)
      for (let i = 0; i < 3; i++) codes.push((await guess(own, name, from(`198.51.100.${i}`))).code)
      expect(codes).toEqual([...Array(6).fill('4.01'), '4.29', '4.29'])
    }
    await own.close()
  })

  it('are counted at introspection, revocation and the revocation list as well', async () => {
    const own = await openFixture({ limits: { ...limits, failuresPerAddress: 1 } })
    const headers = () => new Headers({ authorization: basic('rs1-introspection', 'wrong') })
    const introspect = (address: string) =>
      own.server.introspection({
        method: 'POST',
        mediaType: 'application/ace+cbor',
        payload: new IntrospectionRequest({ token: 'abc' }).toCbor(),
        headers: headers(),
        peer: { address },
      })
    expect((await introspect('192.0.2.1')).failure?.code).toBe('introspect_client_credentials_invalid')
    expect((await introspect('192.0.2.1')).failure?.code).toBe('introspect_rate_limited')
    const revoke = await own.server.revocation({
      method: 'POST',
      mediaType: 'application/ace+cbor',
      payload: new RevocationRequest({ token: 'abc' }).toCbor(),
      headers: headers(),
      peer: { address: '192.0.2.1' },
    })
    expect(revoke.failure?.code).toBe('revoke_rate_limited')
    const list = await own.server.revocationList(
      { method: 'GET', headers: headers(), peer: { address: '192.0.2.1' } },
      {},
    )
    expect([list.code, list.status, list.payload.length]).toEqual(['4.29', 429, 0])
    expect(Number(list.headers['retry-after'])).toBeGreaterThan(0)
    await own.close()
  })

  it('do not count where the store failed before anybody looked at them', async () => {
    const own = await openFixture({ limits })
    await own.store.close()
    for (let i = 0; i < 10; i++)
      expect((await guess(own, 'c1', from('192.0.2.1'))).failure?.code).toBe('token_store_unavailable')
  })

  it('take the same work for a chosen secret, a random one and a client that there is not', async () => {
    const checker = new SecretChecker()
    const wrong = new TextEncoder().encode('wrong')
    const chosen = await hashChosenSecret('correct horse')
    const work: number[] = []
    for (const hash of [chosen, hashNewSecret(secret), undefined]) {
      const before = slow.begun
      expect(await checker.isSecret(wrong, hash, true)).toBe(false)
      work.push(slow.begun - before)
    }
    expect(work).toEqual([1, 1, 1])
    // Who has a random secret and knows it does not wait for a slow hash.
    const before = slow.begun
    expect(await checker.isSecret(new TextEncoder().encode(secret), hashNewSecret(secret), true)).toBe(true)
    expect(slow.begun).toBe(before)
    // Without slow hashes in the store nobody waits for one.
    expect(await checker.isSecret(wrong, undefined, false)).toBe(false)
    expect(slow.begun).toBe(before)
  })

  it('that need a slow hash are told to come again where too many wait for one', async () => {
    const own = await openFixture()
    await own.addClient('chosen', { secretHash: await hashChosenSecret('correct horse') })
    slow.isHeld = true
    const asked = Array.from({ length: 70 }, (_, i) => guess(own, `nobody${i}`, from(`192.0.2.${i}`)))
    await vi.waitFor(() => expect(slow.release).toHaveLength(64))
    slow.isHeld = false
    for (const each of slow.release) each()
    const answers = await Promise.all(asked)
    const codes = new Map<string | undefined, number>()
    for (const { failure } of answers) codes.set(failure?.code, (codes.get(failure?.code) ?? 0) + 1)
    expect(codes.get('token_client_credentials_invalid')).toBe(64)
    expect(codes.get('token_unavailable')).toBe(6)
    await own.close()
  })

  it('are asked for by a positive number of failures, or the server does not start', async () => {
    for (const value of [0, -1, Number.NaN, 1.5])
      await expect(openFixture({ limits: { failuresPerClient: value } })).rejects.toThrow(
        'limits.failuresPerClient is',
      )
  })
})

describe('registrations', () => {
  it('of which another process changes one are known within the time that is set', async () => {
    const own = await openFixture()
    const other = await openStore(own.location)
    expect((await own.request('c1', members)).code).toBe('2.01')
    await other.clients.setEnabled('c1', false, 'test', 0)
    expect((await own.refusal('c1', members))[0]).toBe('token_client_credentials_invalid')
    await other.clients.setEnabled('c1', true, 'test', 0)
    await other.clients.setSecretHash('c1', hashNewSecret('other'), 'test', 0)
    expect((await own.refusal('c1', members))[0]).toBe('token_client_credentials_invalid')
    await other.close()
    await own.close()
  })

  it('are known anew a tenth of a second after they changed', async () => {
    const own = await openFixture({ registrationsMaxAgeMs: undefined })
    vi.useFakeTimers({ toFake: ['performance'] })
    try {
      await own.request('c1', members)
      await own.store.clients.setEnabled('c1', false, 'test', 0)
      vi.advanceTimersByTime(100)
      expect((await own.refusal('c1', members))[0]).toBe('token_client_credentials_invalid')
    } finally {
      vi.useRealTimers()
      await own.close()
    }
  })

  it('are not asked of the store for each request', async () => {
    const own = await openFixture({ registrationsMaxAgeMs: 60_000 })
    await own.request('c1', members)
    await own.store.clients.setEnabled('c1', false, 'test', 0)
    // Known for a minute: that is what the option says.
    expect((await own.request('c1', members)).code).toBe('2.01')
    await own.close()
  })
})

describe('the settings and metadata', () => {
  it('are refused where a setting is no positive integer', async () => {
    for (const value of [0, -1, Number.NaN, 1.5, 2 ** 31])
      await expect(openFixture({ settings: { refreshLifetime: value } })).rejects.toThrow(
        'settings.refreshLifetime is',
      )
  })

  it('tell what the server does (RFC 8414 section 2)', async () => {
    const { payload } = await as.server.metadata({ method: 'GET' })
    expect(JSON.parse(new TextDecoder().decode(payload))).toMatchObject({
      issuer,
      token_endpoint: `${issuer}/token`,
      introspection_endpoint: `${issuer}/introspect`,
      revocation_endpoint: `${issuer}/revoke`,
      grant_types_supported: ['client_credentials', 'refresh_token'],
    })
  })
})

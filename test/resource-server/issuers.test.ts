import { describe, expect, it } from 'vitest'
import { TokenKey } from '../../src/cose/token-key.ts'
import { IntrospectionResponse } from '../../src/message/introspection-response.ts'
import { confirmationNames } from '../../src/resource-server/confirmation-key.ts'
import { HeldTokens } from '../../src/resource-server/held-tokens.ts'
import { verifyAccessToken } from '../../src/resource-server/verify-access-token.ts'
import type { TrustedIssuer, VerifyOptions } from '../../src/resource-server/verify-options.ts'
import { issueCwt, openCwt } from '../../src/token/cwt.ts'
import { issueJwt, openJwt } from '../../src/token/jwt.ts'
import { endpoint, failureOf, now, post, postOscore } from './fixtures.ts'

const [one, two, group, mac] = await Promise.all([
  TokenKey.generate('ES256', { kid: 'one' }),
  TokenKey.generate('ES256', { kid: 'two' }),
  TokenKey.generate('AES-CCM-16-64-128', { kid: 'group' }),
  TokenKey.generate('HMAC 256/256', { kid: 'mac' }),
])
const gcm = await TokenKey.generate('A128GCM', { kid: 'gcm' })
const [client, other] = await Promise.all([TokenKey.generate('ES256'), TokenKey.generate('ES256')])
const kid = Uint8Array.of(1)
const cnfOf = (key: TokenKey) => ({ COSE_Key: { ...key.toCose(), kid } })
const nameOf = async (key: TokenKey): Promise<string> => (await confirmationNames(cnfOf(key)))[0]!

describe.each([
  [
    'named',
    [
      { issuer: 'one', keys: one },
      { issuer: 'two', keys: two },
    ],
  ],
  ['nameless', [{ keys: one }, { keys: two }]],
  ['of which one is introspected', [{ issuer: 'one', keys: one }]],
] as const)('two authorization servers never mix: %s', (_, issuers) => {
  const options = () =>
    endpoint({
      issuers,
      introspection: {
        issuer: 'two',
        // The second one vouches for what its key signed.
        ask: async (token) => {
          const { claims } = await openCwt(token.slice(1), { keys: two })
          const { scope, cnf } = claims
          return new IntrospectionResponse({ active: true, scope, cnf })
        },
      },
    })
  const from = async (key: TokenKey, claims: object): Promise<Uint8Array> => {
    const token = await issueCwt(claims, key)
    return key === two && issuers.length === 1 ? Uint8Array.of(0, ...token) : token
  }

  it('RFC 8747 §3.4: a kid means a key of the same one', async () => {
    const at = options()
    await post(from(one, { scope: 'read', cnf: cnfOf(client) }), at)
    const answer = await post(from(two, { scope: 'admin', cnf: { kid } }), at)
    expect(answer).toMatchObject({ code: '4.00', failure: { code: 'authz_info_key_unusable' } })
    for (const name of [await nameOf(client), 'kid:01'])
      expect(at.tokens.find(name)?.claims.scope).toBe('read')
    expect(at.tokens.size).toBe(1)
  })

  it('a key has the tokens of both, and neither takes the place of the other', async () => {
    const at = options()
    await post(from(one, { scope: 'read', cnf: cnfOf(client) }), at)
    const second = await post(from(two, { scope: 'admin', cnf: cnfOf(client) }), at)
    expect(at.tokens.size).toBe(2)
    expect(at.tokens.find(await nameOf(client), now)).toBe(second.token)
    // The kid of one is no second kid of the other.
    expect((await post(from(one, { scope: 'write', cnf: { kid } }), at)).code).toBe('2.01')
    expect((await post(from(two, { scope: 'root', cnf: { kid } }), at)).code).toBe('2.01')
    expect(at.tokens.expire(now).length).toBe(0)
    const scopes = at.tokens.drop(() => true).map(({ claims }) => claims.scope)
    expect(scopes).toEqual(['write', 'root'])
  })

  it('RFC 9203 §2: the identifier of OSCORE input material is of one', async () => {
    const contexts: unknown[] = []
    const oscore = {
      newRecipientId: () => Uint8Array.of(9),
      established: ({ masterSecret }: { masterSecret: Uint8Array }) => void contexts.push(masterSecret[0]),
      discarded: ({ masterSecret }: { masterSecret: Uint8Array }) => void contexts.push(-masterSecret[0]!),
    }
    // Only a token that is encrypted may bring the Master Secret.
    const encrypted = issuers.map((each) => ({ ...each, decryptWith: group }))
    const at = { ...options(), issuers: encrypted, oscore }
    const id = Uint8Array.of(9)
    const osc = (first: number) => ({ osc: { id, ms: new Uint8Array(16).fill(first) } })
    const sealed = async (key: TokenKey, claims: object): Promise<Uint8Array> =>
      key === two && issuers.length === 1
        ? from(two, claims).catch(() => new Uint8Array(1))
        : issueCwt(claims, key, { encryptWith: group })
    expect((await postOscore(sealed(one, { scope: 'read', cnf: osc(1) }), at)).code).toBe('2.01')
    if (issuers.length === 1) return
    expect((await postOscore(sealed(two, { scope: 'admin', cnf: osc(2) }), at)).code).toBe('2.01')
    expect(contexts).toEqual([1, 2])
    expect(at.tokens.size).toBe(2)
    expect(at.tokens.find('osc:09')).toBeUndefined()
    // An update says whose context it came over where both have the identifier.
    const update = () => sealed(two, { scope: 'root', cnf: { kid: id } })
    expect((await postOscore(update(), at, { protectedBy: id })).code).toBe('4.01')
    const protectedByIssuer = 'issuer' in issuers[0] ? issuers[0].issuer : undefined
    if (protectedByIssuer) {
      expect((await postOscore(update(), at, { protectedBy: id, protectedByIssuer })).code).toBe('4.01')
      expect((await postOscore(update(), at, { protectedBy: id, protectedByIssuer: 'two' })).code).toBe(
        '2.01',
      )
      expect(at.tokens.find('osc:09', now, 'one')?.claims.scope).toBe('read')
      expect(at.tokens.find('osc:09', now, 'two')?.claims.scope).toBe('root')
    }
  })
})

describe('what one authorization server may have', () => {
  it('an update over the context of another is refused, also where its own has none', async () => {
    const oscore = { newRecipientId: () => Uint8Array.of(9), established: () => undefined }
    const issuers = [one, two].map((keys, i) => ({ issuer: `as${i}`, keys, decryptWith: group }))
    const at = endpoint({ issuers, oscore })
    const id = Uint8Array.of(9)
    const cnf = { osc: { id, ms: new Uint8Array(16) } }
    await postOscore(issueCwt({ scope: 'read', cnf }, one, { encryptWith: group }), at)
    const update = await postOscore(issueCwt({ scope: 'admin', cnf: { kid: id } }, two), at, {
      protectedBy: id,
    })
    expect(update.code).toBe('4.01')
    expect(at.tokens.find('osc:09')?.claims.scope).toBe('read')
  })

  it('the room for its tokens is its own', async () => {
    const at = endpoint({
      issuers: [
        { issuer: 'one', keys: one },
        { issuer: 'two', keys: two },
      ],
      tokens: new HeldTokens(2),
    })
    await post(issueCwt({ cnf: cnfOf(client) }, one), at)
    for (let i = 0; i < 5; i++) await post(issueCwt({ cnf: { kid: Uint8Array.of(i + 2) } }, two), at)
    expect(at.tokens.size).toBe(3)
    expect(at.tokens.find(await nameOf(client))).toBeDefined()
  })
})

describe('a key is trusted for what it is for (RFC 9200 §6.1)', () => {
  const options = (more: Partial<TrustedIssuer> = {}, keys: readonly TokenKey[] = [one]): VerifyOptions => ({
    issuers: [{ issuer: 'as', keys, ...more }],
    audiences: 'rs',
    recognizesScope: () => true,
    now: () => now,
  })
  const verify = (token: Uint8Array | string, at: VerifyOptions) => verifyAccessToken(token, at)

  it.each([
    ['apart', options({ decryptWith: [group, gcm] })],
    ['among the others', options({}, [one, group, gcm])],
    ['beside a key that MACs', options({}, [mac, group, gcm])],
  ])('a key that decrypts vouches for nothing, given %s', async (where, at) => {
    const vouching = where.includes('MACs') ? mac : one
    for (const alone of [
      issueCwt({ scope: 'admin' }, group),
      issueCwt({ scope: 'admin' }, group, { encryptWith: gcm }),
    ]) {
      const failure = await failureOf(verify(await alone, at))
      expect(failure).toMatchObject({ code: 'authz_info_token_wrapper_invalid', coapCode: '4.01' })
    }
    const nested = await verify(await issueCwt({ scope: 'read' }, vouching, { encryptWith: group }), at)
    expect(nested.layers.map(({ structure }) => structure)).toEqual([
      'encrypt0',
      vouching === mac ? 'mac0' : 'sign1',
    ])
    expect((await verify(await issueCwt({ scope: 'read' }, vouching), at)).claims.scope).toBe('read')
    const jwt = { iss: 'as', aud: 'rs', exp: now + 1, scope: 'read' }
    expect((await verify(await issueJwt(jwt, vouching, { encryptWith: gcm }), at)).claims.scope).toBe('read')
  })

  it('a key that encrypts vouches where the authorization server has no other', async () => {
    const token = await issueCwt({ scope: 'read' }, group)
    expect((await verify(token, options({}, [group]))).claims.scope).toBe('read')
    // Two entries with one name: tokens that are signed, and ones that are encrypted for this resource server alone.
    const both = {
      ...options(),
      issuers: [
        { issuer: 'as', keys: one },
        { issuer: 'as', keys: group },
      ],
    }
    expect((await verify(token, both)).issuer).toBe('as')
  })

  it('openCwt and openJwt: what decryptWith opened alone is refused', async () => {
    const token = await issueCwt({ scope: 'admin' }, group)
    await expect(openCwt(token, { keys: one, decryptWith: group })).rejects.toMatchObject({
      coapCode: '4.01',
    })
    await expect(openCwt(token, { keys: () => [one], decryptWith: group })).rejects.toMatchObject({
      coapCode: '4.01',
    })
    const nested = await issueCwt({ scope: 'read' }, one, { encryptWith: group })
    for (const keys of [one, () => [one]] as const)
      expect((await openCwt(nested, { keys, decryptWith: group })).claims.scope).toBe('read')
    const jwt = await issueJwt({ scope: 'read' }, one, { encryptWith: gcm })
    expect((await openJwt(jwt, { keys: one, decryptWith: gcm })).claims.scope).toBe('read')
    await expect(openJwt(jwt, { keys: gcm, decryptWith: one })).rejects.toMatchObject({ coapCode: '4.01' })
  })

  it('R9200-6.1-3: a token for several audiences is signed, on issue and on verification', async () => {
    const claims = { iss: 'as', aud: ['rs', 'rs2'], exp: now + 60, scope: 'read' }
    for (const key of [mac, group])
      await expect(issueCwt(claims, key)).rejects.toMatchObject({ name: 'EncodeError', path: 'aud' })
    await expect(issueCwt(claims, mac, { encryptWith: group })).rejects.toMatchObject({ path: 'aud' })
    await expect(issueJwt(claims, mac)).rejects.toMatchObject({ path: 'aud' })
    expect(await issueCwt({ ...claims, aud: ['rs', 'rs'] }, mac)).toBeDefined()
    for (const token of [
      issueCwt(claims, one),
      issueJwt(claims, one),
      issueCwt(claims, one, { encryptWith: group }),
    ])
      expect((await verify(await token, options({ decryptWith: group }))).claims.aud).toEqual(claims.aud)
    // What another server makes of them.
    const { protectCose } = await import('../../src/cose/protect-cose.ts')
    const { TokenClaims } = await import('../../src/token/token-claims.ts')
    for (const key of [mac, group]) {
      const token = await protectCose(new TokenClaims(claims).toCbor(), key)
      expect(await failureOf(verify(token, options({}, [key])))).toMatchObject({ coapCode: '4.01' })
    }
  })

  it('the keys of one are tried after those of another, for one and the same token, however it is framed', async () => {
    const token = await issueCwt({ iss: 'b', scope: 'read' }, mac, { tagged: false })
    const issuers = [
      { issuer: 'a', keys: one },
      { issuer: 'c', keys: two, untagged: 'sign1' as const },
      { issuer: 'b', keys: mac, untagged: 'mac0' as const },
    ]
    const at = { ...options(), issuers }
    expect((await verify(token, at)).issuer).toBe('b')
    expect((await verify(await issueCwt({ iss: 'c' }, two), at)).issuer).toBe('c')
  })
})

describe('the work for a token', () => {
  it('is one decoding, however many authorization servers there are', async () => {
    const token = await issueCwt({ scope: 'read' }, other)
    const reads = async (count: number): Promise<number> => {
      let read = 0
      const limits = {
        get maxDepth() {
          read++
          return 16
        },
      }
      const issuers = Array.from({ length: count }, (_, i) => ({
        issuer: `as${i}`,
        keys: one,
        untagged: 'sign1' as const,
      }))
      await failureOf(verifyAccessToken(token, { ...endpoint(), issuers, limits }))
      return read
    }
    expect(await reads(50)).toBe(await reads(1))
  })
})

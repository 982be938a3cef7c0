import fc from 'fast-check'
import { CompactEncrypt } from 'jose'
import { describe, expect, it } from 'vitest'
import { encodeCoseKey } from '../../src/cose/cose-key.ts'
import { encryptKey } from '../../src/cose/encrypted-key.ts'
import { protectCose } from '../../src/cose/protect-cose.ts'
import { TokenKey } from '../../src/cose/token-key.ts'
import { Failure } from '../../src/failure/failure.ts'
import type { Confirmation, ConfirmationInput } from '../../src/message/confirmation.ts'
import { confirmationNames } from '../../src/resource-server/confirmation-key.ts'
import { HeldTokens } from '../../src/resource-server/held-tokens.ts'
import { VerifiedToken } from '../../src/resource-server/verified-token.ts'
import { issueCwt } from '../../src/token/cwt.ts'
import { issueJwt } from '../../src/token/jwt.ts'
import { TokenClaims } from '../../src/token/token-claims.ts'
import { endpoint, now, post, postClaims, postOscore, shared, signing } from './fixtures.ts'

const client = await TokenKey.generate('ES256', { kid: 'c' })
const pop = await TokenKey.generate('HMAC 256/256', { kid: 'pop' })
const gcm = await TokenKey.generate('A128GCM')
const oscore = { newRecipientId: () => Uint8Array.of(9), established: () => undefined }

describe('a confirmation of any form ends in 2.01 or 4.00, never in 5.00', () => {
  const bytes = fc.uint8Array({ maxLength: 40 })
  const cbor = fc.oneof(
    fc.constantFrom(Uint8Array.of(0xf5), Uint8Array.of(0xa0), Uint8Array.of(0x80), Uint8Array.of(0xf6)),
    bytes.filter(({ length }) => length < 24).map((one) => Uint8Array.of(0x40 + one.length, ...one)),
    fc.constant(client.toCbor()),
    fc.constant(pop.toPrivateCbor()),
    fc.constant(client.toPrivateCbor()),
    fc.record({ id: bytes, ms: bytes }, { requiredKeys: [] }).map(({ id, ms }) => {
      const members = [...(id ? [0, 0x58, id.length, ...id] : []), ...(ms ? [2, 0x58, ms.length, ...ms] : [])]
      return Uint8Array.of(0xa0 + (id ? 1 : 0) + (ms ? 1 : 0), ...members)
    }),
    fc
      .constantFrom('a10104', 'a1010402', 'a2010202410a', 'a201040241aa', 'a4010220012140')
      .map((digits) => Uint8Array.from(Buffer.from(digits, 'hex'))),
  )
  const members = fc.uniqueArray(fc.tuple(fc.constantFrom(1, 2, 3, 4, 5, 0x1863, 0x190143), cbor), {
    selector: ([key]) => key,
    maxLength: 3,
  })
  const key = (number: number): number[] =>
    number > 0xffff
      ? [number >> 16, (number >> 8) & 0xff, number & 0xff]
      : number > 0xff
        ? [number >> 8, number & 0xff]
        : [number]

  it.each([
    ['signed', signing],
    ['encrypted', shared],
  ] as const)('in CBOR, %s', async (_, as) => {
    const property = fc.asyncProperty(members, fc.boolean(), async (given, isOscore) => {
      const cnf = [0xa0 + given.length, ...given.flatMap(([number, value]) => [...key(number), ...value])]
      const token = await protectCose(Uint8Array.of(0xa1, 0x08, ...cnf), as)
      const options = endpoint({ issuers: [{ keys: as }], oscore })
      const { code, failure } = isOscore ? await postOscore(token, options) : await post(token, options, 61)
      expect(['2.01', '4.00'], `${Buffer.from(cnf).toString('hex')} ${failure?.code}`).toContain(code)
      expect(options.tokens.size).toBe(code === '2.01' ? 1 : 0)
    })
    await fc.assert(property, { numRuns: 1_500 })
  })

  it('in JSON', async () => {
    const value = fc.oneof(
      fc.constantFrom('', 'AQ', 'a.b.c', 'eyJ', 5, null, true),
      fc.constantFrom<object[]>(
        {},
        [],
        client.toJwk(),
        pop.toPrivateJwk(),
        client.toPrivateJwk(),
        { kty: 'RSA', n: 'AQ', e: 'AQAB' },
        { id: 'AQ', ms: 'AQ' },
        { ms: 'AQ' },
      ),
      fc.uint8Array({ minLength: 32, maxLength: 32 }).map((one) => Buffer.from(one).toString('base64url')),
    )
    const names = [
      'jwk',
      'jwe',
      'jku',
      'kid',
      'osc',
      'ckt',
      'jkt',
      'x5t#S256',
      'COSE_Key',
      'Encrypted_COSE_Key',
      'x',
    ]
    const property = fc.asyncProperty(
      fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 2 }),
      async (cnf) => {
        const payload = new TextEncoder().encode(JSON.stringify({ iss: 'as', aud: 'rs', exp: now + 60, cnf }))
        const token = await jws(payload)
        const options = endpoint({ issuers: [{ issuer: 'as', keys: signing }] })
        const { code, failure } = await post(token, options, 'application/jwt')
        expect(['2.01', '4.00'], `${JSON.stringify(cnf)} ${failure?.code}`).toContain(code)
      },
    )
    await fc.assert(property, { numRuns: 1_500 })
  })

  it('of any claims', async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 30 }), async (noise) => {
      const token = await protectCose(Uint8Array.of(0xa1, 0x08, ...noise), signing)
      expect((await post(token, endpoint({ issuers: [{ keys: signing }] }))).code).toMatch(/^4\.00|2\.01$/)
    })
    await fc.assert(property, { numRuns: 500 })
  })

  it('HeldTokens.hold throws a Failure alone', async () => {
    const cnfs: ConfirmationInput[] = [
      { osc: { ms: new Uint8Array(16) } },
      { jwe: 'x' },
      { ckt: new Uint8Array(3) },
      { Encrypted_COSE_Key: Uint8Array.of(0x80) },
    ]
    for (const cnf of cnfs) {
      const claims = new TokenClaims({ cnf })
      const token = new VerifiedToken({
        format: 'cwt',
        claims,
        issuer: 'as',
        layers: [],
        verifiedAt: 0,
        expiresAt: undefined,
        hash: 'x',
      })
      const held = new HeldTokens()
      await expect(held.hold(token)).rejects.toBeInstanceOf(Failure)
      expect(held.size).toBe(0)
    }
  })

  async function jws(payload: Uint8Array): Promise<string> {
    const { CompactSign, importJWK } = await import('jose')
    return new CompactSign(payload)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
      .sign(await importJWK(signing.toPrivateJwk() as never))
  }
})

describe('a key in clear (RFC 9200 §6.1, RFC 8747 §3.2, RFC 9203 §3.2)', () => {
  it('R9200-6.1-2: is refused where the token is signed alone, and a private key always', async () => {
    const secrets: [string, Confirmation][] = [
      ['k', { COSE_Key: pop.toPrivateCose() }],
      ['osc', { osc: { id: Uint8Array.of(1), ms: new Uint8Array(16) } }],
      ['d', { COSE_Key: client.toPrivateCose() }],
    ]
    for (const [name, cnf] of secrets) {
      // Claims with a private key are not built: their CBOR is put together.
      const claims =
        name === 'd'
          ? Uint8Array.of(0xa1, 8, 0xa1, 1, ...encodeCoseKey(client.toPrivateCose()))
          : new TokenClaims({ cnf }).toCbor()
      const sign1 = endpoint({ issuers: [{ keys: signing }], oscore })
      const refusedPost = await post(protectCose(claims, signing), sign1)
      expect(refusedPost, name).toMatchObject({ code: '4.00', failure: { code: 'authz_info_key_unusable' } })
      expect((await postOscore(protectCose(claims, signing), sign1)).code).toBe('4.00')
      expect(sign1.tokens.size).toBe(0)
      const encrypted = await protectCose(claims, shared)
      const answer =
        name === 'osc' ? await postOscore(encrypted, endpoint({ oscore })) : await post(encrypted, endpoint())
      expect(answer.code, name).toBe(name === 'd' ? '4.00' : '2.01')
    }
  })
})

describe('two tokens never stand for one key', () => {
  const forms = async (): Promise<[string, ConfirmationInput][]> => [
    ['the key', { COSE_Key: client.toCose() }],
    [
      'the key without kid and alg',
      { COSE_Key: { kty: 'EC2', crv: 'P-256', x: client.toCose().x!, y: client.toCose().y! } },
    ],
    [
      'a compressed point',
      { COSE_Key: { ...client.toCose(), y: (client.toCose().y as Uint8Array).at(-1)! % 2 === 1 } },
    ],
    ['ckt', { ckt: await client.thumbprint() }],
    ['jkt', { jkt: await client.jwkThumbprint() }],
    ['both', { ckt: await client.thumbprint(), jkt: await client.jwkThumbprint() }],
    ['the key and its thumbprint', { COSE_Key: client.toCose(), jkt: await client.jwkThumbprint() }],
  ]

  it('however an asymmetric key is named, one after the other', async () => {
    const all = await forms()
    for (const [first, one] of all)
      for (const [second, other] of all) {
        // A ckt and a jkt have nothing in common until the key comes.
        if ((first === 'ckt' && second === 'jkt') || (first === 'jkt' && second === 'ckt')) continue
        const options = endpoint()
        await postClaims({ scope: 'admin', cnf: one }, options)
        expect((await postClaims({ scope: 'read', cnf: other }, options)).code).toBe('2.01')
        expect(options.tokens.size, `${first}, then ${second}`).toBe(1)
        for (const name of await confirmationNames(other as Confirmation))
          expect(options.tokens.find(name)?.claims.scope).toBe('read')
      }
  })

  it('two that named one key by its two thumbprints are one as soon as the key is known', async () => {
    const options = endpoint()
    await postClaims({ scope: 'admin', cnf: { ckt: await client.thumbprint() } }, options)
    await postClaims({ scope: 'admin', cnf: { jkt: await client.jwkThumbprint() } }, options)
    await postClaims({ scope: 'read', cnf: { COSE_Key: client.toCose() } }, options)
    expect(options.tokens.size).toBe(1)
  })

  it('RFC 8747 §3.3, RFC 7800 §3.3: a key that is encrypted is the key inside, with a fresh IV each time', async () => {
    const issuers = [{ issuer: 'as', keys: signing, decryptWith: [shared, gcm] }]
    const jwe = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(pop.toPrivateJwk())))
      .setProtectedHeader({ alg: 'dir', enc: 'A128GCM' })
      .encrypt(gcm.toPrivateBytes())
    const options = endpoint({ issuers })
    const encrypted = async (scope: string) =>
      issueCwt({ scope, cnf: { Encrypted_COSE_Key: await encryptKey(pop, shared) } }, signing)
    expect((await post(encrypted('admin'), options)).code).toBe('2.01')
    expect((await post(encrypted('read'), options)).code).toBe('2.01')
    expect(options.tokens.size).toBe(1)
    expect(options.tokens.key('kid:706f70')?.toPrivateBytes()).toEqual(pop.toPrivateBytes())
    const jwt = issueJwt({ iss: 'as', aud: 'rs', exp: now * 2, scope: 'write', cnf: { jwe } }, signing)
    expect((await post(jwt, options)).code).toBe('2.01')
    const inClear = issueCwt({ scope: 'clear', cnf: { COSE_Key: pop.toPrivateCose() } }, signing, {
      encryptWith: shared,
    })
    expect((await post(inClear, options)).code).toBe('2.01')
    expect(options.tokens.size).toBe(1)
    expect(options.tokens.find('kid:706f70')?.claims.scope).toBe('clear')
    // Nobody can tell what is inside without a key for it.
    const without = endpoint({ issuers: [{ issuer: 'as', keys: signing }] })
    expect(await post(encrypted('admin'), without)).toMatchObject({
      code: '4.00',
      failure: { code: 'authz_info_key_unusable' },
    })
    expect(without.tokens.size).toBe(0)
  })

  it('a confirmation that names another key beside the one it brings is refused', async () => {
    const other = await TokenKey.generate('ES256')
    for (const beside of [{ ckt: await other.thumbprint() }, { jkt: await other.jwkThumbprint() }])
      expect((await postClaims({ cnf: { COSE_Key: client.toCose(), ...beside } }, endpoint())).code).toBe(
        '4.00',
      )
    const osc = { id: Uint8Array.of(1), ms: new Uint8Array(16) }
    expect(
      (
        await postOscore(
          issueCwt({ cnf: { osc, ckt: await other.thumbprint() } }, shared),
          endpoint({ oscore }),
        )
      ).code,
    ).toBe('4.00')
  })

  it('RFC 9202 Figure 7: a symmetric key without its value is one that the kid refers to', async () => {
    const options = endpoint()
    const kid = Uint8Array.of(0x3d, 2)
    expect(
      (await postClaims({ scope: 'a', cnf: { COSE_Key: { kty: 'Symmetric', kid } } }, options)).code,
    ).toBe('2.01')
    expect((await postClaims({ scope: 'b', cnf: { kid } }, options)).code).toBe('2.01')
    expect(options.tokens.size).toBe(1)
    expect(options.tokens.find('kid:3d02')?.claims.scope).toBe('b')
  })
})

describe('what has expired is absent', () => {
  it('and what was found so is told by expire(), as much as is held at most', async () => {
    let clock = now
    const options = endpoint({ now: () => clock, tokens: new HeldTokens(2) })
    for (let i = 1; i < 6; i++) {
      await postClaims({ exp: clock + 10, cnf: { kid: Uint8Array.of(i) } }, options)
      clock += 10
      expect(options.tokens.find(`kid:0${i}`, clock)).toBeUndefined()
    }
    expect(options.tokens.expire(clock).map(({ claims }) => claims.cnf?.kid?.[0])).toEqual([4, 5])
    expect(options.tokens.expire(clock)).toEqual([])
  })

  it('for a lookup, for the confirmation and the key, and for a kid that would refer to it', async () => {
    let clock = now
    const options = endpoint({ now: () => clock })
    const cnf = { COSE_Key: pop.toPrivateCose() }
    await postClaims({ exp: now + 10, scope: 'read', cnf }, options)
    const [name] = await confirmationNames(cnf)
    expect(options.tokens.key(name!, clock)).toBeDefined()
    clock = now + 10
    for (const of of [name!, 'kid:706f70']) {
      expect(options.tokens.find(of, clock)).toBeUndefined()
      expect(options.tokens.confirmation(of, clock)).toBeUndefined()
      expect(options.tokens.key(of, clock)).toBeUndefined()
    }
    await postClaims({ scope: 'admin', cnf: { kid: pop.kid! } }, options)
    expect(options.tokens.find(name!, clock)).toBeUndefined()
  })
})

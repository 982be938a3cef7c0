import { describe, expect, it } from 'vitest'
import { TokenKey } from '../../src/cose/token-key.ts'
import { Failure } from '../../src/failure/failure.ts'
import { IntrospectionResponse } from '../../src/message/introspection-response.ts'
import { ExiRegister, exiIdentifier } from '../../src/resource-server/exi-register.ts'
import { ScopeGrants } from '../../src/resource-server/scope-grants.ts'
import { verifyAccessToken } from '../../src/resource-server/verify-access-token.ts'
import type { VerifyOptions } from '../../src/resource-server/verify-options.ts'
import { opaqueToText } from '../../src/table/types/opaque.ts'
import { issueCwt } from '../../src/token/cwt.ts'
import { issueJwt } from '../../src/token/jwt.ts'
import { createReference, hashReference } from '../../src/token/reference.ts'
import type { TokenClaimsMembers } from '../../src/token/token-claims.ts'
import { unhex } from '../token/bytes.ts'

const as = await TokenKey.generate('ES256', { kid: 'as' })
const now = 1_700_000_000
const grants = new ScopeGrants({ read: [['/temperature', 1]] })
const options: VerifyOptions = {
  issuers: [{ issuer: 'coaps://as.example.com', keys: as.publicKey() }],
  audiences: ['rs', 'coaps://rs.example.com'],
  recognizesScope: (scope) => grants.recognizes(scope),
  now: () => now,
}
const good: TokenClaimsMembers = {
  iss: 'coaps://as.example.com',
  aud: 'rs',
  exp: now + 60,
  nbf: now,
  iat: now,
  scope: 'read',
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof Failure) return error
  throw error ?? new Error('it was taken')
}

const issue = { cwt: issueCwt, jwt: issueJwt }

describe.each(['cwt', 'jwt'] as const)('R9200-5.10.1-7: verification of a %s', (format) => {
  const token = (claims: TokenClaimsMembers, key = as): Promise<Uint8Array | string> =>
    issue[format](claims, key)

  it('takes a good token', async () => {
    const verified = await verifyAccessToken(await token(good), options)
    expect(verified).toMatchObject({
      format,
      issuer: 'coaps://as.example.com',
      expiresAt: now + 60,
      verifiedAt: now,
    })
    expect(verified.claims.scope).toBe('read')
  })

  const faults: [string, string, string, TokenClaimsMembers][] = [
    ['R9200-5.10.1.1-8: iss of another', 'issuer_mismatch', '4.01', { iss: 'coaps://other.example.com' }],
    ['R9200-5.10.1.1-9: exp that is not in the future', 'token_expired', '4.01', { exp: now }],
    ['nbf in the future', 'token_not_yet_valid', '4.01', { nbf: now + 1 }],
    ['R9200-5.10.1.1-11: aud of another', 'audience_mismatch', '4.03', { aud: 'other' }],
    ['R9200-5.10.1.1-12: an unknown scope', 'scope_unknown', '4.00', { scope: 'read fly' }],
  ]

  it.each(faults)('R9200-5.10.1-5: refuses %s', async (_, cause, coapCode, claims) => {
    const failure = await failureOf(verifyAccessToken(await token({ ...good, ...claims }), options))
    expect(failure).toMatchObject({ code: `authz_info_${cause}`, coapCode })
  })

  it('R9200-5.10.1.1-7: tells the first fault in the order iss, exp, nbf, aud, scope', async () => {
    for (const [i, [, cause]] of faults.entries()) {
      const claims = Object.assign({}, good, ...faults.slice(i).map((fault) => fault[3]))
      const failure = await failureOf(verifyAccessToken(await token(claims), options))
      expect(failure.code).toBe(`authz_info_${cause}`)
    }
  })

  it('R9200-5.10.1.1-3 R9200-5.10.1.1-5 R8747-4-1: looks at the protection before the claims, 4.01', async () => {
    const stranger = await TokenKey.generate('ES256', { kid: 'as' })
    const failure = await failureOf(
      verifyAccessToken(await token({ ...good, aud: 'other' }, stranger), options),
    )
    expect(failure).toMatchObject({ code: 'authz_info_token_wrapper_invalid', coapCode: '4.01' })
  })

  it('tells the peer the same for a wrong key, a key that is not there, and a flipped bit', async () => {
    const told = async (one: Uint8Array | string): Promise<unknown> => {
      const failure = await failureOf(verifyAccessToken(one, options))
      return [failure.code, failure.toJson(), failure.toErrorResponse(), failure.toProblemDetails()]
    }
    const [same, other] = await Promise.all([
      TokenKey.generate('ES256', { kid: 'as' }),
      TokenKey.generate('ES256', { kid: 'b' }),
    ])
    const flipped = await token(good)
    const changed =
      typeof flipped === 'string' ? `${flipped.slice(0, -8)}AAAAAAAA` : flipped.with(-1, flipped.at(-1)! ^ 1)
    const answers = [
      await told(await token(good, same)),
      await told(await token(good, other)),
      await told(changed),
    ]
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })

  it('allows the clocks to be apart as far as it is told', async () => {
    const late = await token({ ...good, exp: now - 5 })
    expect((await verifyAccessToken(late, { ...options, clockSkew: 6 })).expiresAt).toBe(now + 1)
    expect((await failureOf(verifyAccessToken(late, { ...options, clockSkew: 5 }))).code).toBe(
      'authz_info_token_expired',
    )
    const early = await token({ ...good, nbf: now + 5 })
    await expect(verifyAccessToken(early, { ...options, clockSkew: 5 })).resolves.toBeDefined()
  })

  it('R9200-5.10.1.1-4 R9200-6.5-4: takes a token of each of several issuers, but none in the name of another', async () => {
    const second = await TokenKey.generate('ES256', { kid: 'two' })
    const issuers = [...options.issuers!, { issuer: 'two', keys: second }]
    expect(
      (await verifyAccessToken(await token({ ...good, iss: 'two' }, second), { ...options, issuers })).issuer,
    ).toBe('two')
    const failure = await failureOf(verifyAccessToken(await token(good, second), { ...options, issuers }))
    expect(failure.code).toBe('authz_info_issuer_mismatch')
  })

  it('R9200-5.3.1-4: checks cnonce last, where it is asked to', async () => {
    const acceptsCnonce = (cnonce: Uint8Array | undefined): boolean => cnonce?.[0] === 7
    const fresh = await token({ ...good, cnonce: Uint8Array.of(7) })
    await expect(verifyAccessToken(fresh, { ...options, acceptsCnonce })).resolves.toBeDefined()
    const failure = await failureOf(verifyAccessToken(await token(good), { ...options, acceptsCnonce }))
    expect(failure).toMatchObject({ code: 'authz_info_cnonce_invalid', coapCode: '4.01' })
  })

  it('never lets a token into a log', async () => {
    const one = await token({ ...good, aud: 'other' })
    const { inspect } = await import('node:util')
    for (const failure of [
      await failureOf(verifyAccessToken(one, options)),
      await failureOf(verifyAccessToken(one, { ...options, issuers: [] })),
      await failureOf(verifyAccessToken(one, { ...options, limits: { maxBytes: 10 } }, 'cwt')),
    ]) {
      const shown =
        inspect(failure.toLog(), { depth: 9 }) +
        JSON.stringify(failure.toLog()) +
        String(failure) +
        failure.stack
      const text = typeof one === 'string' ? one : Buffer.from(one).toString('hex')
      for (let i = 0; i + 16 <= text.length; i += 8) expect(shown).not.toContain(text.slice(i, i + 16))
    }
  })
})

describe('what is no token', () => {
  it.each([
    ['nothing', ''],
    ['text', '68656c6c6f'],
    ['a tag alone', 'd2'],
    ['another tag', 'c11a5612aeb0'],
    ['a COSE_Sign', 'd8628440a0f680'],
    ['claims without protection (R9200-6.1-1)', 'a10162'],
  ])('R9200-5.10.1-10: %s is 4.00', async (_, digits) => {
    expect((await failureOf(verifyAccessToken(unhex(digits), options))).coapCode).toBe('4.00')
  })

  it('what was protected but is no claims set is 4.00', async () => {
    const { protectCose } = await import('../../src/cose/protect-cose.ts')
    const token = await protectCose(Uint8Array.of(0x80), as)
    expect((await failureOf(verifyAccessToken(token, options))).coapCode).toBe('4.00')
  })

  it('too much of it is 4.13', async () => {
    const token = await issueCwt(good, as)
    const failure = await failureOf(verifyAccessToken(token, { ...options, limits: { maxBytes: 32 } }))
    expect(failure.coapCode).toBe('4.13')
  })
})

describe('references', () => {
  it('have 144 random bits, are text on every road, and are stored as a hash', async () => {
    const [a, b] = [createReference(), createReference()]
    const text = new TextDecoder().decode(a)
    expect(text).toMatch(/^[\w-]{24}$/)
    expect(a).not.toEqual(b)
    expect(opaqueToText(a)).toBe(text)
    expect(await hashReference(a)).toBe(await hashReference(text))
    expect(await hashReference(a)).toMatch(/^[\w-]{43}$/)
    await expect(hashReference(5 as never)).rejects.toThrow(TypeError)
  })

  const token = createReference()
  const ask = (response: () => IntrospectionResponse): VerifyOptions => ({
    ...options,
    introspection: { issuer: 'coaps://as.example.com', ask: async () => response() },
  })

  it('are resolved by introspection, whose claims are verified like others', async () => {
    const active = ask(() => new IntrospectionResponse({ active: true, ...good } as never))
    const verified = await verifyAccessToken(token, active)
    expect(verified).toMatchObject({ format: 'reference', layers: [], expiresAt: now + 60 })
    const elsewhere = ask(() => new IntrospectionResponse({ active: true, aud: 'other' }))
    expect((await failureOf(verifyAccessToken(token, elsewhere))).coapCode).toBe('4.03')
  })

  it('that are not active are refused', async () => {
    const failure = await failureOf(
      verifyAccessToken(
        token,
        ask(() => new IntrospectionResponse({ active: false })),
      ),
    )
    expect(failure.code).toBe('authz_info_token_inactive')
  })

  it('R9200-6.10-1: allow nothing where the server cannot be asked', async () => {
    const down = ask(() => {
      throw new TypeError('connection refused')
    })
    expect((await failureOf(verifyAccessToken(token, down))).code).toBe('authz_info_introspection_failed')
    const busy = ask(() => {
      throw new Failure('authz_info_introspection_pending', { retryAfterMs: 5_000 })
    })
    expect(await failureOf(verifyAccessToken(token, busy))).toMatchObject({
      coapCode: '5.03',
      retryAfterMs: 5_000,
    })
    expect((await failureOf(verifyAccessToken(token, options))).coapCode).toBe('4.00')
  })
})

describe('exi (RFC 9200 §5.10.3)', () => {
  const token = (sequence: number, exi = 60): Promise<Uint8Array> =>
    issueCwt({ iss: 'coaps://as.example.com', exi, cti: exiIdentifier('rs', sequence) }, as)

  it('R9200-5.10.1.1-14: counts from when a token is first seen', async () => {
    const exi = new ExiRegister({ resourceServer: 'rs' })
    let clock = 100
    const at = { ...options, exi, now: () => clock }
    const one = await token(1)
    expect((await verifyAccessToken(one, at)).expiresAt).toBe(160)
    clock = 150
    expect((await verifyAccessToken(one, at)).expiresAt).toBe(160)
    clock = 160
    expect((await failureOf(verifyAccessToken(one, at))).code).toBe('authz_info_token_expired')
  })

  it('R9200-5.10.3-3: refuses numbers up to the highest that has expired, also after a restart', async () => {
    const exi = new ExiRegister({ resourceServer: 'rs' })
    let clock = 0
    const at = { ...options, exi, now: () => clock }
    await verifyAccessToken(await token(5, 10), at)
    clock = 10
    expect((await failureOf(verifyAccessToken(await token(4), at))).code).toBe('authz_info_token_expired')
    await expect(verifyAccessToken(await token(6), at)).resolves.toBeDefined()
    const restarted = { ...at, exi: new ExiRegister({ resourceServer: 'rs', state: exi.state }) }
    expect((await failureOf(verifyAccessToken(await token(5), restarted))).code).toBe(
      'authz_info_token_expired',
    )
  })

  it('does not grow without bound', () => {
    const exi = new ExiRegister({ resourceServer: 'rs', maxTokens: 10 })
    for (let i = 0; i < 10_000; i++) exi.admit('as', exiIdentifier('rs', i), 1_000 + i, 0)
    expect(exi.size).toBe(10)
    expect(exi.state.highestExpired).toEqual({ as: '9989' })
    expect(() => exi.admit('as', exiIdentifier('rs', 9_000), 60, 0)).toThrow(Failure)
  })

  it('R9200-5.10.3-2: takes the identifiers of this resource server alone', () => {
    const exi = new ExiRegister({ resourceServer: 'rs' })
    for (const cti of [exiIdentifier('rs2', 1), Uint8Array.of(1), new TextEncoder().encode('rs')])
      expect(() => exi.admit('as', cti, 60, 0)).toThrow(expect.objectContaining({ coapCode: '4.00' }))
    expect(exi.admit('as', Uint8Array.of(0x72, 0x73, 9), 60, 0)).toBe(60)
  })

  it('is refused where no register is kept', async () => {
    expect((await failureOf(verifyAccessToken(await token(1), options))).coapCode).toBe('4.00')
  })
})

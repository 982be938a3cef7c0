import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { TokenKey } from '../../src/cose/token-key.ts'
import { Failure } from '../../src/failure/failure.ts'
import { httpFailure } from '../../src/failure/received-failure.ts'
import { IntrospectionResponse } from '../../src/message/introspection-response.ts'
import { authorizeRequest } from '../../src/resource-server/authorize-request.ts'
import { confirmationNames } from '../../src/resource-server/confirmation-key.ts'
import { ExiRegister, exiIdentifier } from '../../src/resource-server/exi-register.ts'
import { ScopeGrants } from '../../src/resource-server/scope-grants.ts'
import { verifyAccessToken } from '../../src/resource-server/verify-access-token.ts'
import { issueCwt } from '../../src/token/cwt.ts'
import { issueJwt } from '../../src/token/jwt.ts'
import { createReference } from '../../src/token/reference.ts'
import { endpoint, failureOf, now, post, postOscore, shared } from './fixtures.ts'

const client = await TokenKey.generate('ES256')
const cnf = { COSE_Key: client.toCose() }
const active = { active: true, iss: 'as', aud: 'rs', scope: 'read', cnf } as const

/** An endpoint that introspects, and what it asked. */
function introspecting(answer: () => unknown = () => new IntrospectionResponse(active)) {
  const ask = vi.fn(async (_: Uint8Array) => answer() as IntrospectionResponse)
  return { ask, options: endpoint({ introspection: { issuer: 'as', ask } }) }
}

describe('a reference is never taken for something else (RFC 9200 §5.10.1.1)', () => {
  it('whatever the first byte of it, and whatever it is posted as', async () => {
    for (let first = 0; first < 256; first++) {
      const token = new Uint8Array(18).fill(first)
      for (const format of [undefined, 42, 'application/octet-stream']) {
        const { ask, options } = introspecting()
        expect(await post(token, options, format), `${first}`).toMatchObject({ code: '2.01' })
        expect(ask.mock.calls[0]![0]).toEqual(token)
      }
    }
  })

  it('any bytes and any text that are no CWT and no JWT', async () => {
    const any = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      fc.constantFrom('2YotnFZFEjr1zCsicMWpAA', 'a.b.c', 'eyJ.x.y', 'eyJhbGciOjF9.x.y', '~AP8', 'e30.e30.'),
      fc.string({ minLength: 1, maxLength: 64 }),
    )
    const property = fc.asyncProperty(any, async (token) => {
      const { options } = introspecting()
      expect((await verifyAccessToken(token, options)).format).toBe('reference')
    })
    await fc.assert(property, { numRuns: 1_000 })
  })

  it('nor what begins as a CWT and is none: cut, with a byte too many, of another structure', async () => {
    const token = await issueCwt({ iss: 'as', cnf }, shared)
    const none = [
      token.slice(0, -1),
      Uint8Array.of(...token, 0),
      Uint8Array.of(0xd8, 0x62, ...token.slice(1)),
    ]
    for (const one of none) {
      expect((await post(one, introspecting().options)).code).toBe('2.01')
      // A media type says what it is, and without introspection nobody can tell.
      expect((await post(one, introspecting().options, 61)).code).toBe('4.00')
      expect((await post(one, endpoint())).code).toBe('4.00')
    }
  })

  it('inside the map of the OSCORE profile', async () => {
    const osc = { id: Uint8Array.of(1), ms: new Uint8Array(16) }
    const { options } = introspecting(() => new IntrospectionResponse({ active: true, cnf: { osc } }))
    const oscore = { newRecipientId: () => Uint8Array.of(9), established: () => undefined }
    for (let i = 0; i < 50; i++)
      expect(
        (await postOscore(crypto.getRandomValues(new Uint8Array(18)), { ...options, oscore })).code,
      ).toBe('2.01')
  })

  it('what is a CWT or JWT is not introspected where there are issuers, and is where there are none', async () => {
    const tokens = [await issueCwt({ iss: 'as', cnf }, shared), await issueJwt({ iss: 'as', cnf }, client)]
    for (const token of tokens) {
      const { ask, options } = introspecting()
      await post(token, options)
      expect(ask).not.toHaveBeenCalled()
      expect((await post(token, { ...options, issuers: [] })).code).toBe('2.01')
      expect(ask).toHaveBeenCalledOnce()
    }
  })
})

describe('what is too large', () => {
  it('is refused before it is copied, hashed, decoded or sent to the authorization server (RFC 9200 §6.10)', async () => {
    const { ask, options } = introspecting()
    const limited = { ...options, limits: { maxBytes: 1_000 } }
    const large = new Uint8Array(1_001)
    for (const format of [undefined, 42, 61, 'application/jwt'])
      expect((await post(large, limited, format)).code).toBe('4.13')
    expect((await failureOf(verifyAccessToken(large, limited, 'reference'))).coapCode).toBe('4.13')
    expect((await failureOf(verifyAccessToken('a'.repeat(2_000), limited))).coapCode).toBe('4.13')
    const oscore = { newRecipientId: () => Uint8Array.of(9), established: () => undefined }
    expect((await postOscore(new Uint8Array(990), { ...limited, oscore })).code).toBe('4.13')
    expect(ask).not.toHaveBeenCalled()
    expect((await post(large.slice(1), limited, 42)).code).toBe('2.01')
  })
})

describe('everything that was introspected ends', () => {
  const verify = async (members: object, clock: () => number, more = {}) =>
    verifyAccessToken(createReference(), {
      ...introspecting(() => ({ active: true, ...members })).options,
      ...more,
      now: clock,
    })

  it('at exp, at first sight + exi, or at the maximal age, whichever is first', async () => {
    const at = (members: object, more = {}) => verify(members, () => 1_000, more)
    expect((await at({ exp: 1_060 })).expiresAt).toBe(1_060)
    expect((await at({ exi: 5 })).expiresAt).toBe(1_005)
    expect((await at({ exi: 5, cti: Uint8Array.of(1) })).expiresAt).toBe(1_005)
    expect((await at({ exi: 500, exp: 1_060 })).expiresAt).toBe(1_060)
    expect((await at({})).expiresAt).toBe(1_000 + 3_600)
    expect((await at({ exp: 1_000_000 })).expiresAt).toBe(1_000 + 3_600)
    const introspection = { ask: async () => new IntrospectionResponse({ active: true }), maxAge: 7 }
    expect((await at({}, { introspection })).expiresAt).toBe(1_007)
    expect((await failureOf(at({ exi: 0 }))).code).toBe('authz_info_token_expired')
  })

  it('RFC 9200 Figure 10: no access ten years later', async () => {
    const grants = new ScopeGrants({ read: [['/t', 1]] })
    for (const more of [{}, { exi: 5 }, { exi: 5, cti: exiIdentifier('rs', 1) }]) {
      const token = await verify({ scope: 'read', cnf, ...more }, () => now)
      const request = { method: 'GET', path: '/t', token } as const
      expect(authorizeRequest(request, { grants, now: () => now + 1 }).isAllowed).toBe(true)
      expect(authorizeRequest(request, { grants, now: () => now + 315_360_000 }).isAllowed).toBe(false)
    }
  })

  it('exi of a reference is counted from the first sight, also when it comes again, and after a restart', async () => {
    let clock = 100
    const exi = new ExiRegister({ resourceServer: 'rs' })
    const { options } = introspecting(() => new IntrospectionResponse({ active: true, exi: 50 }))
    const at = (register: ExiRegister) =>
      verifyAccessToken('abc', { ...options, exi: register, now: () => clock })
    expect((await at(exi)).expiresAt).toBe(150)
    clock = 120
    expect((await at(exi)).expiresAt).toBe(150)
    const restarted = new ExiRegister({ resourceServer: 'rs', state: JSON.parse(JSON.stringify(exi.state)) })
    expect((await at(restarted)).expiresAt).toBe(150)
    clock = 150
    for (const one of [exi, restarted])
      expect((await failureOf(at(one))).code).toBe('authz_info_token_expired')
  })

  it('a token whose introspection is too old allows nothing until it is introspected again', async () => {
    let clock = now
    let answer: unknown = active
    const { ask, options } = introspecting(() => answer)
    const at = { ...options, now: () => clock, introspection: { ...options.introspection!, maxAge: 60 } }
    await post('abc', at)
    const [name] = await confirmationNames(cnf)
    const { tokens } = at
    clock = now + 59
    expect((await tokens.current(name!, at))?.claims.scope).toBe('read')
    expect(ask).toHaveBeenCalledTimes(1)
    clock = now + 60
    expect(tokens.find(name!, clock)).toBeUndefined()
    // Those whose rights end are told once.
    expect(tokens.expire(clock)).toHaveLength(1)
    expect(tokens.expire(clock)).toHaveLength(0)
    answer = { ...active, scope: 'write' }
    // Two requests at the same time ask once.
    const found = await Promise.all([tokens.current(name!, at), tokens.current(name!, at)])
    expect(found.map((token) => token?.claims.scope)).toEqual(['write', 'write'])
    expect(ask).toHaveBeenCalledTimes(2)
    expect(tokens.find(name!, clock)?.expiresAt).toBe(clock + 60)

    clock += 60
    answer = httpFailure(503)
    const down = { ...at, introspection: { ...at.introspection, ask: async () => Promise.reject(answer) } }
    expect(await failureOf(tokens.current(name!, down))).toMatchObject({
      code: 'access_introspection_failed',
    })
    expect(tokens.find(name!, clock)).toBeUndefined()
    answer = { active: false }
    expect(await tokens.current(name!, at)).toBeUndefined()
    expect(tokens.size).toBe(0)
  })

  it('introspecting again gives exi no other life, and another key no rights', async () => {
    let clock = now
    const other = { COSE_Key: (await TokenKey.generate('ES256')).toCose() }
    let answer: object = { active: true, exi: 100, cnf }
    const { options } = introspecting(() => answer)
    const at = { ...options, now: () => clock, introspection: { ...options.introspection!, maxAge: 60 } }
    await post('abc', at)
    const [name] = await confirmationNames(cnf)
    clock = now + 60
    expect((await at.tokens.current(name!, at))?.expiresAt).toBe(now + 100)
    clock = now + 100
    expect(await at.tokens.current(name!, at)).toBeUndefined()
    await post('def', at)
    clock += 60
    answer = { active: true, cnf: other }
    expect(await at.tokens.current(name!, at)).toBeUndefined()
    expect(at.tokens.size).toBe(0)
  })
})

describe('whatever the authorization server answers', () => {
  it('R9200-6.10-1: what is no answer gives no access, and is no fault of ours', async () => {
    for (const answer of [
      undefined,
      null,
      true,
      'active',
      5,
      [],
      {},
      { active: 'true' },
      { active: 1 },
      { active: true, exp: 'x' },
    ]) {
      const { options } = introspecting(() => answer)
      const { code, failure } = await post('abc', options)
      expect(code, JSON.stringify(answer)).toBe('4.00')
      expect(failure?.code).toMatch(
        /^authz_info_(introspection_failed|claims_unavailable|token_inactive|key_unusable)$/,
      )
      expect(options.tokens.size).toBe(0)
    }
    const throwing = introspecting(() => {
      throw new RangeError('no')
    })
    expect((await post('abc', throwing.options)).failure?.code).toBe('authz_info_introspection_failed')
    const busy = introspecting(() => {
      throw new Failure('authz_info_introspection_pending')
    })
    expect((await post('abc', busy.options)).code).toBe('5.03')
  })
})

import { describe, expect, it } from 'vitest'
import { TokenKey } from '../../src/cose/token-key.ts'
import { authorizeRequest } from '../../src/resource-server/authorize-request.ts'
import { answerAuthzInfo } from '../../src/resource-server/authz-info.ts'
import { ExiRegister, exiIdentifier } from '../../src/resource-server/exi-register.ts'
import { HeldTokens } from '../../src/resource-server/held-tokens.ts'
import { ScopeGrants } from '../../src/resource-server/scope-grants.ts'
import { verifyAccessToken } from '../../src/resource-server/verify-access-token.ts'
import { issueCwt, openCwt } from '../../src/token/cwt.ts'
import { issueJwt, openJwt } from '../../src/token/jwt.ts'
import { endpoint, failureOf, now, post, postClaims, shared } from './fixtures.ts'

const wrong = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1,
  '60',
  null,
  5n,
  {},
  true,
] as const
const cnf = { kid: Uint8Array.of(1) }
const token = await issueCwt({ exp: 1_000, cnf }, shared)

/** Wrong numbers are refused, with a RangeError or a TypeError that names the option. */
async function refuses(
  name: RegExp,
  run: (value: never) => unknown,
  values: readonly unknown[] = wrong,
): Promise<void> {
  for (const value of values) {
    const error = await (async () => run(value as never))().catch((thrown: unknown) => thrown)
    expect(error instanceof RangeError || error instanceof TypeError, `${String(value)}: ${error}`).toBe(true)
    expect((error as Error).message).toMatch(name)
  }
}

describe('wrong options open no door', () => {
  it('clockSkew, now, maxAge, limits', async () => {
    const verify = (more: object) => verifyAccessToken(token, { ...endpoint(), ...more })
    await refuses(/clockSkew/, (clockSkew) => verify({ clockSkew }))
    await refuses(
      /now/,
      (value) => verify({ now: () => value }),
      wrong.filter((value) => value !== -1),
    )
    await refuses(/now/, (value) => verify({ now: value }), [5, '5', null])
    await refuses(/maxAge/, (maxAge) => verify({ introspection: { ask: async () => undefined, maxAge } }))
    for (const name of ['maxBytes', 'maxDepth', 'maxMembers', 'maxStringBytes']) {
      await refuses(new RegExp(name), (value) => verify({ limits: { [name]: value } }))
      await refuses(new RegExp(name), (value) =>
        openCwt(token, { keys: shared, limits: { [name]: value } as never }),
      )
      await refuses(new RegExp(name), (value) =>
        openJwt('a.b.c', { keys: shared, limits: { [name]: value } as never }),
      )
    }
  })

  it('the same at authz-info, which holds nothing', async () => {
    for (const more of [
      { clockSkew: Number.NaN },
      { now: () => Number.NaN },
      { limits: { maxBytes: '9' } },
    ]) {
      const options = endpoint(more as object)
      await refuses(
        /clockSkew|now|maxBytes/,
        () => answerAuthzInfo({ method: 'POST', payload: token }, options),
        [0],
      )
      expect(options.tokens.size).toBe(0)
    }
  })

  it('callbacks, names, keys', async () => {
    const verify = (more: object) => verifyAccessToken(token, { ...endpoint(), ...more })
    await refuses(/recognizesScope/, (recognizesScope) => verify({ recognizesScope }), [undefined, true])
    await refuses(/acceptsCnonce/, (acceptsCnonce) => verify({ acceptsCnonce }), [true, null])
    await refuses(/isRevoked/, (isRevoked) => verify({ isRevoked }), [false, null])
    await refuses(/audiences/, (audiences) => verify({ audiences }), [undefined, 5, [5], null])
    await refuses(/requiredClaims/, (name) => verify({ requiredClaims: [name] }), [
      'audience',
      5,
      'constructor',
    ])
    await refuses(/requiredClaims/, (requiredClaims) => verify({ requiredClaims }), ['aud'])
    await refuses(/keys/, (keys) => verify({ issuers: [{ keys }] }), [{}, ['x'], shared.toPrivateJwk()])
    await refuses(/issuer/, (issuer) => verify({ issuers: [{ issuer, keys: shared }] }), [5, null])
    await refuses(/ask/, (ask) => verify({ introspection: { ask } }), [undefined, 5])
  })

  const jwtKey = TokenKey.generate('ES256')
  const verifyJwt = async (types: never): Promise<unknown> => {
    const key = await jwtKey
    return openJwt(await issueJwt({ sub: 'x' }, key), { keys: key, types })
  }

  it('types', async () => refuses(/types/, verifyJwt, ['at+jwt', [5], null, [null]]))

  it('HeldTokens and ExiRegister', async () => {
    await refuses(/maxTokens/, (maxTokens) => new HeldTokens(maxTokens), [...wrong, 0, 1.5])
    await refuses(/maxTokens/, (maxTokens) => new ExiRegister({ resourceServer: 'rs', maxTokens }), [
      ...wrong,
      0,
      1.5,
    ])
    const exi = new ExiRegister({ resourceServer: 'rs' })
    const times = wrong.filter((value) => value !== -1)
    await refuses(/now/, (value) => exi.admit('as', exiIdentifier('rs', 1), 60, value), times)
    await refuses(
      /exi/,
      (value) => exi.admit('as', exiIdentifier('rs', 1), value, 0),
      wrong.filter((value) => value !== 5n),
    )
    await refuses(/now/, (value) => exi.hasExpired('as', exiIdentifier('rs', 1), value), times)
    await refuses(/now/, (value) => exi.expire(value), times)
    await refuses(/sequence/, (value) => exiIdentifier('rs', value), [
      ...wrong.filter((value) => value !== 5n),
      1.5,
      2 ** 60,
    ])
    await refuses(/resourceServer/, (resourceServer) => new ExiRegister({ resourceServer }), [undefined, 5])
    const tokens = new HeldTokens()
    await refuses(/now/, (value) => tokens.find('kid:01', value), times)
    await refuses(/now/, (value) => tokens.confirmation('kid:01', value), times)
    await refuses(/now/, (value) => tokens.key('kid:01', value), times)
    await refuses(/now/, (value) => tokens.expire(value), times)
    const verified = await verifyAccessToken(token, endpoint({ now: () => 0 }))
    await refuses(/arrival/, (arrival) => tokens.hold(verified, { arrival }), [...wrong, 0, 1.5, 99])
    await refuses(/now/, (value) => tokens.hold(verified, { now: () => value }), times)
    expect(tokens.size).toBe(0)
  })

  it('authorizeRequest', async () => {
    const grants = new ScopeGrants({ read: [['/t', 1]] })
    const verified = await verifyAccessToken(token, endpoint({ now: () => 0 }))
    const request = { method: 'GET', path: '/t', token: verified } as const
    await refuses(
      /now/,
      (value) => authorizeRequest(request, { grants, now: () => value }),
      wrong.filter((value) => value !== -1),
    )
  })
})

describe('what is in doubt is refused', () => {
  it('a callback that says neither yes nor no, such as a promise where none is awaited', async () => {
    const scoped = { scope: 'admin', cnf }
    for (const answer of [Promise.resolve(false), 'no', 1, undefined]) {
      const options = endpoint({ recognizesScope: () => answer as never })
      expect((await postClaims(scoped, options)).code).toBe('5.00')
      expect((await postClaims(scoped, endpoint({ acceptsCnonce: async () => 'no' as never }))).code).toBe(
        '5.00',
      )
      expect((await postClaims(scoped, endpoint({ isRevoked: async () => undefined as never }))).code).toBe(
        '5.00',
      )
    }
  })

  it('R9200-5.9.2-4: a cnonce that nobody checks', async () => {
    const options = endpoint()
    const answer = await postClaims({ cnf, cnonce: Uint8Array.of(1) }, options)
    expect(answer).toMatchObject({ code: '4.01', failure: { code: 'authz_info_cnonce_invalid' } })
    expect(options.tokens.size).toBe(0)
    const introspection = { ask: async () => ({ active: true, cnf, cnonce: Uint8Array.of(1) }) as never }
    expect((await post(Uint8Array.of(1), endpoint({ introspection }))).code).toBe('4.01')
  })

  it('a clock that stops while a token is verified', async () => {
    let calls = 0
    const clock = (): number => (calls++ < 2 ? 0 : Number.NaN)
    expect((await failureOf(verifyAccessToken(token, endpoint({ now: clock })))).coapCode).toBe('5.00')
  })

  it('the time counts as it is once all was waited for', async () => {
    let clock = 999
    const expiresMeanwhile = endpoint({
      now: () => clock,
      acceptsCnonce: async () => {
        clock = 1_000
        return true
      },
    })
    expect(await post(token, expiresMeanwhile)).toMatchObject({
      code: '4.01',
      failure: { code: 'authz_info_token_expired' },
    })
    expect(expiresMeanwhile.tokens.size).toBe(0)
  })
})

describe('required claims', () => {
  it.each([
    ['iss', '4.01'],
    ['exp', '4.01'],
    ['aud', '4.03'],
    ['scope', '4.00'],
    ['cnf', '4.00'],
    ['sub', '4.00'],
    ['cti', '4.00'],
  ] as const)('%s, in the place of its check: %s', async (name, code) => {
    const all = { iss: 'as', exp: now + 60, aud: 'rs', scope: 'read', cnf, sub: 'c', cti: Uint8Array.of(1) }
    const options = endpoint({ requiredClaims: [name] })
    const { [name]: _, ...without } = all
    expect((await failureOf(verifyAccessToken(await issueCwt(without, shared), options))).coapCode).toBe(code)
    expect((await verifyAccessToken(await issueCwt(all, shared), options)).claims.sub).toBe('c')
    const introspection = { issuer: 'as', ask: async () => ({ active: true, ...without }) as never }
    expect((await failureOf(verifyAccessToken('x', { ...options, introspection }))).coapCode).toBe(code)
  })
})

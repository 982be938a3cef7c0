import { describe, expect, it } from 'vitest'
import { TokenKey } from '../../src/cose/token-key.ts'
import { IntrospectionResponse } from '../../src/message/introspection-response.ts'
import { authorizeRequest } from '../../src/resource-server/authorize-request.ts'
import { type AuthzInfoOptions, answerAuthzInfo } from '../../src/resource-server/authz-info.ts'
import { confirmationNames } from '../../src/resource-server/confirmation-key.ts'
import { HeldTokens } from '../../src/resource-server/held-tokens.ts'
import { ScopeGrants } from '../../src/resource-server/scope-grants.ts'
import { verifyAccessToken } from '../../src/resource-server/verify-access-token.ts'
import { issueCwt, openCwt } from '../../src/token/cwt.ts'
import { issueJwt, openJwt } from '../../src/token/jwt.ts'
import { TokenClaims } from '../../src/token/token-claims.ts'
import { fromHex, toHex } from '../cbor/bytes.ts'

const issuer = 'coaps://as.example.com'
const as = await TokenKey.generate('AES-CCM-16-64-128', { kid: 'rs' })
const stranger = await TokenKey.generate('AES-CCM-16-64-128', { kid: 'rs' })
const client = await TokenKey.generate('ES256', { kid: 'client' })
const cnf = { COSE_Key: client.toCose() }
const grants = new ScopeGrants({ read: [['/temperature', 1]] })
const now = 1_700_000_000
const good = { iss: issuer, aud: 'rs', exp: now + 60, scope: 'read', cnf }

const endpoint = (
  more: Partial<AuthzInfoOptions> = {},
): AuthzInfoOptions & { readonly tokens: HeldTokens } => ({
  issuers: [{ issuer, keys: as }],
  audiences: 'rs',
  recognizesScope: (scope) => grants.recognizes(scope),
  now: () => now,
  tokens: new HeldTokens(),
  ...more,
})

describe('authz-info', () => {
  it.each([
    ['another key', issueCwt(good, stranger), '4.01'],
    ['another issuer', issueCwt({ ...good, iss: 'coaps://other.example.com' }, as), '4.01'],
    ['an expired token', issueCwt({ ...good, exp: now }, as), '4.01'],
    ['another audience', issueCwt({ ...good, aud: 'other' }, as), '4.03'],
    ['an unknown scope', issueCwt({ ...good, scope: 'fly' }, as), '4.00'],
    ['no token', Promise.resolve(fromHex('a0')), '4.00'],
  ])('R9200-5.10.1.1-1 R9202-3.2.2-4: stores nothing where it refuses: %s', async (_, token, code) => {
    const options = endpoint()
    const answer = await answerAuthzInfo({ method: 'POST', format: 61, payload: await token }, options)
    expect(answer.code).toBe(code)
    expect(options.tokens.size).toBe(0)
    // The same request with nothing wrong is held.
    await answerAuthzInfo({ method: 'POST', format: 61, payload: await issueCwt(good, as) }, options)
    expect(options.tokens.size).toBe(1)
  })

  it('R9200-5.3.1-5 R9200-5.3.1-6: discards a token without the cnonce, or with another, and answers 4.01', async () => {
    const fresh = Uint8Array.of(7)
    const options = endpoint({ acceptsCnonce: (cnonce) => cnonce?.[0] === 7 })
    for (const cnonce of [undefined, Uint8Array.of(8)]) {
      const payload = await issueCwt({ ...good, cnonce }, as)
      expect(await answerAuthzInfo({ method: 'POST', payload }, options)).toMatchObject({ code: '4.01' })
      expect(options.tokens.size).toBe(0)
    }
    const payload = await issueCwt({ ...good, cnonce: fresh }, as)
    expect(await answerAuthzInfo({ method: 'POST', payload }, options)).toMatchObject({ code: '2.01' })
  })

  it('R9202-3.3.1-5 R7662-4-2: takes the key from introspection, and holds the answer no longer than its exp', async () => {
    const response = new IntrospectionResponse({ active: true, ...good })
    const options = endpoint({ introspection: { issuer, ask: async () => response } })
    const payload = new Uint8Array(18)
    expect(await answerAuthzInfo({ method: 'POST', payload }, options)).toMatchObject({ code: '2.01' })
    const [name] = await confirmationNames(cnf)
    expect(options.tokens.find(name!, now + 59)?.claims.scope).toBe('read')
    expect(options.tokens.find(name!, now + 60)).toBeUndefined()
  })

  it('R9200-5.9.2-4: verifies the cnonce that introspection tells', async () => {
    const told = (cnonce: Uint8Array): AuthzInfoOptions =>
      endpoint({
        acceptsCnonce: (got) => got?.[0] === 7,
        introspection: {
          issuer,
          ask: async () => new IntrospectionResponse({ active: true, ...good, cnonce }),
        },
      })
    const payload = new Uint8Array(18)
    expect((await answerAuthzInfo({ method: 'POST', payload }, told(Uint8Array.of(7)))).code).toBe('2.01')
    expect((await answerAuthzInfo({ method: 'POST', payload }, told(Uint8Array.of(8)))).code).toBe('4.01')
  })
})

describe('a request for a resource', () => {
  it('R9200-5.10.2-6: is told 4.01 without a token, whether there is such a resource and action or not', () => {
    for (const path of ['/temperature', '/nothing'])
      for (const method of ['GET', 'PUT'] as const) {
        const decision = authorizeRequest({ method, path, token: undefined }, { grants })
        expect(decision.isAllowed || decision.failure.coapCode).toBe('4.01')
      }
  })
})

describe('the claims of a token', () => {
  it('R9200-5.10-2: scope may be bytes, which are not read', async () => {
    const scope = Uint8Array.of(0xff, 0x20, 0)
    const { claims } = await openCwt(await issueCwt({ scope }, as), { keys: as })
    expect(claims.scope).toEqual(scope)
    const seen: unknown[] = []
    const recognizesScope = (given: string | Uint8Array): boolean => seen.push(given) > 0
    await verifyAccessToken(await issueCwt({ ...good, scope }, as), endpoint({ recognizesScope }))
    expect(seen).toEqual([scope])
  })

  it('R9200-5.10-3: ace_profile is the integer 38, with the integer of the profile', () => {
    const claims = new TokenClaims({ ace_profile: 'coap_oscore' })
    expect(toHex(claims.toCbor())).toBe('a1182602')
    expect(TokenClaims.fromCbor(claims.toCbor()).ace_profile).toBe('coap_oscore')
  })

  it('R9200-5.10.3-4: exi is an unsigned integer in a CWT, and a number in a JWT', async () => {
    const claims = { exi: 60, cti: Uint8Array.of(1) }
    expect(toHex(new TokenClaims(claims).toCbor())).toBe('a207410118 28183c'.replace(' ', ''))
    const key = await TokenKey.generate('ES256')
    const jwt = await issueJwt(claims, key)
    const payload = JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString())
    expect(payload.exi).toBe(60)
    expect((await openJwt(jwt, { keys: key })).claims.exi).toBe(60)
  })
})

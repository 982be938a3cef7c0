import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  channelAuthentication,
  type Exchange,
  type Fetch,
  generateProofKey,
  type ObtainedToken,
  processTokenResponse,
  sendTokenRequest,
  type TokenExpectations,
} from '../../src/client/index.ts'
import type { AccessTokenRequest, AccessTokenRequestMembers } from '../../src/message/access-token-request.ts'
import {
  AccessTokenResponse,
  type AccessTokenResponseMembers,
} from '../../src/message/access-token-response.ts'

const server = { token_endpoint: 'https://as.example.com/token' }
const symmetric = { COSE_Key: { kty: 'Symmetric', kid: 'k1', k: new Uint8Array(16).fill(1) } } as const
const mine = await generateProofKey()
const other = await generateProofKey()
const base = { access_token: 'abc', expires_in: 3600 } as const

/** The exchange in which a server answers so. */
function exchanged(
  request: AccessTokenRequestMembers,
  response: AccessTokenResponseMembers,
): Promise<Exchange<AccessTokenRequest>> {
  const fetch: Fetch = async () =>
    new Response(new Uint8Array(new AccessTokenResponse(response).toCbor()), {
      headers: { 'content-type': 'application/ace+cbor' },
    })
  return sendTokenRequest(server, request, { authentication: channelAuthentication(), fetch })
}

async function obtained(
  request: AccessTokenRequestMembers,
  response: Partial<AccessTokenResponseMembers>,
  expectations?: TokenExpectations,
): Promise<ObtainedToken> {
  return processTokenResponse(await exchanged(request, { ...base, ...response }), expectations)
}

describe('a token response that the client can use', () => {
  it('without a token type is taken for PoP, and without a scope for what was asked (R9200-5.8.2-6, R6749-5.1-7)', async () => {
    const token = await obtained({ scope: 'read' }, { cnf: symmetric })
    expect([token.token_type, token.scope]).toEqual(['PoP', 'read'])
    expect((await obtained({ scope: 'read write' }, { cnf: symmetric, scope: 'read' })).scope).toBe('read')
  })

  it('tells its end, counted from when it was asked for (R9200-5.10.4-1)', async () => {
    const before = Date.now() / 1_000
    const { expiresAt } = await obtained({}, { cnf: symmetric })
    expect(expiresAt).toBeGreaterThanOrEqual(before + 3600)
    expect(expiresAt).toBeLessThanOrEqual(Date.now() / 1_000 + 3600)
    const exchange = await exchanged({}, { access_token: 'abc', cnf: symmetric })
    expect(processTokenResponse(exchange, { defaultExpiresIn: 60 }).expiresAt).toBe(exchange.sentAt + 60)
  })

  it('has the key of its cnf, or else that of the request (R9202-3.2.2-2)', async () => {
    const { req_cnf } = mine
    expect((await obtained({ req_cnf }, {})).cnf?.COSE_Key?.x).toEqual(req_cnf.COSE_Key?.x)
    expect((await obtained({ req_cnf }, { cnf: req_cnf })).cnf?.COSE_Key?.x).toEqual(req_cnf.COSE_Key?.x)
    expect((await obtained({ req_cnf }, { cnf: symmetric })).cnf?.COSE_Key?.kty).toBe('Symmetric')
    expect((await obtained({ req_cnf: { kid: 'k1' } }, {})).cnf?.kid).toEqual(new TextEncoder().encode('k1'))
  })

  it('has a profile that the client speaks (R9200-5.8.2-4, R9200-6.5-7)', async () => {
    const profiles = ['coap_dtls'] as const
    const token = await obtained(
      { ace_profile: null },
      { cnf: symmetric, ace_profile: 'coap_dtls' },
      { profiles },
    )
    expect(token.ace_profile).toBe('coap_dtls')
  })
})

describe('a token response that the client cannot use (R9200-5.10.4-2, R9201-5-3, R9202-3.3.2-1)', () => {
  const row = (
    what: string,
    code: string,
    request: AccessTokenRequestMembers,
    response: Partial<AccessTokenResponseMembers>,
    expectations: TokenExpectations = {},
  ) => [what, code, request, response, expectations] as const
  const refused = [
    row('another token type', 'client_response_unexpected', {}, { token_type: 'Bearer' }),
    row('no key, where the server had to make one', 'client_response_unexpected', {}, {}),
    row(
      'a symmetric key without k',
      'client_key_unsuitable',
      {},
      { cnf: { COSE_Key: { kty: 'Symmetric', kid: 'k1' } } },
    ),
    row("somebody else's key", 'client_key_unsuitable', { req_cnf: mine.req_cnf }, { cnf: other.req_cnf }),
    row(
      'coap_oscore without input material',
      'client_key_unsuitable',
      {},
      { cnf: symmetric, ace_profile: 'coap_oscore' },
    ),
    row(
      'input material without ms',
      'client_key_unsuitable',
      {},
      { cnf: { osc: { id: new Uint8Array(1) } } },
    ),
    row(
      'a profile that nobody has registered',
      'client_profile_unsupported',
      {},
      { cnf: symmetric, ace_profile: -70_000 },
    ),
    row(
      'a profile that the client does not speak',
      'client_profile_unsupported',
      {},
      { cnf: symmetric, ace_profile: 'mqtt_tls' },
      { profiles: ['coap_dtls'] },
    ),
    row(
      'another profile than was asked for',
      'client_profile_unsupported',
      { ace_profile: 'coap_dtls' },
      { cnf: symmetric, ace_profile: 'mqtt_tls' },
    ),
    row(
      'no profile, though it was asked for',
      'client_response_unexpected',
      { ace_profile: null },
      { cnf: symmetric },
    ),
    row(
      'no lifetime (R9200-5.10.4-2)',
      'client_token_lifetime_unknown',
      {},
      { cnf: symmetric, expires_in: undefined as never },
    ),
    row('a lifetime of nothing', 'client_token_expired', {}, { cnf: symmetric, expires_in: 0 }),
  ]
  it.each(refused)('has %s: %s', async (_, code, request, response, expectations) => {
    const { expires_in, ...rest } = { ...base, ...response }
    const whole = expires_in === undefined ? rest : { ...rest, expires_in }
    const exchange = await exchanged(request, whole)
    expect(() => processTokenResponse(exchange, expectations)).toThrow(expect.objectContaining({ code }))
  })
})

describe('an exchange', () => {
  it('is checked against the request that it answers, and no other (R9200-5-3, R9202-3.2.1-9, R9202-3.3.2-1)', async () => {
    const key = await exchanged({ req_cnf: mine.req_cnf }, { ...base })
    expect(processTokenResponse(key).cnf?.COSE_Key?.x).toEqual(mine.req_cnf.COSE_Key?.x)
    const { request } = await exchanged({ scope: 'read' }, { ...base, cnf: symmetric })
    expect(() => processTokenResponse({ ...key, request })).toThrow(
      expect.objectContaining({ code: 'client_response_unexpected' }),
    )
  })

  it('shows no secret where it is printed', async () => {
    const exchange = await exchanged(
      { client_id: 'c', client_secret: 'very-secret' },
      { ...base, cnf: symmetric },
    )
    const hex = Buffer.from('very-secret').toString('hex')
    for (const shown of [JSON.stringify(exchange), `${exchange.request}`]) {
      expect(shown).not.toContain('very-secret')
      expect(shown).not.toContain(hex)
    }
  })

  it('of any response that a server can build gives a token that is whole, or a Failure', async () => {
    const key = fc.constantFrom(symmetric, mine.req_cnf, other.req_cnf, { kid: 'k1' }, undefined)
    await fc.assert(
      fc.asyncProperty(
        fc.record({ request: key, response: key }),
        fc.constantFrom('PoP', 'Bearer', -70_000, undefined),
        fc.constantFrom('coap_dtls', 'coap_oscore', -70_000, undefined),
        fc.option(fc.nat(10_000), { nil: undefined }),
        async ({ request, response }, token_type, ace_profile, expires_in) => {
          const members = { access_token: 'abc', token_type, ace_profile, expires_in, cnf: response }
          const present = Object.fromEntries(
            Object.entries(members).filter(([, value]) => value !== undefined),
          )
          if (token_type === 'Bearer') delete present['cnf']
          const req_cnf = request === symmetric ? undefined : request
          const exchange = await exchanged(req_cnf ? { req_cnf } : {}, present as never)
          try {
            const token = processTokenResponse(exchange)
            expect(token.cnf).toBeDefined()
            expect(token.expiresAt).toBeGreaterThan(exchange.sentAt)
            expect(token.token_type).toBe('PoP')
          } catch (error) {
            expect(error).toMatchObject({ name: 'Failure', code: expect.stringMatching(/^client_/) })
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})

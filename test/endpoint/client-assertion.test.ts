import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import type { AssertionOptions } from '../../src/endpoint/client/client-assertion.ts'
import { clientAuthentication } from '../../src/endpoint/client/client-authentication.ts'
import { tokenEndpoint } from '../../src/endpoint/token-endpoint.ts'
import { errorOf, formRequest, issued } from './requests.ts'

const issuer = 'https://as.example.com'
const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const now = Math.floor(Date.now() / 1_000)
const { publicKey, privateKey } = await generateKeyPair('ES256')
const other = await generateKeyPair('ES256')
const jwk: JWK = { ...(await exportJWK(publicKey)), kid: 'k1' }
const right = { iss: 'c2', sub: 'c2', aud: issuer, exp: now + 60, iat: now, jti: 'j1' }

/** An assertion with some claims and header parameters changed; undefined takes one away. */
const sign = (
  claims: object = {},
  header: object = {},
  key: CryptoKey | Uint8Array = privateKey,
): Promise<string> =>
  new SignJWT(JSON.parse(JSON.stringify({ ...right, ...claims })))
    .setProtectedHeader(JSON.parse(JSON.stringify({ alg: 'ES256', ...header })) as JWTHeaderParameters)
    .sign(key)

async function asked(
  assertion: string,
  { keys = [jwk], more = '', ...options }: Partial<AssertionOptions> & { keys?: JWK[]; more?: string } = {},
) {
  const endpoint = tokenEndpoint({
    authenticate: clientAuthentication({
      findClient: (id) => (id === 'c2' ? { client_id: 'c2', jwks: { keys } } : undefined),
      assertions: { issuer, remember: () => true, ...options },
    }),
    issue: () => issued,
  })
  const body = new URLSearchParams({ client_assertion: assertion, client_assertion_type: type })
  const answer = await endpoint(formRequest(`${body}${more}`))
  return { status: answer.status, error: errorOf(answer), reason: answer.failure?.details['reason'] }
}
const refused = { status: 401, error: 'invalid_client' }

describe('an assertion that is right (RFC 7523 §3)', () => {
  it('authenticates its client, with or without client_id', async () => {
    expect((await asked(await sign())).status).toBe(200)
    expect((await asked(await sign(), { more: '&client_id=c2' })).status).toBe(200)
    expect(await asked(await sign(), { more: '&client_id=c1' })).toMatchObject(refused)
  })

  it.each([
    ['without iat', { iat: undefined }, {}],
    ['with a kid', {}, { kid: 'k1' }],
    ['with a type', {}, { typ: 'client-authentication+jwt' }],
    ['of type JWT', {}, { typ: 'JWT' }],
    ['for the issuer in an array of one', { aud: [issuer] }, {}],
    ['that ended a moment ago', { exp: now - 5 }, {}],
    ['from a clock that is a little ahead', { iat: now + 5, nbf: now + 5 }, {}],
  ])('%s', async (_, claims, header) => {
    expect((await asked(await sign(claims, header))).status).toBe(200)
  })

  it('is verified with the right one of several keys', async () => {
    const others = [
      await exportJWK(other.publicKey),
      { kty: 'oct', k: 'AAAA' },
      { kty: 'RSA', n: 'AA', e: 'AQAB' },
    ]
    expect((await asked(await sign(), { keys: [...others, jwk] })).status).toBe(200)
  })

  it('may be signed by each algorithm', async () => {
    for (const alg of ['ES384', 'ES512', 'EdDSA', 'Ed25519', 'PS256', 'RS512']) {
      const pair = await generateKeyPair(alg)
      const keys = [await exportJWK(pair.publicKey)]
      expect((await asked(await sign({}, { alg }, pair.privateKey), { keys })).status, alg).toBe(200)
    }
  })
})

describe('an assertion is refused', () => {
  it.each([
    ['for another server', { aud: 'https://other.example' }],
    ['for the token endpoint', { aud: `${issuer}/token` }],
    ['for this server and another', { aud: [issuer, 'https://other.example'] }],
    ['for nobody', { aud: undefined }],
    ['for the issuer with a slash', { aud: `${issuer}/` }],
    ['that has ended', { exp: now - 60 }],
    ['without an end', { exp: undefined }],
    ['that ends too far ahead', { exp: now + 3_600 }],
    ['from the future', { iat: now + 60 }],
    ['that was issued too long ago', { iat: now - 3_600 }],
    ['that is not valid yet', { nbf: now + 60 }],
    ['without jti', { jti: undefined }],
    ['with an empty jti', { jti: '' }],
    ['with a huge jti', { jti: 'x'.repeat(257) }],
    ['with a jti that is no text', { jti: 7 }],
    ['of another issuer', { iss: 'c1' }],
    ['without issuer', { iss: undefined }],
    ['of no subject', { sub: undefined, iss: undefined }],
    ['with an end that is no number', { exp: 'tomorrow' }],
  ])('%s', async (_, claims) => {
    const remember = vi.fn(() => true)
    expect(await asked(await sign(claims), { remember })).toMatchObject(refused)
    expect(remember).not.toHaveBeenCalled()
  })

  it.each([
    ['of another type (RFC 8725 §3.11)', { typ: 'at+jwt' }],
    ['with a kid that the client does not have', { kid: 'k2' }],
  ])('%s', async (_, header) => {
    expect(await asked(await sign({}, header))).toMatchObject(refused)
  })

  it('by another key, or none, the same as of an unknown client', async () => {
    const forged = await asked(await sign({}, {}, other.privateKey))
    const unknown = await asked(await sign({ iss: 'c9', sub: 'c9' }))
    expect(forged).toEqual({ ...refused, reason: 'not verified' })
    expect(unknown).toEqual(forged)
    expect(await asked(await sign(), { keys: [] })).toEqual(forged)
  })

  it('by an algorithm that is not allowed: none, HMAC with the public key, or one left out', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    expect(await asked(`${part({ alg: 'none' })}.${part(right)}.`)).toMatchObject({
      ...refused,
      reason: 'alg is none',
    })
    const confused = await sign({}, { alg: 'HS256' }, new TextEncoder().encode(JSON.stringify(jwk)))
    expect(await asked(confused)).toMatchObject({ ...refused, reason: 'alg is HS256' })
    expect(await asked(await sign(), { algorithms: ['RS256'] })).toMatchObject(refused)
  })

  it('by a key that is for something else, or that should be secret', async () => {
    const assertion = await sign()
    const key = (more: object) => asked(assertion, { keys: [{ ...jwk, ...more }] })
    for (const more of [
      { use: 'enc' },
      { alg: 'ES384' },
      { key_ops: ['sign'] },
      { d: 'AAAA' },
      { crv: 'P-384' },
    ])
      expect(await key(more), JSON.stringify(more)).toMatchObject(refused)
    expect((await key({ use: 'sig', alg: 'ES256', key_ops: ['verify'] })).status).toBe(200)
  })

  it.each(['', 'x', 'a.b.c', '..', `${'a'.repeat(30_000)}.b.c`])('as no JWT', async (text) => {
    expect((await asked(text || ' ')).status).toBe(401)
  })

  it('of a type that is no JWT', async () => {
    const endpoint = tokenEndpoint({
      authenticate: clientAuthentication({ findClient: () => undefined }),
      issue: () => issued,
    })
    const saml =
      'client_assertion=x&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:saml2-bearer'
    for (const body of [saml, 'client_assertion=x', `client_assertion_type=${type}`])
      expect((await endpoint(formRequest(body))).failure?.code).toBe('token_client_auth_method_unsupported')
    const jwt = `client_assertion=x&client_assertion_type=${type}`
    expect((await endpoint(formRequest(jwt))).failure?.code).toBe('token_client_auth_method_unsupported')
  })
})

describe('remember', () => {
  it('is asked last, once, and of an assertion that comes again it says no', async () => {
    const seen = new Set<string>()
    const remember = vi.fn(({ jti }: { jti: string }) => seen.size < seen.add(jti).size)
    const assertion = await sign()
    expect((await asked(assertion, { remember })).status).toBe(200)
    expect(await asked(assertion, { remember })).toEqual({ ...refused, reason: 'jti was used before' })
    expect(remember.mock.calls).toEqual(
      new Array(2).fill([{ clientId: 'c2', jti: 'j1', expiresAt: right.exp + 10 }]),
    )
  })

  it('refuses whatever it gives but true, and what it throws is an error of the server', async () => {
    for (const given of [undefined, null, 1, 'yes', {}])
      expect(await asked(await sign(), { remember: () => given as never })).toMatchObject(refused)
    expect((await asked(await sign(), { remember: () => Promise.reject(new Error('down')) })).status).toBe(
      500,
    )
  })
})

describe('the options of assertions', () => {
  it('are checked', () => {
    const make = (options: object) => () =>
      clientAuthentication({
        findClient: () => undefined,
        assertions: { issuer, remember: () => true, ...options },
      })
    for (const value of [Number.NaN, -1, '10', Number.POSITIVE_INFINITY]) {
      expect(make({ maxLifetimeSeconds: value }), String(value)).toThrow(RangeError)
      expect(make({ clockToleranceSeconds: value }), String(value)).toThrow(RangeError)
    }
    for (const algorithms of [[], ['none'], ['HS256'], ['ES256', 'HS256'], 'ES256', [undefined]])
      expect(make({ algorithms }), String(algorithms)).toThrow(RangeError)
    expect(make({ issuer: '' })).toThrow(TypeError)
    expect(make({ remember: undefined })).toThrow(TypeError)
  })
})

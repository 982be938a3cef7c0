import { describe, expect, it, vi } from 'vitest'
import { clientAuthentication, hashClientSecret } from '../../src/endpoint/client/client-authentication.ts'
import type { EndpointResponse } from '../../src/endpoint/exchange.ts'
import { introspectionEndpoint } from '../../src/endpoint/introspection-endpoint.ts'
import { tokenEndpoint } from '../../src/endpoint/token-endpoint.ts'
import { AccessTokenRequest } from '../../src/message/access-token-request.ts'
import { IntrospectionResponse } from '../../src/message/introspection-response.ts'
import { aceCbor, authenticate, basic, coapRequest, errorOf, formRequest, issued, utf8 } from './requests.ts'

const token = tokenEndpoint({ authenticate, issue: () => issued })

/** What a client sees of an answer, and what the log does. */
const seen = (answer: EndpointResponse) => ({
  status: answer.status,
  error: errorOf(answer),
  code: answer.failure?.code,
})
const refused = (code: string) => ({
  status: 401,
  error: 'invalid_client',
  code: `token_client_credentials_${code}`,
})
const repeated = { status: 400, error: 'invalid_request', code: 'token_client_credentials_repeated' }

describe('client_secret_basic (RFC 6749 §2.3.1)', () => {
  const id = 'a:b%c d+é'
  const secret = 'p:%&=+ é/'
  const odd = clientAuthentication({
    findClient: async (clientId) =>
      clientId === id ? { client_id: id, secretHashes: [await hashClientSecret(secret)] } : undefined,
  })
  const endpoint = tokenEndpoint({ authenticate: odd, issue: () => issued })
  const encoded = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)

  it('takes identifiers and secrets with colons, percent signs and Unicode in the encoding of Appendix B', async () => {
    const authorization = basic(encoded(id), encoded(secret))
    expect((await endpoint(formRequest('', { authorization }))).status).toBe(200)
    const percent = basic(encodeURIComponent(id), encodeURIComponent(secret))
    expect((await endpoint(formRequest('', { authorization: percent }))).status).toBe(200)
  })

  it('takes the scheme in any case, and CBOR over HTTP', async () => {
    const authorization = basic('c1', 's1').replace('Basic', 'bASIC')
    expect((await token(formRequest('', { authorization }))).status).toBe(200)
    const answer = await token({
      method: 'POST',
      mediaType: aceCbor,
      payload: Uint8Array.of(0xa0),
      headers: new Headers({ authorization }),
    })
    expect(answer).toMatchObject({ status: 200, mediaType: aceCbor })
  })

  it('is refused with 401 and a challenge where it is wrong or malformed (R6749-5.2-4)', async () => {
    for (const authorization of [
      basic('c1', 's2'),
      basic('c1', ''),
      basic('c2', 's1'),
      basic('C1', 's1'),
      basic('', 's1'),
      basic('c1', 's1\0'),
      basic('c1\0', 's1'),
      basic('c%31%', 's1'),
      basic('c%ff', 's1'),
      'Basic',
      'Basic ',
      'Basic !!!!',
      `Basic ${btoa('\xff\xfe:s1')}`,
      `Basic ${btoa('nocolon')}`,
      'Basic YzE6czE==',
      'Basic YzE6czE= x',
      'Basic YzE6 czE=',
    ]) {
      const answer = await token(formRequest('', { authorization }))
      expect(seen(answer), authorization).toEqual(refused('invalid'))
      expect(answer.headers['www-authenticate']).toBe('Basic realm="ace-oauth", charset="UTF-8"')
    }
  })

  it('is the only scheme of the token endpoint', async () => {
    for (const authorization of ['Bearer abc', 'Digest x', 'DPoP abc', ''])
      expect(seen(await token(formRequest('', { authorization }))), authorization).toEqual({
        status: 401,
        error: 'invalid_client',
        code: 'token_client_auth_method_unsupported',
      })
  })

  it('is refused twice', async () => {
    const headers = new Headers({ authorization: basic('c1', 's1') })
    headers.append('authorization', basic('c1', 's1'))
    expect(seen(await token({ ...formRequest(''), headers }))).toEqual(repeated)
  })
})

describe('client_secret_post', () => {
  it('is in a form or in CBOR', async () => {
    expect((await token(formRequest('client_id=c1&client_secret=s1'))).status).toBe(200)
    const payload = new AccessTokenRequest({ client_id: 'c1', client_secret: utf8('s1') }).toCbor()
    expect((await token(coapRequest(payload))).code).toBe('2.01')
  })

  it('is refused where it is wrong, the same as for an unknown client', async () => {
    const answers = await Promise.all(
      ['client_id=c1&client_secret=s2', 'client_id=c2&client_secret=s1', 'client_id=c2&client_secret=s2'].map(
        (body) => token(formRequest(body)),
      ),
    )
    for (const { payload, headers, ...answer } of answers) {
      expect(seen({ payload, headers, ...answer })).toEqual(refused('invalid'))
      expect([payload, headers]).toEqual([answers[0]!.payload, answers[0]!.headers])
      // Clients take a challenge for the whole answer, and do not look for the error in the body.
      expect(headers).not.toHaveProperty('www-authenticate')
    }
    expect(seen(await token(formRequest('client_secret=s1')))).toEqual(refused('invalid'))
  })

  it('takes an empty parameter for an absent one (R6749-3.2-2)', async () => {
    expect(seen(await token(formRequest('client_id=c1&client_secret=')))).toEqual(refused('missing'))
  })
})

describe('several authentications at once (R6749-5.2-3)', () => {
  it.each([
    ['header and body', 'client_id=c1&client_secret=s1', true],
    ['header and assertion', 'client_assertion=x&client_assertion_type=y', true],
    ['header and half an assertion', 'client_assertion=x', true],
    [
      'secret and assertion',
      'client_id=c1&client_secret=s1&client_assertion=x&client_assertion_type=y',
      false,
    ],
    ['two secrets', 'client_id=c1&client_secret=s1&client_secret=s1', false],
    ['two identifiers', 'client_id=c1&client_id=c1&client_secret=s1', false],
    ['two assertions', 'client_assertion=x&client_assertion=x&client_assertion_type=y', false],
    ['the header of one client and the identifier of another', 'client_id=c2', true],
  ])('%s', async (_, body, hasHeader) => {
    const headers: Record<string, string> = hasHeader ? { authorization: basic('c1', 's1') } : {}
    expect(seen(await token(formRequest(body, headers)))).toEqual(repeated)
  })

  it('is not the identifier of the same client beside its header', async () => {
    expect((await token(formRequest('client_id=c1', { authorization: basic('c1', 's1') }))).status).toBe(200)
  })
})

describe('no authentication', () => {
  it('is invalid_client, whoever the body names, for every grant type (R9200-5.8-4, R9200-5.5-1)', async () => {
    const answer = await token(formRequest(''))
    expect(seen(answer)).toEqual(refused('missing'))
    expect(answer.headers['www-authenticate']).toMatch(/^Basic /)
    expect(seen(await token(formRequest('client_id=c1')))).toEqual(refused('missing'))
    for (const body of [
      'grant_type=refresh_token&refresh_token=x',
      'grant_type=authorization_code&code=x',
      'grant_type=urn:x',
    ])
      expect(seen(await token(formRequest(body))), body).toEqual(refused('missing'))
    const cbor = await token(coapRequest(Uint8Array.of(0xa1, 0x18, 24, 0x62, 0x63, 0x31)))
    expect(cbor).toMatchObject({ code: '4.01', contentFormat: 19 })
    expect(errorOf(cbor)).toBe('invalid_client')
  })

  it('is shown to `authenticate` as a client that nothing proves', async () => {
    const spy = vi.fn(() => undefined)
    await tokenEndpoint({ authenticate: spy, issue: () => issued })(formRequest('client_id=c1'))
    expect(spy.mock.calls[0]).toMatchObject([
      { method: 'none', clientId: undefined, unprovenClientId: 'c1' },
      { endpoint: 'token' },
    ])
  })
})

describe('the channel', () => {
  const peer = { clientId: 'c1' }
  it('authenticates the client that it knows', async () => {
    expect((await token(coapRequest(Uint8Array.of(0xa0), { peer }))).code).toBe('2.01')
    expect((await token(coapRequest(Uint8Array.of(0xa0), { peer: { clientId: 'c2' } }))).code).toBe('4.01')
  })

  it('refuses the identifier or the credentials of another (RFC 9200 §5.8)', async () => {
    const other = { clientId: 'c2' }
    const named = new AccessTokenRequest({ client_id: 'c1' }).toCbor()
    expect((await token(coapRequest(named, { peer }))).code).toBe('2.01')
    expect((await token(coapRequest(named, { peer: other }))).code).toBe('4.01')
    const secret = new AccessTokenRequest({ client_id: 'c1', client_secret: 's1' }).toCbor()
    expect((await token(coapRequest(secret, { peer }))).code).toBe('2.01')
    expect((await token(coapRequest(secret, { peer: other }))).code).toBe('4.01')
    const header = { authorization: basic('c1', 's1') }
    expect((await token({ ...formRequest('', header), peer: other })).status).toBe(401)
  })
})

describe('what authentication gives is checked', () => {
  it('and what throws is an error of the server', async () => {
    const asked = (given: unknown) =>
      tokenEndpoint({ authenticate: given as never, issue: () => issued })(
        formRequest('client_id=c1&client_secret=s'),
      )
    for (const nothing of [undefined, null, false, 0, '']) {
      expect(seen(await asked(() => nothing))).toEqual(refused('invalid'))
      expect(seen(await asked(async () => nothing))).toEqual(refused('invalid'))
    }
    expect(seen(await asked(() => Promise.reject(new Error('s'))))).toMatchObject({ status: 500 })
  })

  it('and a store that finds without regard to case finds another client', async () => {
    const loose = clientAuthentication({
      findClient: () => ({ client_id: 'C1', secretHashes: [] }),
      checkSecret: () => true,
    })
    const endpoint = tokenEndpoint({ authenticate: loose, issue: () => issued })
    expect(seen(await endpoint(formRequest('client_id=C1&client_secret=s')))).toMatchObject({ status: 200 })
    expect(seen(await endpoint(formRequest('client_id=c1&client_secret=s')))).toEqual(refused('invalid'))
  })

  it('and a check that gives no true refuses', async () => {
    for (const answer of ['yes', 1, {}, undefined]) {
      const odd = clientAuthentication({
        findClient: () => ({ client_id: 'c1' }),
        checkSecret: () => answer as boolean,
      })
      const endpoint = tokenEndpoint({ authenticate: odd, issue: () => issued })
      expect(seen(await endpoint(formRequest('client_id=c1&client_secret=s')))).toEqual(refused('invalid'))
    }
  })

  it('and an unknown client is checked like a known one', async () => {
    const checkSecret = vi.fn(() => false)
    const known = { client_id: 'c1' }
    const same = clientAuthentication({ findClient: (id) => (id === 'c1' ? known : undefined), checkSecret })
    const endpoint = tokenEndpoint({ authenticate: same, issue: () => issued })
    await endpoint(formRequest('client_id=c1&client_secret=s'))
    await endpoint(formRequest('client_id=c2&client_secret=s'))
    expect(checkSecret.mock.calls).toEqual([
      [utf8('s'), known],
      [utf8('s'), undefined],
    ])
  })
})

describe('the secret of a client', () => {
  it('may be one of two while it is replaced, and is nothing for a client without one', async () => {
    const clients = new Map([
      [
        'two',
        { client_id: 'two', secretHashes: [await hashClientSecret('old'), await hashClientSecret('new')] },
      ],
      ['none', { client_id: 'none' }],
      ['zero', { client_id: 'zero', secretHashes: [] }],
    ])
    const endpoint = tokenEndpoint({
      authenticate: clientAuthentication({ findClient: (id) => clients.get(id) }),
      issue: () => issued,
    })
    const asked = async (id: string, secret: string) =>
      (await endpoint(formRequest('', { authorization: basic(id, secret) }))).status
    expect(await asked('two', 'old')).toBe(200)
    expect(await asked('two', 'new')).toBe(200)
    expect(await asked('two', 'other')).toBe(401)
    expect(await asked('none', '')).toBe(401)
    expect(await asked('zero', 'x')).toBe(401)
  })
})

describe('a bearer token (RFC 7662 §2.1, R6750-3-1)', () => {
  const introspect = () => new IntrospectionResponse({ active: true })
  const withBearer = clientAuthentication({
    findClient: () => undefined,
    findByToken: (given) => (given === 'good' ? { client_id: 'rs' } : undefined),
  })
  const asked = (authorization: string, given = withBearer) =>
    introspectionEndpoint({ authenticate: given, introspect })(formRequest('token=x', { authorization }))

  it('opens the introspection endpoint where it is good for that', async () => {
    expect((await asked('Bearer good')).status).toBe(200)
    const answer = await asked('Bearer bad')
    expect(answer).toMatchObject({ status: 401, failure: { code: 'introspect_bearer_token_invalid' } })
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="ace-oauth", error="invalid_token"')
    expect((await asked('Bearer ')).status).toBe(401)
  })

  it('is not taken where nobody said so', async () => {
    expect((await asked('Bearer good', authenticate as never)).failure?.code).toBe(
      'introspect_client_auth_method_unsupported',
    )
  })
})

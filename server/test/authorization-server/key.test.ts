import { AccessTokenResponse, ErrorResponse, opaqueFromText } from 'ace-oauth'
import { openCwt, TokenKey } from 'ace-oauth/token'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askByForm, type Fixture, openFixture, rsKey, shared, signing } from './fixture.ts'

let as: Fixture
beforeAll(async () => {
  as = await openFixture()
})
afterAll(() => as.close())

const opened = async (token: Uint8Array, key = shared) => (await openCwt(token, { keys: key })).claims

describe('a key', () => {
  it('goes with every token, in every format: there are no bearer tokens (R9200-5.8.2-7)', async () => {
    const req_cnf = JSON.stringify({ jwk: (await TokenKey.generate('ES256')).toJwk() })
    for (const audience of ['rs1', 'mac', 'signed1', 'nested', 'jwt', 'reference', 'exi', 'bare']) {
      const { payload } = await askByForm(as, 'c1', { audience, scope: 'read', req_cnf })
      const { access_token, token_type } = JSON.parse(new TextDecoder().decode(payload))
      expect([audience, token_type]).toEqual([audience, 'PoP'])
      expect((await as.introspect(audience, opaqueFromText(access_token))).cnf?.COSE_Key).toBeDefined()
    }
  })
})

describe('a symmetric key', () => {
  it('is for one resource server: for another the client gets a new one (R9200-6.1-4, R9202-3.3.1-2, R9202-3.3.1-4)', async () => {
    const first = await as.token('c1', { audience: 'rs1', scope: 'read' })
    const kid = first.cnf!.COSE_Key!.kid as Uint8Array
    const other = await as.token('c1', { audience: 'bare', scope: 'read', req_cnf: { kid } })
    expect(other.cnf!.COSE_Key!.k).not.toEqual(first.cnf!.COSE_Key!.k)
    expect(other.cnf!.COSE_Key!.kid).not.toEqual(kid)
    expect((await opened(other.access_token)).cnf?.COSE_Key).toEqual(other.cnf!.COSE_Key)
    expect(other.rs_cnf).toBeUndefined()
  })

  it('is made anew for each token, with an identifier of its own (R9202-3.3.1-8, R9203-3.2-5)', async () => {
    const answers = [
      await as.token('c1', { audience: 'rs1', scope: 'read' }),
      await as.token('c1', { audience: 'rs1', scope: 'read' }),
      await as.token('c2', { audience: 'rs1', scope: 'read' }),
    ]
    for (const part of ['k', 'kid'] as const) {
      const values = answers.map(({ cnf }) => Buffer.from(cnf!.COSE_Key![part] as Uint8Array).toString('hex'))
      expect(new Set(values).size).toBe(3)
    }
  })

  it('never goes to several resource servers, nor into a token that others could read (R9200-6.1-2, R9200-6.9-2)', async () => {
    const answer = await askByForm(as, 'c1', { resource: ['signed1', 'signed2'], scope: 'read' })
    expect(answer.failure?.code).toBe('token_parameter_missing')
  })
})

describe('input material of OSCORE', () => {
  const members = { audience: 'oscore', scope: 'read' } as const

  it('that was not issued to the client for this resource server is invalid_request (R9203-3.1-2)', async () => {
    await as.addResourceServer('oscore2', { profiles: ['coap_oscore'] })
    await as.addClient('o1', { audiences: ['oscore', 'oscore2'], profiles: ['coap_oscore'] })
    await as.addClient('o2', { audiences: ['oscore', 'oscore2'], profiles: ['coap_oscore'] })
    const { cnf } = await as.token('o1', members)
    const kid = cnf!.osc!.id
    for (const [name, audience, id] of [
      ['o2', 'oscore', kid],
      ['o1', 'oscore2', kid],
      ['o1', 'oscore', Uint8Array.of(99)],
    ] as const)
      expect(await as.refusal(name, { audience, scope: 'read', req_cnf: { kid: id } })).toEqual([
        'token_input_material_unknown',
        'invalid_request',
      ])
  })

  it('of a refresh is told again, for the context may be gone; an update names it (R9203-3.2-6, R9201-5-1)', async () => {
    const first = await as.token('c1', members)
    const refresh = (refresh_token: Uint8Array, more: object = {}) =>
      as.token('c1', { grant_type: 'refresh_token', refresh_token, ...more })
    const again = await refresh(first.refresh_token!)
    expect(again.cnf).toEqual(first.cnf)
    expect((await opened(again.access_token)).cnf).toEqual(first.cnf)
    const kid = first.cnf!.osc!.id
    const update = await refresh(again.refresh_token!, { req_cnf: { kid } })
    expect(update.cnf).toBeUndefined()
    expect((await opened(update.access_token)).cnf).toEqual({ kid })
    // What a family is bound to does not get lost by an update.
    expect((await refresh(update.refresh_token!)).cnf).toEqual(first.cnf)
  })

  it('is not what a client brings a public key for', async () => {
    const COSE_Key = (await TokenKey.generate('ES256')).toCose()
    expect((await as.refusal('c1', { ...members, req_cnf: { COSE_Key } }))[1]).toBe('unsupported_pop_key')
  })
})

describe('a public key', () => {
  const bring = async (key: TokenKey, clientId: string, audience = 'signed1') =>
    as.request(clientId, { audience, scope: 'read', req_cnf: { COSE_Key: key.toCose() } })

  it('that tokens of another client are bound to is refused, until they have ended (R9201-3.1-3, R9202-3.2.1-3)', async () => {
    const key = await TokenKey.generate('ES256')
    expect((await bring(key, 'c1')).code).toBe('2.01')
    const refused = await bring(key, 'c2', 'rs1')
    expect(refused.failure?.code).toBe('token_key_not_proven')
    expect(ErrorResponse.fromCbor(refused.payload).error.name).toBe('invalid_request')
    as.clock.now += 3600
    expect((await bring(key, 'c2', 'rs1')).code).toBe('2.01')
    as.clock.now -= 3600
  })

  it('that is registered for a client is its own, whoever used it before', async () => {
    const key = await TokenKey.generate('ES256')
    await as.addClient('owner', { jwks: { keys: [{ kty: 'oct' }, key.toJwk()] } })
    expect((await bring(key, 'c1')).code).toBe('2.01')
    expect((await bring(key, 'owner')).code).toBe('2.01')
  })

  it('is in the token as it came, and named by its identifier later (R9202-3.2.1-4, R9202-3.2.2-5, R9200-5.8.1-8)', async () => {
    const key = await TokenKey.generate('ES256', { kid: 'mine' })
    await bring(key, 'c1')
    const kid = new TextEncoder().encode('mine')
    const { access_token, cnf, rs_cnf } = await as.token('c1', {
      audience: 'signed2',
      scope: 'write',
      req_cnf: { kid },
    })
    expect(cnf).toBeUndefined()
    // RFC 9201 section 3.2, RFC 9202 section 3.2.1: the key of the resource server goes with asymmetric keys.
    expect(rs_cnf?.COSE_Key?.x).toEqual(rsKey.toCose().x)
    const { COSE_Key } = (await opened(access_token, signing)).cnf!
    expect([COSE_Key?.kid, COSE_Key?.x, COSE_Key?.d]).toEqual([kid, key.toCose().x, undefined])
  })

  it('comes as a JWK over HTTP, of an OKP curve as well, and the resource server says which it can process (R9200-5.8.3-5)', async () => {
    await as.addResourceServer('okp', {
      format: 'jwt',
      algorithm: 'ES256',
      key: null,
      popKeys: ['OKP:Ed25519'],
    })
    await as.addClient('http', { audiences: ['okp'] })
    const ask = async (key: TokenKey) =>
      askByForm(as, 'http', { audience: 'okp', scope: 'read', req_cnf: JSON.stringify({ jwk: key.toJwk() }) })
    expect((await ask(await TokenKey.generate('Ed25519'))).status).toBe(200)
    const refused = await ask(await TokenKey.generate('ES256'))
    expect([refused.status, JSON.parse(new TextDecoder().decode(refused.payload)).error]).toEqual([
      400,
      'unsupported_pop_key',
    ])
  })

  it('of the resource server is not told where the token is for several, or the key is a secret (R9201-5-5, R9201-3.2-4, R9202-3.2.1-6, R9202-3.2.1-7)', async () => {
    const key = await TokenKey.generate('ES256')
    const parameters = { scope: 'read', req_cnf: JSON.stringify({ jwk: key.toJwk() }) }
    const { payload } = await askByForm(
      as,
      'c1',
      { ...parameters, resource: ['signed1', 'signed2'] },
      'application/ace+cbor',
    )
    expect(AccessTokenResponse.fromCbor(payload).rs_cnf).toBeUndefined()
    expect((await as.token('c1', { audience: 'rs1', scope: 'read' })).rs_cnf).toBeUndefined()
    // Each resource server's own.
    const own = await TokenKey.generate('ES256')
    await as.addResourceServer('with-own-key', { publicKey: own.toJwk() })
    await as.addClient('c9', { audiences: ['with-own-key'] })
    const answer = AccessTokenResponse.fromCbor(
      (await bring(await TokenKey.generate('ES256'), 'c9', 'with-own-key')).payload,
    )
    expect(answer.rs_cnf?.COSE_Key?.x).toEqual(own.toCose().x)
  })
})

import { AccessTokenRequest, AccessTokenResponse, encodeAif } from 'ace-oauth'
import { decodeCoseMessage, openCose, openCwt, openJwt, TokenKey } from 'ace-oauth/token'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthorizationServer, openStore } from '../../src/index.ts'
import { askByForm, type Fixture, issuer, macKey, openFixture, secret, shared, signing } from './fixture.ts'

let as: Fixture
let key: TokenKey
beforeAll(async () => {
  as = await openFixture()
  key = await TokenKey.generate('ES256')
})
afterAll(() => as.close())

const tokenFor = async (audience: string) =>
  (await as.token('c1', { audience, scope: 'read', req_cnf: { COSE_Key: key.toCose() } })).access_token

describe('a CWT', () => {
  it.each([
    ['rs1', 0xd0, 'AES-CCM-16-64-128', shared],
    ['mac', 0xd1, 'HMAC 256/256', macKey],
    ['signed1', 0xd2, 'ES256', signing],
  ])(
    'for %s has tag 61 and that of its structure, and all header parameters protected (R9770-3-1, R9770-3-2, R9200-5.10-1, R9200-6.1-1, R9200-5.10.1.1-2, R9202-3.2.1-8)',
    async (audience, tag, alg, opening) => {
      const token = await tokenFor(audience)
      expect([...token.subarray(0, 3)]).toEqual([0xd8, 61, tag])
      const { protected: inside, unprotected } = decodeCoseMessage(token)
      expect([inside.alg, inside.kid]).toEqual([alg, opening.kid])
      expect(unprotected).toEqual({})
      expect((await openCwt(token, { keys: opening })).claims.aud).toBe(audience)
    },
  )

  it('that is nested is signed inside and encrypted outside, each layer protected whole (R9770-3-1, R9200-6.8-2)', async () => {
    const token = await tokenFor('nested')
    expect([...token.subarray(0, 3)]).toEqual([0xd8, 61, 0xd0])
    const inside = decodeCoseMessage((await openCose(token, { keys: shared })).payload)
    expect([inside.structure, inside.protected.alg, inside.protected.kid]).toEqual([
      'sign1',
      'ES256',
      signing.kid,
    ])
    for (const layer of [inside, decodeCoseMessage(token)]) expect(layer.unprotected).toEqual({})
  })

  it('is signed by ES256 unless its resource server is registered for ESP256, which older peers do not know', async () => {
    const record = { kid: 'esp', algorithm: 'ESP256', state: 'active', createdAt: 0 } as const
    const esp = await TokenKey.generate('ESP256', { kid: 'esp' })
    await as.store.keys.add({ ...record, jwk: esp.toPrivateJwk() }, 'test')
    await as.addResourceServer('newer', { format: 'cwt-sign1', algorithm: 'ESP256', key: null })
    await as.addClient('mixed', { audiences: ['newer', 'signed1'] })
    await as.server.reload()
    const algOf = async (audience: string) => {
      const members = {
        audience,
        scope: 'read',
        req_cnf: { COSE_Key: (await TokenKey.generate('ES256')).toCose() },
      }
      return decodeCoseMessage((await as.token('mixed', members)).access_token).protected.alg
    }
    expect([await algOf('newer'), await algOf('signed1')]).toEqual(['ESP256', 'ES256'])
  })
})

describe('keys that are given', () => {
  it('sign in the place of those of the store, and are published with them', async () => {
    const vault = await TokenKey.generate('ES256', { kid: 'vault' })
    const own = await openFixture({ keys: [vault] })
    const members = { audience: 'signed1', scope: 'read', req_cnf: { COSE_Key: key.toCose() } }
    const { access_token } = await own.token('c1', members)
    expect((await openCwt(access_token, { keys: vault })).claims.aud).toBe('signed1')
    const { payload } = await own.server.keySet({ method: 'GET', headers: new Headers() })
    const published = JSON.parse(new TextDecoder().decode(payload)) as { keys: { kid: string; d?: string }[] }
    expect(published.keys.map(({ kid, d }) => [kid, d])).toEqual([
      ['as', undefined],
      ['vault', undefined],
    ])
    await own.close()
  })

  it('are private ones of an algorithm, or the server does not start', async () => {
    for (const wrong of [signing.publicKey(), shared])
      await expect(openFixture({ keys: [wrong] })).rejects.toThrow(TypeError)
  })
})

describe('a JWT', () => {
  it('is an at+jwt with the claims of RFC 9068, and a key that its client has (R9200-5.8-2)', async () => {
    const jwk = key.toJwk()
    const { payload } = await askByForm(as, 'c1', {
      audience: 'jwt',
      scope: 'read',
      req_cnf: JSON.stringify({ jwk }),
    })
    const { access_token, token_type } = JSON.parse(new TextDecoder().decode(payload))
    const [header, claims] = access_token
      .split('.')
      .slice(0, 2)
      .map((part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()))
    expect(header).toMatchObject({ typ: 'at+jwt', alg: 'ES256', kid: 'as' })
    expect(claims).toMatchObject({
      iss: issuer,
      aud: 'jwt',
      sub: 'c1',
      client_id: 'c1',
      scope: 'read',
      exp: as.clock.now + 3600,
      iat: as.clock.now,
      cnf: { jwk: { kty: 'EC', crv: 'P-256', x: jwk['x'], y: jwk['y'] } },
    })
    expect(claims.jti).toMatch(/^[\w-]{22}$/)
    expect(token_type).toBe('PoP')
    await openJwt(access_token, { keys: signing })
  })

  it('has iss, aud and exp whatever its resource server is registered for otherwise', async () => {
    const bare = {
      format: 'jwt',
      algorithm: 'ES256',
      key: null,
      hasIssuer: false,
      hasAudience: false,
    } as const
    await as.addResourceServer('bare-jwt', bare)
    await as.addClient('j1', { audiences: ['bare-jwt'] })
    const own = { COSE_Key: (await TokenKey.generate('ES256')).toCose() }
    const { access_token } = await as.token('j1', { audience: 'bare-jwt', scope: 'read', req_cnf: own })
    const { claims } = await openJwt(new TextDecoder().decode(access_token), { keys: signing })
    expect([claims.iss, claims.aud, claims.exp]).toEqual([issuer, 'bare-jwt', as.clock.now + 3600])
  })
})

describe('a token', () => {
  it('of each format is told by introspection as it is (R9200-5.9.2-7, R7662-4-1)', async () => {
    for (const audience of ['rs1', 'mac', 'signed1', 'nested', 'jwt', 'reference']) {
      const told = await as.introspect(audience, await tokenFor(audience))
      expect(told).toMatchObject({ active: true, aud: audience, scope: 'read', iss: issuer, client_id: 'c1' })
      expect(told.cnf?.COSE_Key?.x).toEqual(key.toCose().x)
    }
  })

  it('is held to the size that its resource server takes, whatever makes it large', async () => {
    await as.addResourceServer('tight', {
      maxTokenBytes: 210,
      scopes: ['aif:/s 1', `aif:${'/x'.repeat(60)} 1`],
    })
    await as.addClient('sized', { audiences: ['tight'], scopes: ['aif:/s 1', `aif:${'/x'.repeat(60)} 1`] })
    const ask = (path: string) => as.request('sized', { audience: 'tight', scope: encodeAif([[path, 1]]) })
    expect((await ask('/s')).code).toBe('2.01')
    const refused = await ask('/x'.repeat(60))
    expect([refused.code, refused.failure?.code]).toEqual(['4.00', 'token_too_large_for_audience'])
    expect(refused.failure?.details).toMatchObject({ limit: 210 })
  })

  it('says how long it is good for, also with exi, and never longer than its resource server is registered for (R9200-5.10.4-1)', async () => {
    await as.addResourceServer('short', { tokenLifetime: 60 })
    await as.addClient('s1', { audiences: ['short', 'exi'] })
    expect((await as.token('s1', { audience: 'short', scope: 'read' })).expires_in).toBe(60)
    expect((await as.token('s1', { audience: 'exi', scope: 'read' })).expires_in).toBe(3600)
  })

  it('with exi has a number of its own, also where servers share a store and are started anew (R9200-5.10.3-1, R9200-5.10.3-2)', async () => {
    const stores = [await openStore(as.location), await openStore(as.location)]
    const servers = [as.server]
    for (const store of stores)
      servers.push(await createAuthorizationServer({ issuer, store, now: () => as.clock.now }))
    const members = { client_id: 'c1', client_secret: secret, audience: 'exi', scope: 'read' }
    const payload = new AccessTokenRequest(members).toCbor()
    const answers = await Promise.all(
      Array.from({ length: 18 }, (_, i) => servers[i % 3]!.token({ method: 'POST', payload })),
    )
    const numbers = new Set<string>()
    for (const { payload: answer } of answers) {
      const { claims } = await openCwt(AccessTokenResponse.fromCbor(answer).access_token, { keys: shared })
      numbers.add(Buffer.from(claims.cti!).toString('hex'))
    }
    expect(numbers.size).toBe(18)
    for (const store of stores) await store.close()
  })

  it('for several audiences has to be signed, have one format, and exp; audience may be repeated over HTTP (R9200-6.1-3)', async () => {
    const parameters = { scope: 'read', req_cnf: JSON.stringify({ jwk: key.toJwk() }) }
    for (const [audience, own] of [
      ['reference2', { format: 'reference', key: null }],
      ['signed-exi', { format: 'cwt-sign1', algorithm: 'ES256', key: null, usesExi: true }],
      [
        'signed-bare',
        { format: 'cwt-sign1', algorithm: 'ES256', key: null, hasIssuer: false, hasAudience: false },
      ],
    ] as const)
      await as.addResourceServer(audience, own)
    await as.addClient('several', {
      audiences: [
        'signed1',
        'signed2',
        'jwt',
        'reference',
        'reference2',
        'signed-exi',
        'signed-bare',
        'rs1',
        'nested',
      ],
    })
    const jwk = (await TokenKey.generate('ES256')).toJwk()
    const ask = (audience: readonly string[], name = 'audience') =>
      askByForm(
        as,
        'several',
        { ...parameters, req_cnf: JSON.stringify({ jwk }), [name]: audience },
        'application/ace+cbor',
      )
    for (const name of ['audience', 'resource']) {
      const { payload } = await ask(['signed1', 'signed-bare'], name)
      const { claims } = await openCwt(AccessTokenResponse.fromCbor(payload).access_token, { keys: signing })
      expect([claims.aud, claims.iss]).toEqual([['signed1', 'signed-bare'], issuer])
    }
    for (const wrong of [
      ['reference', 'reference2'],
      ['signed1', 'signed-exi'],
      ['signed1', 'jwt'],
      ['rs1', 'nested'],
    ])
      expect((await ask(wrong)).failure?.code).toBe('token_audience_not_allowed')
  })
})

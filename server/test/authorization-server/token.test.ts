import {
  AccessTokenRequest,
  AccessTokenResponse,
  type CborValue,
  decodeAif,
  decodeValue,
  ErrorResponse,
  encodeAif,
  encodeValue,
  oauthParameters,
} from 'ace-oauth'
import { openCwt, openJwt, TokenKey } from 'ace-oauth/token'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  basic,
  clientKey,
  type Fixture,
  issuer,
  macKey,
  openFixture,
  rsKey,
  secret,
  shared,
  signing,
} from './fixture.ts'

let as: Fixture
beforeAll(async () => {
  as = await openFixture()
})
afterAll(() => as.close())

const req_cnf = { COSE_Key: clientKey.toCose() }
const opened = async (token: Uint8Array, key: TokenKey) => (await openCwt(token, { keys: key })).claims

describe('a token', () => {
  it('is encrypted for its resource server, bound to a key that the server makes, and the client gets the key (R9200-5.8.1-2, R9200-5.8.2-1, R9200-5.8.2-8, R9201-3.2-1, R9202-3.3.1-3, R9202-3.3.1-6, R6749-5.1-1, R6749-5.1-3)', async () => {
    const { payload, code } = await as.request('c1', { audience: 'rs1', scope: 'read' })
    expect(code).toBe('2.01')
    const answer = AccessTokenResponse.fromCbor(payload)
    const claims = await opened(answer.access_token, shared)
    expect(claims).toMatchObject({ iss: issuer, aud: 'rs1', scope: 'read', exp: as.clock.now + 3600 })
    expect(claims.cnf?.COSE_Key?.k).toEqual(answer.cnf?.COSE_Key?.k)
    expect(answer.cnf?.COSE_Key?.k).toHaveLength(16)
    expect(answer.expires_in).toBe(3600)
    expect(answer.scope).toBeUndefined()
  })

  it('has the form that its resource server takes', async () => {
    const tokenFor = async (audience: string) =>
      (await as.token('c1', { audience, scope: 'read', req_cnf })).access_token
    expect((await opened(await tokenFor('signed1'), signing)).aud).toBe('signed1')
    expect((await opened(await tokenFor('mac'), macKey)).aud).toBe('mac')
    const nested = await openCwt(await tokenFor('nested'), { keys: signing, decryptWith: shared })
    expect(nested.layers.map(({ structure }) => structure)).toEqual(['encrypt0', 'sign1'])
    const jwt = new TextDecoder().decode(await tokenFor('jwt'))
    const { claims } = await openJwt(jwt, { keys: signing })
    expect([claims.iss, claims.aud, claims.sub]).toEqual([issuer, 'jwt', 'c1'])
    const reference = await tokenFor('reference')
    expect(new TextDecoder().decode(reference)).toMatch(/^[\w-]{24}$/)
  })

  it('with exi has a cti that counts up for its resource server, and no exp (R9200-5.10.3-2)', async () => {
    const claims = []
    for (let i = 0; i < 2; i++)
      claims.push(
        await opened((await as.token('c1', { audience: 'exi', scope: 'read' })).access_token, shared),
      )
    expect(claims.map(({ exi, exp }) => [exi, exp])).toEqual([
      [3600, undefined],
      [3600, undefined],
    ])
    const numbers = claims.map(({ cti }) => new DataView(cti!.buffer, cti!.byteOffset).getBigUint64(3))
    expect(numbers).toEqual([1n, 2n])
    expect(new TextDecoder().decode(claims[0]!.cti!.subarray(0, 3))).toBe('exi')
  })

  it('that is too large for its resource server is not issued', async () => {
    expect(await as.refusal('c1', { audience: 'small', scope: 'read' })).toEqual([
      'token_too_large_for_audience',
      'invalid_request',
    ])
  })

  it('has no iss and no aud where its resource server is registered so', async () => {
    const { access_token } = await as.token('c1', { audience: 'bare', scope: 'read' })
    const { iss, aud } = await opened(access_token, shared)
    expect([iss, aud]).toEqual([undefined, undefined])
  })

  it('carries the client-nonce byte for byte (R9200-5.3.1-3, R9200-5.10-4, R9200-5.8.4.4-1)', async () => {
    const cnonce = Uint8Array.of(0, 255, 128)
    const { access_token } = await as.token('c1', { audience: 'rs1', scope: 'read', cnonce })
    expect((await opened(access_token, shared)).cnonce).toEqual(cnonce)
  })

  it('comes in JSON to a client that sends a form, with token_type (R9200-5.8.1-10, R9200-5.8.2-2)', async () => {
    const { status, payload } = await as.server.token({
      method: 'POST',
      mediaType: 'application/x-www-form-urlencoded',
      payload: new TextEncoder().encode('grant_type=client_credentials&audience=reference&scope=read'),
      headers: new Headers({ authorization: basic('c1') }),
    })
    expect(status).toBe(200)
    expect(JSON.parse(new TextDecoder().decode(payload))).toMatchObject({
      token_type: 'PoP',
      expires_in: 3600,
    })
  })
})

describe('client authentication', () => {
  it('takes the secret of a client, and refuses an unknown client and a wrong secret alike (R9200-5.5-1, R9200-5.8-4)', async () => {
    const answers = []
    for (const [client_id, client_secret] of [
      ['c1', 'wrong'],
      ['nobody', secret],
    ] as const)
      answers.push(
        await as.server.token({
          method: 'POST',
          payload: new AccessTokenRequest({
            client_id,
            client_secret,
            audience: 'rs1',
            scope: 'read',
          }).toCbor(),
        }),
      )
    expect(answers[0]!.failure?.code).toBe('token_client_credentials_invalid')
    expect({ ...answers[1], failure: undefined }).toEqual({ ...answers[0], failure: undefined })
  })

  it('refuses a client that was disabled, and another method than the registered one', async () => {
    await as.addClient('disabled', { isEnabled: false })
    await as.addClient('psk', { authentication: 'channel', secretHash: null })
    const members = { audience: 'rs1', scope: 'read' }
    expect((await as.refusal('disabled', members))[1]).toBe('invalid_client')
    expect((await as.refusal('psk', members))[1]).toBe('invalid_client')
    expect((await as.refusal('c1', members, { clientId: 'c1' }))[1]).toBe('invalid_client')
    expect((await as.request('psk', members, { clientId: 'psk' })).code).toBe('2.01')
  })

  it('gives a resource server no token for what it introspects with', async () => {
    expect(await as.refusal('rs1-introspection', { audience: 'rs1', scope: 'read' })).toEqual([
      'token_client_not_allowed',
      'unauthorized_client',
    ])
  })
})

describe('the grant', () => {
  it('that nobody has is unsupported_grant_type (R6749-5.2-6)', async () => {
    expect(await as.refusal('c1', { grant_type: -70009, audience: 'rs1' })).toEqual([
      'token_grant_type_unsupported',
      'unsupported_grant_type',
    ])
  })

  it('that the client may not use is unauthorized_client (R6749-5.2-6)', async () => {
    await as.addClient('refresher', { grantTypes: ['refresh_token'] })
    expect(await as.refusal('refresher', { audience: 'rs1', scope: 'read' })).toEqual([
      'token_grant_type_not_allowed',
      'unauthorized_client',
    ])
  })

  it('of an operator is run under its private-use integer', async () => {
    const own = await openFixture({
      grants: [
        {
          name: '-70001',
          parameters: ['code'],
          run: async (started) => ({ ...started, earlier: null, presented: null }),
        },
      ],
    })
    await own.addClient('c3', { grantTypes: ['-70001'] })
    const members = { grant_type: -70001, audience: 'rs1', scope: 'read' } as const
    expect((await own.request('c3', { ...members, code: 'abc' })).code).toBe('2.01')
    expect(await own.refusal('c3', members)).toEqual(['token_parameter_missing', 'invalid_request'])
    await own.close()
  })
})

describe('the audience', () => {
  it('that the client may not have is refused, whether or not it exists (R9202-3.3.1-7)', async () => {
    await as.addClient('narrow', { audiences: ['rs1'] })
    for (const audience of ['signed1', 'nowhere'])
      expect(await as.refusal('narrow', { audience, scope: 'read' })).toEqual([
        'token_audience_not_allowed',
        'unauthorized_client',
      ])
  })

  it('is the default of the client where the request has none, and invalid_request without one', async () => {
    await as.addClient('default', { defaultAudience: 'rs1', defaultScope: 'read' })
    expect((await opened((await as.token('default', {})).access_token, shared)).aud).toBe('rs1')
    expect(await as.refusal('c1', { scope: 'read' })).toEqual(['token_audience_missing', 'invalid_request'])
  })

  it('that is not registered any more is invalid_request', async () => {
    expect(await as.refusal('c1', { audience: 'gone', scope: 'read' })).toEqual([
      'token_audience_unknown',
      'invalid_request',
    ])
  })

  it('may be several, by RFC 8707, with a signed token alone (RFC 9200 section 6.1)', async () => {
    const ask = async (...resources: string[]) =>
      as.server.token({
        method: 'POST',
        mediaType: 'application/x-www-form-urlencoded',
        accept: 'application/ace+cbor',
        payload: new TextEncoder().encode(
          `scope=read&req_cnf=${encodeURIComponent(JSON.stringify({ jwk: clientKey.toJwk() }))}&${resources.map((each) => `resource=${each}`).join('&')}`,
        ),
        headers: new Headers({ authorization: basic('c1') }),
      })
    const { payload } = await ask('signed1', 'signed2')
    const { access_token } = AccessTokenResponse.fromCbor(payload)
    expect((await opened(access_token, signing)).aud).toEqual(['signed1', 'signed2'])
    expect((await ask('rs1', 'signed1')).failure?.code).toBe('token_audience_not_allowed')
    expect((await ask('rs1', 'bare')).failure?.code).toBe('token_audience_not_allowed')
  })
})

describe('the scope', () => {
  it('is narrowed to what is allowed, and the client is told (R6749-3.3-1, R6749-5.1-4)', async () => {
    const { scope, access_token } = await as.token('c1', { audience: 'rs1', scope: 'read admin' })
    expect(scope).toBe('read')
    expect((await opened(access_token, shared)).scope).toBe('read')
  })

  it('of which nothing is allowed, or that is not there, is invalid_scope', async () => {
    expect(await as.refusal('c1', { audience: 'rs1', scope: 'admin' })).toEqual([
      'token_scope_not_allowed',
      'invalid_scope',
    ])
    expect(await as.refusal('c1', { audience: 'rs1' })).toEqual(['token_scope_missing', 'invalid_scope'])
  })

  it('in AIF is narrowed path by path, and its bytes are never taken for a text (R9200-5.8.1-5)', async () => {
    const asked = encodeAif([
      ['/s/temp', 1],
      ['/s/other', 1],
    ])
    await as.addClient('aif', { scopes: ['aif:/s/temp 3'] })
    const { scope } = await as.token('aif', { audience: 'rs1', scope: asked })
    expect(decodeAif(scope as Uint8Array)).toEqual([['/s/temp', 1]])
    const text = new TextEncoder().encode('read')
    expect((await as.refusal('c1', { audience: 'rs1', scope: text }))[1]).toBe('invalid_scope')
  })
})

describe('the profile', () => {
  it('is one that client and resource server have, or incompatible_ace_profiles (R9200-5.8.3-6)', async () => {
    expect(await as.refusal('c1', { audience: 'mqtt', scope: 'read' })).toEqual([
      'token_profiles_incompatible',
      'incompatible_ace_profiles',
    ])
    expect((await as.refusal('c1', { audience: 'rs1', scope: 'read', ace_profile: 'coap_oscore' }))[1]).toBe(
      'incompatible_ace_profiles',
    )
  })

  it('is told to a client that asks for it (R9200-5.8.2-3, R9202-3.2.1-5)', async () => {
    await as.addClient('dtls', { profiles: ['coap_dtls'] })
    const members = { audience: 'rs1', scope: 'read' }
    expect((await as.token('dtls', members)).ace_profile).toBeUndefined()
    expect((await as.token('dtls', { ...members, ace_profile: null })).ace_profile).toBe('coap_dtls')
  })

  it('coap_oscore comes with input material whose identifier is given once, and an update names it (R9203-3.2-2, R9203-3.2-3, R9203-3.2-4)', async () => {
    const ask = () => as.token('c1', { audience: 'oscore', scope: 'read' })
    const [one, two] = [await ask(), await ask()]
    expect(one.cnf?.osc?.ms).toHaveLength(16)
    expect(one.cnf?.osc?.id).not.toEqual(two.cnf?.osc?.id)
    const kid = one.cnf!.osc!.id
    const update = await as.token('c1', { audience: 'oscore', scope: 'read write', req_cnf: { kid } })
    expect((await opened(update.access_token, shared)).cnf).toEqual({ kid })
    expect(update.cnf).toBeUndefined()
    const again = await as.token('c1', { audience: 'oscore', scope: 'write', req_cnf: { kid } })
    expect((await opened(again.access_token, shared)).cnf).toEqual({ kid })
  })
})

describe('the key', () => {
  it('that the client brings is in the token, and the client is told that of the resource server (R9200-5.8.1-8)', async () => {
    const answer = await as.token('c1', { audience: 'signed1', scope: 'read', req_cnf })
    const { cnf } = await opened(answer.access_token, signing)
    expect(await (await TokenKey.fromCose(cnf!.COSE_Key!)).thumbprint()).toEqual(await clientKey.thumbprint())
    expect(answer.cnf).toBeUndefined()
    expect(answer.rs_cnf?.COSE_Key?.x).toEqual(rsKey.toCose().x)
  })

  it('must be a public one: symmetric and private keys are invalid_request (R9201-3.1-2)', async () => {
    const symmetric = await TokenKey.generate('AES-CCM-16-64-128')
    for (const key of [symmetric, clientKey]) {
      // As the library itself would not write it.
      const payload = encodeValue(
        new Map<number, CborValue>([
          [oauthParameters.req_cnf, new Map([[1, decodeValue(key.toPrivateCbor())]])],
          [oauthParameters.audience, 'rs1'],
          [oauthParameters.scope, 'read'],
          [oauthParameters.client_id, 'c1'],
          [oauthParameters.client_secret, new TextEncoder().encode(secret)],
        ]),
      )
      const answer = await as.server.token({ method: 'POST', payload })
      expect(ErrorResponse.fromCbor(answer.payload).error.name).toBe('invalid_request')
    }
  })

  it('that the resource server cannot process is unsupported_pop_key (R9200-5.8.3-5)', async () => {
    const ed25519 = (await TokenKey.generate('EdDSA')).toCose()
    expect(
      await as.refusal('c1', { audience: 'rs1', scope: 'read', req_cnf: { COSE_Key: ed25519 } }),
    ).toEqual(['token_key_unsupported', 'unsupported_pop_key'])
  })

  it('that is no point of its curve is invalid_request', async () => {
    const wrong = { ...clientKey.toCose(), x: new Uint8Array(32).fill(1), y: new Uint8Array(32).fill(1) }
    expect(await as.refusal('c1', { audience: 'rs1', scope: 'read', req_cnf: { COSE_Key: wrong } })).toEqual([
      'token_key_malformed',
      'invalid_request',
    ])
  })

  it('must come with the request where the token is readable, for a secret one could be read', async () => {
    for (const audience of ['signed1', 'mac', 'jwt'])
      expect(await as.refusal('c1', { audience, scope: 'read' })).toEqual([
        'token_parameter_missing',
        'invalid_request',
      ])
  })

  it('may be one of an earlier token of the same client by its identifier, and never one of another client (R9202-4-2, R9202-4-3)', async () => {
    const first = await as.token('c1', { audience: 'rs1', scope: 'read' })
    const kid = first.cnf!.COSE_Key!.kid as Uint8Array
    const second = await as.token('c1', { audience: 'rs1', scope: 'write', req_cnf: { kid } })
    expect((await opened(second.access_token, shared)).cnf?.COSE_Key).toEqual(first.cnf?.COSE_Key)
    expect(await as.refusal('c2', { audience: 'rs1', scope: 'read', req_cnf: { kid } })).toEqual([
      'token_key_unknown',
      'unsupported_pop_key',
    ])
  })
})

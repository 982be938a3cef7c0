import { AccessTokenResponse } from 'ace-oauth'
import { verifyAccessToken } from 'ace-oauth/resource-server'
import { TokenKey } from 'ace-oauth/token'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  askByForm,
  clientKey,
  type Fixture,
  issuer,
  openFixture,
  shared,
  signing,
} from '../authorization-server/fixture.ts'

let as: Fixture
let other: Fixture
const otherIssuer = 'https://other.example.com'
beforeAll(async () => {
  as = await openFixture()
  // As it should not be: with the same keys.
  other = await openFixture({ issuer: otherIssuer })
})
afterAll(async () => {
  await as.close()
  await other.close()
})

const req_cnf = { COSE_Key: clientKey.toCose() }

/** What a resource server says to a token. */
async function refusalAt(
  audience: string,
  token: Uint8Array,
  trusted: string,
  keys: TokenKey = shared,
): Promise<string | undefined> {
  try {
    await verifyAccessToken(token, {
      issuers: [{ issuer: trusted, keys }],
      audiences: audience,
      requiredClaims: ['iss', 'aud', 'exp'],
      recognizesScope: () => true,
    })
    return undefined
  } catch (failure) {
    return (failure as { code: string }).code
  }
}

describe('a token for one resource server', () => {
  it('is refused at another, though they share a key, and introspects as inactive there', async () => {
    const { access_token } = await as.token('c1', { audience: 'rs1', scope: 'read' })
    expect(await refusalAt('rs1', access_token, issuer)).toBeUndefined()
    expect(await refusalAt('exi', access_token, issuer)).toBe('authz_info_audience_mismatch')
    expect((await as.introspect('rs1', access_token)).active).toBe(true)
    expect((await as.introspect('exi', access_token)).active).toBe(false)
  })

  it('stays for it when it is refreshed, by any name of the parameter', async () => {
    const { refresh_token } = await as.token('c1', { audience: 'rs1', scope: 'read' })
    const refresh = { grant_type: 'refresh_token', refresh_token: new TextDecoder().decode(refresh_token) }
    for (const more of [
      { audience: 'bare' },
      { resource: 'bare' },
      { audience: ['rs1', 'bare'] },
      { audience: 'rs1', resource: 'bare' },
    ]) {
      const { failure } = await askByForm(as, 'c1', { ...refresh, ...more })
      expect(failure?.code).toBe('token_refresh_audience_changed')
    }
    expect((await askByForm(as, 'c1', { ...refresh, resource: 'rs1' })).status).toBe(200)
  })

  it('is not had by naming an allowed one beside a forbidden one', async () => {
    await as.addClient('narrow', { audiences: ['signed1'] })
    const parameters = {
      scope: 'read',
      req_cnf: JSON.stringify({ jwk: (await TokenKey.generate('ES256')).toJwk() }),
    }
    for (const more of [
      { audience: ['signed1', 'signed2'] },
      { audience: 'signed1', resource: 'signed2' },
      { resource: ['signed1', 'signed2'] },
      { audience: 'Signed1' },
      { audience: 'signed1 ' },
      { audience: 'signed%' },
    ]) {
      const { failure } = await askByForm(as, 'narrow', { ...parameters, ...more })
      expect(failure?.code).toBe('token_audience_not_allowed')
    }
  })
})

describe('a token of one authorization server', () => {
  it('is refused where another is trusted, though the keys are the same, for iss says whose it is', async () => {
    const foreign = await other.token('c1', { audience: 'rs1', scope: 'read' })
    expect(await refusalAt('rs1', foreign.access_token, otherIssuer)).toBeUndefined()
    expect(await refusalAt('rs1', foreign.access_token, issuer)).toBe('authz_info_issuer_mismatch')
    const signed = await other.token('c1', { audience: 'signed1', scope: 'read', req_cnf })
    expect(await refusalAt('signed1', signed.access_token, issuer, signing)).toBe(
      'authz_info_issuer_mismatch',
    )
  })

  it('is inactive at another, cannot be refreshed there, and is not revoked by it', async () => {
    const { access_token, refresh_token } = await other.token('c1', { audience: 'rs1', scope: 'read' })
    expect((await as.introspect('rs1', access_token)).active).toBe(false)
    expect((await as.refusal('c1', { grant_type: 'refresh_token', refresh_token: refresh_token! }))[0]).toBe(
      'token_grant_invalid',
    )
    for (const token of [access_token, refresh_token!])
      expect((await as.revoke('c1', token)).status).toBe(200)
    expect((await other.introspect('rs1', access_token)).active).toBe(true)
  })
})

describe('a client that asks for the key of another', () => {
  it('gets none, by its identifier, of any kind: secret, public, or input material (R9202-4-2, R9203-3.1-2)', async () => {
    await as.addClient('victim', { profiles: ['coap_dtls', 'coap_oscore'] })
    await as.addClient('thief', { profiles: ['coap_dtls', 'coap_oscore'] })
    const own = await TokenKey.generate('ES256', { kid: 'victim-key' })
    const [secret, material] = [
      await as.token('victim', { audience: 'rs1', scope: 'read' }),
      await as.token('victim', { audience: 'oscore', scope: 'read' }),
    ]
    await as.token('victim', { audience: 'signed1', scope: 'read', req_cnf: { COSE_Key: own.toCose() } })
    for (const [audience, kid, code] of [
      ['rs1', secret.cnf!.COSE_Key!.kid as Uint8Array, 'token_key_unknown'],
      ['signed1', own.kid!, 'token_key_unknown'],
      ['oscore', material.cnf!.osc!.id!, 'token_input_material_unknown'],
    ] as const)
      expect((await as.refusal('thief', { audience, scope: 'read', req_cnf: { kid } }))[0]).toBe(code)
    const brought = { audience: 'signed2', scope: 'read', req_cnf: { COSE_Key: own.toCose() } }
    expect((await as.refusal('thief', brought))[0]).toBe('token_key_not_proven')
  })

  it('gets none with its refresh token either, and does not harm it', async () => {
    const { refresh_token } = await as.token('c1', { audience: 'rs1', scope: 'read' })
    const members = { grant_type: 'refresh_token', refresh_token: refresh_token! } as const
    for (let i = 0; i < 3; i++)
      expect(await as.refusal('c2', members)).toEqual(['token_grant_invalid', 'invalid_grant'])
    const { payload, code } = await as.request('c1', members)
    expect([code, AccessTokenResponse.fromCbor(payload).refresh_token]).toEqual([
      '2.01',
      expect.any(Uint8Array),
    ])
  })
})

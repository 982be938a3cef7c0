import { describe, expect, it } from 'vitest'
import { Failure } from '../../src/failure/failure.ts'
import {
  AccessTokenRequest,
  AccessTokenResponse,
  CreationHints,
  ErrorResponse,
  IntrospectionResponse,
} from '../../src/index.ts'
import { contentFormats } from '../../src/registry/generated/content-formats.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

describe('a token request', () => {
  it('R9200-5.8.1-3: audience is a text under key 5, and may be absent', () => {
    expect(AccessTokenRequest.fromCbor(fromHex('a10563727331')).audience).toBe('rs1')
    expect(AccessTokenRequest.fromCbor(fromHex('a0')).audience).toBeUndefined()
    expect(refusal(() => AccessTokenRequest.fromCbor(fromHex('a10541 61'.replace(' ', ''))))).toMatchObject({
      reason: 'unexpected_type',
      path: 'audience',
      offset: 2,
    })
  })

  it('R9200-5.8.4.1-1: grant_type is an integer in CBOR, never a text', () => {
    for (const [hex, name] of [
      ['a2182101181d4101', 'authorization_code'],
      ['a1182102', 'client_credentials'],
      ['a2182103182541ff', 'refresh_token'],
    ] as const)
      expect(AccessTokenRequest.fromCbor(fromHex(hex)).grant_type).toBe(name)
    const text = fromHex(`a11821${toHex(new TextEncoder().encode('rclient_credentials'))}`)
    expect(refusal(() => AccessTokenRequest.fromCbor(text))).toMatchObject({
      reason: 'unexpected_type',
      path: 'grant_type',
    })
  })

  it('R9200-5.8.4.3-2: a profile is its one integer in CBOR, and its one name in JSON', () => {
    for (const [name, value] of [
      ['coap_dtls', 1],
      ['coap_oscore', 2],
    ] as const) {
      const request = new AccessTokenRequest({ ace_profile: name })
      expect(toHex(request.toCbor())).toBe(`a118260${value}`)
      expect(request.toJson()).toEqual({ ace_profile: name })
    }
  })

  it('R9200-5.8.4.4-2: cnonce is a byte string in CBOR, and base64url without padding in JSON and forms', () => {
    const request = AccessTokenRequest.fromCbor(fromHex('a1182744fbeffeff'))
    expect(request.cnonce).toEqual(fromHex('fbeffeff'))
    expect(request.toJson()).toEqual({ cnonce: '--_-_w' })
    expect(AccessTokenRequest.fromForm(request.toForm()).cnonce).toEqual(request.cnonce)
    expect(new URLSearchParams(request.toForm()).get('cnonce')).toBe('--_-_w')
    expect(CreationHints.fromJson({ cnonce: '--_-_w' }).cnonce).toEqual(request.cnonce)
    expect(refusal(() => AccessTokenRequest.fromCbor(fromHex('a118276161')))).toMatchObject({
      reason: 'unexpected_type',
      path: 'cnonce',
    })
    expect(refusal(() => AccessTokenRequest.fromJson({ cnonce: '--/-_w==' }))).toMatchObject({
      path: 'cnonce',
    })
  })

  it('R9202-3.3.1-1: req_cnf may name a symmetric key by its identifier', () => {
    const request = AccessTokenRequest.fromCbor(fromHex('a104a1034112'), { strict: true })
    expect(request.req_cnf?.kid).toEqual(fromHex('12'))
  })
})

describe('a token response', () => {
  it('R9200-5.8.2-5 R6749-5.1-4: token_type, refresh_token and scope may be absent', () => {
    const response = AccessTokenResponse.fromCbor(fromHex('a1014101'), { strict: true })
    expect([response.refresh_token, response.scope]).toEqual([undefined, undefined])
    expect(toHex(new AccessTokenResponse({ access_token: fromHex('01') }).toCbor())).toBe('a1014101')
  })

  it('R9200-5.8.4.2-2: token_type is an integer in CBOR: 1 for Bearer, 2 for PoP', () => {
    for (const [name, value] of [
      ['Bearer', 1],
      ['PoP', 2],
    ] as const) {
      const hex = `a201410118220${value}`
      expect(AccessTokenResponse.fromCbor(fromHex(hex)).token_type).toBe(name)
      expect(toHex(new AccessTokenResponse({ access_token: fromHex('01'), token_type: name }).toCbor())).toBe(
        hex,
      )
    }
    expect(
      refusal(() => AccessTokenResponse.fromCbor(fromHex('a20141011822 63506f50'.replace(' ', '')))),
    ).toMatchObject({
      reason: 'unexpected_type',
      path: 'token_type',
    })
  })
})

describe('an introspection response', () => {
  it('R9200-5.9.2-4 R9200-5.9.2-5: cnonce and cti are byte strings in CBOR, and base64url in JSON', () => {
    const response = IntrospectionResponse.fromCbor(
      fromHex('a3 07 42fbef 0a f5 1827 42feff'.replaceAll(' ', '')),
    )
    expect([response.cti, response.cnonce].map((bytes) => toHex(bytes!))).toEqual(['fbef', 'feff'])
    expect(response.toJson()).toMatchObject({ cti: '--8', cnonce: '_v8' })
    expect(IntrospectionResponse.fromCbor(fromHex('a10af5')).cti).toBeUndefined()
    for (const key of ['07', '1827'])
      expect(refusal(() => IntrospectionResponse.fromCbor(fromHex(`a20af5${key}6161`)))).toMatchObject({
        reason: 'unexpected_type',
      })
  })
})

describe('an error of introspection', () => {
  it('R9200-5.9.3-4 R9200-5.9.3-5: has the keys and integers of the registries', () => {
    for (const [code, hex] of [
      ['introspect_parameter_missing', 'a1181e01'],
      ['introspect_client_unknown', 'a1181e02'],
    ] as const)
      expect(toHex(new Failure(code).toErrorResponse()!.toCbor())).toBe(hex)
    const whole = ErrorResponse.builder().error('invalid_request').description('no').uri('/e').build()
    expect(toHex(whole.toCbor())).toBe('a3181e01181f626e6f1820622f65')
  })
})

describe('an error of a resource server over HTTP', () => {
  it('R6750-3-2: is named where a token was presented and failed', () => {
    expect(new Failure('access_token_expired').toJson()).toMatchObject({ error: 'invalid_token' })
    expect(new Failure('access_resource_not_covered').toJson()).toMatchObject({ error: 'insufficient_scope' })
  })
})

describe('an error about a resource', () => {
  it('R8707-2-1: is invalid_target, which CBOR has no integer for', () => {
    const failure = ErrorResponse.fromJson({ error: 'invalid_target' })
    expect(failure.error.name).toBe('invalid_target')
    expect(refusal(() => failure.toCbor())).toMatchObject({ name: 'EncodeError', reason: 'no_cbor_form' })
  })
})

describe('the Content-Formats', () => {
  it('R9200-5-8 R9237-4-1 R9290-6.4-1: are 19 for ace+cbor, 290 and 291 for an AIF, 257 for problem details', () => {
    expect(contentFormats).toMatchObject({
      'application/ace+cbor': 19,
      'application/aif+cbor': 290,
      'application/aif+json': 291,
      'application/concise-problem-details+cbor': 257,
    })
  })
})

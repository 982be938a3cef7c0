import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  type AccessTokenTypeName,
  type AceProfileName,
  accessTokenTypes,
  aceProfiles,
  type CoapResponseCodeName,
  type CoseKeyParameterName,
  type CreationHintName,
  coseAlgorithms,
  coseCurves,
  coseHeaderParameters,
  coseKeyParameters,
  creationHints,
  cwtClaims,
  type ErrorCodeName,
  errorCodes,
  type GrantTypeName,
  grantTypes,
  introspectionParameters,
  isPrivateUse,
  nameOf,
  type OAuthErrorName,
  oauthParameters,
  oscoreParameters,
  PRIVATE_USE_BELOW,
  type RegistryId,
  type RegistryStatus,
  registries,
  statusOf,
} from '../../src/registry/index.ts'

const withPrivateUse = {
  errorCodes,
  grantTypes,
  accessTokenTypes,
  aceProfiles,
  oauthParameters,
  introspectionParameters,
  creationHints,
  oscoreParameters,
  cwtClaims,
  coseAlgorithms,
  coseHeaderParameters,
  coseKeyParameters,
  coseCurves,
} satisfies Partial<Record<RegistryId, Record<string, number>>>

describe('the private-use range', () => {
  it('belongs to the ACE, CWT and COSE registries that set it aside, and to no other', () => {
    const ids = Object.entries(registries).filter(([, registry]) => registry.privateUseBelow !== undefined)
    expect(ids.map(([id]) => id).sort()).toEqual(Object.keys(withPrivateUse).sort())
  })

  it('is listed among the registration ranges of just those registries', () => {
    for (const registry of Object.values(registries)) {
      const listed = registry.ranges.some(({ policy }) => policy === 'Private Use')
      expect(listed, registry.title).toBe(registry.privateUseBelow !== undefined)
    }
  })

  for (const [id, values] of Object.entries(withPrivateUse)) {
    describe(`of ${id} (${registries[id as RegistryId].reference})`, () => {
      it('starts strictly below -65536', () => {
        expect(registries[id as RegistryId].privateUseBelow).toBe(PRIVATE_USE_BELOW)
        expect(statusOf(values, -65535)).not.toBe('private-use')
        expect(statusOf(values, -65536)).toBe('unassigned')
        expect(statusOf(values, -65537)).toBe('private-use')
      })

      it('reaches to -2^64, the least integer of CBOR', () => {
        expect(statusOf(values, -(2n ** 64n))).toBe('private-use')
      })

      it('has no registered value', () => {
        expect(Object.values(values).filter(isPrivateUse)).toEqual([])
      })
    })
  }
})

describe('isPrivateUse', () => {
  it.each([0, 1, -1, 418, -65535, -65536, 2n ** 64n - 1n, -65536n])('is false for %s', (value) => {
    expect(isPrivateUse(value)).toBe(false)
  })

  it.each([-65537, -65537n, -99999, Number.MIN_SAFE_INTEGER, -(2n ** 53n), -(2n ** 64n)])(
    'is true for %s',
    (value) => {
      expect(isPrivateUse(value)).toBe(true)
    },
  )
})

describe('statusOf', () => {
  it('finds every row registered', () => {
    for (const value of Object.values(errorCodes)) expect(statusOf(errorCodes, value)).toBe('registered')
  })

  it('finds every other value outside the private-use range unassigned (RFC 9200, Section 8.4)', () => {
    for (const value of [0, 9, -1, 418, 65536, 2n ** 64n - 1n]) {
      expect(statusOf(errorCodes, value)).toBe('unassigned')
    }
  })
})

describe('nameOf', () => {
  it('finds the name of each value, given as a number or a bigint', () => {
    for (const [name, value] of Object.entries(errorCodes)) {
      expect(nameOf(errorCodes, value)).toBe(name)
      expect(nameOf(errorCodes, BigInt(value))).toBe(name)
    }
  })

  it('keeps registries apart: the same integer means different things in different maps', () => {
    expect(nameOf(oauthParameters, 33)).toBe('grant_type')
    expect(nameOf(introspectionParameters, 33)).toBe('token_type_hint')
    expect(nameOf(cwtClaims, 1)).toBe('iss')
    expect(nameOf(oauthParameters, 1)).toBe('access_token')
  })

  it('finds nothing for other values', () => {
    for (const value of [0, 9, 1.5, Number.NaN, Number.POSITIVE_INFINITY, -(2n ** 64n)]) {
      expect(nameOf(errorCodes, value)).toBeUndefined()
    }
  })
})

describe('types', () => {
  it('make a union of the names of a registry', () => {
    expectTypeOf<ErrorCodeName>().toEqualTypeOf<
      | 'invalid_request'
      | 'invalid_client'
      | 'invalid_grant'
      | 'unauthorized_client'
      | 'unsupported_grant_type'
      | 'invalid_scope'
      | 'unsupported_pop_key'
      | 'incompatible_ace_profiles'
    >()
    expectTypeOf<GrantTypeName>().toEqualTypeOf<
      'password' | 'authorization_code' | 'client_credentials' | 'refresh_token'
    >()
    expectTypeOf<AccessTokenTypeName>().toEqualTypeOf<'Bearer' | 'PoP'>()
    expectTypeOf<AceProfileName>().toEqualTypeOf<'coap_dtls' | 'coap_oscore' | 'mqtt_tls'>()
    expectTypeOf<CreationHintName>().toEqualTypeOf<'AS' | 'kid' | 'audience' | 'scope' | 'cnonce'>()
    expectTypeOf<CoseKeyParameterName>().toEqualTypeOf<'kty' | 'kid' | 'alg' | 'key_ops' | 'Base IV'>()
    expectTypeOf<'4.01'>().toExtend<CoapResponseCodeName>()
    expectTypeOf<'4.17'>().not.toExtend<CoapResponseCodeName>()
    expectTypeOf<ErrorCodeName>().toExtend<OAuthErrorName>()
  })

  it('know each integer', () => {
    expectTypeOf(errorCodes.unauthorized_client).toEqualTypeOf<4>()
    expectTypeOf(oauthParameters.error).toEqualTypeOf<30>()
    expectTypeOf(coseAlgorithms.ES256).toEqualTypeOf<-7>()
  })

  it('carry the names through nameOf', () => {
    expectTypeOf(nameOf(accessTokenTypes, 2)).toEqualTypeOf<'Bearer' | 'PoP' | undefined>()
    expectTypeOf(statusOf(errorCodes, 4)).toEqualTypeOf<RegistryStatus>()
  })
})

import { describe, expectTypeOf, it } from 'vitest'
import {
  AccessTokenRequest,
  type AccessTokenRequestMembers,
  AccessTokenResponse,
  type AccessTokenResponseMembers,
  type AceProfileName,
  type CborValue,
  type Confirmation,
  type CoseKey,
  CreationHints,
  type DecodeError,
  type DecodeReason,
  decodeValue,
  type EncodeReason,
  ErrorCode,
  type ErrorCodeName,
  ErrorResponse,
  type GrantTypeName,
  IntrospectionRequest,
  IntrospectionResponse,
  type Key,
  type Message,
  RevocationRequest,
  type Scope,
  type UnknownMember,
  type Violation,
} from '../../src/index.ts'

// What stands here is checked by the compiler; at run time there is nothing to be done.
const never = (): boolean => Date.now() < 0

/** The names that an editor offers: the literals of a union, not any text. */
type Offered<T> = T extends string ? (string extends T ? never : T) : never

describe('names are completed', () => {
  it('of error codes', () => {
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
    expectTypeOf(ErrorResponse.builder().error).parameter(0).toEqualTypeOf<ErrorCode | ErrorCodeName>()
    if (never()) {
      // @ts-expect-error a name that is not registered is no name of an error
      ErrorResponse.builder().error('invalid_grnt')
      // @ts-expect-error nor is an integer a code
      ErrorResponse.builder().error(3)
      ErrorResponse.builder().error(ErrorCode.InvalidGrant).error(ErrorCode.named('slow_down'))
    }
  })

  it('of grant types and profiles', () => {
    expectTypeOf<GrantTypeName>().toExtend<NonNullable<AccessTokenRequestMembers['grant_type']>>()
    expectTypeOf<GrantTypeName>().toExtend<Offered<AccessTokenRequest['grant_type']>>()
    expectTypeOf<'client_credentials'>().toExtend<GrantTypeName>()
    expectTypeOf<AceProfileName>().toExtend<Offered<AccessTokenRequest['ace_profile']>>()
    expectTypeOf<AceProfileName>().toExtend<Offered<AccessTokenResponse['ace_profile']>>()
    expectTypeOf<'coap_dtls' | 'coap_oscore'>().toExtend<AceProfileName>()
    expectTypeOf<'PoP'>().toExtend<Offered<AccessTokenResponse['token_type']>>()
    // An integer of private use, or a name that nobody registered, may stand there too.
    expectTypeOf<-70_001 | 5n | 'urn:x'>().toExtend<NonNullable<AccessTokenRequestMembers['grant_type']>>()
  })

  it('of COSE keys', () => {
    expectTypeOf<'EC2' | 'OKP' | 'Symmetric'>().toExtend<Offered<CoseKey['kty']>>()
    expectTypeOf<'P-256'>().toExtend<Offered<CoseKey['crv']>>()
  })

  it('of reasons', () => {
    expectTypeOf<DecodeError['reason']>().toEqualTypeOf<DecodeReason>()
    expectTypeOf<'truncated' | 'duplicate_key'>().toExtend<DecodeReason>()
    expectTypeOf<string>().not.toExtend<DecodeReason>()
    expectTypeOf<string>().not.toExtend<EncodeReason>()
    expectTypeOf<string>().not.toExtend<Violation['rule']>()
  })
})

describe('unknown members are narrowed by what they have', () => {
  it('into those of CBOR and those of JSON', () => {
    const narrowed = (member: UnknownMember): Key | string => {
      if ('cbor' in member) {
        expectTypeOf(member.cbor).toEqualTypeOf<Uint8Array>()
        expectTypeOf(member.key).toEqualTypeOf<Key>()
        // @ts-expect-error a member of CBOR has no name
        member.name
        return member.key
      }
      expectTypeOf(member.name).toEqualTypeOf<string>()
      // @ts-expect-error a member of JSON has no CBOR
      member.cbor
      return member.name
    }
    expectTypeOf(narrowed).returns.toEqualTypeOf<Key>()
    expectTypeOf(decodeValue).returns.toEqualTypeOf<CborValue>()
  })
})

describe('members', () => {
  it('that are required are there', () => {
    expectTypeOf<AccessTokenResponse['access_token']>().toEqualTypeOf<Uint8Array>()
    expectTypeOf<IntrospectionRequest['token']>().toEqualTypeOf<Uint8Array>()
    expectTypeOf<RevocationRequest['token']>().toEqualTypeOf<Uint8Array>()
    expectTypeOf<IntrospectionResponse['active']>().toEqualTypeOf<boolean>()
    if (never()) {
      // @ts-expect-error access_token is required
      new AccessTokenResponse({ token_type: 'PoP' })
      // @ts-expect-error token is required
      new IntrospectionRequest({})
      // @ts-expect-error token is required
      new RevocationRequest({ client_id: 'a' })
      // @ts-expect-error active is required
      new IntrospectionResponse({ scope: 'a' })
      new AccessTokenRequest({})
      new CreationHints({})
    }
  })

  it('that stand for something when they are absent are never undefined', () => {
    expectTypeOf<undefined>().not.toExtend<AccessTokenRequest['grant_type']>()
    expectTypeOf<undefined>().not.toExtend<AccessTokenResponse['token_type']>()
    expectTypeOf<undefined>().toExtend<IntrospectionResponse['token_type']>()
    expectTypeOf<undefined>().toExtend<AccessTokenRequestMembers['grant_type']>()
  })

  it('that are optional may be undefined, and null only where null means something', () => {
    expectTypeOf<undefined>().toExtend<AccessTokenRequest['audience']>()
    expectTypeOf<null>().toExtend<AccessTokenRequest['ace_profile']>()
    expectTypeOf<null>().not.toExtend<AccessTokenRequest['audience']>()
    expectTypeOf<null>().not.toExtend<AccessTokenResponse['ace_profile']>()
    expectTypeOf<AccessTokenRequest['req_cnf']>().toEqualTypeOf<Confirmation | undefined>()
    if (never()) {
      // @ts-expect-error null is no audience
      new AccessTokenRequest({ audience: null })
      // @ts-expect-error a response names a profile
      new AccessTokenResponse({ access_token: 'a.', ace_profile: null })
    }
  })

  it('are those of the message and no others', () => {
    if (never()) {
      // @ts-expect-error it is called audience
      new AccessTokenRequest({ aud: 'a' })
      // @ts-expect-error a scope is no number
      new AccessTokenRequest({ scope: 5 })
      // @ts-expect-error a hint is a text
      new IntrospectionRequest({ token: 'a.', token_type_hint: 2 })
      // @ts-expect-error expires_in is a number
      new AccessTokenResponse({ access_token: 'a.', expires_in: '3600' })
      // @ts-expect-error a key needs its type
      new AccessTokenRequest({ req_cnf: { COSE_Key: { k: Uint8Array.of(1) } } })
      new AccessTokenRequest({ scope: [['/a', 1]] })
      new AccessTokenRequest({ scope: Uint8Array.of(1) })
    }
    expectTypeOf<AccessTokenResponseMembers>().not.toHaveProperty('error')
  })

  it('are readonly', () => {
    const assign = (
      request: AccessTokenRequest,
      response: ErrorResponse,
      members: AccessTokenRequestMembers,
      cnf: Confirmation,
      key: CoseKey,
    ): void => {
      // @ts-expect-error messages are immutable
      request.scope = 'a'
      // @ts-expect-error messages are immutable
      request.unknown = []
      // @ts-expect-error nor does what they do not know change
      request.unknown.push({ name: 'a', json: 1 })
      // @ts-expect-error nor what the sender should not have done
      request.violations.length = 0
      // @ts-expect-error error responses are immutable
      response.error = ErrorCode.InvalidGrant
      // @ts-expect-error error codes are immutable
      response.error.value = 5
      // @ts-expect-error what a message is built from is not changed by it
      members.scope = 'a'
      // @ts-expect-error nor are confirmations
      cnf.kid = Uint8Array.of(1)
      // @ts-expect-error nor keys
      key.kty = 'OKP'
      // @ts-expect-error the registered codes are constants
      ErrorCode.InvalidGrant = response.error
    }
    expectTypeOf(assign).toBeFunction()
  })
})

describe('classes', () => {
  it('make messages of their own', () => {
    expectTypeOf(AccessTokenRequest.fromCbor).returns.toEqualTypeOf<AccessTokenRequest>()
    expectTypeOf(AccessTokenRequest.fromJson).returns.toEqualTypeOf<AccessTokenRequest>()
    expectTypeOf(AccessTokenRequest.fromForm).returns.toEqualTypeOf<AccessTokenRequest>()
    expectTypeOf(AccessTokenResponse.fromCbor).returns.toEqualTypeOf<AccessTokenResponse>()
    expectTypeOf<CreationHints>().toExtend<Message>()
    // What fetch takes as a body.
    expectTypeOf<AccessTokenRequest['toCbor']>().returns.toEqualTypeOf<Uint8Array<ArrayBuffer>>()
    if (never()) {
      // @ts-expect-error only requests are forms
      AccessTokenResponse.fromForm('')
      // @ts-expect-error only requests are forms
      new CreationHints({}).toForm()
      // @ts-expect-error an error response is made by its builder
      new ErrorResponse(ErrorCode.InvalidGrant, {})
      // @ts-expect-error an error code is made by its name or its integer
      new ErrorCode('a', 1, 'registered')
      // @ts-expect-error strict is true or false
      AccessTokenRequest.fromCbor(new Uint8Array(0), { strict: 1 })
      // @ts-expect-error there is no such option
      AccessTokenRequest.fromCbor(new Uint8Array(0), { maxByte: 1 })
    }
  })

  it('tell their instances from others', () => {
    const value: unknown = new AccessTokenRequest({})
    if (value instanceof AccessTokenRequest) expectTypeOf(value.scope).toEqualTypeOf<Scope | undefined>()
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { catalogue, type FailureCode, type FailureRow } from '../../src/failure/catalogue.ts'
import { FailureKind } from '../../src/failure/kind.ts'
import { httpStatusOf } from '../../src/registry/coap-code.ts'
import { coapResponseCodes } from '../../src/registry/generated/coap-response-codes.ts'
import { errorCodes } from '../../src/registry/generated/error-codes.ts'
import { oauthErrorNames } from '../../src/registry/generated/oauth-error-names.ts'
import registries from '../../src/registry/registries.json' with { type: 'json' }
import published from './published-codes.json' with { type: 'json' }

const rows = [...catalogue]
const at = (...endpoints: string[]) => rows.filter(([, { endpoint }]) => endpoints.includes(endpoint))
const row = (code: FailureCode) => catalogue.get(code) as FailureRow

describe('the codes', () => {
  it('are made of the endpoint and the cause', () => {
    for (const [code, { endpoint }] of rows) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)+$/)
      expect(code.startsWith(`${endpoint}_`)).toBe(true)
    }
  })

  it('are durable: none that was published is renamed, removed or given another kind', () => {
    const kinds = Object.fromEntries(rows.map(([code, { kind }]) => [code, kind.name]))
    expect(kinds).toMatchObject(published)
  })

  it('are all published: a new one is added to published-codes.json', () => {
    expect(rows.map(([code]) => code).filter((code) => !Object.hasOwn(published, code))).toEqual([])
  })

  it('use every kind', () => {
    const used = new Set(rows.map(([, { kind }]) => kind))
    expect(FailureKind.all.filter((kind) => !used.has(kind))).toEqual([])
  })
})

describe('the rows', () => {
  const rooms = readdirSync('src/failure/catalogue').map((name) =>
    readFileSync(`src/failure/catalogue/${name}`, 'utf8'),
  )

  it.each(rows.map(([code]) => code))('%s is written out, once', (code) => {
    expect(rooms.join('').split(new RegExp(`^  ${code}:`, 'm'))).toHaveLength(2)
  })

  it('cannot be changed', () => {
    for (const [, each] of rows) expect(Object.isFrozen(each)).toBe(true)
  })

  it('name each OAuth error that IANA lists, in the client (RFC 6749, Section 11.4)', () => {
    const names = registries.oauthErrors.rows.map(({ name }) => name.replace(/ \(.*/, ''))
    expect(names.length).toBeGreaterThan(45)
    for (const name of names) expect(catalogue.has(`client_${name}` as FailureCode), name).toBe(true)
  })
})

describe('the answers', () => {
  it('are registered: response codes (RFC 7252, Section 12.1.2) and OAuth errors (RFC 6749, Section 11.4)', () => {
    for (const [code, { coapCode, error }] of rows) {
      if (coapCode) expect(coapResponseCodes, code).toHaveProperty([coapCode])
      if (error) expect(oauthErrorNames, code).toContain(error)
    }
  })

  it('have the HTTP status that goes with the CoAP code, but for what a session API tells in HTTP alone [R6749-5.2-1]', () => {
    const different = rows.filter(
      ([, { coapCode, httpStatus }]) => httpStatus !== httpStatusOf(`${coapCode}`),
    )
    expect(different.map(([code, { coapCode, httpStatus }]) => [code, coapCode, httpStatus])).toEqual([
      ['token_request_incomplete', '4.08', 408],
      ['introspect_request_incomplete', '4.08', 408],
      ['revoke_request_incomplete', '4.08', 408],
      ['session_expired', '4.04', 410],
      ['session_already_closed', '4.04', 410],
    ])
  })

  it('have a sentence in the characters of RFC 6749, Section 5.2, without numbers [R6749-5.2-8]', () => {
    for (const [code, { sentence }] of rows) expect(sentence, code).toMatch(/^[a-z][a-z, ]+[a-z]$/)
  })

  it('have a sentence of their own, but for the failures of the server that the response code tells all of', () => {
    const silent = rows.filter(([, { sentence }]) => sentence === 'the request could not be processed')
    expect([...new Set(silent.map(([, { coapCode }]) => coapCode))].sort()).toEqual(['5.00', '5.02', '5.04'])
  })

  it('are none in the client', () => {
    for (const [, { coapCode, httpStatus, error }] of at('client'))
      expect([coapCode, httpStatus, error]).toEqual([undefined, undefined, undefined])
  })
})

describe('an authorization server', () => {
  const server = at('token', 'introspect', 'revoke', 'session')

  it('answers 4.00 with each OAuth error, but 4.01 with invalid_client [R9200-5.8.3-2, R9200-5.8.3-2a]', () => {
    for (const [code, { error, coapCode }] of server)
      if (error && error !== 'invalid_token')
        expect(coapCode, code).toBe(error === 'invalid_client' ? '4.01' : '4.00')
  })

  it('uses at the token endpoint each error that CBOR has an integer for [R9200-5.8.3-4]', () => {
    const used = new Set(at('token').map(([, { error }]) => error))
    expect([...used].filter(Boolean).sort()).toEqual(Object.keys(errorCodes).sort())
  })

  it.each([
    ['missing a required parameter', 'token_parameter_missing', 'invalid_request'],
    ['an unsupported parameter value', 'token_parameter_unsupported', 'invalid_request'],
    ['repeats a parameter', 'token_parameter_repeated', 'invalid_request'],
    ['multiple credentials, more than one mechanism', 'token_client_credentials_repeated', 'invalid_request'],
    ['otherwise malformed', 'token_request_malformed', 'invalid_request'],
    ['unknown client', 'token_client_unknown', 'invalid_client'],
    ['no client authentication included', 'token_client_credentials_missing', 'invalid_client'],
    ['unsupported authentication method', 'token_client_auth_method_unsupported', 'invalid_client'],
    ['client authentication failed', 'token_client_credentials_invalid', 'invalid_client'],
    ['the grant is invalid', 'token_grant_invalid', 'invalid_grant'],
    ['the grant is expired', 'token_grant_expired', 'invalid_grant'],
    ['the grant is revoked', 'token_grant_revoked', 'invalid_grant'],
    ['does not match the redirection URI', 'token_redirect_uri_mismatch', 'invalid_grant'],
    ['issued to another client', 'token_grant_client_mismatch', 'invalid_grant'],
    ['resource owner credentials', 'token_user_credentials_invalid', 'invalid_grant'],
    ['client not authorized for the grant type', 'token_grant_type_not_allowed', 'unauthorized_client'],
    ['the grant type is not supported', 'token_grant_type_unsupported', 'unsupported_grant_type'],
    ['the scope is unknown', 'token_scope_unknown', 'invalid_scope'],
    ['the scope is malformed', 'token_scope_malformed', 'invalid_scope'],
    ['the scope exceeds what was granted', 'token_refresh_scope_exceeded', 'invalid_scope'],
  ] as const)('R6749-5.2-3 R6749-5.2-5 R6749-5.2-6 R6749-5.2-7: %s is %s, %s', (_, code, error) => {
    expect(row(code)).toMatchObject({ error, kind: { isServerError: false, isTransient: false } })
  })

  it.each([
    ['R9200-5.8.3-5', 'token_key_unsupported', 'unsupported_pop_key'],
    ['R9200-5.8.3-6', 'token_profiles_incompatible', 'incompatible_ace_profiles'],
    ['R9200-5.8.1-11', 'token_refresh_key_changed', 'invalid_request'],
    ['R9200-5.8.1-11', 'token_refresh_audience_changed', 'invalid_request'],
    ['R6749-3.3-2', 'token_scope_missing', 'invalid_scope'],
    ['R9201-3.1-2', 'token_key_symmetric', 'invalid_request'],
    ['R9201-3.1-3', 'token_key_not_proven', 'invalid_request'],
    ['R9202-4-2', 'token_key_unknown', 'unsupported_pop_key'],
    ['R9203-3.1-2', 'token_input_material_unknown', 'invalid_request'],
  ] as const)('[%s] %s is 4.00, %s', (_, code, error) => {
    expect(row(code)).toMatchObject({ error, coapCode: '4.00', httpStatus: 400 })
  })

  it('refuses an introspection that is not permitted with 4.03 and no payload [R9200-5.9.3-3]', () => {
    const silent = rows.filter(([, { withoutPayload }]) => withoutPayload)
    expect(silent.map(([code, { coapCode }]) => [code, coapCode])).toEqual([
      ['introspect_not_permitted', '4.03'],
    ])
  })

  it('answers wrong credentials at introspection with 4.01 [R9200-5.9.3-2, R7662-2.3-1]', () => {
    for (const cause of [
      'client_unknown',
      'client_credentials_invalid',
      'client_credentials_missing',
    ] as const)
      expect(row(`introspect_${cause}`)).toMatchObject({ coapCode: '4.01', error: 'invalid_client' })
    expect(row('introspect_bearer_token_invalid')).toMatchObject({ coapCode: '4.01', error: 'invalid_token' })
  })

  it('tells at revocation an unsupported type and an unavailable server [R7009-2.2.1-1]', () => {
    expect(row('revoke_token_type_unsupported')).toMatchObject({
      error: 'unsupported_token_type',
      httpStatus: 400,
    })
    expect(row('revoke_store_unavailable')).toMatchObject({ httpStatus: 503, kind: { isTransient: true } })
  })
})

describe('a resource server', () => {
  it.each([
    ['R9200-5.10.1-10', 'authz_info_token_malformed', '4.00'],
    ['R9200-5.10.1.1-5', 'authz_info_token_wrapper_invalid', '4.01'],
    ['R9200-5.10.1.1-5', 'authz_info_issuer_not_trusted', '4.01'],
    ['R9200-5.10.1.1-6', 'authz_info_claims_unavailable', '4.00'],
    ['R9200-5.10.1.1-6', 'authz_info_token_inactive', '4.00'],
    ['R9200-5.10.1.1-6', 'authz_info_introspection_failed', '4.00'],
    ['R9200-5.10.1.1-8', 'authz_info_issuer_mismatch', '4.01'],
    ['R9200-5.10.1.1-9', 'authz_info_token_expired', '4.01'],
    ['R9200-5.10.1.1-11', 'authz_info_audience_mismatch', '4.03'],
    ['R9200-5.10.1.1-12', 'authz_info_scope_unknown', '4.00'],
    ['R9200-5.3.1-6', 'authz_info_cnonce_invalid', '4.01'],
    ['R9200-5.10.1-11', 'authz_info_introspection_pending', '5.03'],
    ['R9200-5.10.1.2-1', 'authz_info_method_not_allowed', '4.05'],
    ['R9200-5.10.1.2-2', 'authz_info_rate_limited', '4.29'],
    ['R9203-4.2-2', 'authz_info_parameter_missing', '4.00'],
    ['R9203-4.2-4', 'authz_info_update_refused', '4.01'],
    ['R9200-5.2-1', 'access_channel_unprotected', '4.01'],
    ['R9200-5.10.2-3', 'access_token_missing', '4.01'],
    ['R9200-5.10.2-3', 'access_possession_not_proven', '4.01'],
    ['R9200-5.10.2-4', 'access_resource_not_covered', '4.03'],
    ['R9200-5.10.2-5', 'access_action_not_covered', '4.05'],
    ['R9200-5.10.3-5', 'access_token_expired', '4.01'],
    ['R9201-5-4', 'access_key_unsuitable', '4.00'],
  ] as const)('[%s] answers %s with %s', (_, code, coapCode) => {
    expect(row(code).coapCode).toBe(coapCode)
  })

  it('uses the errors of RFC 6750 with the statuses that go with them [R9200-5.10.1.1-15, R6750-3.1-1]', () => {
    const statuses = { invalid_request: 400, invalid_token: 401, insufficient_scope: 403 }
    for (const [code, { error, httpStatus }] of at('authz_info', 'access'))
      if (error) expect(httpStatus, code).toBe(statuses[error as keyof typeof statuses])
  })

  it('names no error where the client sent no token [R6750-3-3]', () => {
    for (const code of ['access_channel_unprotected', 'access_token_missing'] as const)
      expect(row(code).error).toBeUndefined()
  })
})

describe('every endpoint', () => {
  const endpoints = ['token', 'introspect', 'revoke', 'session', 'authz_info', 'access'] as const

  it.each(endpoints)(
    '%s tells a failure of the store and one of its own from the mistakes of a client',
    (endpoint) => {
      expect(row(`${endpoint}_store_unavailable`)).toMatchObject({
        kind: FailureKind.ServiceUnavailable,
        coapCode: '5.03',
        httpStatus: 503,
        error: undefined,
      })
      expect(row(`${endpoint}_internal_error`)).toMatchObject({
        kind: FailureKind.Internal,
        coapCode: '5.00',
        httpStatus: 500,
        error: undefined,
      })
      for (const [code, { coapCode, kind, error }] of at(endpoint)) {
        if (coapCode?.startsWith('5')) expect(error, code).toBeUndefined()
        else expect(kind.isServerError, code).toBe(false)
      }
    },
  )

  it('the client too has one of its store and one of its own', () => {
    expect(row('client_store_unavailable').kind).toBe(FailureKind.ServiceUnavailable)
    expect(row('client_internal_error').kind).toBe(FailureKind.Internal)
  })
})

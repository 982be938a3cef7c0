import { describe, expect, it } from 'vitest'
import { errorCodes, oauthErrorNames, registries } from '../../src/registry/index.ts'

describe('OAuth error names', () => {
  const rows = registries.oauthErrors.rows

  it('are those of the specifications that a token, introspection or revocation endpoint or a resource follows', () => {
    const bySpecification = {
      'RFC 6749, Section 5.2': [
        'invalid_request',
        'invalid_client',
        'invalid_grant',
        'unauthorized_client',
        'unsupported_grant_type',
        'invalid_scope',
      ],
      'RFC 6750, Section 6.2 (invalid_request as well)': ['invalid_token', 'insufficient_scope'],
      'RFC 7009, Section 4.1.1': ['unsupported_token_type'],
      'RFC 8628, Section 7.3': ['authorization_pending', 'access_denied', 'slow_down', 'expired_token'],
      'RFC 8707, Section 5.2': ['invalid_target'],
      'RFC 9200, Section 8.3': ['unsupported_pop_key', 'incompatible_ace_profiles'],
      'RFC 9396 (IANA OAuth Extensions Error Registry)': ['invalid_authorization_details'],
      'RFC 9449 (IANA OAuth Extensions Error Registry)': ['invalid_dpop_proof', 'use_dpop_nonce'],
      'RFC 9470 (IANA OAuth Extensions Error Registry)': ['insufficient_user_authentication'],
      'UMA 2.0 (IANA OAuth Extensions Error Registry)': ['need_info', 'request_denied', 'request_submitted'],
      'OpenID4VP 1.0 (IANA OAuth Extensions Error Registry)': [
        'vp_formats_not_supported',
        'wallet_unavailable',
      ],
    }
    expect([...oauthErrorNames].sort()).toEqual(Object.values(bySpecification).flat().sort())
  })

  it('leave out names that only the authorization or registration endpoint uses', () => {
    for (const name of [
      'unsupported_response_type',
      'server_error',
      'login_required',
      'invalid_redirect_uri',
    ]) {
      expect(rows.some((row) => row.name === name)).toBe(true)
      expect(oauthErrorNames).not.toContain(name)
    }
  })

  it('have the CBOR integer of RFC 9200, Table 3, and no other does', () => {
    const withValue = rows.filter((row) => row.value !== undefined).map((row) => [row.name, row.value])
    expect(Object.fromEntries(withValue)).toEqual(errorCodes)
  })

  it('keep both registrations of access_denied: RFC 6749 and RFC 8628, Section 7.3', () => {
    expect(rows.filter((row) => row.name === 'access_denied').map((row) => row.usage)).toEqual([
      ['authorization endpoint'],
      ['Token endpoint response'],
    ])
  })

  it('have the HTTP status codes of RFC 6749, Section 5.2; RFC 6750, Section 3.1; and RFC 7009, Section 2.2.1', () => {
    const status = (name: string) => rows.find((row) => row.name === name)?.httpStatus
    expect(status('invalid_request')).toEqual([400])
    expect(status('invalid_client')).toEqual([400, 401])
    expect(status('invalid_token')).toEqual([401])
    expect(status('insufficient_scope')).toEqual([403])
    expect(status('unsupported_token_type')).toEqual([400])
  })
})

describe('token type hints', () => {
  it('are those of RFC 7009, Section 4.1.2.2 and UMA 2.0', () => {
    expect(registries.tokenTypeHints.rows.map((row) => row.name)).toEqual([
      'access_token',
      'refresh_token',
      'pct',
    ])
  })
})

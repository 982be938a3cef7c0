// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The OAuth error names that a token, introspection or revocation endpoint or a protected resource may send
 * (RFC 6749, Section 11.4, OAuth Extensions Error Registry).
 *
 * Only those in {@link errorCodes} have a CBOR integer.
 *
 * @example
 * oauthErrorNames.includes('invalid_target') // true
 */
export const oauthErrorNames = [
  'invalid_request',
  'unauthorized_client',
  'invalid_scope',
  'invalid_client',
  'invalid_grant',
  'unsupported_grant_type',
  'invalid_token',
  'insufficient_scope',
  'unsupported_token_type',
  'need_info',
  'request_denied',
  'request_submitted',
  'authorization_pending',
  'access_denied',
  'slow_down',
  'expired_token',
  'invalid_target',
  'unsupported_pop_key',
  'incompatible_ace_profiles',
  'invalid_authorization_details',
  'invalid_dpop_proof',
  'use_dpop_nonce',
  'insufficient_user_authentication',
  'vp_formats_not_supported',
  'wallet_unavailable',
] as const

/** A name in {@link oauthErrorNames}. */
export type OAuthErrorName = (typeof oauthErrorNames)[number]

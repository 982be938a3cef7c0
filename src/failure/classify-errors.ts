/**
 * What an authentication failure asks for:
 *
 * - `not_authenticated`: no credentials at all
 * - `expired`: there were some, and they ran out
 * - `invalid_credentials`: presented and rejected, wrong or revoked
 * - `rate_limit`: refused for rate, quota or billing
 * - `provider_error`: the identity provider, key store or HSM behind the server failed or lacks its own credentials
 * - `other`: clearly about authentication, but no more can be said
 */
export type AuthFailureKind =
  | 'not_authenticated'
  | 'expired'
  | 'invalid_credentials'
  | 'rate_limit'
  | 'provider_error'
  | 'other'

/** What an error code asks for by itself. Only invalid_grant and invalid_token depend on the words beside them. */
const errorKinds = {
  invalid_client: 'invalid_credentials',
  invalid_grant: 'invalid_credentials',
  invalid_token: 'invalid_credentials',
  invalid_dpop_proof: 'invalid_credentials',
  expired_token: 'expired',
  login_required: 'not_authenticated',
  slow_down: 'rate_limit',
  server_error: 'provider_error',
  temporarily_unavailable: 'provider_error',
  access_denied: 'other',
  insufficient_scope: 'other',
  insufficient_user_authentication: 'other',
  interaction_required: 'other',
  consent_required: 'other',
  account_selection_required: 'other',
  // The caller is authenticated, and asks for the wrong thing; or it is a step of a protocol.
  invalid_request: 'near_miss',
  invalid_scope: 'near_miss',
  invalid_target: 'near_miss',
  unauthorized_client: 'near_miss',
  unsupported_grant_type: 'near_miss',
  unsupported_response_type: 'near_miss',
  unsupported_token_type: 'near_miss',
  unsupported_pop_key: 'near_miss',
  incompatible_ace_profiles: 'near_miss',
  invalid_authorization_details: 'near_miss',
  invalid_redirect_uri: 'near_miss',
  invalid_client_metadata: 'near_miss',
  authorization_pending: 'near_miss',
  use_dpop_nonce: 'near_miss',
} as const satisfies Readonly<Record<string, AuthFailureKind | 'near_miss'>>

/** The error codes of OAuth and ACE that say whether a failure is one of authentication. */
export const oauthErrors: readonly string[] = Object.keys(errorKinds)

/** The error codes that ask for one thing. */
export function errorsOf(kind: AuthFailureKind | 'near_miss'): readonly string[] {
  return oauthErrors.filter((code) => errorKinds[code as keyof typeof errorKinds] === kind)
}

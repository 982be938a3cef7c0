import type { FailureKindName } from '../kind.ts'

/**
 * The OAuth errors that a server may send, as the client tells them: `client_` and the name of the error. These are all
 * that IANA lists (OAuth Extensions Error Registry, RFC 6749, Section 11.4). A client answers nobody, so that a row is
 * the kind alone.
 */
export const receivedErrors = {
  // RFC 6749, Sections 4.1.2.1 and 5.2
  client_invalid_request: 'auth_error',
  client_invalid_client: 'auth_error',
  client_invalid_grant: 'auth_error',
  client_unauthorized_client: 'auth_error',
  client_unsupported_grant_type: 'auth_error',
  client_unsupported_response_type: 'auth_error',
  client_invalid_scope: 'auth_error',
  client_access_denied: 'auth_error',
  client_server_error: 'server_error_500',
  client_temporarily_unavailable: 'service_unavailable_503',
  // RFC 9200, Section 5.8.3
  client_unsupported_pop_key: 'auth_error',
  client_incompatible_ace_profiles: 'auth_error',
  // RFC 6750, Section 3.1, RFC 7009, Section 2.2.1, RFC 9470, Section 3
  client_invalid_token: 'auth_error',
  client_insufficient_scope: 'auth_error',
  client_unsupported_token_type: 'auth_error',
  client_insufficient_user_authentication: 'auth_error',
  // RFC 8628, Section 3.5
  client_authorization_pending: 'service_unavailable_503',
  client_slow_down: 'rate_limit',
  client_expired_token: 'auth_error',
  // RFC 8707, Section 2, RFC 9396, Section 5, RFC 9449, Sections 5 and 8
  client_invalid_target: 'auth_error',
  client_invalid_authorization_details: 'auth_error',
  client_invalid_dpop_proof: 'auth_error',
  client_use_dpop_nonce: 'auth_error',
  // UMA 2.0 Grant, Section 3.3.6
  client_need_info: 'auth_error',
  client_request_denied: 'auth_error',
  client_request_submitted: 'service_unavailable_503',
  // RFC 7591, Section 3.2.2
  client_invalid_redirect_uri: 'auth_error',
  client_invalid_client_metadata: 'auth_error',
  client_invalid_software_statement: 'auth_error',
  client_unapproved_software_statement: 'auth_error',
  // OpenID Connect Core 1.0, Section 3.1.2.6
  client_interaction_required: 'auth_error',
  client_login_required: 'auth_error',
  client_account_selection_required: 'auth_error',
  client_consent_required: 'auth_error',
  client_invalid_request_uri: 'auth_error',
  client_invalid_request_object: 'auth_error',
  client_request_not_supported: 'auth_error',
  client_request_uri_not_supported: 'auth_error',
  client_registration_not_supported: 'auth_error',
  // OpenID for Verifiable Presentations 1.0, Section 8.5
  client_vp_formats_not_supported: 'auth_error',
  client_invalid_request_uri_method: 'auth_error',
  client_wallet_unavailable: 'service_unavailable_503',
  // OpenID Federation 1.0, Section 8.9
  client_invalid_issuer: 'auth_error',
  client_invalid_subject: 'auth_error',
  client_invalid_trust_anchor: 'auth_error',
  client_invalid_trust_chain: 'auth_error',
  client_invalid_metadata: 'auth_error',
  client_not_found: 'auth_error',
  client_unsupported_parameter: 'auth_error',
} as const satisfies Readonly<Record<`client_${string}`, FailureKindName>>

/** What else goes wrong in a client: a response without an OAuth error, no response, or something on its own side. */
export const clientFailures = {
  client_other_error: 'auth_error',
  client_refused: 'auth_error',
  client_request_too_large: 'token_limit',
  client_rate_limited: 'rate_limit',
  client_request_timeout: 'network_error',
  client_too_early: 'service_unavailable_503',
  client_bad_gateway: 'bad_gateway_502',
  client_service_unavailable: 'service_unavailable_503',
  client_gateway_timeout: 'gateway_timeout_504',
  client_network_error: 'network_error',
  client_response_malformed: 'parse_error',
  client_response_unexpected: 'parse_error',
  client_server_not_trusted: 'auth_error',
  client_no_credentials: 'auth_error',
  client_profile_unsupported: 'auth_error',
  client_key_unsuitable: 'auth_error',
  client_token_lifetime_unknown: 'auth_error',
  client_token_expired: 'auth_error',
  client_token_too_large: 'token_limit',
  client_store_unavailable: 'service_unavailable_503',
  client_cancelled: 'cancelled',
  client_timeout: 'timeout',
  client_panic: 'panic',
  client_internal_error: 'internal',
} as const satisfies Readonly<Record<`client_${string}`, FailureKindName>>

import type { authzInfoFailures } from '../catalogue/authz-info.ts'
import {
  internalError,
  mediaTypeUnsupported,
  methodNotAllowed,
  nestingTooDeep,
  parameterMissing,
  parameterRepeated,
  parameterUnsupported,
  policyError,
  rateLimited,
  storeUnavailable,
  unavailable,
} from './common.ts'
import type { Runbook } from './entry.ts'

/** For operators: what goes wrong at the authorization information endpoint of a resource server, and what to do about it. */
export const authzInfoRunbook: Runbook<keyof typeof authzInfoFailures> = {
  authz_info_parameter_missing: parameterMissing,
  authz_info_parameter_repeated: parameterRepeated,
  authz_info_parameter_unsupported: parameterUnsupported,
  authz_info_nesting_too_deep: nestingTooDeep,
  authz_info_method_not_allowed: methodNotAllowed,
  authz_info_media_type_unsupported: mediaTypeUnsupported,
  authz_info_token_malformed: [
    'What a client sent to authz-info is not a token.',
    'None. Many of these are a fault of the client or an attack.',
  ],
  authz_info_claims_unavailable: [
    'The claims cannot be read from the token, or were not in the answer to its introspection.',
    'Compare what the authorization server issues with what this resource server takes.',
  ],
  authz_info_token_too_large: [
    'The token is larger than this resource server takes.',
    'Tell the authorization server the limit, so that it issues smaller tokens or references.',
  ],
  authz_info_token_wrapper_invalid: [
    'The signature, MAC or encryption of the token did not verify.',
    'Compare the keys of the authorization server and of this resource server. Many of these may be an attack.',
  ],
  authz_info_issuer_not_trusted: [
    'The token was protected by an authorization server that may not issue tokens for this resource server.',
    'Add the authorization server to the trusted ones, if it should be.',
  ],
  authz_info_issuer_mismatch: [
    'The iss claim names another authorization server than the one that protected the token.',
    'Correct the issuer in the authorization server or here.',
  ],
  authz_info_token_expired: [
    'The token is past its exp, or its exi sequence number was passed.',
    'None: the client has to obtain a new token. If it happens to new tokens, set the clocks.',
  ],
  authz_info_token_not_yet_valid: ['The nbf claim of the token is in the future.', 'Set the clocks.'],
  authz_info_cnonce_invalid: [
    'The cnonce claim is missing, stale, or not one that was given out (RFC 9200, Section 5.3.1).',
    'None: the client has to obtain a new token with the new nonce.',
  ],
  authz_info_token_revoked: ['The token was revoked.', 'None: the client has to obtain a new token.'],
  authz_info_update_refused: [
    'A token to update access rights does not fit the security context it came over (RFC 9203, Section 4.2).',
    'None: the client has to establish a new context.',
  ],
  authz_info_token_inactive: [
    'The authorization server says that the token is not active.',
    'None: the client has to obtain a new token.',
  ],
  authz_info_scope_unknown: [
    'The resource server does not know the scope in the token.',
    'Make the scopes of the authorization server and of this resource server the same.',
  ],
  authz_info_key_unusable: [
    'The cnf claim is missing, or holds a key that the resource server cannot use.',
    'Correct the key types in the registration of this resource server.',
  ],
  authz_info_profile_unsupported: [
    'The token asks for a profile that the resource server does not take, or came as another profile has it.',
    'Correct the profiles in the registration of this resource server, or list the profile here if it is safe.',
  ],
  authz_info_introspection_failed: [
    'The token could not be introspected, and was discarded: the authorization server was not reached, or refused.',
    'Look at the cause in the log, then at the authorization server and the network to it.',
  ],
  authz_info_audience_mismatch: [
    'The token is for another audience.',
    'Correct the audience in the client, or the audiences of this resource server.',
  ],
  authz_info_introspection_pending: [
    'The resource server still waits for the answer to an introspection. The client was told when to ask again.',
    'None, unless it is frequent: then see why the authorization server is slow.',
  ],
  authz_info_rate_limited: rateLimited,
  authz_info_unavailable: unavailable,
  authz_info_store_unavailable: storeUnavailable,
  authz_info_policy_error: policyError,
  authz_info_internal_error: internalError,
}

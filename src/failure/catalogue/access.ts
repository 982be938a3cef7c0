import type { ServerFailure } from './row.ts'

/** What goes wrong at a protected resource (RFC 9200, Section 5.10.2): kind, OAuth error, CoAP code, HTTP status, sentence. */
export const accessFailures = {
  access_request_malformed: ['parse_error', 'invalid_request', '4.00', 400, 'the request is not valid'],
  access_parameter_missing: ['parse_error', 'invalid_request', '4.00', 400, 'the request is not valid'],
  access_parameter_repeated: ['parse_error', 'invalid_request', '4.00', 400, 'the request is not valid'],
  access_parameter_unsupported: ['parse_error', 'invalid_request', '4.00', 400, 'the request is not valid'],
  access_nesting_too_deep: ['depth_exceeded', 'invalid_request', '4.00', 400, 'the request is not valid'],
  access_request_too_large: ['token_limit', undefined, '4.13', 413, 'the request is too large'],
  access_channel_unprotected: ['auth_error', undefined, '4.01', 401, 'an access token is needed'],
  access_token_missing: ['auth_error', undefined, '4.01', 401, 'an access token is needed'],
  access_possession_not_proven: ['auth_error', undefined, '4.01', 401, 'an access token is needed'],
  access_token_expired: ['auth_error', 'invalid_token', '4.01', 401, 'the access token is not accepted'],
  access_token_revoked: ['auth_error', 'invalid_token', '4.01', 401, 'the access token is not accepted'],
  access_key_unsuitable: ['auth_error', undefined, '4.00', 400, 'the access token is not accepted'],
  access_resource_not_covered: [
    'auth_error',
    'insufficient_scope',
    '4.03',
    403,
    'the access token does not cover this',
  ],
  access_action_not_covered: ['auth_error', undefined, '4.05', 405, 'the method is not allowed'],
  access_policy_denied: ['policy_denied', undefined, '4.03', 403, 'this is not permitted'],
  access_introspection_failed: ['network_error', undefined, '5.03', 503, 'the service is not available'],
  access_rate_limited: ['rate_limit', undefined, '4.29', 429, 'there are too many requests'],
  access_unavailable: ['service_unavailable_503', undefined, '5.03', 503, 'the service is not available'],
  access_store_unavailable: [
    'service_unavailable_503',
    undefined,
    '5.03',
    503,
    'the service is not available',
  ],
  access_policy_error: ['policy_error', undefined, '5.00', 500, 'the request could not be processed'],
  access_internal_error: ['internal', undefined, '5.00', 500, 'the request could not be processed'],
} as const satisfies Readonly<Record<`access_${string}`, ServerFailure>>

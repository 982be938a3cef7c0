import type { introspectFailures } from '../catalogue/introspect.ts'
import {
  clientAuthMethodUnsupported,
  clientCredentialsInvalid,
  clientCredentialsMissing,
  clientCredentialsRepeated,
  clientUnknown,
  internalError,
  mediaTypeUnsupported,
  methodNotAllowed,
  nestingTooDeep,
  parameterMissing,
  parameterRepeated,
  parameterUnsupported,
  policyError,
  rateLimited,
  requestMalformed,
  requestTooLarge,
  storeUnavailable,
  unavailable,
} from './common.ts'
import type { Runbook } from './entry.ts'

/** For operators: what goes wrong at the introspection endpoint, and what to do about it. */
export const introspectRunbook: Runbook<keyof typeof introspectFailures> = {
  introspect_request_malformed: requestMalformed,
  introspect_parameter_missing: parameterMissing,
  introspect_parameter_repeated: parameterRepeated,
  introspect_parameter_unsupported: parameterUnsupported,
  introspect_client_credentials_repeated: clientCredentialsRepeated,
  introspect_nesting_too_deep: nestingTooDeep,
  introspect_request_too_large: requestTooLarge,
  introspect_method_not_allowed: methodNotAllowed,
  introspect_media_type_unsupported: mediaTypeUnsupported,
  introspect_client_credentials_missing: clientCredentialsMissing,
  introspect_client_credentials_invalid: clientCredentialsInvalid,
  introspect_client_auth_method_unsupported: clientAuthMethodUnsupported,
  introspect_client_unknown: clientUnknown,
  introspect_not_permitted: [
    'The requester is authenticated, but may not introspect this token. By RFC 9200, Section 5.9.3, the answer is empty.',
    'Allow it in the registration of the resource server, if it should be allowed.',
  ],
  introspect_bearer_token_invalid: [
    'The bearer token that the requester authorized itself with is invalid, or not for this (RFC 7662, Section 2.3).',
    'See that the requester has a valid token for the introspection endpoint.',
  ],
  introspect_rate_limited: rateLimited,
  introspect_unavailable: unavailable,
  introspect_store_unavailable: storeUnavailable,
  introspect_policy_error: policyError,
  introspect_internal_error: internalError,
}

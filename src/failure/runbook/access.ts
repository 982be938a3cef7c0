import type { accessFailures } from '../catalogue/access.ts'
import {
  internalError,
  nestingTooDeep,
  parameterMissing,
  parameterRepeated,
  parameterUnsupported,
  policyDenied,
  policyError,
  rateLimited,
  requestMalformed,
  requestTooLarge,
  storeUnavailable,
  unavailable,
} from './common.ts'
import type { Runbook } from './entry.ts'

/** For operators: what goes wrong at a protected resource, and what to do about it. */
export const accessRunbook: Runbook<keyof typeof accessFailures> = {
  access_request_malformed: requestMalformed,
  access_parameter_missing: parameterMissing,
  access_parameter_repeated: parameterRepeated,
  access_parameter_unsupported: parameterUnsupported,
  access_nesting_too_deep: nestingTooDeep,
  access_request_too_large: requestTooLarge,
  access_channel_unprotected: [
    'A request to a protected resource came over an unprotected channel. The client got creation hints.',
    'None: that is how a client learns of its authorization server.',
  ],
  access_token_missing: [
    'There is no token for this client. The client got creation hints.',
    'None: that is how a client learns of its authorization server.',
  ],
  access_possession_not_proven: [
    'The client has not proven that it holds the key of the token.',
    'See that the client uses the profile and the key of the token.',
  ],
  access_token_expired: [
    'The token that allowed the request, perhaps an observation, has expired.',
    'None: the client has to obtain a new token.',
  ],
  access_token_revoked: ['The token that allowed the request was revoked.', 'None.'],
  access_key_unsuitable: [
    'The key of the token does not fit the profile or the algorithm (RFC 9201, Section 5).',
    'Correct the key types in the registrations of the client and of this resource server.',
  ],
  access_resource_not_covered: [
    'The token does not cover the resource.',
    'Allow the scope in the registration of the client, if it should be allowed.',
  ],
  access_action_not_covered: [
    'The token covers the resource, but not the method.',
    'Allow the scope in the registration of the client, if it should be allowed.',
  ],
  access_policy_denied: policyDenied,
  access_introspection_failed: [
    'The token could not be introspected, and gave no access (RFC 9200, Section 6.10).',
    'Look at the cause in the log, then at the authorization server and the network to it.',
  ],
  access_rate_limited: rateLimited,
  access_unavailable: unavailable,
  access_store_unavailable: storeUnavailable,
  access_policy_error: policyError,
  access_internal_error: internalError,
}

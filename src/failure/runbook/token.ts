import type { tokenFailures } from '../catalogue/token.ts'
import {
  acceptUnsupported,
  clientAuthMethodUnsupported,
  clientCredentialsInvalid,
  clientCredentialsMissing,
  clientCredentialsRepeated,
  clientNotAllowed,
  clientUnknown,
  internalError,
  mediaTypeUnsupported,
  methodNotAllowed,
  nestingTooDeep,
  parameterMissing,
  parameterRepeated,
  parameterUnsupported,
  policyDenied,
  policyError,
  rateLimited,
  requestIncomplete,
  requestMalformed,
  requestTooLarge,
  sessionAlreadyClosed,
  sessionBudgetExceeded,
  sessionClientMismatch,
  sessionExpired,
  sessionNotFound,
  sessionRateLimited,
  sessionScopeNotAuthorized,
  sessionStoreUnavailable,
  sessionTooManySessions,
  storeUnavailable,
  unavailable,
} from './common.ts'
import type { Runbook } from './entry.ts'

/** For operators: what goes wrong at the token endpoint, and what to do about it. */
export const tokenRunbook: Runbook<keyof typeof tokenFailures> = {
  token_request_malformed: requestMalformed,
  token_parameter_missing: parameterMissing,
  token_parameter_repeated: parameterRepeated,
  token_parameter_unsupported: parameterUnsupported,
  token_client_credentials_repeated: clientCredentialsRepeated,
  token_nesting_too_deep: nestingTooDeep,
  token_request_too_large: requestTooLarge,
  token_request_incomplete: requestIncomplete,
  token_accept_unsupported: acceptUnsupported,
  token_method_not_allowed: methodNotAllowed,
  token_media_type_unsupported: mediaTypeUnsupported,
  token_client_credentials_missing: clientCredentialsMissing,
  token_client_credentials_invalid: clientCredentialsInvalid,
  token_client_auth_method_unsupported: clientAuthMethodUnsupported,
  token_client_unknown: clientUnknown,
  token_refresh_audience_changed: [
    'A refresh request named another audience than the initial token has (RFC 9200, Section 5.8.1).',
    'Let the client ask for a new grant.',
  ],
  token_refresh_key_changed: [
    'A refresh request named another proof-of-possession key than the initial token has (RFC 9200, Section 5.8.1).',
    'Let the client ask for a new grant.',
  ],
  token_audience_missing: [
    'The request has no audience, and there is no default for this client.',
    'Give the client a default audience, or let it name one.',
  ],
  token_audience_unknown: [
    'No resource server is registered under this audience.',
    'Register the resource server, or correct the audience in the client.',
  ],
  token_key_symmetric: [
    'The client sent the value of a symmetric key in req_cnf. The server chooses such keys (RFC 9201, Section 3.1).',
    'Let the client leave the key out, or name one that it was given before.',
  ],
  token_key_not_proven: [
    'The client did not prove that it holds the key in req_cnf (RFC 9201, Section 3.1).',
    'See that the client authenticates to the server with the key that it asks for.',
  ],
  token_input_material_unknown: [
    'The identifier in req_cnf is of no OSCORE input material that this client was given (RFC 9203, Section 3.1).',
    'None: the client has to ask for a token with new input material.',
  ],
  token_key_malformed: [
    'The key in req_cnf is no valid key.',
    'None, unless it is frequent: then tell the maintainer of the client, with the details of the log.',
  ],
  token_too_large_for_audience: [
    'The token would be larger than the resource server takes.',
    'Let the client ask for less scope, or issue references to this resource server.',
  ],
  token_client_not_allowed: clientNotAllowed,
  token_grant_type_not_allowed: [
    'The server supports the grant type, but this client may not use it.',
    'Allow it in the registration of the client, if it should be allowed.',
  ],
  token_audience_not_allowed: [
    'The client may not have tokens for this audience.',
    'Allow it in the registration of the client, if it should be allowed.',
  ],
  token_policy_denied: policyDenied,
  token_grant_type_unsupported: [
    'The server does not support the grant type.',
    'Enable the grant type, or let the client use another.',
  ],
  token_grant_invalid: [
    'The code, refresh token or other grant is unknown or malformed.',
    'None, unless it is frequent: then tell the maintainer of the client, with the details of the log.',
  ],
  token_grant_expired: [
    'The grant was valid and ran out.',
    'None. If clients are too slow to use it, give the grant a longer lifetime.',
  ],
  token_grant_revoked: ['The grant was revoked.', 'None: the client has to obtain a new one.'],
  token_grant_used: [
    'A grant that is good for one use came a second time. It may have been stolen (RFC 6749, Section 10.5).',
    'See that the tokens of the first use are revoked, and find out who else has the grant.',
  ],
  token_grant_client_mismatch: [
    'The grant was issued to another client.',
    'Find out how this client came by it: it may have been stolen.',
  ],
  token_redirect_uri_mismatch: [
    'The redirect URI is not that of the authorization request.',
    'Correct the redirect URI in the client.',
  ],
  token_user_credentials_invalid: [
    'The user name or the password is wrong.',
    'None. Many of these for one user or from one address are an attack.',
  ],
  token_session_not_found: sessionNotFound,
  token_session_expired: sessionExpired,
  token_session_already_closed: sessionAlreadyClosed,
  token_session_client_mismatch: sessionClientMismatch,
  token_session_budget_exceeded: sessionBudgetExceeded,
  token_refresh_scope_exceeded: [
    'A refresh request asked for more scope than was granted at first (RFC 6749, Section 6).',
    'Let the client ask for a new grant.',
  ],
  token_scope_missing: [
    'The request has no scope, and there is no default for this client.',
    'Give the client a default scope, or let it name one.',
  ],
  token_scope_malformed: [
    'The scope is no valid text or binary scope for this audience.',
    'None, unless it is frequent: then tell the maintainer of the client, with the details of the log.',
  ],
  token_scope_unknown: [
    'The scope is not defined for this audience.',
    'Define it for the resource server, or correct it in the client.',
  ],
  token_scope_not_allowed: [
    'The client may not have any of the scope it asked for.',
    'Allow it in the registration of the client, if it should be allowed.',
  ],
  token_session_scope_not_authorized: sessionScopeNotAuthorized,
  token_key_unsupported: [
    'The resource server cannot process the asymmetric key that the client asked for (RFC 9200, Section 5.8.3).',
    'Correct the key types in the registration of the resource server, or give the client a key of another type.',
  ],
  token_key_unknown: [
    'The key identifier in req_cnf is of no key that this client was given (RFC 9202, Section 4).',
    'None: the client has to ask for a token with a new key.',
  ],
  token_profiles_incompatible: [
    'The client and the resource server have no profile in common (RFC 9200, Section 5.8.3).',
    'Correct the profiles in their registrations, or enable a common one.',
  ],
  token_session_rate_limited: sessionRateLimited,
  token_session_too_many_sessions: sessionTooManySessions,
  token_identity_provider_failed: [
    'The identity provider behind the server failed or gave a wrong answer.',
    'Look at the cause in the log, then at the identity provider and at the credentials that the server has for it.',
  ],
  token_key_store_unavailable: [
    'The key to protect tokens with cannot be used: the key store or HSM does not answer or refused.',
    'Look at the cause in the log, then at the key store and at the credentials that the server has for it.',
  ],
  token_session_store_unavailable: sessionStoreUnavailable,
  token_identity_provider_timeout: [
    'The identity provider behind the server did not answer in time.',
    'Look at the identity provider and at the network to it.',
  ],
  token_rate_limited: rateLimited,
  token_unavailable: unavailable,
  token_store_unavailable: storeUnavailable,
  token_policy_error: policyError,
  token_internal_error: internalError,
}

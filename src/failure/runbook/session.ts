import type { sessionFailures } from '../catalogue/session.ts'
import {
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
  requestMalformed,
  requestTooLarge,
  unavailable,
} from './common.ts'
import type { Runbook } from './entry.ts'

/** For operators: what goes wrong at the API for sessions, and what to do about it. */
export const sessionRunbook: Runbook<keyof typeof sessionFailures> = {
  session_request_malformed: requestMalformed,
  session_parameter_missing: parameterMissing,
  session_parameter_repeated: parameterRepeated,
  session_parameter_unsupported: parameterUnsupported,
  session_client_credentials_repeated: clientCredentialsRepeated,
  session_nesting_too_deep: nestingTooDeep,
  session_request_too_large: requestTooLarge,
  session_method_not_allowed: methodNotAllowed,
  session_media_type_unsupported: mediaTypeUnsupported,
  session_client_credentials_missing: clientCredentialsMissing,
  session_client_credentials_invalid: clientCredentialsInvalid,
  session_client_auth_method_unsupported: clientAuthMethodUnsupported,
  session_client_unknown: clientUnknown,
  session_client_not_allowed: clientNotAllowed,
  session_policy_denied: policyDenied,
  session_scope_not_authorized: [
    'The session does not include this audience or scope.',
    'Allow it for the session, if it should be allowed.',
  ],
  session_client_mismatch: [
    'The session belongs to another client.',
    'Find out how this client came by its identifier: it may have been stolen.',
  ],
  session_not_found: ['There is no session with this identifier.', 'None: the client has to open a session.'],
  session_expired: [
    'The session is past its lifetime.',
    'None: the client has to open a new session. If sessions are too short, give them a longer lifetime.',
  ],
  session_already_closed: ['The session was closed.', 'None: the client has to open a new session.'],
  session_too_many_sessions: [
    'The client has as many open sessions as it may have.',
    'See that the client closes its sessions, or raise the limit.',
  ],
  session_budget_exceeded: [
    'The session has obtained all the tokens of its budget. Waiting does not help.',
    'None, unless the budget is too small: then raise it. The client has to open a new session.',
  ],
  session_rate_limited: [
    'The session asked for tokens faster than its rate allows.',
    'None, unless the rate is too low: then raise it.',
  ],
  session_unavailable: unavailable,
  session_store_unavailable: [
    'The store of the sessions did not answer, refused the connection, or failed in a statement.',
    'Look at the cause in the log, then at the database: is it up, is its disk full, are its connections used up?',
  ],
  session_policy_error: policyError,
  session_internal_error: internalError,
}

import type { DecodeError, DecodeReason } from '../cbor/decode-error.ts'
import type { CoseError } from '../cose/cose-error.ts'
import type { FailureCode, FailureEndpoint } from './catalogue.ts'

/** What refused input is called, in the words of RFC 6749, Section 5.2, and RFC 6750, Section 3.1. */
type Cause =
  | 'request_malformed'
  | 'parameter_missing'
  | 'parameter_repeated'
  | 'parameter_unsupported'
  | 'nesting_too_deep'
  | 'request_too_large'

/** The causes of the reasons; any other reason makes a request malformed. */
const causes: Readonly<Partial<Record<DecodeReason, Cause>>> = {
  missing_member: 'parameter_missing',
  duplicate_key: 'parameter_repeated',
  invalid_value: 'parameter_unsupported',
  too_deep: 'nesting_too_deep',
  too_large: 'request_too_large',
}

/**
 * The failure that refused input is at an endpoint: always the peer's (4.00, 4.13), never ours.
 *
 * A value that its specification refuses has an error of its own where OAuth or ACE has one: a scope that is malformed is
 * invalid_scope at the token endpoint (RFC 6749, Section 5.2), and a key that the resource server cannot use is
 * refused as such (RFC 9200, Section 5.10.1.1).
 */
export function refusedInput({ reason, path }: DecodeError, endpoint: FailureEndpoint): FailureCode {
  if (endpoint === 'client') return 'client_response_malformed'
  const cause = causes[reason] ?? 'request_malformed'
  if (cause === 'parameter_unsupported' || reason === 'violation') {
    const member = `${endpoint}.${path}`
    if (/^token\.scope\b/.test(member)) return 'token_scope_malformed'
    if (/^token\.req_cnf\b/.test(member)) return 'token_key_malformed'
    if (/^authz_info\.scope\b/.test(member)) return 'authz_info_scope_unknown'
    if (/^authz_info\.cnf\b/.test(member)) return 'authz_info_key_unusable'
  }
  if (endpoint === 'authz_info') {
    if (cause === 'request_malformed') return 'authz_info_token_malformed'
    if (cause === 'request_too_large') return 'authz_info_token_too_large'
    return `authz_info_${cause}`
  }
  return `${endpoint}_${cause}`
}

/**
 * The failure that a refusal of COSE is at an endpoint. What the caller asked for and cannot be done is our own fault; what
 * a peer sent is the peer's, and it is not told which check failed.
 *
 * A resource server refuses a token (RFC 9200, Section 5.10.1.1). An authorization server is sent keys, and messages by
 * which a client authenticates. A client is given a key that it cannot use, or a response that is no message.
 */
export function refusedCose({ reason, blame }: CoseError, endpoint: FailureEndpoint): FailureCode {
  if (blame === 'caller' || reason === 'algorithm_unavailable') return `${endpoint}_internal_error`
  const isKey = reason === 'key_invalid' || reason === 'key_unsuitable'
  if (endpoint === 'client') return isKey ? 'client_key_unsuitable' : 'client_response_malformed'
  if (endpoint === 'access') return isKey ? 'access_key_unsuitable' : 'access_possession_not_proven'
  if (endpoint === 'authz_info') {
    if (reason === 'wrong_structure') return 'authz_info_token_malformed'
    return reason === 'key_invalid' ? 'authz_info_key_unusable' : 'authz_info_token_wrapper_invalid'
  }
  if (reason === 'wrong_structure') return `${endpoint}_request_malformed`
  if (endpoint === 'token' && reason === 'key_invalid') return 'token_key_malformed'
  if (endpoint === 'token' && reason === 'key_unsuitable') return 'token_key_unsupported'
  return `${endpoint}_client_credentials_invalid`
}

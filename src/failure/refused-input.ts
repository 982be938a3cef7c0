import type { DecodeError, DecodeReason } from '../cbor/decode-error.ts'
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

import type { CoapResponseCodeName } from '../registry/generated/coap-response-codes.ts'
import type { OAuthErrorName } from '../registry/generated/oauth-error-names.ts'
import { FailureKind, type FailureKindName } from './kind.ts'

/** What the {@link catalogue} says of a failure. */
export interface FailureRow {
  /** Where it happens. */
  readonly endpoint: FailureEndpoint
  /** The kind that the failure rolls up to. */
  readonly kind: FailureKind
  /** The sentence that the outside may see: constant, in the characters of RFC 6749, Section 5.2, without a full stop. */
  readonly sentence: string
  /** The OAuth error; undefined where no RFC has one for the case. */
  readonly error: OAuthErrorName | undefined
  /** The CoAP response code as `c.dd`; undefined for what happens in a client, which has nobody to answer. */
  readonly coapCode: CoapResponseCodeName | undefined
  /** The HTTP status; undefined where there is no CoAP response code. */
  readonly httpStatus: number | undefined
  /** Whether the answer may have no payload (RFC 9200, Section 5.9.3). */
  readonly withoutPayload: boolean
}

const notProcessed = 'the request could not be processed'
const tokenRefused = 'the access token is not accepted'

/** Every answer that a server refuses with, an OAuth error or else a bare response code, and its sentence. */
const answers = {
  invalid_request: 'the request is not valid',
  invalid_client: 'the client is not authenticated',
  invalid_grant: 'the grant is not valid',
  unauthorized_client: 'the client is not allowed to do this',
  unsupported_grant_type: 'the grant type is not supported',
  invalid_scope: 'the scope is not valid',
  unsupported_pop_key: 'the resource server cannot use the key',
  incompatible_ace_profiles: 'there is no common profile',
  unsupported_token_type: 'the token type is not supported',
  invalid_token: tokenRefused,
  insufficient_scope: 'the access token does not cover this',
  '4.00': tokenRefused,
  '4.01': 'an access token is needed',
  '4.03': 'this is not permitted',
  '4.04': 'the session is not valid',
  '4.05': 'the method is not allowed',
  '4.13': 'the request is too large',
  '4.15': 'the content format is not supported',
  '4.29': 'there are too many requests',
  '5.00': notProcessed,
  '5.02': notProcessed,
  '5.03': 'the service is not available at the moment',
  '5.04': notProcessed,
} as const satisfies Partial<Record<OAuthErrorName | CoapResponseCodeName, string>>

type Answer = keyof typeof answers
/** What goes wrong at one place, and the answer to it. */
type Causes = Readonly<Record<string, Answer>>

/** The response codes of the OAuth errors that are not sent with 4.00. */
const coapCodes: Partial<Record<Answer, CoapResponseCodeName>> = {
  invalid_client: '4.01',
  invalid_token: '4.01',
  insufficient_scope: '4.03',
}

/** The HTTP statuses that are not those of the CoAP response code. */
const httpStatuses: Readonly<Record<string, number>> = { session_expired: 408, session_already_closed: 410 }

const { AuthError, DepthExceeded, Internal, NetworkError } = FailureKind
const { ParseError, PolicyDenied, PolicyError, TokenLimit } = FailureKind

/** The kinds that do not follow from the response code. */
const kinds: Readonly<Record<string, FailureKind>> = {
  request_malformed: ParseError,
  parameter_missing: ParseError,
  parameter_repeated: ParseError,
  parameter_unsupported: ParseError,
  method_not_allowed: ParseError,
  media_type_unsupported: ParseError,
  client_credentials_repeated: ParseError,
  key_malformed: ParseError,
  token_malformed: ParseError,
  token_type_unsupported: ParseError,
  claims_unavailable: ParseError,
  nesting_too_deep: DepthExceeded,
  too_large_for_audience: TokenLimit,
  budget_exceeded: TokenLimit,
  session_budget_exceeded: TokenLimit,
  introspection_failed: NetworkError,
  policy_denied: PolicyDenied,
  policy_error: PolicyError,
  internal_error: Internal,
}

/** Wherever a request comes in. */
const everywhere = {
  rate_limited: '4.29',
  unavailable: '5.03',
  store_unavailable: '5.03',
  policy_error: '5.00',
  internal_error: '5.00',
} as const satisfies Causes

/** At each endpoint of an authorization server. */
const authorizationServer = {
  request_malformed: 'invalid_request',
  parameter_missing: 'invalid_request',
  parameter_repeated: 'invalid_request',
  parameter_unsupported: 'invalid_request',
  nesting_too_deep: 'invalid_request',
  request_too_large: '4.13',
  method_not_allowed: '4.05',
  media_type_unsupported: '4.15',
  client_credentials_missing: 'invalid_client',
  client_credentials_repeated: 'invalid_request',
  client_credentials_invalid: 'invalid_client',
  client_auth_method_unsupported: 'invalid_client',
  client_unknown: 'invalid_client',
} as const satisfies Causes

/** RFC 6749, Section 5.2, and RFC 9200, Section 5.8. */
const token = {
  client_not_allowed: 'unauthorized_client',
  policy_denied: 'unauthorized_client',
  grant_type_unsupported: 'unsupported_grant_type',
  grant_type_not_allowed: 'unauthorized_client',
  grant_invalid: 'invalid_grant',
  grant_expired: 'invalid_grant',
  grant_revoked: 'invalid_grant',
  grant_used: 'invalid_grant',
  grant_client_mismatch: 'invalid_grant',
  redirect_uri_mismatch: 'invalid_grant',
  user_credentials_invalid: 'invalid_grant',
  refresh_audience_changed: 'invalid_request',
  refresh_key_changed: 'invalid_request',
  refresh_scope_exceeded: 'invalid_scope',
  scope_missing: 'invalid_scope',
  scope_malformed: 'invalid_scope',
  scope_unknown: 'invalid_scope',
  scope_not_allowed: 'invalid_scope',
  audience_missing: 'invalid_request',
  audience_unknown: 'invalid_request',
  audience_not_allowed: 'unauthorized_client',
  key_malformed: 'invalid_request',
  key_symmetric: 'invalid_request',
  key_not_proven: 'invalid_request',
  key_unsupported: 'unsupported_pop_key',
  key_unknown: 'unsupported_pop_key',
  input_material_unknown: 'invalid_request',
  profiles_incompatible: 'incompatible_ace_profiles',
  too_large_for_audience: 'invalid_request',
  key_store_unavailable: '5.03',
  identity_provider_failed: '5.02',
  identity_provider_timeout: '5.04',
  session_not_found: 'invalid_grant',
  session_expired: 'invalid_grant',
  session_budget_exceeded: 'invalid_grant',
  session_scope_not_authorized: 'invalid_scope',
  session_already_closed: 'invalid_grant',
  session_rate_limited: '4.29',
  session_client_mismatch: 'invalid_grant',
  session_store_unavailable: '5.03',
  session_too_many_sessions: '4.29',
} as const satisfies Causes

/** RFC 7662, Section 2.3, and RFC 9200, Section 5.9. */
const introspect = {
  not_permitted: '4.03',
  bearer_token_invalid: 'invalid_token',
} as const satisfies Causes

/** RFC 7009, Section 2.2. */
const revoke = {
  client_not_allowed: 'unauthorized_client',
  policy_denied: 'unauthorized_client',
  token_type_unsupported: 'unsupported_token_type',
  token_client_mismatch: 'invalid_grant',
} as const satisfies Causes

/** At the API of the sessions; rate_limited and store_unavailable are among those of every endpoint. */
const session = {
  client_not_allowed: 'unauthorized_client',
  policy_denied: '4.03',
  not_found: '4.04',
  expired: '4.04',
  budget_exceeded: '4.29',
  scope_not_authorized: '4.03',
  already_closed: '4.04',
  client_mismatch: '4.03',
  too_many_sessions: '4.29',
} as const satisfies Causes

/** RFC 9200, Section 5.10.1. */
const authzInfo = {
  method_not_allowed: '4.05',
  media_type_unsupported: '4.15',
  parameter_missing: 'invalid_request',
  token_malformed: 'invalid_request',
  token_too_large: '4.13',
  token_wrapper_invalid: 'invalid_token',
  issuer_not_trusted: 'invalid_token',
  claims_unavailable: 'invalid_request',
  token_inactive: '4.00',
  issuer_mismatch: 'invalid_token',
  token_expired: 'invalid_token',
  token_not_yet_valid: 'invalid_token',
  audience_mismatch: '4.03',
  scope_unknown: '4.00',
  cnonce_invalid: 'invalid_token',
  key_unusable: '4.00',
  token_revoked: 'invalid_token',
  update_refused: 'invalid_token',
  introspection_pending: '5.03',
  introspection_failed: '4.00',
} as const satisfies Causes

/** RFC 9200, Section 5.10.2. */
const access = {
  channel_unprotected: '4.01',
  token_missing: '4.01',
  token_expired: 'invalid_token',
  token_revoked: 'invalid_token',
  possession_not_proven: '4.01',
  key_unsuitable: '4.00',
  resource_not_covered: 'insufficient_scope',
  action_not_covered: '4.05',
  policy_denied: '4.03',
  introspection_failed: '5.03',
} as const satisfies Causes

/** What a client meets, and the kind of it, which has the sentence. */
const client = {
  invalid_request: 'auth_error',
  invalid_client: 'auth_error',
  invalid_grant: 'auth_error',
  unauthorized_client: 'auth_error',
  unsupported_grant_type: 'auth_error',
  invalid_scope: 'auth_error',
  unsupported_pop_key: 'auth_error',
  incompatible_ace_profiles: 'auth_error',
  other_error: 'auth_error',
  refused: 'auth_error',
  request_too_large: 'token_limit',
  rate_limited: 'rate_limit',
  server_error: 'server_error_500',
  bad_gateway: 'bad_gateway_502',
  service_unavailable: 'service_unavailable_503',
  gateway_timeout: 'gateway_timeout_504',
  network_error: 'network_error',
  response_malformed: 'parse_error',
  response_unexpected: 'parse_error',
  server_not_trusted: 'auth_error',
  no_credentials: 'auth_error',
  profile_unsupported: 'auth_error',
  key_unsuitable: 'auth_error',
  token_lifetime_unknown: 'auth_error',
  token_expired: 'auth_error',
  token_too_large: 'token_limit',
  store_unavailable: 'service_unavailable_503',
  cancelled: 'cancelled',
  timeout: 'timeout',
  panic: 'panic',
  internal_error: 'internal',
} as const satisfies Readonly<Record<string, FailureKindName>>

/** Where a request comes in and is answered. */
export type ServerEndpoint = 'token' | 'introspect' | 'revoke' | 'session' | 'authz_info' | 'access'

/** Where a failure happens: at an endpoint, at a resource that a token opens (`access`), or in the client. */
export type FailureEndpoint = ServerEndpoint | 'client'

/** The stable code of one thing that can go wrong: `<endpoint>_<cause>`. It is never renamed, nor given another kind. */
export type FailureCode =
  | `${ServerEndpoint}_${keyof typeof everywhere}`
  | `${'token' | 'introspect' | 'revoke' | 'session'}_${keyof typeof authorizationServer}`
  | `token_${keyof typeof token}`
  | `introspect_${keyof typeof introspect}`
  | `revoke_${keyof typeof revoke}`
  | `session_${keyof typeof session}`
  | `authz_info_${keyof typeof authzInfo}`
  | `access_${keyof typeof access}`
  | `client_${keyof typeof client}`

/**
 * Everything that can go wrong, and what the outside learns of it.
 *
 * @example
 * ```ts
 * import { catalogue } from 'ace-oauth/failure'
 *
 * catalogue.get('token_grant_expired')?.error // 'invalid_grant'
 * catalogue.get('token_grant_expired')?.coapCode // '4.00'
 * ```
 */
export const catalogue: ReadonlyMap<FailureCode, FailureRow> = /* @__PURE__ */ new Map([
  ...at('token', authorizationServer, token, everywhere),
  ...at('introspect', authorizationServer, introspect, everywhere),
  ...at('revoke', authorizationServer, revoke, everywhere),
  ...at('session', authorizationServer, session, everywhere),
  ...at('authz_info', authzInfo, everywhere),
  ...at('access', access, everywhere),
  ...inClient(),
])

function at(endpoint: ServerEndpoint, ...groups: readonly Causes[]): [FailureCode, FailureRow][] {
  return groups.flatMap(Object.entries<Answer>).map(([cause, answer]) => {
    const code = `${endpoint}_${cause}` as FailureCode
    const error = /\d/.test(answer) ? undefined : (answer as OAuthErrorName)
    const coapCode = coapCodes[answer] ?? (error ? '4.00' : (answer as CoapResponseCodeName))
    const httpStatus = httpStatuses[code] ?? Number(coapCode.replace('.', ''))
    const kind = kinds[cause] ?? FailureKind.fromCoapCode(answer) ?? AuthError
    const withoutPayload = code === 'introspect_not_permitted'
    const sentence = answers[answer]
    return [code, { endpoint, kind, sentence, error, coapCode, httpStatus, withoutPayload }]
  })
}

function inClient(): [FailureCode, FailureRow][] {
  const nothing = { error: undefined, coapCode: undefined, httpStatus: undefined, withoutPayload: false }
  return Object.entries(client).map(([cause, name]) => {
    const kind = FailureKind.parse(name)!
    return [`client_${cause}` as FailureCode, { endpoint: 'client', kind, sentence: kind.phrase, ...nothing }]
  })
}

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

/** An answer with which a server refuses: an OAuth error, or a bare response code where no error fits. */
type Answer = OAuthErrorName | CoapResponseCodeName

/** The sentences that go with the answers. */
const sentences: Partial<Record<string, string>> = {
  invalid_request: 'the request is not valid',
  invalid_client: 'the client is not authenticated',
  invalid_grant: 'the grant is not valid',
  unauthorized_client: 'the client is not allowed to do this',
  unsupported_grant_type: 'the grant type is not supported',
  invalid_scope: 'the scope is not valid',
  unsupported_pop_key: 'the key is not supported',
  incompatible_ace_profiles: 'there is no common profile',
  unsupported_token_type: 'the token type is not supported',
  invalid_token: 'the access token is not accepted',
  insufficient_scope: 'the access token does not cover this',
  '4.00': 'the access token is not accepted',
  '4.01': 'an access token is needed',
  '4.03': 'this is not permitted',
  '4.04': 'the session is not valid',
  '4.05': 'the method is not allowed',
  '4.13': 'the request is too large',
  '4.15': 'the content format is not supported',
  '4.29': 'there are too many requests',
  '5.03': 'the service is not available',
} satisfies Partial<Record<Answer, string>>

/** The response codes of the OAuth errors that are not sent with 4.00. */
const coapCodes: Partial<Record<string, CoapResponseCodeName>> = {
  invalid_client: '4.01',
  invalid_token: '4.01',
  insufficient_scope: '4.03',
} satisfies Partial<Record<OAuthErrorName, CoapResponseCodeName>>

/** The HTTP statuses that are not those of the CoAP response code. */
const httpStatuses: Partial<Record<string, number>> = { session_expired: 408, session_already_closed: 410 }

/**
 * What goes wrong: by the endpoints, then by the answer, which the kind stands behind where it does not follow from the
 * answer. A cause that has the name of a kind is of that kind. A client answers nobody: there the kind stands alone.
 */
const causes = {
  // RFC 6749, Section 5.2, and RFC 9200, Section 5.8.
  token: {
    invalid_request:
      'refresh_audience_changed refresh_key_changed audience_missing audience_unknown key_symmetric key_not_proven input_material_unknown',
    'invalid_request parse_error': 'key_malformed',
    'invalid_request token_limit': 'too_large_for_audience',
    unauthorized_client: 'client_not_allowed grant_type_not_allowed audience_not_allowed policy_denied',
    unsupported_grant_type: 'grant_type_unsupported',
    invalid_grant:
      'grant_invalid grant_expired grant_revoked grant_used grant_client_mismatch redirect_uri_mismatch user_credentials_invalid session_not_found session_expired session_already_closed session_client_mismatch',
    'invalid_grant token_limit': 'session_budget_exceeded',
    invalid_scope:
      'refresh_scope_exceeded scope_missing scope_malformed scope_unknown scope_not_allowed session_scope_not_authorized',
    unsupported_pop_key: 'key_unsupported key_unknown',
    incompatible_ace_profiles: 'profiles_incompatible',
    '4.29': 'session_rate_limited session_too_many_sessions',
    '5.02': 'identity_provider_failed',
    '5.03': 'key_store_unavailable session_store_unavailable',
    '5.04': 'identity_provider_timeout',
  },
  // RFC 7662, Section 2.3, and RFC 9200, Section 5.9.
  introspect: { '4.03': 'not_permitted', invalid_token: 'bearer_token_invalid' },
  // RFC 7009, Section 2.2.
  revoke: {
    unauthorized_client: 'client_not_allowed policy_denied',
    'unsupported_token_type parse_error': 'token_type_unsupported',
    invalid_grant: 'token_client_mismatch',
  },
  // rate_limited and store_unavailable are among those of every endpoint.
  session: {
    unauthorized_client: 'client_not_allowed',
    '4.03': 'policy_denied scope_not_authorized client_mismatch',
    '4.04': 'not_found expired already_closed',
    '4.29': 'too_many_sessions',
    '4.29 token_limit': 'budget_exceeded',
  },
  // Each endpoint of an authorization server.
  'token introspect revoke session': {
    'invalid_request parse_error':
      'request_malformed parameter_missing parameter_repeated parameter_unsupported client_credentials_repeated',
    'invalid_request depth_exceeded': 'nesting_too_deep',
    invalid_client:
      'client_credentials_missing client_credentials_invalid client_auth_method_unsupported client_unknown',
    '4.05 parse_error': 'method_not_allowed',
    '4.13': 'request_too_large',
    '4.15 parse_error': 'media_type_unsupported',
  },
  // RFC 9200, Section 5.10.1.
  authz_info: {
    '4.05 parse_error': 'method_not_allowed',
    '4.15 parse_error': 'media_type_unsupported',
    'invalid_request parse_error': 'parameter_missing token_malformed claims_unavailable',
    '4.13': 'token_too_large',
    invalid_token:
      'token_wrapper_invalid issuer_not_trusted issuer_mismatch token_expired token_not_yet_valid cnonce_invalid token_revoked update_refused',
    '4.00': 'token_inactive scope_unknown key_unusable',
    '4.00 network_error': 'introspection_failed',
    '4.03': 'audience_mismatch',
    '5.03': 'introspection_pending',
  },
  // RFC 9200, Section 5.10.2.
  access: {
    '4.01': 'channel_unprotected token_missing possession_not_proven',
    invalid_token: 'token_expired token_revoked',
    '4.00': 'key_unsuitable',
    insufficient_scope: 'resource_not_covered',
    '4.05': 'action_not_covered',
    '4.03': 'policy_denied',
    '5.03 network_error': 'introspection_failed',
  },
  // Wherever a request comes in.
  'token introspect revoke session authz_info access': {
    '4.29': 'rate_limited',
    '5.03': 'unavailable store_unavailable',
    '5.00': 'policy_error',
    '5.00 internal': 'internal_error',
  },
  // The first of a kind is what a response without an OAuth error is called.
  client: {
    auth_error:
      'refused invalid_request invalid_client invalid_grant unauthorized_client unsupported_grant_type invalid_scope unsupported_pop_key incompatible_ace_profiles other_error server_not_trusted no_credentials profile_unsupported key_unsuitable token_lifetime_unknown token_expired cancelled timeout panic network_error',
    token_limit: 'request_too_large token_too_large',
    rate_limit: 'rate_limited',
    server_error_500: 'server_error',
    bad_gateway_502: 'bad_gateway',
    service_unavailable_503: 'service_unavailable store_unavailable',
    gateway_timeout_504: 'gateway_timeout',
    parse_error: 'response_malformed response_unexpected',
    internal: 'internal_error',
  },
} as const satisfies Readonly<
  Record<string, Partial<Record<Answer | `${Answer} ${FailureKindName}` | FailureKindName, string>>>
>

/** Where a request comes in and is answered. */
export type ServerEndpoint = 'token' | 'introspect' | 'revoke' | 'session' | 'authz_info' | 'access'

/** Where a failure happens: at an endpoint, at a resource that a token opens (`access`), or in the client. */
export type FailureEndpoint = ServerEndpoint | 'client'

type Words<Text> = Text extends `${infer Word} ${infer Rest}` ? Word | Words<Rest> : Text
type Causes = typeof causes

/** The stable code of one thing that can go wrong: `<endpoint>_<cause>`. It is never renamed, nor given another kind. */
export type FailureCode = {
  [At in keyof Causes]: `${Words<At> & string}_${Words<Causes[At][keyof Causes[At]]> & string}`
}[keyof Causes]

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
export const catalogue: ReadonlyMap<FailureCode, FailureRow> = /* @__PURE__ */ new Map(
  Object.entries(causes).flatMap(([endpoints, groups]) =>
    Object.entries<string>(groups).flatMap(([answer, named]) =>
      named
        .split(' ')
        .flatMap((cause) =>
          endpoints.split(' ').map((endpoint) => row(endpoint as FailureEndpoint, answer, cause)),
        ),
    ),
  ),
)

function row(endpoint: FailureEndpoint, group: string, cause: string): [FailureCode, FailureRow] {
  const code = `${endpoint}_${cause}` as FailureCode
  const [answer, kindName = answer] = group.split(' ') as [string, string?]
  const kind =
    FailureKind.parse(cause) ??
    FailureKind.parse(kindName) ??
    FailureKind.fromCoapCode(answer) ??
    FailureKind.AuthError
  const inClient = endpoint === 'client'
  const sentence = inClient ? kind.phrase : (sentences[answer] ?? 'the request could not be processed')
  const error = inClient || /\d/.test(answer) ? undefined : (answer as OAuthErrorName)
  const coapCode = inClient
    ? undefined
    : (coapCodes[answer] ?? (error ? '4.00' : (answer as CoapResponseCodeName)))
  const httpStatus = httpStatuses[code] ?? (coapCode && Number(coapCode.replace('.', '')))
  const withoutPayload = code === 'introspect_not_permitted'
  return [code, { endpoint, kind, sentence, error, coapCode, httpStatus, withoutPayload }]
}

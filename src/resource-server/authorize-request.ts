import { checkObject } from '../cbor/check-object.ts'
import { Failure } from '../failure/failure.ts'
import type { RestMethod } from '../message/aif.ts'
import { CreationHints, type CreationHintsMembers } from '../message/creation-hints.ts'
import { systemTime, timeOf } from '../token/option-checks.ts'
import type { ScopeGrants, Target } from './scope-grants.ts'
import { hasExpired, type VerifiedToken } from './verified-token.ts'

/** A request for a protected resource. */
export interface ResourceRequest extends Target {
  readonly method: RestMethod
  /** The token for the key that the client has proven possession of; undefined where it has proven none, or has no token. */
  readonly token: VerifiedToken | undefined
}

/** How a request is decided. */
export interface AuthorizeOptions {
  /** What the scopes allow. */
  readonly grants: ScopeGrants
  /** What an unauthorized client is told (RFC 9200 §5.3). Default: nothing. */
  readonly hints?: CreationHintsMembers | undefined
  /** The time in seconds since 1970. Default: that of the system. */
  readonly now?: (() => number) | undefined
}

/** What a resource server does with a request. */
export type AccessDecision =
  | { readonly isAllowed: true; readonly token: VerifiedToken }
  | {
      readonly isAllowed: false
      /** Has the response code. */
      readonly failure: Failure
      /** The payload of a 4.01, with Content-Format 19. */
      readonly hints?: CreationHints
    }

/**
 * Decides whether a request is allowed (RFC 9200 §5.10.2): 4.01 with creation hints without a valid token whose key the
 * client has proven possession of, 4.03 where the token does not cover the resource, 4.05 where it covers the resource
 * but not the method.
 *
 * 4.03 and 4.05 are told to an authenticated client alone, because there is a token only for one.
 *
 * @throws EncodeError for hints that cannot be sent
 * @throws TypeError, RangeError for a clock that gives no time
 *
 * @example
 * ```ts
 * import { authorizeRequest, type HeldTokens, ScopeGrants } from 'ace-oauth/resource-server'
 *
 * const grants = new ScopeGrants({ read: [['/temperature', 1]] })
 *
 * function decide(tokens: HeldTokens, provenKey: string): string | undefined {
 *   const token = tokens.find(provenKey)
 *   const decision = authorizeRequest({ method: 'GET', path: '/temperature', token }, { grants })
 *   return decision.isAllowed ? '2.05' : decision.failure.coapCode
 * }
 * ```
 */
export function authorizeRequest(request: ResourceRequest, options: AuthorizeOptions): AccessDecision {
  checkObject('request', request)
  checkObject('options', options)
  const { token, method, ...target } = request
  const { grants, hints, now = systemTime } = options
  if (!token || hasExpired(token, timeOf(now)))
    return {
      isAllowed: false,
      failure: new Failure(token ? 'access_token_expired' : 'access_token_missing'),
      ...(hints && { hints: new CreationHints(hints) }),
    }
  const methods = grants.methods(token.claims.scope ?? '', target)
  if (!methods) return { isAllowed: false, failure: new Failure('access_resource_not_covered') }
  if (!methods.includes(method))
    return { isAllowed: false, failure: new Failure('access_action_not_covered') }
  return { isAllowed: true, token }
}

import type { CoapResponseCodeName } from '../registry/generated/coap-response-codes.ts'
import type { OAuthErrorName } from '../registry/generated/oauth-error-names.ts'
import { accessFailures } from './catalogue/access.ts'
import { authzInfoFailures } from './catalogue/authz-info.ts'
import { clientFailures, receivedErrors } from './catalogue/client.ts'
import { introspectFailures } from './catalogue/introspect.ts'
import { revokeFailures } from './catalogue/revoke.ts'
import type { ServerFailure } from './catalogue/row.ts'
import { sessionFailures } from './catalogue/session.ts'
import { tokenFailures } from './catalogue/token.ts'
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

/** Where a request comes in and is answered. */
export type ServerEndpoint = 'token' | 'introspect' | 'revoke' | 'session' | 'authz_info' | 'access'

/** Where a failure happens: at an endpoint, at a resource that a token opens (`access`), or in the client. */
export type FailureEndpoint = ServerEndpoint | 'client'

/** The stable code of one thing that can go wrong: `<endpoint>_<cause>`. It is never renamed, nor given another kind. */
export type FailureCode =
  | keyof typeof tokenFailures
  | keyof typeof introspectFailures
  | keyof typeof revokeFailures
  | keyof typeof sessionFailures
  | keyof typeof authzInfoFailures
  | keyof typeof accessFailures
  | keyof typeof receivedErrors
  | keyof typeof clientFailures

/**
 * Everything that can go wrong, and what the outside learns of it. The rows are written in the files of `catalogue/`,
 * one file per endpoint.
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
  ...serverRows('token', tokenFailures),
  ...serverRows('introspect', introspectFailures),
  ...serverRows('revoke', revokeFailures),
  ...serverRows('session', sessionFailures),
  ...serverRows('authz_info', authzInfoFailures),
  ...serverRows('access', accessFailures),
  ...clientRows(receivedErrors),
  ...clientRows(clientFailures),
])

function serverRows<Code extends FailureCode>(
  endpoint: ServerEndpoint,
  failures: Readonly<Record<Code, ServerFailure>>,
): [FailureCode, FailureRow][] {
  return (Object.entries(failures) as [Code, ServerFailure][]).map(
    ([code, [kindName, error, coapCode, httpStatus, sentence, payload]]) => [
      code,
      Object.freeze({
        endpoint,
        kind: FailureKind.named(kindName),
        sentence,
        error,
        coapCode,
        httpStatus,
        withoutPayload: payload === 'no payload',
      }),
    ],
  )
}

function clientRows<Code extends FailureCode>(
  failures: Readonly<Record<Code, FailureKindName>>,
): [FailureCode, FailureRow][] {
  return (Object.entries(failures) as [Code, FailureKindName][]).map(([code, kindName]) => {
    const kind = FailureKind.named(kindName)
    const answer = { error: undefined, coapCode: undefined, httpStatus: undefined, withoutPayload: false }
    return [code, Object.freeze({ endpoint: 'client', kind, sentence: kind.phrase, ...answer })]
  })
}

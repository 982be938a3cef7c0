import type { CoapResponseCodeName } from '../../registry/generated/coap-response-codes.ts'
import type { OAuthErrorName } from '../../registry/generated/oauth-error-names.ts'
import type { FailureKindName } from '../kind.ts'

/** One row of a server's table of failures. */
export type ServerFailure = readonly [
  /** The kind that the failure rolls up to. */
  kind: FailureKindName,
  /** The OAuth error on the wire; undefined where no RFC has one for the case. */
  error: OAuthErrorName | undefined,
  /** The CoAP response code, as `c.dd`. */
  coapCode: CoapResponseCodeName,
  /** The HTTP status. */
  httpStatus: number,
  /** What the outside may read: the same for every failure with this answer. */
  sentence: string,
  /** Present where RFC 9200, Section 5.9.3, allows no payload. */
  payload?: 'no payload',
]

import type { Failure } from '../failure/failure.ts'
import { mediaTypes } from '../message/media-types.ts'
import type { CoapResponseCodeName } from '../registry/generated/coap-response-codes.ts'
import { contentFormats } from '../registry/generated/content-formats.ts'
import { toUtf8 } from '../table/types/text.ts'
import type { EndpointResponse } from './exchange.ts'
import type { AnswerForm, Wishes } from './media-types.ts'

const empty: Uint8Array<ArrayBuffer> = /* @__PURE__ */ new Uint8Array(0)

/** What an answer is made of, before it is dressed for a transport. */
interface Parts {
  readonly code: CoapResponseCodeName
  readonly status: number
  readonly mediaType?: string | undefined
  readonly payload?: Uint8Array<ArrayBuffer> | undefined
  /** In seconds. */
  readonly maxAge?: number
  /** Cache-Control. Default: nobody keeps it. */
  readonly cacheControl?: string | undefined
  readonly headers?: Record<string, string>
  readonly failure?: Failure | undefined
}

/** Puts an answer together. What may not be cached says so to HTTP/1.0 as well (RFC 6749 §5.1). */
export function response({
  code,
  status,
  mediaType,
  payload = empty,
  maxAge = 0,
  cacheControl,
  headers,
  failure,
}: Parts): EndpointResponse {
  return {
    code,
    status,
    mediaType,
    contentFormat:
      mediaType && Object.hasOwn(contentFormats, mediaType)
        ? contentFormats[mediaType as keyof typeof contentFormats]
        : undefined,
    payload,
    maxAge,
    headers: {
      ...(mediaType && { 'content-type': mediaType }),
      ...(cacheControl
        ? { 'cache-control': cacheControl }
        : { 'cache-control': 'no-store', pragma: 'no-cache' }),
      ...headers,
    },
    ...(failure && { failure }),
  }
}

/** JSON as a payload. */
export function jsonPayload(json: unknown): Uint8Array<ArrayBuffer> {
  return toUtf8(JSON.stringify(json))
}

/** How to tell a failure. */
export interface FailureForm {
  readonly wishes: Wishes
  /** The form of the answer if it were a success. */
  readonly form: AnswerForm
  readonly aceErrorKey: number | undefined
  /** The methods that the endpoint has. */
  readonly allow: string
  /** The media types that it takes. */
  readonly accept: string
  /** What the client may authenticate with in the Authorization header; undefined where it chose another way. */
  readonly challenge: string | undefined
}

/** RFC 6750 §3. */
const bearerChallenge = 'Bearer realm="ace-oauth", error="invalid_token"'

/** The answer to a request that fails. */
export function failureResponse(failure: Failure, how: FailureForm): EndpointResponse {
  const code = failure.coapCode!
  const status = failure.httpStatus!
  const headers: Record<string, string> = {}
  if (failure.code === 'introspect_bearer_token_invalid') headers['www-authenticate'] = bearerChallenge
  else if (status === 401 && how.challenge) headers['www-authenticate'] = how.challenge
  if (status === 405) headers['allow'] = how.allow
  if (status === 415) headers['accept'] = how.accept
  const wait = waitSeconds(failure)
  if (wait !== undefined) headers['retry-after'] = String(wait)
  return response({
    code,
    status,
    // Max-Age says how long to wait with these two alone (RFC 7252 §5.9.3.4, RFC 8516 §4).
    maxAge: code === '4.29' || code === '5.03' ? (wait ?? 0) : 0,
    headers,
    failure,
    ...failurePayload(failure, how),
  })
}

function failurePayload(
  failure: Failure,
  { wishes, form, aceErrorKey }: FailureForm,
): Pick<Parts, 'mediaType' | 'payload'> {
  const json = failure.toJson()
  // RFC 9200 §5.9.3
  if (!json) return {}
  const asCbor = failure.toErrorResponse()
  // Without a key for it, problem details cannot tell the OAuth error: then they are for clients that want nothing else.
  const tellsAll = !asCbor || aceErrorKey !== undefined
  const other = wishes[form]
  if (wishes.problem > 0 && (tellsAll ? wishes.problem >= other : other === 0))
    return { mediaType: mediaTypes.problem, payload: failure.toProblemDetails(aceErrorKey) }
  if (form === 'json') return { mediaType: mediaTypes.json, payload: jsonPayload(json) }
  // An error without an integer: the response code says it all.
  return asCbor ? { mediaType: mediaTypes.cbor, payload: asCbor.toCbor() } : {}
}

/** How long the client should wait, in whole seconds: what the failure says, or where waiting is the point, its kind. */
function waitSeconds({ retryAfterMs, kind, httpStatus }: Failure): number | undefined {
  const isAboutTime = httpStatus === 429 || httpStatus === 503 || httpStatus === 504
  const ms = retryAfterMs ?? (isAboutTime ? kind.baseBackoffMs : undefined)
  // 2^31-1 seconds: more than any client can wait for.
  return ms !== undefined && ms >= 0 ? Math.min(Math.ceil(ms / 1_000), 2 ** 31 - 1) : undefined
}

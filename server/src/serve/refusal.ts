import type { FailureKindName } from 'ace-oauth/failure'

/** What is refused before any endpoint sees it, in the terms of the failures of endpoints. */
interface Refusal {
  readonly status: number
  readonly kind: FailureKindName
  /** What the other side reads. */
  readonly message: string
}

/** One row for each code. */
export const refusals = {
  http_path_unknown: { status: 404, kind: 'parse_error', message: 'there is nothing at this path' },
  http_request_malformed: { status: 400, kind: 'parse_error', message: 'the request is not valid HTTP' },
  http_header_too_large: {
    status: 431,
    kind: 'token_limit',
    message: 'the header of the request is too large',
  },
  http_request_incomplete: {
    status: 408,
    kind: 'network_error',
    message: 'the request did not come in time',
  },
} as const satisfies Readonly<Record<string, Refusal>>

/** A code of {@link refusals}. */
export type RefusalCode = keyof typeof refusals

/** The payload that tells of a refusal: the members that all errors have. */
export function refusalJson(code: RefusalCode): string {
  return JSON.stringify({ detail: { status: 'error', code, message: refusals[code].message } })
}

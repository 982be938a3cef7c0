import type { HeadersLike } from '../table/platform.ts'
import type { AuthFailureKind } from './classify-errors.ts'
import { type FailureFacts, gatherFacts } from './classify-facts.ts'
import { classifyRules, patternOf, remedies } from './classify-rules.ts'

export type { AuthFailureKind } from './classify-errors.ts'

/**
 * What is known of a failure. Any member may be absent, and several may be present: the HTTP answer beside the
 * error that a client library made of it, for example.
 *
 * Nothing in here is trusted. Of all bodies and messages together, the first 16,384 characters or bytes and 64 objects
 * are read.
 */
export interface FailureEvidence {
  /** An HTTP answer. The body may be text or bytes: CBOR, JSON, problem details (RFC 9457, RFC 9290), XML, HTML. */
  readonly http?:
    | {
        readonly status: number
        readonly headers?:
          | HeadersLike
          | Readonly<Record<string, string | readonly string[] | undefined>>
          | undefined
        readonly body?: string | Uint8Array | undefined
      }
    | undefined
  /** A CoAP answer: the code as `c.dd`, and the payload if there was one, which is known without its Content-Format. */
  readonly coap?:
    | {
        readonly code: string
        readonly contentFormat?: number | undefined
        readonly payload?: string | Uint8Array | undefined
      }
    | undefined
  /** What was thrown: an Error with its causes, an AggregateError, or anything else. */
  readonly error?: unknown
  /** How a command ended. A command that ended with 0 has not failed. */
  readonly cli?:
    | {
        readonly exitCode: number
        readonly stdout?: string | Uint8Array | undefined
        readonly stderr?: string | Uint8Array | undefined
      }
    | undefined
}

/** An authentication failure, told apart by what has to be done about it. */
export interface AuthFailure {
  readonly kind: AuthFailureKind
  /**
   * What decided, and where: `"invalid_client" in http.body.error`, `401 in http.status`. It quotes words of the rules
   * only, in lower case, never others of the evidence: no token and no password gets here, and it can be logged.
   */
  readonly evidence: string
  /** One sentence for the person who can act. */
  readonly remedy: string
}

/**
 * Tells whether a failure is one of authentication, and of which kind.
 *
 * It would rather miss than mislabel: `undefined` means that the evidence is too weak, or that it only looks like
 * authentication (an unknown audience, an expired certificate of the server, a CSRF token). The rules are a table, in
 * `classify-rules.ts`; they are measured with the failures in `vectors/auth-failures.json`.
 *
 * Never throws, whatever is passed: hostile getters, proxies and cyclic causes are read with care. The work is
 * bounded, however large the evidence.
 *
 * @see RFC 6749 §5.2, RFC 6750 §3.1, RFC 9200 §5.8.3
 *
 * @example
 * ```ts
 * import { classifyFailure } from 'ace-oauth/classify'
 *
 * const failure = classifyFailure({ http: { status: 401, body: '{"error":"invalid_client"}' } })
 * failure?.kind // 'invalid_credentials'
 * failure?.evidence // '"invalid_client" in http.body.error'
 *
 * classifyFailure({ coap: { code: '4.29' } })?.kind // 'rate_limit'
 * classifyFailure({ error: new Error('certificate has expired') }) // undefined
 * ```
 */
export function classifyFailure(evidence: FailureEvidence): AuthFailure | undefined {
  const { statuses, errors, texts } = gatherFacts(evidence)
  for (const { kind, status, error, says } of classifyRules) {
    const answered = [...statuses.keys()].find((each) =>
      status?.split(' ').some((s) => s === each || s === `${each[0]}xx`),
    )
    if (status && !answered) continue
    const told = error?.split(' ').find((code) => errors.has(code))
    if (error && !told) continue
    const said = says && find(says, texts)
    if (says && !said) continue
    if (kind === 'near_miss') return undefined
    const code = told && `"${told}" in ${errors.get(told)}`
    return {
      kind,
      evidence: said ?? code ?? `${answered} in ${statuses.get(answered!)}`,
      remedy: remedies[kind],
    }
  }
  return undefined
}

const patterns = /* @__PURE__ */ new Map<readonly string[], RegExp>()

/** Which phrase was said, and where. What a `…` covers is the sender's, and may be a secret: it stays a `…`. */
function find(says: readonly string[], texts: FailureFacts['texts']): string | undefined {
  const pattern = patterns.get(says) ?? patternOf(says)
  patterns.set(says, pattern)
  for (const { place, text } of texts) {
    const match = pattern.exec(text)
    if (match)
      return `"${match.reduce((phrase, covered) => (covered ? phrase.replace(covered, '…') : phrase))}" in ${place}`
  }
  return undefined
}

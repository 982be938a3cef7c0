/** The wire name of a {@link FailureKind}. */
export type FailureKindName =
  | 'rate_limit'
  | 'auth_error'
  | 'token_limit'
  | 'server_error_500'
  | 'bad_gateway_502'
  | 'service_unavailable_503'
  | 'gateway_timeout_504'
  | 'network_error'
  | 'parse_error'
  | 'cancelled'
  | 'timeout'
  | 'policy_error'
  | 'policy_denied'
  | 'depth_exceeded'
  | 'panic'
  | 'internal'

/** What to do about a failure: try again, repair one of four things, tell those who can, or nothing. */
export type SuggestedAction =
  | 'retry'
  | 'fix_config'
  | 'fix_input'
  | 'fix_peer'
  | 'fix_policy'
  | 'handle_denial'
  | 'report'
  | 'none'

type KindRow = readonly [
  name: FailureKindName,
  phrase: string,
  suggestedAction: SuggestedAction,
  httpStatus?: number | undefined,
  baseBackoffMs?: number,
]

const kinds: readonly KindRow[] = [
  ['rate_limit', 'there are too many requests', 'retry', 429, 2_000],
  ['auth_error', 'not authenticated, or not allowed', 'fix_config', 401],
  ['token_limit', 'larger than the limit', 'fix_input', 413],
  ['server_error_500', 'the server failed', 'retry', 500, 1_000],
  ['bad_gateway_502', 'a server behind the server failed', 'retry', 502, 1_000],
  ['service_unavailable_503', 'the service is not available', 'retry', 503, 2_000],
  ['gateway_timeout_504', 'a server behind the server did not answer', 'retry', 504, 4_000],
  ['network_error', 'the server was not reached', 'retry', undefined, 1_000],
  ['parse_error', 'the message is not valid', 'fix_peer'],
  ['cancelled', 'stopped by the caller', 'none'],
  ['timeout', 'the time allowed has run out', 'fix_input'],
  ['policy_error', 'the policy could not be applied', 'fix_policy'],
  ['policy_denied', 'refused by the policy', 'handle_denial'],
  ['depth_exceeded', 'deeper than the limit', 'fix_policy'],
  ['panic', 'something unexpected failed', 'report'],
  ['internal', 'the software is at fault', 'report'],
]

/**
 * The rollup that every failure belongs to: whether to try again, how long to wait at first, and who can act.
 *
 * Each kind is one object, so that kinds can be compared by `===`. In JSON a kind is its name.
 *
 * @example
 * ```ts
 * import { FailureKind } from 'ace-oauth/failure'
 *
 * FailureKind.fromHttpStatus(503) === FailureKind.ServiceUnavailable // true
 * FailureKind.ServiceUnavailable.isTransient // true
 * FailureKind.AuthError.suggestedAction // 'fix_config'
 * ```
 */
export class FailureKind {
  /** Too many requests, or a quota is used up (429, 4.29). */
  declare static readonly RateLimit: FailureKind
  /** Authentication or authorization failed (401, 403, 4.01, 4.03). */
  declare static readonly AuthError: FailureKind
  /** The request, the token or the budget is too large (413, 4.13). */
  declare static readonly TokenLimit: FailureKind
  /** The server failed (500, 5.00). */
  declare static readonly ServerError: FailureKind
  /** A server behind the server failed (502, 5.02). */
  declare static readonly BadGateway: FailureKind
  /** The server has no capacity for now (503, 5.03). */
  declare static readonly ServiceUnavailable: FailureKind
  /** A server behind the server did not answer in time (504, 5.04). */
  declare static readonly GatewayTimeout: FailureKind
  /** No connection, no name resolution, a reset, or no answer. */
  declare static readonly NetworkError: FailureKind
  /** What came in is no valid message. */
  declare static readonly ParseError: FailureKind
  /** The caller aborted. */
  declare static readonly Cancelled: FailureKind
  /** A deadline of our own passed. */
  declare static readonly Timeout: FailureKind
  /** A policy hook of the operator's failed or returned nonsense. */
  declare static readonly PolicyError: FailureKind
  /** A policy refused on purpose. */
  declare static readonly PolicyDenied: FailureKind
  /** Nesting or delegation goes deeper than the limit. */
  declare static readonly DepthExceeded: FailureKind
  /** Something threw that no one expected. */
  declare static readonly Panic: FailureKind
  /** An invariant of our own is broken. */
  declare static readonly Internal: FailureKind

  /** Every kind. */
  static readonly all: readonly FailureKind[] = kinds.map((row) => new FailureKind(row))

  /** The name on the wire, in logs and in metrics. It never changes. */
  readonly name: FailureKindName
  /** The same for people: a clause in plain words, without a full stop. */
  readonly phrase: string
  /** What to do about it. */
  readonly suggestedAction: SuggestedAction
  /** Whether a person on the side that met the failure can do something about it. */
  readonly isActionable: boolean
  /** The wait before the first repetition, in milliseconds; undefined where trying again does not help. */
  readonly baseBackoffMs: number | undefined
  readonly #httpStatus: number | undefined

  private constructor([name, phrase, suggestedAction, httpStatus, baseBackoffMs]: KindRow) {
    this.name = name
    this.phrase = phrase
    this.suggestedAction = suggestedAction
    this.isActionable = /config|input|policy|denial/.test(suggestedAction)
    this.baseBackoffMs = baseBackoffMs
    this.#httpStatus = httpStatus
    // server_error_500 is ServerError
    const constant = name.replace(/_\d+/, '').replace(/(?:^|_)(.)/g, (_, letter) => letter.toUpperCase())
    ;(FailureKind as unknown as Record<string, FailureKind>)[constant] = this
  }

  /** Whether the same request may succeed later. */
  get isTransient(): boolean {
    return this.baseBackoffMs !== undefined
  }

  /** Whether it is one of the four 5xx: 500, 502, 503 and 504, or their CoAP twins. */
  get isServerError(): boolean {
    return this.#httpStatus! >= 500
  }

  /**
   * The kind with that wire name.
   *
   * @returns undefined for any other string
   */
  static parse(name: string): FailureKind | undefined {
    return FailureKind.all.find((kind) => kind.name === name)
  }

  /**
   * The kind of an HTTP status code. One from 512 on is unknown and stands for 500 (RFC 9110, Section 15).
   *
   * @returns undefined for a success, and where the status alone does not tell (400, 404, 501)
   */
  static fromHttpStatus(status: number): FailureKind | undefined {
    if (status === 403) return FailureKind.AuthError
    const kind = FailureKind.all.find((one) => one.#httpStatus === status)
    return kind ?? (status > 511 && status < 600 ? FailureKind.ServerError : undefined)
  }

  /**
   * The kind of a CoAP response code, written as `c.dd`. An unregistered one of class 5 stands for 5.00 (RFC 7252,
   * Section 5.2).
   *
   * @returns undefined for a success, and where the code alone does not tell (4.00, 4.04, 5.01)
   */
  static fromCoapCode(code: string): FailureKind | undefined {
    if (!/^[45]\.\d\d$/.test(code)) return undefined
    const kind = FailureKind.fromHttpStatus(Number(code.replace('.', '')))
    // Not implemented, proxying not supported, hop limit reached: trying again changes nothing.
    return kind ?? (/^5\.(?!0[158])/.test(code) ? FailureKind.ServerError : undefined)
  }

  /** The name. */
  toString(): string {
    return this.name
  }

  /** The name, so that JSON and logs hold that. */
  toJSON(): string {
    return this.name
  }
}

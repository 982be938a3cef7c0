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

/** The actions that a person on the side that met the failure can take. */
const ownActions: readonly SuggestedAction[] = ['fix_config', 'fix_input', 'fix_policy', 'handle_denial']

/**
 * The rollup that every failure belongs to: whether to try again, how long to wait at first, and who can act.
 *
 * Each kind is one frozen object, so that kinds can be compared by `===`. In JSON a kind is its name.
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
  static readonly RateLimit = new FailureKind('rate_limit', 'there are too many requests', 'retry', 2_000)
  /** Authentication or authorization failed (401, 403, 4.01, 4.03). */
  static readonly AuthError = new FailureKind('auth_error', 'not authenticated, or not allowed', 'fix_config')
  /** The request, the token or the budget is too large (413, 4.13). */
  static readonly TokenLimit = new FailureKind('token_limit', 'larger than the limit', 'fix_input')
  /** The server failed (500, 5.00). */
  static readonly ServerError = new FailureKind('server_error_500', 'the server failed', 'retry', 1_000)
  /** A server behind the server failed (502, 5.02). */
  static readonly BadGateway = new FailureKind(
    'bad_gateway_502',
    'a server behind the server failed',
    'retry',
    1_000,
  )
  /** The server cannot do it for now (503, 5.03, and 425, Too Early). */
  static readonly ServiceUnavailable = new FailureKind(
    'service_unavailable_503',
    'the service is not available',
    'retry',
    2_000,
  )
  /** A server behind the server did not answer in time (504, 5.04). */
  static readonly GatewayTimeout = new FailureKind(
    'gateway_timeout_504',
    'a server behind the server did not answer',
    'retry',
    4_000,
  )
  /** No connection, no name resolution, a reset, no answer, or a request that did not arrive in time (408). */
  static readonly NetworkError = new FailureKind(
    'network_error',
    'the server was not reached',
    'retry',
    1_000,
  )
  /** What came in is not a valid message. */
  static readonly ParseError = new FailureKind('parse_error', 'the message is not valid', 'fix_peer')
  /** The caller aborted. */
  static readonly Cancelled = new FailureKind('cancelled', 'stopped by the caller', 'none')
  /** A deadline of our own passed. */
  static readonly Timeout = new FailureKind('timeout', 'the time allowed has run out', 'fix_input')
  /** A policy hook of the operator's failed or returned nonsense. */
  static readonly PolicyError = new FailureKind(
    'policy_error',
    'the policy could not be applied',
    'fix_policy',
  )
  /** A policy refused on purpose. */
  static readonly PolicyDenied = new FailureKind('policy_denied', 'refused by the policy', 'handle_denial')
  /** Nesting or delegation goes deeper than the limit. */
  static readonly DepthExceeded = new FailureKind('depth_exceeded', 'deeper than the limit', 'fix_policy')
  /** Something threw that no one expected. */
  static readonly Panic = new FailureKind('panic', 'something unexpected failed', 'report')
  /** An invariant of our own is broken. */
  static readonly Internal = new FailureKind('internal', 'the software is at fault', 'report')

  /** Every kind, in the order of the constants above. */
  static readonly all: readonly FailureKind[] = Object.freeze(Object.values(FailureKind) as FailureKind[])

  /** The name on the wire, in logs and in metrics. It never changes. */
  readonly name: FailureKindName
  /** The same for people: a clause in plain words, without a full stop. */
  readonly phrase: string
  /** What to do about it. */
  readonly suggestedAction: SuggestedAction
  /** The wait before the first repetition, in milliseconds; undefined where trying again does not help. */
  readonly baseBackoffMs: number | undefined

  private constructor(
    name: FailureKindName,
    phrase: string,
    suggestedAction: SuggestedAction,
    baseBackoffMs?: number,
  ) {
    this.name = name
    this.phrase = phrase
    this.suggestedAction = suggestedAction
    this.baseBackoffMs = baseBackoffMs
    Object.freeze(this)
  }

  /** Whether a person on the side that met the failure can do something about it. */
  get isActionable(): boolean {
    return ownActions.includes(this.suggestedAction)
  }

  /** Whether the same request may succeed later. */
  get isTransient(): boolean {
    return this.baseBackoffMs !== undefined
  }

  /** Whether it is one of the four 5xx: 500, 502, 503 and 504, or their CoAP twins. */
  get isServerError(): boolean {
    return /_5\d\d$/.test(this.name)
  }

  /** The kind with a name that is known to be one; see {@link FailureKind.parse} for any other string. */
  static named(name: FailureKindName): FailureKind {
    return FailureKind.parse(name)!
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
    return kindOfStatus.get(status) ?? (status > 511 && status < 600 ? FailureKind.ServerError : undefined)
  }

  /**
   * The kind of a CoAP response code, written as `c.dd`. An unregistered one of class 5 stands for 5.00 (RFC 7252,
   * Section 5.2).
   *
   * @returns undefined for a success, and where the code alone does not tell (4.00, 4.04, 5.01)
   */
  static fromCoapCode(code: string): FailureKind | undefined {
    const status = /^[45]\.\d\d$/.test(code) ? Number(code.replace('.', '')) : 0
    // Of the codes with a name in HTTP, 4.08 means another thing. 5.01, 5.05 and 5.08 stay as they are: trying again
    // changes nothing.
    if ([408, 425, 501, 505, 508].includes(status)) return undefined
    return kindOfStatus.get(status) ?? (status > 499 ? FailureKind.ServerError : undefined)
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

/** The kinds of the HTTP statuses that tell one. */
const kindOfStatus: ReadonlyMap<number, FailureKind> = /* @__PURE__ */ new Map([
  [401, FailureKind.AuthError],
  [403, FailureKind.AuthError],
  [408, FailureKind.NetworkError],
  [413, FailureKind.TokenLimit],
  [425, FailureKind.ServiceUnavailable],
  [429, FailureKind.RateLimit],
  [500, FailureKind.ServerError],
  [502, FailureKind.BadGateway],
  [503, FailureKind.ServiceUnavailable],
  [504, FailureKind.GatewayTimeout],
])

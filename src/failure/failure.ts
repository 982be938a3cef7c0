import { checkObject } from '../cbor/check-object.ts'
import { DecodeError } from '../cbor/decode-error.ts'
import { map, textString } from '../cbor/major.ts'
import { putHead, putInteger } from '../cbor/shortest-head.ts'
import { CoseError } from '../cose/cose-error.ts'
import { ErrorCode } from '../message/error-code.ts'
import type { ErrorResponse } from '../message/error-response.ts'
import { ErrorResponseBuilder } from '../message/sent-error-response.ts'
import { aceErrorCodeKey } from '../registry/ace-error.ts'
import type { CoapResponseCodeName } from '../registry/generated/coap-response-codes.ts'
import { detailKey, responseCodeKey } from '../registry/generated/failure-problem-keys.ts'
import { catalogue, type FailureCode, type FailureEndpoint, type FailureRow } from './catalogue.ts'
import { clientErrorCode } from './client-error.ts'
import { hideSecrets } from './hide-secrets.ts'
import type { FailureKind, FailureKindName } from './kind.ts'
import { defined, type LogObject, type LogValue, type Redacted, redact } from './redact.ts'
import { refusedCose, refusedInput } from './refused-input.ts'

/** What may be known of a failure beyond its code. */
export interface FailureOptions {
  /**
   * What a log should tell: limits, counters, identifiers. Nothing of it is ever sent. What the other side said belongs
   * under `peer`, where it is read with more suspicion: long runs of letters and digits are hidden there.
   */
  readonly details?: Readonly<Record<string, unknown>> | undefined
  /** What was thrown first. Nothing of it is ever sent. */
  readonly cause?: unknown
  /**
   * How long the client should wait before it tries again, in milliseconds, 0 or more: Retry-After in HTTP, Max-Age in
   * CoAP.
   */
  readonly retryAfterMs?: number | undefined
}

/** What an HTTP client sees: the members of RFC 6749, Section 5.2, where there is an OAuth error, and the details. */
export interface FailureJson {
  readonly error?: string
  readonly error_description?: string
  readonly detail: { readonly status: 'error'; readonly code: FailureCode; readonly message: string }
}

/** What an operator sees. It holds no secret, and nothing but JSON. */
export interface FailureLog {
  readonly code: FailureCode
  readonly kind: FailureKindName
  readonly retryAfterMs?: number
  readonly details: LogObject
  readonly cause?: LogValue
  readonly stack?: string
}

/**
 * Something that went wrong, as the one class that is thrown for it. The {@link catalogue} says what each reader learns:
 * the radio, the client, the operator.
 *
 * Only {@link Failure.toLog} and inspection (`console.log`, `util.inspect`) show `details` and `cause`, with the secrets
 * in them hidden; everything else depends on the code alone.
 *
 * @example
 * ```ts
 * import { Failure } from 'ace-oauth/failure'
 *
 * const failure = new Failure('token_grant_expired', { details: { clientId: 'c1', expiredAt: 1_700_000_000 } })
 * failure.coapCode // '4.00'
 * failure.toErrorResponse()?.error.name // 'invalid_grant'
 * failure.toLog().details // { clientId: 'c1', expiredAt: 1700000000 }
 * ```
 */
export class Failure extends Error {
  override readonly name: string = 'Failure'
  /** What went wrong: stable, for logs, counters and the runbook. */
  readonly code: FailureCode
  /** The rollup: whether to try again, when, and who can act. */
  readonly kind: FailureKind
  /** How long to wait before trying again, in milliseconds; undefined where nobody said so. */
  readonly retryAfterMs: number | undefined
  readonly #row: FailureRow
  readonly #details: Readonly<Record<string, unknown>>
  #redacted: Redacted | undefined
  #shownDetails: LogObject | undefined

  /**
   * @param message what a developer reads; nothing of it is ever sent. Default: the code and its sentence
   * @throws RangeError for a code that is not in the catalogue, and for a wait that is not a finite number of 0 or more
   */
  constructor(code: FailureCode, given: FailureOptions = {}, message?: string) {
    checkObject('options', given)
    const { details = {}, retryAfterMs, ...options } = given
    const row = catalogue.get(code)
    if (!row) throw new RangeError(`no such failure: ${code}`)
    if (retryAfterMs !== undefined && !(Number.isFinite(retryAfterMs) && retryAfterMs >= 0))
      throw new RangeError('retryAfterMs is a number of milliseconds, 0 or more')
    super(message === undefined ? `${code}: ${row.sentence}` : hideSecrets(message))
    // Node shows the value of a cause as it is when nobody catches an error; of an accessor it does not ask for the value.
    if ('cause' in options) Object.defineProperty(this, 'cause', { get: () => options.cause })
    this.code = code
    this.kind = row.kind
    this.retryAfterMs = retryAfterMs
    this.#row = row
    this.#details = details
  }

  /**
   * The failure that something thrown is at an endpoint.
   *
   * - A failure stays as it is.
   * - A {@link DecodeError} is the fault of the peer that sent the bytes: malformed, or with a parameter that is missing,
   *   repeated or not supported (4.00), nested too deeply (4.00) or too large (4.13). At a client it is a response that
   *   is no message.
   * - A {@link CoseError} is the fault of the peer too, unless the caller asked for what cannot be done: a token that is not
   *   accepted, a key that cannot be used, or a client that did not prove who it is.
   * - At a client, what fetch and Node throw is `client_network_error`, an abort `client_cancelled`, and the end of an
   *   AbortSignal.timeout `client_timeout`.
   * - Anything else is an internal error of the endpoint, with the thrown value as its cause.
   *
   * @example
   * ```ts
   * import { AccessTokenRequest, Failure } from 'ace-oauth'
   *
   * try {
   *   AccessTokenRequest.fromCbor(Uint8Array.of(0xa2, 0x18, 0x21, 0x01, 0x18, 0x21, 0x02))
   * } catch (error) {
   *   Failure.from(error, 'token').code // 'token_parameter_repeated'
   * }
   * ```
   */
  static from(thrown: unknown, endpoint: FailureEndpoint): Failure {
    if (thrown instanceof Failure) return thrown
    if (thrown instanceof DecodeError) {
      const { reason, path, offset, expected } = thrown
      const details = { reason, path: path || undefined, offset, expected: expected || undefined }
      return new Failure(refusedInput(thrown, endpoint), { details, cause: thrown })
    }
    if (thrown instanceof CoseError) {
      const { reason, expected } = thrown
      const details = { reason, expected: expected || undefined }
      return new Failure(refusedCose(thrown, endpoint), { details, cause: thrown })
    }
    const code = endpoint === 'client' ? clientErrorCode(thrown) : undefined
    return new Failure(code ?? `${endpoint}_internal_error`, { cause: thrown })
  }

  /** The response code in CoAP, as `c.dd`; undefined for a failure in a client. */
  get coapCode(): CoapResponseCodeName | undefined {
    return this.#row.coapCode
  }

  /** The status in HTTP; undefined for a failure in a client. */
  get httpStatus(): number | undefined {
    return this.#row.httpStatus
  }

  /** What a log should tell, with its secrets hidden: a copy, made when it is first asked for. */
  get details(): LogObject {
    // Without the stack, which takes most of the time, as long as nobody asks for it.
    this.#shownDetails ??= this.#redacted?.details ?? redact(this.#details, this.cause, undefined).details
    return this.#shownDetails
  }

  /**
   * The error response for the client's radio: the OAuth error and nothing else, four bytes in CBOR. The sentence says
   * no more than the error does.
   *
   * @returns undefined where the error has no CBOR integer (RFC 9200, Section 8.4): then the response code says it all
   */
  toErrorResponse(): ErrorResponse | undefined {
    const { error } = this.#row
    const code = error && ErrorCode.named(error)
    return code?.value ? new ErrorResponseBuilder().error(code).build() : undefined
  }

  /**
   * The payload for `application/json`.
   *
   * @returns undefined where no payload is allowed (RFC 9200, Section 5.9.3)
   */
  toJson(): FailureJson | undefined {
    const { error, sentence, withoutPayload } = this.#row
    if (withoutPayload) return undefined
    return {
      ...(error && { error, error_description: sentence }),
      detail: { status: 'error', code: this.code, message: sentence },
    }
  }

  /**
   * The payload for Content-Format 257, concise problem details (RFC 9290): the sentence and the response code.
   *
   * @param aceErrorKey the key of the `ace-error` entry, an unsigned integer that IANA has not assigned yet; the OAuth
   * error stands there. Without a key, and without an error that has a CBOR integer, the entry is left out
   * @returns undefined for a failure in a client, and where no payload is allowed (RFC 9200, Section 5.9.3)
   * @throws RangeError for a key that is no unsigned integer
   */
  toProblemDetails(aceErrorKey?: number): Uint8Array<ArrayBuffer> | undefined {
    const { coapCode, error, sentence, withoutPayload } = this.#row
    if (withoutPayload || coapCode === undefined) return undefined
    const hasKey = aceErrorKey !== undefined
    if (hasKey && !(Number.isSafeInteger(aceErrorKey) && aceErrorKey >= 0))
      throw new RangeError(`no key for ace-error: ${aceErrorKey}`)
    const value = hasKey && error ? ErrorCode.named(error).value : undefined
    const bytes: number[] = []
    const put = (...integers: number[]): void => {
      for (const integer of integers) putInteger(bytes, bytes.length, integer)
    }
    const head = (major: number, argument: number): void => {
      putHead(bytes, bytes.length, major, argument)
    }
    if (hasKey && value !== undefined) {
      head(map, 3)
      put(aceErrorKey)
      head(map, 1)
      put(aceErrorCodeKey, Number(value))
    } else head(map, 2)
    put(detailKey)
    head(textString, sentence.length)
    bytes.push(...new TextEncoder().encode(sentence))
    put(responseCodeKey, Number(coapCode[0]) * 32 + Number(coapCode.slice(2)))
    return Uint8Array.from(bytes)
  }

  /** The event for a log. */
  toLog(): FailureLog {
    const { code, kind, retryAfterMs } = this
    const event = { code, kind: kind.name, retryAfterMs, ...this.#log() }
    return defined(Object.entries(event)) as unknown as FailureLog
  }

  #log(): Redacted {
    this.#redacted ??= redact(this.#details, this.cause, this.stack)
    return this.#redacted
  }

  [Symbol.for('nodejs.util.inspect.custom')](
    _depth: number,
    options: unknown,
    inspect: (value: unknown, options: unknown) => string,
  ): string {
    const { stack, ...log } = this.toLog()
    return `${stack ?? this} ${inspect(log, options)}`
  }
}

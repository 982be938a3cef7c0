import { encode } from '../cbor/writer.ts'
import type { ErrorCodeName } from '../registry/generated/error-codes.ts'
import { errorDescriptionKey, errorKey, errorUriKey } from '../registry/generated/error-response-keys.ts'
import { EncodeError } from '../table/encode-error.ts'
import { isUriReference } from '../table/grammar/uri.ts'
import { integerToJson } from '../table/integer-json.ts'
import type { Json } from '../table/json.ts'
import type { UnknownMember } from '../table/unknown-member.ts'
import {
  type ErrorRule,
  errorSentences,
  unsendable,
  type Violation,
  type ViolationRule,
} from '../table/violation.ts'
import { ErrorCode, textRule } from './error-code.ts'

/** The names of the members, which are not keys in CBOR (RFC 9200 §5.8.3). */
const names: readonly unknown[] = ['error', 'error_description', 'error_uri']

/** What the constructor asks for, and only the library has. */
export const fromLibrary: unique symbol = /* @__PURE__ */ Symbol('from the library')

/** All responses that have no unknown members, or no violations, share it. */
const none: readonly never[] = /* @__PURE__ */ Object.freeze([])

/** What is wrong about an error_uri (RFC 6749 §5.2), if anything. An empty reference is one, to the current document (RFC 3986 §4.4). */
function uriRule(uri: string | undefined): ViolationRule | undefined {
  // It may have no space, but otherwise the characters of a description: a quotation mark is in neither.
  if (uri && !isUriReference(uri)) return textRule(uri.replace(' ', '"')) ?? 'not_a_uri_reference'
  return undefined
}

function note(violations: Violation[], path: string, rule: ViolationRule | undefined): void {
  if (rule) violations.push(Object.freeze({ rule, path }))
}

/** What tells an unknown member from all others, and what it holds. */
function contentOf(member: UnknownMember): string {
  return 'cbor' in member
    ? `${typeof member.key} ${member.key} ${member.cbor}`
    : JSON.stringify([member.name, member.json])
}

/** All that an error response says, in one order. */
function allOf({ error, description, uri, unknown }: SentErrorResponse): string {
  return JSON.stringify([error.name, `${error.value}`, description, uri, unknown.map(contentOf).sort()])
}

/**
 * An error response, which can be sent and compared. `ErrorResponse` is the same with what reads one from CBOR and JSON; a
 * program that only sends error responses does without its readers. Immutable.
 */
export class SentErrorResponse {
  /** What went wrong. */
  readonly error: ErrorCode
  /** A sentence for the developer of the client, not for a user; undefined where none was sent. */
  readonly description: string | undefined
  /** A reference to a page about the error; undefined where none was sent. */
  readonly uri: string | undefined
  /** The members that this message does not know. */
  readonly unknown: readonly UnknownMember[]
  /** What the sender should not have done; empty for a response that was built here. */
  readonly violations: readonly Violation[]

  /** @internal */
  constructor(
    key: typeof fromLibrary,
    error: ErrorCode,
    description: string | undefined,
    uri: string | undefined,
    unknown: readonly UnknownMember[],
    nulls: readonly string[] = none,
  ) {
    if (key !== fromLibrary) throw new TypeError('use ErrorResponse.builder()')
    this.error = error
    this.description = description
    this.uri = uri
    this.unknown = unknown.length > 0 ? Object.freeze(unknown) : none
    const violations: Violation[] = []
    if (error.status === 'unassigned' && error.value !== undefined)
      note(violations, 'error', 'unassigned_code')
    note(violations, 'error_description', textRule(description))
    note(violations, 'error_uri', uriRule(uri))
    for (const member of unknown)
      if ('cbor' in member && names.includes(member.key)) note(violations, `${member.key}`, 'text_key')
    for (const name of nulls) note(violations, name, 'null_member')
    this.violations = violations.length > 0 ? Object.freeze(violations) : none
    Object.freeze(this)
  }

  /**
   * The payload for Content-Format 19, in deterministic CBOR (RFC 8949 §4.2.1).
   *
   * @throws EncodeError `no_cbor_form` for an error that has no integer, `violation` for a response that was received
   * with one; an unassigned code that came from the wire is written again
   */
  toCbor(): Uint8Array<ArrayBuffer> {
    const { error, description, uri, unknown, violations } = this
    const violation = unsendable(violations)
    if (violation)
      throw new EncodeError('violation', violation.path, errorSentences[violation.rule as ErrorRule])
    const { value } = error
    if (value === undefined) throw new EncodeError('no_cbor_form', 'error')
    return encode((writer) => {
      const map = writer.beginMap()
      writer.member(errorKey)
      writer.integer(value)
      if (description !== undefined) {
        writer.member(errorDescriptionKey)
        writer.text(description)
      }
      if (uri !== undefined) {
        writer.member(errorUriKey)
        writer.text(uri)
      }
      for (const member of unknown)
        if ('cbor' in member) {
          writer.member(member.key)
          writer.raw(member.cbor)
        }
      writer.endMap(map, unknown.length === 0)
    })
  }

  /** The members of RFC 6749 §5.2; an error without a name is an integer, in decimal digits beyond 2^53-1. */
  toJson(): Record<string, Json> {
    const { error, description, uri, unknown } = this
    // What is undefined has no place in JSON, nor has a member of CBOR.
    const json = {
      error: error.name ?? integerToJson(error.value!),
      error_description: description,
      error_uri: uri,
      ...Object.fromEntries(
        unknown.flatMap((member) => ('json' in member ? [[member.name, member.json]] : [])),
      ),
    }
    return JSON.parse(JSON.stringify(json))
  }

  /** The same, for `JSON.stringify` and `Response.json`. */
  toJSON(): Record<string, Json> {
    return this.toJson()
  }

  /** Whether both say the same, code by code and text by text; a code with a name of one's own differs from its integer. */
  equals(other: unknown): boolean {
    return other instanceof SentErrorResponse && allOf(this) === allOf(other)
  }

  /** One line for people. Members that the message does not know are hidden, for they may be secrets. */
  toString(): string {
    const { error, description, uri, unknown } = this
    const known = Object.entries({ error: `${error}`, error_description: description, error_uri: uri })
    const parts = known.flatMap(([name, text]) =>
      text === undefined ? [] : `${name}: ${JSON.stringify(text)}`,
    )
    for (const member of unknown)
      parts.push(
        'cbor' in member
          ? `${typeof member.key === 'string' ? JSON.stringify(member.key) : member.key}: <${member.cbor.length} secret bytes>`
          : `${JSON.stringify(member.name)}: <secret>`,
      )
    return `ErrorResponse { ${parts.join(', ')} }`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `${this}`
  }
}

function textOf(path: string, text: string | undefined): string | undefined {
  if (text === undefined || typeof text === 'string') return text
  throw new EncodeError('unexpected_type', path, 'a text')
}

/** Gathers the members of an error response; {@link ErrorResponseBuilder.build} checks them. */
export class ErrorResponseBuilder<Response extends SentErrorResponse = SentErrorResponse> {
  readonly #Response: typeof SentErrorResponse
  #error: ErrorCode | undefined
  #description: string | undefined
  #uri: string | undefined

  /** @internal */
  constructor(Response: typeof SentErrorResponse = SentErrorResponse) {
    this.#Response = Response
  }

  /**
   * What went wrong: a code, or the name of a registered one. Required.
   *
   * @throws RangeError for a name that RFC 6749 §5.2 does not allow
   */
  error(error: ErrorCode | ErrorCodeName): this {
    this.#error = typeof error === 'string' ? ErrorCode.named(error) : error
    return this
  }

  /** A sentence for the developer of the client: at least one character, of %x20-21 / %x23-5B / %x5D-7E (RFC 6749 §5.2). */
  description(description: string | undefined): this {
    this.#description = description
    return this
  }

  /** A reference to a page about the error: a URI reference (RFC 3986 §4.1). */
  uri(uri: string | undefined): this {
    this.#uri = uri
    return this
  }

  /**
   * The error response.
   *
   * @throws EncodeError `missing_member` without an error; `unexpected_type` for what is not an error code or not a string;
   * `violation` for characters that RFC 6749 §5.2 forbids, an empty text, a uri that is no URI reference, and a code that is
   * neither registered nor private use
   */
  build(): Response {
    const error = this.#error
    if (error === undefined) throw new EncodeError('missing_member', 'error')
    if (!(error instanceof ErrorCode)) throw new EncodeError('unexpected_type', 'error', 'an ErrorCode')
    const description = textOf('error_description', this.#description)
    const uri = textOf('error_uri', this.#uri)
    const response = new this.#Response(fromLibrary, error, description, uri, none)
    const violation = response.violations[0]
    if (violation)
      throw new EncodeError('violation', violation.path, errorSentences[violation.rule as ErrorRule])
    return response as Response
  }
}

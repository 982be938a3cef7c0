import { DecodeError } from '../cbor/decode-error.ts'
import { map } from '../cbor/major.ts'
import { decode, inMember, readInteger, readMap, readRaw, readText } from '../cbor/read.ts'
import { begin, beginMap, endMap, finish, writeMember } from '../cbor/write.ts'
import type { ErrorCodeName } from '../registry/generated/error-codes.ts'
import { errorDescriptionKey, errorKey, errorUriKey } from '../registry/generated/error-response-keys.ts'
import { EncodeError, type EncodeReason } from './encode-error.ts'
import { ErrorCode, textRule } from './error-code.ts'
import { integerFromJson, integerToJson } from './integer-json.ts'
import { copyJson, isText, type Json, jsonEntries, refuse, textFromJson } from './json.ts'
import type { MessageOptions } from './options.ts'
import type { UnknownMember } from './unknown-member.ts'
import { isUriReference } from './uri.ts'
import { unsendable, type Violation, type ViolationRule } from './violation.ts'

/** How to take an error response. */
export interface ErrorResponseOptions extends MessageOptions {
  /** Private-use codes that have a name here, made by {@link ErrorCode.define}. */
  readonly codes?: readonly ErrorCode[]
}

/** What an error response is made of. */
interface Parts {
  error: ErrorCode | undefined
  description: string | undefined
  uri: string | undefined
  unknown: UnknownMember[]
}

/** RFC 6749 §5.2. */
const uriCharacters = /^[\x21\x23-\x5b\x5d-\x7e]+$/
/** Parts to fill: each member is there from the start, so that an engine has one shape for all. */
function noParts(): Parts {
  return { error: undefined, description: undefined, uri: undefined, unknown: [] }
}

// A code below 24 and nothing else, the commonest of all answers, is these three bytes and its own.
const mapOfOne = (map << 5) | 1
const byteFollows = 24

const readCode = (): ErrorCode => ErrorCode.fromCbor(readInteger())

function refuseFor(violation: Violation | undefined): void {
  if (violation) fail('violation', violation.path, violation.rule)
}

function fail(reason: EncodeReason, path: string, expected?: string): never {
  throw new EncodeError(reason, path, expected)
}

/**
 * The error response of the token and introspection endpoints: what an authorization server answers to a request that
 * it refuses. Immutable.
 *
 * In CBOR it is a map with integer keys and an integer error, with Content-Format 19 (`application/ace+cbor`); in JSON
 * the object of RFC 6749. RFC 9290 problem details are the form that the working group is moving to.
 *
 * @see RFC 6749 §5.2, RFC 9200 §5.8.3 and §5.9.3
 *
 * @example
 * ```ts
 * import { ErrorCode, ErrorResponse } from 'ace-oauth/error-response'
 *
 * const denied = ErrorResponse.builder().error(ErrorCode.InvalidGrant).build()
 * denied.toCbor() // a1 18 1e 03
 * ErrorResponse.fromCbor(denied.toCbor()).error === ErrorCode.InvalidGrant // true
 * ```
 */
export class ErrorResponse {
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

  private constructor(error: ErrorCode, { description, uri, unknown }: Parts) {
    this.error = error
    this.description = description
    this.uri = uri
    this.unknown = unknown
    const violations: Violation[] = []
    const note = (path: string, rule: ViolationRule | '' | undefined): void => {
      if (rule) violations.push({ rule, path })
    }
    if (error.status === 'unassigned' && error.value !== undefined) note('error', 'unassigned_code')
    note('error_description', textRule(description))
    // An empty reference is one, to the current document (RFC 3986 §4.4).
    if (uri && !isUriReference(uri))
      note('error_uri', uriCharacters.test(uri) ? 'not_a_uri_reference' : 'forbidden_character')
    this.violations = violations
  }

  /** Starts an error response. */
  static builder(): ErrorResponseBuilder {
    return new ErrorResponseBuilder()
  }

  /**
   * Reads an error response from the payload of Content-Format 19.
   *
   * @throws DecodeError, and nothing else, for whatever bytes
   */
  static fromCbor(bytes: Uint8Array, options?: ErrorResponseOptions): ErrorResponse {
    const parts = noParts()
    if (
      !options &&
      bytes.length === 4 &&
      bytes[0] === mapOfOne &&
      bytes[1] === byteFollows &&
      bytes[2] === errorKey &&
      bytes[3]! < byteFollows
    )
      return new ErrorResponse(ErrorCode.fromCbor(bytes[3]!), parts)
    decode(bytes, options, () => {
      const map = readMap()
      for (let key = map.next(); key !== undefined; key = map.next()) {
        if (key === errorKey) parts.error = inMember('error', readCode)
        else if (key === errorDescriptionKey) parts.description = inMember('error_description', readText)
        else if (key === errorUriKey) parts.uri = inMember('error_uri', readText)
        else parts.unknown.push({ key, cbor: readRaw() })
      }
    })
    return ErrorResponse.#received(parts, options, 0)
  }

  /**
   * Reads an error response from JSON, as `JSON.parse` gives it. An error without a name is an integer there.
   *
   * @throws DecodeError, and nothing else, for whatever value
   */
  static fromJson(json: unknown, options?: ErrorResponseOptions): ErrorResponse {
    const parts = noParts()
    for (const [name, value] of jsonEntries(json))
      if (name === 'error') parts.error = codeFromJson(value)
      else if (name === 'error_description') parts.description = textFromJson(value, name)
      else if (name === 'error_uri') parts.uri = textFromJson(value, name)
      else parts.unknown.push({ name, json: copyJson(value, name) })
    return ErrorResponse.#received(parts, options)
  }

  static #received(parts: Parts, options: ErrorResponseOptions | undefined, offset?: number): ErrorResponse {
    const { error } = parts
    if (!error) throw new DecodeError('missing_member', offset, 'error')
    const own = options?.codes?.find((code) => code.equals(error) || code.name === `${error}`)
    const response = new ErrorResponse(own ?? error, parts)
    const [violation] = response.violations
    if (violation && options?.strict)
      throw new DecodeError('violation', offset, violation.path, violation.rule)
    return response
  }

  /**
   * The payload for Content-Format 19, in deterministic CBOR (RFC 8949 §4.2.1).
   *
   * The bytes may share an `ArrayBuffer` with those of other error responses: `slice()` them before transferring it.
   *
   * @throws EncodeError `no_cbor_form` for an error that has no integer, `violation` for a response that was received
   * with one; an unassigned code that came from the wire is written again
   */
  toCbor(): Uint8Array {
    const { error, description, uri, unknown, violations } = this
    const { value } = error
    if (value! > 0 && value! < byteFollows && description === undefined && uri === undefined && !unknown[0]) {
      const bytes = new Uint8Array(4)
      bytes[0] = mapOfOne
      bytes[1] = byteFollows
      bytes[2] = errorKey
      bytes[3] = value as number
      return bytes
    }
    refuseFor(unsendable(violations))
    begin()
    const map = beginMap()
    writeMember(errorKey, value ?? fail('no_cbor_form', 'error'))
    if (description) writeMember(errorDescriptionKey, description)
    if (uri !== undefined) writeMember(errorUriKey, uri)
    for (const member of unknown) if ('cbor' in member) writeMember(member.key, member.cbor)
    endMap(map, !unknown[0])
    return finish()
  }

  /** The members of RFC 6749 §5.2; an error without a name is an integer, in decimal digits beyond 2^53-1. */
  toJson(): Record<string, Json> {
    const { error, description, uri, unknown } = this
    const json: Record<string, Json> = { error: error.name ?? integerToJson(error.value!) }
    if (description !== undefined) json['error_description'] = description
    if (uri !== undefined) json['error_uri'] = uri
    for (const member of unknown) if ('json' in member) json[member.name] = copyJson(member.json)
    return json
  }

  /** Whether both say the same, code by code and text by text; a code with a name of one's own differs from its integer. */
  equals(other: unknown): boolean {
    return other instanceof ErrorResponse && `${this}` === `${other}`
  }

  /** One line for people. */
  toString(): string {
    const foreign = this.unknown.map((member) => ('cbor' in member ? ` ${member.key}: ${member.cbor}` : ''))
    return `ErrorResponse ${JSON.stringify(this.toJson())}${foreign.sort()}`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `${this}`
  }
}

/** An error in JSON: its name, or an integer. */
export function codeFromJson(json: unknown): ErrorCode {
  const integer = integerFromJson(json)
  if (integer !== undefined) return ErrorCode.fromCbor(integer)
  const name = textFromJson(json, 'error')
  return textRule(name) ? refuse('invalid_value', 'error', 'a name') : ErrorCode.named(name)
}

/** The constructor of a response, which is for nobody but its builder. */
type ErrorResponseMaker = new (error: ErrorCode, parts: Parts) => ErrorResponse

/** Gathers the members of an error response; {@link ErrorResponseBuilder.build} checks them. */
export class ErrorResponseBuilder {
  readonly #parts = noParts()

  /**
   * What went wrong: a code, or the name of a registered one. Required.
   *
   * @throws RangeError for a name that RFC 6749 §5.2 does not allow
   */
  error(error: ErrorCode | ErrorCodeName): this {
    this.#parts.error = typeof error === 'string' ? ErrorCode.named(error) : error
    return this
  }

  /** A sentence for the developer of the client: at least one character, of %x20-21 / %x23-5B / %x5D-7E (RFC 6749 §5.2). */
  description(description: string | undefined): this {
    this.#parts.description = description
    return this
  }

  /** A reference to a page about the error: a URI reference (RFC 3986 §4.1). */
  uri(uri: string | undefined): this {
    this.#parts.uri = uri
    return this
  }

  /**
   * The error response.
   *
   * @throws EncodeError `missing_member` without an error; `unexpected_type` for a text that is none; `violation` for
   * characters that RFC 6749 §5.2 forbids, an empty text, a uri that is no URI reference, and a code that is neither
   * registered nor private use
   */
  build(): ErrorResponse {
    const { error, description, uri } = this.#parts
    if (!(error instanceof ErrorCode)) fail('missing_member', 'error')
    if (!isText(description ?? '')) fail('unexpected_type', 'error_description', 'a text')
    if (!isText(uri ?? '')) fail('unexpected_type', 'error_uri', 'a text')
    const response = new (ErrorResponse as unknown as ErrorResponseMaker)(error, this.#parts)
    refuseFor(response.violations[0])
    return response
  }
}

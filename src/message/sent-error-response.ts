import { compareBytes } from '../cbor/bytewise-order.ts'
import { byteFollows, map, textString } from '../cbor/major.ts'
import type { Key } from '../cbor/reader.ts'
import { argumentOf, following, putHead, putInteger } from '../cbor/shortest-head.ts'
import { encodeAscii } from '../cbor/text.ts'
import type { ErrorCodeName } from '../registry/generated/error-codes.ts'
import { errorDescriptionKey, errorKey, errorUriKey } from '../registry/generated/error-response-keys.ts'
import { EncodeError, type EncodeReason } from '../table/encode-error.ts'
import { integerToJson } from '../table/integer-json.ts'
import { copyJson, type Json } from '../table/json.ts'
import type { UnknownCborMember, UnknownJsonMember, UnknownMember } from '../table/unknown-member.ts'
import { uriReference } from '../table/uri.ts'
import { unsendable, type Violation, type ViolationRule } from '../table/violation.ts'
import { ErrorCode, textRule } from './error-code.ts'
import type { ErrorResponse as PublicErrorResponse } from './error-response.ts'

/** A member that the message does not know, of CBOR or of JSON. */
type Either = Partial<UnknownCborMember & UnknownJsonMember>

function lengthOf(text: string | undefined): number {
  return text === undefined ? 0 : 3 + following(text.length) + text.length
}

function putText(bytes: Uint8Array, at: number, key: number, text: string | undefined): number {
  if (text === undefined) return at
  const start = putHead(bytes, putKey(bytes, at, key), textString, text.length)
  return start + encodeAscii(text, bytes, start)
}

/** Counts a member, and puts its key. */
function putKey(bytes: Uint8Array, at: number, key: number): number {
  bytes[0]!++
  bytes[at] = byteFollows
  bytes[at + 1] = key
  return at + 2
}

/** A key of any member. */
function encodeKey(key: Key): number[] {
  const bytes: number[] = []
  if (typeof key === 'string') {
    const utf8 = new TextEncoder().encode(key)
    putHead(bytes, 0, textString, utf8.length)
    return [...bytes, ...utf8]
  }
  putInteger(bytes, 0, key)
  return bytes
}

/** What is wrong about an error_uri (RFC 6749 §5.2), if anything. An empty reference is one, to the current document (RFC 3986 §4.4). */
function uriRule(uri: string | undefined): ViolationRule | undefined {
  // It may have no space, but otherwise the characters of a description: a quotation mark is in neither.
  if (uri && !uriReference.test(uri)) return textRule(uri.replace(' ', '"')) ?? 'not_a_uri_reference'
  return undefined
}

function note(violations: Violation[], path: string, rule: ViolationRule | undefined): void {
  if (rule) violations.push({ rule, path })
}

function refuseFor(violation: Violation | undefined): void {
  if (violation) fail('violation', violation.path, violation.rule)
}

function fail(reason: EncodeReason, path: string, expected?: string): never {
  throw new EncodeError(reason, path, expected)
}

/**
 * An error response, without what reads one: a bundle of what only sends it leaves all readers out. The class that has
 * them is made from this one in `error-response.ts`.
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

  constructor(
    error: ErrorCode,
    description: string | undefined,
    uri: string | undefined,
    unknown: readonly UnknownMember[],
  ) {
    this.error = error
    this.description = description
    this.uri = uri
    this.unknown = unknown
    const violations: Violation[] = []
    if (error.status === 'unassigned' && error.value !== undefined)
      note(violations, 'error', 'unassigned_code')
    note(violations, 'error_description', textRule(description))
    note(violations, 'error_uri', uriRule(uri))
    this.violations = violations
  }

  /**
   * The payload for Content-Format 19, in deterministic CBOR (RFC 8949 §4.2.1).
   *
   * @throws EncodeError `no_cbor_form` for an error that has no integer, `violation` for a response that was received
   * with one; an unassigned code that came from the wire is written again
   */
  toCbor(): Uint8Array {
    const { error, description, uri, unknown, violations } = this
    const { value } = error
    if (value! > 0 && value! < byteFollows && description === undefined && uri === undefined && !unknown[0]) {
      // The code alone, the commonest of all answers.
      const bytes = new Uint8Array(4)
      bytes[0] = (map << 5) | 1
      bytes[1] = byteFollows
      bytes[2] = errorKey
      bytes[3] = value as number
      return bytes
    }
    refuseFor(unsendable(violations))
    const number = value ?? fail('no_cbor_form', 'error')
    // The members that the message knows. Their keys are two bytes long, their texts ASCII: no others are sent.
    const own = new Uint8Array(4 + following(argumentOf(number)) + lengthOf(description) + lengthOf(uri))
    own[0] = map << 5
    const end = putInteger(own, putKey(own, 1, errorKey), number)
    putText(own, putText(own, end, errorDescriptionKey, description), errorUriKey, uri)
    if (!unknown[0]) return own
    // No key stands between the three, so that their bytewise order is that of one.
    const members = [[...own.subarray(1)]]
    for (const member of unknown)
      if ('cbor' in member) members.push([...encodeKey(member.key), ...member.cbor])
    const head: number[] = []
    putHead(head, 0, map, (own[0]! & 31) + members.length - 1)
    return Uint8Array.from([head, ...members.sort(compareBytes)].flat())
  }

  /** The members of RFC 6749 §5.2; an error without a name is an integer, in decimal digits beyond 2^53-1. */
  toJson(): Record<string, Json> {
    const { error, description, uri, unknown } = this
    // What is undefined has no place in JSON, nor has a member without a name there.
    return copyJson({
      error: error.name ?? integerToJson(error.value!),
      error_description: description,
      error_uri: uri,
      ...Object.fromEntries(unknown.map(({ name, json }: Either) => [name, json])),
    }) as Record<string, Json>
  }

  /** Whether both say the same, code by code and text by text; a code with a name of one's own differs from its integer. */
  equals(other: unknown): boolean {
    return other instanceof ErrorResponse && `${this}` === `${other}`
  }

  /** One line for people. */
  toString(): string {
    const foreign = this.unknown.map(
      // A text in quotation marks is not an integer, nor the beginning of another member.
      ({ key, cbor }: Either) => cbor && ` ${typeof key === 'string' ? JSON.stringify(key) : key}: ${cbor}`,
    )
    return `ErrorResponse ${JSON.stringify(this.toJson())}${foreign.sort()}`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `${this}`
  }
}

/** Gathers the members of an error response; {@link ErrorResponseBuilder.build} checks them. */
export class ErrorResponseBuilder {
  #error: ErrorCode | undefined
  #description: string | undefined
  #uri: string | undefined

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
   * @throws EncodeError `missing_member` without an error; `unexpected_type` for a text that is none; `violation` for
   * characters that RFC 6749 §5.2 forbids, an empty text, a uri that is no URI reference, and a code that is neither
   * registered nor private use
   */
  build(): PublicErrorResponse {
    const error = this.#error
    const description = this.#description
    const uri = this.#uri
    if (!(error instanceof ErrorCode)) fail('missing_member', 'error')
    if (typeof description !== 'string' && description !== undefined)
      fail('unexpected_type', 'error_description', 'a text')
    if (typeof uri !== 'string' && uri !== undefined) fail('unexpected_type', 'error_uri', 'a text')
    const response = new ErrorResponse(error, description, uri, [])
    refuseFor(response.violations[0])
    return response
  }
}

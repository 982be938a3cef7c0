import { DecodeError } from '../cbor/decode-error.ts'
import { isBytes } from '../cbor/plain-bytes.ts'
import { decode, type Reader, readInteger, readRaw, readText } from '../cbor/reader.ts'
import { errorDescriptionKey, errorKey, errorUriKey } from '../registry/generated/error-response-keys.ts'
import { integerFromJson } from '../table/integer-json.ts'
import { refuse, textFromJson } from '../table/json.ts'
import { jsonFromInput } from '../table/json-input.ts'
import type { MessageOptions } from '../table/options.ts'
import type { UnknownMember } from '../table/unknown-member.ts'
import { type ErrorRule, errorSentences } from '../table/violation.ts'
import { ErrorCode, textRule } from './error-code.ts'
import { ErrorResponseBuilder, fromLibrary, SentErrorResponse } from './sent-error-response.ts'

export { ErrorResponseBuilder } from './sent-error-response.ts'

/** How to take an error response. */
export interface ErrorResponseOptions extends MessageOptions {
  /** Private-use codes that have a name here, made by {@link ErrorCode.define}. */
  readonly codes?: readonly ErrorCode[] | undefined
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
export class ErrorResponse extends SentErrorResponse {
  /** Starts an error response. */
  static builder(): ErrorResponseBuilder<ErrorResponse> {
    return new ErrorResponseBuilder(ErrorResponse)
  }

  /**
   * Reads an error response from the payload of Content-Format 19.
   *
   * @throws DecodeError, and nothing else, for whatever bytes
   * @throws TypeError for anything but a Uint8Array
   * @throws RangeError for an option that is no limit
   */
  static fromCbor(bytes: Uint8Array, options?: ErrorResponseOptions): ErrorResponse {
    const known = options === undefined ? codeAlone(bytes) : undefined
    if (known) return known
    let error: ErrorCode | undefined
    let description: string | undefined
    let uri: string | undefined
    const unknown: UnknownMember[] = []
    decode(bytes, options, (reader) =>
      reader.readMap((key) => {
        if (key === errorKey) error = reader.inMember('error', readCode)
        else if (key === errorDescriptionKey) description = reader.inMember('error_description', readText)
        else if (key === errorUriKey) uri = reader.inMember('error_uri', readText)
        else unknown.push(Object.freeze({ key, cbor: readRaw(reader) }))
      }),
    )
    return received(error, description, uri, unknown, options, 0)
  }

  /**
   * Reads an error response from JSON, as `JSON.parse` gives it. An error without a name is an integer there.
   *
   * @throws DecodeError, and nothing else, for whatever value
   */
  static fromJson(json: unknown, options?: ErrorResponseOptions): ErrorResponse {
    let error: ErrorCode | undefined
    let description: string | undefined
    let uri: string | undefined
    const unknown: UnknownMember[] = []
    const nulls: string[] = []
    const members = jsonFromInput(json, options)
    if (typeof members !== 'object' || !members || Array.isArray(members))
      refuse('unexpected_type', '', 'an object')
    for (const [name, value] of Object.entries(members))
      if (name === 'error') error = codeFromJson(value)
      else if (value === null && (name === 'error_description' || name === 'error_uri')) nulls.push(name)
      else if (name === 'error_description') description = textFromJson(value, name)
      else if (name === 'error_uri') uri = textFromJson(value, name)
      else unknown.push(Object.freeze({ name, json: value }))
    return received(error, description, uri, unknown, options, undefined, nulls)
  }

  /** An error response that was built by what cannot read one is an error response too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof SentErrorResponse
  }
}

/** The responses of one code below 24 and nothing else, by the code: they do not change, so one of each is enough. */
const codesAlone: ErrorResponse[] = []

/** The response in `a1 18 1e` and the byte of a code, the commonest of all answers. */
function codeAlone(bytes: Uint8Array): ErrorResponse | undefined {
  if (
    !isBytes(bytes) ||
    bytes.length !== 4 ||
    bytes[0] !== 0xa1 ||
    bytes[1] !== 0x18 ||
    bytes[2] !== errorKey
  )
    return undefined
  const code = bytes[3]!
  if (code < 24)
    codesAlone[code] ??= received(ErrorCode.fromCbor(code), undefined, undefined, [], undefined, 0)
  return codesAlone[code]
}

const readCode = (reader: Reader): ErrorCode => ErrorCode.fromCbor(readInteger(reader))

function received(
  error: ErrorCode | undefined,
  description: string | undefined,
  uri: string | undefined,
  unknown: readonly UnknownMember[],
  options: ErrorResponseOptions | undefined,
  offset?: number,
  nulls?: readonly string[],
): ErrorResponse {
  if (!error) throw new DecodeError('missing_member', 'error', undefined, offset)
  const own = options?.codes?.find((code) => code.equals(error) || (error.name && code.name === error.name))
  const response = new ErrorResponse(fromLibrary, own ?? error, description, uri, unknown, nulls)
  const violation = options?.strict && response.violations[0]
  if (violation)
    throw new DecodeError('violation', violation.path, errorSentences[violation.rule as ErrorRule], offset)
  return response
}

/** An error in JSON: its name, or an integer. */
export function codeFromJson(json: unknown): ErrorCode {
  const integer = integerFromJson(json)
  if (integer !== undefined) return ErrorCode.fromCbor(integer)
  const name = textFromJson(json, 'error')
  return textRule(name) ? refuse('invalid_value', 'error', 'a name') : ErrorCode.fromName(name)
}

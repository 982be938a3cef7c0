import { checkObject } from '../cbor/check-object.ts'
import { DecodeError } from '../cbor/decode-error.ts'
import { EncodeError } from '../table/encode-error.ts'
import { integerToJson } from '../table/integer-json.ts'
import { copyJson } from '../table/json.ts'
import { expectedFor } from '../table/violation-sentences.ts'
import { ErrorResponse, type ErrorResponseOptions } from './error-response.ts'
import { isCodeByte, problemDetailsWith } from './problem-details.ts'

/** The entries that the texts of an error response come from. */
const entries: Readonly<Record<string, string>> = {
  error_description: 'detail',
  error_uri: 'instance',
}

/** How to tell an error response as concise problem details. */
export interface ProblemDetailsOptions {
  /** The key of the `ace-error` entry, an unsigned integer: IANA has not assigned one yet. */
  readonly aceErrorKey: number
  /** The CoAP response code that goes with it, as its byte: 128 for 4.00, 129 for 4.01. Left out where absent. */
  readonly responseCode?: number
}

/**
 * Tells an error response in the form that the working group is moving to: concise problem details (RFC 9290) with the
 * `ace-error` entry of draft-ietf-ace-workflow-and-params, for Content-Format 257. The description becomes the detail,
 * the uri the instance.
 *
 * @throws EncodeError as {@link ErrorResponse.toCbor} does, and `invalid_value` for a response code out of its range
 * @throws RangeError for an `aceErrorKey` that is no unsigned integer
 *
 * @example
 * ```ts
 * import { ErrorResponse, toProblemDetails } from 'ace-oauth'
 *
 * const denied = ErrorResponse.builder().error('invalid_grant').build()
 * toProblemDetails(denied, { aceErrorKey: 2, responseCode: 128 }) // a2 02 a1 00 03 23 18 80
 * ```
 */
export function toProblemDetails(
  response: ErrorResponse,
  options: ProblemDetailsOptions,
): Uint8Array<ArrayBuffer> {
  checkObject('options', options)
  // What may not be sent in one form may not in the other.
  response.toCbor()
  const { error, description, uri } = response
  const { aceErrorKey, responseCode } = options
  const ProblemDetails = problemDetailsWith(aceErrorKey)
  if (responseCode !== undefined && !isCodeByte(responseCode))
    throw new EncodeError('invalid_value', 'response-code', 'a CoAP code, 0 to 255')
  const json = {
    'ace-error': { error: integerToJson(error.value!) },
    detail: description,
    instance: uri,
    'response-code': responseCode,
  }
  // Read, not built: an unassigned code that came from the wire may go out again.
  return ProblemDetails.fromJson(copyJson(json)).toCbor()
}

/**
 * Reads the error response out of concise problem details (RFC 9290) with an `ace-error` entry. What else they tell has no
 * place in it, and is checked and left out; a detail in a tagged language is taken without the tag.
 *
 * @throws DecodeError, and nothing else for whatever bytes: `missing_member` without an `ace-error` entry; under `strict`,
 * `violation` at the entry that has it
 * @throws RangeError for an `aceErrorKey` that is no unsigned integer
 */
export function fromProblemDetails(
  bytes: Uint8Array,
  options: ErrorResponseOptions & Pick<ProblemDetailsOptions, 'aceErrorKey'>,
): ErrorResponse {
  checkObject('options', options)
  const { aceErrorKey, strict, ...rest } = options
  const problem = problemDetailsWith(aceErrorKey).fromCbor(bytes, options)
  const code = problem['ace-error']?.error
  if (!code) throw new DecodeError('missing_member', 'ace-error', undefined, 0)
  const { detail, instance } = problem
  const json: Record<string, unknown> = { error: code.name ?? String(code.value) }
  if (detail !== undefined) json['error_description'] = typeof detail === 'string' ? detail : detail.text
  if (instance !== undefined) json['error_uri'] = instance
  const response = ErrorResponse.fromJson(json, rest)
  const violation = strict && response.violations[0]
  if (violation) throw new DecodeError('violation', entries[violation.path], expectedFor(violation.rule), 0)
  return response
}

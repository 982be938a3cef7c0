import { array, map, unsignedInteger } from '../cbor/major.ts'
import { type Reader, readInteger } from '../cbor/reader.ts'
import { write } from '../cbor/writer.ts'
import { aceErrorCodeKey } from '../registry/ace-error.ts'
import type { ErrorCodeName } from '../registry/generated/error-codes.ts'
import { problemDetailKeys } from '../registry/generated/problem-detail-keys.ts'
import { EncodeError } from '../table/encode-error.ts'
import { absoluteUri, languageTag, uriReference } from '../table/grammar/texts.ts'
import { isAbsoluteUri } from '../table/grammar/uri.ts'
import { integerToJson } from '../table/integer-json.ts'
import { isText, refuse } from '../table/json.ts'
import type { Fault, InputsOf, Row, Rows, ValuesOf } from '../table/table.ts'
import { mapType } from '../table/types/map.ts'
import { unsigned } from '../table/types/number.ts'
import { textOf } from '../table/types/text.ts'
import type { ValueType } from '../table/types/value-type.ts'
import { ErrorCode, textRule } from './error-code.ts'
import { codeFromJson } from './error-response.ts'
import { defineMessage, type Message, type MessageClass } from './message.ts'
import { direction, localizedText } from './tagged-text.ts'

const errorCode: ValueType<ErrorCode, ErrorCode | ErrorCodeName> = {
  cbor: 'integer',
  json: 'code',
  decode: (reader) => ErrorCode.fromCbor(readInteger(reader)),
  encode: (writer, code, path) => {
    if (code.value === undefined) throw new EncodeError('no_cbor_form', path, 'an error that has an integer')
    write(writer, code.value)
  },
  fromJson: codeFromJson,
  toJson: (code) => code.name ?? integerToJson(code.value!),
  accept: (input, path) => {
    if (input instanceof ErrorCode) return input
    if (!isText(input)) return undefined
    if (textRule(input)) throw new EncodeError('invalid_value', path, 'a name')
    return ErrorCode.named(input)
  },
  violation: ({ status, value }) =>
    status === 'unassigned' && value !== undefined ? 'unassigned_code' : undefined,
}

/** Whether something is a CoAP code in its byte, 0 to 255. */
export function isCodeByte(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255
}

/** A CoAP code in its byte (RFC 9290 §2). */
const codeByte: ValueType<number> = {
  cbor: 'unsigned integer of one byte',
  json: 'unsigned',
  decode: (reader) => {
    const value = readInteger(reader)
    return isCodeByte(value) ? value : reader.fail('invalid_value', 'a CoAP code, 0 to 255')
  },
  encode: write,
  fromJson: (json, path) =>
    isCodeByte(json) ? json : refuse('invalid_value', path, 'a CoAP code, 0 to 255'),
  toJson: (value) => value,
  accept: (input, path) => {
    if (isCodeByte(input)) return input
    if (typeof input === 'number') throw new EncodeError('invalid_value', path, 'a CoAP code, 0 to 255')
    return undefined
  },
}

/** One or more option numbers (RFC 9290 §3.1.1): a single one stands without an array. */
const optionNumbers: ValueType<readonly (number | bigint)[]> = {
  cbor: 'unsigned integer, or array of two or more',
  json: 'array of integers',
  decode: (reader: Reader) => {
    reader.head()
    const first = reader.start
    if (reader.major === unsignedInteger) return Object.freeze([reader.integer()])
    if (reader.major !== array) reader.fail('unexpected_type', 'an unsigned integer, or an array of them')
    const numbers: (number | bigint)[] = []
    reader.each(() => numbers.push(unsigned.decode(reader)))
    return numbers.length > 1
      ? Object.freeze(numbers)
      : reader.fail('invalid_value', 'two options at least in an array', first)
  },
  encode: (writer, numbers) => {
    if (numbers.length > 1) writer.head(array, numbers.length)
    for (const number of numbers) write(writer, number)
  },
  fromJson: (json, path) => {
    if (!Array.isArray(json) || json.length === 0)
      refuse('unexpected_type', path, 'an array of unsigned integers')
    return Object.freeze(json.map((number, i) => unsigned.fromJson(number, `${path}.${i}`)))
  },
  toJson: (numbers) => numbers.map((number) => unsigned.toJson(number)),
  accept: (input, path) => {
    if (!Array.isArray(input) || input.length === 0) return undefined
    const numbers = input.map((number) => unsigned.accept(number, path))
    return numbers.includes(undefined) ? undefined : Object.freeze(numbers as (number | bigint)[])
  },
}

const rows = {
  /** A short summary of the kind of problem. */
  title: { key: problemDetailKeys.title, type: localizedText, section: 'RFC 9290 section 2' },
  /** An explanation of this occurrence of it. */
  detail: { key: problemDetailKeys.detail, type: localizedText, section: 'RFC 9290 section 2' },
  /** A URI reference that identifies this occurrence. */
  instance: { key: problemDetailKeys.instance, type: textOf(uriReference), section: 'RFC 9290 section 2' },
  /** The CoAP response code as its byte, for example 128 for 4.00. */
  'response-code': { key: problemDetailKeys['response-code'], type: codeByte, section: 'RFC 9290 section 2' },
  /** What relative references in the others are relative to. */
  'base-uri': {
    key: problemDetailKeys['base-uri'],
    type: textOf(absoluteUri),
    section: 'RFC 9290 section 2',
  },
  /** The language of the texts without one of their own. */
  'base-lang': {
    key: problemDetailKeys['base-lang'],
    type: textOf(languageTag),
    section: 'RFC 9290 section 2',
  },
  /** The writing direction of the texts without one of their own. */
  'base-rtl': { key: problemDetailKeys['base-rtl'], type: direction, section: 'RFC 9290 section 2' },
  /** The critical options that were not understood. */
  'unprocessed-coap-option': {
    key: problemDetailKeys['unprocessed-coap-option'],
    type: optionNumbers,
    section: 'RFC 9290 section 3.1.1',
  },
} as const satisfies Rows

const draft = 'draft-ietf-ace-workflow-and-params'

type AceErrorRow = Row<
  ValueType<{ readonly error: ErrorCode }, { readonly error: ErrorCode | ErrorCodeName }>
>

function aceErrorRow(key: number): AceErrorRow {
  return {
    key,
    type: mapType({ error: { key: aceErrorCodeKey, type: errorCode, required: true, section: draft } }),
    section: draft,
  }
}

type ProblemRows = typeof rows & { readonly 'ace-error': AceErrorRow }

/** Concise problem details (RFC 9290): Content-Format 257. */
export interface ProblemDetails extends Message, ValuesOf<ProblemRows> {}

type ProblemClass = MessageClass<ProblemDetails, InputsOf<ProblemRows>>

// Messages of two classes are never equal: a class is there for as long as anyone has it or a message of it. A few are
// there for longer, since V8 makes the functions of a class that stays faster.
const classes: Map<number, WeakRef<ProblemClass>> = /* @__PURE__ */ new Map()
const kept: Set<ProblemClass> = /* @__PURE__ */ new Set()
const maxKept = 8

/**
 * The class of concise problem details whose `ace-error` entry has a given key, which IANA has not assigned yet.
 *
 * @param aceErrorKey an unsigned integer
 * @throws RangeError for any other
 *
 * @example
 * ```ts
 * import { problemDetailsWith } from 'ace-oauth'
 *
 * const ProblemDetails = problemDetailsWith(2)
 * new ProblemDetails({ title: 'No such audience', 'ace-error': { error: 'invalid_request' } }).toCbor()
 * ```
 */
export function problemDetailsWith(aceErrorKey: number): ProblemClass {
  if (!Number.isSafeInteger(aceErrorKey) || aceErrorKey < 0)
    throw new RangeError(`aceErrorKey is ${aceErrorKey}: expected an unsigned integer`)
  const known = classes.get(aceErrorKey)?.deref()
  if (known) return known
  const made = defineMessage<ProblemRows, ProblemDetails>({
    name: 'ProblemDetails',
    rows: { ...rows, 'ace-error': aceErrorRow(aceErrorKey) },
    registry: problemDetailKeys,
    nonEmpty: true,
    check,
  })
  for (const [key, held] of classes) if (!held.deref()) classes.delete(key)
  classes.set(aceErrorKey, new WeakRef(made))
  if (kept.size === maxKept) kept.clear()
  kept.add(made)
  return made
}

/** RFC 9290 §2: a custom entry, under an unsigned integer or a URI, is a map that is not empty. */
function check(problem: ProblemDetails): Fault | undefined {
  for (const member of problem.unknown) {
    if (!('cbor' in member) || (typeof member.key !== 'string' && member.key < 0)) continue
    const { key, cbor } = member
    if (typeof key === 'string' && !isAbsoluteUri(key))
      return { reason: 'invalid_value', path: key, expected: 'a URI for a key' }
    if (cbor[0]! >> 5 !== map || isEmptyMap(cbor))
      return { reason: 'invalid_value', path: String(key), expected: 'a map that is not empty' }
  }
  return undefined
}

/** Whether a map, which is one data item, ends where its head does, or at a break right behind it. */
function isEmptyMap(cbor: Uint8Array): boolean {
  const info = cbor[0]! & 31
  if (info === 31) return cbor.length === 2
  return cbor.length === (info < 24 ? 1 : 1 + (1 << (info - 24)))
}

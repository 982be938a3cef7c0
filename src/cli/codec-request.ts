import type { VectorInput, VectorMessage, VectorOptions } from '../conformance/index.ts'
import { ErrorCode } from '../message/error-code.ts'
import type { ErrorResponseOptions } from '../message/error-response.ts'
import { hex } from '../table/hex.ts'
import { integerFromJson, integerToJson } from '../table/integer-json.ts'
import type { Json } from '../table/json.ts'
import { fromHex } from './input/hex.ts'
import { defaultAceErrorKey, isMessageName } from './message-names.ts'
import { type MessageKind, messageKind } from './messages.ts'

/** The members of a request of the codec. */
export type RequestMembers = Readonly<Record<string, unknown>>

/** Why a line is not answered with a result. */
export class BadRequest extends Error {
  /** `bad_request`; `unsupported` for an operation or message that there is not; `too_large` for a line. */
  readonly reason: 'bad_request' | 'unsupported' | 'too_large'

  constructor(message: string, reason: BadRequest['reason'] = 'bad_request') {
    super(message)
    this.reason = reason
  }
}

/** The identifier of a request, which its answer repeats. */
export function idOf({ id }: RequestMembers): string | number | null {
  const isExact = typeof id === 'number' && (!Number.isInteger(id) || Number.isSafeInteger(id))
  return typeof id === 'string' || isExact ? (id as string | number) : null
}

/** The object on a line. */
export function requestOf(line: Uint8Array): RequestMembers {
  let request: unknown
  try {
    request = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line))
  } catch {
    throw new BadRequest('the line is not JSON')
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    throw new BadRequest('the line is not a JSON object')
  return request as RequestMembers
}

/** The message that a request names. */
export function kindOf(request: RequestMembers): MessageKind {
  const { message } = request
  if (typeof message !== 'string') throw new BadRequest('message: expected the name of a message')
  if (!isMessageName(message)) throw new BadRequest(`there is no message ${message}`, 'unsupported')
  try {
    return messageKind(message, option(request, 'aceErrorKey', 'number') as number | undefined)
  } catch (error) {
    throw refused(error)
  }
}

/** What a request names that may be no message, such as `cbor`. */
export function nameOf({ message }: RequestMembers): VectorMessage {
  if (typeof message !== 'string') throw new BadRequest('message: expected the name of a message')
  return message as VectorMessage
}

/** The input of a request: hex, JSON or a form. */
export function inputOf(request: RequestMembers): VectorInput {
  const { json, form } = request
  if (json !== undefined) return { json: json as Json }
  if (form === undefined) return { hex: hex(bytesOf(request, 'hex')) }
  if (typeof form !== 'string') throw new BadRequest('form: expected text')
  return { form }
}

/** The options of a request, as those of a vector are. */
export function vectorOptionsOf(request: RequestMembers): VectorOptions {
  const { codes, ...options } = optionsOf(request)
  const aceErrorKey = option(request, 'aceErrorKey', 'number') as number | undefined
  return {
    ...options,
    aceErrorKey: aceErrorKey ?? defaultAceErrorKey,
    ...(codes && { codes: codes.map(({ name, value }) => ({ name: name!, value: integerToJson(value!) })) }),
  }
}

/** The bytes of a member in hex. */
export function bytesOf(request: RequestMembers, name: string): Uint8Array {
  const text = request[name]
  const bytes = typeof text === 'string' ? fromHex(text) : undefined
  if (!bytes) throw new BadRequest(`${name}: expected hex, two digits to a byte`)
  return bytes
}

const optionTypes = {
  strict: 'boolean',
  deterministic: 'boolean',
  maxBytes: 'number',
  maxDepth: 'number',
  maxMembers: 'number',
  maxStringBytes: 'number',
} as const

/** How to take the message: members of the request itself, or of its `options`. */
export function optionsOf(request: RequestMembers): ErrorResponseOptions {
  const options: Record<string, unknown> = {}
  for (const [name, type] of Object.entries(optionTypes)) {
    const value = option(request, name, type)
    if (value !== undefined) options[name] = value
  }
  const codes = option(request, 'codes', 'object')
  return codes === undefined ? options : { ...options, codes: codesOf(codes) }
}

function option(request: RequestMembers, name: string, type: string): unknown {
  const { options = {} } = request
  if (typeof options !== 'object' || options === null) throw new BadRequest('options: expected an object')
  const value = request[name] ?? (options as RequestMembers)[name]
  if (value !== undefined && typeof value !== type) throw new BadRequest(`${name}: expected a ${type}`)
  return value
}

function codesOf(codes: unknown): ErrorCode[] {
  if (!Array.isArray(codes)) throw new BadRequest('codes: expected an array')
  return codes.map((code) => {
    const { name, value } = Object(code)
    const integer = integerFromJson(value)
    if (typeof name !== 'string' || integer === undefined)
      throw new BadRequest('codes: expected name and value')
    try {
      return ErrorCode.define({ name, value: integer })
    } catch (error) {
      throw refused(error)
    }
  })
}

function refused(error: unknown): unknown {
  return error instanceof RangeError ? new BadRequest(error.message) : error
}

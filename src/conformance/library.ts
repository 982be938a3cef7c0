import { type CborValue, decodeValue, encodeValue } from '../cbor/any-value.ts'
import { MessageError } from '../cbor/decode-error.ts'
import { decode as decodeItem, skip } from '../cbor/reader.ts'
import { type CoseKey, decodeCoseKey, encodeCoseKey } from '../cose/cose-key.ts'
import { fromJwk, toJwk } from '../cose/jwk.ts'
import { AccessTokenRequest } from '../message/access-token-request.ts'
import { AccessTokenResponse } from '../message/access-token-response.ts'
import { aifFromJson, aifToJson, decodeAif, encodeAif } from '../message/aif.ts'
import { CreationHints } from '../message/creation-hints.ts'
import { ErrorCode } from '../message/error-code.ts'
import { ErrorResponse, type ErrorResponseOptions } from '../message/error-response.ts'
import { IntrospectionRequest } from '../message/introspection-request.ts'
import { IntrospectionResponse } from '../message/introspection-response.ts'
import type { Message } from '../message/message.ts'
import { problemDetailsWith } from '../message/problem-details.ts'
import { RevocationRequest } from '../message/revocation-request.ts'
import { EncodeError } from '../table/encode-error.ts'
import { hex } from '../table/hex.ts'
import type { Json } from '../table/json.ts'
import { TokenClaims } from '../token/token-claims.ts'
import { unhex } from './hex.ts'
import {
  type Decoded,
  type Encoded,
  type Implementation,
  type Refused,
  unsupported,
} from './implementation.ts'
import { valueFromJson, valueToJson } from './value-json.ts'
import type { VectorInput, VectorMessage, VectorOptions } from './vector.ts'

/** What can be read: the part of a message's class, or of the error response's, that is used here. */
interface Reader {
  fromCbor(bytes: Uint8Array, options: ErrorResponseOptions): Read
  fromJson(json: unknown, options: ErrorResponseOptions): Read
  fromForm?(form: string, options: ErrorResponseOptions): Read
}

type Read = Pick<Message, 'toCbor' | 'unknown' | 'violations'> & {
  /** Undefined for what has no form in JSON. */
  toJson(): Record<string, Json> | undefined
}

const readers: Readonly<Record<string, Reader>> = {
  'error-response': ErrorResponse,
  'token-request': AccessTokenRequest,
  'token-response': AccessTokenResponse,
  'introspection-request': IntrospectionRequest,
  'introspection-response': IntrospectionResponse,
  'creation-hints': CreationHints,
  'revocation-request': RevocationRequest,
  aif: {
    fromCbor: (bytes, options) => aif(decodeAif(bytes, options)),
    fromJson: (json) => aif(aifFromJson(json)),
  },
  'cwt-claims': TokenClaims,
  'cose-key': {
    fromCbor: (bytes) => coseKey(decodeCoseKey(bytes)),
    fromJson: (json) => coseKey(fromJwk(json)),
  },
}

function aif(entries: ReturnType<typeof decodeAif>): Read {
  return {
    toCbor: () => encodeAif(entries),
    toJson: () => aifToJson(entries) as Record<string, Json>,
    unknown: [],
    violations: [],
  }
}

function coseKey(key: CoseKey): Read {
  return { toCbor: () => encodeCoseKey(key), toJson: () => toJwk(key), unknown: [], violations: [] }
}

/** This library, as an implementation under test. */
export const libraryImplementation: Implementation = {
  name: 'ace-oauth',
  decode: (message, input, options) =>
    message === 'cose'
      ? opened(input, options)
      : answer(() => (message === 'cbor' ? item(input, options) : tell(read(message, input, options)))),
  encode: (message, value, options) =>
    answer(() => {
      if (message === 'cbor') return encodedItem(value)
      // Limits are for what is read: the JSON twin of the smallest message is larger than it.
      const { maxBytes, maxDepth, maxMembers, maxStringBytes, ...others } = options
      const found = read(message, { json: value }, others)
      return found && { ok: true, hex: hex(found.toCbor()) }
    }),
}

function answer<T>(attempt: () => T | undefined): T | Refused {
  try {
    return attempt() ?? { ok: false, reason: unsupported }
  } catch (error) {
    if (!(error instanceof MessageError)) throw error
    const { reason, path, message } = error
    const offset = 'offset' in error ? (error.offset as number | undefined) : undefined
    return { ok: false, reason, path, message, ...(offset !== undefined && { offset }) }
  }
}

function read(message: VectorMessage, input: VectorInput, options: VectorOptions): Read | undefined {
  const { aceErrorKey, codes, ...rest } = options
  const own = codes?.map(({ name, value }) =>
    ErrorCode.define({ name, value: typeof value === 'string' ? BigInt(value) : value }),
  )
  const full = own ? { ...rest, codes: own } : rest
  const reader: Reader | undefined =
    message !== 'problem-details'
      ? readers[message]
      : aceErrorKey === undefined
        ? undefined
        : problemDetailsWith(aceErrorKey)
  if ('hex' in input) return reader?.fromCbor(unhex(input.hex), full)
  if ('json' in input) return reader?.fromJson(input.json, full)
  return reader?.fromForm?.(input.form, full)
}

async function opened(input: VectorInput, options: VectorOptions): Promise<Decoded | Refused> {
  if (!('hex' in input)) return { ok: false, reason: unsupported }
  const { keys = [], externalAad = '' } = options
  // Runs that open nothing start without the cryptography.
  const { coseOpen } = await import('../cose/open-with-jwks.ts')
  const answered = await coseOpen({ hex: input.hex, keys, externalAad })
  if (!answered.ok) return answered
  const { ok, ...value } = answered
  return { ok, value }
}

function tell(read: Read | undefined): Decoded | undefined {
  const value = read?.toJson()
  return (
    read && {
      ok: true,
      ...(value && { value }),
      violations: read.violations,
      unknown: read.unknown.flatMap((member) =>
        'cbor' in member
          ? [
              {
                key: typeof member.key === 'string' ? JSON.stringify(member.key) : `${member.key}`,
                hex: hex(member.cbor),
              },
            ]
          : [],
      ),
      ...again(read),
    }
  )
}

/** The message in CBOR, if it can be sent on. */
function again(read: Read): Pick<Decoded, 'hex'> {
  try {
    return { hex: hex(read.toCbor()) }
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error
    return error.reason === 'no_cbor_form' ? { hex: null } : {}
  }
}

/** A value in CBOR; undefined for a map whose keys are neither integers nor texts, which the library does not write. */
function encodedItem(json: Json): Encoded | undefined {
  const value = valueFromJson(json)
  try {
    return { ok: true, hex: hex(encodeValue(value)) }
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined
    throw error
  }
}

/** One item of any kind: what has a tag or an unassigned simple value is well-formed, but has no value here. */
function item(input: VectorInput, options: VectorOptions): Decoded | undefined {
  if (!('hex' in input)) return undefined
  const bytes = unhex(input.hex)
  decodeItem(bytes, options, skip)
  let value: CborValue
  try {
    value = decodeValue(bytes, options)
  } catch {
    return { ok: true }
  }
  return { ok: true, value: valueToJson(value) }
}

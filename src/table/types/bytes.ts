import { readBytes, writeBytes } from '../../cbor/byte-string.ts'
import { DecodeError, join } from '../../cbor/decode-error.ts'
import { decode, type Reader } from '../../cbor/reader.ts'
import { fromBase64url, fromLooseBase64url, toBase64url } from '../base64url.ts'
import { refuse, textFromJson } from '../json.ts'
import type { Report } from '../violation.ts'
import type { ValueType } from './value-type.ts'

/** A byte string; in JSON its base64url form. */
export const bytes: ValueType<Uint8Array> = {
  cbor: 'byte string',
  json: 'base64url',
  decode: readBytes,
  encode: writeBytes,
  fromJson: (json, path, report) => {
    const text = textFromJson(json, path)
    const exact = fromBase64url(text)
    if (exact) return exact
    const loose = report && fromLooseBase64url(text)
    if (!loose) return refuse('invalid_value', path, 'base64url')
    report('loose_base64url', path)
    return loose
  },
  toJson: toBase64url,
  accept: (input) => (input instanceof Uint8Array ? Uint8Array.from(input) : undefined),
}

/** Reads what is the base64url of its CBOR in JSON. Refusals have no offset: it would be one into bytes that nobody sees. */
export function fromCborInJson<T>(
  json: unknown,
  path: string,
  read: (reader: Reader) => T,
  report?: Report,
): T {
  const cbor = bytes.fromJson(json, path, report)
  try {
    return decode(cbor, undefined, read)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw new DecodeError(error.reason, join(path, error.path), error.expected)
  }
}

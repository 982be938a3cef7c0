import { DecodeError } from '../cbor/decode-error.ts'
import { decode, type Reader } from '../cbor/reader.ts'
import { join } from './members-cbor.ts'
import { bytes } from './types.ts'

/** Reads what is the base64url of its CBOR in JSON. Refusals have no offset: it would be one into bytes that nobody sees. */
export function fromCborInJson<T>(json: unknown, path: string, read: (reader: Reader) => T): T {
  const cbor = bytes.fromJson(json, path)
  try {
    return decode(cbor, undefined, read)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw new DecodeError(error.reason, join(path, error.path), error.expected)
  }
}

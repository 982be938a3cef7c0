import { byteString, textString } from '../cbor/major.ts'
import { scopeTokens } from '../table/grammar/texts.ts'
import { bytes } from '../table/types/bytes.ts'
import { textOf } from '../table/types/text.ts'
import type { ValueType } from '../table/types/value-type.ts'
import { type Aif, encodeAifAt } from './aif.ts'

/** A scope: tokens separated by single spaces, or a byte string whose syntax the profile or the application defines. */
export type Scope = string | Uint8Array

const text: ValueType<string> = /* @__PURE__ */ textOf(scopeTokens)

/**
 * The scope of a message (RFC 9200 §5.8.1): text, or bytes, for which an authorization in AIF may be given. A byte
 * string has the form of base64url in JSON, where RFC 9200 gives it none; on the way back it is text.
 */
export const scope: ValueType<Scope, Scope | Aif> = {
  ...text,
  cbor: 'text or byte string',
  decode: (reader) => {
    reader.head()
    if (reader.major === textString) return reader.text()
    return reader.major === byteString
      ? reader.bytes()
      : reader.fail('unexpected_type', 'a text or byte string')
  },
  encode: (writer, value, path) =>
    typeof value === 'string' ? text.encode(writer, value, path) : bytes.encode(writer, value, path),
  toJson: (value) => (typeof value === 'string' ? value : bytes.toJson(value)),
  accept: (input, path) =>
    Array.isArray(input) ? encodeAifAt(input, path) : (text.accept(input, path) ?? bytes.accept(input, path)),
  violation: (value) => (typeof value === 'string' ? text.violation?.(value) : undefined),
}

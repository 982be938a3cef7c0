import { negativeInteger, textString } from '../cbor/major.ts'
import { integerFromJson, integerToJson } from '../table/integer-json.ts'
import { text } from '../table/types/text.ts'
import type { ValueType } from '../table/types/value-type.ts'

/**
 * The hint of RFC 7662 §2.1 and RFC 7009 §2.1, a text string by RFC 9200 Table 6. Its Figure 9 shows an integer, which
 * is taken, reported, and not sent.
 */
export const tokenTypeHint: ValueType<string | number | bigint, string> = {
  ...text,
  json: 'text or integer',
  decode: (reader) => {
    reader.head()
    if (reader.major === textString) return reader.text()
    return reader.major <= negativeInteger ? reader.integer() : reader.fail('unexpected_type', 'a text')
  },
  encode: (writer, value, path) => text.encode(writer, String(value), path),
  toJson: (value) => (typeof value === 'string' ? value : integerToJson(value)),
  fromJson: (json, path) => {
    const number = integerFromJson(json)
    // The digits of an integer beyond 2^53-1 are what JSON has of it, those of any other are a text.
    const isInteger = typeof json !== 'string' || typeof number === 'bigint'
    return number !== undefined && isInteger ? number : text.fromJson(json, path)
  },
  fromForm: text.fromJson,
  violation: (value) => (typeof value === 'string' ? undefined : 'integer_hint'),
}

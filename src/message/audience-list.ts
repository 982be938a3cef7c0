import { array, textString } from '../cbor/major.ts'
import { type Reader, readText } from '../cbor/reader.ts'
import { write } from '../cbor/writer.ts'
import { text } from '../table/types.ts'
import type { ValueType } from '../table/value-type.ts'

/**
 * The audience of a token: one, or a list (RFC 7662 §2.2, RFC 7519 §4.1.3). RFC 9200 Table 6 has the text alone, RFC 8392
 * takes both.
 */
export const audienceList: ValueType<string | readonly string[]> = {
  cbor: 'text string, or array of them',
  json: 'text or list',
  decode: (reader: Reader) => {
    reader.head()
    if (reader.major === textString) return reader.text()
    if (reader.major !== array) reader.fail('unexpected_type', 'a text, or an array of texts')
    const list: string[] = []
    reader.each(() => list.push(readText(reader)))
    return list
  },
  encode: (writer, value) => {
    if (typeof value === 'string') return write(writer, value)
    writer.head(array, value.length)
    for (const entry of value) write(writer, entry)
  },
  fromJson: (json, path) =>
    Array.isArray(json)
      ? json.map((entry, i) => text.fromJson(entry, `${path}.${i}`))
      : text.fromJson(json, path),
  toJson: (value) => (typeof value === 'string' ? value : [...value]),
  accept: (input, path) => {
    if (!Array.isArray(input)) return text.accept(input, path)
    // A copy has undefined for what is missing from a sparse array, which every would pass over.
    const list = [...input]
    return list.every((entry) => text.accept(entry, path) !== undefined) ? list : undefined
  },
}

import { join } from '../../cbor/decode-error.ts'
import { array, textString } from '../../cbor/major.ts'
import { readText } from '../../cbor/reader.ts'
import { write } from '../../cbor/writer.ts'
import { EncodeError } from '../encode-error.ts'
import { refuse } from '../json.ts'
import { text } from './text.ts'
import type { ValueType } from './value-type.ts'

/**
 * The audience of a token: one, or a list (RFC 7662 §2.2, RFC 7519 §4.1.3). RFC 9200 Table 6 has the text alone, RFC 8392
 * takes both.
 */
export const textOrTexts: ValueType<string | readonly string[]> = {
  cbor: 'text string, or array of them',
  json: 'text or list',
  decode: (reader) => {
    reader.head()
    if (reader.major === textString) return reader.text()
    if (reader.major !== array) reader.fail('unexpected_type', 'a text, or an array of texts')
    const list: string[] = []
    reader.each(() => list.push(readText(reader)))
    return Object.freeze(list)
  },
  encode: (writer, value) => {
    if (typeof value === 'string') return write(writer, value)
    writer.head(array, value.length)
    for (const entry of value) write(writer, entry)
  },
  fromJson: (json, path) =>
    Array.isArray(json)
      ? Object.freeze(json.map((entry, i) => text.fromJson(entry, join(path, `${i}`))))
      : text.fromJson(json, path),
  toJson: (value) => (typeof value === 'string' ? value : [...value]),
  accept: (input, path) => {
    if (!Array.isArray(input)) return text.accept(input, path)
    // A copy has undefined for what is missing from a sparse array, which every would pass over.
    const list = [...input]
    return list.every((entry) => text.accept(entry, path) !== undefined) ? Object.freeze(list) : undefined
  },
}

/**
 * A text that a form may have more than once, as the audience of RFC 8693 §2.1; in JSON an array. CBOR has one only, and one alone is
 * always a text.
 */
export const repeatedText: ValueType<string | readonly string[]> = {
  ...textOrTexts,
  cbor: 'text string',
  repeats: true,
  decode: readText,
  encode: (writer, value, path) => {
    if (typeof value !== 'string') throw new EncodeError('no_cbor_form', path, 'one text')
    write(writer, value)
  },
  fromJson: (json, path) =>
    single(textOrTexts.fromJson(json, path)) ?? refuse('invalid_value', path, 'at least one text'),
  accept: (input, path) => {
    const value = textOrTexts.accept(input, path)
    return value === undefined ? undefined : single(value)
  },
}

/** A list of one is that one; an empty list is nothing. */
function single(value: string | readonly string[]): string | readonly string[] | undefined {
  return typeof value === 'string' || value.length > 1 ? value : value[0]
}

import { array, tag, textString } from '../cbor/major.ts'
import { type Reader, readText } from '../cbor/reader.ts'
import { readBoolean, takeNull, writeBoolean, writeNull } from '../cbor/simple-value.ts'
import { write } from '../cbor/writer.ts'
import { cborTags } from '../registry/generated/cbor-tags.ts'
import { languageTag } from '../table/grammar/texts.ts'
import { isText, type Json, jsonEntries, refuse, textFromJson } from '../table/json.ts'
import { text } from '../table/types/text.ts'
import type { ValueType } from '../table/types/value-type.ts'

/** A text with its language and its writing direction (RFC 9290 Appendix A). */
export interface TaggedText {
  /** A language tag (RFC 5646), for example `en`. */
  readonly lang: string
  readonly text: string
  /** From right to left (true), from left to right (false), or by its characters (null). */
  readonly rtl?: boolean | null
}

/** A writing direction: from right to left (true), from left to right (false), or by the characters (null). */
export const direction: ValueType<boolean | null> = {
  cbor: 'true, false or null',
  json: 'boolean or null',
  decode: (reader) => (takeNull(reader) ? null : readBoolean(reader)),
  encode: (writer, value) => (value === null ? writeNull(writer) : writeBoolean(writer, value)),
  fromJson: (json, path) => {
    const value = direction.accept(json, path)
    return value === undefined ? refuse('unexpected_type', path, 'true, false or null') : value
  },
  toJson: (value) => value,
  accept: (input) => (typeof input === 'boolean' || input === null ? input : undefined),
}

/** A text string, or one under tag 38. */
export const localizedText: ValueType<string | TaggedText> = {
  cbor: 'text string, or tag 38',
  json: 'text or object',
  decode: (reader: Reader) => {
    reader.head()
    if (reader.major === textString) return reader.text()
    const first = reader.start
    if (reader.major !== tag || reader.argument !== cborTags['language-tagged string'])
      reader.fail('unexpected_type', 'a text string, or tag 38')
    const parts: unknown[] = []
    reader.each(() => {
      reader.headOf(array, 'an array')
      reader.each(() => parts.push(parts.length < 2 ? readText(reader) : direction.decode(reader)))
    })
    const [lang, content, rtl] = parts as [string, string, boolean | null | undefined]
    if (parts.length < 2 || parts.length > 3 || !languageTag.matches(lang))
      reader.fail('invalid_value', 'a language tag, a text, and perhaps a direction', first)
    return Object.freeze(rtl === undefined ? { lang, text: content } : { lang, text: content, rtl })
  },
  encode: (writer, value, path) => {
    if (typeof value === 'string') return write(writer, value)
    writer.head(tag, cborTags['language-tagged string'])
    writer.head(array, value.rtl === undefined ? 2 : 3)
    write(writer, value.lang)
    write(writer, value.text)
    if (value.rtl !== undefined) direction.encode(writer, value.rtl, path)
  },
  fromJson: (json, path) => {
    if (typeof json === 'string') return textFromJson(json, path)
    jsonEntries(json, path)
    return localizedText.accept(json, path) ?? refuse('invalid_value', path, 'lang, text and rtl')
  },
  toJson: (value) => (typeof value === 'string' ? value : { ...value }) as Json,
  accept: (input, path) => {
    if (typeof input !== 'object' || input === null) return text.accept(input, path)
    const { lang, text: content, rtl, ...rest } = input as Record<string, unknown>
    if (!isText(lang) || !languageTag.matches(lang) || !isText(content) || Object.keys(rest).length > 0)
      return undefined
    if (rtl === undefined) return Object.freeze({ lang, text: content })
    const way = direction.accept(rtl, path)
    return way === undefined ? undefined : Object.freeze({ lang, text: content, rtl: way })
  },
}

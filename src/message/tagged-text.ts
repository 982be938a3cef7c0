import { array, tag, textString } from '../cbor/major.ts'
import { argument, each, fail, head, headOf, major, readText, start, text as textOf } from '../cbor/read.ts'
import { readBoolean, takeNull, writeBoolean, writeNull } from '../cbor/values.ts'
import { write, writeHead } from '../cbor/write.ts'
import { cborTags } from '../registry/generated/cbor-tags.ts'
import { isText, type Json, jsonEntries, refuse, textFromJson } from '../table/json.ts'
import { text } from '../table/types.ts'
import type { ValueType } from '../table/value-type.ts'

/** A text with its language and its writing direction (RFC 9290 Appendix A). */
export interface TaggedText {
  /** A language tag (RFC 5646), for example `en`. */
  readonly lang: string
  readonly text: string
  /** From right to left (true), from left to right (false), or by its characters (null). */
  readonly rtl?: boolean | null
}

const languageTag = /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/i

/** A writing direction: from right to left (true), from left to right (false), or by the characters (null). */
export const direction: ValueType<boolean | null> = {
  cbor: 'true, false or null',
  json: 'boolean or null',
  decode: () => (takeNull() ? null : readBoolean()),
  encode: (value) => (value === null ? writeNull() : writeBoolean(value)),
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
  decode: () => {
    head()
    if (major === textString) return textOf()
    const first = start
    if (major !== tag || argument !== cborTags['language-tagged string'])
      fail('unexpected_type', 'a text string, or tag 38')
    const parts: unknown[] = []
    each(() => {
      headOf(array, 'an array')
      each(() => parts.push(parts.length < 2 ? readText() : direction.decode()))
    })
    const [lang, content, rtl] = parts as [string, string, boolean | null | undefined]
    if (parts.length < 2 || parts.length > 3 || !languageTag.test(lang))
      fail('invalid_value', 'a language tag, a text, and perhaps a direction', first)
    return rtl === undefined ? { lang, text: content } : { lang, text: content, rtl }
  },
  encode: (value, path) => {
    if (typeof value === 'string') return write(value)
    writeHead(tag, cborTags['language-tagged string'])
    writeHead(array, value.rtl === undefined ? 2 : 3)
    write(value.lang)
    write(value.text)
    if (value.rtl !== undefined) direction.encode(value.rtl, path)
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
    if (!isText(lang) || !languageTag.test(lang) || !isText(content) || Object.keys(rest).length > 0)
      return undefined
    if (rtl === undefined) return { lang, text: content }
    const way = direction.accept(rtl, path)
    return way === undefined ? undefined : { lang, text: content, rtl: way }
  },
}

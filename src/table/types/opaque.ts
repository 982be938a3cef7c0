import { readBytes, writeBytes } from '../../cbor/byte-string.ts'
import { DecodeError } from '../../cbor/decode-error.ts'
import { array, map, tag } from '../../cbor/major.ts'
import { decode, type Reader, skip } from '../../cbor/reader.ts'
import { cborTags } from '../../registry/generated/cbor-tags.ts'
import { fromBase64url, toBase64url } from '../base64url.ts'
import { EncodeError } from '../encode-error.ts'
import type { Grammar } from '../grammar/texts.ts'
import { isText, refuse, textFromJson } from '../json.ts'
import { bytes } from './bytes.ts'
import { grammarRule, toUtf8 } from './text.ts'
import type { ValueType } from './value-type.ts'

/**
 * The text that stands for an opaque value (a token, a code, a refresh token, a client secret, a key identifier) in JSON,
 * in a form, in a JWK and on the command line. CBOR carries the bytes.
 *
 * - UTF-8 without control characters is told as that text: `74657374` is `test`.
 * - A CWT (bytes that have the shape of a COSE message) is told as base64url without padding, as it travels over HTTP.
 * - Any other bytes are told as `~` and their base64url: `00ff` is `~AP8`.
 *
 * {@link opaqueFromText} gives the same bytes back, and no two byte strings have the same text.
 *
 * @throws TypeError for what is no Uint8Array
 *
 * @example
 * ```ts
 * import { opaqueToText } from 'ace-oauth'
 *
 * opaqueToText(Uint8Array.of(0x61, 0x62, 0x63)) // 'abc'
 * opaqueToText(Uint8Array.of(0x00, 0xff)) // '~AP8'
 * ```
 */
export function opaqueToText(bytes: Uint8Array): string {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('opaqueToText takes a Uint8Array')
  const text = plainText(bytes)
  // A text that stands for other bytes cannot stand for these.
  if (text !== undefined && encodedBytes(text) === undefined) return text
  const base64url = toBase64url(bytes)
  return text === undefined && isCoseMessage(bytes) ? base64url : `~${base64url}`
}

/**
 * The bytes of an opaque value that a text stands for: those of {@link opaqueToText} if it tells any bytes by that text,
 * otherwise the UTF-8 of the text. Control characters are taken, but come out encoded.
 *
 * @throws TypeError for what is no string, or one with a lone surrogate
 *
 * @example
 * ```ts
 * import { opaqueFromText } from 'ace-oauth'
 *
 * opaqueFromText('test') // 74 65 73 74
 * opaqueFromText('~AP8') // 00 ff
 * ```
 */
export function opaqueFromText(text: string): Uint8Array {
  if (!isText(text)) throw new TypeError('opaqueFromText takes a string without lone surrogates')
  return encodedBytes(text) ?? toUtf8(text)
}

/** The bytes that a text tells in base64url, if it does. Each call looks at three quarters of what the one before did. */
function encodedBytes(text: string): Uint8Array | undefined {
  const bytes = fromBase64url(text.startsWith('~') ? text.slice(1) : text)
  return bytes?.length && opaqueToText(bytes) === text ? bytes : undefined
}

/** The text whose UTF-8 some bytes are, if they are that of one without control characters. */
function plainText(bytes: Uint8Array): string | undefined {
  if (!isTextual(bytes)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * Whether there is no control character in bytes, and each byte is where UTF-8 may have it: says no to nearly all that is
 * no text, without the price of an exception.
 */
function isTextual(bytes: Uint8Array): boolean {
  let following = 0
  for (const byte of bytes) {
    if (byte < 0x20 || byte === 0x7f) return false
    const isFollowing = byte >= 0x80 && byte < 0xc0
    if (isFollowing !== following > 0) return false
    if (isFollowing) following--
    else if (byte >= 0x80) following = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
  }
  return following === 0
}

const coseTags: readonly unknown[] = [
  cborTags.COSE_Encrypt0,
  cborTags.COSE_Mac0,
  cborTags.COSE_Sign1,
  cborTags.COSE_Encrypt,
  cborTags.COSE_Mac,
  cborTags.COSE_Sign,
]

/**
 * Whether bytes have the shape of a COSE message (RFC 9052 §2), with or without its tag and that of a CWT (RFC 8392 §6):
 * an array of three to five elements, of which the first is a byte string and the second a map.
 */
function isCoseMessage(bytes: Uint8Array): boolean {
  // Random bytes are seldom worth the price of an exception.
  const major = bytes[0]! >> 5
  if (major !== tag && major !== array) return false
  const limits = { maxBytes: bytes.length, maxMembers: bytes.length, maxStringBytes: bytes.length }
  try {
    decode(bytes, limits, skipCwt)
    return true
  } catch (error) {
    if (error instanceof DecodeError) return false
    throw error
  }
}

function skipCwt(reader: Reader): void {
  reader.head()
  const { major, argument } = reader
  if (major === tag && argument === cborTags.CWT) return reader.each(skipCwt)
  if (major === tag && coseTags.includes(argument)) return reader.each(skipMessage)
  skipElements(reader)
}

function skipMessage(reader: Reader): void {
  reader.head()
  skipElements(reader)
}

function skipElements(reader: Reader): void {
  const { major, argument } = reader
  if (major !== array || argument < 3 || argument > 5) reader.fail('unexpected_type')
  let place = 0
  reader.each(() => {
    place++
    if (place === 1) readBytes(reader)
    else if (place === 2) skipMap(reader)
    else reader.skip()
  })
}

function skipMap(reader: Reader): void {
  const isMap = reader.input[reader.at]! >> 5 === map
  return isMap ? skip(reader) : reader.fail('unexpected_type')
}

/** An opaque value of any bytes, such as a key identifier. A text that is given for it is read by {@link opaqueFromText}. */
export const opaque: ValueType<Uint8Array, Uint8Array | string> = {
  cbor: 'byte string',
  json: 'text',
  decode: readBytes,
  encode: writeBytes,
  fromJson: (json, path) => opaqueFromText(textFromJson(json, path)),
  toJson: opaqueToText,
  accept: (given, path) => (isText(given) ? opaqueFromText(given) : bytes.accept(given, path)),
}

/**
 * An opaque value whose text a sender has to keep to a grammar: a token, a code, a client_secret. Its bytes are any in CBOR, where
 * the grammar asks for nothing but that there are some.
 */
export function opaqueOf(grammar: Grammar): ValueType<Uint8Array, Uint8Array | string> {
  const { characters = '' } = grammar
  return {
    ...opaque,
    characters,
    fromJson: (json, path, report) => {
      const text = textFromJson(json, path)
      const rule = text === '' ? undefined : grammarRule(grammar, text)
      if (rule && !report) refuse('invalid_value', path, characters)
      if (rule) report?.(rule, path)
      return opaqueFromText(text)
    },
    accept: (given, path) => {
      const rule = isText(given) && given !== '' ? grammarRule(grammar, given) : undefined
      if (rule) throw new EncodeError('violation', path, characters)
      return opaque.accept(given, path)
    },
    violation: (value) => (value.length > 0 || grammar.mayBeEmpty ? undefined : 'empty_text'),
  }
}

/**
 * UTF-8 with the conversions of Node's own, which are faster than those of the web. A bundle for browsers has `web-text.ts`
 * in the place of this file, by the `browser` member of package.json.
 */
import * as web from './web-text.ts'

// An engine calls them directly as long as they are no exports.
const {
  utf8Slice,
  utf8Write,
  latin1Write,
}: {
  utf8Slice?: (this: Uint8Array, start: number, end: number) => string
  utf8Write?: (this: Uint8Array, text: string, offset: number) => number
  latin1Write?: (this: Uint8Array, text: string, offset: number) => number
} = /* @__PURE__ */ (() => globalThis.Buffer?.prototype ?? {})()

/** The text that UTF-8 bytes stand for, or the offset of the first byte that cannot be there. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string | number {
  if (end - start <= shortest) {
    const text = shortAscii(bytes, start, end)
    if (text !== undefined) return text
  }
  // It puts U+FFFD for what is no UTF-8.
  const lenient = utf8Slice?.call(bytes, start, end)
  return lenient?.includes('\ufffd') === false ? lenient : web.decodeText(bytes, start, end)
}

/** Up to this many bytes, calling into the engine costs more than {@link shortAscii}. */
const shortest = 16
const { fromCharCode } = String

/** The text that a few bytes stand for; undefined where one of them is not ASCII. */
function shortAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start
  if (length === 0) return ''
  const a = bytes[start]!
  if (length === 1) return a < 128 ? fromCharCode(a) : undefined
  const b = bytes[start + 1]!
  if (length === 2) return (a | b) < 128 ? fromCharCode(a, b) : undefined
  const c = bytes[start + 2]!
  if (length === 3) return (a | b | c) < 128 ? fromCharCode(a, b, c) : undefined
  const d = bytes[start + 3]!
  if (length < 8) {
    if ((a | b | c | d) > 127) return undefined
    return followed(fromCharCode(a, b, c, d), bytes, start + 4, end)
  }
  const e = bytes[start + 4]!
  const f = bytes[start + 5]!
  const g = bytes[start + 6]!
  const h = bytes[start + 7]!
  if ((a | b | c | d | e | f | g | h) > 127) return undefined
  return followed(fromCharCode(a, b, c, d, e, f, g, h), bytes, start + 8, end)
}

function followed(text: string, bytes: Uint8Array, start: number, end: number): string | undefined {
  if (start === end) return text
  const rest = shortAscii(bytes, start, end)
  return rest === undefined ? undefined : text + rest
}

/** Puts a text into bytes that have room for it. Gives its length in UTF-8. */
export function encodeText(text: string, bytes: Uint8Array, start: number): number {
  return utf8Write?.call(bytes, text, start) ?? web.encodeText(text, bytes, start)
}

/** Puts a text that is ASCII into bytes that have room for it. Gives its length. */
export function encodeAscii(text: string, bytes: Uint8Array, start: number): number {
  return latin1Write?.call(bytes, text, start) ?? web.encodeAscii(text, bytes, start)
}

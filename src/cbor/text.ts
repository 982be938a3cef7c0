/**
 * UTF-8 with the conversions of Node's own, which are faster than those of the web. A bundle for browsers has `web-text.ts`
 * in the place of this file, by the `browser` member of package.json.
 */
import * as web from './web-text.ts'

// An engine calls them directly as long as they are no exports.
const {
  utf8Slice,
  utf8Write,
}: {
  utf8Slice?: (this: Uint8Array, start: number, end: number) => string
  utf8Write?: (this: Uint8Array, text: string, offset: number) => number
} = /* @__PURE__ */ (() => globalThis.Buffer?.prototype ?? {})()

/** The text that UTF-8 bytes stand for, or the offset of the first byte that cannot be there. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string | number {
  if (start === end) return ''
  // It puts U+FFFD for what is no UTF-8.
  const lenient = utf8Slice?.call(bytes, start, end)
  return lenient?.includes('\ufffd') === false ? lenient : web.decodeText(bytes, start, end)
}

/** Puts a text into bytes that have room for it. Gives its length in UTF-8. */
export function encodeText(text: string, bytes: Uint8Array, start: number): number {
  return utf8Write?.call(bytes, text, start) ?? web.encodeText(text, bytes, start)
}

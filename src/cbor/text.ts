// Byte order marks are text like any other.
const decoder = (): TextDecoder => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const shared = /* @__PURE__ */ decoder()

// Node's own conversions are faster; browsers do without. An engine calls them directly as long as they are no exports.
const {
  utf8Slice,
  utf8Write,
}: {
  utf8Slice?: (this: Uint8Array, start: number, end: number) => string
  utf8Write?: (this: Uint8Array, text: string, offset: number) => number
} = /* @__PURE__ */ (() => globalThis.Buffer?.prototype ?? {})()

/**
 * The text that UTF-8 bytes stand for, or the offset of the first byte that cannot be there.
 *
 * Overlong forms, surrogates and code points beyond U+10FFFF are no UTF-8 (RFC 3629 §3).
 */
export function decodeText(bytes: Uint8Array, start: number, end: number): string | number {
  if (start === end) return ''
  // It puts U+FFFD for what is no UTF-8.
  const lenient = utf8Slice?.call(bytes, start, end)
  if (lenient?.includes('\ufffd') === false) return lenient
  try {
    return shared.decode(bytes.subarray(start, end))
  } catch {
    // The longest beginning that more bytes could complete, by halving.
    let low = start
    let high = end
    while (low < high) {
      const middle = (low + high) >> 1
      try {
        decoder().decode(bytes.subarray(start, middle + 1), { stream: true })
        low = middle + 1
      } catch {
        high = middle
      }
    }
    return low
  }
}

/** Puts a text into bytes that have room for it. Gives its length in UTF-8. */
export function encodeText(text: string, bytes: Uint8Array, start: number): number {
  return (
    utf8Write?.call(bytes, text, start) ?? new TextEncoder().encodeInto(text, bytes.subarray(start)).written
  )
}

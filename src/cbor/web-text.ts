// Byte order marks are text like any other.
const decoder = (): TextDecoder => new TextDecoder(undefined, { fatal: true, ignoreBOM: true })
const shared = /* @__PURE__ */ decoder()

/**
 * The text that UTF-8 bytes stand for, or the offset of the first byte that cannot be there.
 *
 * Overlong forms, surrogates and code points beyond U+10FFFF are no UTF-8 (RFC 3629 §3).
 */
export function decodeText(bytes: Uint8Array, start: number, end: number): string | number {
  try {
    return shared.decode(bytes.subarray(start, end))
  } catch {
    // The longest beginning that more bytes could complete, by halving.
    let low = start
    while (low < end) {
      const middle = (low + end) >> 1
      try {
        decoder().decode(bytes.subarray(start, middle + 1), { stream: true })
        low = middle + 1
      } catch {
        end = middle
      }
    }
    return end
  }
}

/** Puts a text into bytes that have room for it. Gives its length in UTF-8. */
export function encodeText(text: string, bytes: Uint8Array, start: number): number {
  return new TextEncoder().encodeInto(text, bytes.subarray(start)).written
}

export { encodeText as encodeAscii }

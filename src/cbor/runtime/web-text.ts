// Byte order marks are text like any other.
const decoder = /* @__PURE__ */ new TextDecoder(undefined, { ignoreBOM: true })
const encoder = /* @__PURE__ */ new TextEncoder()

/** The text that UTF-8 bytes stand for, with U+FFFD for what is no UTF-8. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end))
}

/** Puts the UTF-8 of a text into bytes that have room for it. Gives its length. */
export function encodeUtf8(text: string, bytes: Uint8Array, start: number): number {
  return encoder.encodeInto(text, bytes.subarray(start)).written
}

import { Buffer } from 'node:buffer'

// They take any Uint8Array, without a part of it for each text.
const { utf8Slice, utf8Write } = Buffer.prototype as unknown as {
  utf8Slice(this: Uint8Array, start: number, end: number): string
  utf8Write(this: Uint8Array, text: string, start: number, room: number): number
}

/** The text that UTF-8 bytes stand for, with U+FFFD for what is no UTF-8. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  return utf8Slice.call(bytes, start, end)
}

/** Puts the UTF-8 of a text into bytes that have room for it. Gives its length. */
export function encodeUtf8(text: string, bytes: Uint8Array, start: number): number {
  return utf8Write.call(bytes, text, start, bytes.length - start)
}

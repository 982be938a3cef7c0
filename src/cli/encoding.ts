import { fromBase64url, toBase64url } from '../table/base64url.ts'
import { hex } from '../table/hex.ts'

/** How bytes are written as text. */
export const encodings = ['hex', 'base64', 'base64url', 'raw'] as const

/** One of the {@link encodings}. */
export type Encoding = (typeof encodings)[number]

/** The bytes that hexadecimal digits stand for; undefined for any other text. */
export function fromHex(text: string): Uint8Array | undefined {
  return text.length % 2 === 0 && isHexDigits(text) ? Uint8Array.from(Buffer.from(text, 'hex')) : undefined
}

/** Whether the text has nothing but hexadecimal digits, perhaps an odd number of them. */
export function isHexDigits(text: string): boolean {
  return /^[\da-f]*$/i.test(text)
}

/** The digits of hexadecimal as people write it: with spaces, colons, `0x`, `h'...'`, and comments behind `#`. */
export function hexDigits(text: string): string {
  const digits = text.replaceAll(/#.*$/gm, '').replaceAll(/[\s:]/g, '')
  return digits.replace(/^0x/i, '').replace(/^h'(.*)'$/i, '$1')
}

/** The bytes that base64 stands for, with padding or without; undefined for any other text. */
export function fromBase64(text: string): Uint8Array | undefined {
  const [, digits] = /^([\w+/-]*)={0,2}$/.exec(text.replaceAll(/\s/g, '')) ?? []
  if (digits === undefined || /[-_]/.test(digits)) return undefined
  return fromBase64url(digits.replaceAll('+', '-').replaceAll('/', '_'))
}

/** Bytes for the output, as text on a line of its own or as they are. */
export function encodeBytes(bytes: Uint8Array, encoding: Encoding): string | Uint8Array {
  switch (encoding) {
    case 'hex':
      return `${hex(bytes)}\n`
    case 'base64':
      return `${Buffer.from(bytes).toString('base64')}\n`
    case 'base64url':
      return `${toBase64url(bytes)}\n`
    case 'raw':
      return bytes
  }
}

import { fromBase64url, toBase64url } from '../../table/base64url.ts'
import { hex } from '../../table/hex.ts'
import { diagnosticNotation } from '../show/diagnostic-notation.ts'
import { itemOf } from '../show/item.ts'

/** How bytes are written as text, in input and output. */
export const encodings = ['hex', 'base64', 'base64url', 'diag', 'raw'] as const

/** One of the {@link encodings}. */
export type Encoding = (typeof encodings)[number]

/** The bytes that base64 stands for, with padding or without, in lines or not; undefined for any other text. */
export function fromBase64(text: string): Uint8Array | undefined {
  const [, digits] = /^([\w+/-]*)={0,2}$/.exec(text.replaceAll(/\s/g, '')) ?? []
  if (digits === undefined || /[-_]/.test(digits)) return undefined
  return fromBase64url(digits.replaceAll('+', '-').replaceAll('/', '_'))
}

/** The bytes that base64url stands for, with padding or without, in lines or not; undefined for any other text. */
export function fromBase64urlLines(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/\s/g, '').replace(/={0,2}$/, '')
  return digits.includes('=') ? undefined : fromBase64url(digits)
}

/** Bytes for the output, as text on a line of its own or as they are. Diagnostic notation takes one well-formed CBOR item. */
export function encodeBytes(bytes: Uint8Array, encoding: Encoding): string | Uint8Array {
  switch (encoding) {
    case 'hex':
      return `${hex(bytes)}\n`
    case 'base64':
      return `${Buffer.from(bytes).toString('base64')}\n`
    case 'base64url':
      return `${toBase64url(bytes)}\n`
    case 'diag':
      return `${diagnosticNotation(bytes, itemOf(bytes))}\n`
    case 'raw':
      return bytes
  }
}

import { MessageError } from '../../src/cbor/decode-error.ts'

/** The bytes of hexadecimal digits; spaces are for people. */
export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'))
}

/** Bytes in hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** What something is refused with: a DecodeError with its offset, an EncodeError without. Anything else is thrown on. */
export function refusal(act: () => unknown): {
  name: string
  reason: string
  path: string
  offset?: number | undefined
} {
  let taken: unknown
  try {
    taken = act()
  } catch (error) {
    if (!(error instanceof MessageError)) throw error
    const { name, reason, path } = error
    return 'offset' in error ? { name, reason, path, offset: error.offset as number } : { name, reason, path }
  }
  throw new Error(`not refused: ${taken}`)
}

/** A head of CBOR with the shortest argument. */
export function head(major: number, argument: number): Uint8Array {
  const first = major << 5
  if (argument < 24) return Uint8Array.of(first | argument)
  if (argument < 0x100) return Uint8Array.of(first | 24, argument)
  if (argument < 0x1_0000) return Uint8Array.of(first | 25, argument >> 8, argument & 255)
  const bytes = new Uint8Array(5)
  bytes[0] = first | 26
  new DataView(bytes.buffer).setUint32(1, argument)
  return bytes
}

/** Parts one after another. */
export function concat(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? fromHex(part) : part))))
}

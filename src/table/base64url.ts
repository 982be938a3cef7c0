const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Bytes in base64url without padding (RFC 4648 §5). */
export function toBase64url(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    const characters = Math.min(bytes.length - i, 3) + 1
    for (let n = 0; n < characters; n++) text += alphabet[(group >> (18 - 6 * n)) & 63]
  }
  return text
}

/**
 * The bytes that base64url without padding stands for. Undefined for any other text, also for one whose last
 * character has bits that stand for nothing, so that each byte string has one text.
 */
export function fromBase64url(text: string): Uint8Array | undefined {
  const found = decodeBase64url(text)
  return found?.hasUnusedBits ? undefined : found?.bytes
}

/** The bytes that base64url stands for, also with padding or with unused bits set, which some senders write. */
export function fromLooseBase64url(text: string): Uint8Array | undefined {
  const padding = text.length % 4 === 0 ? /={0,2}$/.exec(text)![0].length : 0
  return decodeBase64url(padding ? text.slice(0, -padding) : text)?.bytes
}

function decodeBase64url(text: string): { bytes: Uint8Array; hasUnusedBits: boolean } | undefined {
  if (text.length % 4 === 1) return undefined
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let group = 0
  let bits = 0
  let at = 0
  for (let i = 0; i < text.length; i++) {
    const value = sextet(text.charCodeAt(i))
    if (value < 0) return undefined
    group = ((group << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (group >> bits) & 0xff
    }
  }
  return { bytes, hasUnusedBits: (group & ((1 << bits) - 1)) !== 0 }
}

function sextet(code: number): number {
  if (code >= 0x41 && code <= 0x5a) return code - 0x41
  if (code >= 0x61 && code <= 0x7a) return code - 0x61 + 26
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 52
  return code === 0x2d ? 62 : code === 0x5f ? 63 : -1
}

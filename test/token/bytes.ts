/** The bytes of hexadecimal digits. */
export function unhex(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}

/** The text of some bytes. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

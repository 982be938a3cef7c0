/** The bytes that lower-case hexadecimal digits stand for, as vectors have them. */
export function unhex(digits: string): Uint8Array {
  if (!/^([\da-f]{2})*$/.test(digits)) throw new TypeError(`${digits} is no lower-case hex`)
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** Bytewise lexicographic order (RFC 8949 §4.2.1). */
export function compareBytes(a: Uint8Array | number[], b: Uint8Array | number[]): number {
  const i = a.findIndex((byte, n) => byte !== b[n])
  // Beyond its end an array has undefined, which sorts first.
  return i < 0 ? a.length - b.length : a[i]! - (b[i] ?? -1)
}

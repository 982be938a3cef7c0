/** Memory for results: in a browser of its own for each, since size counts more there than a microsecond. */
export class Pool {
  /** `length` bytes to write into. */
  reserve(length: number): Uint8Array {
    return new Uint8Array(length)
  }

  /** A copy of a part of `bytes`, which are no subclass. */
  copy(bytes: Uint8Array, start: number, end: number): Uint8Array {
    return bytes.slice(start, end)
  }
}

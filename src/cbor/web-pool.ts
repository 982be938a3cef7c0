// Memory for results: in a browser of its own for each, since size counts more there than a microsecond.

/** Memory for an error response of `length` bytes. */
export function reserve(length: number): Uint8Array {
  return new Uint8Array(length)
}

/** Memory for `length` bytes of a token or another protected message. */
export function reserveToken(length: number): Uint8Array {
  return new Uint8Array(length)
}

/** A copy, to be given out, of a token or another protected message. */
export function copyToken(bytes: Uint8Array): Uint8Array {
  return bytes.slice()
}

/** A copy of a part of bytes that were received, which are no subclass. */
export function copy(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return bytes.slice(start, end)
}

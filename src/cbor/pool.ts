const chunkSize = 32_768
/** The longest array that shares a chunk, in bytes. */
const largest = 1_024
/** The shortest copy that does. */
const shared = 65
/** Up to this many bytes, copying one by one is the fastest. */
const tiny = 8

// An engine calls them directly as long as they are not looked up.
const { slice, subarray, set } = Uint8Array.prototype

/**
 * Memory for results. An array of its own costs an engine most of a microsecond, or, with less than 65 bytes, half as much
 * again as a part of a chunk, so that those up to 1 KiB share chunks, as those of Node's `Buffer` do. A bundle for browsers
 * has `web-pool.ts` in the place of this file, by the `browser` member of package.json.
 */
class Pool {
  #chunk = new ArrayBuffer(0)
  #used = 0

  /** `length` bytes to write into. */
  reserve(length: number): Uint8Array {
    if (length > largest) return new Uint8Array(length)
    this.#used += length
    // A chunk that was transferred to another thread is empty: it is left behind.
    if (this.#used > this.#chunk.byteLength) {
      this.#chunk = new ArrayBuffer(chunkSize)
      this.#used = length
    }
    return new Uint8Array(this.#chunk, this.#used - length, length)
  }
}

// Around what is given out lies nothing of another kind: neither what was received, nor the tokens of others.
const received = /* @__PURE__ */ new Pool()
const errors = /* @__PURE__ */ new Pool()
const tokens = /* @__PURE__ */ new Pool()

/** Memory for an error response of `length` bytes, all of which will be written. */
export function reserve(length: number): Uint8Array {
  return errors.reserve(length)
}

/** Memory for `length` bytes of a token or another protected message, all of which will be written. */
export function reserveToken(length: number): Uint8Array {
  return tokens.reserve(length)
}

/** A copy, to be given out, of a token or another protected message. */
export function copyToken(bytes: Uint8Array): Uint8Array {
  const own = reserveToken(bytes.length)
  set.call(own, bytes)
  return own
}

/** A copy of a part of bytes that were received, which are no subclass. */
export function copy(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const length = end - start
  if (length >= shared) {
    const part = received.reserve(length)
    set.call(part, subarray.call(bytes, start, end))
    return part
  }
  // What is short, as keys and their identifiers are, which are secret, or kept for long, has memory of its own.
  if (length > tiny) return slice.call(bytes, start, end)
  const own = new Uint8Array(length)
  for (let i = 0; i < length; i++) own[i] = bytes[start + i]!
  return own
}

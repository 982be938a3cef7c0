const chunkSize = 8_192
const smallest = 65
const largest = 1_024

/**
 * Memory for results. Below 65 bytes an engine keeps a typed array in its own heap; above, each array of its own
 * costs most of a microsecond, so arrays up to 1 KiB share chunks, as those of Node's `Buffer` do.
 */
export class Pool {
  #chunk = new Uint8Array(0)
  #used = 0

  /** `length` bytes to write into. */
  reserve(length: number): Uint8Array {
    if (length < smallest || length > largest) return new Uint8Array(length)
    // A chunk that was transferred to another thread is empty: it is left behind.
    if (this.#used + length > this.#chunk.length) {
      this.#chunk = new Uint8Array(chunkSize)
      this.#used = 0
    }
    const start = this.#used
    this.#used += length
    return new Uint8Array(this.#chunk.buffer, start, length)
  }
}

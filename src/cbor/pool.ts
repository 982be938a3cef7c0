const chunkSize = 8_192

/**
 * Memory for results. Each array of its own beyond 64 bytes costs an engine most of a microsecond, so arrays up to 1 KiB
 * share chunks, as those of Node's `Buffer` do.
 */
export class Pool {
  /** The longest array that shares a chunk. */
  static readonly largest = 1_024
  #chunk = new Uint8Array(0)
  #used = 0

  /** `length` bytes to write into. */
  reserve(length: number): Uint8Array {
    if (length > Pool.largest) return new Uint8Array(length)
    const start = this.take(length)
    return new Uint8Array(this.#chunk.buffer, start, length)
  }

  /** The chunk that has what was taken last. */
  get chunk(): Uint8Array<ArrayBuffer> {
    return this.#chunk
  }

  /** Takes up to 1 KiB. Gives where in the chunk it stands. */
  take(length: number): number {
    // A chunk that was transferred to another thread is empty: it is left behind.
    if (this.#used + length > this.#chunk.length) {
      this.#chunk = new Uint8Array(chunkSize)
      this.#used = 0
    }
    const start = this.#used
    this.#used += length
    return start
  }
}

const chunkSize = 8_192
const smallest = 65
/** The longest array that shares a chunk, in bytes. */
export const largest = 1_024

/**
 * Memory for results. An array of its own costs an engine most of a microsecond, unless it has less than 65 bytes, so
 * that arrays up to 1 KiB share chunks, as those of Node's `Buffer` do.
 */
export class Pool {
  /** The chunk that has what was taken last. */
  chunk: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  /** Its memory, which costs more to ask the chunk for. */
  memory!: ArrayBuffer
  #used = 0

  /** `length` bytes to write into. */
  reserve(length: number): Uint8Array {
    if (length < smallest || length > largest) return new Uint8Array(length)
    const start = this.take(length)
    return new Uint8Array(this.memory, start, length)
  }

  /** Takes up to 1 KiB. Gives where in the chunk it stands. */
  take(length: number): number {
    this.#used += length
    // A chunk that was transferred to another thread is empty: it is left behind.
    if (this.#used > this.chunk.length) {
      this.chunk = new Uint8Array(chunkSize)
      this.memory = this.chunk.buffer
      this.#used = length
    }
    return this.#used - length
  }
}

import { compareBytes } from './bytewise-order.ts'
import type { Key, Reader } from './reader.ts'

/** Up to this many keys, looking through a list is faster than a set. */
const few = 8

/** The keys of one map that is being read: each is there once, and where that is asked for in order (RFC 8949 §4.2.1). */
export class MapKeys {
  private readonly list: Key[] = []
  private set: Set<Key> | undefined
  /** Where the key before this one begins, and where it ends. */
  private start = -1
  private end = 0

  /** Takes a key that was just read, and that begins at `offset`. */
  add(key: Key, offset: number, reader: Reader): void {
    if (this.has(key)) reader.fail('duplicate_key', '', offset)
    if (this.list.length < few) this.list.push(key)
    else {
      this.set ??= new Set(this.list)
      this.set.add(key)
    }
    if (!reader.isDeterministic) return
    const { input, at } = reader
    if (this.start >= 0)
      reader.deterministic(
        compareBytes(input.subarray(this.start, this.end), input.subarray(offset, at)) < 0,
        offset,
      )
    this.start = offset
    this.end = at
  }

  private has(key: Key): boolean {
    return this.set ? this.set.has(key) : this.list.includes(key)
  }
}

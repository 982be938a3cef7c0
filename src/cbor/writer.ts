import { encodeUtf8 } from '#runtime/text'
import { compareBytes } from './bytewise-order.ts'
import { narrow } from './integer.ts'
import { map, textString } from './major.ts'
import type { Key } from './reader.ts'
import { following, putHead, putInteger } from './shortest-head.ts'

/** Allocating memory takes longer than writing most messages, so one writer leaves its scratch space, wiped, to the next one. */
const scratch: Uint8Array<ArrayBuffer>[] = []
const scratchLength = 1_024

/** What `write` writes, in memory that it shares with nothing. Nothing of it stays behind elsewhere. */
export function encode(write: (writer: Writer) => void): Uint8Array<ArrayBuffer> {
  const writer = new Writer()
  try {
    write(writer)
    return writer.written()
  } finally {
    writer.wipe()
  }
}

/**
 * Writes one message in the deterministic encoding of RFC 8949 §4.2.1. Nothing of it outlives a call, so that writing may start
 * within writing.
 */
export class Writer {
  private bytes = scratch.pop() ?? new Uint8Array(scratchLength)
  /** Where the next byte goes. */
  private at = 0
  /** Where the maps that are being written and their members begin. */
  private readonly marks: number[] = []

  /** What was written. */
  written(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.at)
  }

  /** Forgets what was written: there may be secrets in it. Nothing is written after that. */
  wipe(): void {
    this.bytes.fill(0, 0, this.at)
    if (scratch.length === 0 && this.bytes.length === scratchLength) scratch.push(this.bytes)
  }

  /** Makes room for `more` bytes. */
  private reserve(more: number): void {
    const needed = this.at + more
    if (needed <= this.bytes.length) return
    const full = this.bytes
    this.bytes = new Uint8Array(needed * 2)
    this.bytes.set(full)
    full.fill(0)
  }

  /** Writes the shortest head with this argument, 0 to 2^64-1: a bigint only where it is beyond 2^53-1. */
  head(major: number, argument: number | bigint): void {
    this.reserve(9)
    this.at = putHead(this.bytes, this.at, major, argument)
  }

  /** Writes any integer from -2^64 to 2^64-1. */
  integer(value: number | bigint): void {
    this.reserve(9)
    this.at = putInteger(this.bytes, this.at, narrow(value))
  }

  /** Writes a text without a lone surrogate. */
  text(value: string): void {
    const { length } = value
    this.reserve(9 + 3 * length)
    const start = this.at
    this.head(textString, length)
    const written = encodeUtf8(value, this.bytes, this.at)
    if (written > length) {
      // Not ASCII, so that the head told another length.
      this.at = start
      this.head(textString, written)
      encodeUtf8(value, this.bytes, this.at)
    }
    this.at += written
  }

  /** Writes bytes as they are: one or more data items that are encoded already, or a part of one. */
  raw(value: Uint8Array): void {
    this.reserve(value.length)
    this.bytes.set(value, this.at)
    this.at += value.length
  }

  /** Begins a map, whose members {@link member} begins. Gives what {@link endMap} takes. */
  beginMap(): number {
    this.marks.push(this.at)
    // For the head, which is one byte in nearly all cases.
    this.reserve(1)
    this.at++
    return this.marks.length
  }

  /** Writes the key of a member, as it is or encoded already: what is written next is its value. */
  member(key: Key | Uint8Array): void {
    this.marks.push(this.at)
    if (typeof key === 'object') this.raw(key)
    else write(this, key)
  }

  /** Ends a map. Unless they are known to be in the bytewise order of their keys, its members are put into it. */
  endMap(begun: number, isInOrder: boolean): void {
    const marks = this.marks
    const starts = marks.splice(begun)
    const start = marks.pop()!
    if (!isInOrder && starts.length > 1) this.sort(starts)
    const more = following(starts.length)
    this.reserve(more)
    if (more > 0) this.bytes.copyWithin(start + 1 + more, start + 1, this.at)
    putHead(this.bytes, start, map, starts.length)
    this.at += more
  }

  /** Puts members into bytewise order. No key's encoding is a prefix of another's, so the values cannot decide. */
  private sort(starts: readonly number[]): void {
    const members = starts.map((start, i) => this.bytes.slice(start, starts[i + 1] ?? this.at))
    this.at = starts[0]!
    for (const member of members.sort(compareBytes)) {
      this.raw(member)
      member.fill(0)
    }
  }
}

/** Writes any integer from -2^64 to 2^64-1, or a text without a lone surrogate. */
export function write(writer: Writer, value: Key): void {
  if (typeof value === 'string') writer.text(value)
  else writer.integer(value)
}

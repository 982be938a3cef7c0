/**
 * Writing of CBOR in the deterministic encoding of RFC 8949 §4.2.1, one message at a time: {@link begin}, what it
 * holds, {@link finish}.
 */
import { compareBytes } from './bytes.ts'
import { following, putHead, putInteger } from './head.ts'
import { narrow } from './integer.ts'
import { map, textString } from './major.ts'
import type { Key } from './read.ts'
import { encodeText } from './text.ts'

const chunkSize = 8_192

/**
 * Messages are written one after another, as those of Node's `Buffer` pool are; one that does not fit gets a new chunk. No part
 * of one is given out: beside it there may be secrets.
 */
let chunk = /* @__PURE__ */ new Uint8Array(0)
/** Where the message begins, and where its next byte goes. */
let first = 0
let at = 0
/** Where the maps that are being written and their members begin, in bytes from {@link first}, and how many those are. */
const marks: number[] = []
let marked = 0

/** Begins a message. Nothing stays behind of one that was not finished: what refuses a member may come after a secret. */
export function begin(): void {
  if (at > first) chunk.fill(0, first, at)
  at = first
  marked = 0
}

/** What was written since {@link begin}, for the library itself: in memory that it shares with other messages. */
export function finish(): Uint8Array {
  const written = chunk.subarray(first, at)
  first = at
  return written
}

/** What was written since {@link begin}, in memory of its own; nothing of it stays behind. */
export function finishSecret(): Uint8Array {
  const written = chunk.subarray(first, at)
  const own = written.slice()
  written.fill(0)
  at = first
  return own
}

/** Makes room for `more` bytes. */
function reserve(more: number): void {
  if (at + more <= chunk.length) return
  const full = chunk
  chunk = new Uint8Array(Math.max(chunkSize, (at - first + more) * 2))
  chunk.set(full.subarray(first, at))
  full.fill(0, first, at)
  at -= first
  first = 0
}

/** Writes the shortest head with this argument, 0 to 2^64-1: a bigint only where it is beyond 2^53-1. */
export function writeHead(major: number, argument: number | bigint): void {
  reserve(9)
  at = putHead(chunk, at, major, argument)
}

/** Writes any integer from -2^64 to 2^64-1, or a text without a lone surrogate. */
export function write(value: number | bigint | string): void {
  if (typeof value === 'string') writeText(value)
  else {
    reserve(9)
    at = putInteger(chunk, at, narrow(value))
  }
}

function writeText(value: string): void {
  const { length } = value
  reserve(9 + 3 * length)
  const start = at
  writeHead(textString, length)
  const written = encodeText(value, chunk, at)
  if (written > length) {
    // Not ASCII, so that the head told another length.
    at = start
    writeHead(textString, written)
    encodeText(value, chunk, at)
  }
  at += written
}

/** Writes bytes as they are: one or more data items that are encoded already. */
export function writeRaw(value: Uint8Array): void {
  reserve(value.length)
  chunk.set(value, at)
  at += value.length
}

/** Begins a map, whose members {@link writeMember} writes. Gives what {@link endMap} takes. */
export function beginMap(): number {
  mark()
  // For the head, which is one byte in nearly all cases.
  reserve(1)
  at++
  return marked
}

/** Writes the key of a member, and its value where one is given: as it is to be written, or encoded already. */
export function writeMember(key: Key, value?: number | bigint | string | Uint8Array): void {
  mark()
  write(key)
  if (typeof value === 'object') writeRaw(value)
  else if (value !== undefined) write(value)
}

/** Ends a map. Members that were not written in the bytewise order of their keys are put into it. */
export function endMap(begun: number, inOrder: boolean): void {
  const length = marked - begun
  const start = marks[begun - 1]!
  if (!inOrder && length > 1) sort(begun)
  marked = begun - 1
  if (length < 24) chunk[first + start] = (map << 5) | length
  else insertHead(start, length)
}

/** Puts the members from one mark on into bytewise order. No key's encoding begins another's, so that the values do not matter. */
function sort(begun: number): void {
  const ends = [...marks.slice(begun + 1, marked), at - first]
  const members = ends.map((end, i) => chunk.slice(first + marks[begun + i]!, first + end))
  at = first + marks[begun]!
  for (const member of members.sort(compareBytes)) writeRaw(member)
}

/** Puts the head of a long map where there is room for a short one. */
function insertHead(start: number, length: number): void {
  const more = following(length)
  reserve(more)
  const head = first + start
  chunk.copyWithin(head + 1 + more, head + 1, at)
  putHead(chunk, head, map, length)
  at += more
}

/** Notes where the next byte goes. */
function mark(): void {
  marks[marked++] = at - first
}

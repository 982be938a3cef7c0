/**
 * Strict reading of CBOR (RFC 8949): one data item, from head to head, in one pass.
 *
 * What stands next is read by {@link head} and told by {@link reader}; each of the other functions
 * takes an item of just its type, or throws a {@link DecodeError}. None allocates more than the input's size allows.
 *
 * Reading is synchronous and calls nothing that could start another, so that its state is the module's: the
 * functions stay small enough for a constrained client, and as fast as local variables are.
 */
import { compareBytes } from './bytes.ts'
import { DecodeError, type DecodeReason } from './decode-error.ts'
import { following } from './head.ts'
import { narrow } from './integer.ts'
import { array, byteString, map, negativeInteger, simple, tag, textString } from './major.ts'
import { type DecodeOptions, decodeDefaults } from './options.ts'
import { decodeText } from './text.ts'

/** A map key: an integer, a bigint beyond 2^53-1, or a text. */
export type Key = number | bigint | string

/**
 * Where the reader is, and the head that was read last. The fields of one object are faster than variables of a module.
 */
export const reader = {
  input: /* @__PURE__ */ new Uint8Array(0) as Uint8Array,
  limits: decodeDefaults,
  /** Where the next head stands, in bytes. */
  at: 0,
  /** How many arrays, maps and tags the reader is in. */
  depth: 0,
  /** Where the head that was read last stands. */
  start: 0,
  /** The major type of that head. */
  major: 0,
  /** Its additional information. */
  info: 0,
  /** Its argument, rounded where that is beyond 2^53. -1 stands for an indefinite length. */
  argument: 0,
}

/**
 * Reads the one item that `bytes` hold.
 *
 * @throws DecodeError, and nothing else for whatever bytes
 */
export function decode<T>(bytes: Uint8Array, options: DecodeOptions | undefined, read: () => T): T {
  reader.limits = options ? { ...decodeDefaults, ...options } : decodeDefaults
  // A subclass makes parts and copies of itself in a way of its own.
  reader.input =
    bytes.constructor === Uint8Array
      ? bytes
      : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  reader.depth = reader.at = 0
  limit('maxBytes', reader.limits.maxBytes, bytes.length, reader.limits.maxBytes)
  const value = read()
  if (reader.at < bytes.length) fail('trailing_bytes', '', reader.at)
  return value
}

/** Reads, once more, the member that begins at `offset` of the map that was read last. */
export function again(offset: number, read: () => void): void {
  const end = reader.at
  reader.at = offset
  reader.depth++
  read()
  reader.depth--
  reader.at = end
}

/** Refuses the input, at the head that was read last unless told otherwise. */
export function fail(
  reason: DecodeReason,
  expected?: string,
  offset: number = reader.start,
  path?: string,
): never {
  throw new DecodeError(reason, offset, path, expected)
}

/** Reads a member: refusals tell its name. */
export function inMember<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw new DecodeError(
      error.reason,
      error.offset,
      error.path ? `${name}.${error.path}` : name,
      error.expected,
    )
  }
}

/** Holds what was found to a limit. */
function limit(name: keyof DecodeOptions, most: number, found: number, offset?: number): void {
  if (!(found <= most)) fail(name === 'maxDepth' ? 'too_deep' : 'too_large', `${name} ${most}`, offset)
}

/** Goes one level down. */
function descend(): void {
  // Deeper than 512 levels a call stack may end.
  limit('maxDepth', Math.min(reader.limits.maxDepth, 512), ++reader.depth)
}

function need(length: number): void {
  if (reader.at + length > reader.input.length) fail('truncated', '', reader.input.length)
}

/** Refuses what the deterministic encoding has not, where that is asked for. */
export function deterministic(isSo: boolean, offset?: number): void {
  if (!isSo && reader.limits.deterministic) fail('not_deterministic', '', offset)
}

/** Reads the head of the next data item: a break is refused. */
export function head(): void {
  const { input, at } = reader
  reader.start = at
  if (at >= input.length) fail('truncated')
  const initial = input[at]!
  reader.at++
  reader.major = initial >> 5
  reader.info = reader.argument = initial & 31
  if (reader.info > 23) longHead()
}

function longHead(): void {
  if (reader.info > 27) {
    if (reader.info < 31 || reader.major < byteString || reader.major === tag) fail('reserved_head')
    if (reader.major === simple) fail('unexpected_break')
    reader.argument = -1
    return deterministic(false)
  }
  const length = 1 << (reader.info - 24)
  need(length)
  let value = 0
  const { input, at } = reader
  const end = at + length
  for (let i = at; i < end; i++) value = value * 256 + input[i]!
  reader.at = end
  reader.argument = value
  if (reader.major === simple) {
    if (reader.info < 25 && value < 32) fail('reserved_head')
  } else deterministic(following(value) === length)
}

/** Reads the head of an item of one major type. */
export function headOf(type: number, expected: string): void {
  head()
  if (reader.major !== type) fail('unexpected_type', expected)
}

/** Reads an integer: a number where that is safe, a bigint beyond. */
export function readInteger(): number | bigint {
  head()
  if (reader.major > negativeInteger) fail('unexpected_type', 'an integer')
  return integer()
}

/** The integer that the head just read stands for. */
export function integer(): number | bigint {
  if (reader.info < 27) return reader.major ? -1 - reader.argument : reader.argument
  const exact = view().getBigUint64(0)
  return narrow(reader.major ? -1n - exact : exact)
}

/** Reads a text string. */
export function readText(): string {
  headOf(textString, 'a text')
  return text()
}

/** The text whose head was just read. */
export function text(): string {
  if (reader.argument >= 0) {
    content(0, reader.start)
    return utf8()
  }
  let all = ''
  chunks(() => {
    all += utf8()
  })
  return all
}

/** The text in the content just moved over. */
function utf8(): string {
  const found = decodeText(reader.input, reader.at - reader.argument, reader.at)
  return typeof found === 'string' ? found : fail('invalid_utf8', '', found)
}

/** The parts of the input that the byte string whose head was just read consists of. */
export function byteParts(): Uint8Array[] {
  const parts: Uint8Array[] = []
  chunks(() => parts.push(reader.input.subarray(reader.at - reader.argument, reader.at)))
  return parts
}

/** Visits the content of the string whose head was just read: at once, or by chunks where its length is indefinite. */
function chunks(visit?: () => void): void {
  const type = reader.major
  const first = reader.start
  if (reader.argument >= 0) {
    content(0, first)
    return visit?.()
  }
  for (let total = 0; !takeBreak(); visit?.()) {
    headOf(type, 'a chunk')
    if (reader.argument < 0) fail('unexpected_type', 'a chunk')
    total = content(total, first)
  }
}

/** Moves over the content of a string or chunk. Gives the length so far of the string, whose head is at `first`. */
function content(before: number, first: number): number {
  const total = before + reader.argument
  need(reader.argument)
  limit('maxStringBytes', reader.limits.maxStringBytes, total, first)
  reader.at += reader.argument
  return total
}

/** Goes down into the array or map whose head was just read, with `items` data items to each of its members. */
function enter(items: number): void {
  need(reader.argument * items)
  limit('maxMembers', reader.limits.maxMembers, reader.argument)
  descend()
}

/**
 * Whether the array or map at `first` has one more member; if not, it is left. `left` are to come; where nobody knows, it
 * is -1 before the first and falls by one for each.
 */
function more(left: number, first: number): boolean {
  const ended = left < 0 ? takeBreak() : left === 0
  if (ended) reader.depth--
  else limit('maxMembers', reader.limits.maxMembers, -left, first)
  return !ended
}

/** Visits the elements of the array whose head was just read. */
export function each(visit: () => void): void {
  const first = reader.start
  let left = reader.argument
  enter(1)
  while (more(left--, first)) visit()
}

/** Reads what is under the tag whose head was just read. */
export function tagged(read: () => void): void {
  descend()
  read()
  reader.depth--
}

/** Reads the head of a map. */
export function readMap(): MapReader {
  headOf(map, 'a map')
  return new MapReader()
}

/**
 * Reads the map whose head was just read, member by member: {@link next} gives the key, and what takes the value is called
 * before the next one.
 */
export class MapReader {
  /** Where the map stands. */
  readonly start: number = reader.start
  /** How many members are to come, or less than 0 where nobody knows. */
  #left = reader.argument
  /** The keys from -16 to 15 and from 16 to 47 that were there, a bit for each: nearly all keys are among them. */
  #low = 0
  #high = 0
  /** The other keys that were there. */
  #known: Set<Key> | undefined
  #encoded: Uint8Array | undefined

  constructor() {
    enter(2)
  }

  /**
   * The key of the next member; undefined where there is none: then the map is left. With `any`, keys may be of every type:
   * those that are no integer, text or byte string are told apart by their encoding.
   */
  next(any?: true): Key | undefined {
    const first = reader.at
    if (!more(this.#left--, this.start)) return undefined
    const key = readKey(first, any)
    if (this.#has(key)) fail('duplicate_key', '', first)
    if (reader.limits.deterministic) {
      const encoded = reader.input.subarray(first, reader.at)
      deterministic(compareBytes(this.#encoded ?? [], encoded) < 0, first)
      this.#encoded = encoded
    }
    return key
  }

  /** Whether a key was there before; from now on it was. */
  #has(key: Key): boolean {
    if (typeof key === 'number' && key >= -16 && key < 48) {
      // What is shifted by is taken modulo 32.
      const before = key < 16 ? this.#low : this.#high
      const after = before | (1 << key)
      if (key < 16) this.#low = after
      else this.#high = after
      return before === after
    }
    this.#known ??= new Set()
    return this.#known.size === this.#known.add(key).size
  }
}

function readKey(first: number, any: true | undefined): Key {
  const initial = reader.input[first]!
  // An integer of one byte, from -24 to 23, as most keys are.
  if (first < reader.input.length && (initial & 0xdf) < 24) {
    reader.at++
    return initial < 24 ? initial : 31 - initial
  }
  head()
  if (reader.major <= negativeInteger) return integer()
  return reader.major === textString ? text() : otherKey(first, any)
}

/** What a key of another type is told apart by. The lone surrogate before it is in no text. */
function otherKey(first: number, any: true | undefined): string {
  if (!any) fail('unexpected_type', 'an integer or text key')
  let key = '\udbff'
  if (reader.major === byteString)
    chunks(() => {
      for (const byte of reader.input.subarray(reader.at - reader.argument, reader.at)) key += `,${byte}`
    })
  else {
    reader.at = first
    key += readRaw()
  }
  return key
}

function takeBreak(): boolean {
  need(1)
  const found = reader.input[reader.at] === 0xff
  if (found) reader.at++
  return found
}

/** The floating-point number of four or eight bytes whose head was just read. */
export function float(): number {
  return reader.info > 26 ? view().getFloat64(0) : view().getFloat32(0)
}

/** The input from behind the initial byte that was read last. */
function view(): DataView {
  return new DataView(reader.input.buffer, reader.input.byteOffset + reader.start + 1)
}

/** Moves over the definite-length string whose head was just read. Gives where its content begins. */
export function moveOver(): number {
  content(0, reader.start)
  return reader.at - reader.argument
}

/** Whether an item with this initial byte stands next; if so, it is read. */
export function take(initial: number): boolean {
  if (reader.input[reader.at] !== initial) return false
  head()
  return true
}

/**
 * Moves over the item that stands next, whatever it is, checking it as strictly as what the library knows: heads,
 * UTF-8, depth, size, and duplicate keys at every level. Only whether a float is the shortest is left open: the check
 * would weigh more than all it could find.
 */
export function skip(): void {
  head()
  if (reader.major === textString) text()
  else if (reader.major === byteString) chunks()
  else if (reader.major === array) each(skip)
  else if (reader.major === tag) tagged(skip)
  else if (reader.major === map)
    for (const members = new MapReader(); members.next(true) !== undefined; ) skip()
}

/** A copy, as it came, of the item that stands next, which `read` moves over and checks. */
export function readRaw(read: () => void = skip): Uint8Array {
  const first = reader.at
  read()
  return new Uint8Array(reader.input.subarray(first, reader.at))
}

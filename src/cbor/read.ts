/**
 * Strict reading of CBOR (RFC 8949): one data item, from head to head, in one pass.
 *
 * What stands next is read by {@link head} and told by {@link start}, {@link major}, {@link info} and {@link argument};
 * each of the other functions takes an item of just its type, or throws a {@link DecodeError}. None allocates more than
 * the input's size allows.
 *
 * Reading is synchronous and calls nothing that could start another, so that its state is the module's: the
 * functions stay small enough for a constrained client.
 */
import { compareBytes } from './bytes.ts'
import { DecodeError, type DecodeReason } from './decode-error.ts'
import { following } from './head.ts'
import { narrow } from './integer.ts'
import { array, byteFollows, byteString, map, negativeInteger, simple, tag, textString } from './major.ts'
import { type DecodeOptions, decodeDefaults } from './options.ts'
import { decodeText } from './text.ts'

/** A map key: an integer, a bigint beyond 2^53-1, or a text. */
export type Key = number | bigint | string

// Where the reader is, and the head that was read last. Not `let`: whether that was reached is asked at every use, which
// takes as long as reading does.
// biome-ignore-start lint/suspicious/noVar: see above
export var input: Uint8Array = /* @__PURE__ */ new Uint8Array(0)
var limits = decodeDefaults
/** Where the next head stands, in bytes. */
export var at = 0
/** How many arrays, maps and tags the reader is in. */
var depth = 0
/** Where the head that was read last stands. */
export var start = 0
/** The major type of that head. */
export var major = 0
/** Its additional information. */
export var info = 0
/** Its argument, rounded where that is beyond 2^53. -1 stands for an indefinite length. */
export var argument = 0
// biome-ignore-end lint/suspicious/noVar: see above

/**
 * Reads the one item that `bytes` hold.
 *
 * @throws DecodeError, and nothing else for whatever bytes
 */
export function decode<T>(bytes: Uint8Array, options: DecodeOptions | undefined, read: () => T): T {
  limits = options ? { ...decodeDefaults, ...options } : decodeDefaults
  // A subclass makes parts and copies of itself in a way of its own.
  input =
    bytes.constructor === Uint8Array
      ? bytes
      : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  depth = at = 0
  limit('maxBytes', limits.maxBytes, bytes.length, limits.maxBytes)
  const value = read()
  if (at < bytes.length) fail('trailing_bytes', '', at)
  return value
}

/** Reads, once more, the member that begins at `offset` of the map that was read last. */
export function again(offset: number, read: () => void): void {
  const end = at
  at = offset
  depth++
  read()
  depth--
  at = end
}

/** Refuses the input, at the head that was read last unless told otherwise. */
export function fail(reason: DecodeReason, expected?: string, offset: number = start, path?: string): never {
  throw new DecodeError(reason, path, expected, offset)
}

/** Reads a member: refusals tell its name. */
export function inMember<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw within(name, error)
  }
}

/** What was thrown while a member was read: a refusal tells the member's name. */
export function within(name: string, error: unknown): unknown {
  return error instanceof DecodeError
    ? new DecodeError(error.reason, error.path ? `${name}.${error.path}` : name, error.expected, error.offset)
    : error
}

/** Holds what was found to a limit. */
function limit(name: keyof DecodeOptions, most: number, found: number, offset?: number): void {
  if (!(found <= most)) fail(name === 'maxDepth' ? 'too_deep' : 'too_large', `${name} ${most}`, offset)
}

function need(length: number): void {
  if (at + length > input.length) fail('truncated', '', input.length)
}

/** Refuses what the deterministic encoding has not, where that is asked for. */
export function deterministic(isSo: boolean, offset?: number): void {
  if (!isSo && limits.deterministic) fail('not_deterministic', '', offset)
}

/** Reads the head of the next data item: a break is refused. */
export function head(): void {
  start = at
  need(1)
  const initial = input[at++]!
  major = initial >> 5
  info = argument = initial & 31
  // An argument in one more byte, which it needs: the commonest of all long heads, and in every mode the same.
  if (info === byteFollows && major < simple && input[at]! > 23) argument = input[at++]!
  else if (info > 23) longHead()
}

function longHead(): void {
  if (info > 27) {
    if (info < 31 || major < byteString || major === tag) fail('reserved_head')
    if (major === simple) fail('unexpected_break')
    argument = -1
    return deterministic(false)
  }
  const length = 1 << (info - 24)
  need(length)
  argument = 0
  for (const end = at + length; at < end; ) argument = argument * 256 + input[at++]!
  if (major === simple) {
    if (info < 25 && argument < 32) fail('reserved_head')
  } else deterministic(following(argument) === length)
}

/** Reads the head of an item of one major type. */
export function headOf(type: number, expected: string): void {
  head()
  if (major !== type) fail('unexpected_type', expected)
}

/** Reads an integer: a number where that is safe, a bigint beyond. */
export function readInteger(): number | bigint {
  head()
  if (major > negativeInteger) fail('unexpected_type', 'an integer')
  return integer()
}

/** The integer that the head just read stands for. */
export function integer(): number | bigint {
  if (info < 27) return major ? -1 - argument : argument
  const exact = new DataView(input.buffer, input.byteOffset).getBigUint64(start + 1)
  return narrow(major ? -1n - exact : exact)
}

/** Reads a text string. */
export function readText(): string {
  headOf(textString, 'a text')
  return text()
}

/** The text whose head was just read. */
export function text(): string {
  if (argument >= 0) {
    content(0, start)
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
  const found = decodeText(input, at - argument, at)
  return typeof found === 'string' ? found : fail('invalid_utf8', '', found)
}

/** The parts of the input that the byte string whose head was just read consists of. */
export function byteParts(): Uint8Array[] {
  const parts: Uint8Array[] = []
  chunks(() => parts.push(input.subarray(at - argument, at)))
  return parts
}

/** Visits the content of the string whose head was just read: at once, or by chunks where its length is indefinite. */
function chunks(visit?: () => void): void {
  const type = major
  const first = start
  if (argument >= 0) {
    content(0, first)
    return visit?.()
  }
  for (let total = 0; !takeBreak(); visit?.()) {
    headOf(type, 'a chunk')
    if (argument < 0) fail('unexpected_type', 'a chunk')
    total = content(total, first)
  }
}

/** Moves over the content of a string or chunk. Gives the length so far of the string, whose head is at `first`. */
function content(before: number, first: number): number {
  const total = before + argument
  need(argument)
  limit('maxStringBytes', limits.maxStringBytes, total, first)
  at += argument
  return total
}

/** Goes down into the array, map or tag whose head was just read, with `items` data items to each of its members. */
function enter(items: number): void {
  need(argument * items)
  limit('maxMembers', limits.maxMembers, argument)
  // Deeper than 512 levels a call stack may end.
  limit('maxDepth', Math.min(limits.maxDepth, 512), ++depth)
}

/**
 * Whether the array, map or tag at `first` has one more member; if not, it is left. `left` are to come; where nobody knows, it
 * is -1 before the first and falls by one for each.
 */
export function more(left: number, first: number): boolean {
  if (left > 0) return true
  if (left < 0 && !takeBreak()) {
    limit('maxMembers', limits.maxMembers, -left, first)
    return true
  }
  depth--
  return false
}

/** Visits the elements of the array whose head was just read, or what is under the tag. */
export function each(visit: () => void): void {
  // A tag is as good as an array of one.
  if (major === tag) argument = 1
  const first = start
  enter(1)
  for (let left = argument; more(left, first); left--) visit()
}

/** Reads a map, member by member: `visit` takes the value that stands next. */
export function readMap(visit: (key: Key) => void): void {
  headOf(map, 'a map')
  members(visit)
}

/** Goes into the map that stands next, and gives where that is: {@link argument} tells how many members are to come. */
export function openMap(): number {
  headOf(map, 'a map')
  const first = start
  enter(2)
  return first
}

/**
 * Visits the members of the map whose head was just read. With `any`, keys may be of every type: those that are no integer,
 * text or byte string are told apart by their encoding.
 */
function members(visit: (key: Key) => void, any?: true): void {
  const first = start
  // The keys from 1 to 32 that were there, a bit for each: nearly all keys are among them.
  let seen = 0
  let others: Set<Key> | undefined
  let before = at
  enter(2)
  for (let left = argument; more(left, first); left--) {
    const offset = at
    const key = readKey(any)
    let isNew: boolean
    if (typeof key === 'number' && key > 0 && key < 33) {
      // What is shifted by is taken modulo 32.
      const bit = 1 << key
      isNew = !(seen & bit)
      seen |= bit
    } else {
      others ??= new Set()
      isNew = others.size < others.add(key).size
    }
    if (!isNew) fail('duplicate_key', '', offset)
    before = inOrder(before, offset)
    visit(key)
  }
}

/** Refuses a key at `offset` that was there before. */
export function duplicate(offset: number): never {
  fail('duplicate_key', '', offset)
}

/** Adds a key to those before it, and refuses it if it is among them. */
export function distinct(others: Set<Key> | undefined, key: Key, offset: number): Set<Key> {
  const all = others ?? new Set()
  if (all.size === all.add(key).size) duplicate(offset)
  return all
}

/**
 * Holds the key that was just read, at `offset`, to the order of the deterministic encoding, where that is asked for. The key
 * before it is at `before`: no encoding is the beginning of another, so that where they end is of no account.
 */
export function inOrder(before: number, offset: number): number {
  if (limits.deterministic)
    deterministic(compareBytes(input.subarray(before, offset), input.subarray(offset, at)) < 0, offset)
  return offset
}

/** Reads the key of a member. */
export function readKey(any?: true): Key {
  need(1)
  const initial = input[at]!
  // An integer of one byte, from -24 to 23, as most keys are.
  if ((initial & 0xdf) < 24) {
    at++
    return initial < 24 ? initial : 31 - initial
  }
  head()
  if (major <= negativeInteger) return integer()
  return major === textString ? text() : otherKey(any)
}

/** What a key of another type is told apart by. The lone surrogate before it is in no text. */
function otherKey(any: true | undefined): string {
  if (!any) fail('unexpected_type', 'an integer or text key')
  let key = '\udbff'
  if (major === byteString)
    chunks(() => {
      for (let i = at - argument; i < at; i++) key += `,${input[i]}`
    })
  else {
    at = start
    key += readRaw()
  }
  return key
}

function takeBreak(): boolean {
  need(1)
  const found = input[at] === 0xff
  if (found) at++
  return found
}

/** The floating-point number of four or eight bytes whose head was just read. */
export function float(): number {
  const view = new DataView(input.buffer, input.byteOffset)
  return info > 26 ? view.getFloat64(start + 1) : view.getFloat32(start + 1)
}

/** Moves over the definite-length string whose head was just read. Gives where its content begins. */
export function moveOver(): number {
  content(0, start)
  return at - argument
}

/** Whether an item with this initial byte stands next; if so, it is read. */
export function take(initial: number): boolean {
  if (input[at] !== initial) return false
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
  if (major === textString) text()
  else if (major === byteString) chunks()
  else if (major === array || major === tag) each(skip)
  else if (major === map) members(skip, true)
}

/** A copy, as it came, of the item that stands next, which `read` moves over and checks. */
export function readRaw(read: () => void = skip): Uint8Array {
  const first = at
  read()
  return new Uint8Array(input.subarray(first, at))
}

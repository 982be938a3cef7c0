/**
 * Strict reading of CBOR (RFC 8949): one data item, from head to head, in one pass.
 *
 * What stands next is read by {@link head} and told by `major`, `info` and `argument`; each of the other functions
 * takes an item of just its type, or throws a {@link DecodeError}. None allocates more than the input's size allows.
 *
 * Reading is synchronous and calls nothing that could start another, so that its state is the module's: the
 * functions stay small enough for a constrained client, and as fast as local variables are.
 */
import { compareBytes } from './bytes.ts'
import { DecodeError, type DecodeReason } from './decode-error.ts'
import { narrow } from './integer.ts'
import { array, byteString, map, negativeInteger, simple, tag, textString } from './major.ts'
import { type DecodeOptions, decodeDefaults } from './options.ts'
import { decodeText } from './text.ts'

/** A map key: an integer, a bigint beyond 2^53-1, or a text. */
export type Key = number | bigint | string

let input: Uint8Array
let limits: Required<DecodeOptions>
let depth: number
let path: string
/** Where the next head stands, in bytes. */
let at: number

/** Where the head that was read last stands. */
export let start: number
/** The major type of that head. */
export let major: number
/** Its additional information. */
export let info: number
/** Its argument, rounded where that is beyond 2^53. -1 stands for an indefinite length. */
export let argument: number

/**
 * Reads the one item that `bytes` hold.
 *
 * @throws DecodeError, and nothing else for whatever bytes
 */
export function decode<T>(bytes: Uint8Array, options: DecodeOptions | undefined, read: () => T): T {
  limits = options ? { ...decodeDefaults, ...options } : decodeDefaults
  input = bytes
  path = ''
  depth = at = start = 0
  limit('maxBytes', limits.maxBytes, bytes.length, limits.maxBytes)
  const value = read()
  if (at < bytes.length) fail('trailing_bytes', '', at)
  return value
}

/** Reads another input in the midst of one, and goes on where it was. */
export function aside<T>(bytes: Uint8Array, read: () => T): T {
  const state = [input, limits, depth, path, at, start, major, info, argument] as const
  try {
    return decode(bytes, undefined, read)
  } finally {
    ;[input, limits, depth, path, at, start, major, info, argument] = state
  }
}

/** Refuses the input, at the head that was read last unless told otherwise. */
export function fail(reason: DecodeReason, expected = '', offset: number = start): never {
  throw new DecodeError(reason, offset, path, expected)
}

/** Reads a member: refusals tell its name. */
export function inMember<T>(name: string, read: () => T): T {
  const outer = path
  path = outer ? `${outer}.${name}` : name
  const value = read()
  path = outer
  return value
}

/** Holds what was found to a limit. */
function limit(name: keyof DecodeOptions, most: number, found: number, offset = start): void {
  if (!(found <= most)) fail(name === 'maxDepth' ? 'too_deep' : 'too_large', `${name} ${most}`, offset)
}

/** Goes one level down. */
function descend(): void {
  // Deeper than 512 levels a call stack may end.
  limit('maxDepth', Math.min(limits.maxDepth, 512), ++depth)
}

function need(length: number): void {
  if (length > input.length - at) fail('truncated', '', input.length)
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
  if (info > 23) longHead()
}

function longHead(): void {
  if (info > 27) {
    if (info < 31 || major < byteString || major === tag) fail('reserved_head')
    if (major === simple) fail('unexpected_break')
    deterministic(false)
    argument = -1
    return
  }
  const length = 1 << (info - 24)
  need(length)
  for (argument = 0; at <= start + length; at++) argument = argument * 256 + input[at]!
  if (major < simple) deterministic(argument >= (info > 24 ? 2 ** (length * 4) : 24))
  else if (info < 25 && argument < 32) fail('reserved_head')
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
  const exact = view().getBigUint64(0)
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
function chunks(visit: () => void): void {
  const type = major
  const first = start
  if (argument >= 0) {
    content(0, first)
    return visit()
  }
  for (let total = 0; !takeBreak(); visit()) {
    head()
    if (major !== type || argument < 0) fail('unexpected_type', 'a chunk')
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

/** Goes down into the array or map whose head was just read, with `items` data items to each of its members. */
function enter(items: number): void {
  need(argument * items)
  limit('maxMembers', limits.maxMembers, argument)
  descend()
}

/** Whether an array or map of `count` members, of which `read` were read, has one more; if not, it is left. */
function more(count: number, read: number, first: number): boolean {
  if (count < 0 ? takeBreak() : read === count) {
    depth--
    return false
  }
  limit('maxMembers', limits.maxMembers, read + 1, first)
  return true
}

/** Visits the elements of the array whose head was just read. */
export function each(visit: () => void): void {
  const count = argument
  const first = start
  enter(1)
  for (let read = 0; more(count, read, first); read++) visit()
}

/** Reads what is under the tag whose head was just read. */
export function tagged(read: () => void): void {
  descend()
  read()
  depth--
}

/** Reads a map, whose keys are integers and texts; the visitor reads the value of each member. Gives where it stands. */
export function readMap(visit: (key: Key) => void): number {
  headOf(map, 'a map')
  const first = start
  members(visit)
  return first
}

/**
 * Visits the members of the map whose head was just read. With `any`, keys may be of every type: those that are no
 * integer, text or byte string are told apart by their encoding.
 */
function members(visit: (key: Key) => void, any?: boolean): void {
  const keys: Key[] = []
  let known: Set<Key> | undefined
  let highest = -1
  let last: Uint8Array | undefined
  const count = argument
  const outset = start
  enter(2)
  for (let read = 0; more(count, read, outset); read++) {
    const first = at
    head()
    const order = major * 2 ** 64 + argument
    // Integers in the order of their encodings, as most keys are, are all new. From the first key that is not, a set tells.
    if (major > negativeInteger || order <= highest) known ??= new Set(keys)
    highest = order
    const key = major <= negativeInteger ? integer() : major === textString ? text() : otherKey(first, any)
    if (known?.has(key)) fail('duplicate_key', '', first)
    known?.add(key)
    keys.push(key)
    if (limits.deterministic) {
      const encoded = input.subarray(first, at)
      deterministic(!last || compareBytes(last, encoded) < 0, first)
      last = encoded
    }
    visit(key)
  }
}

/** What a key of another type is told apart by. The lone surrogate before it is in no text. */
function otherKey(first: number, any: boolean | undefined): string {
  if (!any) fail('unexpected_type', 'an integer or text key')
  if (major !== byteString) {
    at = first
    skip()
    return `\udc00${input.subarray(first, at)}`
  }
  let key = '\ud800'
  // An engine takes so many arguments at once, and no more.
  for (const part of byteParts())
    for (let i = 0; i < part.length; i += 4_096) key += String.fromCharCode(...part.subarray(i, i + 4_096))
  return key
}

function takeBreak(): boolean {
  need(1)
  if (input[at] !== 0xff) return false
  at++
  return true
}

/** The floating-point number of four or eight bytes whose head was just read. */
export function float(): number {
  return info > 26 ? view().getFloat64(0) : view().getFloat32(0)
}

/** The input from behind the initial byte that was read last. */
function view(): DataView {
  return new DataView(input.buffer, input.byteOffset + start + 1)
}

/** A copy, in memory that `reserve` gives, of the definite-length string whose head was just read. */
export function copyContent(reserve: (length: number) => Uint8Array): Uint8Array {
  content(0, start)
  const copy = reserve(argument)
  const from = at - argument
  // A few bytes are copied faster by hand.
  if (argument > 64) copy.set(input.subarray(from, at))
  else for (let i = 0; i < copy.length; i++) copy[i] = input[from + i]!
  return copy
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
  else if (major === byteString) byteParts()
  else if (major === array) each(skip)
  else if (major === tag) tagged(skip)
  else if (major === map) members(skip, true)
}

/** A copy, as it came, of the item that stands next, which `read` moves over and checks. */
export function readRaw(read: () => void = skip): Uint8Array {
  const first = at
  read()
  return new Uint8Array(input.subarray(first, at))
}

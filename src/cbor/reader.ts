import { decodeUtf8 } from '#runtime/text'
import { DecodeError, type DecodeReason } from './decode-error.ts'
import { hashWith } from './hash.ts'
import { narrow } from './integer.ts'
import { array, byteString, map, negativeInteger, simple, tag, textString } from './major.ts'
import { MapKeys } from './map-keys.ts'
import { type DecodeLimits, type DecodeOptions, decodeDefaults, limitsOf } from './options.ts'
import { plainBytes } from './plain-bytes.ts'
import { following } from './shortest-head.ts'
import { firstInvalid } from './utf8.ts'

/** A map key: an integer, a bigint beyond 2^53-1, or a text. */
export type Key = number | bigint | string

/**
 * Reads the one data item that `bytes` hold.
 *
 * @throws DecodeError for whatever bytes
 * @throws TypeError for bytes that are no Uint8Array
 * @throws RangeError for an option that is no limit
 */
export function decode<T>(
  bytes: Uint8Array,
  options: DecodeOptions | undefined,
  read: (reader: Reader) => T,
): T {
  const reader = new Reader(bytes, options)
  const value = read(reader)
  reader.end()
  return value
}

/**
 * Walks one input, strictly (RFC 8949), in one pass: where it is, what it may take, and the head that it read last. Nothing of
 * it outlives a call, so that reading may start within reading.
 *
 * Its methods read, check or refuse what stands next; functions that take it read whole values. None allocates more than the
 * input's size allows.
 */
export class Reader {
  readonly input: Uint8Array
  /** Where the next head stands, in bytes. */
  at = 0
  /** Where the head that was read last stands. */
  start = 0
  /** Its major type. */
  major = 0
  /** Its additional information. */
  info = 0
  /** Its argument, rounded where that is beyond 2^53. -1 stands for an indefinite length. */
  argument = 0
  private readonly limits: DecodeLimits
  /** How many arrays, maps and tags it is in. */
  private depth = 0
  /** The members that it is in, by their names. */
  private path = ''

  constructor(bytes: Uint8Array, options: DecodeOptions | undefined) {
    this.limits = options === undefined ? decodeDefaults : limitsOf(options)
    this.input = plainBytes(bytes)
    this.#limit('maxBytes', this.input.length, this.limits.maxBytes)
  }

  /** Refuses the input, at the head that was read last unless told otherwise. */
  fail(reason: DecodeReason, expected?: string, offset: number = this.start, path?: string): never {
    const where = path && this.path ? `${this.path}.${path}` : path || this.path
    throw new DecodeError(reason, where, expected, offset)
  }

  /** Holds what was found to a limit. */
  #limit(name: 'maxBytes' | 'maxMembers' | 'maxStringBytes', found: number, offset?: number): void {
    const most = this.limits[name]
    if (found > most) this.fail('too_large', `${name} ${most}`, offset)
  }

  #need(length: number): void {
    if (this.at + length > this.input.length) this.fail('truncated', '', this.input.length)
  }

  /** Refuses what follows the item. */
  end(): void {
    if (this.at < this.input.length) this.fail('trailing_bytes', '', this.at)
  }

  /** Whether only the deterministic encoding is taken. */
  get isDeterministic(): boolean {
    return this.limits.deterministic
  }

  /** Refuses what the deterministic encoding has not, where that is asked for. */
  deterministic(isSo: boolean, offset?: number): void {
    if (!isSo && this.limits.deterministic) this.fail('not_deterministic', '', offset)
  }

  /** Reads a member: refusals tell its name. */
  inMember<T>(name: string, read: (reader: Reader) => T): T {
    const outer = this.path
    this.path = outer ? `${outer}.${name}` : name
    const value = read(this)
    this.path = outer
    return value
  }

  /** Reads what stands next and comes back to where it stands. */
  lookAhead(read: () => void): void {
    const { at } = this
    read()
    this.at = at
  }

  /** Reads the head of the next data item: a break is refused. */
  head(): void {
    this.start = this.at
    this.#need(1)
    const initial = this.input[this.at++]!
    this.major = initial >> 5
    this.info = this.argument = initial & 31
    if (this.info > 23) this.#longHead()
  }

  #longHead(): void {
    const { major, info, input } = this
    if (info > 27) {
      if (info < 31 || major < byteString || major === tag) this.fail('reserved_head')
      if (major === simple) this.fail('unexpected_break')
      this.argument = -1
      return this.deterministic(false)
    }
    const length = 1 << (info - 24)
    this.#need(length)
    let argument = 0
    for (const end = this.at + length; this.at < end; ) argument = argument * 256 + input[this.at++]!
    this.argument = argument
    if (major === simple) {
      if (info === 24 && argument < 32) this.fail('reserved_head')
    } else this.deterministic(following(argument) === length)
  }

  /** Reads the head of an item of one major type. */
  headOf(type: number, expected: string): void {
    this.head()
    if (this.major !== type) this.fail('unexpected_type', expected)
  }

  /** The integer that the head just read stands for: a number where that is safe, a bigint beyond. */
  integer(): number | bigint {
    const { major, info, argument } = this
    if (info < 27) return major ? -1 - argument : argument
    const exact = this.#lastEight().getBigUint64(0)
    return narrow(major ? -1n - exact : exact)
  }

  /** The eight bytes that were read last. */
  #lastEight(): DataView {
    return new DataView(this.input.buffer, this.input.byteOffset + this.at - 8, 8)
  }

  /** The text whose head was just read. */
  text(): string {
    if (this.argument < 0) {
      const bytes = this.#joinChunks()
      return decodeUtf8(bytes, 0, bytes.length)
    }
    const from = this.content()
    const text = decodeUtf8(this.input, from, this.at)
    // It stands for what is no UTF-8, and for itself.
    if (text.includes('\ufffd')) this.#checkUtf8(from)
    return text
  }

  /** The byte string whose head was just read, in memory that it shares with nothing. */
  bytes(): Uint8Array {
    return this.argument < 0 ? this.#joinChunks() : this.input.slice(this.content(), this.at)
  }

  /** Moves over the content of the string whose head was just read, which has a definite length. Gives where it begins. */
  content(): number {
    const from = this.at
    this.#need(this.argument)
    this.#limit('maxStringBytes', this.argument)
    this.at += this.argument
    return from
  }

  /** The content of the string of indefinite length whose head was just read. */
  #joinChunks(): Uint8Array {
    const first = this.at
    const whole = new Uint8Array(this.#skipChunks())
    let filled = 0
    this.at = first
    while (!this.#takeBreak()) {
      this.head()
      // Chunks may be of a few bytes each, for which a part of the input would cost much more than the copying.
      for (const end = this.at + this.argument; this.at < end; ) whole[filled++] = this.input[this.at++]!
    }
    return whole
  }

  /** Moves over the chunks of the string whose head was just read. Gives how many bytes are in them. */
  #skipChunks(): number {
    const { major, start } = this
    let total = 0
    while (!this.#takeBreak()) {
      this.headOf(major, 'a chunk')
      const { argument } = this
      if (argument < 0) this.fail('unexpected_type', 'a chunk')
      this.#need(argument)
      total += argument
      this.#limit('maxStringBytes', total, start)
      this.at += argument
      if (major === textString) this.#checkUtf8(this.at - argument)
    }
    return total
  }

  /** Refuses the content that begins at `from` and was just moved over, unless it is UTF-8. */
  #checkUtf8(from: number): void {
    const invalid = firstInvalid(this.input, from, this.at)
    if (invalid >= 0) this.fail('invalid_utf8', '', invalid)
  }

  #takeBreak(): boolean {
    this.#need(1)
    const found = this.input[this.at] === 0xff
    if (found) this.at++
    return found
  }

  /** Visits the elements of the array whose head was just read, or what is under the tag. */
  each(visit: (reader: Reader) => void): void {
    // A tag is as good as an array of one.
    if (this.major === tag) this.argument = 1
    const first = this.start
    this.#enter(1)
    for (let left = this.argument; this.#more(left, first); left--) visit(this)
  }

  /** Reads the map that stands next: `visit` takes each key, and reads the value that stands next. Gives where the map stands. */
  readMap(visit: (key: Key) => void): number {
    this.headOf(map, 'a map')
    const first = this.start
    this.#members(visit, false)
    return first
  }

  /**
   * Reads the members of the map whose head was just read. `visit` takes each key, and reads its value. Without it keys may be of
   * every type, and are compared by their hashes; values are moved over. Gives a hash of all members, in whatever order.
   */
  #members(visit: ((key: Key) => void) | undefined, isHashed: boolean): number {
    const first = this.start
    // One key cannot be there twice.
    const keys = this.argument === 1 ? undefined : new MapKeys()
    let hash = 0
    this.#enter(2)
    for (let left = this.argument; this.#more(left, first); left--) {
      const offset = this.at
      const key = visit ? this.#key() : this.#walk(true)
      keys?.add(key, offset, this)
      if (visit) visit(key)
      else hash = (hash + hashWith(key as number, this.#walk(isHashed))) % 2 ** 52
    }
    return hash
  }

  /** Goes down into the array, map or tag whose head was just read, with `items` data items to each of its members. */
  #enter(items: number): void {
    this.#need(this.argument * items)
    this.#limit('maxMembers', this.argument)
    const { maxDepth } = this.limits
    if (++this.depth > maxDepth) this.fail('too_deep', `maxDepth ${maxDepth}`)
  }

  /**
   * Whether the array, map or tag at `first` has one more member; if not, it is left. `left` counts down a definite length. For
   * an indefinite one it starts at -1, so that -left members have come.
   */
  #more(left: number, first: number): boolean {
    if (left > 0) return true
    if (left < 0 && !this.#takeBreak()) {
      this.#limit('maxMembers', -left, first)
      return true
    }
    this.depth--
    return false
  }

  #key(): Key {
    this.head()
    if (this.major <= negativeInteger) return this.integer()
    return this.major === textString ? this.text() : this.fail('unexpected_type', 'an integer or text key')
  }

  /**
   * Moves over the item that stands next, whatever it is, checking it as strictly as what the library knows: heads,
   * UTF-8, depth, size, and duplicate keys at every level. Only floats are taken as they are encoded: whether one is the
   * shortest, or has the value of another, is left open.
   */
  skip(): void {
    this.#walk(false)
  }

  /** The same; gives a hash of the item's value, however that is encoded, if asked for. */
  #walk(isHashed: boolean): number {
    this.head()
    const { major, info, argument, start } = this
    if (major === textString || major === byteString) return this.#walkString(isHashed)
    if (major === map) return hashWith(map, this.#members(undefined, isHashed))
    if (major === array || major === tag) {
      let hash = hashWith(major, major === tag ? argument : 0)
      if (major === tag) this.argument = 1
      this.#enter(1)
      for (let left = this.argument; this.#more(left, start); left--)
        hash = hashWith(hash, this.#walk(isHashed))
      return hash
    }
    // In eight bytes the argument may be rounded. A float is told apart by its bits and how many there are.
    const low = isHashed && info === 27 ? this.#lastEight().getUint32(4) : argument % 2 ** 32
    return hashWith(hashWith(major === simple ? 32 + info : major, argument), low)
  }

  #walkString(isHashed: boolean): number {
    let hash = this.major
    if (this.argument < 0) {
      if (isHashed) for (const byte of this.#joinChunks()) hash = hashWith(hash, byte)
      else this.#skipChunks()
      return hash
    }
    const from = this.content()
    if (hash === textString) this.#checkUtf8(from)
    if (isHashed) for (let i = from; i < this.at; i++) hash = hashWith(hash, this.input[i]!)
    return hash
  }
}

/** Moves over the item that stands next; see {@link Reader.skip}. */
export function skip(reader: Reader): void {
  reader.skip()
}

/** A copy, as it came, of the item that stands next, which `read` moves over and checks. */
export function readRaw(reader: Reader, read: (reader: Reader) => void = skip): Uint8Array {
  const first = reader.at
  read(reader)
  return reader.input.slice(first, reader.at)
}

/** Reads an integer: a number where that is safe, a bigint beyond. */
export function readInteger(reader: Reader): number | bigint {
  reader.head()
  if (reader.major > negativeInteger) reader.fail('unexpected_type', 'an integer')
  return reader.integer()
}

/** Reads a text string. */
export function readText(reader: Reader): string {
  reader.headOf(textString, 'a text')
  return reader.text()
}

import { checkObject } from '../cbor/check-object.ts'
import { Failure } from '../failure/failure.ts'
import { checkedCount, checkedNumber, checkedTime } from '../token/option-checks.ts'

/** The length of the sequence number in an identifier, in bytes. */
const sequenceBytes = 8

/**
 * The cti of a token with exi: the identifier of the resource server and a number that counts the tokens with exi which
 * the authorization server issues for it (RFC 9200 §5.10.3). The number takes the last eight bytes, the most significant
 * first.
 *
 * @param resourceServer the identifier that the resource server knows itself by; a text stands for its UTF-8
 * @param sequence an integer from 0 to 2^64-1
 * @throws TypeError for a sequence that is no number, RangeError for one that is no such integer
 *
 * @example
 * ```ts
 * import { exiIdentifier } from 'ace-oauth/resource-server'
 *
 * exiIdentifier('rs1', 5) // 72 73 31 00 00 00 00 00 00 00 05
 * ```
 */
export function exiIdentifier(resourceServer: string | Uint8Array, sequence: number | bigint): Uint8Array {
  if (typeof sequence !== 'bigint' && !Number.isSafeInteger(checkedNumber('sequence', sequence)))
    throw new RangeError('sequence must be an integer, and a bigint beyond 2^53-1')
  const number = BigInt(sequence)
  if (number < 0n || number >= 1n << 64n) throw new RangeError('sequence must be from 0 to 2^64-1')
  const name = nameBytes(resourceServer)
  const cti = new Uint8Array(name.length + sequenceBytes)
  cti.set(name)
  new DataView(cti.buffer).setBigUint64(name.length, number)
  return cti
}

function nameBytes(resourceServer: string | Uint8Array): Uint8Array {
  if (typeof resourceServer === 'string') return new TextEncoder().encode(resourceServer)
  if (resourceServer instanceof Uint8Array) return Uint8Array.from(resourceServer)
  throw new TypeError('resourceServer must be a text or a Uint8Array')
}

/** What a resource server must not forget when it restarts (RFC 9200 §5.10.3, §6.6). It can be stored as JSON. */
export interface ExiState {
  /** The latest time that the register was told, in seconds; absent where it was told none. */
  readonly latest?: number
  /** The highest sequence number of an expired token, in decimal digits, by issuer. */
  readonly highestExpired: Readonly<Record<string, string>>
  /** When each followed token ends, in seconds by the clock of `latest`: by issuer, then by sequence number. */
  readonly running: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** The same for introspected tokens: by issuer, then by what stands for the token. */
  readonly introspected: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** What a register is made for. */
export interface ExiRegisterOptions {
  /** The identifier of the resource server, as it stands in the cti of its tokens. */
  readonly resourceServer: string | Uint8Array
  /**
   * How many tokens of one authorization server are followed at once; beyond, the one that expires first counts as
   * expired. Default: 1,024.
   */
  readonly maxTokens?: number
  /** What {@link ExiRegister.state} gave before a restart. */
  readonly state?: ExiState
}

/** The tokens of one authorization server. */
interface Followed {
  /** The highest sequence number of an expired token; -1 where none has expired. */
  highest: bigint
  /** When the self-contained tokens end, by sequence number. */
  readonly running: Map<bigint, number>
  /** The least time in `running`. */
  earliest: number
  /** When the introspected tokens end, by what stands for them. They stay here after that. */
  readonly introspected: Map<string, number>
}

/**
 * The tokens with exi that a resource server without a synchronized clock has seen (RFC 9200 §5.10.3): when each one
 * expires, and the highest sequence number that has, below which all count as expired. It does not grow beyond
 * `maxTokens` tokens and one number for each authorization server.
 *
 * The clock only has to count seconds. Where it goes back, as after a restart of a device that has no other, each token
 * keeps the time that it had left.
 *
 * @example
 * ```ts
 * import { ExiRegister } from 'ace-oauth/resource-server'
 *
 * const register = new ExiRegister({ resourceServer: 'rs1' })
 * const stored = JSON.stringify(register.state) // to be stored now and then, and when the server stops
 * const restarted = new ExiRegister({ resourceServer: 'rs1', state: JSON.parse(stored) })
 * ```
 */
export class ExiRegister {
  readonly #name: Uint8Array
  readonly #maxTokens: number
  readonly #issuers = new Map<string, Followed>()
  #latest = Number.NEGATIVE_INFINITY

  /** @throws TypeError, RangeError for wrong options, also for a state that {@link ExiRegister.state} did not give */
  constructor(options: ExiRegisterOptions) {
    checkObject('options', options)
    const { resourceServer, maxTokens = 1_024, state } = options
    this.#name = nameBytes(resourceServer)
    this.#maxTokens = checkedCount('maxTokens', maxTokens)
    if (state !== undefined) this.#restore(state)
  }

  /** How many tokens are followed. */
  get size(): number {
    let size = 0
    for (const { running } of this.#issuers.values()) size += running.size
    return size
  }

  /** What must be stored, so that a restart does not give tokens another life. */
  get state(): ExiState {
    const of = <T>(value: (followed: Followed) => T | undefined): Record<string, T> =>
      Object.fromEntries(
        [...this.#issuers].flatMap(([issuer, followed]) => {
          const found = value(followed)
          return found === undefined ? [] : [[issuer, found]]
        }),
      )
    const times = (map: ReadonlyMap<unknown, number>): Record<string, number> | undefined =>
      map.size > 0 ? Object.fromEntries([...map].map(([id, time]) => [String(id), time])) : undefined
    return {
      ...(this.#latest !== Number.NEGATIVE_INFINITY && { latest: this.#latest }),
      highestExpired: of(({ highest }) => (highest >= 0n ? `${highest}` : undefined)),
      running: of(({ running }) => times(running)),
      introspected: of(({ introspected }) => times(introspected)),
    }
  }

  /**
   * Starts the counter of a self-contained token that was verified, or finds it running.
   *
   * @param issuer what tells the authorization server from others, whose numbers are other ones
   * @param cti the identifier of the token
   * @param exi its lifetime, in seconds
   * @param now the time in seconds, by a clock that need not be synchronized
   * @returns when it expires, in seconds by the same clock
   * @throws Failure `authz_info_token_expired`, `authz_info_token_malformed` for an identifier of another form
   * @throws TypeError, RangeError for an exi or a time that is none
   */
  admit(issuer: string, cti: Uint8Array, exi: number | bigint, now: number): number {
    const expiresAt = this.#endOf(exi, now)
    const followed = this.#followedOf(issuer)
    const sequence = this.#sequenceOf(cti)
    if (sequence <= followed.highest) throw new Failure('authz_info_token_expired')
    const running = followed.running.get(sequence)
    if (running !== undefined) return running
    if (!(expiresAt > now)) throw new Failure('authz_info_token_expired')
    if (followed.running.size >= this.#maxTokens) endFirst(followed)
    if (sequence <= followed.highest) throw new Failure('authz_info_token_expired')
    followed.running.set(sequence, expiresAt)
    followed.earliest = Math.min(followed.earliest, expiresAt)
    return expiresAt
  }

  /**
   * Starts the counter of a token that was introspected, or finds it running. Its end is remembered, as long as there is
   * room, so that introspecting it again gives it no other life.
   *
   * @param issuer what tells the authorization server from others
   * @param token what stands for the token
   * @param exi its lifetime, in seconds
   * @param now the time in seconds, by a clock that need not be synchronized
   * @returns when it expires, in seconds by the same clock
   * @throws Failure `authz_info_token_expired`
   * @throws TypeError, RangeError for an exi or a time that is none
   */
  admitIntrospected(issuer: string, token: string, exi: number | bigint, now: number): number {
    const expiresAt = this.#endOf(exi, now)
    const { introspected } = this.#followedOf(issuer)
    const known = introspected.get(token) ?? expiresAt
    if (!introspected.has(token)) {
      if (introspected.size >= this.#maxTokens) introspected.delete(introspected.keys().next().value!)
      introspected.set(token, known)
    }
    if (!(known > now)) throw new Failure('authz_info_token_expired')
    return known
  }

  /**
   * Whether a token that was admitted counts as expired: its own time is over, or that of one with a higher number.
   *
   * @param issuer what tells the authorization server from others
   * @param cti the identifier of the token
   * @param now the time in seconds, by the same clock
   * @throws Failure `authz_info_token_malformed` for an identifier of another form
   * @throws TypeError, RangeError for a time that is none
   */
  hasExpired(issuer: string, cti: Uint8Array, now: number): boolean {
    this.expire(now)
    return this.#sequenceOf(cti) <= (this.#issuers.get(issuer)?.highest ?? -1n)
  }

  /**
   * Forgets the tokens that have expired, and remembers the highest of their numbers.
   *
   * @param now the time in seconds, by the same clock
   * @throws TypeError, RangeError for a time that is none
   */
  expire(now: number): void {
    const back = checkedTime('now', now) - this.#latest
    if (back < 0) this.#shift(back)
    this.#latest = now
    for (const followed of this.#issuers.values()) if (followed.earliest <= now) endUntil(followed, now)
  }

  #endOf(exi: number | bigint, now: number): number {
    this.expire(now)
    return now + checkedNumber('exi', typeof exi === 'bigint' ? Number(exi) : exi)
  }

  /** Lets each token keep the time that it has left when the clock goes back. */
  #shift(seconds: number): void {
    for (const followed of this.#issuers.values()) {
      for (const times of [followed.running, followed.introspected])
        for (const [id, time] of times) (times as Map<unknown, number>).set(id, time + seconds)
      followed.earliest += seconds
    }
  }

  #followedOf(issuer: string): Followed {
    let followed = this.#issuers.get(issuer)
    if (!followed) {
      followed = {
        highest: -1n,
        running: new Map(),
        earliest: Number.POSITIVE_INFINITY,
        introspected: new Map(),
      }
      this.#issuers.set(issuer, followed)
    }
    return followed
  }

  #restore({ latest, highestExpired, running, introspected }: ExiState): void {
    if (latest !== undefined) this.#latest = checkedTime('state.latest', latest)
    for (const [issuer, sequence] of entriesOf('state.highestExpired', highestExpired))
      this.#followedOf(issuer).highest = sequenceIn('state.highestExpired', sequence)
    for (const [issuer, times] of entriesOf('state.running', running))
      for (const [sequence, time] of entriesOf('state.running', times)) {
        const followed = this.#followedOf(issuer)
        followed.running.set(sequenceIn('state.running', sequence), checkedTime('state.running', time))
        followed.earliest = Math.min(followed.earliest, time as number)
      }
    for (const [issuer, times] of entriesOf('state.introspected', introspected))
      for (const [token, time] of entriesOf('state.introspected', times))
        this.#followedOf(issuer).introspected.set(token, checkedTime('state.introspected', time))
  }

  #sequenceOf(cti: Uint8Array): bigint {
    const { length } = this.#name
    const isOurs = cti.length > length && cti.length <= length + sequenceBytes
    if (!isOurs || !this.#name.every((byte, i) => byte === cti[i]))
      throw new Failure('authz_info_token_malformed', {
        details: { expected: 'the cti of a token with exi' },
      })
    return cti.subarray(length).reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)
  }
}

function entriesOf(name: string, value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${name} must be an object`)
  return Object.entries(value)
}

function sequenceIn(name: string, value: unknown): bigint {
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value))
    throw new TypeError(`${name} must hold sequence numbers in decimal digits`)
  return BigInt(value)
}

/** Counts the tokens whose time is over as expired, and with them those of lower numbers. */
function endUntil(followed: Followed, now: number): void {
  let highest = followed.highest
  for (const [sequence, time] of followed.running) if (time <= now && sequence > highest) highest = sequence
  end(followed, highest)
}

/** Counts the token that expires first as expired, and with it those of lower numbers. */
function endFirst(followed: Followed): void {
  endUntil(followed, followed.earliest)
}

function end(followed: Followed, highest: bigint): void {
  followed.highest = highest
  followed.earliest = Number.POSITIVE_INFINITY
  for (const [sequence, time] of followed.running)
    if (sequence <= highest) followed.running.delete(sequence)
    else followed.earliest = Math.min(followed.earliest, time)
}

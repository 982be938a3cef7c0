import { Failure } from '../failure/failure.ts'

/** The length of the sequence number in an identifier, in bytes. */
const sequenceBytes = 8

/**
 * The cti of a token with exi: the identifier of the resource server and a number that counts the tokens with exi which
 * the authorization server issues for it (RFC 9200 §5.10.3). The number takes the last eight bytes, the most significant
 * first.
 *
 * @param resourceServer the identifier that the resource server knows itself by; a text stands for its UTF-8
 * @param sequence 0 to 2^64-1
 * @throws RangeError for a number beyond that
 *
 * @example
 * ```ts
 * import { exiIdentifier } from 'ace-oauth/resource-server'
 *
 * exiIdentifier('rs1', 5) // 72 73 31 00 00 00 00 00 00 00 05
 * ```
 */
export function exiIdentifier(resourceServer: string | Uint8Array, sequence: number | bigint): Uint8Array {
  const number = BigInt(sequence)
  if (number < 0n || number >= 1n << 64n) throw new RangeError('a sequence number is 0 to 2^64-1')
  const name = nameBytes(resourceServer)
  const cti = new Uint8Array(name.length + sequenceBytes)
  cti.set(name)
  new DataView(cti.buffer).setBigUint64(name.length, number)
  return cti
}

function nameBytes(resourceServer: string | Uint8Array): Uint8Array {
  return typeof resourceServer === 'string' ? new TextEncoder().encode(resourceServer) : resourceServer
}

/** What a resource server must not forget when it restarts. */
export interface ExiState {
  /** The highest sequence number of an expired token, in decimal digits, by issuer. */
  readonly highestExpired: Readonly<Record<string, string>>
}

/** What a register is made for. */
export interface ExiRegisterOptions {
  /** The identifier of the resource server, as it stands in the cti of its tokens. */
  readonly resourceServer: string | Uint8Array
  /** How many tokens are followed at once; beyond, the one that expires first counts as expired. Default: 1,024. */
  readonly maxTokens?: number
  /** What {@link ExiRegister.state} gave before a restart. */
  readonly state?: ExiState
}

interface Followed {
  readonly issuer: string
  readonly sequence: bigint
  readonly expiresAt: number
}

/**
 * The tokens with exi that a resource server without a synchronized clock has seen (RFC 9200 §5.10.3): when each one
 * expires, and the highest sequence number that has, below which all count as expired. Its memory does not grow beyond
 * `maxTokens` tokens and one number for each issuer.
 */
export class ExiRegister {
  readonly #name: Uint8Array
  readonly #maxTokens: number
  readonly #followed = new Map<string, Followed>()
  readonly #highest = new Map<string, bigint>()

  constructor({ resourceServer, maxTokens = 1_024, state }: ExiRegisterOptions) {
    this.#name = nameBytes(resourceServer)
    this.#maxTokens = maxTokens
    for (const [issuer, sequence] of Object.entries(state?.highestExpired ?? {}))
      this.#highest.set(issuer, BigInt(sequence))
  }

  /** How many tokens are followed. */
  get size(): number {
    return this.#followed.size
  }

  /** What must be stored, so that a restart does not give expired tokens another life. */
  get state(): ExiState {
    return {
      highestExpired: Object.fromEntries([...this.#highest].map(([issuer, one]) => [issuer, `${one}`])),
    }
  }

  /**
   * Starts the counter of a token that was verified, or finds it running.
   *
   * @param issuer the authorization server, whose numbers are its own
   * @param cti the identifier of the token
   * @param exi its lifetime, in seconds
   * @param now the time in seconds, by a clock that need not be synchronized
   * @returns when it expires, in seconds by the same clock
   * @throws Failure `authz_info_token_expired`, `authz_info_token_malformed` for an identifier of another form
   */
  admit(issuer: string, cti: Uint8Array, exi: number | bigint, now: number): number {
    this.expire(now)
    const sequence = this.#sequenceOf(cti)
    if (sequence <= (this.#highest.get(issuer) ?? -1n)) throw new Failure('authz_info_token_expired')
    const id = `${sequence} ${issuer}`
    const running = this.#followed.get(id)
    if (running) return running.expiresAt
    const expiresAt = now + Number(exi)
    if (expiresAt <= now) throw new Failure('authz_info_token_expired')
    if (this.#followed.size >= this.#maxTokens) this.#end(this.#first())
    this.#followed.set(id, { issuer, sequence, expiresAt })
    return expiresAt
  }

  /**
   * Whether a token that was admitted counts as expired: its own time is over, or that of one with a higher number.
   *
   * @param issuer the authorization server
   * @param cti the identifier of the token
   * @param now the time in seconds, by the same clock
   * @throws Failure `authz_info_token_malformed` for an identifier of another form
   */
  hasExpired(issuer: string, cti: Uint8Array, now: number): boolean {
    const sequence = this.#sequenceOf(cti)
    if (sequence <= (this.#highest.get(issuer) ?? -1n)) return true
    for (const one of this.#followed.values())
      if (one.issuer === issuer && one.sequence >= sequence && one.expiresAt <= now) return true
    return false
  }

  /** Forgets the tokens that have expired, and remembers the highest of their numbers. */
  expire(now: number): void {
    for (const one of this.#followed.values()) if (one.expiresAt <= now) this.#end(one)
  }

  /** The token that expires first. */
  #first(): Followed | undefined {
    let first: Followed | undefined
    for (const one of this.#followed.values()) if (!first || one.expiresAt < first.expiresAt) first = one
    return first
  }

  /** Counts a token as expired, and with it those of lower numbers. */
  #end(ended: Followed | undefined): void {
    if (!ended) return
    const { issuer, sequence } = ended
    if (sequence > (this.#highest.get(issuer) ?? -1n)) this.#highest.set(issuer, sequence)
    for (const [id, one] of this.#followed)
      if (one.issuer === issuer && one.sequence <= this.#highest.get(issuer)!) this.#followed.delete(id)
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

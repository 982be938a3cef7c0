import type { TokenKey } from '../cose/token-key.ts'
import { Failure } from '../failure/failure.ts'
import type { Confirmation } from '../message/confirmation.ts'
import type { ExiRegister } from './exi-register.ts'
import type { Holding } from './held-tokens.ts'
import { hasExpired, type VerifiedToken } from './verified-token.ts'

/** A token that is held, with all the names of its key. */
export interface HeldToken {
  token: VerifiedToken
  arrival: number
  /** The confirmation that brought the key, or named it first. */
  cnf: Confirmation | undefined
  /** Whether that confirmation brought it. */
  isBrought: boolean
  key: TokenKey | undefined
  /** What follows the token, where that has exi. */
  exi: ExiRegister | undefined
  discard: (() => void) | undefined
  readonly names: Set<string>
  readonly kids: Set<string>
  /** Whether it was told that its rights are suspended until it is introspected again. */
  isTold: boolean
  /** The introspection that is under way. */
  asking: Promise<void> | undefined
}

/** The keys that came with a kid. */
interface Kid {
  /** The one that had it first, while its token is held. */
  first: HeldToken | undefined
  readonly all: Set<HeldToken>
  /** Whether more than one had it, also where their tokens are no longer held. */
  isAmbiguous: boolean
}

function emptyFor({ token, arrival }: Holding): HeldToken {
  return {
    token,
    arrival,
    cnf: undefined,
    isBrought: false,
    key: undefined,
    exi: undefined,
    discard: undefined,
    names: new Set(),
    kids: new Set(),
    isTold: false,
    asking: undefined,
  }
}

/** The tokens of one authorization server: its names and kids, and nobody else's. */
export class IssuerTokens {
  readonly #issuerId: string
  readonly #maxTokens: number
  /** In the order in which they were held. */
  readonly #all = new Set<HeldToken>()
  readonly #byName = new Map<string, HeldToken>()
  readonly #kids = new Map<string, Kid>()
  /** The tokens that were found expired, and whose end was not told yet. */
  #untold: VerifiedToken[] = []

  constructor(issuerId: string, maxTokens: number) {
    this.#issuerId = issuerId
    this.#maxTokens = maxTokens
  }

  get size(): number {
    return this.#all.size
  }

  /** The token of a name or a kid; one that has expired is dropped. */
  find(name: string, now: number): HeldToken | undefined {
    return this.#live(name.startsWith('kid:') ? this.#kids.get(name)?.first : this.#byName.get(name), now)
  }

  /** Whether a key that is held has this kid. */
  hasKid(kid: string, now: number): boolean {
    return this.#liveKid(kid, now) !== undefined
  }

  /**
   * Holds a token in the place of the one that there is for its key.
   *
   * @returns whether it is held: not so where one for the same key came in later
   * @throws Failure `authz_info_key_unusable`, `authz_info_update_refused`; then nothing has changed
   */
  put(holding: Holding): boolean {
    const { token, arrival, exi, discard } = holding
    const before = this.#ofSameKey(holding)
    const later = before.find((held) => held.arrival > arrival)
    const held = later ?? before[0] ?? emptyFor(holding)
    const others = before.filter((other) => other !== held)
    for (const other of others) this.#absorb(held, other, holding.now)
    this.#describe(held, holding, later === undefined)
    let ended: (() => void) | undefined
    if (!later) {
      // An introspected token that is sent again does not begin again.
      const isRepeated = held.token.identity === token.identity && token.claims.exi !== undefined
      held.token = isRepeated ? token.endingAt(held.token.origin.endsAt) : token
      held.arrival = arrival
      held.exi = token.claims.exi !== undefined && token.layers.length > 0 ? exi : undefined
      held.isTold = false
      if (discard) {
        ended = held.discard
        held.discard = discard
      }
      this.#all.delete(held)
      this.#all.add(held)
    }
    ended?.()
    for (const other of others) other.discard?.()
    if (this.#all.size > this.#maxTokens) this.drop(this.#all.values().next().value!)
    return later === undefined
  }

  /** Drops the tokens that have expired, and tells whose rights end now. */
  expire(now: number): VerifiedToken[] {
    const ended = this.#untold
    this.#untold = []
    for (const held of this.#all) {
      if (this.#isOver(held, now)) {
        if (!held.isTold) ended.push(held.token)
        this.drop(held)
      } else if (!held.isTold && hasExpired(held.token, now)) {
        held.isTold = true
        ended.push(held.token)
      }
    }
    return ended
  }

  dropAll(which: (token: VerifiedToken) => boolean): VerifiedToken[] {
    const dropped = [...this.#all].filter((held) => which(held.token))
    for (const held of dropped) this.drop(held)
    return dropped.map(({ token }) => token)
  }

  drop(held: HeldToken): void {
    this.#remove(held)
    held.discard?.()
  }

  /** The tokens that are held for the key of a new one: more than one where it has names that were known of two. */
  #ofSameKey({ token, key, arrival, now, updates }: Holding): HeldToken[] {
    if (updates !== undefined) {
      const context = this.#live(this.#byName.get(updates), now)
      if (!context) throw new Failure('authz_info_update_refused')
      return [context]
    }
    if (key.names.length > 0) {
      const found = new Set<HeldToken>()
      for (const name of key.names) {
        const held = this.#live(this.#byName.get(name), now)
        if (held) found.add(held)
      }
      // A token that refers to this key by kid alone, and was verified before the one that brings the key.
      if (found.size === 0)
        for (const kid of key.kids) {
          const held = this.find(kid, now)
          if (held && held.names.size === 0 && held.arrival > arrival) found.add(held)
        }
      return [...found]
    }
    const [kid] = key.kids
    if (kid === undefined) return []
    // The rights of a security context change by way of it alone (RFC 9203 §4.1).
    const isOscore =
      token.claims.ace_profile === 'coap_oscore' ||
      this.#live(this.#byName.get(kid.replace('kid:', 'osc:')), now) !== undefined
    if (isOscore)
      throw new Failure('authz_info_key_unusable', {
        details: { expected: 'the security context of the kid' },
      })
    const known = this.#liveKid(kid, now)
    if (known?.isAmbiguous)
      throw new Failure('authz_info_key_unusable', { details: { expected: 'a kid that one key has' } })
    return known?.first ? [known.first] : []
  }

  /** Adds what a token says of its key. */
  #describe(held: HeldToken, { token, key, now, updates }: Holding, isLast: boolean): void {
    if (updates !== undefined) return
    if (held.cnf === undefined || (key.isBrought && (isLast || !held.isBrought))) held.cnf = token.claims.cnf
    held.isBrought ||= key.isBrought
    held.key = isLast ? (key.key ?? held.key) : (held.key ?? key.key)
    for (const name of key.names) this.#name(held, name)
    for (const kid of key.kids) this.#addKid(held, kid, now)
  }

  /** Counts what was held for two keys as held for one, since a token has names of both. */
  #absorb(held: HeldToken, other: HeldToken, now: number): void {
    this.#remove(other)
    for (const name of other.names) this.#name(held, name)
    for (const kid of other.kids) this.#addKid(held, kid, now)
  }

  #name(held: HeldToken, name: string): void {
    held.names.add(name)
    this.#byName.set(name, held)
  }

  #addKid(held: HeldToken, name: string, now: number): void {
    held.kids.add(name)
    const kid = this.#liveKid(name, now)
    if (!kid) this.#kids.set(name, { first: held, all: new Set([held]), isAmbiguous: false })
    else if (!kid.all.has(held)) {
      kid.all.add(held)
      kid.isAmbiguous = true
    }
  }

  /** A kid that one of the tokens that are held has; a kid is free again when none has it. */
  #liveKid(name: string, now: number): Kid | undefined {
    for (const held of this.#kids.get(name)?.all ?? []) this.#live(held, now)
    return this.#kids.get(name)
  }

  #live(held: HeldToken | undefined, now: number): HeldToken | undefined {
    if (!held || !this.#isOver(held, now)) return held
    if (!held.isTold) this.#untold = [...this.#untold, held.token].slice(-this.#maxTokens)
    this.drop(held)
    return undefined
  }

  #isOver({ token, exi }: HeldToken, now: number): boolean {
    const { endsAt } = token.origin
    if (endsAt !== undefined && !(endsAt > now)) return true
    return exi?.hasExpired(this.#issuerId, token.claims.cti!, now) === true
  }

  #remove(held: HeldToken): void {
    this.#all.delete(held)
    for (const name of held.names) if (this.#byName.get(name) === held) this.#byName.delete(name)
    for (const name of held.kids) {
      const kid = this.#kids.get(name)
      if (!kid?.all.delete(held)) continue
      if (kid.first === held) kid.first = undefined
      if (kid.all.size === 0) this.#kids.delete(name)
    }
  }
}

import { checkObject } from '../cbor/check-object.ts'
import type { TokenKey } from '../cose/token-key.ts'
import { Failure } from '../failure/failure.ts'
import type { Confirmation } from '../message/confirmation.ts'
import { checkedCount, checkedTime, systemTime, timeOf } from '../token/option-checks.ts'
import { type ConfirmationKey, confirmationKey } from './confirmation-key.ts'
import type { ExiRegister } from './exi-register.ts'
import { hideConfirmation } from './hidden-secrets.ts'
import { type HeldToken, IssuerTokens } from './issuer-tokens.ts'
import { hasExpired, VerifiedToken, type VerifiedTokenMembers } from './verified-token.ts'
import { verifyAccessToken } from './verify-access-token.ts'
import type { VerifyOptions } from './verify-options.ts'

/** What is known of a token beyond its claims. */
export interface HoldOptions {
  /**
   * What {@link HeldTokens.arrive} gave when the token came in, before it was verified. Default: it comes after all that
   * are held.
   */
  readonly arrival?: number | undefined
  /** What admitted it, if it has exi: then it ends when one with a higher number does. Default: its own time alone counts. */
  readonly exi?: ExiRegister | undefined
  /** The time in seconds since 1970. Default: that of the system. */
  readonly now?: (() => number) | undefined
}

/** @internal What comes of holding a token. */
export interface Holding {
  readonly token: VerifiedToken
  readonly key: ConfirmationKey
  readonly arrival: number
  readonly now: number
  readonly exi?: ExiRegister | undefined
  /** Ends the OSCORE security context that goes with the token. */
  readonly discard?: (() => void) | undefined
  /** The OSCORE input material whose context protected the token, as one of the names: then the token is for that key alone. */
  readonly updates?: string | undefined
}

/**
 * The access tokens that a resource server holds: one of each authorization server for each proof-of-possession key, so
 * that a new token replaces the one before (RFC 9200 §5.10.1), however the key is named: as itself, encrypted, or by a
 * thumbprint. Of two tokens for one key, the one that came in later is held, whichever was verified first.
 *
 * A token that names its key by kid alone is for the key of the same authorization server that came with this kid: it
 * replaces the token that brought the key, and keeps the confirmation of that. A kid need not be unique, and a client
 * can choose that of its own key (RFC 9200 §5.8.2). One that two keys came with says no longer which of them a token is
 * for, as long as a token for either is held; it finds the key that had it first. It never refers to OSCORE input
 * material, whose tokens are updated through its security context alone (RFC 9203 §4.1).
 *
 * What has expired counts as absent, whether or not {@link HeldTokens.expire} was called.
 */
export class HeldTokens {
  readonly #issuers = new Map<string, IssuerTokens>()
  readonly #maxTokens: number
  #arrivals = 0

  /**
   * @param maxTokens how many tokens of one authorization server are held; beyond, the one of it that was held longest is
   * dropped. Default: 1,024
   * @throws TypeError, RangeError for what is no such number
   */
  constructor(maxTokens: number = 1_024) {
    this.#maxTokens = checkedCount('maxTokens', maxTokens)
  }

  /** How many tokens are held, with those that have expired since {@link HeldTokens.expire} was called. */
  get size(): number {
    let size = 0
    for (const tokens of this.#issuers.values()) size += tokens.size
    return size
  }

  /**
   * The place of a token in the order in which tokens come in, to be taken when it comes in and given to
   * {@link HeldTokens.hold} once it is verified.
   */
  arrive(): number {
    this.#arrivals++
    return this.#arrivals
  }

  /**
   * Holds a token that came by another way than {@link answerAuthzInfo}, such as the handshake of DTLS (RFC 9202 §3.3.2). A
   * token without a confirmation is held under `token:` and its hash.
   *
   * @param given the token, or what was stored of it
   * @returns whether it is held: not so where one for the same key came in later
   * @throws Failure `authz_info_key_unusable` for a confirmation whose key cannot be used, for a kid alone that more than
   * one key has, and for OSCORE input material, which needs a security context; `authz_info_token_expired`
   * @throws TypeError, RangeError for wrong options
   */
  async hold(given: VerifiedTokenMembers, options: HoldOptions = {}): Promise<boolean> {
    checkObject('options', options)
    const { arrival = this.arrive(), exi, now = systemTime } = options
    if (checkedCount('arrival', arrival) > this.#arrivals)
      throw new RangeError('arrival must come from arrive()')
    const token = given instanceof VerifiedToken ? given : new VerifiedToken(given)
    if (token.claims.cnf?.osc)
      throw new Failure('authz_info_key_unusable', { details: { expected: 'a security context with osc' } })
    const key = await keyOf(token)
    return this.put({ token, key, arrival, exi, now: timeOf(now) })
  }

  /** @internal Holds a token at once, or nothing of it. */
  put(holding: Holding): boolean {
    const { token } = holding
    const { issuerId } = token.origin
    const tokens = this.#issuers.get(issuerId) ?? new IssuerTokens(issuerId, this.#maxTokens)
    if (hasExpired(token, holding.now)) throw new Failure('authz_info_token_expired')
    this.#requireOwnKid(tokens, holding)
    const isHeld = tokens.put(holding)
    this.#issuers.set(issuerId, tokens)
    return isHeld
  }

  /** A kid alone is no key of another authorization server: which one it names would be in doubt (RFC 8747 §3.4). */
  #requireOwnKid(own: IssuerTokens, { key, now, updates }: Holding): void {
    const [kid] = key.names.length === 0 && updates === undefined ? key.kids : []
    if (kid === undefined || own.hasKid(kid, now)) return
    for (const tokens of this.#issuers.values())
      if (tokens !== own && tokens.hasKid(kid, now))
        throw new Failure('authz_info_key_unusable', {
          details: { expected: 'a kid of a key of the same authorization server' },
        })
  }

  /**
   * The token for the key that a client proved possession of, or for a token that is bound to none.
   *
   * @param name the first of the {@link confirmationNames}. A kid finds the key of which possession is to be proven, and
   * says nothing of a key of which it was: another may have it too
   * @param now the time in seconds since 1970
   * @param issuer the authorization server. Default: whichever; then a key that several have issued tokens for has the one
   * that came in last, and an identifier that several have given to different keys finds nothing
   * @returns undefined also where the token has expired, or is to be introspected again: see {@link HeldTokens.current}
   * @throws TypeError, RangeError for a time that is none
   */
  find(name: string, now: number = systemTime(), issuer?: string): VerifiedToken | undefined {
    const held = this.#find(name, now, issuer)
    return held && !hasExpired(held.token, now) ? held.token : undefined
  }

  /**
   * The same, but a token whose introspection is too old ({@link Introspection.maxAge}) is introspected again.
   *
   * @param options those that the token was verified with; their `now` is the clock
   * @throws Failure `access_introspection_failed` where the authorization server cannot be asked: without an answer there is no
   * access (RFC 9200 §6.10)
   */
  async current(name: string, options: VerifyOptions, issuer?: string): Promise<VerifiedToken | undefined> {
    const now = options.now ?? systemTime
    const held = this.#find(name, timeOf(now), issuer)
    if (!held) return undefined
    if (!hasExpired(held.token, timeOf(now))) return held.token
    held.asking ??= this.#introspect(held, options).finally(() => {
      held.asking = undefined
    })
    await held.asking
    return this.find(name, timeOf(now), issuer)
  }

  async #introspect(held: HeldToken, options: VerifyOptions): Promise<void> {
    const { token: before } = held
    const { reference, issuerId } = before.origin
    if (!reference) return
    let token: VerifiedToken
    try {
      token = await verifyAccessToken(reference, options, 'reference')
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      const isUnanswered =
        error.code === 'authz_info_introspection_failed' || !error.coapCode?.startsWith('4')
      if (isUnanswered) throw new Failure('access_introspection_failed', { cause: error })
      if (held.token === before) this.#issuers.get(issuerId)?.drop(held)
      return
    }
    const { names, kids } = await keyOf(token)
    // Another may have come in meanwhile.
    if (held.token !== before) return
    const isSameKey =
      names.length > 0 && held.names.size > 0
        ? names.some((name) => held.names.has(name))
        : kids.some((kid) => held.kids.has(kid))
    if (!isSameKey || token.origin.issuerId !== issuerId) return this.#issuers.get(issuerId)?.drop(held)
    // The answer does not know when the token was first seen.
    held.token = token.claims.exi === undefined ? token : token.endingAt(before.origin.endsAt)
    held.isTold = false
  }

  /**
   * The confirmation that brought the key of a token that is held, also where the token itself only refers to it. Printing
   * it, in JSON too, hides the secrets in it.
   *
   * @param name one of the {@link confirmationNames}
   * @param now the time in seconds since 1970
   * @param issuer see {@link HeldTokens.find}
   */
  confirmation(name: string, now: number = systemTime(), issuer?: string): Confirmation | undefined {
    const cnf = this.#find(name, now, issuer)?.cnf
    return cnf && hideConfirmation(cnf)
  }

  /**
   * The proof-of-possession key of a token that is held, where its confirmation brought one, encrypted or not.
   *
   * @param name one of the {@link confirmationNames}; for a pre-shared key in DTLS, the kid (RFC 9202 §3.3.2)
   * @param now the time in seconds since 1970
   * @param issuer see {@link HeldTokens.find}
   */
  key(name: string, now: number = systemTime(), issuer?: string): TokenKey | undefined {
    return this.#find(name, now, issuer)?.key
  }

  /**
   * Drops the tokens that have expired, and tells whose rights end now: what they allowed, such as an observation, ends with
   * them (RFC 9200 §5.10.1.1, §5.10.3). Those that only have to be introspected again are told once, and are kept for
   * {@link HeldTokens.current}.
   *
   * @param now the time in seconds since 1970
   */
  expire(now: number = systemTime()): VerifiedToken[] {
    checkedTime('now', now)
    return [...this.#issuers.values()].flatMap((tokens) => tokens.expire(now))
  }

  /**
   * Drops tokens, such as those on a token revocation list (RFC 9770 §11.1).
   *
   * @param which whether to drop a token
   * @returns those that were dropped
   */
  drop(which: (token: VerifiedToken) => boolean): VerifiedToken[] {
    return [...this.#issuers.values()].flatMap((tokens) => tokens.dropAll(which))
  }

  /** @internal Whether OSCORE input material with this identifier is held, of which issuers. */
  issuersOf(name: string, now: number): string[] {
    return [...this.#issuers].flatMap(([issuerId, tokens]) => (tokens.find(name, now) ? [issuerId] : []))
  }

  #find(name: string, now: number, issuer: string | undefined): HeldToken | undefined {
    checkedTime('now', now)
    const found: HeldToken[] = []
    for (const tokens of this.#issuers.values()) {
      const held = tokens.find(name, now)
      if (held && (issuer === undefined || held.token.issuer === issuer)) found.push(held)
    }
    if (found.length < 2) return found[0]
    // Identifiers of two authorization servers may be of two keys. A thumbprint or a token is of one.
    if (name.startsWith('kid:') || name.startsWith('osc:')) return undefined
    return found.reduce((last, one) => (one.arrival > last.arrival ? one : last))
  }
}

/** @internal The key that a token is for; one without a confirmation stands for itself. */
export async function keyOf(token: VerifiedToken): Promise<ConfirmationKey> {
  const { cnf } = token.claims
  return cnf
    ? confirmationKey(cnf, token.origin)
    : { names: [`token:${token.hash}`], kids: [], key: undefined, isBrought: false }
}

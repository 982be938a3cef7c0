import { TokenKey } from '../cose/token-key.ts'
import { Failure } from '../failure/failure.ts'
import type { Confirmation } from '../message/confirmation.ts'
import { hex } from '../table/hex.ts'
import { toUtf8 } from '../table/types.ts'
import { protecting } from '../token/protection-error.ts'
import type { ExiRegister } from './exi-register.ts'
import type { VerifiedToken } from './verify-access-token.ts'

/**
 * The names of a proof-of-possession key, the first of which tells it from all others: its thumbprint, or the identifier
 * that it is referred to by (RFC 8747 §3.2 to §3.4, RFC 9203 §3.2.1).
 *
 * @throws ProtectionError, DecodeError for a confirmation whose key is none
 */
export async function confirmationNames(cnf: Confirmation): Promise<string[]> {
  const { COSE_Key, Encrypted_COSE_Key, kid, osc, ckt, jkt } = cnf
  const names: string[] = []
  if (COSE_Key) {
    const key = await protecting(() => TokenKey.fromCose(COSE_Key))
    names.push(`ckt:${hex(await key.thumbprint())}`)
    if (key.kid) names.push(`kid:${hex(key.kid)}`)
  }
  if (ckt) names.push(`ckt:${hex(ckt)}`)
  if (jkt) names.push(`jkt:${hex(jkt)}`)
  if (osc?.id) names.push(`osc:${hex(osc.id)}`, `kid:${hex(osc.id)}`)
  const certificate = cnf['x5t#S256']
  if (certificate) names.push(`x5t:${hex(certificate)}`)
  if (Encrypted_COSE_Key) names.push(`encrypted:${hex(Encrypted_COSE_Key)}`)
  // Last, so that it comes first only where nothing else tells the key.
  if (kid !== undefined) names.push(`kid:${hex(kidBytes(kid))}`)
  return names
}

/** A token that is held. */
/** A kid, which is a text where it came in JSON and is not base64url. */
export function kidBytes(kid: Uint8Array | string): Uint8Array {
  return typeof kid === 'string' ? toUtf8(kid) : kid
}

interface Held {
  readonly names: readonly string[]
  readonly token: VerifiedToken
  /** The confirmation that brought the key. */
  readonly cnf: Confirmation | undefined
  /** What follows the token, where that has exi. */
  readonly exi: ExiRegister | undefined
}

/** What is known of a token beyond its claims. */
export interface HoldOptions {
  /**
   * The key that it is for, as one of the {@link confirmationNames}, where the security context that protected the request
   * tells it (RFC 9203 §4.2). Default: the key that its confirmation tells.
   */
  readonly name?: string | undefined
  /** What admitted it, if it has exi: then it ends when one with a higher number does. Default: its own time alone counts. */
  readonly exi?: ExiRegister | undefined
}

/**
 * The access tokens that a resource server holds: one for each proof-of-possession key, so that a new token replaces the
 * one before (RFC 9200 §5.10.1). A token that names its key by kid alone replaces the one that brought the key, and keeps
 * the confirmation of that.
 *
 * A kid need not be unique, and a client can choose that of its own key (RFC 9200 §5.8.2). One that two keys came with
 * says no longer which of them a token is for, as long as a token for either is held; it finds the key that had it first.
 */
export class HeldTokens {
  readonly #held = new Map<string, Held>()
  /** The names that more than one of the keys has, or had while another was held. */
  readonly #ambiguous = new Set<string>()
  readonly #maxTokens: number

  /** @param maxTokens how many tokens are held; beyond, the one that was held longest is dropped. Default: 1,024 */
  constructor(maxTokens = 1_024) {
    this.#maxTokens = maxTokens
  }

  /** How many tokens are held. */
  get size(): number {
    return new Set(this.#held.values()).size
  }

  /**
   * Holds a token.
   *
   * @returns the token that it replaces, if any
   * @throws ProtectionError, DecodeError for a confirmation whose key is none
   * @throws Failure `authz_info_key_unusable` for a kid alone that more than one key has
   */
  async hold(token: VerifiedToken, { name, exi }: HoldOptions = {}): Promise<VerifiedToken | undefined> {
    const { cnf } = token.claims
    const own = name ? [name] : cnf ? await confirmationNames(cnf) : [`token:${token.hash}`]
    const first = own[0]!
    if (first.startsWith('kid:') && this.#ambiguous.has(first))
      throw new Failure('authz_info_key_unusable', { details: { expected: 'a kid that one key has' } })
    const before = this.#held.get(first)
    const isReference = before !== undefined && (name !== undefined || first.startsWith('kid:'))
    const names = isReference ? before.names : own
    // The register does not follow references (RFC 9200 §5.10.3).
    const isFollowed = token.claims.exi !== undefined && token.layers.length > 0
    const held = { names, token, cnf: isReference ? before.cnf : cnf, exi: isFollowed ? exi : undefined }
    if (before) this.#remove(before)
    for (const [i, one] of names.entries()) {
      // Another key keeps its names: whoever takes one over would get the rights that are meant for that key.
      const other = this.#held.get(one)
      const isTaken = other && (other.names[0] === one || !isOver(other, token.verifiedAt))
      if (i > 0 && isTaken && other !== held) this.#ambiguous.add(one)
      else this.#held.set(one, held)
    }
    if (before) this.#settle(before)
    if (this.size > this.#maxTokens) this.#drop(this.#held.values().next().value!)
    return before?.token
  }

  /**
   * The token for the key that a client proved possession of, or for a token that is bound to none.
   *
   * @param name the first of the {@link confirmationNames}. A kid finds the key of which possession is to be proven, and
   * says nothing of a key of which it was: another may have it too
   * @param now the time in seconds since 1970: a token that has expired is dropped
   */
  find(name: string, now: number = Date.now() / 1_000): VerifiedToken | undefined {
    const held = this.#held.get(name)
    if (!held || !isOver(held, now)) return held?.token
    this.#drop(held)
    return undefined
  }

  /**
   * The confirmation that brought the key of a token that is held, also where the token itself only refers to it.
   *
   * @param name one of the {@link confirmationNames}
   */
  confirmation(name: string): Confirmation | undefined {
    return this.#held.get(name)?.cnf
  }

  /** Drops the tokens that have expired and tells which: what they allowed ends now (RFC 9200 §5.10.1.1, §5.10.3). */
  expire(now: number = Date.now() / 1_000): VerifiedToken[] {
    const expired = [...new Set(this.#held.values())].filter((held) => isOver(held, now))
    for (const held of expired) this.#drop(held)
    return expired.map(({ token }) => token)
  }

  #drop(held: Held): void {
    this.#remove(held)
    this.#settle(held)
  }

  #remove(held: Held): void {
    for (const name of held.names) if (this.#held.get(name) === held) this.#held.delete(name)
  }

  /** A name is free again when no key that is held has it. */
  #settle({ names }: Held): void {
    for (const name of names)
      if (this.#ambiguous.has(name) && ![...this.#held.values()].some((one) => one.names.includes(name)))
        this.#ambiguous.delete(name)
  }
}

function isOver({ token, exi }: Held, now: number): boolean {
  const { issuer = '', claims } = token
  return hasExpired(token, now) || exi?.hasExpired(issuer, claims.cti!, now) === true
}

/** Whether the time of a token is over. */
export function hasExpired({ expiresAt }: VerifiedToken, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now
}

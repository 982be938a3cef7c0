import type { TokenKey } from '../cose/token-key.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import type { TokenLayer } from '../token/cwt.ts'
import type { TokenClaims } from '../token/token-claims.ts'

/** The format of an access token. */
export type TokenFormat = 'cwt' | 'jwt' | 'reference'

/** What is known of a verified token. */
export interface VerifiedTokenMembers {
  readonly format: TokenFormat
  readonly claims: TokenClaims
  readonly issuer: string | undefined
  readonly layers: readonly TokenLayer[]
  readonly verifiedAt: number
  readonly expiresAt: number | undefined
  readonly hash: string
  /** Default: the hash. */
  readonly identity?: string
  /** Default: none. */
  readonly tokenHashes?: readonly Uint8Array[]
}

/** What a resource server needs of a verified token beside what it shows. */
export interface TokenOrigin {
  /** What tells its authorization server from the others that are trusted, also where it has no name. */
  readonly issuerId: string
  /** The keys that decrypt what the authorization server encrypts for this resource server. */
  readonly decryptWith: readonly TokenKey[]
  /** The algorithms of that authorization server that are taken, where they are listed. */
  readonly algorithms: readonly CoseAlgorithmName[] | undefined
  /** The token itself, where it was introspected and can be once more. */
  readonly reference: Uint8Array | undefined
  /** When it ends, also where it is introspected again until then; undefined where it does not. */
  readonly endsAt: number | undefined
}

/**
 * An access token that a resource server verified. Printing it, in JSON too, tells neither the token nor a key in its
 * confirmation.
 */
export class VerifiedToken implements VerifiedTokenMembers {
  /** `reference` for whatever token was introspected. */
  readonly format: TokenFormat
  /** The claims, which can be relied on. */
  readonly claims: TokenClaims
  /** The authorization server that protected it, or told of it; undefined where it has no name. */
  readonly issuer: string | undefined
  /** How it was protected, from the outside to the inside; empty for one that was introspected. */
  readonly layers: readonly TokenLayer[]
  /** When it was verified, in seconds since 1970. */
  readonly verifiedAt: number
  /**
   * When what it allows ends, in seconds since 1970: it expires, or it has to be introspected again. Undefined where it
   * does not end.
   */
  readonly expiresAt: number | undefined
  /**
   * The SHA-256 of the bytes that came, in base64url: good for logs and for finding a token that the authorization server
   * stored by `hashReference`. It is no use in a list of refused tokens: whoever has a token can change its framing
   * (tag 61, unprotected header parameters, the s of an ECDSA signature, padding), so that the hash is another and the token
   * still verifies. See `identity`.
   */
  readonly hash: string
  /**
   * What stands for the token in lists of refused tokens, in base64url: a SHA-256 of the authorization server and of what it
   * protected, which no change of framing changes. Of a token that was introspected, that of its cti, or where the
   * answer has none that of its bytes.
   */
  readonly identity: string
  /**
   * The token hashes that a token revocation list may have it under (RFC 9770 §4.3): one of a CWT, two of any other token.
   * Empty where `isRevoked` is not set.
   */
  readonly tokenHashes: readonly Uint8Array[]
  readonly #origin: TokenOrigin

  constructor(members: VerifiedTokenMembers, origin?: TokenOrigin) {
    this.format = members.format
    this.claims = members.claims
    this.issuer = members.issuer
    this.layers = members.layers
    this.verifiedAt = members.verifiedAt
    this.expiresAt = members.expiresAt
    this.hash = members.hash
    this.identity = members.identity ?? members.hash
    this.tokenHashes = members.tokenHashes ?? []
    this.#origin = origin ?? {
      issuerId: members.issuer ?? '',
      decryptWith: [],
      algorithms: undefined,
      reference: undefined,
      endsAt: members.expiresAt,
    }
  }

  /** @internal */
  get origin(): TokenOrigin {
    return this.#origin
  }

  /** @internal The same token, with an end that is no later than this. */
  endingAt(end: number | undefined): VerifiedToken {
    const { endsAt } = this.#origin
    if (end === undefined || (endsAt !== undefined && endsAt <= end)) return this
    const expiresAt = earlier(this.expiresAt, end)
    return new VerifiedToken({ ...members(this), expiresAt }, { ...this.#origin, endsAt: end })
  }

  /** What may be shown, with secrets hidden. */
  toJSON(): Record<string, unknown> {
    return {
      ...members(this),
      claims: this.claims.toString(),
      layers: this.layers.map(({ structure, alg, key }) => ({ structure, alg, key: key.toString() })),
      tokenHashes: this.tokenHashes.length,
    }
  }

  [Symbol.for('nodejs.util.inspect.custom')](
    _depth: number,
    options: unknown,
    inspect: (value: unknown, options: unknown) => string,
  ): string {
    return `VerifiedToken ${inspect(this.toJSON(), options)}`
  }
}

function members(token: VerifiedToken): VerifiedTokenMembers {
  const { format, claims, issuer, layers, verifiedAt, expiresAt, hash, identity, tokenHashes } = token
  return { format, claims, issuer, layers, verifiedAt, expiresAt, hash, identity, tokenHashes }
}

/** The earlier of two times, of which undefined is none. */
export function earlier(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return Math.min(one, other)
}

/** Whether the time of a token is over, or has come to introspect it again. */
export function hasExpired({ expiresAt }: VerifiedToken, now: number): boolean {
  return expiresAt !== undefined && !(expiresAt > now)
}

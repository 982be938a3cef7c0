import { checkObject } from '../cbor/check-object.ts'
import type { DecodeOptions } from '../cbor/options.ts'
import type { CoseStructure } from '../cose/algorithms.ts'
import { TokenKey } from '../cose/token-key.ts'
import type { IntrospectionResponse } from '../message/introspection-response.ts'
import type { Scope } from '../message/scope.ts'
import type { AceProfileName } from '../registry/generated/ace-profiles.ts'
import { checkedNumber, checkLimits } from '../token/option-checks.ts'
import { TokenClaims, type TokenClaimsMembers } from '../token/token-claims.ts'
import { keyList, type TokenKeys } from '../token/token-keys.ts'
import type { ExiRegister } from './exi-register.ts'

/** An authorization server that has the right to issue tokens for the resource server, and what is trusted for what. */
export interface TrustedIssuer extends TokenKeys<TokenKey | readonly TokenKey[]> {
  /**
   * The keys that vouch for its tokens. Where there is one among them that signs or MACs, those that encrypt only
   * decrypt, as under `decryptWith`: a token needs a signature or MAC beside the encryption, since a key that a group
   * of resource servers shares says nothing of who encrypted (RFC 9200 §6.1).
   */
  readonly keys: TokenKey | readonly TokenKey[]
  /**
   * What it is called in the iss claim. Without it, a token that has that claim is refused. Where there are several
   * authorization servers, it is what keeps their keys, kids and numbers apart: two entries with one name are one.
   */
  readonly issuer?: string | undefined
  /**
   * The keys that only decrypt: the encryption around signed tokens, and the keys in confirmations (`Encrypted_COSE_Key`,
   * `jwe`). They vouch for nothing. Default: none.
   */
  readonly decryptWith?: TokenKey | readonly TokenKey[] | undefined
  /** What its CWTs are where they have no tag. Default: they need one. */
  readonly untagged?: CoseStructure | undefined
  /**
   * The types of its JWTs that are taken, in the `typ` header parameter; undefined stands for a token without one.
   * Default: `at+jwt` (RFC 9068 §4), since other JWTs of the server, such as ID Tokens, are signed with the same keys.
   */
  readonly types?: readonly (string | undefined)[] | undefined
  /**
   * Whether its CWTs have to have the one form that RFC 9770 §3 gives them: tag 61 around the tag of the structure, each in
   * its shortest encoding, and no unprotected header parameters. Needed where `isRevoked` goes by token hashes.
   * Default: false.
   */
  readonly isHashable?: boolean | undefined
}

/** How to ask an authorization server about a token. */
export interface Introspection {
  /** What the authorization server is called in the iss claim. */
  readonly issuer?: string | undefined
  /**
   * Asks it (RFC 9200 §5.9). A Failure with a response code that it throws is passed on; whatever else it throws,
   * such as the Failure of a client, is a failed introspection, and so is an answer that is none.
   */
  readonly ask: (token: Uint8Array) => Promise<IntrospectionResponse>
  /**
   * How long an answer counts, in seconds, whatever it says: after that the token allows nothing until it is
   * introspected again, so that a revoked token ends. Default: 3,600.
   */
  readonly maxAge?: number | undefined
  /** The keys that decrypt the keys in confirmations. Default: none. */
  readonly decryptWith?: TokenKey | readonly TokenKey[] | undefined
}

/** What stands for a token where it may have been revoked. */
export interface RevocationQuestion {
  /** The name of the authorization server; undefined where it has none. */
  readonly issuer: string | undefined
  /** What no change of framing changes; see {@link VerifiedToken.identity}. */
  readonly identity: string
  /** Its token hashes (RFC 9770 §4); they need {@link TrustedIssuer.isHashable}. */
  readonly tokenHashes: readonly Uint8Array[]
}

/** The name of a claim that the library knows. */
export type ClaimName = keyof TokenClaimsMembers

/** What a resource server takes. */
export interface VerifyOptions {
  /** The authorization servers whose tokens are taken. Default: none but by introspection. */
  readonly issuers?: readonly TrustedIssuer[] | undefined
  /** Every audience that the resource server is one of. */
  readonly audiences: string | readonly string[]
  /** Whether it understands a scope; see {@link ScopeGrants.recognizes}. */
  readonly recognizesScope: (scope: Scope) => boolean
  /**
   * How references are resolved: what is no CWT and no JWT, and where there are no issuers every token. Default: they are
   * refused.
   */
  readonly introspection?: Introspection | undefined
  /**
   * The claims that a token must have. RFC 9200 §5.10.1.1 asks for none; where one key of an authorization server
   * serves many resource servers, ask for `aud`. A JWT always needs aud, exp or exi, and where its authorization server
   * has a name iss (RFC 9068 §2.2, RFC 9200 §5.10.3). Default: none beyond that.
   */
  readonly requiredClaims?: readonly ClaimName[] | undefined
  /**
   * Whether the cnonce claim, undefined where there is none, is right and was not seen before (RFC 9200 §5.3.1). Default:
   * a token that has the claim is refused.
   */
  readonly acceptsCnonce?: ((cnonce: Uint8Array | undefined) => boolean | Promise<boolean>) | undefined
  /** Whether a token was revoked. Default: none was. */
  readonly isRevoked?: ((token: RevocationQuestion) => boolean | Promise<boolean>) | undefined
  /** The profiles that a token may ask for in the ace_profile claim (RFC 9200 §6.8). Default: any. */
  readonly profiles?: readonly (AceProfileName | number)[] | undefined
  /**
   * The tokens with exi that were seen. Default: self-contained tokens with exi are refused, and introspected ones
   * begin when they are introspected.
   */
  readonly exi?: ExiRegister | undefined
  /** The time in seconds since 1970. Default: that of the system. */
  readonly now?: (() => number) | undefined
  /** How far the clocks of the servers may be apart, in seconds. Default: 0. */
  readonly clockSkew?: number | undefined
  /** The limits on what is read: a CWT, a JWT, and what is sent to be introspected. */
  readonly limits?: DecodeOptions | undefined
}

/** The default of {@link Introspection.maxAge}. */
export const defaultMaxAge = 3_600

/**
 * Checks options where they are given, so that none opens a door later.
 *
 * @throws TypeError, RangeError naming the option
 */
export function checkVerifyOptions(options: VerifyOptions): void {
  checkObject('options', options)
  const { issuers, introspection, clockSkew, limits } = options
  if (clockSkew !== undefined) checkedNumber('clockSkew', clockSkew)
  checkLimits(limits)
  checkTexts('audiences', [options.audiences].flat())
  checkFunction('recognizesScope', options.recognizesScope)
  for (const name of ['acceptsCnonce', 'isRevoked', 'now'] as const)
    if (options[name] !== undefined) checkFunction(name, options[name])
  if (issuers !== undefined) {
    checkArray('issuers', issuers)
    for (const one of issuers) checkIssuer(one)
  }
  if (introspection !== undefined) {
    checkFunction('introspection.ask', introspection.ask)
    checkName('introspection.issuer', introspection.issuer)
    if (introspection.maxAge !== undefined) checkedNumber('introspection.maxAge', introspection.maxAge)
    checkKeys('introspection.decryptWith', introspection.decryptWith)
  }
  if (options.profiles !== undefined) checkArray('profiles', options.profiles)
  if (options.requiredClaims !== undefined) {
    checkArray('requiredClaims', options.requiredClaims)
    for (const name of options.requiredClaims)
      if (!TokenClaims.table.some((row) => row.name === name))
        throw new RangeError(`requiredClaims must hold names of claims, not ${String(name)}`)
  }
}

function checkIssuer(given: TrustedIssuer): void {
  checkName('issuers.issuer', given.issuer)
  checkKeys('issuers.keys', given.keys)
  checkKeys('issuers.decryptWith', given.decryptWith)
  if (given.algorithms !== undefined) checkTexts('issuers.algorithms', given.algorithms)
}

function checkKeys(name: string, keys: TokenKey | readonly TokenKey[] | undefined): void {
  if (!keyList(keys).every((key) => key instanceof TokenKey)) throw new TypeError(`${name} must be TokenKeys`)
}

function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function`)
}

function checkName(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'string') throw new TypeError(`${name} must be a text`)
}

function checkArray(name: string, value: unknown): void {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be an array`)
}

function checkTexts(name: string, values: unknown): void {
  checkArray(name, values)
  if (!(values as unknown[]).every((value) => typeof value === 'string'))
    throw new TypeError(`${name} must hold texts`)
}

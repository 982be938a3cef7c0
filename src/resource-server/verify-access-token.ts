import { DecodeError } from '../cbor/decode-error.ts'
import { tag } from '../cbor/major.ts'
import type { DecodeOptions } from '../cbor/options.ts'
import type { CoseStructure } from '../cose/algorithms.ts'
import type { TokenKey } from '../cose/token-key.ts'
import type { FailureCode } from '../failure/catalogue.ts'
import { Failure } from '../failure/failure.ts'
import type { IntrospectionResponse } from '../message/introspection-response.ts'
import type { Scope } from '../message/scope.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import { type OpenedCwt, openLayers, type TokenLayer } from '../token/cwt.ts'
import { openJwt } from '../token/jwt.ts'
import { ProtectionError } from '../token/protection-error.ts'
import { hashReference } from '../token/reference.ts'
import { tokenBytes } from '../token/token-bytes.ts'
import { TokenClaims } from '../token/token-claims.ts'
import type { ExiRegister } from './exi-register.ts'

/** An authorization server that has the right to issue tokens for the resource server. */
export interface TrustedIssuer {
  /** What it is called in the iss claim. Without it, a token that has that claim is refused. */
  readonly issuer?: string | undefined
  /** The keys that its tokens are protected with. */
  readonly keys: TokenKey | readonly TokenKey[]
  /** The algorithms that are taken. Default: for each key the one that it names, or that its curve implies. */
  readonly algorithms?: readonly CoseAlgorithmName[] | undefined
  /** What its tokens are where they have no tag. Default: they need one. */
  readonly untagged?: CoseStructure | undefined
}

/** How to ask an authorization server about a token. */
export interface Introspection {
  /** What the authorization server is called in the iss claim. */
  readonly issuer?: string | undefined
  /**
   * Asks it (RFC 9200 §5.9). A Failure with a response code that it throws is passed on; whatever else it throws,
   * such as the Failure of a client, is a failed introspection.
   */
  readonly ask: (token: Uint8Array) => Promise<IntrospectionResponse>
}

/** What a resource server takes. */
export interface VerifyOptions {
  /** The authorization servers whose tokens are taken. Default: none but by introspection. */
  readonly issuers?: readonly TrustedIssuer[] | undefined
  /** Every audience that the resource server is one of. */
  readonly audiences: string | readonly string[]
  /** Whether it understands a scope; see {@link ScopeGrants.recognizes}. */
  readonly recognizesScope: (scope: Scope) => boolean
  /** How references are resolved. Default: they are refused. */
  readonly introspection?: Introspection | undefined
  /**
   * Whether the cnonce claim, undefined where there is none, is right and was not seen before (RFC 9200 §5.3.1). Default:
   * the claim is ignored.
   */
  readonly acceptsCnonce?: ((cnonce: Uint8Array | undefined) => boolean | Promise<boolean>) | undefined
  /** The tokens with exi that were seen. Default: tokens with exi are refused. */
  readonly exi?: ExiRegister | undefined
  /** The time in seconds since 1970. Default: that of the system. */
  readonly now?: (() => number) | undefined
  /** How far the clocks of the servers may be apart, in seconds. Default: 0. */
  readonly clockSkew?: number | undefined
  /** The limits on what is read. */
  readonly limits?: DecodeOptions | undefined
}

/** The format of an access token. */
export type TokenFormat = 'cwt' | 'jwt' | 'reference'

/** An access token that a resource server verified. */
export interface VerifiedToken {
  readonly format: TokenFormat
  readonly claims: TokenClaims
  /** The authorization server that protected it, or told of it; undefined where it has no name. */
  readonly issuer: string | undefined
  /** How it was protected, from the outside to the inside; empty for a reference. */
  readonly layers: readonly TokenLayer[]
  /** When it was verified, in seconds since 1970. */
  readonly verifiedAt: number
  /** When it expires, in seconds since 1970; undefined where it does not. */
  readonly expiresAt: number | undefined
  /** What stands for it in logs and stores: its SHA-256 in base64url. */
  readonly hash: string
}

/** A token that was opened, by whom it was protected. */
interface Opened extends OpenedCwt {
  readonly issuer: string | undefined
}

/**
 * Verifies an access token as a resource server must (RFC 9200 §5.10.1.1): its protection first, then iss, exp and nbf,
 * aud, scope and cnonce. The first of them that is wrong decides the response code.
 *
 * @param token the token: bytes, or a text as HTTP has it
 * @param format Default: what it looks like
 * @returns the token, whose claims can be relied on
 * @throws Failure, and nothing else, for whatever token: 4.00 where it is none or its claims cannot be obtained, 4.01 for
 * its protection, iss, exp, nbf and cnonce, 4.03 for aud, 4.00 for scope
 *
 * @example
 * ```ts
 * import { ScopeGrants, verifyAccessToken } from 'ace-oauth/resource-server'
 * import { TokenKey } from 'ace-oauth/token'
 *
 * const grants = new ScopeGrants({ read: [['/temperature', 1]] })
 *
 * async function verify(token: Uint8Array, key: TokenKey): Promise<void> {
 *   const { claims, expiresAt } = await verifyAccessToken(token, {
 *     issuers: [{ issuer: 'coaps://as.example.com', keys: key }],
 *     audiences: 'tempSensor4711',
 *     recognizesScope: (scope) => grants.recognizes(scope),
 *   })
 *   console.log(claims.scope, expiresAt)
 * }
 * ```
 */
export async function verifyAccessToken(
  token: Uint8Array | string,
  options: VerifyOptions,
  format: TokenFormat = formatOf(token),
): Promise<VerifiedToken> {
  try {
    const now = options.now?.() ?? Date.now() / 1_000
    // A caller may receive the next token into the same memory before this one is verified.
    const own = typeof token === 'string' ? token : new Uint8Array(token)
    const opened = await openToken(own, format, options)
    const { claims, issuer, layers } = opened
    verifyClaims(opened, now, options)
    const { acceptsCnonce } = options
    if (acceptsCnonce && !(await acceptsCnonce(claims.cnonce))) refuse('cnonce_invalid')
    const expiresAt = endOf(opened, now, options)
    return { format, claims, issuer, layers, verifiedAt: now, expiresAt, hash: await hashReference(own) }
  } catch (error) {
    throw Failure.from(error, 'authz_info')
  }
}

/** What a token looks like: a JWT has two or four points, a CWT begins with a tag, or an array where tags are left out. */
function formatOf(token: Uint8Array | string): TokenFormat {
  if (typeof token === 'string' && /^[\w-]+(?:\.[\w-]*){2}(?:(?:\.[\w-]*){2})?$/.test(token)) return 'jwt'
  const bytes = tokenBytes(token)
  const [first = 0] = bytes
  if (first >> 5 === tag || first === 0x83 || first === 0x84) return 'cwt'
  // The beginning of an object in base64url.
  return first === 0x65 && bytes[1] === 0x79 && bytes.includes(0x2e) ? 'jwt' : 'reference'
}

async function openToken(
  token: Uint8Array | string,
  format: TokenFormat,
  options: VerifyOptions,
): Promise<Opened> {
  if (format === 'reference') return introspected(tokenBytes(token), options)
  const { issuers = [], limits } = options
  let refusal: ProtectionError | DecodeError | undefined
  for (const { issuer, keys, algorithms, untagged } of issuers) {
    try {
      const opened =
        format === 'jwt'
          ? openJwt(typeof token === 'string' ? token : asciiOf(token), { keys, algorithms, limits })
          : openLayers(tokenBytes(token), { keys, algorithms, limits, untagged })
      const { claims, layers } = opened instanceof Promise ? await opened : opened
      return { claims, layers, issuer }
    } catch (error) {
      if (!(error instanceof ProtectionError) && !(error instanceof DecodeError)) throw error
      // That a token did not verify says more than that another issuer has no key for it.
      const isMeaningful = error instanceof DecodeError || error.reason === 'verification_failed'
      if (!refusal || isMeaningful) refusal = error
    }
  }
  throw refusedProtection(refusal ?? new ProtectionError('no_key'))
}

function asciiOf(token: Uint8Array): string {
  return new TextDecoder().decode(token)
}

/** What does not parse to a token is 4.00, what does but is not protected as it should be is 4.01. */
function refusedProtection(refusal: ProtectionError | DecodeError): Failure {
  if (refusal instanceof ProtectionError) return refusal
  return failure(refusal.reason === 'too_large' ? 'token_too_large' : 'token_malformed', refusal)
}

/** What can be wrong with a token, by its code at the authz-info endpoint. */
type Cause = FailureCode extends infer Code ? (Code extends `authz_info_${infer Rest}` ? Rest : never) : never

function failure(cause: Cause, error: unknown): Failure {
  const { reason } = error as { reason?: unknown }
  return new Failure(`authz_info_${cause}`, {
    details: reason === undefined ? {} : { reason },
    cause: error,
  })
}

async function introspected(token: Uint8Array, { introspection }: VerifyOptions): Promise<Opened> {
  if (!introspection)
    throw new Failure('authz_info_token_malformed', { details: { expected: 'a CWT or a JWT' } })
  let response: IntrospectionResponse
  try {
    response = await introspection.ask(token)
  } catch (error) {
    // Without an answer there is no access (RFC 9200 §6.10).
    throw error instanceof Failure && error.coapCode ? error : failure('introspection_failed', error)
  }
  if (response.active !== true) throw new Failure('authz_info_token_inactive')
  const { iss, sub, aud, exp, nbf, iat, cti, cnf, scope, ace_profile, cnonce, exi } = response
  const members = { iss, sub, aud, exp, nbf, iat, cti, cnf, scope, ace_profile, cnonce, exi }
  try {
    return { claims: new TokenClaims(members), layers: [], issuer: introspection.issuer }
  } catch (error) {
    throw failure('claims_unavailable', error)
  }
}

/** In the order in which RFC 9200 §5.10.1.1 gives the errors, but for cnonce, which comes last. */
function verifyClaims({ claims, issuer }: Opened, now: number, options: VerifyOptions): void {
  const { clockSkew = 0, audiences } = options
  const { iss, exp, nbf, aud, scope } = claims
  if (iss !== undefined && iss !== issuer) refuse('issuer_mismatch', { iss, expected: issuer })
  if (exp !== undefined && Number(exp) + clockSkew <= now) refuse('token_expired', { exp, now })
  if (nbf !== undefined && Number(nbf) - clockSkew > now) refuse('token_not_yet_valid', { nbf, now })
  if (aud !== undefined) {
    const ours = [audiences].flat()
    if (![aud].flat().some((one) => ours.includes(one as string))) refuse('audience_mismatch', { aud })
  }
  if (scope !== undefined && !options.recognizesScope(scope))
    refuse('scope_unknown', { scope: typeof scope === 'string' ? scope : 'a byte string' })
}

/** When the token expires; one with exi begins its time now. */
function endOf({ claims, issuer, layers }: Opened, now: number, options: VerifyOptions): number | undefined {
  const { clockSkew = 0 } = options
  const { exp, exi, cti } = claims
  const expiresAt = exp === undefined ? undefined : Number(exp) + clockSkew
  // The lifetime of a reference is for the authorization server to follow (RFC 9200 §5.10.3).
  if (exi === undefined || layers.length === 0) return expiresAt
  if (!options.exi) refuse('claims_unavailable', { expected: 'no exi' })
  const ends = options.exi.admit(issuer ?? '', cti!, exi, now)
  return expiresAt === undefined ? ends : Math.min(expiresAt, ends)
}

function refuse(cause: Cause, details: Readonly<Record<string, unknown>> = {}): never {
  throw new Failure(`authz_info_${cause}`, { details })
}

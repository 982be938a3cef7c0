import { DecodeError } from '../cbor/decode-error.ts'
import { decodeDefaults } from '../cbor/options.ts'
import type { CoseStructure } from '../cose/algorithms.ts'
import { CoseError } from '../cose/cose-error.ts'
import { type CoseMessage, viewCoseMessage } from '../cose/cose-message.ts'
import type { TokenKey } from '../cose/token-key.ts'
import type { FailureCode } from '../failure/catalogue.ts'
import { Failure } from '../failure/failure.ts'
import {
  IntrospectionResponse,
  type IntrospectionResponseMembers,
} from '../message/introspection-response.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import { type OpenedToken, openCwtMessage, type TokenLayer } from '../token/cwt.ts'
import { type CompactJose, readCompact, utf8Text } from '../token/jose.ts'
import { openJwtMessage } from '../token/jwt.ts'
import { ProtectionError, refused } from '../token/protection-error.ts'
import { tokenBytes } from '../token/token-bytes.ts'
import { IntrospectedClaims, type TokenClaims } from '../token/token-claims.ts'
import { keyList } from '../token/token-keys.ts'
import { isHashableCwt } from './hashable-cwt.ts'
import type { TokenFormat } from './verified-token.ts'
import type { TrustedIssuer, VerifyOptions } from './verify-options.ts'

/** A token whose protection is verified, or that was introspected. */
export interface OpenToken {
  readonly format: TokenFormat
  /** The token, in memory of its own. */
  readonly bytes: Uint8Array
  readonly claims: TokenClaims
  readonly layers: readonly TokenLayer[]
  /** The encoded claims of a CWT or JWT. */
  readonly payload: Uint8Array | undefined
  /** The name of the authorization server. */
  readonly issuer: string | undefined
  /** What tells it from the others. */
  readonly issuerId: string
  readonly decryptWith: readonly TokenKey[]
  readonly algorithms: readonly CoseAlgorithmName[] | undefined
}

/** What can be wrong with a token, by its code at the authz-info endpoint. */
export type TokenFault = FailureCode extends infer Code
  ? Code extends `authz_info_${infer Rest}`
    ? Rest
    : never
  : never

/** @throws Failure with the code of the fault at the authz-info endpoint */
export function refuse(fault: TokenFault, details: Readonly<Record<string, unknown>> = {}): never {
  throw new Failure(`authz_info_${fault}`, { details })
}

/** The failure of a token for what was thrown. */
export function failureOf(fault: TokenFault, error: unknown): Failure {
  const { reason } = Object(error) as { reason?: unknown }
  const details = reason === undefined ? {} : { reason }
  return new Failure(`authz_info_${fault}`, { details, cause: error })
}

/**
 * A token in bytes of its own. Its size is looked at before anything is copied.
 *
 * @throws Failure
 */
export function ownBytes(token: unknown, { limits }: VerifyOptions): Uint8Array {
  const maxBytes = limits?.maxBytes ?? decodeDefaults.maxBytes
  const isText = typeof token === 'string'
  if (!isText && !(token instanceof Uint8Array)) refuse('token_malformed', { expected: 'bytes or a text' })
  // A text may be base64url, which is longer by a third, behind a mark.
  if (token.length > (isText ? (maxBytes * 4) / 3 + 3 : maxBytes)) refuse('token_too_large', { maxBytes })
  let bytes: Uint8Array
  try {
    bytes = tokenBytes(token)
  } catch (error) {
    throw failureOf('token_malformed', error)
  }
  if (bytes.length > maxBytes) refuse('token_too_large', { maxBytes })
  return bytes
}

/**
 * Verifies the protection of a token, or has it introspected.
 *
 * @throws Failure
 */
export async function openToken(
  bytes: Uint8Array,
  format: TokenFormat | undefined,
  options: VerifyOptions,
): Promise<OpenToken> {
  const { issuers = [], introspection } = options
  const isOpaque = format === 'reference' || (format === undefined && introspection && issuers.length === 0)
  if (isOpaque) return introspected(bytes, options)
  let read: ReadToken
  try {
    read = readToken(bytes, format, options)
  } catch (error) {
    if (!(error instanceof DecodeError) && !(error instanceof CoseError)) throw error
    // What is no token of a format that is known here is one that the authorization server knows.
    if (format === undefined && introspection) return introspected(bytes, options)
    throw failureOf(isTooLarge(error) ? 'token_too_large' : 'token_malformed', error)
  }
  return openWithIssuers(bytes, read, issuers, options)
}

/** A token that was read once, for whatever issuer. */
type ReadToken =
  | { readonly format: 'jwt'; readonly jose: CompactJose }
  | { readonly format: 'cwt'; readonly messages: ReadonlyMap<CoseStructure | undefined, CoseMessage> }

/** @throws DecodeError, CoseError for what is no token of the format, or of neither where none is given */
function readToken(bytes: Uint8Array, format: TokenFormat | undefined, options: VerifyOptions): ReadToken {
  const { limits } = options
  if (format === 'jwt' || (format === undefined && looksLikeJwt(bytes)))
    return { format: 'jwt', jose: readCompact(utf8Text(bytes), limits) }
  // Where there is no tag, each issuer says what its tokens are.
  const structures = new Set(options.issuers?.map(({ untagged }) => untagged))
  const messages = new Map<CoseStructure | undefined, CoseMessage>()
  let refusal: unknown
  for (const untagged of structures.size > 0 ? structures : [undefined])
    try {
      const message = viewCoseMessage(bytes, untagged, limits)
      messages.set(message.isTagged ? undefined : untagged, message)
      if (message.isTagged) break
    } catch (error) {
      refusal ??= error
    }
  if (messages.size === 0) throw refusal
  return { format: 'cwt', messages }
}

/** Whether a token has the beginning of a JSON object in base64url, and a point. */
function looksLikeJwt(bytes: Uint8Array): boolean {
  return bytes[0] === 0x65 && bytes.includes(0x2e)
}

async function openWithIssuers(
  bytes: Uint8Array,
  read: ReadToken,
  issuers: readonly TrustedIssuer[],
  options: VerifyOptions,
): Promise<OpenToken> {
  let refusal: ProtectionError | undefined
  for (const [i, trusted] of issuers.entries())
    try {
      const { claims, layers, payload } = await openFor(read, trusted, options)
      if (trusted.isHashable && read.format === 'cwt' && !isHashableCwt(bytes))
        throw new ProtectionError('wrong_structure', 'the form of RFC 9770 section 3', refused)
      return {
        format: read.format,
        bytes,
        claims,
        layers,
        payload,
        issuer: trusted.issuer,
        // Nameless ones are told apart by their place.
        issuerId: trusted.issuer ?? (i === 0 ? '' : `#${i}`),
        decryptWith: keyList(trusted.decryptWith),
        algorithms: trusted.algorithms,
      }
    } catch (error) {
      // It opened, so that no other issuer has made it.
      if (error instanceof DecodeError) throw unavailable(error)
      if (!(error instanceof ProtectionError)) throw error
      // That a token did not verify says more than that another issuer has no key for it.
      if (!refusal || error.reason === 'verification_failed') refusal = error
    }
  throw refusal ?? new ProtectionError('no_key')
}

/** Claims that were protected, and cannot be read. */
function unavailable(error: DecodeError): Failure {
  if (isTooLarge(error)) return failureOf('token_too_large', error)
  return failureOf(/^cnf\b/.test(error.path) ? 'key_unusable' : 'claims_unavailable', error)
}

function isTooLarge(error: unknown): boolean {
  return (error as { readonly reason?: unknown }).reason === 'too_large'
}

async function openFor(
  read: ReadToken,
  { keys, decryptWith, algorithms, types, untagged }: TrustedIssuer,
  { limits }: VerifyOptions,
): Promise<OpenedToken> {
  const how = { keys, decryptWith, algorithms, limits }
  if (read.format === 'jwt') return openJwtMessage(read.jose, { ...how, types })
  const message = read.messages.get(undefined) ?? read.messages.get(untagged)
  if (!message) throw new ProtectionError('wrong_structure', 'a tag')
  const opened = openCwtMessage(message, how, true)
  return opened instanceof Promise ? await opened : opened
}

async function introspected(bytes: Uint8Array, { introspection }: VerifyOptions): Promise<OpenToken> {
  if (!introspection) refuse('token_malformed', { expected: 'a CWT or a JWT' })
  const { ask, issuer, decryptWith } = introspection
  let answer: unknown
  try {
    answer = await ask(bytes.slice())
    if (typeof answer !== 'object' || answer === null)
      throw new TypeError('ask must give an IntrospectionResponse')
  } catch (error) {
    // Without an answer there is no access (RFC 9200 §6.10).
    throw error instanceof Failure && error.coapCode ? error : failureOf('introspection_failed', error)
  }
  return {
    format: 'reference',
    bytes,
    claims: claimsIn(answer),
    layers: [],
    payload: undefined,
    issuer,
    issuerId: issuer ?? '',
    decryptWith: keyList(decryptWith),
    algorithms: undefined,
  }
}

/** @throws Failure for a token that is not active, and for an answer that cannot be read */
function claimsIn(answer: object): TokenClaims {
  try {
    const response =
      answer instanceof IntrospectionResponse
        ? (answer as IntrospectionResponse)
        : new IntrospectionResponse(answer as IntrospectionResponseMembers)
    if (response.active !== true) refuse('token_inactive')
    const { iss, sub, aud, exp, nbf, iat, cti, cnf, scope, ace_profile, cnonce, exi } = response
    return new IntrospectedClaims({ iss, sub, aud, exp, nbf, iat, cti, cnf, scope, ace_profile, cnonce, exi })
  } catch (error) {
    throw error instanceof Failure ? error : failureOf('claims_unavailable', error)
  }
}

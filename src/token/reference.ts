import { digest, randomBytes } from '#runtime/crypto'
import { after } from '../cose/eventually.ts'
import { toBase64url } from '../table/base64url.ts'
import { tokenBytes } from './token-bytes.ts'

/** The random bits of a reference: more than the 128 that make guessing hopeless (RFC 6749 §10.10, RFC 9200 §6.8). */
const referenceBytes = 18

/**
 * A new opaque access token, or refresh token: random bytes that mean nothing but to the authorization server, which
 * stores {@link hashReference} of them alone. Their base64url has 24 characters, for HTTP.
 *
 * @example
 * ```ts
 * import { createReference, hashReference } from 'ace-oauth/token'
 *
 * const token = createReference() // for the client
 * const stored = await hashReference(token) // for the database
 * ```
 */
export function createReference(): Uint8Array {
  return randomBytes(referenceBytes)
}

/**
 * What stands for a reference, or another token, in a store and in logs: SHA-256, without salt, since there is nothing to
 * guess. Looking it up leaks no time that would help to find the token.
 *
 * @param token its bytes, or the base64url of them; a text that is none stands for its UTF-8
 * @returns 43 characters of base64url
 */
export async function hashReference(token: Uint8Array | string): Promise<string> {
  return after<Uint8Array, string>(digest('SHA-256', tokenBytes(token)), toBase64url)
}

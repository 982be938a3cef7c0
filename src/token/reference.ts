import { digest, randomBytes } from '#runtime/crypto'
import { after } from '../cose/eventually.ts'
import { toBase64url } from '../table/base64url.ts'
import { toUtf8 } from '../table/types/text.ts'
import { tokenBytes } from './token-bytes.ts'

/** The random bits of a reference: more than the 128 that make guessing hopeless (RFC 6749 §10.10, RFC 9200 §6.8). */
const randomLength = 18

/**
 * A new opaque access token, or refresh token: 24 random characters of base64url, that mean nothing but to the authorization
 * server, which stores {@link hashReference} of them alone. They are the same text in CBOR, in JSON and in a form, and
 * no CWT or JWT looks like them.
 *
 * @example
 * ```ts
 * import { createReference, hashReference } from 'ace-oauth/token'
 *
 * const token = createReference() // for the client
 * const stored = await hashReference(token) // for the database
 * ```
 */
export function createReference(): Uint8Array<ArrayBuffer> {
  return toUtf8(toBase64url(randomBytes(randomLength)))
}

/**
 * What stands for a reference in a store and in logs: SHA-256, without salt, since there is nothing to guess. Looking it up
 * leaks no time that would help to find the token.
 *
 * It is no identity of a CWT or JWT, whose framing can be changed while it still verifies: see `identity` of a verified
 * token.
 *
 * @param token its bytes, or the text that stands for them
 * @returns 43 characters of base64url
 * @throws TypeError for what is neither
 */
export async function hashReference(token: Uint8Array | string): Promise<string> {
  return after<Uint8Array, string>(digest('SHA-256', tokenBytes(token)), toBase64url)
}

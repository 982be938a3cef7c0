import { digest } from '#runtime/crypto'
import { after } from '../cose/eventually.ts'
import { toBase64url } from '../table/base64url.ts'
import { opaqueToText } from '../table/types/opaque.ts'
import { toUtf8 } from '../table/types/text.ts'
import { tokenBytes } from './token-bytes.ts'

/** How the access token response was encoded that gave the client the token. */
export type ResponseEncoding = 'cbor' | 'json'

/** The identifier of SHA-256 among the hash functions of RFC 6920 (§9.4). */
const sha256 = 1

/**
 * The token hash of RFC 9770 (§4), by which a token revocation list names an access token: the authorization server and
 * the client compute it for the encoding of the access token response, and a resource server for both: see {@link
 * tokenHashes}.
 *
 * It is that of the very bytes of the token: what is revoked by it must come in the one form that RFC 9770 §3 gives a CWT.
 *
 * @param token its bytes, or the text that stands for them
 * @param encoding how the response was encoded
 * @returns 33 bytes: the binary form of RFC 6920 §6 with SHA-256
 * @throws TypeError for what is no token
 *
 * @example
 * ```ts
 * import { createReference, tokenHash } from 'ace-oauth/token'
 *
 * const revoked = await tokenHash(createReference(), 'cbor') // for the revocation list
 * ```
 */
export async function tokenHash(token: Uint8Array | string, encoding: ResponseEncoding): Promise<Uint8Array> {
  const bytes = tokenBytes(token)
  if (encoding === 'cbor') return hashOf(toUtf8(toBase64url(bytes)))
  if (encoding === 'json') return hashOf(toUtf8(opaqueToText(bytes)))
  throw new TypeError('encoding must be cbor or json')
}

/**
 * The token hashes that a resource server has to compare with a token revocation list (RFC 9770 §4.3): one of a CWT,
 * which is the same for both encodings, and two of any other token, since it does not know how the client got it.
 *
 * @param token its bytes, or the text that stands for them
 * @throws TypeError for what is no token
 */
export async function tokenHashes(token: Uint8Array | string): Promise<Uint8Array[]> {
  const [cbor, json] = await Promise.all([tokenHash(token, 'cbor'), tokenHash(token, 'json')])
  return cbor.every((byte, i) => byte === json[i]) ? [cbor] : [cbor, json]
}

async function hashOf(input: Uint8Array): Promise<Uint8Array> {
  return after(digest('SHA-256', input), (hash) => Uint8Array.of(sha256, ...hash))
}

import { fromBase64url } from '../table/base64url.ts'

/** A token in bytes: a text that is base64url stands for its bytes, any other, such as a JWT, for its UTF-8. */
export function tokenBytes(token: Uint8Array | string): Uint8Array {
  return typeof token === 'string' ? (fromBase64url(token) ?? new TextEncoder().encode(token)) : token
}

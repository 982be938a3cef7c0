import { opaqueFromText } from '../table/types/opaque.ts'

/**
 * The bytes of a token, in memory of their own.
 *
 * @throws TypeError for what is no token
 */
export function tokenBytes(token: Uint8Array | string): Uint8Array {
  if (typeof token === 'string') return opaqueFromText(token)
  if (token instanceof Uint8Array) return new Uint8Array(token)
  throw new TypeError('a token is a Uint8Array or a text')
}

import { digest } from '#runtime/crypto'
import { toBase64url } from '../table/base64url.ts'
import { type CoseKey, encodeCoseKey } from './cose-key.ts'
import type { HashName } from './runtime/runtime-key.ts'

/**
 * The thumbprint of a COSE key (RFC 9679 §3, §4): the hash of the deterministic encoding of its required parameters, the
 * point uncompressed.
 */
export async function coseThumbprint({ kty, crv, x, y, k }: CoseKey, hash: HashName): Promise<Uint8Array> {
  const required = k
    ? { kty, k }
    : { kty, ...(crv !== undefined && { crv }), ...(x && { x }), ...(y && { y }) }
  return digest(hash, encodeCoseKey(required))
}

/** The thumbprint of the JWK of a key (RFC 7638 §3, RFC 8037 §2): the hash of its required members in the order of their names. */
export async function jwkThumbprint({ kty, crv, x, y, k }: CoseKey, hash: HashName): Promise<Uint8Array> {
  const text = (bytes: unknown): string | undefined =>
    bytes instanceof Uint8Array ? toBase64url(bytes) : undefined
  const required = k
    ? { k: text(k), kty: 'oct' }
    : { crv, kty: kty === 'EC2' ? 'EC' : 'OKP', x: text(x), y: text(y) }
  return digest(hash, new TextEncoder().encode(JSON.stringify(required)))
}

import type { KeyObject } from 'node:crypto'
import { fromBase64url, toBase64url } from '../table/base64url.ts'
import { CoseError } from './cose-error.ts'
import type { CoseKey } from './cose-key.ts'
import { type NodeCrypto, nodeCrypto, webCrypto } from './crypto.ts'

/** What an algorithm is called in WebCrypto, with its parameters. */
export type WebAlgorithm =
  | { readonly name: 'ECDSA' | 'ECDH'; readonly namedCurve: string }
  | { readonly name: 'HMAC'; readonly hash: string }
  | { readonly name: 'Ed25519' | 'X25519' | 'AES-GCM' }

/** The beginning of a PKCS #8 private key (RFC 5958) without the public part, in hexadecimal. */
const pkcs8: Readonly<Record<string, string>> = {
  'P-256': '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420',
  'P-384': '304e020100301006072a8648ce3d020106052b81040022043730350201010430',
  Ed25519: '302e020100300506032b657004220420',
  X25519: '302e020100300506032b656e04220420',
}

/** The JWK that node:crypto and WebCrypto take: the parameters of the key alone. */
export function bareJwk({ kty, crv, x, y, d }: CoseKey, part: 'public' | 'private'): Record<string, string> {
  const jwk: Record<string, string> = { kty: kty === 'EC2' ? 'EC' : 'OKP', crv: String(crv) }
  if (x) jwk['x'] = toBase64url(x)
  if (y instanceof Uint8Array) jwk['y'] = toBase64url(y)
  if (d && part === 'private') jwk['d'] = toBase64url(d)
  return jwk
}

/** The key in node:crypto. */
export function nodeKey(crypto: NodeCrypto, key: CoseKey, part: 'public' | 'private'): KeyObject {
  if (key.k) return crypto.createSecretKey(key.k)
  const jwk = { key: bareJwk(key, part), format: 'jwk' } as const
  return part === 'private' ? crypto.createPrivateKey(jwk) : crypto.createPublicKey(jwk)
}

/** The key in WebCrypto. */
export function webKey(
  key: CoseKey,
  algorithm: WebAlgorithm,
  usages: KeyUsage[],
  part: 'public' | 'private',
  extractable: boolean,
): Promise<CryptoKey> {
  const subtle = webCrypto()
  return key.k
    ? subtle.importKey('raw', key.k as Uint8Array<ArrayBuffer>, algorithm, extractable, usages)
    : subtle.importKey('jwk', bareJwk(key, part), algorithm, extractable, usages)
}

/**
 * The public part that goes with a private key.
 *
 * @throws CoseError `key_invalid` for a number that is no private key of the curve, `algorithm_unavailable` in a
 * browser without the curve
 */
export async function derivePublic({
  crv,
  d,
}: CoseKey & { d: Uint8Array }): Promise<{ x: Uint8Array; y?: Uint8Array }> {
  const prefix = Uint8Array.from(pkcs8[String(crv)]!.match(/../g)!, (byte) => Number.parseInt(byte, 16))
  const der = new Uint8Array(prefix.length + d.length)
  der.set(prefix)
  der.set(d, prefix.length)
  const node = await nodeCrypto()
  let jwk: JsonWebKey
  try {
    jwk = node
      ? node.createPrivateKey({ key: der as Buffer, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' })
      : await importAndExport(String(crv), der)
  } catch (error) {
    if ((error as Error).name === 'NotSupportedError')
      throw new CoseError('algorithm_unavailable', `WebCrypto with ${String(crv)}`)
    throw new CoseError('key_invalid', `a private key of ${String(crv)}`)
  } finally {
    der.fill(0)
  }
  const x = fromBase64url(jwk.x!)!
  return jwk['y'] === undefined ? { x } : { x, y: fromBase64url(jwk.y)! }
}

async function importAndExport(crv: string, der: Uint8Array<ArrayBuffer>): Promise<JsonWebKey> {
  const subtle = webCrypto()
  const algorithm = crv.startsWith('P-') ? { name: 'ECDSA', namedCurve: crv } : { name: crv }
  const usages: KeyUsage[] = crv === 'X25519' ? ['deriveBits'] : ['sign']
  return subtle.exportKey('jwk', await subtle.importKey('pkcs8', der, algorithm, true, usages))
}

/**
 * The cryptographic operations on WebCrypto, which every runtime has. WebCrypto has no ChaCha20/Poly1305, and AES-CCM is made of its
 * AES-CTR and AES-CBC.
 */
import { fromBase64url } from '../../table/base64url.ts'
import type { AeadAlgorithm, MacAlgorithm, SignatureAlgorithm } from '../algorithms.ts'
import { CoseError } from '../cose-error.ts'
import { sealCcm, unsealCcm } from './aes-ccm.ts'
import { type HashName, type KeyPart, type RuntimeKey, type WebAlgorithm, webCrypto } from './runtime-key.ts'

/** Whether operations are done at once. If not, they give promises. */
export const isSynchronous: boolean = false

/** Random bytes for keys, nonces and references. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return globalThis.crypto.getRandomValues(new Uint8Array(length))
}

/** The hash of some bytes. */
export async function digest(hash: HashName, data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await webCrypto().digest(hash, data as Uint8Array<ArrayBuffer>))
}

/** Signs; an ECDSA signature is R and S (RFC 9053 §2.1). */
export async function sign(
  algorithm: SignatureAlgorithm,
  key: RuntimeKey,
  data: Uint8Array,
): Promise<Uint8Array> {
  const web = await key.cryptoKey(signatureKey(algorithm, key), 'sign')
  return new Uint8Array(await webCrypto().sign(signature(algorithm), web, data as Uint8Array<ArrayBuffer>))
}

/** Whether a signature is right. */
export async function verify(
  algorithm: SignatureAlgorithm,
  key: RuntimeKey,
  data: Uint8Array,
  given: Uint8Array,
): Promise<boolean> {
  const web = await key.cryptoKey(signatureKey(algorithm, key), 'verify')
  return webCrypto().verify(
    signature(algorithm),
    web,
    given as Uint8Array<ArrayBuffer>,
    data as Uint8Array<ArrayBuffer>,
  )
}

function signatureKey({ hash }: SignatureAlgorithm, { material }: RuntimeKey): WebAlgorithm {
  return hash ? { name: 'ECDSA', namedCurve: String(material.crv) } : { name: 'Ed25519' }
}

function signature({ hash }: SignatureAlgorithm): EcdsaParams | AlgorithmIdentifier {
  return hash ? { name: 'ECDSA', hash } : 'Ed25519'
}

/** The tag of a message, cut to its length (RFC 9053 §3.1). */
export async function mac(
  { hash, tagBytes }: MacAlgorithm,
  key: RuntimeKey,
  data: Uint8Array,
): Promise<Uint8Array> {
  const web = await key.cryptoKey({ name: 'HMAC', hash }, 'sign')
  const whole = await webCrypto().sign('HMAC', web, data as Uint8Array<ArrayBuffer>)
  return new Uint8Array(whole, 0, tagBytes)
}

/** Encrypts; the tag follows the ciphertext (RFC 9053 §4). */
export async function seal(
  algorithm: AeadAlgorithm,
  key: RuntimeKey,
  iv: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  if (isCcm(algorithm)) return sealCcm(key, algorithm.tagBytes, iv, aad, plaintext)
  requireGcm(algorithm)
  const web = await key.cryptoKey({ name: 'AES-GCM' }, 'encrypt')
  return new Uint8Array(
    await webCrypto().encrypt(gcm(algorithm, iv, aad), web, plaintext as Uint8Array<ArrayBuffer>),
  )
}

/** Decrypts; undefined where the tag is wrong. There are at least as many bytes as the tag has. */
export async function unseal(
  algorithm: AeadAlgorithm,
  key: RuntimeKey,
  iv: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Promise<Uint8Array | undefined> {
  if (isCcm(algorithm)) return unsealCcm(key, algorithm.tagBytes, iv, aad, sealed)
  requireGcm(algorithm)
  const web = await key.cryptoKey({ name: 'AES-GCM' }, 'decrypt')
  try {
    return new Uint8Array(
      await webCrypto().decrypt(gcm(algorithm, iv, aad), web, sealed as Uint8Array<ArrayBuffer>),
    )
  } catch {
    return undefined
  }
}

function isCcm({ cipher }: AeadAlgorithm): boolean {
  return cipher.endsWith('ccm')
}

function requireGcm({ name, cipher }: AeadAlgorithm): void {
  if (!cipher.endsWith('gcm'))
    throw new CoseError('algorithm_unavailable', `node:crypto for ${name}, which WebCrypto does not have`)
}

function gcm({ tagBytes }: AeadAlgorithm, iv: Uint8Array, aad: Uint8Array): AesGcmParams {
  return {
    name: 'AES-GCM',
    iv: iv as Uint8Array<ArrayBuffer>,
    additionalData: aad as Uint8Array<ArrayBuffer>,
    tagLength: tagBytes * 8,
  }
}

/**
 * The public part that goes with a private key.
 *
 * @param der the private key in PKCS #8
 * @throws CoseError `algorithm_unavailable` where the runtime does not have the curve
 * @throws DOMException for what is no private key of the curve
 */
export async function publicPart(
  crv: string,
  der: Uint8Array<ArrayBuffer>,
): Promise<{ x: Uint8Array; y?: Uint8Array }> {
  const subtle = webCrypto()
  const algorithm = crv.startsWith('P-') ? { name: 'ECDSA', namedCurve: crv } : { name: crv }
  const usages: KeyUsage[] = crv === 'X25519' ? ['deriveBits'] : ['sign']
  try {
    const { x, y } = await subtle.exportKey(
      'jwk',
      await subtle.importKey('pkcs8', der, algorithm, true, usages),
    )
    return { x: fromBase64url(x!)!, ...(y !== undefined && { y: fromBase64url(y)! }) }
  } catch (error) {
    if ((error as Error).name !== 'NotSupportedError') throw error
    throw new CoseError('algorithm_unavailable', `WebCrypto with ${crv}`)
  }
}

/**
 * The key as a KeyObject of node:crypto.
 *
 * @throws CoseError `algorithm_unavailable`: there is no node:crypto here
 */
export function keyObject(_key: RuntimeKey, _part: KeyPart): unknown {
  throw new CoseError('algorithm_unavailable', 'node:crypto')
}

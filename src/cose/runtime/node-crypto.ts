/** The cryptographic operations on node:crypto, which is two to ten times as fast as WebCrypto and done at once. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  getCiphers,
  type KeyObject,
  sign as nodeSign,
  verify as nodeVerify,
  randomFillSync,
} from 'node:crypto'
import { fromBase64url } from '../../table/base64url.ts'
import type { AeadAlgorithm, MacAlgorithm, SignatureAlgorithm } from '../algorithms.ts'
import { CoseError } from '../cose-error.ts'
import type { Eventually } from '../eventually.ts'
import { sealCcm, unsealCcm } from './aes-ccm.ts'
import { bareJwk, type HashName, type KeyPart, type RuntimeKey } from './runtime-key.ts'

/** Whether this runtime's node:crypto has AES-CCM. That of Deno and Bun may not: then WebCrypto makes it. */
const hasCcm: boolean = /* @__PURE__ */ getCiphers().includes('aes-128-ccm')

/** Whether operations are done at once. If not, some give promises. */
export const isSynchronous: boolean = hasCcm

/** Random bytes that were fetched together, since each call to the operating system costs some microseconds. None is given twice. */
const fetched = { bytes: new Uint8Array(4_096), used: 4_096 }

/** Random bytes for keys, nonces and references. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const { bytes } = fetched
  if (length > bytes.length / 16) return randomFillSync(new Uint8Array(length))
  if (fetched.used + length > bytes.length) {
    randomFillSync(bytes)
    fetched.used = 0
  }
  const given = bytes.slice(fetched.used, fetched.used + length)
  // Who reads this memory later finds no key in it.
  bytes.fill(0, fetched.used, fetched.used + length)
  fetched.used += length
  return given
}

/** The hash of some bytes. */
export function digest(hash: HashName, data: Uint8Array): Uint8Array {
  return bytesOf(createHash(nodeHash(hash)).update(data).digest('binary'))
}

/** Signs; an ECDSA signature is R and S (RFC 9053 §2.1). */
export function sign({ hash }: SignatureAlgorithm, key: RuntimeKey, data: Uint8Array): Uint8Array {
  const options = { key: keyObject(key, 'private'), dsaEncoding: 'ieee-p1363' } as const
  return nodeSign(hash && nodeHash(hash), data, options)
}

/** Whether a signature is right. */
export function verify(
  { hash }: SignatureAlgorithm,
  key: RuntimeKey,
  data: Uint8Array,
  given: Uint8Array,
): boolean {
  const options = { key: keyObject(key, 'public'), dsaEncoding: 'ieee-p1363' } as const
  return nodeVerify(hash && nodeHash(hash), data, options, given)
}

/** The tag of a message, cut to its length (RFC 9053 §3.1). */
export function mac({ hash, tagBytes }: MacAlgorithm, key: RuntimeKey, data: Uint8Array): Uint8Array {
  const hmac = createHmac(nodeHash(hash), keyObject(key, 'private'))
  return bytesOf(hmac.update(data).digest('binary'), tagBytes)
}

/** Encrypts; the tag follows the ciphertext (RFC 9053 §4). */
export function seal(
  algorithm: AeadAlgorithm,
  key: RuntimeKey,
  iv: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Eventually<Uint8Array> {
  const { tagBytes } = algorithm
  if (!hasCcm && isCcm(algorithm)) return sealCcm(key, tagBytes, iv, aad, plaintext)
  const cipher = available(algorithm, () =>
    createCipheriv(algorithm.cipher as 'aes-128-ccm', keyObject(key, 'private'), iv, {
      authTagLength: tagBytes,
    }),
  )
  cipher.setAAD(aad, { plaintextLength: plaintext.length })
  const sealed = new Uint8Array(plaintext.length + tagBytes)
  sealed.set(cipher.update(plaintext))
  cipher.final()
  sealed.set(cipher.getAuthTag(), plaintext.length)
  return sealed
}

/** Decrypts; undefined where the tag is wrong. There are at least as many bytes as the tag has. */
export function unseal(
  algorithm: AeadAlgorithm,
  key: RuntimeKey,
  iv: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Eventually<Uint8Array | undefined> {
  const { tagBytes } = algorithm
  if (!hasCcm && isCcm(algorithm)) return unsealCcm(key, tagBytes, iv, aad, sealed)
  const length = sealed.length - tagBytes
  const decipher = available(algorithm, () =>
    createDecipheriv(algorithm.cipher as 'aes-128-ccm', keyObject(key, 'private'), iv, {
      authTagLength: tagBytes,
    }),
  )
  decipher.setAuthTag(sealed.subarray(length))
  decipher.setAAD(aad, { plaintextLength: length })
  try {
    const plaintext = decipher.update(sealed.subarray(0, length))
    decipher.final()
    return new Uint8Array(plaintext.buffer, plaintext.byteOffset, length)
  } catch {
    return undefined
  }
}

function isCcm({ cipher }: AeadAlgorithm): boolean {
  return cipher.endsWith('ccm')
}

/**
 * What `create` gives.
 *
 * @throws CoseError `algorithm_unavailable` where node:crypto was built without the cipher
 */
function available<T>({ name }: AeadAlgorithm, create: () => T): T {
  try {
    return create()
  } catch {
    throw new CoseError('algorithm_unavailable', `${name} in node:crypto`)
  }
}

/**
 * The public part that goes with a private key.
 *
 * @param der the private key in PKCS #8
 * @throws Error for what is no private key of the curve
 */
export function publicPart(_crv: string, der: Uint8Array): { x: Uint8Array; y?: Uint8Array } {
  const key = createPrivateKey({ key: der as Buffer, format: 'der', type: 'pkcs8' })
  const { x, y } = key.export({ format: 'jwk' })
  return { x: fromBase64url(x!)!, ...(y !== undefined && { y: fromBase64url(y)! }) }
}

/** The key as a KeyObject, which is made once. */
export function keyObject(key: RuntimeKey, part: KeyPart): KeyObject {
  const made = key.keyObjects[part] as KeyObject | undefined
  if (made) return made
  const object = newKeyObject(key, part)
  key.keyObjects[part] = object
  return object
}

function newKeyObject({ material }: RuntimeKey, part: KeyPart): KeyObject {
  if (material.k) return createSecretKey(material.k)
  const jwk = { key: bareJwk(material, part), format: 'jwk' } as const
  return part === 'private' ? createPrivateKey(jwk) : createPublicKey(jwk)
}

/**
 * The first bytes of a digest that came as a text, a character a byte. The memory of a Buffer for it would cost a
 * quarter of the time that a short MAC takes.
 */
function bytesOf(digest: string, length: number = digest.length): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = digest.charCodeAt(i)
  return bytes
}

/** What node:crypto calls a hash function. */
function nodeHash(hash: HashName): 'sha256' | 'sha384' {
  return hash === 'SHA-256' ? 'sha256' : 'sha384'
}

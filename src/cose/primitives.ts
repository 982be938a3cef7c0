/** The cryptographic operations behind the algorithms, on node:crypto where there is one, else on WebCrypto. */
import { reserveToken } from '../cbor/pool.ts'
import type { AeadAlgorithm, MacAlgorithm, SignatureAlgorithm } from './algorithms.ts'
import { CoseError } from './cose-error.ts'
import {
  after,
  bytesOf,
  type Eventually,
  equalBytes,
  type NodeCrypto,
  nodeHash,
  webCrypto,
  withNode,
} from './crypto.ts'
import type { WebAlgorithm } from './native-key.ts'
import type { TokenKey } from './token-key.ts'

/** Signs; an ECDSA signature is R and S (RFC 9053 §2.1). */
export function sign(algorithm: SignatureAlgorithm, key: TokenKey, data: Uint8Array): Eventually<Uint8Array> {
  return withNode<Uint8Array>((node) =>
    node
      ? node.sign(algorithm.hash && nodeHash(algorithm.hash), data, {
          key: key.node(node, 'private'),
          dsaEncoding: 'ieee-p1363',
        })
      : webSign(algorithm, key, data),
  )
}

/** Whether a signature is right. */
export function verify(
  algorithm: SignatureAlgorithm,
  key: TokenKey,
  data: Uint8Array,
  signature: Uint8Array,
): Eventually<boolean> {
  return withNode((node) =>
    node
      ? node.verify(
          algorithm.hash && nodeHash(algorithm.hash),
          data,
          { key: key.node(node, 'public'), dsaEncoding: 'ieee-p1363' },
          signature,
        )
      : webVerify(algorithm, key, data, signature),
  )
}

async function webSign(algorithm: SignatureAlgorithm, key: TokenKey, data: Uint8Array): Promise<Uint8Array> {
  const web = await key.web(webSignature(algorithm), 'sign', 'private')
  return new Uint8Array(
    await webCrypto().sign(webParameters(algorithm), web, data as Uint8Array<ArrayBuffer>),
  )
}

async function webVerify(
  algorithm: SignatureAlgorithm,
  key: TokenKey,
  data: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const web = await key.web(webSignature(algorithm), 'verify', 'public')
  return webCrypto().verify(
    webParameters(algorithm),
    web,
    signature as Uint8Array<ArrayBuffer>,
    data as Uint8Array<ArrayBuffer>,
  )
}

function webSignature({ crv, hash }: SignatureAlgorithm): WebAlgorithm {
  return hash ? { name: 'ECDSA', namedCurve: crv } : { name: 'Ed25519' }
}

function webParameters({ hash }: SignatureAlgorithm): EcdsaParams | AlgorithmIdentifier {
  return hash ? { name: 'ECDSA', hash } : 'Ed25519'
}

/** The tag of a message, cut to its length (RFC 9053 §3.1). */
export function mac(algorithm: MacAlgorithm, key: TokenKey, data: Uint8Array): Eventually<Uint8Array> {
  return withNode<Uint8Array>((node) =>
    node ? nodeMac(node, algorithm, key, data) : webMac(algorithm, key, data),
  )
}

function nodeMac(
  node: NodeCrypto,
  { hash, tagBytes }: MacAlgorithm,
  key: TokenKey,
  data: Uint8Array,
): Uint8Array {
  const hmac = node.createHmac(nodeHash(hash), key.node(node, 'private'))
  return bytesOf(hmac.update(data).digest('binary'), tagBytes)
}

async function webMac(
  { hash, tagBytes }: MacAlgorithm,
  key: TokenKey,
  data: Uint8Array,
): Promise<Uint8Array> {
  const web = await key.web({ name: 'HMAC', hash }, 'sign', 'private')
  const whole = await webCrypto().sign('HMAC', web, data as Uint8Array<ArrayBuffer>)
  return new Uint8Array(whole, 0, tagBytes)
}

/** Whether a tag is right, in constant time. */
export function verifyMac(
  algorithm: MacAlgorithm,
  key: TokenKey,
  data: Uint8Array,
  tag: Uint8Array,
): Eventually<boolean> {
  return after(mac(algorithm, key, data), (right) => equalBytes(right, tag))
}

/** Encrypts; the tag follows the ciphertext (RFC 9053 §4). */
export function seal(
  algorithm: AeadAlgorithm,
  key: TokenKey,
  iv: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Eventually<Uint8Array> {
  return withNode((node) =>
    node ? nodeSeal(node, algorithm, key, iv, aad, plaintext) : webSeal(algorithm, key, iv, aad, plaintext),
  )
}

/** Decrypts; undefined where the tag is wrong. */
export function unseal(
  algorithm: AeadAlgorithm,
  key: TokenKey,
  iv: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Eventually<Uint8Array | undefined> {
  if (sealed.length < algorithm.tagBytes) return undefined
  return withNode((node) =>
    node ? nodeUnseal(node, algorithm, key, iv, aad, sealed) : webUnseal(algorithm, key, iv, aad, sealed),
  )
}

function nodeSeal(
  node: NodeCrypto,
  algorithm: AeadAlgorithm,
  key: TokenKey,
  iv: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  const { tagBytes } = algorithm
  if (plaintext.length > mostBytes(algorithm))
    throw new CoseError('payload_unsuitable', `at most ${mostBytes(algorithm)} bytes`, 'caller')
  const cipher = available(algorithm, () =>
    node.createCipheriv(algorithm.cipher as 'aes-128-ccm', key.node(node, 'private'), iv, {
      authTagLength: tagBytes,
    }),
  )
  cipher.setAAD(aad, { plaintextLength: plaintext.length })
  const sealed = reserveToken(plaintext.length + tagBytes)
  sealed.set(cipher.update(plaintext))
  cipher.final()
  sealed.set(cipher.getAuthTag(), plaintext.length)
  return sealed
}

function nodeUnseal(
  node: NodeCrypto,
  algorithm: AeadAlgorithm,
  key: TokenKey,
  iv: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  const { tagBytes } = algorithm
  const length = sealed.length - tagBytes
  if (length > mostBytes(algorithm)) return undefined
  const decipher = available(algorithm, () =>
    node.createDecipheriv(algorithm.cipher as 'aes-128-ccm', key.node(node, 'private'), iv, {
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

/** How many bytes of plaintext an algorithm takes: AES-CCM counts them in what its nonce leaves of 15 bytes (RFC 3610 §2). */
function mostBytes({ cipher, ivBytes }: AeadAlgorithm): number {
  return cipher.endsWith('ccm') ? 256 ** (15 - ivBytes) - 1 : Number.POSITIVE_INFINITY
}

/** What an algorithm of node:crypto gives, where OpenSSL was built with it. */
function available<T>(algorithm: AeadAlgorithm, create: () => T): T {
  try {
    return create()
  } catch {
    throw new CoseError('algorithm_unavailable', `${algorithm.name} in node:crypto`)
  }
}

async function webSeal(
  algorithm: AeadAlgorithm,
  key: TokenKey,
  iv: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  requireGcm(algorithm)
  const web = await key.web({ name: 'AES-GCM' }, 'encrypt', 'private')
  return new Uint8Array(
    await webCrypto().encrypt(gcm(algorithm, iv, aad), web, plaintext as Uint8Array<ArrayBuffer>),
  )
}

async function webUnseal(
  algorithm: AeadAlgorithm,
  key: TokenKey,
  iv: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Promise<Uint8Array | undefined> {
  requireGcm(algorithm)
  const web = await key.web({ name: 'AES-GCM' }, 'decrypt', 'private')
  try {
    return new Uint8Array(
      await webCrypto().decrypt(gcm(algorithm, iv, aad), web, sealed as Uint8Array<ArrayBuffer>),
    )
  } catch {
    return undefined
  }
}

/** WebCrypto has no AES-CCM and no ChaCha20/Poly1305. */
function requireGcm({ name, cipher }: AeadAlgorithm): void {
  if (!cipher.endsWith('gcm'))
    throw new CoseError('algorithm_unavailable', `node:crypto for ${name}, which WebCrypto has not`)
}

function gcm({ tagBytes }: AeadAlgorithm, iv: Uint8Array, aad: Uint8Array): AesGcmParams {
  return {
    name: 'AES-GCM',
    iv: iv as Uint8Array<ArrayBuffer>,
    additionalData: aad as Uint8Array<ArrayBuffer>,
    tagLength: tagBytes * 8,
  }
}

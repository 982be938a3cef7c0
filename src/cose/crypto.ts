/**
 * Where the cryptography comes from: node:crypto where there is one, WebCrypto elsewhere.
 *
 * Only node:crypto has AES-CCM and ChaCha20/Poly1305, and it is two to ten times as fast. WebCrypto has the rest:
 * ECDSA, Ed25519, HMAC, AES-GCM. Nothing here is loaded before it is needed, and bundlers see no import of node:crypto.
 */
import { CoseError } from './cose-error.ts'

/** The module node:crypto. */
export type NodeCrypto = typeof import('node:crypto')

let found: NodeCrypto | undefined | Promise<NodeCrypto | undefined>
let searched = false

/** node:crypto, at once where it was found before; undefined in a browser. */
export function nodeCrypto(): NodeCrypto | undefined | Promise<NodeCrypto | undefined> {
  if (!searched) {
    searched = true
    found = findNodeCrypto()
  }
  return found
}

function findNodeCrypto(): NodeCrypto | undefined | Promise<NodeCrypto | undefined> {
  const { process } = globalThis
  if (!process?.versions?.node) return undefined
  if (process.getBuiltinModule) return process.getBuiltinModule('node:crypto')
  // Before Node 20.16. The name is no literal, so that bundlers for browsers let it be.
  const name = 'node:crypto'
  const loading: Promise<NodeCrypto | undefined> = import(name).then((module: NodeCrypto) => {
    found = module
    return module
  })
  return loading
}

/** What may be there now or later: an operation of node:crypto is done at once, and waiting costs as much as a MAC does. */
export type Eventually<T> = T | Promise<T>

/**
 * What an operation is given, as it is used until the operation is done: a copy where that is not at once, since a caller
 * may use its memory for something else meanwhile.
 *
 * @param waits whether something besides the cryptography has to be waited for
 */
export function lasting(bytes: Uint8Array, waits = false): Uint8Array {
  const node = nodeCrypto()
  return waits || node === undefined || node instanceof Promise ? new Uint8Array(bytes) : bytes
}

/** Does something with node:crypto, or without it where there is none: at once, once it was found. */
export function withNode<T>(use: (node: NodeCrypto | undefined) => Eventually<T>): Eventually<T> {
  return after(nodeCrypto(), use)
}

/** Goes on with what is there now, or once it is. */
export function after<T, U>(value: Eventually<T>, use: (value: T) => Eventually<U>): Eventually<U> {
  return value instanceof Promise ? value.then(use) : use(value)
}

/** WebCrypto. */
export function webCrypto(): SubtleCrypto {
  const { subtle } = globalThis.crypto ?? {}
  if (!subtle) throw new CoseError('algorithm_unavailable', 'WebCrypto, which a page has in a secure context')
  return subtle
}

/** Random bytes for keys, nonces and references. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return globalThis.crypto.getRandomValues(new Uint8Array(length))
}

const poolBytes = 1_024

/** Random bytes for initialization vectors: to ask for many at once costs a twentieth. */
let pool = /* @__PURE__ */ new Uint8Array(0)
let used = 0

/** A random initialization vector, never given before. */
export function randomIv(length: number): Uint8Array {
  if (used + length > pool.length) {
    pool = randomBytes(poolBytes)
    used = 0
  }
  used += length
  return pool.subarray(used - length, used)
}

/** The hash functions that keys, tokens and references need. */
export type HashName = 'SHA-256' | 'SHA-384'

/** The hash of some bytes. */
export function digest(hash: HashName, data: Uint8Array): Eventually<Uint8Array> {
  return withNode<Uint8Array>((node) =>
    node
      ? bytesOf(node.createHash(nodeHash(hash)).update(data).digest('binary'))
      : webCrypto()
          .digest(hash, data as Uint8Array<ArrayBuffer>)
          .then((bytes) => new Uint8Array(bytes)),
  )
}

/**
 * The first bytes of a digest that came as a text, a character a byte. The memory of a Buffer for it would cost a
 * quarter of the time that a short MAC takes.
 */
export function bytesOf(digest: string, length: number = digest.length): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = digest.charCodeAt(i)
  return bytes
}

/** What node:crypto calls a hash function. */
export function nodeHash(hash: HashName): 'sha256' | 'sha384' {
  return hash === 'SHA-256' ? 'sha256' : 'sha384'
}

/** Whether two byte strings are equal, in a time that depends on their lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ (b[i] ?? 0)
  return difference === 0
}

import { toBase64url } from '../../table/base64url.ts'
import type { PlatformObject, SubtleCryptoLike } from '../../table/platform.ts'
import { CoseError } from '../cose-error.ts'

/** The hash functions that keys, tokens and references need. */
export type HashName = 'SHA-256' | 'SHA-384'

/** What an algorithm is called in WebCrypto, with its parameters. */
export type WebAlgorithm =
  | { readonly name: 'ECDSA' | 'ECDH'; readonly namedCurve: string }
  | { readonly name: 'HMAC'; readonly hash: string }
  | { readonly name: 'Ed25519' | 'X25519' | 'AES-GCM' | 'AES-CTR' | 'AES-CBC' }

/** What a CryptoKey of WebCrypto may be used for. */
export type WebKeyUsage =
  | 'sign'
  | 'verify'
  | 'encrypt'
  | 'decrypt'
  | 'wrapKey'
  | 'unwrapKey'
  | 'deriveKey'
  | 'deriveBits'

/** A KeyObject of node:crypto, as far as the library looks at it. */
export interface KeyObjectLike {
  readonly type: string
  export(options: { format: 'jwk' }): object
}

/** A CryptoKey of WebCrypto. */
export type CryptoKeyLike = PlatformObject<
  'CryptoKey',
  {
    readonly type: string
    readonly extractable: boolean
    readonly algorithm: { readonly name: string }
    readonly usages: readonly string[]
  }
>

/** Which part of a key: `private` is the whole of it, and the only part of a symmetric key. */
export type KeyPart = 'public' | 'private'

/** The parameters that make a key, which were checked before. */
export interface KeyMaterial {
  readonly kty: unknown
  readonly crv?: unknown
  readonly x?: Uint8Array
  readonly y?: Uint8Array | boolean
  readonly d?: Uint8Array
  readonly k?: Uint8Array
}

/** A key with what the runtime made of it: a KeyObject of node:crypto, CryptoKeys of WebCrypto. Each is made once. */
export class RuntimeKey {
  // Private fields, which no inspection shows.
  readonly #material: KeyMaterial
  readonly #keyObjects: { [Part in KeyPart]?: unknown } = {}
  readonly #cryptoKeys = new Map<string, Promise<CryptoKeyLike>>()

  constructor(material: KeyMaterial) {
    this.#material = material
  }

  /** The parameters of the key. */
  get material(): KeyMaterial {
    return this.#material
  }

  /** The KeyObjects, which only the code for node:crypto knows. */
  get keyObjects(): { [Part in KeyPart]?: unknown } {
    return this.#keyObjects
  }

  /**
   * The key in WebCrypto, not extractable.
   *
   * @throws CoseError `algorithm_unavailable` where the runtime does not have the algorithm
   */
  cryptoKey(algorithm: WebAlgorithm, usage: WebKeyUsage): Promise<CryptoKeyLike> {
    const id = `${JSON.stringify(algorithm)} ${usage}`
    let key = this.#cryptoKeys.get(id)
    if (!key) {
      const part = usage === 'verify' ? 'public' : 'private'
      key = importKey(this.material, algorithm, [usage], part, false).catch(() => {
        throw new CoseError('algorithm_unavailable', `WebCrypto with ${algorithm.name}`)
      })
      this.#cryptoKeys.set(id, key)
    }
    return key
  }
}

/** WebCrypto. */
export function webCrypto(): SubtleCryptoLike {
  const { subtle } = globalThis.crypto ?? {}
  if (!subtle) throw new CoseError('algorithm_unavailable', 'WebCrypto, which a page has in a secure context')
  return subtle
}

/** The JWK that node:crypto and WebCrypto take: the parameters of the key alone. */
export function bareJwk({ kty, crv, x, y, d }: KeyMaterial, part: KeyPart): Record<string, string> {
  const jwk: Record<string, string> = { kty: kty === 'EC2' ? 'EC' : 'OKP', crv: String(crv) }
  if (x) jwk['x'] = toBase64url(x)
  if (y instanceof Uint8Array) jwk['y'] = toBase64url(y)
  if (d && part === 'private') jwk['d'] = toBase64url(d)
  return jwk
}

/** Makes a CryptoKey. */
export async function importKey(
  material: KeyMaterial,
  algorithm: WebAlgorithm,
  usages: WebKeyUsage[],
  part: KeyPart,
  extractable: boolean,
): Promise<CryptoKeyLike> {
  const subtle = webCrypto()
  return material.k
    ? subtle.importKey('raw', material.k as Uint8Array<ArrayBuffer>, algorithm, extractable, usages)
    : subtle.importKey('jwk', bareJwk(material, part), algorithm, extractable, usages)
}

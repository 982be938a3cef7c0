import { keyObject, randomBytes } from '#runtime/crypto'
import { checkObject } from '../cbor/check-object.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import type { CoseCurveName } from '../registry/generated/cose-curves.ts'
import type { CoseKeyOpName } from '../registry/generated/cose-key-ops.ts'
import { EncodeError } from '../table/encode-error.ts'
import { hex } from '../table/hex.ts'
import type { Json } from '../table/json.ts'
import { opaqueFromText, opaqueToText } from '../table/types/opaque.ts'
import { type Algorithm, algorithmOf, algorithmOfCurve, isSameAlgorithm, operations } from './algorithms.ts'
import { checkedKey } from './check-key.ts'
import { CoseError } from './cose-error.ts'
import { type CoseKey, coseKey, decodeCoseKey, encodeCoseKey } from './cose-key.ts'
import type { CoseHeader } from './headers.ts'
import { fromJwk, operationFromJwk, toJwk } from './jwk.ts'
import { coseThumbprint, jwkThumbprint } from './key-thumbprint.ts'
import { fromPem } from './pem.ts'
import {
  type CryptoKeyLike,
  type HashName,
  importKey,
  type KeyObjectLike,
  type KeyPart,
  RuntimeKey,
  type WebAlgorithm,
  type WebKeyUsage,
} from './runtime/runtime-key.ts'

/** The parameters of a key that are no part of the key itself (RFC 9052 §7.1). */
export interface KeyLabels {
  /** The key identifier: bytes, or a text that stands for its UTF-8. */
  readonly kid?: Uint8Array | string
  /** The algorithm that the key is limited to. */
  readonly alg?: CoseAlgorithmName
  /** What the key may be used for. */
  readonly key_ops?: readonly CoseKeyOpName[]
}

/** The JWK of a key object, of which these members are looked at. */
type ExportedKey = { readonly [Name in 'kty' | 'crv' | 'x' | 'y' | 'd' | 'k']?: string }

/** Whether a message is to be made or to be opened. */
export type KeyUse = 'protect' | 'open'

/** What of a private or symmetric key may be shown. */
const withheld = '<private>'

/**
 * A COSE key that is ready for use: it was checked, and what the runtime needs is made once and kept.
 *
 * Keys are Symmetric, EC2 on P-256 or P-384, and OKP on Ed25519 or X25519. Inspection, `JSON.stringify` and texts show
 * the public part alone, and only methods with `private` in their name tell the rest.
 *
 * @see RFC 9052 §7, RFC 9053 §7
 *
 * @example
 * ```ts
 * import { TokenKey } from 'ace-oauth/token'
 *
 * const key = await TokenKey.generate('ES256', { kid: 'as-2026' })
 * const published = key.toJwk() // without d
 * const verifying = await TokenKey.fromJwk(published)
 * ```
 */
export class TokenKey {
  readonly #key: CoseKey
  #header: CoseHeader | undefined
  /** What the key was found to be for; it does not change. */
  readonly #fits: { [Use in KeyUse]?: Algorithm } = {}

  /** What the key may be used for, by its parameters and the members of its JWK. */
  readonly #limits: KeyLimits

  /** What a message may call the key, the first of which is its identifier. */
  readonly #kids: readonly Uint8Array[]

  private constructor(key: CoseKey) {
    this.#key = key
    this.runtime = new RuntimeKey(key)
    this.#kids = identifiersOf(key)
    this.#limits = limitsOf(key)
  }

  /**
   * The key of a COSE_Key, given as its CBOR or as what a message holds.
   *
   * A compressed point is made a full one; a missing public part is computed from the private one.
   *
   * @throws CoseError `key_invalid` for a key that is none, or of a type or curve that the library does not have
   * @throws DecodeError for CBOR that is no COSE_Key
   */
  static async fromCose(key: CoseKey | Uint8Array): Promise<TokenKey> {
    return TokenKey.#checked(key instanceof Uint8Array ? decodeCoseKey(key) : acceptedKey(key))
  }

  static async #checked(key: CoseKey): Promise<TokenKey> {
    return new TokenKey(await checkedKey(key))
  }

  /**
   * The key of a JWK (RFC 7517).
   *
   * @throws CoseError `key_invalid` for a key that is none
   * @throws DecodeError for an object that is no JWK
   */
  static async fromJwk(jwk: unknown): Promise<TokenKey> {
    return TokenKey.#checked(fromJwk(jwk))
  }

  /**
   * The key of a PEM text: `PUBLIC KEY`, `PRIVATE KEY` or `EC PRIVATE KEY`, not encrypted.
   *
   * @throws DecodeError for a text without such a key
   * @throws CoseError `key_invalid` for a key of a type or curve that the library does not have, such as RSA
   *
   * @example
   * ```ts
   * import { TokenKey } from 'ace-oauth/token'
   *
   * const key = await TokenKey.fromPem(
   *   `-----BEGIN PUBLIC KEY-----
   * MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
   * -----END PUBLIC KEY-----`,
   *   { kid: 'as-2026' },
   * )
   * key.crv // 'Ed25519'
   * ```
   */
  static async fromPem(pem: string, labels: KeyLabels = {}): Promise<TokenKey> {
    checkObject('labels', labels)
    return TokenKey.fromCose({ ...fromPem(pem), ...labels })
  }

  /** A symmetric key of these bytes. */
  static async fromBytes(k: Uint8Array, labels: KeyLabels = {}): Promise<TokenKey> {
    checkObject('labels', labels)
    return TokenKey.fromCose({ kty: 'Symmetric', k, ...labels })
  }

  /**
   * The public key of a point in the form of SEC 1 §2.3.3 (04 x y, 02 x, 03 x), or of the 32 bytes of an OKP key.
   *
   * @throws CoseError `key_invalid` for anything else
   */
  static async fromPublicBytes(
    crv: 'P-256' | 'P-384' | 'Ed25519' | 'X25519',
    bytes: Uint8Array,
    labels: KeyLabels = {},
  ): Promise<TokenKey> {
    checkObject('labels', labels)
    if (crv === 'Ed25519' || crv === 'X25519')
      return TokenKey.fromCose({ kty: 'OKP', crv, x: bytes, ...labels })
    const [form = 0] = bytes
    const half = (bytes.length + 1) >> 1
    const y = form === 4 ? bytes.subarray(half) : form === 3
    return TokenKey.fromCose({
      kty: 'EC2',
      crv,
      x: form > 1 && form < 5 ? bytes.subarray(1, form === 4 ? half : undefined) : bytes,
      y,
      ...labels,
    })
  }

  /** The key of a KeyObject of node:crypto. */
  static async fromKeyObject(key: KeyObjectLike, labels: KeyLabels = {}): Promise<TokenKey> {
    return TokenKey.#labelled(key.export({ format: 'jwk' }) as ExportedKey, labels)
  }

  /**
   * The key of a CryptoKey of WebCrypto, which must be extractable.
   *
   * @throws DOMException `InvalidAccessError` where it is not
   */
  static async fromCryptoKey(key: CryptoKeyLike, labels: KeyLabels = {}): Promise<TokenKey> {
    return TokenKey.#labelled(await globalThis.crypto.subtle.exportKey('jwk', key as CryptoKey), labels)
  }

  static async #labelled({ kty, crv, x, y, d, k }: ExportedKey, labels: KeyLabels): Promise<TokenKey> {
    checkObject('labels', labels)
    // A JWK without undefined members.
    const jwk = JSON.parse(JSON.stringify({ kty, crv, x, y, d, k }))
    return TokenKey.fromCose({ ...fromJwk(jwk), ...labels })
  }

  /**
   * A new key for an algorithm, limited to it, or for X25519.
   *
   * @throws CoseError `algorithm_not_allowed` for an algorithm that the library does not have
   */
  static async generate(
    algorithm: CoseAlgorithmName | 'X25519',
    labels: Omit<KeyLabels, 'alg'> = {},
  ): Promise<TokenKey> {
    checkObject('labels', labels)
    if (algorithm === 'X25519')
      return TokenKey.fromCose({ kty: 'OKP', crv: 'X25519', d: randomBytes(32), ...labels })
    const found = algorithmOf(algorithm)
    if (!found) throw new CoseError('algorithm_not_allowed', 'an algorithm that the library has', 'caller')
    const limited = { ...labels, alg: found.name }
    if (found.kty === 'Symmetric') return TokenKey.fromBytes(randomBytes(found.keyBytes), limited)
    const crv = found.curves[0]!
    if (found.kty === 'OKP') return TokenKey.fromCose({ kty: 'OKP', crv, d: randomBytes(32), ...limited })
    // The runtime knows the order of the curve, of which a private key is a remainder without bias.
    const { privateKey } = await globalThis.crypto.subtle.generateKey(
      { name: 'ECDSA', namedCurve: crv },
      true,
      ['sign', 'verify'],
    )
    return TokenKey.fromCryptoKey(privateKey, limited)
  }

  /** The key type. */
  get kty(): 'EC2' | 'OKP' | 'Symmetric' {
    return this.#key.kty as 'EC2'
  }

  /** The curve; undefined for a symmetric key. */
  get crv(): 'P-256' | 'P-384' | 'Ed25519' | 'X25519' | undefined {
    return this.#key.crv as 'P-256' | undefined
  }

  /** The key identifier; undefined where the key has none. */
  get kid(): Uint8Array | undefined {
    return this.#kids[0]?.slice()
  }

  /** The key identifier as a JWK has it. */
  get jwkKid(): string | undefined {
    const { kid } = this.#key
    return kid instanceof Uint8Array ? opaqueToText(kid) : kid
  }

  /** The algorithm that the key says it is for, or that its curve implies; undefined for any other key. */
  get alg(): CoseAlgorithmName | undefined {
    const { alg } = this.#limits
    return alg === undefined ? algorithmOfCurve(this.#key.crv)?.name : algorithmOf(alg)?.name
  }

  /** Whether the key has a private part: always so for a symmetric key. */
  get isPrivate(): boolean {
    return this.#key.d !== undefined || this.#key.k !== undefined
  }

  /**
   * The key without its private part.
   *
   * @throws CoseError `key_unsuitable` for a symmetric key, which has no other
   */
  publicKey(): TokenKey {
    return new TokenKey(this.toCose())
  }

  /**
   * The public part as a COSE_Key.
   *
   * @throws CoseError `key_unsuitable` for a symmetric key
   */
  toCose(): CoseKey {
    const { d, k, ...rest } = this.#key
    if (k) throw new CoseError('key_unsuitable', 'a key that has a public part', 'caller')
    const ops = rest.key_ops?.filter((op) => op === 'verify')
    // An operation that needs the private part does not go with the public one (RFC 9052 §7.1, Table 5).
    const { key_ops, ...others } = rest
    return copied(key_ops && ops && d ? { ...others, ...(ops.length > 0 && { key_ops: ops }) } : rest)
  }

  /** The whole key as a COSE_Key, with the private part or the symmetric key. */
  toPrivateCose(): CoseKey {
    return copied(this.#key)
  }

  /** The public part as the deterministic CBOR of a COSE_Key; see {@link TokenKey.toCose}. */
  toCbor(): Uint8Array<ArrayBuffer> {
    return encodeCoseKey(this.toCose())
  }

  /** The whole key as the deterministic CBOR of a COSE_Key. */
  toPrivateCbor(): Uint8Array {
    return encodeCoseKey(this.#key)
  }

  /**
   * The public part as a JWK.
   *
   * @throws CoseError `key_unsuitable` for a symmetric key, and for parameters that JWK has no words for
   */
  toJwk(): Record<string, Json> {
    return jwkOf(this.toCose())
  }

  /** The whole key as a JWK, with the private part or the symmetric key. */
  toPrivateJwk(): Record<string, Json> {
    return jwkOf(this.#key)
  }

  /** The public key in bytes: a point in the uncompressed form of SEC 1 (04 x y), or x of an OKP key. */
  toPublicBytes(): Uint8Array {
    const { x, y } = this.toCose()
    return y instanceof Uint8Array ? Uint8Array.of(4, ...x!, ...y) : x!
  }

  /** The bytes of a symmetric key, or of the private part of another: k or d. */
  toPrivateBytes(): Uint8Array {
    const secret = this.#key.k ?? this.#key.d
    if (!secret) throw new CoseError('key_unsuitable', 'a key with a private part', 'caller')
    return secret.slice()
  }

  /**
   * The key as a KeyObject of node:crypto.
   *
   * @param part `private` for the whole of it; a symmetric key has no other
   * @throws CoseError `key_unsuitable` where the key does not have that part, `algorithm_unavailable` on a runtime without node:crypto
   */
  async toKeyObject<Key extends KeyObjectLike = KeyObjectLike>(part: KeyPart): Promise<Key> {
    if (part === 'public' ? this.#key.k : !this.isPrivate)
      throw new CoseError('key_unsuitable', `a key with a ${part} part`, 'caller')
    return keyObject(this.runtime, part) as unknown as Key
  }

  /**
   * The key as an extractable CryptoKey of WebCrypto.
   *
   * @param algorithm as `SubtleCrypto.importKey` takes it
   * @param usages as `SubtleCrypto.importKey` takes them
   * @throws DOMException as `SubtleCrypto.importKey` does
   */
  async toCryptoKey(algorithm: WebAlgorithm, usages: WebKeyUsage[]): Promise<CryptoKeyLike> {
    const part = usages.includes('verify') || usages.length === 0 ? 'public' : 'private'
    return importKey(this.#key, algorithm, usages, part, true)
  }

  /** The thumbprint of the COSE key (RFC 9679), the same for the public and the private key. */
  thumbprint(hash: HashName = 'SHA-256'): Promise<Uint8Array> {
    return coseThumbprint(this.#key, hash)
  }

  /** The thumbprint of the JWK (RFC 7638), the same for the public and the private key. */
  jwkThumbprint(hash: HashName = 'SHA-256'): Promise<Uint8Array> {
    return jwkThumbprint(this.#key, hash)
  }

  /**
   * Whether an identifier in a message may mean this key. One that came from a JWK may stand for its characters or for
   * the bytes whose base64url it is.
   */
  hasKid(kid: Uint8Array): boolean {
    for (const one of this.#kids) if (sameBytes(one, kid)) return true
    return false
  }

  /**
   * Refuses the key for an algorithm that it is not for (RFC 9053 §2 to §4, §7): another key type, curve, algorithm or
   * length, an operation that it may not be used for, a missing private part.
   *
   * @throws CoseError `key_unsuitable`
   */
  requireSuitable(algorithm: Algorithm, use: KeyUse): void {
    if (this.#fits[use] === algorithm) return
    const { kty, crv, k, d } = this.#key
    const wrong = (expected: string): never => {
      throw new CoseError('key_unsuitable', expected, use === 'protect' ? 'caller' : undefined)
    }
    if (kty !== algorithm.kty) wrong(`a key of type ${algorithm.kty}`)
    const { key_ops, use: usage, alg } = this.#limits
    if (alg !== undefined && !isSameAlgorithm(alg, algorithm.name, crv)) wrong(`a key for ${algorithm.name}`)
    if (algorithm.structure === 'sign1') {
      if (!algorithm.curves.includes(crv as CoseCurveName)) wrong(`a key on ${algorithm.curves.join(' or ')}`)
      if (use === 'protect' && !d) wrong('a private key')
    } else if (
      algorithm.structure === 'mac0' ? k!.length < algorithm.keyBytes : k!.length !== algorithm.keyBytes
    )
      wrong(`a key of ${algorithm.keyBytes} bytes`)
    const needed: readonly unknown[] = operations[algorithm.structure][use]
    if (key_ops && !key_ops.some((op) => needed.includes(op))) wrong(`a key for the operation ${needed[0]}`)
    const fitting = algorithm.structure === 'encrypt0' ? 'enc' : 'sig'
    if (usage !== undefined && usage !== fitting) wrong(`a key whose use is ${fitting}`)
    this.#fits[use] = algorithm
  }

  /** @internal The key as the cryptographic operations take it. */
  readonly runtime: RuntimeKey

  /** @internal The identifier as the header of a message, which is the same for all messages. */
  get header(): CoseHeader {
    const [kid] = this.#kids
    this.#header ??= kid ? { kid } : {}
    return this.#header
  }

  /** @internal Whether the key has no identifier. */
  get isNameless(): boolean {
    return this.#kids.length === 0
  }

  /** @internal The base of partial IVs. */
  get baseIv(): Uint8Array | undefined {
    return this.#key['Base IV']
  }

  /** One line for people, without the private part. */
  toString(): string {
    const { kty, crv, alg, kid, d, k } = this.#key
    const shown = kid === undefined ? '' : ` kid ${typeof kid === 'string' ? JSON.stringify(kid) : hex(kid)}`
    const secret = d || k ? ` ${withheld}` : ''
    return `TokenKey ${[kty, crv, alg].filter((one) => one !== undefined).join(' ')}${shown}${secret}`
  }

  /** The same line: nothing of a key gets into JSON unasked. */
  toJSON(): string {
    return this.toString()
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** What of a key limits its use. */
interface KeyLimits {
  /** The algorithm, also where it is of JOSE alone. */
  readonly alg: unknown
  /** The operations. */
  readonly key_ops: readonly unknown[] | undefined
  /** The use of a JWK (RFC 7517 §4.2). */
  readonly use: unknown
}

/** @throws CoseError `key_invalid` for a use that is no text */
function limitsOf({ kty, alg, key_ops, unknown = [] }: CoseKey): KeyLimits {
  const jwk = new Map(unknown.flatMap((member) => ('name' in member ? [[member.name, member.json]] : [])))
  const use = jwk.get('use')
  if (use !== undefined && typeof use !== 'string') throw new CoseError('key_invalid', 'a use that is a text')
  const ops = jwk.get('key_ops')
  const named = Array.isArray(ops) ? ops.map((op) => operationFromJwk(kty, String(op))) : undefined
  return { alg: alg ?? jwk.get('alg'), key_ops: key_ops ?? named, use }
}

/** A key that a caller gave, checked and copied. */
function acceptedKey(given: CoseKey): CoseKey {
  try {
    const key = coseKey.accept(given, '')
    if (key) return key
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error
    const expected = [error.path, error.expected].filter(Boolean).join(': ')
    throw new CoseError('key_invalid', expected)
  }
  throw new CoseError('key_invalid', 'a COSE_Key')
}

function identifiersOf({ kid }: CoseKey): Uint8Array[] {
  if (kid === undefined) return []
  return [typeof kid === 'string' ? opaqueFromText(kid) : kid.slice()]
}

function jwkOf(key: CoseKey): Record<string, Json> {
  return toJwk(key) ?? unwritable()
}

function unwritable(): never {
  throw new CoseError('key_unsuitable', 'a key whose parameters JWK has', 'caller')
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** A copy that shares nothing that can change. */
function copied<T>(value: T): T {
  return copyOf(value) as T
}

function copyOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if (Array.isArray(value)) return value.map(copyOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member)]))
}

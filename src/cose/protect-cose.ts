import { mac, randomBytes, seal, sign } from '#runtime/crypto'
import { checkObject } from '../cbor/check-object.ts'
import { DecodeError } from '../cbor/decode-error.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import { EncodeError } from '../table/encode-error.ts'
import { bucketOf, coveredWith } from './algorithm-bucket.ts'
import { type AeadAlgorithm, type Algorithm, algorithmOf, type CoseStructure } from './algorithms.ts'
import { CoseError } from './cose-error.ts'
import { type CoseFraming, checkBuckets, encodeCoseMessage } from './cose-message.ts'
import { after, type Eventually, lasting } from './eventually.ts'
import { type CoseHeader, checkCritical, encodeProtected, headerFromInput } from './headers.ts'
import { fullIv } from './initialization-vector.ts'
import type { TokenKey } from './token-key.ts'

/** How to protect a payload. */
export interface ProtectOptions extends CoseFraming {
  /** The algorithm. Default: the one that the key names, or that its curve implies; a symmetric key may name none. */
  readonly alg?: CoseAlgorithmName | undefined
  /** Further protected header parameters. The algorithm is always among them. */
  readonly protected?: Omit<CoseHeader, 'alg' | 'IV' | 'Partial IV'> | undefined
  /** Unprotected header parameters. Default: the identifier of the key, if it has one. */
  readonly unprotected?: Omit<CoseHeader, 'alg' | 'crit' | 'IV' | 'Partial IV'> | undefined
  /**
   * Whether all header parameters are protected, the key identifier and the initialization vector too, and the unprotected bucket
   * is empty, as RFC 9770 §3 asks of access tokens that a revocation list may name. It does not go with `unprotected`. Default: false.
   */
  readonly allHeadersProtected?: boolean | undefined
  /** Data that is covered beside the message and known to both sides (RFC 9052 §4.3). Default: none. */
  readonly externalAad?: Uint8Array | undefined
  /** Whether the payload, or the ciphertext, is left out of the message: then it is given beside it. Default: false. */
  readonly detached?: boolean | undefined
  /**
   * The initialization vector of an encrypted message, which must never be used twice with a key. Default: a random one,
   * which is safe for some 2^32 messages under a key.
   */
  readonly iv?: Uint8Array | undefined
  /** The part of the initialization vector that changes, where the key has a Base IV (RFC 9052 §3.1). */
  readonly partialIv?: Uint8Array | undefined
}

/** A COSE message whose payload travels beside it. */
export interface DetachedMessage {
  /** The message, with null in the place of the payload. */
  readonly message: Uint8Array<ArrayBuffer>
  /** The payload as it is, or the ciphertext of an encrypted message, which may share an `ArrayBuffer` with tokens. */
  readonly detached: Uint8Array
}

/**
 * Protects a payload for one recipient: signs, MACs or encrypts it, as the algorithm is for (RFC 9052 §4.2, §6.2, §5.2).
 *
 * @returns the message: COSE_Sign1, COSE_Mac0 or COSE_Encrypt0. It may share an `ArrayBuffer` with other tokens: send
 * it, not its `buffer`, and `slice()` it before transferring it
 * @throws EncodeError for header parameters that may not be sent: one in both buckets, or a critical one that is not protected
 * @throws CoseError `algorithm_not_allowed` without an algorithm, or for one that the library does not have;
 * `algorithm_unavailable` for one that the runtime does not have; `key_unsuitable` for a key that is not for it;
 * `iv_unsuitable` for an IV of a wrong length, or a partial one without a Base IV
 *
 * @example
 * ```ts
 * import { openCose, protectCose, TokenKey } from 'ace-oauth/token'
 *
 * const key = await TokenKey.generate('HMAC 256/64', { kid: 'light' })
 * const message = await protectCose(Uint8Array.of(1, 2, 3), key)
 * const { payload } = await openCose(message, { keys: [key] })
 * ```
 */
export async function protectCose(
  payload: Uint8Array,
  key: TokenKey,
  options: ProtectOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return after(protect(payload, key, options), ({ message }) => message)
}

/**
 * The same, with what travels beside the message where {@link ProtectOptions.detached} is set.
 *
 * @throws CoseError as {@link protectCose} does
 */
export async function protectDetached(
  payload: Uint8Array,
  key: TokenKey,
  options: ProtectOptions = {},
): Promise<DetachedMessage> {
  return after(protect(payload, key, options), ({ message, detached }) => ({
    message,
    detached,
  }))
}

/** Protects a payload, at once on node:crypto; see {@link protectDetached}. The message is to be copied before it is given out. */
export function protect(
  given: Uint8Array,
  key: TokenKey,
  options: ProtectOptions,
): Eventually<DetachedMessage> {
  checkObject('options', options)
  const payload = lasting(given)
  const algorithm = algorithmOf(options.alg ?? key.alg)
  if (!algorithm) throw new CoseError('algorithm_not_allowed', 'an algorithm that the library has', 'caller')
  key.requireSuitable(algorithm, 'protect')
  const { externalAad = nothing } = options
  const iv = algorithm.structure === 'encrypt0' ? ivFor(algorithm, key, options) : undefined
  const buckets = bucketsFor(algorithm, key, iv?.header, options)
  const { header, protectedBytes, unprotected } = buckets
  if (algorithm.structure === 'encrypt0') {
    if (payload.length > algorithm.plaintextBytes)
      throw new CoseError('payload_unsuitable', `at most ${algorithm.plaintextBytes} bytes`, 'caller')
    const aad = coveredWith(algorithm, header, protectedBytes, externalAad, undefined)
    return after(seal(algorithm, key.runtime, iv!.iv, aad, payload), (sealed) =>
      framed('encrypt0', protectedBytes, unprotected, sealed, nothing, options),
    )
  }
  const { structure } = algorithm
  const covered = coveredWith(algorithm, header, protectedBytes, externalAad, payload)
  const made =
    structure === 'sign1' ? sign(algorithm, key.runtime, covered) : mac(algorithm, key.runtime, covered)
  return after(made, (tag) => framed(structure, protectedBytes, unprotected, payload, tag, options))
}

/** The two buckets of header parameters of a message. */
interface Buckets {
  readonly header: CoseHeader
  readonly protectedBytes: Uint8Array
  readonly unprotected: CoseHeader
}

function bucketsFor(
  algorithm: Algorithm,
  key: TokenKey,
  ivHeader: CoseHeader | undefined,
  options: ProtectOptions,
): Buckets {
  if (options.allHeadersProtected === true) {
    if (options.unprotected)
      throw new EncodeError(
        'conflicting_members',
        'unprotected',
        'none where all header parameters are protected',
      )
    const given = options.protected ? headerFromInput(options.protected, 'protected') : {}
    const own = { ...given, alg: algorithm.name }
    if (options.protected) requireOpenable(own, {})
    const header = { ...key.header, ...own, ...ivHeader }
    return { header, protectedBytes: encodeProtected(header), unprotected: {} }
  }
  const bucket = bucketOf(algorithm)
  const header = options.protected
    ? { ...headerFromInput(options.protected, 'protected'), alg: algorithm.name }
    : bucket.header
  const protectedBytes = options.protected ? encodeProtected(header) : bucket.bytes
  const unprotected = options.unprotected
    ? headerFromInput(options.unprotected, 'unprotected')
    : unprotectedKid(key, header)
  if (options.protected || options.unprotected) requireOpenable(header, unprotected)
  return { header, protectedBytes, unprotected: { ...unprotected, ...ivHeader } }
}

/** The identifier of the key, unless the protected bucket tells one. */
function unprotectedKid(key: TokenKey, header: CoseHeader): CoseHeader {
  return header.kid ? {} : key.header
}

/** Refuses headers that {@link openCose} would refuse. */
function requireOpenable(header: CoseHeader, unprotected: CoseHeader): void {
  try {
    checkBuckets({ protected: header, unprotected })
    if (
      unprotected.alg !== undefined ||
      unprotected.IV ||
      unprotected['Partial IV'] ||
      header.IV ||
      header['Partial IV']
    )
      throw new EncodeError('unexpected_type', 'unprotected', 'no alg or IV, which the options tell')
    checkCritical({ protected: header, unprotected }, header.crit ?? [])
  } catch (error) {
    if (error instanceof DecodeError) throw new EncodeError('conflicting_members', error.path, error.expected)
    if (error instanceof CoseError) throw new EncodeError('invalid_value', 'crit', error.expected)
    throw error
  }
}

function framed(
  structure: CoseStructure,
  protectedBytes: Uint8Array,
  unprotected: CoseHeader,
  content: Uint8Array,
  authentication: Uint8Array,
  options: ProtectOptions,
): DetachedMessage {
  const inside = options.detached ? undefined : content
  const message = encodeCoseMessage(structure, protectedBytes, unprotected, inside, authentication, options)
  return { message, detached: content }
}

const nothing = /* @__PURE__ */ new Uint8Array(0)

function ivFor(
  algorithm: AeadAlgorithm,
  key: TokenKey,
  { iv, partialIv }: ProtectOptions,
): { iv: Uint8Array; header: CoseHeader } {
  if (iv && partialIv) throw new CoseError('iv_unsuitable', 'one IV', 'caller')
  // A caller that counts up in one array would otherwise have two messages encrypted with the same.
  if (partialIv) {
    const partial = lasting(partialIv)
    return { iv: fullIv(algorithm, key, undefined, partial, 'caller'), header: { 'Partial IV': partial } }
  }
  const whole = fullIv(algorithm, key, iv ? lasting(iv) : randomBytes(algorithm.ivBytes), undefined, 'caller')
  return { iv: whole, header: { IV: whole } }
}

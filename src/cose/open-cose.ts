import { mac, unseal, verify } from '#runtime/crypto'
import { checkObject } from '../cbor/check-object.ts'
import type { DecodeOptions } from '../cbor/options.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import { coveredWith } from './algorithm-bucket.ts'
import { type Algorithm, algorithmOf, type CoseStructure, isSameAlgorithm } from './algorithms.ts'
import { CoseError, type CoseReason } from './cose-error.ts'
import { type CoseMessage, decodeCoseMessage, type Untagged } from './cose-message.ts'
import { equalBytes } from './equal-bytes.ts'
import { after, type Eventually, lasting } from './eventually.ts'
import { type CoseHeader, type CoseLabel, checkCritical } from './headers.ts'
import { fullIv } from './initialization-vector.ts'
import { TokenKey } from './token-key.ts'

/** The keys that may open a message, or a function that finds them by what the message says of itself, unverified. */
export type KeySource =
  | TokenKey
  | readonly TokenKey[]
  | ((message: CoseMessage) => readonly TokenKey[] | Promise<readonly TokenKey[]>)

/** How to open a message. */
export interface OpenOptions {
  /** The keys that may open it. */
  readonly keys: KeySource
  /**
   * The algorithms that are taken. Default: for each key the one that it names, or that its curve implies. A symmetric
   * key that names none opens nothing without this list.
   */
  readonly algorithms?: readonly CoseAlgorithmName[] | undefined
  /** What a message without a tag is; `any` for what its elements and its algorithm say. Default: it is refused. */
  readonly untagged?: Untagged | undefined
  /** Data that is covered beside the message and known to both sides (RFC 9052 §4.3). Default: none. */
  readonly externalAad?: Uint8Array | undefined
  /** The payload, or the ciphertext, of a message that has it not inside. */
  readonly detached?: Uint8Array | undefined
  /** The labels of critical header parameters that the caller understands and processes (RFC 9052 §3.1). */
  readonly understood?: readonly CoseLabel[] | undefined
  /** The limits on what is read. */
  readonly limits?: DecodeOptions | undefined
}

/** A message that was verified or decrypted. */
export interface OpenedMessage {
  readonly structure: CoseStructure
  /** The algorithm that it was opened with. */
  readonly alg: CoseAlgorithmName
  /** What was protected. */
  readonly payload: Uint8Array
  /** The key that opened it. */
  readonly key: TokenKey
  readonly protected: CoseHeader
  /** Anyone may have changed these on the way. */
  readonly unprotected: CoseHeader
}

/**
 * Verifies a COSE_Sign1 or COSE_Mac0 message, or decrypts a COSE_Encrypt0 message.
 *
 * The verifier says which algorithms it takes; what the message says only chooses among them. A wrong key, a changed bit
 * and a wrong external AAD are one reason, `verification_failed`.
 *
 * @throws DecodeError for bytes that are no such message
 * @throws CoseError for a message that does not open, with the reason
 *
 * @example
 * ```ts
 * import { openCose, TokenKey } from 'ace-oauth/token'
 *
 * async function read(message: Uint8Array, secret: Uint8Array): Promise<Uint8Array> {
 *   const key = await TokenKey.fromBytes(secret)
 *   return (await openCose(message, { keys: key, algorithms: ['AES-CCM-16-64-128'] })).payload
 * }
 * ```
 */
export async function openCose(message: Uint8Array, options: OpenOptions): Promise<OpenedMessage> {
  checkObject('options', options)
  return openDecoded(
    decodeCoseMessage(lasting(message, waits(options)), options.untagged, options.limits),
    options,
  )
}

/** Whether the keys may have to be waited for. */
export function waits({ keys }: Pick<OpenOptions, 'keys'>): boolean {
  return typeof keys === 'function'
}

/** Opens a message that was decoded before, at once on node:crypto; see {@link openCose}. The message lasts until then. */
export function openDecoded(message: CoseMessage, given: OpenOptions): Eventually<OpenedMessage> {
  const options = lastingOptions(given)
  checkCritical(message, options.understood ?? [])
  const name = message.protected.alg ?? message.unprotected.alg
  const algorithm = algorithmOf(name)
  if (
    algorithm?.structure !== message.structure ||
    (options.algorithms && !options.algorithms.includes(algorithm.name))
  )
    throw new CoseError('algorithm_not_allowed', 'an algorithm that is allowed here')
  const content = message.content ?? options.detached
  if (!content || (message.content && options.detached))
    throw new CoseError('payload_unsuitable', message.content ? 'no other payload' : 'the detached payload')
  const keys = candidates(message, options.keys)
  return keys instanceof Promise
    ? keys.then((found) => openWith(message, algorithm, content, options, found))
    : openWith(message, algorithm, content, options, keys)
}

function lastingOptions(options: OpenOptions): OpenOptions {
  const { detached, externalAad } = options
  if (!detached && !externalAad) return options
  return {
    ...options,
    detached: detached && lasting(detached, waits(options)),
    externalAad: externalAad && lasting(externalAad, waits(options)),
  }
}

/** Opens a message with the first of the keys, from the one at `first` on, that does. */
function openWith(
  message: CoseMessage,
  algorithm: Algorithm,
  content: Uint8Array,
  options: OpenOptions,
  keys: readonly TokenKey[],
  first = 0,
  before?: CoseError,
): Eventually<OpenedMessage> {
  let refusal = before
  for (let i = first; i < keys.length; i++) {
    const key = keys[i]!
    try {
      requireAlgorithm(message, algorithm, key, options)
      key.requireSuitable(algorithm, 'open')
      const payload = attempt(message, algorithm, key, content, options)
      if (payload instanceof Promise)
        return payload.then((found) =>
          found
            ? openedMessage(message, algorithm, key, found)
            : openWith(
                message,
                algorithm,
                content,
                options,
                keys,
                i + 1,
                new CoseError('verification_failed'),
              ),
        )
      if (payload) return openedMessage(message, algorithm, key, payload)
      refusal = new CoseError('verification_failed')
    } catch (error) {
      if (!(error instanceof CoseError) || !keyReasons.includes(error.reason)) throw error
      // That the message did not verify with one key says more than that another is for something else.
      refusal = refusal?.reason === 'verification_failed' ? refusal : error
    }
  }
  throw refusal ?? new CoseError('no_key', 'a key for this message')
}

function openedMessage(
  message: CoseMessage,
  { name: alg }: Algorithm,
  key: TokenKey,
  payload: Uint8Array,
): OpenedMessage {
  const { structure, unprotected } = message
  return { structure, alg, payload, key, protected: message.protected, unprotected }
}

/** What is wrong with one key may be right with the next. */
const keyReasons: readonly CoseReason[] = ['key_unsuitable', 'algorithm_not_allowed', 'iv_unsuitable']

/** The keys that the identifier in the message leaves, those that carry it first; keys without one always do. */
function candidates(message: CoseMessage, source: KeySource): Eventually<readonly TokenKey[]> {
  if (source instanceof TokenKey) return named(message, [source])
  if (typeof source !== 'function') return named(message, source)
  return after(source(message), (keys) => named(message, keys))
}

function named(message: CoseMessage, keys: readonly TokenKey[]): readonly TokenKey[] {
  const kid = message.protected.kid ?? message.unprotected.kid
  if (!kid) return keys
  if (keys.length === 1 && keys[0]!.hasKid(kid)) return keys
  return [...keys.filter((key) => key.hasKid(kid)), ...keys.filter((key) => key.isNameless)]
}

/**
 * The key must be for the algorithm by what the verifier said: by the list, or by the key. Where nothing protects the
 * algorithm in the message, only one may be possible (RFC 9052 §3.1).
 */
function requireAlgorithm(
  message: CoseMessage,
  algorithm: Algorithm,
  key: TokenKey,
  { algorithms }: OpenOptions,
): void {
  const isImplied = isSameAlgorithm(key.alg, algorithm.name, key.crv)
  const isListed = algorithms !== undefined
  if (!isImplied && !isListed) throw new CoseError('algorithm_not_allowed', 'the algorithm of the key')
  if (message.protected.alg !== undefined || isImplied || algorithms?.length === 1) return
  throw new CoseError('algorithm_not_allowed', 'a protected algorithm')
}

/** What the message protects, if the key opens it. */
function attempt(
  message: CoseMessage,
  algorithm: Algorithm,
  key: TokenKey,
  content: Uint8Array,
  { externalAad = nothing }: OpenOptions,
): Eventually<Uint8Array | undefined> {
  const { authentication, unprotected } = message
  // A protected bucket that is an empty map counts as an empty byte string (RFC 9052 §4.4, §5.3, §6.3).
  const protectedBytes = isEmpty(message.protected) ? nothing : message.protectedBytes
  const payload = algorithm.structure === 'encrypt0' ? undefined : content
  const covered = coveredWith(algorithm, message.protected, protectedBytes, externalAad, payload)
  if (algorithm.structure === 'encrypt0') {
    const { IV = unprotected.IV } = message.protected
    const partial = message.protected['Partial IV'] ?? unprotected['Partial IV']
    const iv = fullIv(algorithm, key, IV, partial)
    const length = content.length - algorithm.tagBytes
    if (length < 0 || length > algorithm.plaintextBytes) return undefined
    return unseal(algorithm, key.runtime, iv, covered, content)
  }
  const isRight =
    algorithm.structure === 'sign1'
      ? verify(algorithm, key.runtime, covered, authentication)
      : after(mac(algorithm, key.runtime, covered), (right) => equalBytes(right, authentication))
  return after(isRight, (is) => (is ? content : undefined))
}

function isEmpty(header: CoseHeader): boolean {
  for (const _ in header) return false
  return true
}

const nothing = /* @__PURE__ */ new Uint8Array(0)

import { writeBytes } from '../cbor/byte-string.ts'
import { array, byteString } from '../cbor/major.ts'
import { writeNull } from '../cbor/simple-value.ts'
import { encode, write } from '../cbor/writer.ts'
import { type AeadAlgorithm, algorithmOf, algorithmValue } from '../cose/algorithms.ts'
import { type HashName, webCrypto } from '../cose/runtime/runtime-key.ts'
import type { OscoreInputMaterial } from '../message/confirmation.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import { ProtectionError, protecting } from '../token/protection-error.ts'
import { hideMembers } from './hidden-secrets.ts'

/** What the client and the resource server tell each other at authz-info (RFC 9203 §4.1, §4.2). */
export interface OscoreExchange {
  /** N1, of the client. */
  readonly nonce1: Uint8Array
  /** N2, of the resource server. */
  readonly nonce2: Uint8Array
  /** ID1, the Recipient ID of the client (`ace_client_recipientid`). */
  readonly clientRecipientId: Uint8Array
  /** ID2, the Recipient ID of the resource server (`ace_server_recipientid`). */
  readonly serverRecipientId: Uint8Array
}

/** The parameters that an OSCORE security context is derived from (RFC 8613 §3.2). Printing them hides the Master Secret. */
export interface OscoreParameters {
  readonly masterSecret: Uint8Array
  readonly masterSalt: Uint8Array
  readonly senderId: Uint8Array
  readonly recipientId: Uint8Array
  /** Undefined where there is none. */
  readonly idContext: Uint8Array | undefined
  readonly aead: CoseAlgorithmName
  readonly hash: HashName
}

/** What is derived from them (RFC 8613 §3.2.1). Printing it hides the keys. */
export interface OscoreKeys {
  readonly senderKey: Uint8Array
  readonly recipientKey: Uint8Array
  readonly commonIv: Uint8Array
}

/** The version of OSCORE that there is (RFC 8613 §5.4). */
const oscoreVersion = 1

/** The default of each algorithm (RFC 8613 §3.2). */
const defaultAead: CoseAlgorithmName = 'AES-CCM-16-64-128'
const defaultHkdf: CoseAlgorithmName = 'direct+HKDF-SHA-256'

/** The hash functions of the HMAC-based HKDF algorithms, which RFC 9203 §3.2.1 refers to by the HMAC algorithms too. */
const hkdfHashes: ReadonlyMap<unknown, HashName> = /* @__PURE__ */ new Map([
  ['direct+HKDF-SHA-256', 'SHA-256'],
  ['HMAC 256/256', 'SHA-256'],
  ['HMAC 384/384', 'SHA-384'],
])

/**
 * The Master Salt: the salt of the input material and both nonces, each encoded as a CBOR byte string (RFC 9203 §4.3). A
 * salt that is left out is an empty one (RFC 8613 §3.2).
 */
export function oscoreMasterSalt(
  salt: Uint8Array | undefined,
  { nonce1, nonce2 }: Pick<OscoreExchange, 'nonce1' | 'nonce2'>,
): Uint8Array {
  return encode((writer) => {
    if (salt) writeBytes(writer, salt)
    else writer.head(byteString, 0)
    writeBytes(writer, nonce1)
    writeBytes(writer, nonce2)
  })
}

/**
 * The parameters of the security context that a client and a resource server share (RFC 9203 §4.3).
 *
 * @param material what the authorization server gave both, under `osc` in the confirmation
 * @param role the client sends with the Recipient ID of the resource server, and the other way round
 * @throws ProtectionError `key_invalid` without a Master Secret, for equal identifiers and for ones that are too long;
 * `algorithm_not_allowed` for an algorithm or version that the library does not have, and for parameters that it does not
 * know
 *
 * @example
 * ```ts
 * import { deriveOscoreKeys, oscoreParametersFor } from 'ace-oauth/resource-server'
 *
 * const parameters = oscoreParametersFor(
 *   { id: Uint8Array.of(1), ms: new Uint8Array(16) },
 *   {
 *     nonce1: new Uint8Array(8),
 *     nonce2: new Uint8Array(8),
 *     clientRecipientId: Uint8Array.of(0x16, 0x45),
 *     serverRecipientId: Uint8Array.of(0, 0),
 *   },
 *   'client',
 * )
 * const { senderKey } = await deriveOscoreKeys(parameters)
 * ```
 */
export function oscoreParametersFor(
  material: OscoreInputMaterial,
  exchange: OscoreExchange,
  role: 'client' | 'resource server',
): OscoreParameters {
  const { ms, salt, contextId, alg = defaultAead, hkdf = defaultHkdf, version = oscoreVersion } = material
  const { clientRecipientId, serverRecipientId } = exchange
  const aead = algorithmOf(alg)
  const hash = hkdfHashes.get(hkdf)
  if (material.unknown?.length || !hash || aead?.structure !== 'encrypt0' || version !== oscoreVersion)
    throw new ProtectionError(
      'algorithm_not_allowed',
      'OSCORE parameters that the library has',
      'authz_info_key_unusable',
    )
  if (!ms || ms.length === 0) throw new ProtectionError('key_invalid', 'a Master Secret')
  // With equal identifiers both would send with the same key (RFC 8613 §3.3).
  if (hexOf(clientRecipientId) === hexOf(serverRecipientId))
    throw new ProtectionError('key_invalid', 'two Recipient IDs')
  // An identifier is a part of the nonce (RFC 8613 §5.2).
  if (Math.max(clientRecipientId.length, serverRecipientId.length) > aead.ivBytes - 6)
    throw new ProtectionError('key_invalid', `Recipient IDs of ${aead.ivBytes - 6} bytes at most`)
  const isClient = role === 'client'
  const parameters: OscoreParameters = {
    masterSecret: ms,
    masterSalt: oscoreMasterSalt(salt, exchange),
    senderId: isClient ? serverRecipientId : clientRecipientId,
    recipientId: isClient ? clientRecipientId : serverRecipientId,
    idContext: contextId,
    aead: aead.name,
    hash,
  }
  return hideMembers(parameters, ['masterSecret'])
}

function hexOf(bytes: Uint8Array): string {
  return bytes.join()
}

/** Derives the keys and the Common IV of a security context (RFC 8613 §3.2.1). */
export async function deriveOscoreKeys(parameters: OscoreParameters): Promise<OscoreKeys> {
  const { masterSecret, masterSalt, senderId, recipientId, idContext, hash } = parameters
  const aead = algorithmOf(parameters.aead) as AeadAlgorithm
  const subtle = await protecting(webCrypto)
  const secret = masterSecret as Uint8Array<ArrayBuffer>
  const key = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  const derive = async (id: Uint8Array, type: 'Key' | 'IV', length: number): Promise<Uint8Array> => {
    const info = oscoreInfo(id, idContext, algorithmValue(aead), type, length)
    const salt = masterSalt as Uint8Array<ArrayBuffer>
    return new Uint8Array(await subtle.deriveBits({ name: 'HKDF', hash, salt, info }, key, length * 8))
  }
  const [senderKey, recipientKey, commonIv] = await Promise.all([
    derive(senderId, 'Key', aead.keyBytes),
    derive(recipientId, 'Key', aead.keyBytes),
    derive(new Uint8Array(0), 'IV', aead.ivBytes),
  ])
  return hideMembers({ senderKey, recipientKey, commonIv }, ['senderKey', 'recipientKey', 'commonIv'])
}

/** What one derivation is for (RFC 8613 §3.2.1). */
function oscoreInfo(
  id: Uint8Array,
  idContext: Uint8Array | undefined,
  algorithm: number,
  type: string,
  length: number,
): Uint8Array<ArrayBuffer> {
  const info = encode((writer) => {
    writer.head(array, 5)
    writeBytes(writer, id)
    if (idContext) writeBytes(writer, idContext)
    else writeNull(writer)
    write(writer, algorithm)
    write(writer, type)
    write(writer, length)
  })
  return info as Uint8Array<ArrayBuffer>
}

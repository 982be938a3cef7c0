import { checkObject } from '../cbor/check-object.ts'
import { algorithmOf } from './algorithms.ts'
import { CoseError } from './cose-error.ts'
import { type CoseKey, decodeCoseKey } from './cose-key.ts'
import { type OpenOptions, openCose } from './open-cose.ts'
import { protectCose } from './protect-cose.ts'
import type { TokenKey } from './token-key.ts'

/**
 * A symmetric proof-of-possession key, encrypted for the resource server, as it stands under `Encrypted_COSE_Key` in a
 * confirmation (RFC 8747 §3.3): for tokens that are signed or MACed only.
 *
 * @param key the key that the client will prove possession of
 * @param encryptWith a key that the resource server shares
 * @returns a COSE_Encrypt0 structure without a tag
 * @throws CoseError `key_unsuitable` for a key that does not encrypt
 *
 * @example
 * ```ts
 * import { encryptKey, issueCwt, TokenKey } from 'ace-oauth/token'
 *
 * const [as, rs, pop] = await Promise.all([
 *   TokenKey.generate('ES256'),
 *   TokenKey.generate('AES-CCM-16-64-128'),
 *   TokenKey.generate('HMAC 256/256'),
 * ])
 * await issueCwt({ aud: 'rs', cnf: { Encrypted_COSE_Key: await encryptKey(pop, rs) } }, as)
 * ```
 */
export async function encryptKey(key: TokenKey, encryptWith: TokenKey): Promise<Uint8Array> {
  if (algorithmOf(encryptWith.alg)?.structure !== 'encrypt0')
    throw new CoseError('key_unsuitable', 'a key that encrypts', 'caller')
  return protectCose(key.toPrivateCbor(), encryptWith, { tagged: false })
}

/**
 * The key of an `Encrypted_COSE_Key`.
 *
 * @throws DecodeError for what is no COSE_Encrypt0 of a COSE_Key
 * @throws CoseError for what the keys do not open
 */
export async function decryptKey(
  encrypted: Uint8Array,
  options: Pick<OpenOptions, 'keys' | 'algorithms'>,
): Promise<CoseKey> {
  checkObject('options', options)
  const { payload, structure } = await openCose(encrypted, { ...options, untagged: 'encrypt0' })
  if (structure !== 'encrypt0') throw new CoseError('wrong_structure', 'COSE_Encrypt0')
  return decodeCoseKey(payload)
}

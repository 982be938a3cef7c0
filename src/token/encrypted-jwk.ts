import { DecodeError } from '../cbor/decode-error.ts'
import type { CoseKey } from '../cose/cose-key.ts'
import { fromJwk } from '../cose/jwk.ts'
import type { TokenKey } from '../cose/token-key.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import { openCompact, parseJson, readCompact } from './jose.ts'

/**
 * The key of an encrypted JWK, as it stands under `jwe` in a confirmation (RFC 7800 §3.3).
 *
 * @throws DecodeError for what is no compact JWE of a JWK
 * @throws ProtectionError for what the keys do not open
 */
export async function decryptJwk(
  jwe: string,
  keys: readonly TokenKey[],
  algorithms: readonly CoseAlgorithmName[] | undefined,
): Promise<CoseKey> {
  const jose = readCompact(jwe)
  if (!jose.isEncrypted) throw new DecodeError('unexpected_type', 'jwe', 'a compact JWE')
  return fromJwk(parseJson((await openCompact(jose, keys, algorithms)).payload))
}

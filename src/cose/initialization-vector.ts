import type { AeadAlgorithm } from './algorithms.ts'
import { type CoseBlame, CoseError } from './cose-error.ts'
import type { TokenKey } from './token-key.ts'

/**
 * The initialization vector of a message: the whole one, or the partial one combined with the Base IV of the key
 * (RFC 9052 §3.1).
 *
 * @param blame who is to blame where there is none
 * @throws CoseError `iv_unsuitable` where there is none, or where a length is wrong
 */
export function fullIv(
  { ivBytes }: AeadAlgorithm,
  { baseIv }: TokenKey,
  iv: Uint8Array | undefined,
  partial: Uint8Array | undefined,
  blame?: CoseBlame,
): Uint8Array {
  if (iv) {
    if (iv.length !== ivBytes) throw new CoseError('iv_unsuitable', `${ivBytes} bytes`, blame)
    return iv
  }
  if (!partial) throw new CoseError('iv_unsuitable', 'an IV', blame)
  if (baseIv?.length !== ivBytes || partial.length > ivBytes)
    throw new CoseError(
      'iv_unsuitable',
      `a key with a Base IV of ${ivBytes} bytes, and no longer partial IV`,
      blame,
    )
  const whole = baseIv.slice()
  const padding = ivBytes - partial.length
  for (let i = 0; i < partial.length; i++) whole[padding + i]! ^= partial[i]!
  return whole
}

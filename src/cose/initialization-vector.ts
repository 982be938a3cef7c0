import type { FailureCode } from '../failure/catalogue.ts'
import { ProtectionError } from '../token/protection-error.ts'
import type { AeadAlgorithm } from './algorithms.ts'
import type { TokenKey } from './token-key.ts'

/**
 * The initialization vector of a message: the whole one, or the partial one combined with the Base IV of the key
 * (RFC 9052 §3.1).
 *
 * @param code the code of the error. Default: that of a refused message
 * @throws ProtectionError `iv_unsuitable` where there is none, or where a length is wrong
 */
export function fullIv(
  { ivBytes }: AeadAlgorithm,
  { baseIv }: TokenKey,
  iv: Uint8Array | undefined,
  partial: Uint8Array | undefined,
  code?: FailureCode,
): Uint8Array {
  if (iv) {
    if (iv.length !== ivBytes) throw new ProtectionError('iv_unsuitable', `${ivBytes} bytes`, code)
    return iv
  }
  if (!partial) throw new ProtectionError('iv_unsuitable', 'an IV', code)
  if (baseIv?.length !== ivBytes || partial.length > ivBytes)
    throw new ProtectionError(
      'iv_unsuitable',
      `a key with a Base IV of ${ivBytes} bytes, and no longer partial IV`,
      code,
    )
  const whole = baseIv.slice()
  const padding = ivBytes - partial.length
  for (let i = 0; i < partial.length; i++) whole[padding + i]! ^= partial[i]!
  return whole
}

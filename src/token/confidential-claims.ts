import { EncodeError } from '../table/encode-error.ts'
import type { TokenClaims } from './token-claims.ts'

/**
 * Refuses claims that hold a secret key for a token that is not encrypted (RFC 9200 §6.1, RFC 8747 §3.2, RFC 9203 §3.2),
 * and a private key in any: whoever has a token must not be able to prove possession.
 *
 * @throws EncodeError `invalid_value`
 */
export function requireConfidentiality({ cnf }: TokenClaims, isEncrypted: boolean): void {
  if (cnf?.COSE_Key?.d)
    throw new EncodeError('invalid_value', 'cnf.COSE_Key', 'a key without its private part')
  if (isEncrypted) return
  if (cnf?.COSE_Key?.k)
    throw new EncodeError('invalid_value', 'cnf.COSE_Key', 'an encrypted token, or an encrypted key')
  if (cnf?.osc?.ms) throw new EncodeError('invalid_value', 'cnf.osc', 'an encrypted token')
}

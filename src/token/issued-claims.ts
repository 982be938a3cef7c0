import { algorithmOf, type CoseStructure } from '../cose/algorithms.ts'
import type { TokenKey } from '../cose/token-key.ts'
import type { Confirmation } from '../message/confirmation.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import { EncodeError } from '../table/encode-error.ts'
import { ownFault, ProtectionError } from './protection-error.ts'
import { TokenClaims, type TokenClaimsMembers } from './token-claims.ts'

/** How a token is protected. */
export interface Protection {
  readonly key: TokenKey
  readonly alg: CoseAlgorithmName | undefined
  /** What encrypts the signed or MACed token. */
  readonly encryptWith: TokenKey | undefined
}

/**
 * The claims of a token that is to be issued, where they may stand in it as it is protected.
 *
 * @throws EncodeError for claims that may not
 * @throws ProtectionError for a key that is to encrypt and does not
 */
export function issuableClaims(
  claims: TokenClaims | TokenClaimsMembers,
  { key, alg = key.alg, encryptWith }: Protection,
): TokenClaims {
  const given = claims instanceof TokenClaims ? (claims as TokenClaims) : new TokenClaims(claims)
  if (encryptWith && algorithmOf(encryptWith.alg)?.structure !== 'encrypt0')
    throw new ProtectionError('key_unsuitable', 'a key that encrypts', ownFault)
  const structure = algorithmOf(alg)?.structure
  const secret = secretInClear(given.cnf, encryptWith !== undefined || structure === 'encrypt0')
  if (secret) throw new EncodeError('invalid_value', secret.path, secret.expected)
  if (structure !== 'sign1' && isForSeveral(given))
    throw new EncodeError('invalid_value', 'aud', 'one audience, or a signature (RFC 9200 section 6.1)')
  return given
}

/** Whether a token is for more than one resource server, each of which could make it if they shared the key (RFC 9200 §6.1). */
export function isForSeveral({ aud }: TokenClaims): boolean {
  return Array.isArray(aud) && new Set(aud).size > 1
}

/** Whether one of the structures around a token is a signature. */
export function isSigned(layers: readonly { readonly structure: CoseStructure }[]): boolean {
  return layers.some(({ structure }) => structure === 'sign1')
}

/**
 * What a confirmation tells whoever sees the token: a secret key in a token that is not encrypted (RFC 9200 §6.1, RFC 8747
 * §3.2, RFC 9203 §3.2), and a private key in any. Whoever has a token must not be able to prove possession.
 */
export function secretInClear(
  cnf: Confirmation | undefined,
  isEncrypted: boolean,
): { readonly path: string; readonly expected: string } | undefined {
  const { COSE_Key, osc } = cnf ?? {}
  if (COSE_Key?.d) return { path: 'cnf.COSE_Key', expected: 'a key without its private part' }
  if (isEncrypted) return undefined
  if (COSE_Key?.k) return { path: 'cnf.COSE_Key', expected: 'an encrypted token, or an encrypted key' }
  return osc?.ms && { path: 'cnf.osc', expected: 'an encrypted token' }
}

import { TokenKey } from '../cose/token-key.ts'
import type { Confirmation } from '../message/confirmation.ts'

/** A key pair of a client, and how a token request names it. */
export interface ProofKey {
  /** The whole pair: the private part stays on the device. */
  readonly key: TokenKey
  /** The public part, for `req_cnf` (RFC 9201 §3.1). */
  readonly req_cnf: Confirmation
}

/** The algorithms of the keys that clients prove possession of: those that every COSE implementation has. */
export type ProofKeyAlgorithm = 'ES256' | 'ES384' | 'EdDSA'

/**
 * Generates a key pair for tokens that are bound to it. Without one the authorization server makes a symmetric key.
 *
 * Its identifier is its COSE key thumbprint (RFC 9679), which is the same after a restart and for everybody.
 *
 * @example
 * ```ts
 * import { generateProofKey } from 'ace-oauth/client'
 *
 * const { key, req_cnf } = await generateProofKey()
 * const members = { audience: 'rs1', scope: 'read', req_cnf } // for obtainToken
 * ```
 */
export async function generateProofKey(algorithm: ProofKeyAlgorithm = 'ES256'): Promise<ProofKey> {
  const key = await TokenKey.generate(algorithm)
  const kid = await key.thumbprint()
  const named = await TokenKey.fromCose({ ...key.toPrivateCose(), kid })
  return { key: named, req_cnf: { COSE_Key: named.toCose() } }
}

import { checkObject } from '../cbor/check-object.ts'
import { DecodeError } from '../cbor/decode-error.ts'
import type { CoseKey } from '../cose/cose-key.ts'
import { decryptKey } from '../cose/encrypted-key.ts'
import { equalBytes } from '../cose/equal-bytes.ts'
import { TokenKey } from '../cose/token-key.ts'
import { Failure } from '../failure/failure.ts'
import type { Confirmation } from '../message/confirmation.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import { hex } from '../table/hex.ts'
import { opaqueFromText } from '../table/types/opaque.ts'
import { decryptJwk } from '../token/encrypted-jwk.ts'
import { isProtectionFault } from '../token/protection-error.ts'

/** The key that a confirmation is of. */
export interface ConfirmationKey {
  /** What tells the key from all others of its authorization server; empty where a kid alone refers to it. */
  readonly names: readonly string[]
  /** The key identifiers that go with it, which others may have too. */
  readonly kids: readonly string[]
  /** The key, where the confirmation brings it and it is not OSCORE input material. */
  readonly key: TokenKey | undefined
  /** Whether the confirmation brings the key. */
  readonly isBrought: boolean
}

/** How to read the keys in confirmations. */
export interface ConfirmationKeyOptions {
  /** The keys that decrypt an `Encrypted_COSE_Key` or an encrypted JWK. Default: such a confirmation is refused. */
  readonly decryptWith?: readonly TokenKey[] | undefined
  /** The algorithms that those are taken for. Default: for each key the one that it names. */
  readonly algorithms?: readonly CoseAlgorithmName[] | undefined
}

/** The length of a SHA-256 thumbprint, in bytes. */
const thumbprintBytes = 32

/**
 * The names of a proof-of-possession key, those first that tell it from all others: its thumbprints, the identifier of
 * OSCORE input material or the thumbprint of a certificate; then the key identifiers that refer to it (RFC 8747 §3.2 to
 * §3.4, RFC 9203 §3.2.1). An encrypted key has the names of the key inside. Names are for {@link HeldTokens.find}; the
 * thumbprint of a symmetric key is as secret as a hash of that key.
 *
 * @throws Failure `authz_info_key_unusable` for a confirmation without a key, or with one that cannot be used
 */
export async function confirmationNames(
  cnf: Confirmation,
  options: ConfirmationKeyOptions = {},
): Promise<string[]> {
  checkObject('options', options)
  const { names, kids } = await confirmationKey(cnf, options)
  return [...names, ...kids]
}

/**
 * Reads the key of a confirmation.
 *
 * @throws Failure `authz_info_key_unusable`
 */
export async function confirmationKey(
  cnf: Confirmation,
  options: ConfirmationKeyOptions,
): Promise<ConfirmationKey> {
  try {
    if (cnf.osc) return oscoreKey(cnf)
    const brought = await keyOf(cnf, options)
    return brought ? await namedByKey(cnf, brought) : namedOnly(cnf)
  } catch (error) {
    if (!isProtectionFault(error) && !(error instanceof DecodeError)) throw error
    throw new Failure('authz_info_key_unusable', { details: { reason: error.reason }, cause: error })
  }
}

function unusable(expected: string): never {
  throw new Failure('authz_info_key_unusable', { details: { expected } })
}

/** OSCORE input material is one key by its identifier, which a kid outside its context does not refer to (RFC 9203 §4.2). */
function oscoreKey({ osc, ...others }: Confirmation): ConfirmationKey {
  if (!osc?.id || !osc.ms?.length) unusable('osc with id and ms')
  for (const name of ['ckt', 'jkt', 'x5t#S256'] as const)
    if (others[name]) unusable('no second key beside osc')
  return { names: [`osc:${hex(osc.id)}`], kids: [], key: undefined, isBrought: true }
}

/** The key that a confirmation brings; undefined where it only names one. */
async function keyOf(
  { COSE_Key, Encrypted_COSE_Key, jwe }: Confirmation,
  { decryptWith = [], algorithms }: ConfirmationKeyOptions,
): Promise<CoseKey | undefined> {
  if (!Encrypted_COSE_Key && jwe === undefined) return COSE_Key
  if (decryptWith.length === 0) unusable('a key that is not encrypted, or decryptWith')
  return Encrypted_COSE_Key
    ? decryptKey(Encrypted_COSE_Key, { keys: decryptWith, algorithms })
    : decryptJwk(jwe!, decryptWith, algorithms)
}

async function namedByKey(cnf: Confirmation, given: CoseKey): Promise<ConfirmationKey> {
  if (given.d) unusable('a key without its private part')
  const kid = typeof given.kid === 'string' ? opaqueFromText(given.kid) : given.kid
  const kids = kidsOf(kid, cnf.kid)
  // The resource server derives the key from the identifier, or has it (RFC 9202 §3.3.1).
  if (given.kty === 'Symmetric' && given.k === undefined) {
    const { COSE_Key: _, ...others } = cnf
    return { ...namedOnly({ ...others, kid: kid ?? cnf.kid ?? unusable('k or kid') }), kids }
  }
  const key = await TokenKey.fromCose(given)
  const [ckt, jkt] = await Promise.all([key.thumbprint(), key.jwkThumbprint()])
  if (cnf.ckt && !equalBytes(cnf.ckt, ckt)) unusable('the ckt of the key')
  if (cnf.jkt && !equalBytes(cnf.jkt, jkt)) unusable('the jkt of the key')
  return {
    names: [`ckt:${hex(ckt)}`, `jkt:${hex(jkt)}`, ...certificateNames(cnf)],
    kids,
    key,
    isBrought: true,
  }
}

/** A confirmation that refers to a key without bringing it. */
function namedOnly(cnf: Confirmation): ConfirmationKey {
  const { ckt, jkt } = cnf
  for (const thumbprint of [ckt, jkt])
    if (thumbprint && thumbprint.length !== thumbprintBytes) unusable('a thumbprint of 32 bytes')
  const names = [
    ...(ckt ? [`ckt:${hex(ckt)}`] : []),
    ...(jkt ? [`jkt:${hex(jkt)}`] : []),
    ...certificateNames(cnf),
  ]
  const kids = kidsOf(cnf.kid)
  if (names.length === 0 && kids.length === 0) unusable('a key')
  return { names, kids, key: undefined, isBrought: false }
}

function certificateNames(cnf: Confirmation): string[] {
  const thumbprint = cnf['x5t#S256']
  if (!thumbprint) return []
  if (thumbprint.length !== thumbprintBytes) unusable('a thumbprint of 32 bytes')
  return [`x5t:${hex(thumbprint)}`]
}

function kidsOf(...kids: readonly (Uint8Array | undefined)[]): string[] {
  const named = kids.flatMap((kid) => (kid === undefined ? [] : [`kid:${hex(kid)}`]))
  return [...new Set(named)]
}

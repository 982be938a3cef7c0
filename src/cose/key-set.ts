import { DecodeError } from '../cbor/decode-error.ts'
import { array } from '../cbor/major.ts'
import { decode, readRaw } from '../cbor/reader.ts'
import { opaqueToText } from '../table/types/opaque.ts'
import { CoseError } from './cose-error.ts'
import { decodeCoseKey } from './cose-key.ts'
import { TokenKey } from './token-key.ts'

/** A key of a set that cannot be used here. */
export interface SkippedKey {
  /** Its place in the set, from 0. */
  readonly index: number
  /** Its key identifier as text, where it could be read. */
  readonly kid?: string
  /** Why: `key_invalid` for a key that is none or of a type that the library does not have, otherwise the reason of the DecodeError. */
  readonly reason: string
  /** What would have been right, in a few words. */
  readonly expected: string
}

/** The keys of a set. */
export interface KeySet {
  /** Those that can be used. */
  readonly keys: readonly TokenKey[]
  /** The others, which do not spoil the set (RFC 7517 §5, RFC 9052 §7). */
  readonly skipped: readonly SkippedKey[]
}

/**
 * Reads a COSE_KeySet from its CBOR (RFC 9052 §7), or a JWK Set (RFC 7517 §5). Each key is read by itself: one that cannot be used is
 * skipped and named.
 *
 * @param set the CBOR, or the JSON as `JSON.parse` gives it
 * @throws DecodeError for what is no set
 *
 * @example
 * ```ts
 * import { readKeySet } from 'ace-oauth/token'
 *
 * const { keys, skipped } = await readKeySet({
 *   keys: [
 *     { kty: 'oct', k: 'AAECAwQFBgcICQoLDA0ODw', alg: 'A128GCM' },
 *     { kty: 'RSA', kid: 'r1', n: 'AQ', e: 'AQAB' },
 *   ],
 * })
 * keys.length // 1
 * skipped[0]?.kid // 'r1'
 * ```
 */
export async function readKeySet(set: Uint8Array | unknown): Promise<KeySet> {
  const members = set instanceof Uint8Array ? coseKeysOf(set) : jwksOf(set)
  const keys: TokenKey[] = []
  const skipped: SkippedKey[] = []
  for (const [index, member] of members.entries()) {
    try {
      keys.push(
        member instanceof Uint8Array ? await TokenKey.fromCose(member) : await TokenKey.fromJwk(member),
      )
    } catch (error) {
      if (!(error instanceof CoseError) && !(error instanceof DecodeError)) throw error
      const kid = kidOf(member)
      skipped.push({
        index,
        ...(kid !== undefined && { kid }),
        reason: error.reason,
        expected: error.expected,
      })
    }
  }
  return { keys, skipped }
}

/** The keys of a COSE_KeySet, each in its CBOR. */
function coseKeysOf(set: Uint8Array): Uint8Array[] {
  const most = set.length
  return decode(set, { maxBytes: most, maxMembers: most, maxStringBytes: most }, (reader) => {
    const keys: Uint8Array[] = []
    reader.headOf(array, 'an array of COSE keys')
    reader.each(() => keys.push(readRaw(reader)))
    return keys
  })
}

function jwksOf(set: unknown): readonly unknown[] {
  const { keys } = Object(set) as { keys?: unknown }
  if (!Array.isArray(keys)) throw new DecodeError('unexpected_type', 'keys', 'an array of JWKs')
  return keys
}

function kidOf(member: unknown): string | undefined {
  if (!(member instanceof Uint8Array)) {
    const { kid } = Object(member) as { kid?: unknown }
    return typeof kid === 'string' ? kid : undefined
  }
  try {
    const { kid } = decodeCoseKey(member)
    return kid instanceof Uint8Array ? opaqueToText(kid) : undefined
  } catch {
    return undefined
  }
}

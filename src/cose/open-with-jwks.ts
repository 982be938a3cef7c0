import { DecodeError } from '../cbor/decode-error.ts'
import { hex } from '../table/hex.ts'
import { type CoseStructure, supportedAlgorithms } from './algorithms.ts'
import { CoseError } from './cose-error.ts'
import type { CoseKey } from './cose-key.ts'
import { decodeCoseMessage } from './cose-message.ts'
import { openDecoded } from './open-cose.ts'
import { TokenKey } from './token-key.ts'

/** What `ace-oauth codec` is asked under `cose-open`. */
export interface CoseOpenQuestion {
  /** The message in hexadecimal digits. */
  readonly hex: string
  /** The keys, as JWKs. */
  readonly keys: readonly unknown[]
  /** The external AAD in hexadecimal digits. Default: none. */
  readonly externalAad?: string
}

/** The answer to it. */
export type CoseOpenAnswer =
  | { readonly ok: true; readonly structure: CoseStructure; readonly alg: string; readonly payload: string }
  | { readonly ok: false; readonly reason: string }

/**
 * Opens a COSE message with JWKs, for people who debug: every algorithm that a key fits is taken, whatever the key's
 * identifier is. A resource server uses {@link openCose}, which takes what it was told to.
 *
 * @returns the payload, or the reason of the DecodeError or CoseError; never throws for what it is asked
 *
 * @example
 * ```ts
 * import { coseOpen } from 'ace-oauth/token'
 *
 * await coseOpen({ hex: 'd28440a0f640', keys: [] }) // { ok: false, reason: 'algorithm_not_allowed' }
 * ```
 */
export async function coseOpen({ hex: text, keys, externalAad }: CoseOpenQuestion): Promise<CoseOpenAnswer> {
  try {
    const message = decodeCoseMessage(fromHex(text))
    const alg = message.protected.alg ?? message.unprotected.alg
    const kid = message.protected.kid ?? message.unprotected.kid
    const usable = await keysOf(keys)
    // An identifier that no key has must not keep the others from being tried.
    const isNamed = kid !== undefined && usable.some((key) => key.hasKid(kid))
    const nameless = await Promise.all(
      usable.map((key) => TokenKey.fromCose(withoutKid(key.toPrivateCose()))),
    )
    const opened = await openDecoded(message, {
      keys: isNamed ? usable : nameless,
      algorithms: supportedAlgorithms.filter((name) => name === alg),
      externalAad: fromHex(externalAad ?? ''),
    })
    return { ok: true, structure: opened.structure, alg: opened.alg, payload: hex(opened.payload) }
  } catch (error) {
    if (error instanceof CoseError || error instanceof DecodeError) return { ok: false, reason: error.reason }
    throw error
  }
}

/** The keys that are understood; the others are passed over, as those of a COSE Key Set are (RFC 9052 §7). */
async function keysOf(jwks: readonly unknown[]): Promise<TokenKey[]> {
  const made = await Promise.allSettled(jwks.map(async (jwk) => TokenKey.fromJwk(canonical(jwk))))
  const usable = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const refused = made.find((one) => one.status === 'rejected')
  if (usable.length === 0 && refused) throw refused.reason
  return usable
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * A JWK whose base64url has no bits that stand for nothing, which one example of the COSE working group has (RFC 4648 §3.5
 * lets a decoder choose).
 */
function canonical(jwk: unknown): unknown {
  if (typeof jwk !== 'object' || jwk === null) return jwk
  const members = Object.entries(jwk).map(([name, value]) => {
    if (!['x', 'y', 'd', 'k'].includes(name) || typeof value !== 'string') return [name, value]
    const meant = [0x3f, 0, 0x30, 0x3c][value.length % 4]!
    const last = alphabet.indexOf(value.slice(-1))
    return [name, last < 0 || !meant ? value : value.slice(0, -1) + alphabet[last & meant]]
  })
  return Object.fromEntries(members)
}

function withoutKid({ kid: _, ...rest }: CoseKey): CoseKey {
  return rest
}

function fromHex(text: string): Uint8Array {
  if (!/^(?:[\da-f]{2})*$/i.test(text)) throw new DecodeError('invalid_value', '', 'hexadecimal digits')
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}

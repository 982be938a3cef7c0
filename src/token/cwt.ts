import { tag } from '../cbor/major.ts'
import { copyToken } from '../cbor/pool.ts'
import { algorithmOf, type CoseStructure } from '../cose/algorithms.ts'
import { viewCoseMessage } from '../cose/cose-message.ts'
import { after, type Eventually, lasting } from '../cose/eventually.ts'
import { type OpenOptions, openDecoded, waits } from '../cose/open-cose.ts'
import { type ProtectOptions, protect } from '../cose/protect-cose.ts'
import type { TokenKey } from '../cose/token-key.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import type { MessageOptions } from '../table/options.ts'
import { requireConfidentiality } from './confidential-claims.ts'
import { ownFault, ProtectionError, protecting } from './protection-error.ts'
import { TokenClaims, type TokenClaimsMembers } from './token-claims.ts'

/** How to make a CWT. */
export interface CwtOptions extends Pick<ProtectOptions, 'alg' | 'tagged' | 'cwtTag' | 'iv'> {
  /**
   * A key to encrypt the signed or MACed token with: a nested CWT (RFC 8392 §7.1, App. A.6). The options are those of the
   * outer layer, but for the algorithm, which each key names.
   */
  readonly encryptWith?: TokenKey | undefined
}

/** One layer of a CWT that was opened. */
export interface TokenLayer {
  readonly structure: CoseStructure
  readonly alg: CoseAlgorithmName
  /** The key that opened it. */
  readonly key: TokenKey
}

/** A CWT that was opened; nothing of its claims is verified. */
export interface OpenedCwt {
  readonly claims: TokenClaims
  /** From the outside to the inside. */
  readonly layers: readonly TokenLayer[]
}

/** How to open a CWT. */
export interface OpenCwtOptions extends Omit<OpenOptions, 'detached' | 'limits'> {
  /** How strictly to take the claims, and how much of them. */
  readonly limits?: MessageOptions | undefined
}

/** How many layers a CWT may have: signed, MACed and encrypted are three. */
const maxLayers = 3

/**
 * Makes a CBOR Web Token: signed, MACed or encrypted, as the key is for (RFC 8392 §7.1).
 *
 * @returns the token, for Content-Format 61 (`application/cwt`). It may share an `ArrayBuffer` with other tokens: send
 * it, not its `buffer`, and `slice()` it before transferring it
 * @throws EncodeError for claims that have no CBOR form, and for a secret proof-of-possession key in a token that is not
 * encrypted (RFC 9200 §6.1)
 * @throws ProtectionError with the reasons of {@link protectCose}
 *
 * @example
 * ```ts
 * import { issueCwt, TokenKey } from 'ace-oauth/token'
 *
 * const shared = await TokenKey.generate('AES-CCM-16-64-128', { kid: 'tempSensor4711' })
 * const token = await issueCwt({ aud: 'tempSensor4711', exp: 1_800_000_000, scope: 'read' }, shared)
 * ```
 */
export async function issueCwt(
  claims: TokenClaims | TokenClaimsMembers,
  key: TokenKey,
  options: CwtOptions = {},
): Promise<Uint8Array> {
  const given = claims instanceof TokenClaims ? (claims as TokenClaims) : new TokenClaims(claims)
  const { encryptWith } = options
  const isSealing = (one: TokenKey, alg = one.alg): boolean => algorithmOf(alg)?.structure === 'encrypt0'
  if (encryptWith && !isSealing(encryptWith))
    throw new ProtectionError('key_unsuitable', 'a key that encrypts', ownFault)
  requireConfidentiality(given, encryptWith !== undefined || isSealing(key, options.alg ?? key.alg))
  return protecting(() =>
    after(protect(given.toCbor(), key, encryptWith ? { alg: options.alg } : options), ({ message }) =>
      encryptWith
        ? after(protect(message, encryptWith, { ...options, alg: undefined }), (outer) =>
            copyToken(outer.message),
          )
        : copyToken(message),
    ),
  )
}

/**
 * Verifies or decrypts a CWT, layer by layer (RFC 8392 §7.2). Its claims are not looked at: {@link verifyAccessToken}
 * does that.
 *
 * @throws DecodeError for bytes that are no CWT, also where they turn out to be none inside
 * @throws ProtectionError for a token that does not open
 *
 * @example
 * ```ts
 * import { openCwt, type TokenKey } from 'ace-oauth/token'
 *
 * async function scopeOf(token: Uint8Array, key: TokenKey): Promise<unknown> {
 *   return (await openCwt(token, { keys: key })).claims.scope
 * }
 * ```
 */
export async function openCwt(token: Uint8Array, options: OpenCwtOptions): Promise<OpenedCwt> {
  return openLayers(lasting(token, waits(options)), options)
}

/** Opens a CWT, at once on node:crypto; see {@link openCwt}. The token lasts until then; of its payloads nothing is given out. */
export function openLayers(token: Uint8Array, options: OpenCwtOptions): Eventually<OpenedCwt> {
  return protecting(() => openLayer(token, options, []))
}

function openLayer(
  token: Uint8Array,
  options: OpenCwtOptions,
  outer: readonly TokenLayer[],
): Eventually<OpenedCwt> {
  if (outer.length === maxLayers) throw new ProtectionError('wrong_structure', `${maxLayers} layers at most`)
  // Only the outermost may be without a tag: inside, the tag is what tells a layer from the claims.
  const untagged = outer.length === 0 ? options.untagged : undefined
  const opened = openDecoded(viewCoseMessage(token, untagged, options.limits), options)
  return after(opened, ({ structure, alg, key, payload }) => {
    const layers = [...outer, { structure, alg, key }]
    if (payload[0]! >> 5 === tag) return openLayer(payload, options, layers)
    return { claims: TokenClaims.fromCbor(payload, options.limits), layers }
  })
}

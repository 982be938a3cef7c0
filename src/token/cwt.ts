import { checkObject } from '../cbor/check-object.ts'
import { tag } from '../cbor/major.ts'
import type { CoseStructure } from '../cose/algorithms.ts'
import { CoseError } from '../cose/cose-error.ts'
import { type CoseMessage, viewCoseMessage } from '../cose/cose-message.ts'
import { after, type Eventually, lasting } from '../cose/eventually.ts'
import { type KeySource, type OpenOptions, openDecoded, waits } from '../cose/open-cose.ts'
import { type ProtectOptions, protect } from '../cose/protect-cose.ts'
import type { TokenKey } from '../cose/token-key.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import type { MessageOptions } from '../table/options.ts'
import { issuableClaims } from './issued-claims.ts'
import { checkLimits } from './option-checks.ts'
import { ProtectionError, protecting, refused } from './protection-error.ts'
import { TokenClaims, type TokenClaimsMembers } from './token-claims.ts'
import { KeyRing, type TokenKeys } from './token-keys.ts'

/** How to make a CWT. */
export interface CwtOptions
  extends Pick<ProtectOptions, 'alg' | 'tagged' | 'cwtTag' | 'iv' | 'allHeadersProtected'> {
  /**
   * A key to encrypt the signed or MACed token with: a nested CWT (RFC 8392 §7.1, App. A.6). The options are those of the
   * outer layer, but for the algorithm, which each key names, and `allHeadersProtected`, which is for both.
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
export interface OpenCwtOptions
  extends TokenKeys<KeySource>,
    Pick<OpenOptions, 'untagged' | 'externalAad' | 'understood'> {
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
 * @throws EncodeError for claims that have no CBOR form; for a secret proof-of-possession key in a token that is not
 * encrypted, and for several audiences in one that is not signed (RFC 9200 §6.1); for exi without cti (§5.10.3)
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
): Promise<Uint8Array<ArrayBuffer>> {
  checkObject('options', options)
  const { alg, encryptWith, allHeadersProtected } = options
  const payload = issuableClaims(claims, { key, alg, encryptWith }).toCbor()
  return protecting(() =>
    after(protect(payload, key, encryptWith ? { alg, allHeadersProtected } : options), ({ message }) =>
      encryptWith
        ? after(protect(message, encryptWith, { ...options, alg: undefined }), (outer) => outer.message)
        : message,
    ),
  )
}

/**
 * Verifies or decrypts a CWT, layer by layer (RFC 8392 §7.2). Its claims are not looked at: `verifyAccessToken`
 * does that.
 *
 * @throws DecodeError for bytes that are no CWT, also where they turn out to be none inside
 * @throws ProtectionError for a token that does not open
 * @throws TypeError, RangeError for wrong limits
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
  checkObject('options', options)
  checkLimits(options.limits)
  const own = lasting(token, waits(options))
  const { claims, layers } = await protecting(() =>
    openCwtMessage(viewCoseMessage(own, options.untagged, options.limits), options),
  )
  return { claims, layers }
}

/** @internal A token that was opened, with the encoded claims, which may share memory with it. */
export interface OpenedToken extends OpenedCwt {
  readonly payload: Uint8Array
}

/**
 * @internal Opens a CWT that was decoded, at once on node:crypto; see {@link openCwt}. The token lasts until then.
 *
 * @param isApart whether the keys that encrypt are kept apart from those that sign; see {@link KeyRing}
 */
export function openCwtMessage(
  message: CoseMessage,
  options: Omit<OpenCwtOptions, 'untagged'>,
  isApart = false,
): Eventually<OpenedToken> {
  return protecting(() => openLayer(message, options, new KeyRing(options, isApart), []))
}

function openLayer(
  message: CoseMessage,
  options: Omit<OpenCwtOptions, 'untagged'>,
  ring: KeyRing,
  outer: readonly TokenLayer[],
): Eventually<OpenedToken> {
  const keys = ring.keysFor(message.structure === 'encrypt0')
  return after(openDecoded(message, { ...options, keys }), ({ structure, alg, key, payload }) => {
    const layers = [...outer, { structure, alg, key }]
    if (payload[0]! >> 5 === tag)
      return openLayer(innerMessage(payload, options, layers), options, ring, layers)
    ring.requireVouched(layers)
    return { claims: TokenClaims.fromCbor(payload, options.limits), layers, payload }
  })
}

/** Inside, a tag is what tells a layer from the claims. What is wrong there is told like any other fault of protection. */
function innerMessage(
  payload: Uint8Array,
  { limits }: Omit<OpenCwtOptions, 'untagged'>,
  { length }: readonly TokenLayer[],
): CoseMessage {
  if (length === maxLayers)
    throw new ProtectionError('wrong_structure', `${maxLayers} layers at most`, refused)
  try {
    return viewCoseMessage(payload, undefined, limits)
  } catch (error) {
    throw error instanceof CoseError ? new ProtectionError('wrong_structure', error.expected, refused) : error
  }
}

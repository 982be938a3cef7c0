import { checkObject } from '../cbor/check-object.ts'
import { DecodeError } from '../cbor/decode-error.ts'
import { type DecodeOptions, limitsOf } from '../cbor/options.ts'
import { algorithmOf } from '../cose/algorithms.ts'
import type { TokenKey } from '../cose/token-key.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import { fromBase64url, toBase64url } from '../table/base64url.ts'
import { EncodeError } from '../table/encode-error.ts'
import type { MessageOptions } from '../table/options.ts'
import type { OpenedCwt, OpenedToken } from './cwt.ts'
import { issuableClaims } from './issued-claims.ts'
import {
  type CompactJose,
  type OpenedJose,
  openCompact,
  parseJson,
  protectCompact,
  readCompact,
  utf8Text,
} from './jose.ts'
import { checkLimits } from './option-checks.ts'
import { ownFault, ProtectionError, refused } from './protection-error.ts'
import { TokenClaims, type TokenClaimsMembers } from './token-claims.ts'
import { KeyRing, keyList, type TokenKeys } from './token-keys.ts'

/** The type of a JWT access token (RFC 9068 §2.1). */
const accessTokenType = 'at+jwt'

/** The claims that JSON has as numbers (RFC 7519 §2, RFC 9200 §5.10.3). */
const numericClaims = ['exp', 'nbf', 'iat', 'exi'] as const

/** How to make a JWT. */
export interface JwtOptions {
  /** The algorithm, by its name in COSE. Default: the one that the key names, or that its curve implies. */
  readonly alg?: CoseAlgorithmName | undefined
  /** A key to encrypt the signed token with: a nested JWT (RFC 7519 §5.2). */
  readonly encryptWith?: TokenKey | undefined
}

/** How to open a JWT. */
export interface OpenJwtOptions extends TokenKeys<TokenKey | readonly TokenKey[]> {
  /**
   * The types that are taken, in the `typ` header parameter: media types with or without `application/`, in any case;
   * undefined stands for a token without one. Other JWTs of the authorization server, such as ID Tokens, must not pass for
   * access tokens: list another type only where all that the server signs under it are access tokens. Default: `at+jwt`
   * (RFC 9068 §4).
   */
  readonly types?: readonly (string | undefined)[] | undefined
  /** How strictly to take the claims, and how much of them: the limits are those of CBOR. */
  readonly limits?: MessageOptions | undefined
}

/**
 * Makes a JWT access token (RFC 9068): signed or MACed by an ES256, ES384, EdDSA, Ed25519, HMAC 256/256 or HMAC 384/384 key
 * (RFC 7515), and where it is to be confidential encrypted around that by an A128GCM or A256GCM key (RFC 7516).
 *
 * The claims are those of a CWT; `cti` becomes `jti`, and the confirmation that of RFC 7800. RFC 9068 §2.2 asks for iss,
 * exp, aud, sub, client_id, iat and jti: what is not given is not made up. A `client_id` is given as an unknown member.
 *
 * @throws EncodeError for a secret proof-of-possession key in a token that is not encrypted, several audiences in one that
 * is not signed, exi without cti, and numbers that JSON does not have
 * @throws ProtectionError `algorithm_not_allowed` for a key whose algorithm JOSE does not have, `key_unsuitable` for
 * another wrong key, also for one that encrypts where there is none that signs
 *
 * @example
 * ```ts
 * import { issueJwt, TokenClaims, TokenKey } from 'ace-oauth/token'
 *
 * const claims = new TokenClaims({ iss: 'https://as.example.com', aud: 'https://rs.example.com', exp: 1_800_000_000 }, [
 *   { name: 'client_id', json: 'c1' },
 * ])
 * const token = await issueJwt(claims, await TokenKey.generate('ES256'))
 * ```
 */
export async function issueJwt(
  claims: TokenClaims | TokenClaimsMembers,
  key: TokenKey,
  options: JwtOptions = {},
): Promise<string> {
  checkObject('options', options)
  const { alg = key.alg, encryptWith } = options
  const given = issuableClaims(claims, { key, alg, encryptWith })
  if (algorithmOf(alg)?.structure === 'encrypt0')
    throw new ProtectionError('key_unsuitable', 'a key that signs or MACs (RFC 9068 section 2.1)', ownFault)
  const { cti, ...members } = given.toJson()
  for (const name of numericClaims)
    if (typeof members[name] === 'string')
      throw new EncodeError('invalid_value', name, 'a number that JSON has')
  const json = JSON.stringify(cti === undefined ? members : { ...members, jti: cti })
  const inner = await protectCompact(new TextEncoder().encode(json), key, alg, { typ: accessTokenType })
  return encryptWith
    ? protectCompact(new TextEncoder().encode(inner), encryptWith, encryptWith.alg, { cty: 'JWT' })
    : inner
}

/**
 * Verifies a JWT access token, and decrypts it if it is encrypted around the signature. Its claims are not looked at:
 * `verifyAccessToken` does that.
 *
 * @throws DecodeError for a text that is no JWT, or whose claims are none
 * @throws ProtectionError for a token that does not open, or is of another type: no code tells which
 * @throws TypeError, RangeError for wrong types or limits
 */
export async function openJwt(token: string, options: OpenJwtOptions): Promise<OpenedCwt> {
  checkObject('options', options)
  checkLimits(options.limits)
  const { claims, layers } = await openJwtMessage(readCompact(token, options.limits), options)
  return { claims, layers }
}

/** @internal Opens a JWT whose header was read; see {@link openJwt}. */
export async function openJwtMessage(jose: CompactJose, options: OpenJwtOptions): Promise<OpenedToken> {
  const { keys, decryptWith, algorithms, limits, types = [accessTokenType] } = options
  const taken = checkedTypes(types)
  const ring = new KeyRing(options)
  const layers: OpenedJose['layer'][] = []
  const open = async (one: CompactJose): Promise<Uint8Array> => {
    const list = one.isEncrypted ? [...keyList(keys), ...keyList(decryptWith)] : keyList(keys)
    const { payload, layer } = await openCompact(one, list, algorithms)
    layers.push(layer)
    return payload
  }
  const signed = jose.isEncrypted ? innerJws(await open(jose), jose, taken, limits) : jose
  if (!taken.includes(typeOf(signed.header['typ'])))
    throw new ProtectionError('wrong_structure', 'a type that is taken', refused)
  const payload = await open(signed)
  ring.requireVouched(layers)
  return { claims: claimsOf(parseJson(payload), limits), layers, payload }
}

/** What a type is compared by; undefined where there is none, and null for what is no type. */
function typeOf(type: unknown): string | undefined | null {
  if (type === undefined) return undefined
  return typeof type === 'string' ? type.toLowerCase().replace(/^application\//, '') : null
}

function checkedTypes(types: unknown): readonly (string | undefined | null)[] {
  if (!Array.isArray(types)) throw new TypeError('types must be an array')
  return types.map((type) => {
    const checked = typeOf(type)
    if (checked === null)
      throw new TypeError('types must hold texts, or undefined for a token without a type')
    return checked
  })
}

/** The signed token in an encrypted one (RFC 7519 §5.2). A token that is encrypted alone is refused (RFC 9068 §2.1). */
function innerJws(
  plaintext: Uint8Array,
  { header }: CompactJose,
  types: readonly (string | undefined | null)[],
  limits: MessageOptions | undefined,
): CompactJose {
  const content = typeOf(header['cty'])
  try {
    if (content === 'jwt' || (content !== undefined && types.includes(content))) {
      const inner = readCompact(utf8Text(plaintext), limits)
      if (!inner.isEncrypted) return inner
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
  }
  throw new ProtectionError('wrong_structure', 'a signed token inside', refused)
}

/** The claims of a JWT: jti is cti. */
function claimsOf(json: unknown, limits: MessageOptions | undefined): TokenClaims {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new DecodeError('unexpected_type', '', 'an object')
  checkSize(json, limits ?? {})
  const { jti, cti: _, ...members } = json as Record<string, unknown>
  for (const name of numericClaims)
    if (members[name] !== undefined && typeof members[name] !== 'number')
      throw new DecodeError('unexpected_type', name, 'a number')
  if (jti === undefined) return TokenClaims.fromJson(members, limits)
  if (typeof jti !== 'string') throw new DecodeError('unexpected_type', 'jti', 'a text')
  const bytes = fromBase64url(jti) ?? new TextEncoder().encode(jti)
  return TokenClaims.fromJson({ ...members, cti: toBase64url(bytes) }, limits)
}

/** Holds JSON to the limits on CBOR. */
function checkSize(json: unknown, limits: DecodeOptions): void {
  const { maxDepth, maxMembers, maxStringBytes } = limitsOf(limits)
  const left: [value: unknown, depth: number][] = [[json, 1]]
  for (let next = left.pop(); next; next = left.pop()) {
    const [value, depth] = next
    if (typeof value === 'string' && value.length > maxStringBytes)
      throw new DecodeError('too_large', '', `texts of ${maxStringBytes} bytes at most`)
    if (typeof value !== 'object' || value === null) continue
    if (depth > maxDepth) throw new DecodeError('too_deep', '', `${maxDepth} levels at most`)
    const members = Object.values(value)
    if (members.length > maxMembers) throw new DecodeError('too_large', '', `${maxMembers} members at most`)
    for (const member of members) left.push([member, depth + 1])
  }
}

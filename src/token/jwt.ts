import { CompactEncrypt, CompactSign, compactDecrypt, compactVerify } from 'jose'
import { DecodeError } from '../cbor/decode-error.ts'
import { algorithmOf } from '../cose/algorithms.ts'
import { CoseError } from '../cose/cose-error.ts'
import type { WebAlgorithm } from '../cose/runtime/runtime-key.ts'
import type { TokenKey } from '../cose/token-key.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import { fromBase64url, toBase64url } from '../table/base64url.ts'
import { isText } from '../table/json.ts'
import { opaqueFromText } from '../table/opaque.ts'
import type { MessageOptions } from '../table/options.ts'
import { requireConfidentiality } from './confidential-claims.ts'
import type { OpenedCwt, TokenLayer } from './cwt.ts'
import { ownFault, ProtectionError, protecting } from './protection-error.ts'
import { TokenClaims, type TokenClaimsMembers } from './token-claims.ts'

/** What JOSE calls the algorithms that it has (RFC 7518, RFC 8037), and WebCrypto their keys. */
interface JoseAlgorithm {
  readonly jose: 'ES256' | 'ES384' | 'EdDSA' | 'HS256' | 'HS384' | 'A128GCM' | 'A256GCM'
  readonly web: WebAlgorithm
}

const algorithms: Partial<Record<CoseAlgorithmName, JoseAlgorithm>> = {
  ES256: { jose: 'ES256', web: { name: 'ECDSA', namedCurve: 'P-256' } },
  ES384: { jose: 'ES384', web: { name: 'ECDSA', namedCurve: 'P-384' } },
  EdDSA: { jose: 'EdDSA', web: { name: 'Ed25519' } },
  'HMAC 256/256': { jose: 'HS256', web: { name: 'HMAC', hash: 'SHA-256' } },
  'HMAC 384/384': { jose: 'HS384', web: { name: 'HMAC', hash: 'SHA-384' } },
  A128GCM: { jose: 'A128GCM', web: { name: 'AES-GCM' } },
  A256GCM: { jose: 'A256GCM', web: { name: 'AES-GCM' } },
}

/** The type of a JWT access token (RFC 9068 §2.1). */
const accessTokenType = 'at+jwt'

/** The longest JWT that is read, in characters. */
const maxCharacters = 65_536

/** How to make a JWT. */
export interface JwtOptions {
  /** The algorithm, by its name in COSE. Default: the one that the key names, or that its curve implies. */
  readonly alg?: CoseAlgorithmName | undefined
  /** A key to encrypt the signed token with: a nested JWT (RFC 7519 §5.2). */
  readonly encryptWith?: TokenKey | undefined
}

/** How to open a JWT. */
export interface OpenJwtOptions {
  /** The keys that may open it. */
  readonly keys: TokenKey | readonly TokenKey[]
  /** The algorithms that are taken, by their names in COSE. Default: for each key the one that it names, or that its curve implies. */
  readonly algorithms?: readonly CoseAlgorithmName[] | undefined
  /** How strictly to take the claims. */
  readonly limits?: MessageOptions | undefined
}

/**
 * Makes a JWT access token (RFC 9068): signed or MACed by an ES256, ES384, EdDSA, HMAC 256/256 or HMAC 384/384 key
 * (RFC 7515), or encrypted directly by an A128GCM or A256GCM key (RFC 7516).
 *
 * The claims are those of a CWT; `cti` becomes `jti`, and the confirmation that of RFC 7800. RFC 9068 §2.2 asks for iss,
 * exp, aud, sub, client_id, iat and jti: what is not given is not made up. A `client_id` is given as an unknown member.
 *
 * @throws EncodeError for a secret proof-of-possession key in a token that is not encrypted
 * @throws ProtectionError `algorithm_not_allowed` for a key whose algorithm JOSE does not have, `key_unsuitable` for
 * another wrong key
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
  { alg = key.alg, encryptWith }: JwtOptions = {},
): Promise<string> {
  const given = claims instanceof TokenClaims ? (claims as TokenClaims) : new TokenClaims(claims)
  const isSealing = (name: unknown): boolean => algorithmOf(name)?.structure === 'encrypt0'
  if (encryptWith && !isSealing(encryptWith.alg))
    throw new ProtectionError('key_unsuitable', 'a key that encrypts', ownFault)
  requireConfidentiality(given, encryptWith !== undefined || isSealing(alg))
  const { cti, ...members } = given.toJson()
  const json = JSON.stringify(cti === undefined ? members : { ...members, jti: cti })
  const inner = await protect(new TextEncoder().encode(json), key, alg, { typ: accessTokenType })
  return encryptWith
    ? protect(new TextEncoder().encode(inner), encryptWith, encryptWith.alg, { cty: 'JWT' })
    : inner
}

async function protect(
  payload: Uint8Array,
  key: TokenKey,
  alg: CoseAlgorithmName | undefined,
  header: { typ?: string; cty?: string },
): Promise<string> {
  const algorithm = algorithmOf(alg)
  const names = alg && algorithms[alg]
  if (!algorithm || !names)
    throw new ProtectionError('algorithm_not_allowed', 'an algorithm that JOSE has', ownFault)
  await protecting(() => key.requireSuitable(algorithm, 'protect'))
  const kid = key.jwkKid
  const common = { ...header, ...(kid !== undefined && { kid }) }
  if (algorithm.structure === 'encrypt0')
    return new CompactEncrypt(payload)
      .setProtectedHeader({ alg: 'dir', enc: names.jose, ...common })
      .encrypt(await protecting(() => key.runtime.cryptoKey(names.web, 'encrypt')))
  return new CompactSign(payload)
    .setProtectedHeader({ alg: names.jose, ...common })
    .sign(await protecting(() => key.runtime.cryptoKey(names.web, 'sign')))
}

/**
 * Verifies or decrypts a JWT access token. Its claims are not looked at: {@link verifyAccessToken} does that.
 *
 * @throws DecodeError for a text that is no JWT, or whose claims are none
 * @throws ProtectionError for a token that does not open, and for one of another type than `at+jwt` (RFC 9068 §4)
 */
export async function openJwt(token: string, options: OpenJwtOptions): Promise<OpenedCwt> {
  const layers: TokenLayer[] = []
  const outer = await open(token, options, layers)
  let payload = outer.payload
  let { typ } = outer.header
  if (layers[0]!.structure === 'encrypt0' && outer.header.cty === 'JWT') {
    const inner = await open(decodeText(payload), options, layers)
    payload = inner.payload
    typ = inner.header.typ
    if (layers[1]!.structure === 'encrypt0')
      throw new ProtectionError('wrong_structure', 'a signed token inside')
  }
  if (typ?.toLowerCase().replace(/^application\//, '') !== accessTokenType)
    throw new ProtectionError('wrong_structure', `the type ${accessTokenType}`)
  return { claims: claimsOf(parse(decodeText(payload)), options.limits), layers }
}

interface Header {
  readonly alg?: unknown
  readonly enc?: unknown
  readonly kid?: unknown
  readonly typ?: string
  readonly cty?: string
}

async function open(
  token: string,
  { keys, algorithms: allowed }: OpenJwtOptions,
  layers: TokenLayer[],
): Promise<{ payload: Uint8Array; header: Header }> {
  const header = headerOf(token)
  const isSealed = header.alg === 'dir'
  const name = isSealed ? header.enc : header.alg
  const alg = (Object.keys(algorithms) as CoseAlgorithmName[]).find((one) => algorithms[one]!.jose === name)
  const algorithm = algorithmOf(alg)
  if (
    !alg ||
    !algorithm ||
    isSealed !== (algorithm.structure === 'encrypt0') ||
    (allowed && !allowed.includes(alg))
  )
    throw new ProtectionError('algorithm_not_allowed', 'an algorithm that is allowed here')
  let refusal: ProtectionError | undefined
  for (const key of candidates(keys, header.kid)) {
    if (key.alg !== alg && !allowed) {
      refusal ??= new ProtectionError('algorithm_not_allowed', 'the algorithm of the key')
      continue
    }
    const { jose, web } = algorithms[alg]!
    try {
      key.requireSuitable(algorithm, 'open')
      const payload = isSealed
        ? await compactDecrypt(token, await key.runtime.cryptoKey(web, 'decrypt'), {
            keyManagementAlgorithms: ['dir'],
            contentEncryptionAlgorithms: [jose],
          })
        : await compactVerify(token, await key.runtime.cryptoKey(web, 'verify'), { algorithms: [jose] })
      layers.push({ structure: algorithm.structure, alg, key })
      return { payload: 'plaintext' in payload ? payload.plaintext : payload.payload, header }
    } catch (error) {
      // Which of its checks failed is nobody's business.
      const failed =
        error instanceof CoseError
          ? new ProtectionError(error.reason, error.expected)
          : new ProtectionError('verification_failed')
      if (refusal?.reason !== 'verification_failed') refusal = failed
    }
  }
  throw refusal ?? new ProtectionError('no_key', 'a key for this token')
}

function candidates(keys: TokenKey | readonly TokenKey[], kid: unknown): readonly TokenKey[] {
  const all = Array.isArray(keys) ? (keys as readonly TokenKey[]) : [keys as TokenKey]
  if (typeof kid !== 'string') return all
  const bytes = isText(kid) ? opaqueFromText(kid) : undefined
  const named = all.filter((key) => bytes !== undefined && key.hasKid(bytes))
  return [...named, ...all.filter((key) => key.kid === undefined)]
}

/** The header of a compact JWS or JWE. */
function headerOf(token: string): Header {
  const parts = token.length > maxCharacters ? [] : token.split('.')
  if (token.length > maxCharacters) throw new DecodeError('too_large', '', `${maxCharacters} characters`)
  const bytes = parts.length === 3 || parts.length === 5 ? fromBase64url(parts[0]!) : undefined
  if (!bytes || bytes.length === 0) throw new DecodeError('unexpected_type', '', 'a compact JWS or JWE')
  const header = parse(decodeText(bytes))
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw new DecodeError('unexpected_type', 'header', 'an object')
  const { alg, enc, kid, typ, cty } = header as Record<string, unknown>
  const isSealed = parts.length === 5
  if (isSealed !== (enc !== undefined))
    throw new DecodeError('invalid_value', 'header', 'that of a JWS or JWE')
  return {
    alg,
    enc,
    kid,
    ...(typeof typ === 'string' && { typ }),
    ...(typeof cty === 'string' && { cty }),
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new DecodeError('invalid_utf8')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new DecodeError('unexpected_type', '', 'JSON')
  }
}

/** The claims of a JWT: jti is cti. */
function claimsOf(json: unknown, limits: MessageOptions | undefined): TokenClaims {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new DecodeError('unexpected_type', '', 'an object')
  const { jti, cti: _, ...members } = json as Record<string, unknown>
  if (jti === undefined) return TokenClaims.fromJson(members, limits)
  if (typeof jti !== 'string') throw new DecodeError('unexpected_type', 'jti', 'a text')
  const bytes = fromBase64url(jti) ?? new TextEncoder().encode(jti)
  return TokenClaims.fromJson({ ...members, cti: toBase64url(bytes) }, limits)
}

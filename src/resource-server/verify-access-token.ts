import { digest } from '#runtime/crypto'
import { Failure } from '../failure/failure.ts'
import { aceProfiles } from '../registry/generated/ace-profiles.ts'
import { toBase64url } from '../table/base64url.ts'
import { toUtf8 } from '../table/types/text.ts'
import { isForSeveral, isSigned, secretInClear } from '../token/issued-claims.ts'
import { systemTime, timeOf } from '../token/option-checks.ts'
import { ProtectionError } from '../token/protection-error.ts'
import { tokenHashes } from '../token/token-hash.ts'
import { type OpenToken, openToken, ownBytes, refuse, type TokenFault } from './open-token.ts'
import { earlier, type TokenFormat, VerifiedToken } from './verified-token.ts'
import { type ClaimName, checkVerifyOptions, defaultMaxAge, type VerifyOptions } from './verify-options.ts'

/**
 * Verifies an access token as a resource server must (RFC 9200 §5.10.1.1): its protection first, then iss, exp and nbf,
 * aud and scope, then what else may be wrong, cnonce last. The first of them that is wrong decides the response code.
 *
 * @param token the token: bytes, or a text as HTTP has it
 * @param format Default: what it is; what is neither CWT nor JWT is introspected
 * @returns the token, whose claims can be relied on
 * @throws Failure, and nothing else, for whatever token: 4.00 where it is none or its claims cannot be obtained, 4.01 for
 * its protection, iss, exp, nbf and cnonce, 4.03 for aud, 4.00 for scope, 4.13 for its size. A claim that is required and
 * missing is refused as one that is wrong
 * @throws TypeError, RangeError naming the option for wrong options
 *
 * @example
 * ```ts
 * import { ScopeGrants, verifyAccessToken } from 'ace-oauth/resource-server'
 * import type { TokenKey } from 'ace-oauth/token'
 *
 * const grants = new ScopeGrants({ read: [['/temperature', 1]] })
 *
 * async function verify(token: Uint8Array, key: TokenKey): Promise<void> {
 *   const { claims, expiresAt } = await verifyAccessToken(token, {
 *     issuers: [{ issuer: 'coaps://as.example.com', keys: key }],
 *     audiences: 'tempSensor4711',
 *     requiredClaims: ['aud', 'exp'],
 *     recognizesScope: (scope) => grants.recognizes(scope),
 *   })
 *   console.log(claims.scope, expiresAt)
 * }
 * ```
 */
export async function verifyAccessToken(
  token: Uint8Array | string,
  options: VerifyOptions,
  format?: TokenFormat,
): Promise<VerifiedToken> {
  checkVerifyOptions(options)
  timeOf(options.now ?? systemTime)
  try {
    return await verified(await openToken(ownBytes(token, options), format, options), options)
  } catch (error) {
    throw Failure.from(error, 'authz_info')
  }
}

async function verified(open: OpenToken, options: VerifyOptions): Promise<VerifiedToken> {
  const { format, bytes, claims, issuer, issuerId, layers } = open
  const now = (): number => timeOf(options.now ?? systemTime)
  if (layers.length > 0 && isForSeveral(claims) && !isSigned(layers))
    throw new ProtectionError('key_unsuitable', 'a signature, since the token has several audiences')
  checkClaims(open, now(), options)
  const hash = toBase64url(await digest('SHA-256', bytes))
  const identity = toBase64url(await digest('SHA-256', identityOf(open)))
  const { acceptsCnonce, isRevoked } = options
  const hashes = isRevoked ? await tokenHashes(bytes) : []
  if (isRevoked && answer('isRevoked', await isRevoked({ issuer, identity, tokenHashes: hashes })))
    refuse('token_revoked')
  if (
    acceptsCnonce ? !answer('acceptsCnonce', await acceptsCnonce(claims.cnonce)) : claims.cnonce !== undefined
  )
    refuse('cnonce_invalid')
  // Nothing is waited for from here on.
  const verifiedAt = now()
  checkTimes(open, verifiedAt, options)
  const endsAt = endOf(open, identity, verifiedAt, options)
  const { maxAge = defaultMaxAge } = options.introspection ?? {}
  const expiresAt = layers.length === 0 ? earlier(endsAt, verifiedAt + maxAge) : endsAt
  return new VerifiedToken(
    { format, claims, issuer, layers, verifiedAt, expiresAt, hash, identity, tokenHashes: hashes },
    {
      issuerId,
      decryptWith: open.decryptWith,
      algorithms: open.algorithms,
      reference: layers.length === 0 ? bytes : undefined,
      endsAt,
    },
  )
}

/** What a callback says, which has to be a yes or a no: a promise where none is awaited would be a yes. */
function answer(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError(`${name} must give true or false`)
  return value
}

/** What is hashed for {@link VerifiedToken.identity}: the authorization server, and what it protected or calls the token. */
function identityOf({ format, issuerId, payload, claims, bytes }: OpenToken): Uint8Array {
  const isNamed = payload === undefined && claims.cti !== undefined
  const what = payload ?? claims.cti ?? bytes
  // A text of JSON has no zero byte in it.
  const head = toUtf8(`${JSON.stringify([issuerId, format, isNamed])}\0`)
  const whole = new Uint8Array(head.length + what.length)
  whole.set(head)
  whole.set(what, head.length)
  return whole
}

/** In the order in which RFC 9200 §5.10.1.1 gives the errors, then the rest. */
function checkClaims(open: OpenToken, now: number, options: VerifyOptions): void {
  const { claims, issuer, layers, format } = open
  const { iss, aud, scope, cnf, ace_profile } = claims
  const required = new Set<ClaimName>(options.requiredClaims)
  // RFC 9068 §2.2. An authorization server without a name has none to tell.
  if (format === 'jwt') required.add('aud')
  if (format === 'jwt' && issuer !== undefined) required.add('iss')
  if (format === 'jwt' && claims.exi === undefined) required.add('exp')
  const demand = (name: ClaimName, fault: TokenFault = 'claims_unavailable'): void => {
    if (required.has(name) && claims[name] === undefined) refuse(fault, { expected: name })
  }
  demand('iss', 'issuer_mismatch')
  if (iss !== undefined && iss !== issuer) refuse('issuer_mismatch', { iss, expected: issuer })
  demand('exp', 'token_expired')
  checkTimes(open, now, options)
  demand('aud', 'audience_mismatch')
  if (aud !== undefined) {
    const ours = [options.audiences].flat()
    if (![aud].flat().some((one) => ours.includes(one as string))) refuse('audience_mismatch', { aud })
  }
  demand('scope', 'scope_unknown')
  if (scope !== undefined && !answer('recognizesScope', options.recognizesScope(scope)))
    refuse('scope_unknown', { scope: typeof scope === 'string' ? scope : 'a byte string' })
  demand('cnf', 'key_unusable')
  const isEncrypted = layers.length === 0 || layers.some(({ structure }) => structure === 'encrypt0')
  const secret = secretInClear(cnf, isEncrypted)
  if (secret) refuse('key_unusable', { expected: secret.expected })
  for (const name of required) demand(name)
  const { profiles } = options
  if (
    profiles &&
    ace_profile !== undefined &&
    !profiles.some((one) => profileNumber(one) === profileNumber(ace_profile))
  )
    refuse('profile_unsupported', {
      expected: 'an ace_profile that is taken',
      ace_profile: String(ace_profile),
    })
}

function profileNumber(profile: unknown): unknown {
  return typeof profile === 'string' && Object.hasOwn(aceProfiles, profile)
    ? aceProfiles[profile as keyof typeof aceProfiles]
    : profile
}

/** What is in doubt is refused: a comparison with what is no number is false. */
function checkTimes({ claims }: OpenToken, now: number, { clockSkew = 0 }: VerifyOptions): void {
  const { exp, nbf } = claims
  if (exp !== undefined && !(Number(exp) + clockSkew > now)) refuse('token_expired', { exp, now })
  if (nbf !== undefined && !(Number(nbf) - clockSkew <= now)) refuse('token_not_yet_valid', { nbf, now })
}

/** When the token ends; one with exi begins its time now, or has begun it when it was seen first. */
function endOf(
  { claims, issuerId, layers }: OpenToken,
  identity: string,
  now: number,
  { clockSkew = 0, exi: register }: VerifyOptions,
): number | undefined {
  const { exp, exi, cti } = claims
  const end = exp === undefined ? undefined : Number(exp) + clockSkew
  if (exi === undefined) return end
  if (layers.length === 0) {
    const counted = register ? register.admitIntrospected(issuerId, identity, exi, now) : now + Number(exi)
    if (!(counted > now)) refuse('token_expired', { exi })
    return earlier(end, counted)
  }
  // Without an identifier the token could come again when its time is over (RFC 9200 §5.10.3).
  if (!register || cti === undefined)
    refuse('claims_unavailable', { expected: register ? 'cti beside exi' : 'no exi' })
  return earlier(end, register.admit(issuerId, cti, exi, now))
}

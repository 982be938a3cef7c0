import { decodeJwt, decodeProtectedHeader, importJWK, type JWK, type JWTPayload, jwtVerify } from 'jose'
import type { Eventually } from '../../cose/eventually.ts'
import { Failure } from '../../failure/failure.ts'
import type { AuthenticationContext } from '../exchange.ts'
import { functionOption, numberOption } from '../numbers.ts'
import type { Jwk } from '../web-types.ts'
import type { RegisteredClient } from './client-authentication.ts'
import type { Credentials } from './credentials.ts'
import { decoyKey } from './decoy-keys.ts'

/** An assertion that is right, by which it is known again. */
export interface AssertionUse {
  readonly clientId: string
  /** Its `jti`. */
  readonly jti: string
  /** When it ends, in seconds since 1970, the tolerance included: until then it has to be remembered. */
  readonly expiresAt: number
}

/** How JWTs of `private_key_jwt` are checked (RFC 7523 §3). */
export interface AssertionOptions {
  /** The identifier of the authorization server: what `aud` has to be, and nothing besides. */
  readonly issuer: string
  /**
   * Remembers an assertion, and tells whether it is new: true, or the assertion is refused. It has to be one atomic step for
   * all processes of the server. It is asked last, of assertions that are right in everything else.
   */
  readonly remember: (use: AssertionUse) => Eventually<boolean>
  /** The algorithms of signatures. Default: ES256, ES384, ES512, EdDSA, Ed25519, PS256, PS384, PS512, RS256, RS384, RS512. */
  readonly algorithms?: readonly string[] | undefined
  /** How long before its end an assertion may come or have been issued, in seconds. Default: 600. */
  readonly maxLifetimeSeconds?: number | undefined
  /** How far clocks may differ, in seconds. Default: 10. */
  readonly clockToleranceSeconds?: number | undefined
}

/** The same, checked. */
export interface AssertionRules {
  readonly issuer: string
  readonly remember: (use: AssertionUse) => Eventually<boolean>
  readonly algorithms: readonly string[]
  readonly maxLifetime: number
  readonly tolerance: number
}

const asymmetric = [
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
]

/** The types that an assertion may say it is; any other is a JWT for something else (RFC 8725, Section 3.11). */
const types: readonly unknown[] = [undefined, 'jwt', 'client-authentication+jwt']

/** The curves of ECDSA's algorithms. */
const curves: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }

/** The most keys that are tried where an assertion names none. */
const maxKeys = 16

/** The longest jti, in characters. */
const maxJti = 256

/** Checks the options of assertions. */
export function assertionRules(options: AssertionOptions): AssertionRules {
  const { issuer, remember, algorithms = asymmetric } = options
  if (typeof issuer !== 'string' || issuer === '') throw new TypeError('issuer is no text')
  const isKnown = Array.isArray(algorithms) && algorithms.every((algorithm) => asymmetric.includes(algorithm))
  if (!isKnown || algorithms.length === 0)
    throw new RangeError(`algorithms are ${String(algorithms)}: expected some of ${asymmetric.join(', ')}`)
  return {
    issuer,
    remember: functionOption('remember', remember),
    algorithms: [...algorithms],
    maxLifetime: numberOption('maxLifetimeSeconds', options.maxLifetimeSeconds, 600, 1),
    tolerance: numberOption('clockToleranceSeconds', options.clockToleranceSeconds, 10, 0, 3_600),
  }
}

/**
 * The client that an assertion authenticates (RFC 7523 §3).
 *
 * @throws Failure `..._client_credentials_invalid` with the reason, for the log
 */
export async function checkAssertion<Client extends RegisteredClient>(
  credentials: Extract<Credentials, { method: 'private_key_jwt' }>,
  rules: AssertionRules,
  find: (clientId: string) => Promise<Client | undefined>,
  { endpoint }: AuthenticationContext,
): Promise<Client> {
  const { assertion, clientId: named } = credentials
  const invalid = (reason: string, cause?: unknown): Failure =>
    new Failure(`${endpoint}_client_credentials_invalid`, {
      details: { reason },
      ...(cause !== undefined && { cause }),
    })

  // Not verified yet: just to know whose key to take.
  const { alg, kid, clientId } = readUnverified(assertion, invalid)
  if (named !== undefined && named !== clientId) throw invalid('client_id is not sub')
  if (!rules.algorithms.includes(alg)) throw invalid(`alg is ${alg}`)
  const client = await find(clientId)
  const keys = client?.jwks?.keys.filter((key) => isFor(key, alg, kid)) ?? []
  // Without a key the same is done with one that nobody has.
  const payload = await verified(
    assertion,
    keys.length > 0 ? keys : [decoyKey(alg)],
    alg,
    clientId,
    rules,
    invalid,
  )
  if (!client || keys.length === 0) throw invalid('no such client, or no such key')
  const { exp, iat, aud, jti } = payload as JWTPayload & { exp: number }
  if (Array.isArray(aud) ? aud.length !== 1 : typeof aud !== 'string')
    throw invalid('aud has more than the issuer')
  if (typeof jti !== 'string' || jti === '' || jti.length > maxJti) throw invalid('jti')
  const now = Date.now() / 1_000
  const furthest = rules.maxLifetime + rules.tolerance
  if (exp - now > furthest) throw invalid('exp is too far ahead')
  if (iat !== undefined && (iat - now > rules.tolerance || now - iat > furthest)) throw invalid('iat')
  const use = { clientId, jti, expiresAt: Math.ceil(exp + rules.tolerance) }
  if ((await rules.remember(use)) !== true) throw invalid('jti was used before')
  return client
}

function readUnverified(
  assertion: string,
  invalid: (reason: string, cause?: unknown) => Failure,
): { readonly alg: string; readonly kid: string | undefined; readonly clientId: string } {
  try {
    const { alg, kid, typ } = decodeProtectedHeader(assertion)
    const { iss, sub } = decodeJwt(assertion)
    if (
      typ !== undefined &&
      !types.includes(
        String(typ)
          .toLowerCase()
          .replace(/^application\//, ''),
      )
    )
      throw new TypeError('typ')
    if (typeof alg !== 'string') throw new TypeError('alg')
    if (typeof sub !== 'string' || sub === '' || iss !== sub) throw new TypeError('iss and sub')
    return { alg, kid, clientId: sub }
  } catch (cause) {
    throw invalid('no JWT of a client', cause)
  }
}

/** Whether a key of a client may verify an assertion. */
function isFor(
  { kty, crv, kid, use, key_ops, alg, d, k }: Jwk,
  needed: string,
  named: string | undefined,
): boolean {
  if (named !== undefined && kid !== undefined && kid !== named) return false
  if (alg !== undefined && alg !== needed && !(crv === 'Ed25519' && /^Ed/.test(alg) && /^Ed/.test(needed)))
    return false
  if ((use !== undefined && use !== 'sig') || (key_ops && !key_ops.includes('verify'))) return false
  // A private or symmetric key in the place of a public one is an error of the registration.
  if (d !== undefined || k !== undefined) return false
  if (needed.startsWith('ES')) return kty === 'EC' && crv === curves[needed]
  return /^Ed/.test(needed) ? kty === 'OKP' && crv === 'Ed25519' : kty === 'RSA'
}

async function verified(
  assertion: string,
  keys: readonly Jwk[],
  alg: string,
  clientId: string,
  { issuer, tolerance }: AssertionRules,
  invalid: (reason: string, cause?: unknown) => Failure,
): Promise<JWTPayload> {
  let cause: unknown
  for (const key of keys.slice(0, maxKeys)) {
    try {
      const { payload } = await jwtVerify(assertion, await importJWK(key as JWK, alg), {
        algorithms: [alg],
        issuer: clientId,
        subject: clientId,
        audience: issuer,
        clockTolerance: tolerance,
        requiredClaims: ['exp', 'jti'],
      })
      return payload
    } catch (error) {
      cause = error
    }
  }
  throw invalid('not verified', cause)
}

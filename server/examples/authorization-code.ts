import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { opaqueToText } from 'ace-oauth'
import { Failure } from 'ace-oauth/failure'
import type { Grant, Started } from 'ace-oauth-server'

// The authorization code grant (RFC 6749 section 4.1) with PKCE (RFC 7636), for people who let a device or an app act for them. Your login
// page authenticates the person, asks what to allow, and calls `issue`. The rest happens here.

/** What a person allowed, as your login page found it out. */
export interface Consent {
  readonly clientId: string
  /** Where the code goes: exactly as it is registered (RFC 9700 section 2.1). */
  readonly redirectUri: string
  /** `code_challenge` of the request; `code_challenge_method` has to be S256. */
  readonly codeChallenge: string
  readonly audiences: readonly string[]
  readonly scope: string
  /** Who allowed it. No client may have the same name (RFC 9700 section 4.15). */
  readonly subject: string
}

interface Code extends Consent {
  readonly familyId: string
  readonly expiresAt: number
  isUsed: boolean
}

/** How long a code is good for, in seconds. A code that was used is remembered as long: whoever comes with it again is a thief. */
const lifetime = 60
const mostCodes = 10_000

/** The codes of one process. With several processes keep them in a table, and let `use` be one `update ... where not used`. */
export class AuthorizationCodes {
  readonly #codes = new Map<string, Code>()
  readonly #now: () => number

  constructor(now: () => number = () => Math.floor(Date.now() / 1_000)) {
    this.#now = now
  }

  /** Makes a code for the redirection. Send `iss` beside it (RFC 9207). */
  issue(consent: Consent): string {
    if (!/^[\w-]{43}$/.test(consent.codeChallenge)) throw new TypeError('code_challenge is no S256 challenge')
    for (const [hash, { expiresAt }] of this.#codes)
      if (expiresAt <= this.#now() || this.#codes.size >= mostCodes) this.#codes.delete(hash)
    const code = randomBytes(32).toString('base64url')
    const familyId = `code:${hashOf(code)}`
    this.#codes.set(hashOf(code), { ...consent, familyId, expiresAt: this.#now() + lifetime, isUsed: false })
    return code
  }

  /** The grant, for `createAuthorizationServer({ grants: [codes.grant] })`. */
  readonly grant: Grant = {
    name: 'authorization_code',
    parameters: ['code', 'redirect_uri', 'code_verifier'],
    run: async (started) => {
      const { request, client } = started
      const code = this.#codes.get(hashOf(opaqueToText(request.code!)))
      if (!code) throw new Failure('token_grant_invalid')
      const { clientId, redirectUri, codeChallenge, audiences, scope, subject, familyId } = code
      const details = { clientId: client.clientId, familyId }
      if (clientId !== client.clientId) throw new Failure('token_grant_client_mismatch', { details })
      if (redirectUri !== request.redirect_uri) throw new Failure('token_redirect_uri_mismatch', { details })
      if (!matches(verifierOf(started), codeChallenge)) throw new Failure('token_grant_invalid', { details })
      if (code.isUsed) await refuseUsed(started, familyId)
      if (code.expiresAt <= this.#now()) throw new Failure('token_grant_expired', { details })
      return {
        bounds: { audiences, scope },
        subject,
        familyId,
        redeem: async () => {
          if (code.isUsed) await refuseUsed(started, familyId)
          code.isUsed = true
        },
      }
    },
  }
}

/** A code that comes again was stolen: what was issued for it ends (RFC 6749 section 4.1.2). */
async function refuseUsed({ services, client, now }: Started, familyId: string): Promise<never> {
  await services.store.tokens.revokeFamily(familyId, client.clientId, now)
  throw new Failure('token_grant_used', { details: { clientId: client.clientId, familyId } })
}

/** The parameter of RFC 7636, which has no key in CBOR: it comes in a form. */
function verifierOf({ request }: Started): string {
  for (const member of request.unknown)
    if ('json' in member && member.name === 'code_verifier' && typeof member.json === 'string')
      return member.json
  throw new Failure('token_parameter_missing', { details: { parameter: 'code_verifier' } })
}

function matches(verifier: string, challenge: string): boolean {
  if (!/^[\w.~-]{43,128}$/.test(verifier)) return false
  return timingSafeEqual(Buffer.from(hashOf(verifier)), Buffer.from(challenge))
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** What the metadata says of it, for `createAuthorizationServer({ metadata })`: clients see that PKCE is there (RFC 9700 section 2.1.1). */
export const codeMetadata = (authorizationEndpoint: string) => ({
  authorization_endpoint: authorizationEndpoint,
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
})

import { accessTokenTypes } from '../registry/generated/access-token-types.ts'
import { aceProfiles } from '../registry/generated/ace-profiles.ts'
import { oauthParameters } from '../registry/generated/oauth-parameters.ts'
import { someVisible, typeName } from '../table/grammar/texts.ts'
import type { Fault, InputsOf, Rows, ValuesOf } from '../table/table.ts'
import { code } from '../table/types/code.ts'
import { unsigned } from '../table/types/number.ts'
import { opaqueOf } from '../table/types/opaque.ts'
import { restricted } from '../table/types/restricted.ts'
import { textOf } from '../table/types/text.ts'
import { type Confirmation, confirmation } from './confirmation.ts'
import { defineMessage, type Message, type MessageClass } from './message.ts'
import { scope } from './scope.ts'

const publicKey = /* @__PURE__ */ restricted(
  confirmation,
  (key) => !isSymmetric(key),
  'a public key (RFC 9201 section 3.2)',
)

const rows = {
  /** The access token. */
  access_token: {
    key: oauthParameters.access_token,
    type: opaqueOf(someVisible),
    required: true,
    secret: true,
    section: 'RFC 6749 section 5.1',
  },
  /** Its type. Absent it stands for `PoP`. */
  token_type: {
    key: oauthParameters.token_type,
    type: code(accessTokenTypes, 'a token type', { isAnyCase: true, grammar: typeName }),
    implied: 'PoP',
    section: 'RFC 9200 section 5.8.2',
  },
  /** How long it is valid, in seconds. */
  expires_in: { key: oauthParameters.expires_in, type: unsigned, section: 'RFC 6749 section 5.1' },
  /** What it allows; required where that is not what was asked for. */
  scope: { key: oauthParameters.scope, type: scope, section: 'RFC 6749 section 5.1' },
  /** A token to get the next access token with. */
  refresh_token: {
    key: oauthParameters.refresh_token,
    type: opaqueOf(someVisible),
    secret: true,
    section: 'RFC 6749 section 5.1',
  },
  /** What the client sent as state, unchanged. */
  state: { key: oauthParameters.state, type: textOf(someVisible), section: 'RFC 9200 section 5.8.2' },
  /** The profile to use with the resource server. */
  ace_profile: {
    key: oauthParameters.ace_profile,
    type: code(aceProfiles, 'an ACE profile'),
    section: 'RFC 9200 section 5.8.2',
  },
  /** The proof-of-possession key that the token is bound to. */
  cnf: { key: oauthParameters.cnf, type: confirmation, section: 'RFC 9201 section 3.2' },
  /** The key that the resource server authenticates with. */
  rs_cnf: { key: oauthParameters.rs_cnf, type: publicKey, section: 'RFC 9201 section 3.2' },
} as const satisfies Rows

/** The members that only an error response has (RFC 6749 §5.2): with a token they say nothing that could be true. */
const errorKeys: readonly unknown[] = [
  oauthParameters.error,
  oauthParameters.error_description,
  oauthParameters.error_uri,
  'error',
  'error_description',
  'error_uri',
]

function check(response: ValuesOf<typeof rows> & Message): Fault | undefined {
  const { token_type, cnf, rs_cnf, unknown } = response
  if (unknown.some((member) => errorKeys.includes('cbor' in member ? member.key : member.name)))
    return conflict('error', 'no error beside an access token')
  if (token_type === 'Bearer' && cnf)
    return conflict('cnf', 'none with a bearer token (RFC 9201 section 3.2)')
  if (token_type === 'Bearer' && rs_cnf)
    return conflict('rs_cnf', 'none with a bearer token (RFC 9201 section 3.2)')
  if (rs_cnf && cnf && isSymmetric(cnf))
    return conflict('rs_cnf', 'none with a symmetric key (RFC 9201 section 3.2)')
  return undefined
}

function conflict(path: string, expected: string): Fault {
  return { reason: 'conflicting_members', path, expected }
}

/** Whether a key is known to be symmetric: an encrypted one always is (RFC 8747 section 3.3, RFC 7800 section 3.3). */
function isSymmetric({ COSE_Key, Encrypted_COSE_Key, osc, jwe }: Confirmation): boolean {
  return (Encrypted_COSE_Key ?? osc ?? jwe) !== undefined || COSE_Key?.kty === 'Symmetric'
}

/** What {@link AccessTokenResponse} is built from. */
export type AccessTokenResponseMembers = InputsOf<typeof rows>

/** A successful response of the token endpoint; see the class of the same name. */
export interface AccessTokenResponse extends Message, ValuesOf<typeof rows> {}

/**
 * The access information that the authorization server answers a token request with: 2.01 in CBOR with Content-Format
 * 19, 200 in JSON.
 *
 * @see RFC 9200 §5.8.2, RFC 9201 §3.2, RFC 9203 §3.2
 *
 * @example
 * ```ts
 * import { AccessTokenResponse } from 'ace-oauth'
 *
 * const response = new AccessTokenResponse({ access_token: Uint8Array.of(0xd0, 0x83), ace_profile: 'coap_dtls', expires_in: 3600 })
 * response.token_type // 'PoP'
 * response.toCbor() // a3 01 42 d083 02 19 0e10 18 26 01
 * ```
 */
export const AccessTokenResponse: MessageClass<AccessTokenResponse, AccessTokenResponseMembers> =
  /* @__PURE__ */ defineMessage({
    name: 'AccessTokenResponse',
    rows,
    registry: oauthParameters,
    check,
    about: ['token_type', 'rs_cnf'],
  })

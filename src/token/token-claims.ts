import { confirmation } from '../message/confirmation.ts'
import { defineMessage, type Message, type MessageClass } from '../message/message.ts'
import { scope } from '../message/scope.ts'
import { aceProfiles } from '../registry/generated/ace-profiles.ts'
import { cwtClaims } from '../registry/generated/cwt-claims.ts'
import type { Fault, InputsOf, Rows, ValuesOf } from '../table/table.ts'
import { bytes } from '../table/types/bytes.ts'
import { code } from '../table/types/code.ts'
import { numericDate, unsigned } from '../table/types/number.ts'
import { text } from '../table/types/text.ts'
import { textOrTexts } from '../table/types/text-or-texts.ts'

const rows = {
  /** Who issued it. */
  iss: { key: cwtClaims.iss, type: text, section: 'RFC 8392 section 3.1.1' },
  /** Its subject. */
  sub: { key: cwtClaims.sub, type: text, section: 'RFC 8392 section 3.1.2' },
  /** The resource servers it is for. */
  aud: { key: cwtClaims.aud, type: textOrTexts, section: 'RFC 8392 section 3.1.3' },
  /** When it expires, in seconds since 1970. */
  exp: { key: cwtClaims.exp, type: numericDate, section: 'RFC 8392 section 3.1.4' },
  /** When it becomes valid, in seconds since 1970. */
  nbf: { key: cwtClaims.nbf, type: numericDate, section: 'RFC 8392 section 3.1.5' },
  /** When it was issued, in seconds since 1970. */
  iat: { key: cwtClaims.iat, type: numericDate, section: 'RFC 8392 section 3.1.6' },
  /** Its identifier. */
  cti: { key: cwtClaims.cti, type: bytes, section: 'RFC 8392 section 3.1.7' },
  /** The proof-of-possession key that it is bound to. */
  cnf: { key: cwtClaims.cnf, type: confirmation, section: 'RFC 8747 section 3.1' },
  /** What it allows. */
  scope: { key: cwtClaims.scope, type: scope, section: 'RFC 9200 section 5.10' },
  /** The profile to use with the client. */
  ace_profile: {
    key: cwtClaims.ace_profile,
    type: code(aceProfiles, 'an ACE profile'),
    section: 'RFC 9200 section 5.10',
  },
  /** The client-nonce that the client sent. */
  cnonce: { key: cwtClaims.cnonce, type: bytes, section: 'RFC 9200 section 5.10' },
  /** How long it is valid from when the resource server first sees it, in seconds. */
  exi: { key: cwtClaims.exi, type: unsigned, section: 'RFC 9200 section 5.10.3' },
} as const satisfies Rows

// Without it a resource server could not tell a token that it has seen expire (RFC 9200 §5.10.3).
function check({ exi, cti }: ValuesOf<typeof rows>): Fault | undefined {
  return exi !== undefined && cti === undefined
    ? { reason: 'missing_member', path: 'cti', expected: 'an identifier beside exi' }
    : undefined
}

/** What {@link TokenClaims} are built from. */
export type TokenClaimsMembers = InputsOf<typeof rows>

/** The claims of an access token; see the class of the same name. */
export interface TokenClaims extends Message, ValuesOf<typeof rows> {}

/**
 * The claims of an access token, for a CWT and a JWT alike. Those that the library does not know are kept
 * (RFC 8392 §3).
 *
 * @see RFC 8392 §3, RFC 8747 §3.1, RFC 9200 §5.10
 *
 * @example
 * ```ts
 * import { TokenClaims } from 'ace-oauth/token'
 *
 * const claims = new TokenClaims({ iss: 'coaps://as.example.com', aud: 'tempSensor4711', exp: 1_800_000_000, scope: 'read' })
 * claims.toCbor() // the CWT Claims Set
 * ```
 */
export const TokenClaims: MessageClass<TokenClaims, TokenClaimsMembers> = /* @__PURE__ */ defineMessage({
  name: 'TokenClaims',
  rows,
  check,
  about: ['exi'],
})

/** @internal The claims that an introspection response tells, where exi needs no cti (RFC 9200 §5.9.2). */
export const IntrospectedClaims: MessageClass<TokenClaims, TokenClaimsMembers> =
  /* @__PURE__ */ defineMessage({ name: 'TokenClaims', rows })

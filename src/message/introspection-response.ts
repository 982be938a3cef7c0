import { accessTokenTypes } from '../registry/generated/access-token-types.ts'
import { aceProfiles } from '../registry/generated/ace-profiles.ts'
import { introspectionParameters } from '../registry/generated/introspection-parameters.ts'
import { anyVisible, typeName, userText } from '../table/grammar/texts.ts'
import type { Fault, InputsOf, Rows, ValuesOf } from '../table/table.ts'
import { boolean } from '../table/types/boolean.ts'
import { bytes } from '../table/types/bytes.ts'
import { code } from '../table/types/code.ts'
import { numericDate, unsigned } from '../table/types/number.ts'
import { text, textOf } from '../table/types/text.ts'
import { textOrTexts } from '../table/types/text-or-texts.ts'
import { confirmation } from './confirmation.ts'
import { defineMessage, type Message, type MessageClass } from './message.ts'
import { scope } from './scope.ts'

const rows = {
  /** Whether the token is valid now. */
  active: {
    key: introspectionParameters.active,
    type: boolean,
    required: true,
    section: 'RFC 7662 section 2.2',
  },
  /** What the token allows. */
  scope: { key: introspectionParameters.scope, type: scope, section: 'RFC 7662 section 2.2' },
  /** The client that asked for it. */
  client_id: {
    key: introspectionParameters.client_id,
    type: textOf(anyVisible),
    section: 'RFC 7662 section 2.2',
  },
  /** The resource owner who allowed it. */
  username: {
    key: introspectionParameters.username,
    type: textOf(userText),
    section: 'RFC 7662 section 2.2',
  },
  /** Its type. */
  token_type: {
    key: introspectionParameters.token_type,
    type: code(accessTokenTypes, 'a token type', { isAnyCase: true, grammar: typeName }),
    section: 'RFC 7662 section 2.2',
  },
  /** When it expires, in seconds since 1970. */
  exp: { key: introspectionParameters.exp, type: numericDate, section: 'RFC 7662 section 2.2' },
  /** When it was issued, in seconds since 1970. */
  iat: { key: introspectionParameters.iat, type: numericDate, section: 'RFC 7662 section 2.2' },
  /** When it becomes valid, in seconds since 1970. */
  nbf: { key: introspectionParameters.nbf, type: numericDate, section: 'RFC 7662 section 2.2' },
  /** Its subject. */
  sub: { key: introspectionParameters.sub, type: text, section: 'RFC 7662 section 2.2' },
  /** The resource servers it is for. */
  aud: { key: introspectionParameters.aud, type: textOrTexts, section: 'RFC 7662 section 2.2' },
  /** Who issued it. */
  iss: { key: introspectionParameters.iss, type: text, section: 'RFC 7662 section 2.2' },
  /** Its identifier. */
  cti: { key: introspectionParameters.cti, type: bytes, section: 'RFC 9200 section 5.9.2' },
  /** How long it is valid from when the resource server first sees it, in seconds. */
  exi: { key: introspectionParameters.exi, type: unsigned, section: 'RFC 9200 section 5.9.2' },
  /** The client-nonce that the client sent. */
  cnonce: { key: introspectionParameters.cnonce, type: bytes, section: 'RFC 9200 section 5.9.2' },
  /** The profile to use with the client. */
  ace_profile: {
    key: introspectionParameters.ace_profile,
    type: code(aceProfiles, 'an ACE profile'),
    section: 'RFC 9200 section 5.9.2',
  },
  /** The proof-of-possession key that it is bound to. */
  cnf: { key: introspectionParameters.cnf, type: confirmation, section: 'RFC 9201 section 4' },
} as const satisfies Rows

/** RFC 9201 §5: cnf is absent unless the token is bound to a key. RFC 8705 §3.2 binds one of any type to a certificate. */
function check({ token_type, cnf }: ValuesOf<typeof rows>): Fault | undefined {
  if (token_type !== 'Bearer' || !cnf || cnf['x5t#S256']) return undefined
  return {
    reason: 'conflicting_members',
    path: 'cnf',
    expected: 'none with a bearer token (RFC 9201 section 5)',
  }
}

/** What {@link IntrospectionResponse} is built from. */
export type IntrospectionResponseMembers = InputsOf<typeof rows>

/** A successful response of the introspection endpoint; see the class of the same name. */
export interface IntrospectionResponse extends Message, ValuesOf<typeof rows> {}

/**
 * What the authorization server tells a resource server about a token: 2.01 in CBOR with Content-Format 19, 200 in JSON.
 * Of a token that is not valid it tells just that.
 *
 * @see RFC 9200 §5.9.2, RFC 7662 §2.2, RFC 9201 §4
 *
 * @example
 * ```ts
 * import { IntrospectionResponse } from 'ace-oauth'
 *
 * new IntrospectionResponse({ active: false }).toCbor() // a1 0a f4
 * ```
 */
export const IntrospectionResponse: MessageClass<IntrospectionResponse, IntrospectionResponseMembers> =
  /* @__PURE__ */ defineMessage({
    name: 'IntrospectionResponse',
    rows,
    registry: introspectionParameters,
    check,
    about: ['token_type'],
    violation: (response) => {
      if (response.active) return undefined
      const isMore = response.unknown.length > 0 || Object.keys(response.toJson()).length > 1
      return isMore ? { rule: 'members_of_inactive', path: 'active' } : undefined
    },
  })

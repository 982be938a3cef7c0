import { aceProfiles } from '../registry/generated/ace-profiles.ts'
import { grantTypes } from '../registry/generated/grant-types.ts'
import { oauthParameters } from '../registry/generated/oauth-parameters.ts'
import { anyVisible, someVisible, typeName, uriReference, userText } from '../table/grammar/texts.ts'
import type { Fault, InputsOf, Rows, ValuesOf } from '../table/table.ts'
import { bytes } from '../table/types/bytes.ts'
import { code, nullable } from '../table/types/code.ts'
import { opaqueOf } from '../table/types/opaque.ts'
import { textOf } from '../table/types/text.ts'
import { repeatedText } from '../table/types/text-or-texts.ts'
import type { Violation } from '../table/violation.ts'
import { confirmation } from './confirmation.ts'
import { defineRequest, type Request, type RequestClass } from './message.ts'
import { scope } from './scope.ts'

const rows = {
  /** The grant type. Absent it stands for `client_credentials`. */
  grant_type: {
    key: oauthParameters.grant_type,
    type: code(grantTypes, 'a grant type', { grammar: typeName }),
    implied: 'client_credentials',
    section: 'RFC 9200 section 5.8.1',
  },
  /** The resource server, or the group of them, that the token is for; over HTTP there may be several (RFC 8693 §2.1). */
  audience: { key: oauthParameters.audience, type: repeatedText, section: 'RFC 9200 section 5.8.1' },
  /** What the token is to allow: scope tokens, or bytes of the profile's or application's own syntax. */
  scope: { key: oauthParameters.scope, type: scope, section: 'RFC 9200 section 5.8.1' },
  /** The key that the token is to be bound to. */
  req_cnf: { key: oauthParameters.req_cnf, type: confirmation, section: 'RFC 9201 section 3.1' },
  /** The client-nonce that the resource server gave in its hints, to be copied into the token. */
  cnonce: { key: oauthParameters.cnonce, type: bytes, section: 'RFC 9200 section 5.8.4.4' },
  /** The profile that the client wants; null asks the authorization server to name one in its response. */
  ace_profile: {
    key: oauthParameters.ace_profile,
    type: nullable(code(aceProfiles, 'an ACE profile')),
    section: 'RFC 9200 section 5.8.4.3',
  },
  /** The client, where it is not known from its authentication. */
  client_id: {
    key: oauthParameters.client_id,
    type: textOf(anyVisible),
    section: 'RFC 6749 section 2.3.1',
  },
  /** What the client authenticates with. */
  client_secret: {
    key: oauthParameters.client_secret,
    type: opaqueOf(anyVisible),
    secret: true,
    section: 'RFC 6749 section 2.3.1',
  },
  /** The authorization code. */
  code: {
    key: oauthParameters.code,
    type: opaqueOf(someVisible),
    secret: true,
    section: 'RFC 6749 section 4.1.3',
  },
  /** The redirection URI that the code was asked for with. */
  redirect_uri: {
    key: oauthParameters.redirect_uri,
    type: textOf(uriReference),
    section: 'RFC 6749 section 4.1.3',
  },
  /** The resource owner's name. */
  username: { key: oauthParameters.username, type: textOf(userText), section: 'RFC 6749 section 4.3.2' },
  /** The resource owner's password. */
  password: {
    key: oauthParameters.password,
    type: textOf(userText),
    secret: true,
    section: 'RFC 6749 section 4.3.2',
  },
  /** The refresh token. */
  refresh_token: {
    key: oauthParameters.refresh_token,
    type: opaqueOf(someVisible),
    secret: true,
    section: 'RFC 6749 section 6',
  },
} as const satisfies Rows

/** The members of each grant of RFC 6749 §4 and §6: those that it needs, and those that it may have besides. */
const grants: Readonly<Record<string, { readonly needs: readonly Own[]; readonly may?: readonly Own[] }>> = {
  authorization_code: { needs: ['code'], may: ['redirect_uri'] },
  password: { needs: ['username', 'password'] },
  refresh_token: { needs: ['refresh_token'] },
  client_credentials: { needs: [] },
}

/** What a client is granted something for: an authorization server that ignored one would grant something else than was asked. */
const credentials = ['code', 'password', 'refresh_token'] as const
/** What only goes with some grants, and grants nothing by itself. */
const companions = ['redirect_uri', 'username'] as const
type Own = (typeof credentials)[number] | (typeof companions)[number]

/** The grant that needs a member (RFC 6749 §4 and §6). */
export function grantThatNeeds(member: string): string | undefined {
  return Object.keys(grants).find((name) => grants[name]?.needs.some((each) => each === member))
}

function check(request: ValuesOf<typeof rows>): Fault | undefined {
  const name = String(request.grant_type)
  const grant = Object.hasOwn(grants, name) ? grants[name] : undefined
  // A grant that is not of RFC 6749 may take what it likes.
  if (!grant) return undefined
  const absent = grant.needs.find((member) => request[member] === undefined)
  if (absent) return { reason: 'missing_member', path: absent, expected: `it with grant_type ${name}` }
  const foreign = credentials.find((member) => request[member] !== undefined && !belongs(member, name))
  return foreign && { reason: 'conflicting_members', path: foreign, expected: `none with grant_type ${name}` }
}

function violation(request: ValuesOf<typeof rows>): Violation | undefined {
  const foreign = companions.find(
    (member) => request[member] !== undefined && !belongs(member, String(request.grant_type)),
  )
  return foreign && { rule: 'member_of_another_grant', path: foreign }
}

/** Whether a member goes with a grant, as any does with one that is not of RFC 6749. */
function belongs(member: Own, name: string): boolean {
  const grant = Object.hasOwn(grants, name) ? grants[name] : undefined
  return !grant || grant.needs.includes(member) || grant.may?.includes(member) === true
}

/** What {@link AccessTokenRequest} is built from. */
export type AccessTokenRequestMembers = InputsOf<typeof rows>

/** A request to the token endpoint; see the class of the same name. */
export interface AccessTokenRequest extends Request, ValuesOf<typeof rows> {}

/**
 * The request of a client to the token endpoint: in CBOR with Content-Format 19, over HTTP as a form.
 *
 * @see RFC 9200 §5.8.1, RFC 9201 §3.1
 *
 * @example
 * ```ts
 * import { AccessTokenRequest } from 'ace-oauth'
 *
 * const request = new AccessTokenRequest({ audience: 'tempSensor4711', scope: 'read' })
 * request.grant_type // 'client_credentials'
 * request.toCbor() // a2 05 6e 74656d7053656e736f7234373131 09 64 72656164
 * ```
 */
export const AccessTokenRequest: RequestClass<AccessTokenRequest, AccessTokenRequestMembers> =
  /* @__PURE__ */ defineRequest({
    name: 'AccessTokenRequest',
    rows,
    registry: oauthParameters,
    check,
    about: ['grant_type', ...credentials],
    violation,
  })

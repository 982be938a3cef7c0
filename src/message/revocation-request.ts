import { introspectionParameters } from '../registry/generated/introspection-parameters.ts'
import { oauthParameters } from '../registry/generated/oauth-parameters.ts'
import { anyVisible, someVisible } from '../table/grammar/texts.ts'
import type { InputsOf, Rows, ValuesOf } from '../table/table.ts'
import { opaqueOf } from '../table/types/opaque.ts'
import { textOf } from '../table/types/text.ts'
import { defineRequest, type Request, type RequestClass } from './message.ts'
import { tokenTypeHint } from './token-type-hint.ts'

const rows = {
  /** The token that the client no longer needs. */
  token: {
    key: introspectionParameters.token,
    type: opaqueOf(someVisible),
    required: true,
    secret: true,
    section: 'RFC 7009 section 2.1',
  },
  /** What kind of token it may be: `access_token`, `refresh_token`. */
  token_type_hint: {
    key: introspectionParameters.token_type_hint,
    type: tokenTypeHint,
    section: 'RFC 7009 section 2.1',
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
} as const satisfies Rows

/** What {@link RevocationRequest} is built from. */
export type RevocationRequestMembers = InputsOf<typeof rows>

/** A request to the revocation endpoint; see the class of the same name. */
export interface RevocationRequest extends Request, ValuesOf<typeof rows> {}

/**
 * The request of a client to have a token revoked: over HTTP a form. For CoAP RFC 7009 has no form; here it takes the
 * keys that introspection gives the same members.
 *
 * @see RFC 7009 §2.1
 *
 * @example
 * ```ts
 * import { RevocationRequest } from 'ace-oauth'
 *
 * new RevocationRequest({ token: 'eyJhbGciOi.J9.x', token_type_hint: 'access_token' }).toForm().toString()
 * // token=eyJhbGciOi.J9.x&token_type_hint=access_token
 * ```
 */
export const RevocationRequest: RequestClass<RevocationRequest, RevocationRequestMembers> =
  /* @__PURE__ */ defineRequest({
    name: 'RevocationRequest',
    rows,
    registry: {
      ...oauthParameters,
      token: introspectionParameters.token,
      token_type_hint: introspectionParameters.token_type_hint,
    },
  })

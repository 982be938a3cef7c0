import { introspectionParameters } from '../registry/generated/introspection-parameters.ts'
import { oauthParameters } from '../registry/generated/oauth-parameters.ts'
import { anyVisible, someVisible } from '../table/grammar/texts.ts'
import type { InputsOf, Rows, ValuesOf } from '../table/table.ts'
import { opaqueOf } from '../table/types/opaque.ts'
import { textOf } from '../table/types/text.ts'
import { defineRequest, type Request, type RequestClass } from './message.ts'
import { tokenTypeHint } from './token-type-hint.ts'

const rows = {
  /** The token to be looked into. */
  token: {
    key: introspectionParameters.token,
    type: opaqueOf(someVisible),
    required: true,
    secret: true,
    section: 'RFC 9200 section 5.9.1',
  },
  /** What kind of token it may be: `access_token`, `refresh_token`. */
  token_type_hint: {
    key: introspectionParameters.token_type_hint,
    type: tokenTypeHint,
    section: 'RFC 7662 section 2.1',
  },
  /** Who asks, where that is not known from the authentication. */
  client_id: {
    key: introspectionParameters.client_id,
    type: textOf(anyVisible),
    section: 'RFC 9200 appendix F.2',
  },
  /** What it authenticates with, under the key that a token request has for it. */
  client_secret: {
    key: oauthParameters.client_secret,
    type: opaqueOf(anyVisible),
    secret: true,
    section: 'RFC 6749 section 2.3.1',
  },
} as const satisfies Rows

/** What {@link IntrospectionRequest} is built from. */
export type IntrospectionRequestMembers = InputsOf<typeof rows>

/** A request to the introspection endpoint; see the class of the same name. */
export interface IntrospectionRequest extends Request, ValuesOf<typeof rows> {}

/**
 * The request of a resource server to the introspection endpoint: in CBOR with Content-Format 19, over HTTP as a form.
 *
 * @see RFC 9200 §5.9.1, RFC 7662 §2.1
 *
 * @example
 * ```ts
 * import { IntrospectionRequest } from 'ace-oauth'
 *
 * new IntrospectionRequest({ token: Uint8Array.of(0xee, 0x08) }).toCbor() // a1 0b 42 ee08
 * ```
 */
export const IntrospectionRequest: RequestClass<IntrospectionRequest, IntrospectionRequestMembers> =
  /* @__PURE__ */ defineRequest({
    name: 'IntrospectionRequest',
    rows,
    registry: { ...introspectionParameters, client_secret: oauthParameters.client_secret },
  })

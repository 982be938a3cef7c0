import { creationHints } from '../registry/generated/creation-hints.ts'
import { isAbsoluteUri } from '../table/grammar/uri.ts'
import type { InputsOf, Rows, ValuesOf } from '../table/table.ts'
import { bytes } from '../table/types/bytes.ts'
import { opaque } from '../table/types/opaque.ts'
import { restricted } from '../table/types/restricted.ts'
import { text } from '../table/types/text.ts'
import { defineMessage, type Message, type MessageClass } from './message.ts'
import { scope } from './scope.ts'

const absoluteUri = /* @__PURE__ */ restricted(text, isAbsoluteUri, 'an absolute URI (RFC 3986 section 4.3)')

const rows = {
  /** The authorization server, by an absolute URI. */
  AS: { key: creationHints.AS, type: absoluteUri, section: 'RFC 9200 section 5.3' },
  /** A key of a security association that the client and the resource server have. */
  kid: { key: creationHints.kid, type: opaque, section: 'RFC 9200 section 5.3' },
  /** The audience to ask for. */
  audience: { key: creationHints.audience, type: text, section: 'RFC 9200 section 5.3' },
  /** The scope to ask for. */
  scope: { key: creationHints.scope, type: scope, section: 'RFC 9200 section 5.3' },
  /** A nonce to be copied into the token, for a resource server without a clock. */
  cnonce: { key: creationHints.cnonce, type: bytes, section: 'RFC 9200 section 5.3.1' },
} as const satisfies Rows

/** What {@link CreationHints} is built from. */
export type CreationHintsMembers = InputsOf<typeof rows>

/** AS Request Creation Hints; see the class of the same name. */
export interface CreationHints extends Message, ValuesOf<typeof rows> {}

/**
 * The AS Request Creation Hints that a resource server answers an unauthorized request with: 4.01 in CBOR with
 * Content-Format 19. They come unprotected: whether the authorization server may issue for the resource server has to be
 * known from elsewhere (RFC 9200 §5.1, §6.4).
 *
 * @see RFC 9200 §5.3
 *
 * @example
 * ```ts
 * import { CreationHints } from 'ace-oauth'
 *
 * new CreationHints({ AS: 'coaps://as.example.com/token', audience: 'coaps://rs.example.com' }).toCbor()
 * ```
 */
export const CreationHints: MessageClass<CreationHints, CreationHintsMembers> = /* @__PURE__ */ defineMessage(
  {
    name: 'CreationHints',
    rows,
    registry: creationHints,
  },
)

import { defineMessage, type Message, type MessageClass } from '../message/message.ts'
import { oauthParameters } from '../registry/generated/oauth-parameters.ts'
import type { InputsOf, Rows, ValuesOf } from '../table/table.ts'
import { bytes } from '../table/types/bytes.ts'

const requestRows = {
  /** The access token. */
  access_token: {
    key: oauthParameters.access_token,
    type: bytes,
    required: true,
    secret: true,
    section: 'RFC 9203 section 4.1',
  },
  /** N1, at least 8 random bytes. */
  nonce1: { key: oauthParameters.nonce1, type: bytes, section: 'RFC 9203 section 4.1.1' },
  /** ID1, the Recipient ID of the client. */
  ace_client_recipientid: {
    key: oauthParameters.ace_client_recipientid,
    type: bytes,
    section: 'RFC 9203 section 4.1.2',
  },
} as const satisfies Rows

/** What {@link OscoreAuthzInfoRequest} is built from. */
export type OscoreAuthzInfoRequestMembers = InputsOf<typeof requestRows>

/** What a client posts to authz-info in the OSCORE profile; see the class of the same name. */
export interface OscoreAuthzInfoRequest extends Message, ValuesOf<typeof requestRows> {}

/**
 * What a client posts to authz-info in the OSCORE profile, with Content-Format 19. To update its rights it posts the
 * token alone, protected by the security context that there is.
 *
 * @see RFC 9203 §4.1
 */
export const OscoreAuthzInfoRequest: MessageClass<OscoreAuthzInfoRequest, OscoreAuthzInfoRequestMembers> =
  /* @__PURE__ */ defineMessage({ name: 'OscoreAuthzInfoRequest', rows: requestRows })

const responseRows = {
  /** N2, at least 8 random bytes. */
  nonce2: { key: oauthParameters.nonce2, type: bytes, required: true, section: 'RFC 9203 section 4.2.1' },
  /** ID2, the Recipient ID of the resource server. */
  ace_server_recipientid: {
    key: oauthParameters.ace_server_recipientid,
    type: bytes,
    required: true,
    section: 'RFC 9203 section 4.2.2',
  },
} as const satisfies Rows

/** What {@link OscoreAuthzInfoResponse} is built from. */
export type OscoreAuthzInfoResponseMembers = InputsOf<typeof responseRows>

/** What a resource server answers to that; see the class of the same name. */
export interface OscoreAuthzInfoResponse extends Message, ValuesOf<typeof responseRows> {}

/**
 * What a resource server answers a token with in the OSCORE profile: 2.01 with Content-Format 19.
 *
 * @see RFC 9203 §4.2
 */
export const OscoreAuthzInfoResponse: MessageClass<OscoreAuthzInfoResponse, OscoreAuthzInfoResponseMembers> =
  /* @__PURE__ */ defineMessage({ name: 'OscoreAuthzInfoResponse', rows: responseRows })

// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "OAuth Parameters CBOR Mappings" registry (RFC 9200, Section 8.10).
 *
 * These are the keys of token requests and token responses. The same integer means something else in other maps.
 * ace_profile is null in a token request that asks for the profile (RFC 9200, Section 5.8.4.3), which erratum 8237 adds to the value type.
 * Values less than -65536 are for private use.
 *
 * @example
 * oauthParameters.access_token // 1
 */
export const oauthParameters = {
  /** byte string. RFC 9200; RFC 6749. */
  access_token: 1,
  /** unsigned integer. RFC 9200; RFC 6749. */
  expires_in: 2,
  /** map. RFC 9201, Section 3.1. */
  req_cnf: 4,
  /** text string. RFC 9200; RFC 8693. */
  audience: 5,
  /** map. RFC 9201, Section 3.2. */
  cnf: 8,
  /** text or byte string. RFC 9200; RFC 6749. */
  scope: 9,
  /** text string. RFC 9200; RFC 6749. */
  client_id: 24,
  /** byte string. RFC 9200; RFC 6749. */
  client_secret: 25,
  /** text string. RFC 9200; RFC 6749. */
  response_type: 26,
  /** text string. RFC 9200; RFC 6749. */
  redirect_uri: 27,
  /** text string. RFC 9200; RFC 6749. */
  state: 28,
  /** byte string. RFC 9200; RFC 6749. */
  code: 29,
  /** integer. RFC 9200; RFC 6749. */
  error: 30,
  /** text string. RFC 9200; RFC 6749. */
  error_description: 31,
  /** text string. RFC 9200; RFC 6749. */
  error_uri: 32,
  /** unsigned integer. RFC 9200; RFC 6749. */
  grant_type: 33,
  /** integer. RFC 9200; RFC 6749. */
  token_type: 34,
  /** text string. RFC 9200; RFC 6749. */
  username: 35,
  /** text string. RFC 9200; RFC 6749. */
  password: 36,
  /** byte string. RFC 9200; RFC 6749. */
  refresh_token: 37,
  /** integer. RFC 9200. */
  ace_profile: 38,
  /** byte string. RFC 9200. */
  cnonce: 39,
  /** bstr. RFC 9203. */
  nonce1: 40,
  /** map. RFC 9201, Section 3.2. */
  rs_cnf: 41,
  /** bstr. RFC 9203. */
  nonce2: 42,
  /** bstr. RFC 9203. */
  ace_client_recipientid: 43,
  /** bstr. RFC 9203. */
  ace_server_recipientid: 44,
  /** Null or array. RFC 9594. */
  sign_info: 45,
  /** byte string. RFC 9594. */
  kdcchallenge: 46,
  /** Null or array. RFC-ietf-ace-key-groupcomm-oscore-21. */
  ecdh_info: 47,
  /** Null or array. RFC-ietf-ace-key-groupcomm-oscore-21. */
  kdc_dh_creds: 48,
} as const

/** A name in {@link oauthParameters}. */
export type OAuthParameterName = keyof typeof oauthParameters

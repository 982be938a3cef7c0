// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "OAuth Token Introspection Response CBOR Mappings" registry (RFC 9200, Section 8.12).
 *
 * These are the keys of introspection requests and introspection responses. The same integer means something else in other maps.
 * token and token_type_hint are request parameters, although the registry is named after the response.
 * token_type_hint is a text string; RFC 9200, Figure 9 sends the integer 2 (PoP).
 * Values less than -65536 are for private use.
 *
 * @example
 * introspectionParameters.iss // 1
 */
export const introspectionParameters = {
  /** text string. RFC 9200; RFC 7662. */
  iss: 1,
  /** text string. RFC 9200; RFC 7662. */
  sub: 2,
  /** text string. RFC 9200; RFC 7662. */
  aud: 3,
  /** integer or floating-point number. RFC 9200; RFC 7662. */
  exp: 4,
  /** integer or floating-point number. RFC 9200; RFC 7662. */
  nbf: 5,
  /** integer or floating-point number. RFC 9200; RFC 7662. */
  iat: 6,
  /** byte string. RFC 9200. */
  cti: 7,
  /** map. RFC 9201, Section 4; RFC 8705. */
  cnf: 8,
  /** text or byte string. RFC 9200; RFC 7662. */
  scope: 9,
  /** True or False. RFC 9200; RFC 7662. */
  active: 10,
  /** byte string. RFC 9200; RFC 7662. */
  token: 11,
  /** text string. RFC 9200; RFC 7662. */
  client_id: 24,
  /** integer. RFC 9200; RFC 7662. */
  error: 30,
  /** text string. RFC 9200; RFC 7662. */
  error_description: 31,
  /** text string. RFC 9200; RFC 7662. */
  error_uri: 32,
  /** text string. RFC 9200; RFC 7662. */
  token_type_hint: 33,
  /** integer. RFC 9200; RFC 7662. */
  token_type: 34,
  /** text string. RFC 9200; RFC 7662. */
  username: 35,
  /** integer. RFC 9200. */
  ace_profile: 38,
  /** byte string. RFC 9200. */
  cnonce: 39,
  /** unsigned integer. RFC 9200. */
  exi: 40,
} as const

/** A name in {@link introspectionParameters}. */
export type IntrospectionParameterName = keyof typeof introspectionParameters

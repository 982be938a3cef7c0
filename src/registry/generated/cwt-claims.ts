// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * A part of the "CBOR Web Token (CWT) Claims" registry (RFC 8392, Section 9.1).
 *
 * The claims of RFC 8392, RFC 8747, RFC 8693 and RFC 9200, and the others that an access token is likely to carry. The registry has more.
 * Keys 10 and 11 mean active and token in an introspection message.
 * Values less than -65536 are for private use.
 *
 * @example
 * cwtClaims.iss // 1
 */
export const cwtClaims = {
  /** Health Certificate: map. Electronic Health Certificate Specification. */
  hcert: -260,
  /** Issuer: text string. RFC 8392, Section 3.1.1. */
  iss: 1,
  /** Subject: text string. RFC 8392, Section 3.1.2. */
  sub: 2,
  /** Audience: text string. RFC 8392, Section 3.1.3. */
  aud: 3,
  /** Expiration Time: integer or floating-point number. RFC 8392, Section 3.1.4. */
  exp: 4,
  /** Not Before: integer or floating-point number. RFC 8392, Section 3.1.5. */
  nbf: 5,
  /** Issued At: integer or floating-point number. RFC 8392, Section 3.1.6. */
  iat: 6,
  /** CWT ID: byte string. RFC 8392, Section 3.1.7. */
  cti: 7,
  /** Confirmation: map. RFC 8747, Section 3.1. */
  cnf: 8,
  /** The scope of an access token, as defined in RFC 6749: byte string or text string. RFC 8693, Section 4.2. */
  scope: 9,
  /** Nonce: bstr or array. RFC 9711. */
  Nonce: 10,
  /** Verifiable credential type: bstr. draft-ietf-spice-sd-cwt-06. Temporary registration: registered 2025-12-02, expires 2026-12-02. */
  vct: 11,
  /** The ACE profile a token is supposed to be used with: integer. RFC 9200, Section 5.10. */
  ace_profile: 38,
  /** The client-nonce sent to the AS by the RS via the client: byte string. RFC 9200, Section 5.10. */
  cnonce: 39,
  /** The expiration time of a token measured from when it was received at the RS in seconds: unsigned integer. RFC 9200, Section 5.10.3. */
  exi: 40,
  /** A CBOR structure containing up-to-date status information on multiple tokens using the Token Status List mechanism: map. RFC-ietf-oauth-status-list-21. */
  status_list: 65533,
  /** Time to Live: unsigned integer. RFC-ietf-oauth-status-list-21. */
  ttl: 65534,
  /** A CBOR structure containing a reference to a status mechanism from the CWT Status Mechanisms registry: map. RFC-ietf-oauth-status-list-21. */
  status: 65535,
} as const

/** A name in {@link cwtClaims}. */
export type CwtClaimName = keyof typeof cwtClaims

// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "OAuth Grant Type CBOR Mappings" registry (RFC 9200, Section 8.5).
 *
 * RFC 9200, Table 5 calls grant_type an unsigned integer, yet the private-use values of this registry are negative: a decoder accepts any integer.
 * There is no integer for device_code (RFC 8628), token-exchange (RFC 8693) or jwt-bearer (RFC 7523).
 * Values less than -65536 are for private use.
 *
 * @example
 * grantTypes.authorization_code // 1
 */
export const grantTypes = {
  /** RFC 9200; RFC 6749, Section 4.3.2. */
  password: 0,
  /** RFC 9200; RFC 6749, Section 4.1.3. */
  authorization_code: 1,
  /** RFC 9200; RFC 6749, Section 4.4.2. */
  client_credentials: 2,
  /** RFC 9200; RFC 6749, Section 6. */
  refresh_token: 3,
} as const

/** A name in {@link grantTypes}. */
export type GrantTypeName = keyof typeof grantTypes

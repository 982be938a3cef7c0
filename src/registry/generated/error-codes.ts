// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "OAuth Error Code CBOR Mappings" registry (RFC 9200, Section 8.4).
 *
 * Every value that is neither listed nor private use is unassigned. A receiver carries it through, because it may be registered later.
 * The value is any CBOR integer, from -2^64 to 2^64-1 (RFC 9200, Table 5, key 30).
 * The error names of RFC 6750, RFC 7009, RFC 8628, RFC 8707, RFC 9396, RFC 9449 and RFC 9470 have no CBOR integer.
 * Values less than -65536 are for private use.
 *
 * @example
 * errorCodes.invalid_request // 1
 */
export const errorCodes = {
  /** RFC 9200; RFC 6749, Section 5.2. */
  invalid_request: 1,
  /** RFC 9200; RFC 6749, Section 5.2. */
  invalid_client: 2,
  /** RFC 9200; RFC 6749, Section 5.2. */
  invalid_grant: 3,
  /** RFC 9200; RFC 6749, Section 5.2. */
  unauthorized_client: 4,
  /** RFC 9200; RFC 6749, Section 5.2. */
  unsupported_grant_type: 5,
  /** RFC 9200; RFC 6749, Section 5.2. */
  invalid_scope: 6,
  /** RFC 9200, Section 5.8.3. */
  unsupported_pop_key: 7,
  /** RFC 9200, Section 5.8.3. */
  incompatible_ace_profiles: 8,
} as const

/** A name in {@link errorCodes}. */
export type ErrorCodeName = keyof typeof errorCodes

// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "OAuth Access Token Type CBOR Mappings" registry (RFC 9200, Section 8.7).
 *
 * A token response without token_type means PoP (RFC 9200, Section 5.8.4.2). RFC 9200 also writes "pop"; the name is case insensitive (RFC 6749, Section 5.1).
 * There is no integer for N_A (RFC 8693) or DPoP (RFC 9449).
 * Values less than -65536 are for private use.
 *
 * @example
 * accessTokenTypes.Bearer // 1
 */
export const accessTokenTypes = {
  /** RFC 9200; RFC 6749. */
  Bearer: 1,
  /** RFC 9200. */
  PoP: 2,
} as const

/** A name in {@link accessTokenTypes}. */
export type AccessTokenTypeName = keyof typeof accessTokenTypes

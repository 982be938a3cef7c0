// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "ACE Authorization Server Request Creation Hints" registry (RFC 9200, Section 8.1).
 *
 * Values less than -65536 are for private use.
 *
 * @example
 * creationHints.AS // 1
 */
export const creationHints = {
  /** text string. RFC 9200. */
  AS: 1,
  /** byte string. RFC 9200. */
  kid: 2,
  /** text string. RFC 9200. */
  audience: 5,
  /** text or byte string. RFC 9200. */
  scope: 9,
  /** byte string. RFC 9200. */
  cnonce: 39,
} as const

/** A name in {@link creationHints}. */
export type CreationHintName = keyof typeof creationHints

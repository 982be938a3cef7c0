// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "COSE Key Types" registry (RFC 9053, Section 7).
 *
 * No value is set aside for private use.
 *
 * @example
 * coseKeyTypes.OKP // 1
 */
export const coseKeyTypes = {
  /** Octet Key Pair. RFC 9053. */
  OKP: 1,
  /** Elliptic Curve Keys w/ x- and y-coordinate pair. RFC 9053. */
  EC2: 2,
  /** RSA Key. RFC 8230; RFC 9053. */
  RSA: 3,
  /** Symmetric Keys. RFC 9053. */
  Symmetric: 4,
  /** Public key for HSS/LMS hash-based digital signature. RFC 8778. */
  'HSS-LMS': 5,
  /** WalnutDSA public key. RFC 9021. */
  WalnutDSA: 6,
  /** COSE Key Type for Algorithm Key Pairs. RFC 9964. */
  AKP: 7,
} as const

/** A name in {@link coseKeyTypes}. */
export type CoseKeyTypeName = keyof typeof coseKeyTypes

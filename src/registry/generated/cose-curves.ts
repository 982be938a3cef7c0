// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * A part of the "COSE Elliptic Curves" registry (RFC 9053, Section 7.1).
 *
 * The values that access tokens and their keys use. The registry has more.
 * Values less than -65536 are for private use.
 *
 * @example
 * coseCurves['P-256'] // 1
 */
export const coseCurves = {
  /** NIST P-256 also known as secp256r1. RFC 9053. */
  'P-256': 1,
  /** NIST P-384 also known as secp384r1. RFC 9053. */
  'P-384': 2,
  /** NIST P-521 also known as secp521r1. RFC 9053. */
  'P-521': 3,
  /** X25519 for use w/ ECDH only. RFC 9053. */
  X25519: 4,
  /** Ed25519 for use w/ EdDSA only. RFC 9053. */
  Ed25519: 6,
} as const

/** A name in {@link coseCurves}. */
export type CoseCurveName = keyof typeof coseCurves

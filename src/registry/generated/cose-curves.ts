// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "COSE Elliptic Curves" registry (RFC 9053, Section 7.1).
 *
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
  /** X448 for use w/ ECDH only. RFC 9053. */
  X448: 5,
  /** Ed25519 for use w/ EdDSA only. RFC 9053. */
  Ed25519: 6,
  /** Ed448 for use w/ EdDSA only. RFC 9053. */
  Ed448: 7,
  /** SECG secp256k1 curve. RFC 8812. */
  secp256k1: 8,
  /** BrainpoolP256r1. ISO/IEC 18013-5:2021, 9.1.5.2. */
  brainpoolP256r1: 256,
  /** BrainpoolP320r1. ISO/IEC 18013-5:2021, 9.1.5.2. */
  brainpoolP320r1: 257,
  /** BrainpoolP384r1. ISO/IEC 18013-5:2021, 9.1.5.2. */
  brainpoolP384r1: 258,
  /** BrainpoolP512r1. ISO/IEC 18013-5:2021, 9.1.5.2. */
  brainpoolP512r1: 259,
} as const

/** A name in {@link coseCurves}. */
export type CoseCurveName = keyof typeof coseCurves

// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "COSE Key Type Parameters" registry (RFC 8230, Section 4).
 *
 * No value is set aside for private use.
 *
 * @example
 * rsaKeyParameters.n // -1
 */
export const rsaKeyParameters = {
  /** the RSA modulus n: bstr. RFC 8230. */
  n: -1,
  /** the RSA public exponent e: bstr. RFC 8230. */
  e: -2,
  /** the RSA private exponent d: bstr. RFC 8230. */
  d: -3,
  /** the prime factor p of n: bstr. RFC 8230. */
  p: -4,
  /** the prime factor q of n: bstr. RFC 8230. */
  q: -5,
  /** dP is d mod (p - 1): bstr. RFC 8230. */
  dP: -6,
  /** dQ is d mod (q - 1): bstr. RFC 8230. */
  dQ: -7,
  /** qInv is the CRT coefficient q^(-1) mod p: bstr. RFC 8230. */
  qInv: -8,
  /** other prime infos, an array: array. RFC 8230. */
  other: -9,
  /** a prime factor r_i of n, where i >= 3: bstr. RFC 8230. */
  r_i: -10,
  /** d_i = d mod (r_i - 1): bstr. RFC 8230. */
  d_i: -11,
  /** the CRT coefficient t_i = (r_1 * r_2 * ... * r_(i-1))^(-1) mod r_i: bstr. RFC 8230. */
  t_i: -12,
} as const

/** A name in {@link rsaKeyParameters}. */
export type RsaKeyParameterName = keyof typeof rsaKeyParameters

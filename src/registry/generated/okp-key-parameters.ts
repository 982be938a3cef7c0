// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "COSE Key Type Parameters" registry (RFC 9053, Section 7.2).
 *
 * No value is set aside for private use.
 *
 * @example
 * okpKeyParameters.crv // -1
 */
export const okpKeyParameters = {
  /** EC identifier: int / tstr. RFC 9053. */
  crv: -1,
  /** Public Key: bstr. RFC 9053. */
  x: -2,
  /** Private key: bstr. RFC 9053. */
  d: -4,
} as const

/** A name in {@link okpKeyParameters}. */
export type OkpKeyParameterName = keyof typeof okpKeyParameters

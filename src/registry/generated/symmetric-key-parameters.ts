// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "COSE Key Type Parameters" registry (RFC 9053, Section 7.3).
 *
 * No value is set aside for private use.
 *
 * @example
 * symmetricKeyParameters.k // -1
 */
export const symmetricKeyParameters = {
  /** Key Value: bstr. RFC 9053. */
  k: -1,
} as const

/** A name in {@link symmetricKeyParameters}. */
export type SymmetricKeyParameterName = keyof typeof symmetricKeyParameters

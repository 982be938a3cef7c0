// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "COSE Key Type Parameters" registry (RFC 9964).
 *
 * No value is set aside for private use.
 *
 * @example
 * akpKeyParameters.pub // -1
 */
export const akpKeyParameters = {
  /** Public key: bstr. RFC 9964. */
  pub: -1,
  /** Private key: bstr. RFC 9964. */
  priv: -2,
} as const

/** A name in {@link akpKeyParameters}. */
export type AkpKeyParameterName = keyof typeof akpKeyParameters

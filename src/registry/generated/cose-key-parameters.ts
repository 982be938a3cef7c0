// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "COSE Key Common Parameters" registry (RFC 9052, Section 7.1).
 *
 * Values less than -65536 are for private use.
 *
 * @example
 * coseKeyParameters.kty // 1
 */
export const coseKeyParameters = {
  /** Identification of the key type: tstr / int. RFC 9052. */
  kty: 1,
  /** Key identification value - match to kid in message: bstr. RFC 9052. */
  kid: 2,
  /** Key usage restriction to this algorithm: tstr / int. RFC 9052. */
  alg: 3,
  /** Restrict set of permissible operations: [+ (tstr/int)]. RFC 9052. */
  key_ops: 4,
  /** Base IV to be XORed with Partial IVs: bstr. RFC 9052. */
  'Base IV': 5,
} as const

/** A name in {@link coseKeyParameters}. */
export type CoseKeyParameterName = keyof typeof coseKeyParameters

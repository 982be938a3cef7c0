// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "COSE Key Type Parameters" registry (RFC 9053, Section 7.1.1).
 *
 * No value is set aside for private use.
 *
 * @example
 * ec2KeyParameters.crv // -1
 */
export const ec2KeyParameters = {
  /** EC identifier: int / tstr. RFC 9053. */
  crv: -1,
  /** x-coordinate: bstr. RFC 9053. */
  x: -2,
  /** y-coordinate: bstr / bool. RFC 9053. */
  y: -3,
  /** Private key: bstr. RFC 9053. */
  d: -4,
} as const

/** A name in {@link ec2KeyParameters}. */
export type Ec2KeyParameterName = keyof typeof ec2KeyParameters

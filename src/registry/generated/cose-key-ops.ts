// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * COSE key operations (RFC 9052, Table 5).
 *
 * RFC 9052 defines these values itself; there is no registry.
 * No value is set aside for private use.
 *
 * @example
 * coseKeyOps.sign // 1
 */
export const coseKeyOps = {
  /** The key is used to create signatures. Requires private key fields. RFC 9052. */
  sign: 1,
  /** The key is used for verification of signatures. RFC 9052. */
  verify: 2,
  /** The key is used for key transport encryption. RFC 9052. */
  encrypt: 3,
  /** The key is used for key transport decryption. Requires private key fields. RFC 9052. */
  decrypt: 4,
  /** The key is used for key wrap encryption. RFC 9052. */
  'wrap key': 5,
  /** The key is used for key wrap decryption. Requires private key fields. RFC 9052. */
  'unwrap key': 6,
  /** The key is used for deriving keys. Requires private key fields. RFC 9052. */
  'derive key': 7,
  /** The key is used for deriving bits not to be used as a key. Requires private key fields. RFC 9052. */
  'derive bits': 8,
  /** The key is used for creating MACs. RFC 9052. */
  'MAC create': 9,
  /** The key is used for validating MACs. RFC 9052. */
  'MAC verify': 10,
} as const

/** A name in {@link coseKeyOps}. */
export type CoseKeyOpName = keyof typeof coseKeyOps

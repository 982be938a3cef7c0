// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "CWT Confirmation Methods" registry (RFC 8747, Section 7.2).
 *
 * These are the keys of the cnf map.
 * The value of osc is an OSCORE_Input_Material map (RFC 9203, Section 3.2.1).
 * No value is set aside for private use.
 *
 * @example
 * confirmationMethods.COSE_Key // 1
 */
export const confirmationMethods = {
  /** COSE_Key Representing Public Key: COSE_Key structure. RFC 8747, Section 3.2. */
  COSE_Key: 1,
  /** Encrypted COSE_Key: COSE_Encrypt or COSE_Encrypt0 structure (with an optional corresponding COSE_Encrypt or COSE_Encrypt0 tag). RFC 8747, Section 3.3. */
  Encrypted_COSE_Key: 2,
  /** Key Identifier: binary string. RFC 8747, Section 3.4. */
  kid: 3,
  /** OSCORE_Input_Material carrying the parameters for using OSCORE per-message security with implicit key confirmation: map. RFC 9203, Section 3.2.1. */
  osc: 4,
  /** COSE Key SHA-256 Thumbprint: binary string. RFC 9679. */
  ckt: 5,
  /** JWK SHA-256 Thumbprint: byte string. CTA-5007. */
  jkt: 323,
} as const

/** A name in {@link confirmationMethods}. */
export type ConfirmationMethodName = keyof typeof confirmationMethods

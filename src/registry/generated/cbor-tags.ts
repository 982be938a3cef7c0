// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * A part of the "CBOR Tags" registry (RFC 8949, Section 9.2).
 *
 * The tags of COSE messages, CWTs and problem details. The registry has more.
 * No value is set aside for private use.
 *
 * @example
 * cborTags.COSE_Encrypt0 // 16
 */
export const cborTags = {
  /** COSE single-recipient encrypted data object. RFC 9052. */
  COSE_Encrypt0: 16,
  /** COSE MAC w/o recipients object. RFC 9052. */
  COSE_Mac0: 17,
  /** COSE single-signer data object. RFC 9052. */
  COSE_Sign1: 18,
  /** CBOR Web Token (CWT). RFC 8392. */
  CWT: 61,
  /** COSE encrypted data object. RFC 9052. */
  COSE_Encrypt: 96,
  /** COSE MACed data object. RFC 9052. */
  COSE_Mac: 97,
  /** COSE signed data object. RFC 9052. */
  COSE_Sign: 98,
  /** Text string with language and, optionally, base direction. RFC 9290, Appendix A. */
  'language-tagged string': 38,
} as const

/** A name in {@link cborTags}. */
export type CborTagName = keyof typeof cborTags

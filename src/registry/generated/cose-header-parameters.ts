// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * A part of the "COSE Header Parameters" registry (RFC 9052, Section 3.1).
 *
 * The values that access tokens and their keys use. The registry has more.
 * Values less than -65536 are for private use.
 *
 * @example
 * coseHeaderParameters.alg // 1
 */
export const coseHeaderParameters = {
  /** Cryptographic algorithm to use: int / tstr. RFC 9052. */
  alg: 1,
  /** Critical headers to be understood: [+ label]. RFC 9052. */
  crit: 2,
  /** Content type of the payload: tstr / uint. RFC 9052. */
  'content type': 3,
  /** Key identifier: bstr. RFC 9052. */
  kid: 4,
  /** Full Initialization Vector: bstr. RFC 9052. */
  IV: 5,
  /** Partial Initialization Vector: bstr. RFC 9052. */
  'Partial IV': 6,
  /** Identifies the context for the key identifier: bstr. RFC 8613, Section 5.1. */
  'kid context': 10,
  /** A CBOR Web Token (CWT) containing a COSE_Key in a 'cnf' claim and possibly other claims: COSE_Messages. RFC 9528. */
  kcwt: 13,
  /** A CWT Claims Set (CCS) containing a COSE_Key in a 'cnf' claim and possibly other claims: map. RFC 9528. */
  kccs: 14,
  /** Location for CWT Claims in COSE Header Parameters: map. RFC 9597, Section 2. */
  'CWT Claims': 15,
  /** Content type of the complete COSE object: uint / tstr. RFC 9596, Section 2. */
  typ: 16,
} as const

/** A name in {@link coseHeaderParameters}. */
export type CoseHeaderParameterName = keyof typeof coseHeaderParameters

// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "COSE Header Parameters" registry (RFC 9052, Section 3.1).
 *
 * Temporary registrations are left out.
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
  /** CBOR-encoded signature structure, deprecated by RFC 9338: COSE_Signature / [+ COSE_Signature]. RFC 8152. */
  'counter signature': 7,
  /** Counter signature with implied signer and headers, deprecated by RFC 9338: bstr. RFC 8152. */
  CounterSignature0: 9,
  /** Identifies the context for the key identifier: bstr. RFC 8613, Section 5.1. */
  'kid context': 10,
  /** V2 countersignature attribute: COSE_Countersignature / [+ COSE_Countersignature]. RFC 9338. */
  'Countersignature version 2': 11,
  /** V2 Abbreviated Countersignature: COSE_Countersignature0. RFC 9338. */
  'Countersignature0 version 2': 12,
  /** A CBOR Web Token (CWT) containing a COSE_Key in a 'cnf' claim and possibly other claims: COSE_Messages. RFC 9528. */
  kcwt: 13,
  /** A CWT Claims Set (CCS) containing a COSE_Key in a 'cnf' claim and possibly other claims: map. RFC 9528. */
  kccs: 14,
  /** Location for CWT Claims in COSE Header Parameters: map. RFC 9597, Section 2. */
  'CWT Claims': 15,
  /** Content type of the complete COSE object: uint / tstr. RFC 9596, Section 2. */
  typ: 16,
  /** Selectively disclosed claims; registered until 2027-01-16: array of byte strings. draft-ietf-spice-sd-cwt. */
  sd_claims: 17,
  /** Hash of a C509Certificate: COSE_CertHash. draft-ietf-cose-cbor-encoded-cert. */
  c5t: 22,
  /** URI pointing to a C509 certificate: uri. draft-ietf-cose-cbor-encoded-cert. */
  c5u: 23,
  /** An unordered bag of C509 certificates: COSE_C509. draft-ietf-cose-cbor-encoded-cert. */
  c5b: 24,
  /** An ordered chain of C509 certificates: COSE_C509. draft-ietf-cose-cbor-encoded-cert. */
  c5c: 25,
  /** An unordered bag of X.509 certificates: COSE_X509. RFC 9360. */
  x5bag: 32,
  /** An ordered chain of X.509 certificates: COSE_X509. RFC 9360. */
  x5chain: 33,
  /** Hash of an X.509 certificate: COSE_CertHash. RFC 9360. */
  x5t: 34,
  /** URI pointing to an X.509 certificate: uri. RFC 9360. */
  x5u: 35,
  /** The hash algorithm used for redacting disclosures; registered until 2027-01-16: int. draft-ietf-spice-sd-cwt. */
  sd_alg: 170,
  /** AEAD encrypted selectively disclosed claims; registered until 2027-01-16: array of arrays of byte strings. draft-ietf-spice-sd-cwt. */
  sd_aead_encrypted_claims: 171,
  /** The AEAD algorithm used for encrypting disclosures; registered until 2027-01-16: uint. draft-ietf-spice-sd-cwt. */
  sd_aead: 172,
  /** Challenge Nonce: bstr. FIDO Device Onboard Specification. */
  CUPHNonce: 256,
  /** Public Key: array. FIDO Device Onboard Specification. */
  CUPHOwnerPubKey: 257,
  /** The hash algorithm used to produce the payload of a COSE_Sign1: int. RFC 9995. */
  'payload-hash-alg': 258,
  /** The content type of data that has been hashed to produce the payload of the COSE_Sign1: uint / tstr. RFC 9995. */
  'preimage-content-type': 259,
  /** A hint for the location of the data hashed to produce the payload of a COSE_Sign1: tstr. RFC 9995. */
  'payload-location': 260,
  /** CBOR array of instances of COSE_CertHash: array of COSE_CertHash. TS 119 152-1. */
  x5ts: 261,
  /** Set of commitments and optional commitments qualifiers: array of SrCm. TS 119 152-1. */
  srCms: 262,
  /** The location where the signature was generated: map. TS 119 152-1. */
  sigPl: 263,
  /** Attributes of the signer, claimed, certified or asserted: map. TS 119 152-1. */
  srAts: 264,
  /** Electronic time-stamps generated before the signature: map. TS 119 152-1. */
  adoTst: 265,
  /** A signature policy: map. TS 119 152-1. */
  sigPId: 266,
  /** Data objects that are detached from the signature and collectively signed: map. TS 119 152-1. */
  sigD: 267,
  /** CBOR elements in the order in which they were incorporated into the signature: [+bstr]. TS 119 152-1. */
  uHeaders: 268,
  /** Timestamp token per RFC 3161: Timestamp, Then COSE: bstr. RFC 9921, Section 3.2. */
  '3161-ttc': 269,
  /** Timestamp token per RFC 3161: COSE, Then Timestamp: bstr. RFC 9921, Section 3.1. */
  '3161-ctt': 270,
  /** Priority ordered sequence of CBOR encoded Receipts: array. RFC 9942. */
  receipts: 394,
  /** Algorithm identifier for verifiable data structures: int. RFC 9942. */
  vds: 395,
  /** Location for verifiable data structure proofs in COSE Header Parameters: map. RFC 9942. */
  vdp: 396,
} as const

/** A name in {@link coseHeaderParameters}. */
export type CoseHeaderParameterName = keyof typeof coseHeaderParameters

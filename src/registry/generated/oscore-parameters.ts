// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "OSCORE Security Context Parameters" registry (RFC 9203, Section 9.4).
 *
 * These are the keys of the OSCORE_Input_Material map.
 * Values less than -65536 are for private use.
 *
 * @example
 * oscoreParameters.version // 1
 */
export const oscoreParameters = {
  /** OSCORE Input Material Identifier: byte string. RFC 9203. */
  id: 0,
  /** OSCORE Version: unsigned integer. RFC 9203. */
  version: 1,
  /** OSCORE Master Secret value: byte string. RFC 9203. */
  ms: 2,
  /** OSCORE HKDF value: text string / integer. RFC 9203. */
  hkdf: 3,
  /** OSCORE AEAD Algorithm value: text string / integer. RFC 9203. */
  alg: 4,
  /** an input to OSCORE Master Salt value: byte string. RFC 9203. */
  salt: 5,
  /** OSCORE ID Context value: byte string. RFC 9203. */
  contextId: 6,
  /** OSCORE Sender ID assigned to a member of an OSCORE group: byte string. RFC-ietf-ace-key-groupcomm-oscore-21. */
  group_SenderId: 7,
  /** Format of authentication credentials to be used in the OSCORE group: integer. RFC-ietf-ace-key-groupcomm-oscore-21. */
  cred_fmt: 8,
  /** OSCORE Group Encryption Algorithm Value: text string / integer. RFC-ietf-ace-key-groupcomm-oscore-21. */
  gp_enc_alg: 9,
  /** OSCORE Signature Algorithm Value: text string / integer. RFC-ietf-ace-key-groupcomm-oscore-21. */
  sign_alg: 10,
  /** OSCORE Signature Algorithm Parameters: array. RFC-ietf-ace-key-groupcomm-oscore-21. */
  sign_params: 11,
  /** OSCORE Pairwise Key Agreement Algorithm Value: text string / integer. RFC-ietf-ace-key-groupcomm-oscore-21. */
  ecdh_alg: 12,
  /** OSCORE Pairwise Key Agreement Algorithm Parameters: array. RFC-ietf-ace-key-groupcomm-oscore-21. */
  ecdh_params: 13,
} as const

/** A name in {@link oscoreParameters}. */
export type OscoreParameterName = keyof typeof oscoreParameters

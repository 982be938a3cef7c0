// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * A part of the "COSE Algorithms" registry (RFC 9053).
 *
 * The values that access tokens and their keys use. The registry has more.
 * ES256, ES384, ES512 and EdDSA leave the curve open and are no longer recommended; ESP256, ESP384, ESP512 and Ed25519 name it (RFC 9864). The examples of RFC 8392 and RFC 9200 use ES256.
 * Values less than -65536 are for private use.
 *
 * @example
 * coseAlgorithms.A128GCM // 1
 */
export const coseAlgorithms = {
  /** ECDSA using P-521 curve and SHA-512. RFC 9864. */
  ESP512: -52,
  /** ECDSA using P-384 curve and SHA-384. RFC 9864. */
  ESP384: -51,
  /** ECDSA w/ SHA-512. RFC 9053; RFC 9864. */
  ES512: -36,
  /** ECDSA w/ SHA-384. RFC 9053; RFC 9864. */
  ES384: -35,
  /** EdDSA using the Ed25519 parameter set in Section 5.1 of RFC 8032. RFC 9864. */
  Ed25519: -19,
  /** Shared secret w/ HKDF and SHA-256. RFC 9053. */
  'direct+HKDF-SHA-256': -10,
  /** ECDSA using P-256 curve and SHA-256. RFC 9864. */
  ESP256: -9,
  /** EdDSA. RFC 9053; RFC 9864. */
  EdDSA: -8,
  /** ECDSA w/ SHA-256. RFC 9053; RFC 9864. */
  ES256: -7,
  /** AES-GCM mode w/ 128-bit key, 128-bit tag. RFC 9053. */
  A128GCM: 1,
  /** AES-GCM mode w/ 192-bit key, 128-bit tag. RFC 9053. */
  A192GCM: 2,
  /** AES-GCM mode w/ 256-bit key, 128-bit tag. RFC 9053. */
  A256GCM: 3,
  /** HMAC w/ SHA-256 truncated to 64 bits. RFC 9053. */
  'HMAC 256/64': 4,
  /** HMAC w/ SHA-256. RFC 9053. */
  'HMAC 256/256': 5,
  /** HMAC w/ SHA-384. RFC 9053. */
  'HMAC 384/384': 6,
  /** HMAC w/ SHA-512. RFC 9053. */
  'HMAC 512/512': 7,
  /** AES-CCM mode 128-bit key, 64-bit tag, 13-byte nonce. RFC 9053. */
  'AES-CCM-16-64-128': 10,
  /** AES-CCM mode 256-bit key, 64-bit tag, 13-byte nonce. RFC 9053. */
  'AES-CCM-16-64-256': 11,
  /** ChaCha20/Poly1305 w/ 256-bit key, 128-bit tag. RFC 9053. */
  'ChaCha20/Poly1305': 24,
  /** AES-CCM mode 128-bit key, 128-bit tag, 13-byte nonce. RFC 9053. */
  'AES-CCM-16-128-128': 30,
  /** AES-CCM mode 256-bit key, 128-bit tag, 13-byte nonce. RFC 9053. */
  'AES-CCM-16-128-256': 31,
} as const

/** A name in {@link coseAlgorithms}. */
export type CoseAlgorithmName = keyof typeof coseAlgorithms

// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "COSE Algorithms" registry (RFC 9053).
 *
 * ES256, ES384, ES512 and EdDSA leave the curve open and are no longer recommended; ESP256, ESP384, ESP512 and Ed25519 name it (RFC 9864). The examples of RFC 8392 and RFC 9200 use ES256.
 * Values less than -65536 are for private use.
 *
 * @example
 * coseAlgorithms.A128GCM // 1
 */
export const coseAlgorithms = {
  /** RSASSA-PKCS1-v1_5 using SHA-1. RFC 8812. */
  RS1: -65535,
  /** AES-CTR w/ 128-bit key. RFC 9459. */
  A128CTR: -65534,
  /** AES-CTR w/ 192-bit key. RFC 9459. */
  A192CTR: -65533,
  /** AES-CTR w/ 256-bit key. RFC 9459. */
  A256CTR: -65532,
  /** AES-CBC w/ 128-bit key. RFC 9459. */
  A128CBC: -65531,
  /** AES-CBC w/ 192-bit key. RFC 9459. */
  A192CBC: -65530,
  /** AES-CBC w/ 256-bit key. RFC 9459. */
  A256CBC: -65529,
  /** ECDSA using BrainpoolP512r1 curve and SHA-512. RFC 9864. */
  ESB512: -268,
  /** ECDSA using BrainpoolP384r1 curve and SHA-384. RFC 9864. */
  ESB384: -267,
  /** ECDSA using BrainpoolP320r1 curve and SHA-384. RFC 9864. */
  ESB320: -266,
  /** ECDSA using BrainpoolP256r1 curve and SHA-256. RFC 9864. */
  ESB256: -265,
  /** KT256 XOF. RFC 9861. */
  KT256: -264,
  /** KT128 XOF. RFC 9861. */
  KT128: -263,
  /** TurboSHAKE256 XOF. RFC 9861. */
  TurboSHAKE256: -262,
  /** TurboSHAKE128 XOF. RFC 9861. */
  TurboSHAKE128: -261,
  /** WalnutDSA signature. RFC 9021. */
  WalnutDSA: -260,
  /** RSASSA-PKCS1-v1_5 using SHA-512. RFC 8812. */
  RS512: -259,
  /** RSASSA-PKCS1-v1_5 using SHA-384. RFC 8812. */
  RS384: -258,
  /** RSASSA-PKCS1-v1_5 using SHA-256. RFC 8812. */
  RS256: -257,
  /** EdDSA using the Ed448 parameter set in Section 5.2 of RFC 8032. RFC 9864. */
  Ed448: -53,
  /** ECDSA using P-521 curve and SHA-512. RFC 9864. */
  ESP512: -52,
  /** ECDSA using P-384 curve and SHA-384. RFC 9864. */
  ESP384: -51,
  /** CBOR Object Signing Algorithm for ML-DSA-87. RFC 9964. */
  'ML-DSA-87': -50,
  /** CBOR Object Signing Algorithm for ML-DSA-65. RFC 9964. */
  'ML-DSA-65': -49,
  /** CBOR Object Signing Algorithm for ML-DSA-44. RFC 9964. */
  'ML-DSA-44': -48,
  /** ECDSA using secp256k1 curve and SHA-256. RFC 8812. */
  ES256K: -47,
  /** HSS/LMS hash-based digital signature. RFC 8778. */
  'HSS-LMS': -46,
  /** SHAKE-256 512-bit Hash Value. RFC 9054. */
  SHAKE256: -45,
  /** SHA-2 512-bit Hash. RFC 9054. */
  'SHA-512': -44,
  /** SHA-2 384-bit Hash. RFC 9054. */
  'SHA-384': -43,
  /** RSAES-OAEP w/ SHA-512. RFC 8230. */
  'RSAES-OAEP w/ SHA-512': -42,
  /** RSAES-OAEP w/ SHA-256. RFC 8230. */
  'RSAES-OAEP w/ SHA-256': -41,
  /** RSAES-OAEP w/ SHA-1. RFC 8230. */
  'RSAES-OAEP w/ RFC 8017 default parameters': -40,
  /** RSASSA-PSS w/ SHA-512. RFC 8230. */
  PS512: -39,
  /** RSASSA-PSS w/ SHA-384. RFC 8230. */
  PS384: -38,
  /** RSASSA-PSS w/ SHA-256. RFC 8230. */
  PS256: -37,
  /** ECDSA w/ SHA-512. RFC 9053; RFC 9864. */
  ES512: -36,
  /** ECDSA w/ SHA-384. RFC 9053; RFC 9864. */
  ES384: -35,
  /** ECDH SS w/ HKDF and AES Key Wrap w/ 256-bit key. RFC 9053. */
  'ECDH-SS + A256KW': -34,
  /** ECDH SS w/ HKDF and AES Key Wrap w/ 192-bit key. RFC 9053. */
  'ECDH-SS + A192KW': -33,
  /** ECDH SS w/ HKDF and AES Key Wrap w/ 128-bit key. RFC 9053. */
  'ECDH-SS + A128KW': -32,
  /** ECDH ES w/ HKDF and AES Key Wrap w/ 256-bit key. RFC 9053. */
  'ECDH-ES + A256KW': -31,
  /** ECDH ES w/ HKDF and AES Key Wrap w/ 192-bit key. RFC 9053. */
  'ECDH-ES + A192KW': -30,
  /** ECDH ES w/ HKDF and AES Key Wrap w/ 128-bit key. RFC 9053. */
  'ECDH-ES + A128KW': -29,
  /** ECDH SS w/ HKDF - generate key directly. RFC 9053. */
  'ECDH-SS + HKDF-512': -28,
  /** ECDH SS w/ HKDF - generate key directly. RFC 9053. */
  'ECDH-SS + HKDF-256': -27,
  /** ECDH ES w/ HKDF - generate key directly. RFC 9053. */
  'ECDH-ES + HKDF-512': -26,
  /** ECDH ES w/ HKDF - generate key directly. RFC 9053. */
  'ECDH-ES + HKDF-256': -25,
  /** EdDSA using the Ed25519 parameter set in Section 5.1 of RFC 8032. RFC 9864. */
  Ed25519: -19,
  /** SHAKE-128 256-bit Hash Value. RFC 9054. */
  SHAKE128: -18,
  /** SHA-2 512-bit Hash truncated to 256-bits. RFC 9054. */
  'SHA-512/256': -17,
  /** SHA-2 256-bit Hash. RFC 9054. */
  'SHA-256': -16,
  /** SHA-2 256-bit Hash truncated to 64-bits, for filters only. RFC 9054. */
  'SHA-256/64': -15,
  /** SHA-1 Hash, for filters only. RFC 9054. */
  'SHA-1': -14,
  /** Shared secret w/ AES-MAC 256-bit key. RFC 9053. */
  'direct+HKDF-AES-256': -13,
  /** Shared secret w/ AES-MAC 128-bit key. RFC 9053. */
  'direct+HKDF-AES-128': -12,
  /** Shared secret w/ HKDF and SHA-512. RFC 9053. */
  'direct+HKDF-SHA-512': -11,
  /** Shared secret w/ HKDF and SHA-256. RFC 9053. */
  'direct+HKDF-SHA-256': -10,
  /** ECDSA using P-256 curve and SHA-256. RFC 9864. */
  ESP256: -9,
  /** EdDSA. RFC 9053; RFC 9864. */
  EdDSA: -8,
  /** ECDSA w/ SHA-256. RFC 9053; RFC 9864. */
  ES256: -7,
  /** Direct use of CEK. RFC 9053. */
  direct: -6,
  /** AES Key Wrap w/ 256-bit key. RFC 9053. */
  A256KW: -5,
  /** AES Key Wrap w/ 192-bit key. RFC 9053. */
  A192KW: -4,
  /** AES Key Wrap w/ 128-bit key. RFC 9053. */
  A128KW: -3,
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
  /** AES-CCM mode 128-bit key, 64-bit tag, 7-byte nonce. RFC 9053. */
  'AES-CCM-64-64-128': 12,
  /** AES-CCM mode 256-bit key, 64-bit tag, 7-byte nonce. RFC 9053. */
  'AES-CCM-64-64-256': 13,
  /** AES-MAC 128-bit key, 64-bit tag. RFC 9053. */
  'AES-MAC 128/64': 14,
  /** AES-MAC 256-bit key, 64-bit tag. RFC 9053. */
  'AES-MAC 256/64': 15,
  /** ChaCha20/Poly1305 w/ 256-bit key, 128-bit tag. RFC 9053. */
  'ChaCha20/Poly1305': 24,
  /** AES-MAC 128-bit key, 128-bit tag. RFC 9053. */
  'AES-MAC 128/128': 25,
  /** AES-MAC 256-bit key, 128-bit tag. RFC 9053. */
  'AES-MAC 256/128': 26,
  /** AES-CCM mode 128-bit key, 128-bit tag, 13-byte nonce. RFC 9053. */
  'AES-CCM-16-128-128': 30,
  /** AES-CCM mode 256-bit key, 128-bit tag, 13-byte nonce. RFC 9053. */
  'AES-CCM-16-128-256': 31,
  /** AES-CCM mode 128-bit key, 128-bit tag, 7-byte nonce. RFC 9053. */
  'AES-CCM-64-128-128': 32,
  /** AES-CCM mode 256-bit key, 128-bit tag, 7-byte nonce. RFC 9053. */
  'AES-CCM-64-128-256': 33,
  /** For doing IV generation for symmetric algorithms. RFC 9053. */
  'IV-GENERATION': 34,
} as const

/** A name in {@link coseAlgorithms}. */
export type CoseAlgorithmName = keyof typeof coseAlgorithms

import { describe } from 'vitest'
import {
  akpKeyParameters,
  cborTags,
  coseAlgorithms,
  coseCurves,
  coseHeaderParameters,
  coseKeyOps,
  coseKeyParameters,
  coseKeyTypes,
  ec2KeyParameters,
  okpKeyParameters,
  rsaKeyParameters,
  symmetricKeyParameters,
} from '../../src/registry/index.ts'
import { checkRows } from './check-rows.ts'

describe('COSE algorithms', () => {
  checkRows('coseAlgorithms', coseAlgorithms, ['description'], {
    'RFC 9053, Table 1': [
      ['ES256', -7, 'ECDSA w/ SHA-256'],
      ['ES384', -35, 'ECDSA w/ SHA-384'],
      ['ES512', -36, 'ECDSA w/ SHA-512'],
    ],
    'RFC 9053, Table 2': [['EdDSA', -8, 'EdDSA']],
    'RFC 9053, Table 3': [
      ['HMAC 256/64', 4, 'HMAC w/ SHA-256 truncated to 64 bits'],
      ['HMAC 256/256', 5, 'HMAC w/ SHA-256'],
      ['HMAC 384/384', 6, 'HMAC w/ SHA-384'],
      ['HMAC 512/512', 7, 'HMAC w/ SHA-512'],
    ],
    'RFC 9053, Table 5': [
      ['A128GCM', 1, 'AES-GCM mode w/ 128-bit key, 128-bit tag'],
      ['A192GCM', 2, 'AES-GCM mode w/ 192-bit key, 128-bit tag'],
      ['A256GCM', 3, 'AES-GCM mode w/ 256-bit key, 128-bit tag'],
    ],
    'RFC 9053, Table 6 (16-bit length field)': [
      ['AES-CCM-16-64-128', 10, 'AES-CCM mode 128-bit key, 64-bit tag, 13-byte nonce'],
      ['AES-CCM-16-64-256', 11, 'AES-CCM mode 256-bit key, 64-bit tag, 13-byte nonce'],
      ['AES-CCM-16-128-128', 30, 'AES-CCM mode 128-bit key, 128-bit tag, 13-byte nonce'],
      ['AES-CCM-16-128-256', 31, 'AES-CCM mode 256-bit key, 128-bit tag, 13-byte nonce'],
    ],
    'RFC 9053, Table 7': [['ChaCha20/Poly1305', 24, 'ChaCha20/Poly1305 w/ 256-bit key, 128-bit tag']],
    'RFC 9053, Table 12 (default of OSCORE)': [
      ['direct+HKDF-SHA-256', -10, 'Shared secret w/ HKDF and SHA-256'],
    ],
    'RFC 9864 (IANA COSE Algorithms)': [
      ['ESP256', -9, 'ECDSA using P-256 curve and SHA-256'],
      ['ESP384', -51, 'ECDSA using P-384 curve and SHA-384'],
      ['ESP512', -52, 'ECDSA using P-521 curve and SHA-512'],
      ['Ed25519', -19, 'EdDSA using the Ed25519 parameter set in Section 5.1 of RFC 8032'],
    ],
    'COSE Algorithms: RFC 8812': [
      ['RS1', -65535, 'RSASSA-PKCS1-v1_5 using SHA-1'],
      ['RS512', -259, 'RSASSA-PKCS1-v1_5 using SHA-512'],
      ['RS384', -258, 'RSASSA-PKCS1-v1_5 using SHA-384'],
      ['RS256', -257, 'RSASSA-PKCS1-v1_5 using SHA-256'],
      ['ES256K', -47, 'ECDSA using secp256k1 curve and SHA-256'],
    ],
    'COSE Algorithms: RFC 9459': [
      ['A128CTR', -65534, 'AES-CTR w/ 128-bit key'],
      ['A192CTR', -65533, 'AES-CTR w/ 192-bit key'],
      ['A256CTR', -65532, 'AES-CTR w/ 256-bit key'],
      ['A128CBC', -65531, 'AES-CBC w/ 128-bit key'],
      ['A192CBC', -65530, 'AES-CBC w/ 192-bit key'],
      ['A256CBC', -65529, 'AES-CBC w/ 256-bit key'],
    ],
    'COSE Algorithms: RFC 9864': [
      ['ESB512', -268, 'ECDSA using BrainpoolP512r1 curve and SHA-512'],
      ['ESB384', -267, 'ECDSA using BrainpoolP384r1 curve and SHA-384'],
      ['ESB320', -266, 'ECDSA using BrainpoolP320r1 curve and SHA-384'],
      ['ESB256', -265, 'ECDSA using BrainpoolP256r1 curve and SHA-256'],
      ['Ed448', -53, 'EdDSA using the Ed448 parameter set in Section 5.2 of RFC 8032'],
    ],
    'COSE Algorithms: RFC 9861': [
      ['KT256', -264, 'KT256 XOF'],
      ['KT128', -263, 'KT128 XOF'],
      ['TurboSHAKE256', -262, 'TurboSHAKE256 XOF'],
      ['TurboSHAKE128', -261, 'TurboSHAKE128 XOF'],
    ],
    'COSE Algorithms: RFC 9021': [['WalnutDSA', -260, 'WalnutDSA signature']],
    'COSE Algorithms: RFC 9964': [
      ['ML-DSA-87', -50, 'CBOR Object Signing Algorithm for ML-DSA-87'],
      ['ML-DSA-65', -49, 'CBOR Object Signing Algorithm for ML-DSA-65'],
      ['ML-DSA-44', -48, 'CBOR Object Signing Algorithm for ML-DSA-44'],
    ],
    'COSE Algorithms: RFC 8778': [['HSS-LMS', -46, 'HSS/LMS hash-based digital signature']],
    'COSE Algorithms: RFC 9054': [
      ['SHAKE256', -45, 'SHAKE-256 512-bit Hash Value'],
      ['SHA-512', -44, 'SHA-2 512-bit Hash'],
      ['SHA-384', -43, 'SHA-2 384-bit Hash'],
      ['SHAKE128', -18, 'SHAKE-128 256-bit Hash Value'],
      ['SHA-512/256', -17, 'SHA-2 512-bit Hash truncated to 256-bits'],
      ['SHA-256', -16, 'SHA-2 256-bit Hash'],
      ['SHA-256/64', -15, 'SHA-2 256-bit Hash truncated to 64-bits, for filters only'],
      ['SHA-1', -14, 'SHA-1 Hash, for filters only'],
    ],
    'COSE Algorithms: RFC 8230': [
      ['RSAES-OAEP w/ SHA-512', -42, 'RSAES-OAEP w/ SHA-512'],
      ['RSAES-OAEP w/ SHA-256', -41, 'RSAES-OAEP w/ SHA-256'],
      ['RSAES-OAEP w/ RFC 8017 default parameters', -40, 'RSAES-OAEP w/ SHA-1'],
      ['PS512', -39, 'RSASSA-PSS w/ SHA-512'],
      ['PS384', -38, 'RSASSA-PSS w/ SHA-384'],
      ['PS256', -37, 'RSASSA-PSS w/ SHA-256'],
    ],
    'COSE Algorithms: RFC 9053': [
      ['ECDH-SS + A256KW', -34, 'ECDH SS w/ HKDF and AES Key Wrap w/ 256-bit key'],
      ['ECDH-SS + A192KW', -33, 'ECDH SS w/ HKDF and AES Key Wrap w/ 192-bit key'],
      ['ECDH-SS + A128KW', -32, 'ECDH SS w/ HKDF and AES Key Wrap w/ 128-bit key'],
      ['ECDH-ES + A256KW', -31, 'ECDH ES w/ HKDF and AES Key Wrap w/ 256-bit key'],
      ['ECDH-ES + A192KW', -30, 'ECDH ES w/ HKDF and AES Key Wrap w/ 192-bit key'],
      ['ECDH-ES + A128KW', -29, 'ECDH ES w/ HKDF and AES Key Wrap w/ 128-bit key'],
      ['ECDH-SS + HKDF-512', -28, 'ECDH SS w/ HKDF - generate key directly'],
      ['ECDH-SS + HKDF-256', -27, 'ECDH SS w/ HKDF - generate key directly'],
      ['ECDH-ES + HKDF-512', -26, 'ECDH ES w/ HKDF - generate key directly'],
      ['ECDH-ES + HKDF-256', -25, 'ECDH ES w/ HKDF - generate key directly'],
      ['direct+HKDF-AES-256', -13, 'Shared secret w/ AES-MAC 256-bit key'],
      ['direct+HKDF-AES-128', -12, 'Shared secret w/ AES-MAC 128-bit key'],
      ['direct+HKDF-SHA-512', -11, 'Shared secret w/ HKDF and SHA-512'],
      ['direct', -6, 'Direct use of CEK'],
      ['A256KW', -5, 'AES Key Wrap w/ 256-bit key'],
      ['A192KW', -4, 'AES Key Wrap w/ 192-bit key'],
      ['A128KW', -3, 'AES Key Wrap w/ 128-bit key'],
      ['AES-CCM-64-64-128', 12, 'AES-CCM mode 128-bit key, 64-bit tag, 7-byte nonce'],
      ['AES-CCM-64-64-256', 13, 'AES-CCM mode 256-bit key, 64-bit tag, 7-byte nonce'],
      ['AES-MAC 128/64', 14, 'AES-MAC 128-bit key, 64-bit tag'],
      ['AES-MAC 256/64', 15, 'AES-MAC 256-bit key, 64-bit tag'],
      ['AES-MAC 128/128', 25, 'AES-MAC 128-bit key, 128-bit tag'],
      ['AES-MAC 256/128', 26, 'AES-MAC 256-bit key, 128-bit tag'],
      ['AES-CCM-64-128-128', 32, 'AES-CCM mode 128-bit key, 128-bit tag, 7-byte nonce'],
      ['AES-CCM-64-128-256', 33, 'AES-CCM mode 256-bit key, 128-bit tag, 7-byte nonce'],
      ['IV-GENERATION', 34, 'For doing IV generation for symmetric algorithms'],
    ],
  })
})

describe('COSE header parameters', () => {
  checkRows('coseHeaderParameters', coseHeaderParameters, ['valueType'], {
    'RFC 9052, Table 3': [
      ['alg', 1, 'int / tstr'],
      ['crit', 2, '[+ label]'],
      ['content type', 3, 'tstr / uint'],
      ['kid', 4, 'bstr'],
      ['IV', 5, 'bstr'],
      ['Partial IV', 6, 'bstr'],
    ],
    'RFC 8613, Section 13.1': [['kid context', 10, 'bstr']],
    'RFC 9528 (IANA COSE Header Parameters)': [
      ['kcwt', 13, 'COSE_Messages'],
      ['kccs', 14, 'map'],
    ],
    'RFC 9597, Section 2 (IANA COSE Header Parameters)': [['CWT Claims', 15, 'map']],
    'RFC 9596, Section 2 (IANA COSE Header Parameters)': [['typ', 16, 'uint / tstr']],
    'COSE Header Parameters: RFC 8152': [
      ['counter signature', 7, 'COSE_Signature / [+ COSE_Signature]'],
      ['CounterSignature0', 9, 'bstr'],
    ],
    'COSE Header Parameters: RFC 9338': [
      ['Countersignature version 2', 11, 'COSE_Countersignature / [+ COSE_Countersignature]'],
      ['Countersignature0 version 2', 12, 'COSE_Countersignature0'],
    ],
    'COSE Header Parameters: RFC 9360': [
      ['x5bag', 32, 'COSE_X509'],
      ['x5chain', 33, 'COSE_X509'],
      ['x5t', 34, 'COSE_CertHash'],
      ['x5u', 35, 'uri'],
    ],
    'COSE Header Parameters: FIDO Device Onboard Specification': [
      ['CUPHNonce', 256, 'bstr'],
      ['CUPHOwnerPubKey', 257, 'array'],
    ],
    'COSE Header Parameters: draft-ietf-spice-sd-cwt': [
      ['sd_claims', 17, 'array of byte strings'],
      ['sd_alg', 170, 'int'],
      ['sd_aead_encrypted_claims', 171, 'array of arrays of byte strings'],
      ['sd_aead', 172, 'uint'],
    ],
    'COSE Header Parameters: draft-ietf-cose-cbor-encoded-cert': [
      ['c5t', 22, 'COSE_CertHash'],
      ['c5u', 23, 'uri'],
      ['c5b', 24, 'COSE_C509'],
      ['c5c', 25, 'COSE_C509'],
    ],
    'COSE Header Parameters: RFC 9995': [
      ['payload-hash-alg', 258, 'int'],
      ['preimage-content-type', 259, 'uint / tstr'],
      ['payload-location', 260, 'tstr'],
    ],
    'COSE Header Parameters: TS 119 152-1': [
      ['x5ts', 261, 'array of COSE_CertHash'],
      ['srCms', 262, 'array of SrCm'],
      ['sigPl', 263, 'map'],
      ['srAts', 264, 'map'],
      ['adoTst', 265, 'map'],
      ['sigPId', 266, 'map'],
      ['sigD', 267, 'map'],
      ['uHeaders', 268, '[+bstr]'],
    ],
    'COSE Header Parameters: RFC 9921, Section 3.2': [['3161-ttc', 269, 'bstr']],
    'COSE Header Parameters: RFC 9921, Section 3.1': [['3161-ctt', 270, 'bstr']],
    'COSE Header Parameters: RFC 9942': [
      ['receipts', 394, 'array'],
      ['vds', 395, 'int'],
      ['vdp', 396, 'map'],
    ],
  })
})

describe('COSE key common parameters', () => {
  checkRows('coseKeyParameters', coseKeyParameters, ['valueType'], {
    'RFC 9052, Table 4': [
      ['kty', 1, 'tstr / int'],
      ['kid', 2, 'bstr'],
      ['alg', 3, 'tstr / int'],
      ['key_ops', 4, '[+ (tstr/int)]'],
      ['Base IV', 5, 'bstr'],
    ],
  })
})

describe('COSE key types', () => {
  checkRows('coseKeyTypes', coseKeyTypes, ['description'], {
    'RFC 9053, Table 17': [
      ['OKP', 1, 'Octet Key Pair'],
      ['EC2', 2, 'Elliptic Curve Keys w/ x- and y-coordinate pair'],
      ['Symmetric', 4, 'Symmetric Keys'],
    ],
    'RFC 8230 (IANA COSE Key Types)': [['RSA', 3, 'RSA Key']],
    'COSE Key Types: RFC 8778': [['HSS-LMS', 5, 'Public key for HSS/LMS hash-based digital signature']],
    'COSE Key Types: RFC 9021': [['WalnutDSA', 6, 'WalnutDSA public key']],
    'COSE Key Types: RFC 9964': [['AKP', 7, 'COSE Key Type for Algorithm Key Pairs']],
  })
})

describe('COSE key type parameters', () => {
  checkRows('ec2KeyParameters', ec2KeyParameters, ['valueType'], {
    'RFC 9053, Table 19': [
      ['crv', -1, 'int / tstr'],
      ['x', -2, 'bstr'],
      ['y', -3, 'bstr / bool'],
      ['d', -4, 'bstr'],
    ],
  })

  checkRows('okpKeyParameters', okpKeyParameters, ['valueType'], {
    'RFC 9053, Table 20': [
      ['crv', -1, 'int / tstr'],
      ['x', -2, 'bstr'],
      ['d', -4, 'bstr'],
    ],
  })

  checkRows('symmetricKeyParameters', symmetricKeyParameters, ['valueType'], {
    'RFC 9053, Table 21': [['k', -1, 'bstr']],
  })
})

describe('COSE key type parameters of RSA and AKP', () => {
  checkRows('rsaKeyParameters', rsaKeyParameters, ['valueType'], {
    'COSE Key Type Parameters: RFC 8230': [
      ['n', -1, 'bstr'],
      ['e', -2, 'bstr'],
      ['d', -3, 'bstr'],
      ['p', -4, 'bstr'],
      ['q', -5, 'bstr'],
      ['dP', -6, 'bstr'],
      ['dQ', -7, 'bstr'],
      ['qInv', -8, 'bstr'],
      ['other', -9, 'array'],
      ['r_i', -10, 'bstr'],
      ['d_i', -11, 'bstr'],
      ['t_i', -12, 'bstr'],
    ],
  })

  checkRows('akpKeyParameters', akpKeyParameters, ['valueType'], {
    'COSE Key Type Parameters: RFC 9964': [
      ['pub', -1, 'bstr'],
      ['priv', -2, 'bstr'],
    ],
  })
})

describe('COSE elliptic curves', () => {
  checkRows('coseCurves', coseCurves, ['keyType'], {
    'RFC 9053, Table 18': [
      ['P-256', 1, 'EC2'],
      ['P-384', 2, 'EC2'],
      ['P-521', 3, 'EC2'],
      ['X25519', 4, 'OKP'],
      ['Ed25519', 6, 'OKP'],
    ],
    'COSE Elliptic Curves: RFC 9053': [
      ['X448', 5, 'OKP'],
      ['Ed448', 7, 'OKP'],
    ],
    'COSE Elliptic Curves: RFC 8812': [['secp256k1', 8, 'EC2']],
    'COSE Elliptic Curves: ISO/IEC 18013-5:2021, 9.1.5.2': [
      ['brainpoolP256r1', 256, 'EC2'],
      ['brainpoolP320r1', 257, 'EC2'],
      ['brainpoolP384r1', 258, 'EC2'],
      ['brainpoolP512r1', 259, 'EC2'],
    ],
  })
})

describe('COSE key operations', () => {
  checkRows('coseKeyOps', coseKeyOps, [], {
    'RFC 9052, Table 5': [
      ['sign', 1],
      ['verify', 2],
      ['encrypt', 3],
      ['decrypt', 4],
      ['wrap key', 5],
      ['unwrap key', 6],
      ['derive key', 7],
      ['derive bits', 8],
      ['MAC create', 9],
      ['MAC verify', 10],
    ],
  })
})

describe('CBOR tags', () => {
  checkRows('cborTags', cborTags, [], {
    'RFC 9052, Table 1': [
      ['COSE_Sign', 98],
      ['COSE_Sign1', 18],
      ['COSE_Encrypt', 96],
      ['COSE_Encrypt0', 16],
      ['COSE_Mac', 97],
      ['COSE_Mac0', 17],
    ],
    'RFC 8392, Section 9.4.1': [['CWT', 61]],
    'RFC 9290, Section 6.5 and Appendix A': [['language-tagged string', 38]],
  })
})

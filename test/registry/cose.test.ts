import { describe } from 'vitest'
import {
  cborTags,
  coseAlgorithms,
  coseCurves,
  coseHeaderParameters,
  coseKeyOps,
  coseKeyParameters,
  coseKeyTypes,
  ec2KeyParameters,
  okpKeyParameters,
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

describe('COSE elliptic curves', () => {
  checkRows('coseCurves', coseCurves, ['keyType'], {
    'RFC 9053, Table 18': [
      ['P-256', 1, 'EC2'],
      ['P-384', 2, 'EC2'],
      ['P-521', 3, 'EC2'],
      ['X25519', 4, 'OKP'],
      ['Ed25519', 6, 'OKP'],
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

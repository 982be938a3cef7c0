import { describe } from 'vitest'
import {
  accessTokenTypes,
  aceProfiles,
  creationHints,
  errorCodes,
  grantTypes,
  introspectionParameters,
  oauthParameters,
  oscoreParameters,
} from '../../src/registry/index.ts'
import { checkRows } from './check-rows.ts'

describe('error codes', () => {
  checkRows('errorCodes', errorCodes, ['originalSpecification'], {
    'RFC 9200, Table 3': [
      ['invalid_request', 1, 'RFC 6749, Section 5.2'],
      ['invalid_client', 2, 'RFC 6749, Section 5.2'],
      ['invalid_grant', 3, 'RFC 6749, Section 5.2'],
      ['unauthorized_client', 4, 'RFC 6749, Section 5.2'],
      ['unsupported_grant_type', 5, 'RFC 6749, Section 5.2'],
      ['invalid_scope', 6, 'RFC 6749, Section 5.2'],
      ['unsupported_pop_key', 7, 'RFC 9200, Section 5.8.3'],
      ['incompatible_ace_profiles', 8, 'RFC 9200, Section 5.8.3'],
    ],
  })
})

describe('grant types', () => {
  checkRows('grantTypes', grantTypes, ['originalSpecification'], {
    'RFC 9200, Table 4': [
      ['password', 0, 'RFC 6749, Section 4.3.2'],
      ['authorization_code', 1, 'RFC 6749, Section 4.1.3'],
      ['client_credentials', 2, 'RFC 6749, Section 4.4.2'],
      ['refresh_token', 3, 'RFC 6749, Section 6'],
    ],
  })
})

describe('access token types', () => {
  checkRows('accessTokenTypes', accessTokenTypes, ['originalSpecification'], {
    'RFC 9200, Section 8.7.1': [
      ['Bearer', 1, 'RFC 6749'],
      ['PoP', 2, 'RFC 9200'],
    ],
  })
})

describe('ACE profiles', () => {
  checkRows('aceProfiles', aceProfiles, ['references'], {
    'RFC 9202, Section 9, extended by RFC 9430': [['coap_dtls', 1, ['RFC 9202', 'RFC 9430']]],
    'RFC 9203, Section 9.1': [['coap_oscore', 2, ['RFC 9203']]],
    'RFC 9431 (IANA ACE Profiles)': [['mqtt_tls', 3, ['RFC 9431']]],
  })
})

describe('OAuth parameters', () => {
  checkRows('oauthParameters', oauthParameters, ['valueType', 'originalSpecification'], {
    'RFC 9200, Table 5': [
      ['access_token', 1, 'byte string', 'RFC 6749'],
      ['expires_in', 2, 'unsigned integer', 'RFC 6749'],
      ['audience', 5, 'text string', 'RFC 8693'],
      ['scope', 9, 'text or byte string', 'RFC 6749'],
      ['client_id', 24, 'text string', 'RFC 6749'],
      ['client_secret', 25, 'byte string', 'RFC 6749'],
      ['response_type', 26, 'text string', 'RFC 6749'],
      ['redirect_uri', 27, 'text string', 'RFC 6749'],
      ['state', 28, 'text string', 'RFC 6749'],
      ['code', 29, 'byte string', 'RFC 6749'],
      ['error', 30, 'integer', 'RFC 6749'],
      ['error_description', 31, 'text string', 'RFC 6749'],
      ['error_uri', 32, 'text string', 'RFC 6749'],
      ['grant_type', 33, 'unsigned integer', 'RFC 6749'],
      ['token_type', 34, 'integer', 'RFC 6749'],
      ['username', 35, 'text string', 'RFC 6749'],
      ['password', 36, 'text string', 'RFC 6749'],
      ['refresh_token', 37, 'byte string', 'RFC 6749'],
      ['ace_profile', 38, 'integer', 'RFC 9200'],
      ['cnonce', 39, 'byte string', 'RFC 9200'],
    ],
    'RFC 9201, Table 1 and Section 10.2': [
      ['req_cnf', 4, 'map', 'RFC 9201'],
      ['cnf', 8, 'map', 'RFC 9201'],
      ['rs_cnf', 41, 'map', 'RFC 9201'],
    ],
    'RFC 9203, Section 9.3': [
      ['nonce1', 40, 'bstr', undefined],
      ['nonce2', 42, 'bstr', undefined],
      ['ace_client_recipientid', 43, 'bstr', undefined],
      ['ace_server_recipientid', 44, 'bstr', undefined],
    ],
    'RFC 9594 (IANA OAuth Parameters CBOR Mappings)': [
      ['sign_info', 45, 'Null or array', undefined],
      ['kdcchallenge', 46, 'byte string', undefined],
    ],
    'RFC-ietf-ace-key-groupcomm-oscore-21 (IANA OAuth Parameters CBOR Mappings)': [
      ['ecdh_info', 47, 'Null or array', 'RFC-ietf-ace-key-groupcomm-oscore-21'],
      ['kdc_dh_creds', 48, 'Null or array', 'RFC-ietf-ace-key-groupcomm-oscore-21'],
    ],
  })
})

describe('introspection parameters', () => {
  checkRows('introspectionParameters', introspectionParameters, ['valueType', 'originalSpecification'], {
    'RFC 9200, Table 6': [
      ['iss', 1, 'text string', 'RFC 7662'],
      ['sub', 2, 'text string', 'RFC 7662'],
      ['aud', 3, 'text string', 'RFC 7662'],
      ['exp', 4, 'integer or floating-point number', 'RFC 7662'],
      ['nbf', 5, 'integer or floating-point number', 'RFC 7662'],
      ['iat', 6, 'integer or floating-point number', 'RFC 7662'],
      ['cti', 7, 'byte string', 'RFC 9200'],
      ['scope', 9, 'text or byte string', 'RFC 7662'],
      ['active', 10, 'True or False', 'RFC 7662'],
      ['token', 11, 'byte string', 'RFC 7662'],
      ['client_id', 24, 'text string', 'RFC 7662'],
      ['error', 30, 'integer', 'RFC 7662'],
      ['error_description', 31, 'text string', 'RFC 7662'],
      ['error_uri', 32, 'text string', 'RFC 7662'],
      ['token_type_hint', 33, 'text string', 'RFC 7662'],
      ['token_type', 34, 'integer', 'RFC 7662'],
      ['username', 35, 'text string', 'RFC 7662'],
      ['ace_profile', 38, 'integer', 'RFC 9200'],
      ['cnonce', 39, 'byte string', 'RFC 9200'],
      ['exi', 40, 'unsigned integer', 'RFC 9200'],
    ],
    'RFC 9201, Table 1 and Section 10.3': [['cnf', 8, 'map', 'RFC 8705']],
  })
})

describe('AS Request Creation Hints', () => {
  checkRows('creationHints', creationHints, ['valueType'], {
    'RFC 9200, Table 1': [
      ['AS', 1, 'text string'],
      ['kid', 2, 'byte string'],
      ['audience', 5, 'text string'],
      ['scope', 9, 'text or byte string'],
      ['cnonce', 39, 'byte string'],
    ],
  })
})

describe('OSCORE security context parameters', () => {
  const groupcomm = 'RFC-ietf-ace-key-groupcomm-oscore-21'
  checkRows('oscoreParameters', oscoreParameters, ['valueType', 'references'], {
    'RFC 9203, Table 1': [
      ['id', 0, 'byte string', ['RFC 9203']],
      ['version', 1, 'unsigned integer', ['RFC 9203']],
      ['ms', 2, 'byte string', ['RFC 9203']],
      ['hkdf', 3, 'text string / integer', ['RFC 9203']],
      ['alg', 4, 'text string / integer', ['RFC 9203']],
      ['salt', 5, 'byte string', ['RFC 9203']],
      ['contextId', 6, 'byte string', ['RFC 9203']],
    ],
    [`${groupcomm} (IANA OSCORE Security Context Parameters)`]: [
      ['group_SenderId', 7, 'byte string', [groupcomm]],
      ['cred_fmt', 8, 'integer', [groupcomm]],
      ['gp_enc_alg', 9, 'text string / integer', [groupcomm]],
      ['sign_alg', 10, 'text string / integer', [groupcomm]],
      ['sign_params', 11, 'array', [groupcomm]],
      ['ecdh_alg', 12, 'text string / integer', [groupcomm]],
      ['ecdh_params', 13, 'array', [groupcomm]],
    ],
  })
})

import { describe, expect, it } from 'vitest'
import { confirmationMethods, cwtClaims, registries } from '../../src/registry/index.ts'
import { checkRows } from './check-rows.ts'

describe('CWT claims', () => {
  checkRows('cwtClaims', cwtClaims, ['valueType', 'jwtName'], {
    'RFC 8392, Table 1 and Section 9.1.2': [
      ['iss', 1, 'text string', 'iss'],
      ['sub', 2, 'text string', 'sub'],
      ['aud', 3, 'text string', 'aud'],
      ['exp', 4, 'integer or floating-point number', 'exp'],
      ['nbf', 5, 'integer or floating-point number', 'nbf'],
      ['iat', 6, 'integer or floating-point number', 'iat'],
      ['cti', 7, 'byte string', 'jti'],
    ],
    'RFC 8747, Section 7.1.1': [['cnf', 8, 'map', 'cnf']],
    'RFC 9200, Section 8.14': [
      ['scope', 9, 'byte string or text string', 'scope'],
      ['ace_profile', 38, 'integer', 'ace_profile'],
      ['cnonce', 39, 'byte string', 'cnonce'],
      ['exi', 40, 'unsigned integer', 'exi'],
    ],
    'RFC 9711 (IANA CWT Claims)': [['Nonce', 10, 'bstr or array', 'eat_nonce']],
    'draft-ietf-spice-sd-cwt-06 (IANA CWT Claims)': [['vct', 11, 'bstr', 'vct']],
    'RFC-ietf-oauth-status-list-21 (IANA CWT Claims)': [
      ['status_list', 65533, 'map', 'status_list'],
      ['ttl', 65534, 'unsigned integer', 'ttl'],
      ['status', 65535, 'map', 'status'],
    ],
    'Electronic Health Certificate Specification (IANA CWT Claims)': [['hcert', -260, 'map', 'hcert']],
  })
})

describe('CWT confirmation methods', () => {
  checkRows('confirmationMethods', confirmationMethods, ['valueType', 'jwtName'], {
    'RFC 8747, Table 1 and Section 7.2.2': [
      ['COSE_Key', 1, 'COSE_Key structure', 'jwk'],
      [
        'Encrypted_COSE_Key',
        2,
        'COSE_Encrypt or COSE_Encrypt0 structure (with an optional corresponding COSE_Encrypt or COSE_Encrypt0 tag)',
        'jwe',
      ],
      ['kid', 3, 'binary string', 'kid'],
    ],
    'RFC 9203, Section 9.5': [['osc', 4, 'map', 'osc']],
    'RFC 9679 (IANA CWT Confirmation Methods)': [['ckt', 5, 'binary string', undefined]],
    'CTA-5007 (IANA CWT Confirmation Methods)': [['jkt', 323, 'byte string', 'jkt']],
  })
})

describe('JWT confirmation methods', () => {
  it('are those of RFC 7800, Section 6.2.2; RFC 8705; RFC 9203, Section 9.6; and RFC 9449', () => {
    expect(registries.jwtConfirmationMethods.rows.map((row) => [row.name, row.references])).toEqual([
      ['jwk', ['RFC 7800']],
      ['jwe', ['RFC 7800']],
      ['kid', ['RFC 7800']],
      ['jku', ['RFC 7800']],
      ['x5t#S256', ['RFC 8705']],
      ['osc', ['RFC 9203']],
      ['jkt', ['RFC 9449']],
    ])
  })
})

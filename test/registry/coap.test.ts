import { describe, expect, it } from 'vitest'
import { coapResponseCodes, contentFormats, registries } from '../../src/registry/index.ts'
import { checkRows } from './check-rows.ts'

describe('CoAP response codes', () => {
  checkRows('coapResponseCodes', coapResponseCodes, ['description'], {
    'RFC 7252, Table 6': [
      ['2.01', 0x41, 'Created'],
      ['2.02', 0x42, 'Deleted'],
      ['2.03', 0x43, 'Valid'],
      ['2.04', 0x44, 'Changed'],
      ['2.05', 0x45, 'Content'],
      ['4.00', 0x80, 'Bad Request'],
      ['4.01', 0x81, 'Unauthorized'],
      ['4.02', 0x82, 'Bad Option'],
      ['4.03', 0x83, 'Forbidden'],
      ['4.04', 0x84, 'Not Found'],
      ['4.05', 0x85, 'Method Not Allowed'],
      ['4.06', 0x86, 'Not Acceptable'],
      ['4.12', 0x8c, 'Precondition Failed'],
      ['4.13', 0x8d, 'Request Entity Too Large'],
      ['4.15', 0x8f, 'Unsupported Content-Format'],
      ['5.00', 0xa0, 'Internal Server Error'],
      ['5.01', 0xa1, 'Not Implemented'],
      ['5.02', 0xa2, 'Bad Gateway'],
      ['5.03', 0xa3, 'Service Unavailable'],
      ['5.04', 0xa4, 'Gateway Timeout'],
      ['5.05', 0xa5, 'Proxying Not Supported'],
    ],
    'RFC 7959, Table 4': [
      ['2.31', 0x5f, 'Continue'],
      ['4.08', 0x88, 'Request Entity Incomplete'],
    ],
    'RFC 8132 (IANA CoAP Response Codes)': [
      ['4.09', 0x89, 'Conflict'],
      ['4.22', 0x96, 'Unprocessable Entity'],
    ],
    'RFC 8516, Section 6': [['4.29', 0x9d, 'Too Many Requests']],
    'RFC 8768 (IANA CoAP Response Codes)': [['5.08', 0xa8, 'Hop Limit Reached']],
  })

  it('have the HTTP status codes of RFC 8075, Table 2', () => {
    const rows = registries.coapResponseCodes.rows.filter((row) => row.rfc8075HttpStatus !== undefined)
    expect(Object.fromEntries(rows.map((row) => [row.name, row.rfc8075HttpStatus]))).toEqual({
      '2.01': [201],
      '2.02': [200, 204],
      '2.03': [304, 200],
      '2.04': [200, 204],
      '2.05': [200],
      '4.00': [400],
      '4.01': [403],
      '4.02': [400, 500],
      '4.03': [403],
      '4.04': [404],
      '4.05': [400, 405],
      '4.06': [406],
      '4.12': [412],
      '4.13': [413],
      '4.15': [415],
      '5.00': [500],
      '5.01': [501],
      '5.02': [502],
      '5.03': [503],
      '5.04': [504],
      '5.05': [502],
    })
  })
})

describe('CoAP Content-Formats', () => {
  checkRows('contentFormats', contentFormats, [], {
    'RFC 7252, Table 9': [
      ['text/plain; charset=utf-8', 0],
      ['application/octet-stream', 42],
      ['application/json', 50],
    ],
    'RFC 8392, Section 9.3.1': [['application/cwt', 61]],
    'RFC 8613, Section 13.6': [['application/oscore', 10001]],
    'RFC 8949, Section 9.4': [['application/cbor', 60]],
    'RFC 9052, Table 2': [
      ['application/cose; cose-type="cose-sign"', 98],
      ['application/cose; cose-type="cose-sign1"', 18],
      ['application/cose; cose-type="cose-encrypt"', 96],
      ['application/cose; cose-type="cose-encrypt0"', 16],
      ['application/cose; cose-type="cose-mac"', 97],
      ['application/cose; cose-type="cose-mac0"', 17],
      ['application/cose-key', 101],
      ['application/cose-key-set', 102],
    ],
    'RFC 9200, Section 8.16': [['application/ace+cbor', 19]],
    'RFC 9237, Table 5': [
      ['application/aif+cbor', 290],
      ['application/aif+json', 291],
    ],
    'RFC 9290, Table 4': [['application/concise-problem-details+cbor', 257]],
    'RFC 8742 (IANA CoAP Content-Formats)': [['application/cbor-seq', 63]],
    'RFC 9528 (IANA CoAP Content-Formats)': [
      ['application/edhoc+cbor-seq', 64],
      ['application/cid-edhoc+cbor-seq', 65],
    ],
    'RFC 9594 (IANA CoAP Content-Formats)': [['application/ace-groupcomm+cbor', 261]],
    'RFC 9770 (IANA CoAP Content-Formats)': [['application/ace-trl+cbor', 262]],
    'RFC 9782 (IANA CoAP Content-Formats)': [['application/eat+cwt', 263]],
    'RFC-ietf-core-href-29 (IANA CoAP Content-Formats)': [['application/aif+cbor;toid=CRI-local-part', 292]],
    'RFC-ietf-ace-key-groupcomm-oscore-21 (IANA CoAP Content-Formats)': [
      ['application/aif+cbor;toid=oscore-gname;tperm=oscore-gperm', 297],
      ['application/aif+json;toid=oscore-gname;tperm=oscore-gperm', 298],
    ],
  })
})

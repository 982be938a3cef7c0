import { describe } from 'vitest'
import { customProblemDetailKeys, problemDetailKeys } from '../../src/registry/index.ts'
import { checkRows } from './check-rows.ts'

describe('standard problem detail keys', () => {
  checkRows('problemDetailKeys', problemDetailKeys, ['valueType'], {
    'RFC 9290, Table 1': [
      ['title', -1, 'text / tag38'],
      ['detail', -2, 'text / tag38'],
      ['instance', -3, '~uri'],
      ['response-code', -4, 'uint .size 1'],
      ['base-uri', -5, '~uri'],
      ['base-lang', -6, 'tag38-ltag'],
      ['base-rtl', -7, 'tag38-direction'],
      ['unprocessed-coap-option', -8, 'one-or-more<uint>'],
    ],
    'draft-amsuess-core-pd-body-error-position-00 (IANA Standard Problem Detail Keys)': [
      ['request-body-error-position', -25, 'uint'],
    ],
  })
})

describe('custom problem detail keys', () => {
  checkRows('customProblemDetailKeys', customProblemDetailKeys, ['references'], {
    'RFC 9290, Table 2': [['tunnel-7807', 7807, ['RFC 9290, Appendix B']]],
    'RFC 9594 (IANA Custom Problem Detail Keys)': [['ace-groupcomm-error', 0, ['RFC 9594']]],
    'RFC 9770 (IANA Custom Problem Detail Keys)': [['ace-trl-error', 1, ['RFC 9770']]],
  })
})

// The vectors of concise problem details: RFC 9290, and the ace-error entry of draft-ietf-ace-workflow-and-params.
import { about, int, items, slug, text } from './build.mjs'

export const document = 'problem-details'
export const title = 'Concise problem details with an ace-error entry'

const message = 'problem-details'
const options = { aceErrorKey: 2 }
const strict = { options: { strict: true } }
const inDeterministic = { options: { deterministic: true } }

const names = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'unsupported_pop_key',
  'incompatible_ace_profiles',
]

const entry = about({
  message,
  source: 'draft-ietf-ace-workflow-and-params',
  section: 'ace-error',
  requirements: ['D-WAP-1', 'D-WAP-3'],
  options,
})
for (const [i, name] of names.entries())
  entry.accept(`problem-${i + 1}`, `${name} alone`, `a1 02 a1 00 0${i + 1}`, { 'ace-error': { error: name } })
entry.accept(
  'problem-all',
  'invalid_grant with everything an error response has',
  `a4 02 a1 00 03 21 ${text('no')} 22 ${text('/e')} 23 1880`,
  { 'ace-error': { error: 'invalid_grant' }, detail: 'no', instance: '/e', 'response-code': 128 },
)
entry.accept(
  'problem-key-0',
  'The ace-error entry under another key',
  'a1 00 a1 00 03',
  { 'ace-error': { error: 'invalid_grant' } },
  { more: { options: { aceErrorKey: 0 } } },
)
entry.accept(
  'problem-key-4711',
  'The ace-error entry under a long key',
  'a1 191267 a1 00 03',
  { 'ace-error': { error: 'invalid_grant' } },
  { more: { options: { aceErrorKey: 4711 } } },
)
entry.accept(
  'problem-other-key',
  'An entry under another key is not an ace-error',
  'a1 03 a1 00 03',
  {},
  { unknown: [['3', 'a1 00 03']] },
)
entry.accept('problem-private', 'A private-use code', 'a1 02 a1 00 3a0001869e', {
  'ace-error': { error: -99999 },
})
entry.accept('problem-private-least', 'The least integer', 'a1 02 a1 00 3bffffffffffffffff', {
  'ace-error': { error: '-18446744073709551616' },
})
entry.accept(
  'problem-unassigned',
  'An unassigned code',
  'a1 02 a1 00 09',
  { 'ace-error': { error: 9 } },
  { violations: [['unassigned_code', 'ace-error']] },
)
entry.refuse(
  'problem-unassigned-strict',
  'An unassigned code, under strict',
  'a1 02 a1 00 09',
  'violation',
  0,
  'ace-error',
  strict,
)
entry.refuse(
  'problem-entry-empty',
  'An empty ace-error entry',
  'a1 02 a0',
  'missing_member',
  2,
  'ace-error.error',
)
entry.refuse(
  'problem-entry-without-code',
  'An ace-error entry without a code',
  'a1 02 a1 01 03',
  'missing_member',
  2,
  'ace-error.error',
)
entry.refuse(
  'problem-code-text',
  'The name of a code where the integer has to be',
  `a1 02 a1 00 ${text('invalid_grant')}`,
  'unexpected_type',
  4,
  'ace-error.error',
)
entry.refuse(
  'problem-code-float',
  'A float where the integer has to be',
  'a1 02 a1 00 f94200',
  'unexpected_type',
  4,
  'ace-error.error',
)
entry.refuse('problem-code-twice', 'The code twice', 'a1 02 a2 00 03 00 04', 'duplicate_key', 5)
for (const [name, item] of Object.entries(items))
  if (name !== 'map')
    entry.refuse(
      `problem-entry-${slug(name)}`,
      `The ace-error entry is no map: ${name}`,
      `a1 02 ${item}`,
      'unexpected_type',
      2,
      'ace-error',
    )
entry.acceptJson(
  'problem-json',
  'The JSON twin',
  { 'ace-error': { error: 'invalid_scope' }, title: 'Scope' },
  { 'ace-error': { error: 'invalid_scope' }, title: 'Scope' },
  { canonicalHex: `a2 02 a1 00 06 20 ${text('Scope')}` },
)
entry.acceptJson(
  'problem-json-no-integer',
  'A name that has no integer in CBOR',
  { 'ace-error': { error: 'slow_down' } },
  { 'ace-error': { error: 'slow_down' } },
  { canonicalHex: null },
)
entry.refuseJson(
  'problem-json-entry-empty',
  'An empty ace-error entry in JSON',
  { 'ace-error': {} },
  'missing_member',
  'ace-error.error',
)
entry.refuseJson(
  'problem-json-entry-text',
  'The ace-error entry is no object',
  { 'ace-error': 'invalid_scope' },
  'unexpected_type',
  'ace-error',
)

const standard = about({ message, source: 'RFC 9290', section: '2', requirements: ['R9290-2-2'], options })
standard.accept(
  'problem-standard-all',
  'All standard entries, in the deterministic order',
  `a8 20 ${text('t')} 21 ${text('d')} 22 ${text('/i')} 23 1884 24 ${text('coap://as')} 25 ${text('de')} 26 f4 27 17`,
  {
    title: 't',
    detail: 'd',
    instance: '/i',
    'response-code': 132,
    'base-uri': 'coap://as',
    'base-lang': 'de',
    'base-rtl': false,
    'unprocessed-coap-option': [23],
  },
  { more: inDeterministic },
)
standard.accept('problem-response-code-0', 'The least response code', 'a1 23 00', { 'response-code': 0 })
standard.accept('problem-response-code-255', 'The greatest response code', 'a1 23 18ff', {
  'response-code': 255,
})
standard.refuse(
  'problem-response-code-256',
  'A response code of two bytes',
  'a1 23 190100',
  'invalid_value',
  2,
  'response-code',
)
standard.refuse(
  'problem-response-code-negative',
  'A negative response code',
  'a1 23 20',
  'invalid_value',
  2,
  'response-code',
)
for (const [item, value] of [
  ['f4', false],
  ['f5', true],
  ['f6', null],
])
  standard.accept(`problem-base-rtl-${value}`, `base-rtl is ${value}`, `a1 26 ${item}`, { 'base-rtl': value })
const directions = {
  en: ['82 62656e 6548656c6c6f', { lang: 'en', text: 'Hello' }],
  ar: ['83 626172 62d8a3 f5', { lang: 'ar', text: 'أ', rtl: true }],
  'de-1996': ['83 67 64652d31393936 6161 f4', { lang: 'de-1996', text: 'a', rtl: false }],
  und: ['83 63756e64 6161 f6', { lang: 'und', text: 'a', rtl: null }],
}
for (const [lang, [item, value]] of Object.entries(directions)) {
  standard.accept(`problem-title-${lang}`, `A title in the language ${lang}`, `a1 20 d826 ${item}`, {
    title: value,
  })
  standard.accept(`problem-detail-${lang}`, `A detail in the language ${lang}`, `a1 21 d826 ${item}`, {
    detail: value,
  })
}
standard.refuse(
  'problem-title-tag-39',
  'A title under another tag',
  'a1 20 d827 82 62656e 6161',
  'unexpected_type',
  2,
  'title',
)
standard.refuse(
  'problem-title-tag-without-text',
  'A tagged title without a text',
  'a1 20 d826 81 62656e',
  'invalid_value',
  2,
  'title',
)
standard.refuse(
  'problem-title-tag-text',
  'A tagged title that is no array',
  'a1 20 d826 6161',
  'unexpected_type',
  4,
  'title',
)
standard.refuse(
  'problem-title-tag-direction',
  'A direction that is no true, false or null',
  'a1 20 d826 83 62656e 6161 01',
  'unexpected_type',
  10,
  'title',
)
standard.refuse(
  'problem-title-language',
  'A language that is none',
  'a1 20 d826 82 613f 6161',
  'invalid_value',
  2,
  'title',
)
for (const [name, key, allowed] of [
  ['title', 20, ['text string']],
  ['detail', 21, ['text string']],
  ['instance', 22, ['text string']],
  ['response-code', 23, ['unsigned integer', 'negative integer']],
  ['base-uri', 24, ['text string']],
  ['base-lang', 25, ['text string']],
  ['base-rtl', 26, ['true', 'false', 'null']],
  ['unprocessed-coap-option', 27, ['unsigned integer', 'array']],
])
  for (const type of [
    'unsigned integer',
    'byte string',
    'text string',
    'array',
    'map',
    'null',
    'half-precision float',
  ])
    if (!allowed.includes(type))
      standard.refuse(
        `problem-${name}-${slug(type)}`,
        `${name} of the wrong type: ${type}`,
        `a1 ${key} ${items[type]}`,
        'unexpected_type',
        2,
        name,
      )
standard.refuse('problem-empty', 'An empty map', 'a0', 'invalid_value', 0, '', {
  requirements: ['R9290-2-1'],
})
standard.refuse(
  'problem-empty-indefinite',
  'An empty map of indefinite length',
  'bfff',
  'invalid_value',
  0,
  '',
  { requirements: ['R9290-2-1'] },
)

const option = about({ message, source: 'RFC 9290', section: '3.1.1', requirements: ['R9290-2-2'], options })
option.accept('problem-option-one', 'One option stands without an array', 'a1 27 19ffff', {
  'unprocessed-coap-option': [65535],
})
option.accept('problem-option-two', 'Two options', 'a1 27 82 17 01', { 'unprocessed-coap-option': [23, 1] })
option.refuse(
  'problem-option-array-of-one',
  'An array of one option',
  'a1 27 81 17',
  'invalid_value',
  2,
  'unprocessed-coap-option',
)
option.refuse(
  'problem-option-array-of-none',
  'An array of no options',
  'a1 27 80',
  'invalid_value',
  2,
  'unprocessed-coap-option',
)
option.refuse(
  'problem-option-negative',
  'A negative option number',
  'a1 27 20',
  'unexpected_type',
  2,
  'unprocessed-coap-option',
)
option.refuse(
  'problem-option-negative-second',
  'A negative option number in an array',
  'a1 27 82 17 20',
  'unexpected_type',
  4,
  'unprocessed-coap-option',
)

const custom = about({
  message,
  source: 'RFC 9290',
  section: '3.2',
  requirements: ['R9290-2-1', 'R9290-3-1', 'R9290-3-2'],
  options,
})
custom.accept(
  'problem-custom-uri',
  'A custom entry under a URI',
  `a1 ${text('tag:as.example.com,2022:e')} a1 00 01`,
  {},
  { unknown: [['"tag:as.example.com,2022:e"', 'a1 00 01']] },
)
custom.accept(
  'problem-custom-0',
  'A custom entry under 0',
  'a1 00 a1 00 01',
  {},
  { unknown: [['0', 'a1 00 01']] },
)
custom.accept(
  'problem-custom-greatest',
  'A custom entry under the greatest integer',
  `a1 ${int(2n ** 64n - 1n)} a1 00 01`,
  {},
  { unknown: [['18446744073709551615', 'a1 00 01']] },
)
custom.accept(
  'problem-custom-indefinite',
  'A custom entry of indefinite length',
  'a1 00 bf 00 01 ff',
  {},
  { unknown: [['0', 'bf 00 01 ff']] },
)
custom.accept(
  'problem-standard-unknown',
  'A standard entry that is not known may be of any type',
  'a1 28 01',
  {},
  { unknown: [['-9', '01']] },
)
custom.refuse('problem-custom-empty', 'An empty custom entry', 'a1 00 a0', 'invalid_value', undefined, '0')
custom.refuse(
  'problem-custom-no-map',
  'A custom entry that is no map',
  'a1 00 01',
  'invalid_value',
  undefined,
  '0',
)
custom.refuse(
  'problem-custom-empty-indefinite',
  'An empty custom entry of indefinite length',
  'a1 00 bf ff',
  'invalid_value',
  undefined,
  '0',
)
custom.refuse(
  'problem-custom-no-uri',
  'A text key that is no URI',
  `a1 ${text('note')} a1 00 01`,
  'invalid_value',
  undefined,
  'note',
)
custom.refuse(
  'problem-custom-relative',
  'A text key that is a relative reference',
  `a1 ${text('/note')} a1 00 01`,
  'invalid_value',
  undefined,
  '/note',
)

const shape = about({ message, source: 'RFC 8949', section: '5.6', options })
shape.accept(
  'problem-unordered',
  'Members out of order',
  `a2 20 ${text('t')} 02 a1 00 03`,
  { title: 't', 'ace-error': { error: 'invalid_grant' } },
  { canonicalHex: `a2 02 a1 00 03 20 ${text('t')}` },
)
shape.refuse(
  'problem-unordered-deterministic',
  'Members out of order, under deterministic',
  `a2 20 ${text('t')} 02 a1 00 03`,
  'not_deterministic',
  4,
  undefined,
  inDeterministic,
)
shape.accept(
  'problem-indefinite',
  'Maps of indefinite length',
  'bf 02 bf 00 03 ff ff',
  { 'ace-error': { error: 'invalid_grant' } },
  { canonicalHex: 'a1 02 a1 00 03' },
)
for (const [name, key, rule, wrong] of [
  ['instance', '22', 'not_a_uri_reference', 'a b %zz'],
  ['base-uri', '24', 'not_an_absolute_uri', '../x'],
  ['base-uri', '24', 'empty_text', ''],
  ['base-lang', '25', 'not_a_language_tag', 'not a tag!!'],
])
  shape.accept(
    `problem-${name}-${slug(wrong) || 'empty'}`,
    `${name} against its grammar: ${JSON.stringify(wrong)}`,
    `a1 ${key} ${text(wrong)}`,
    { [name]: wrong },
    { violations: [[rule, name]], canonicalHex: undefined },
  )
shape.refuse('problem-twice', 'The title twice', 'a2 20 6161 20 6162', 'duplicate_key', 4, '')
shape.refuse('problem-trailing', 'A byte after the map', 'a1 20 6161 00', 'trailing_bytes', 4, '')
for (let bytes = 0; bytes < 7; bytes++)
  shape.refuse(
    `problem-cut-${bytes}`,
    `Cut after ${bytes} of 8 bytes`,
    'a202a10003206161'.slice(0, bytes * 2),
    'truncated',
    bytes,
  )
for (const [name, item] of Object.entries(items))
  if (name !== 'map')
    shape.refuse(
      `problem-top-${slug(name)}`,
      `The payload is no map: ${name}`,
      item,
      'unexpected_type',
      0,
      '',
    )

export const groups = [entry, standard, option, custom, shape]

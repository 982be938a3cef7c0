// The vectors of error responses: RFC 6749 section 5.2, RFC 9200 sections 5.8.3 and 8.4.
import { about, head, int, integerTwin, items, length, slug, text } from './build.mjs'

export const document = 'error-response'
export const title = 'Error responses: codes, integers, texts, refusals, violations'

const message = 'error-response'
const unassigned = [['unassigned_code', 'error']]

// RFC 9200, Table 3.
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

const codes = about({
  message,
  source: 'RFC 9200',
  section: '5.8.3',
  requirements: ['R9200-5.8.3-3', 'R9200-5.8.3-4'],
})
for (const [i, name] of names.entries())
  codes.accept(`error-${i + 1}`, `${name} alone`, `a1 181e 0${i + 1}`, { error: name })
for (const [i, name] of names.entries())
  codes.accept(
    `error-${i + 1}-all-members`,
    `${name} with a description and a URI`,
    `a3 181e 0${i + 1} 181f ${text('see the log')} 1820 ${text('coap://as/e')}`,
    { error: name, error_description: 'see the log', error_uri: 'coap://as/e' },
  )

// RFC 9200, section 8.4: integers below -65536 are for private use, all others have to be registered.
const integers = about({ message, source: 'RFC 9200', section: '8.4', requirements: ['R9200-8.4-1'] })
const power = (exponent) => 2n ** BigInt(exponent)
const toAssign = [
  0n,
  9n,
  10n,
  22n,
  23n,
  24n,
  25n,
  127n,
  128n,
  255n,
  256n,
  257n,
  418n,
  32767n,
  32768n,
  65535n,
  65536n,
  65537n,
  power(31) - 1n,
  power(31),
  power(32) - 1n,
  power(32),
  power(53) - 1n,
  power(53),
  power(53) + 1n,
  power(63) - 1n,
  power(63),
  power(64) - 1n,
  -1n,
  -2n,
  -23n,
  -24n,
  -25n,
  -255n,
  -256n,
  -257n,
  -32768n,
  -32769n,
  -65535n,
  -65536n,
]
for (const value of toAssign)
  integers.accept(
    `error-unassigned-${value}`,
    `${value} is neither registered nor private use`,
    `a1 181e ${int(value)}`,
    { error: integerTwin(value) },
    { violations: unassigned },
  )
const forPrivateUse = [
  -65537n,
  -65538n,
  -70001n,
  -99999n,
  -power(31),
  -power(31) - 1n,
  -power(32),
  -power(32) - 1n,
  -power(53) + 1n,
  -power(53),
  -power(53) - 1n,
  -power(53) - 2n,
  -power(63),
  -power(63) - 1n,
  -power(64) + 1n,
  -power(64),
]
for (const value of forPrivateUse)
  integers.accept(`error-private-${value}`, `${value} is for private use`, `a1 181e ${int(value)}`, {
    error: integerTwin(value),
  })
for (const value of [0n, 9n, -65536n, power(64) - 1n])
  integers.refuse(
    `error-unassigned-${value}-strict`,
    `${value} under strict`,
    `a1 181e ${int(value)}`,
    'violation',
    0,
    'error',
    { options: { strict: true } },
  )
for (const value of [-65537n, -power(64)])
  integers.accept(
    `error-private-${value}-strict`,
    `${value} under strict`,
    `a1 181e ${int(value)}`,
    { error: integerTwin(value) },
    { more: { options: { strict: true } } },
  )
const own = {
  options: {
    codes: [
      { name: 'quota_exceeded', value: -70001 },
      { name: 'too_many', value: '-18446744073709551616' },
    ],
  },
}
integers.accept(
  'error-own-name',
  'A private-use code that has a name here',
  'a1 181e 3a00011170',
  { error: 'quota_exceeded' },
  { more: own },
)
integers.accept(
  'error-own-name-least',
  'The least integer with a name here',
  'a1 181e 3bffffffffffffffff',
  { error: 'too_many' },
  { more: own },
)
integers.accept(
  'error-own-name-other',
  'A private-use code beside those that have a name here',
  'a1 181e 3a00011171',
  { error: -70002 },
  { more: own },
)
integers.acceptJson(
  'error-own-name-json',
  'A name of this application in JSON',
  { error: 'quota_exceeded' },
  { error: 'quota_exceeded' },
  { canonicalHex: 'a1 181e 3a00011170', more: own },
)
integers.acceptJson(
  'error-own-name-json-integer',
  'The integer of a code that has a name here, in JSON',
  { error: -70001 },
  { error: 'quota_exceeded' },
  { canonicalHex: 'a1 181e 3a00011170', more: own },
)

// RFC 8949, section 4.1: a decoder takes an argument in more bytes than it needs; section 4.2.1: a deterministic encoder
// does not make such.
const lengths = about({ message, source: 'RFC 8949', section: '4.2.1' })
const grant = { error: 'invalid_grant' }
const inDeterministic = { options: { deterministic: true } }
function longer(id, description, cbor, offset, value = grant, canonicalHex = 'a1 181e 03') {
  lengths.accept(id, description, cbor, value, { canonicalHex })
  lengths.refuse(
    `${id}-deterministic`,
    `${description}, under deterministic`,
    cbor,
    'not_deterministic',
    offset,
    undefined,
    inDeterministic,
  )
}
for (const width of [1, 2, 4, 8])
  longer(`code-in-${width}`, `The code with an argument of ${width} bytes`, `a1 181e ${int(3, width)}`, 3)
longer(
  'private-code-in-8',
  'A private-use code with an argument of 8 bytes',
  `a1 181e ${int(-99999, 8)}`,
  3,
  { error: -99999 },
  'a1 181e 3a0001869e',
)
for (const width of [2, 4, 8])
  longer(
    `key-in-${width}`,
    `The key of error with an argument of ${width} bytes`,
    `a1 ${int(30, width)} 03`,
    1,
  )
for (const width of [1, 2, 4, 8])
  longer(`map-in-${width}`, `The map with an argument of ${width} bytes`, `${head(5, 1, width)} 181e 03`, 0)
for (const width of [1, 2, 4, 8])
  longer(
    `description-in-${width}`,
    `The description with an argument of ${width} bytes`,
    `a2 181e 03 181f ${text('no', width)}`,
    6,
    { ...grant, error_description: 'no' },
    'a2 181e 03 181f 62 6e6f',
  )
lengths.accept(
  'deterministic',
  'A deterministic encoding, under deterministic',
  'a3 181e 03 181f 626e6f 1820 612f',
  { ...grant, error_description: 'no', error_uri: '/' },
  { more: inDeterministic },
)
for (const digits of [23, 24, 255, 256])
  lengths.accept(
    `description-of-${digits}`,
    `A description of ${digits} characters, under deterministic`,
    `a2 181e 03 181f ${text('x'.repeat(digits))}`,
    { ...grant, error_description: 'x'.repeat(digits) },
    { more: inDeterministic },
  )

// RFC 8949, section 4.2.1: the keys of the deterministic encoding stand in the order of their bytes; section 5.6: the
// order means nothing.
const orders = about({ message, source: 'RFC 8949', section: '5.6', requirements: ['R6749-5.2-11'] })
const members = { e: '181e 03', d: '181f 626e6f', u: '1820 612f' }
const whole = { ...grant, error_description: 'no', error_uri: '/' }
for (const [order, breaks] of Object.entries({ edu: undefined, eud: 8, deu: 6, due: 10, ued: 5, ude: 5 })) {
  const cbor = `a3 ${[...order].map((member) => members[member]).join(' ')}`
  orders.accept(`order-${order}`, `The members in the order ${[...order].join(' ')}`, cbor, whole, {
    canonicalHex: 'a3 181e 03 181f 626e6f 1820 612f',
  })
  if (breaks !== undefined)
    orders.refuse(
      `order-${order}-deterministic`,
      `The members in the order ${[...order].join(' ')}, under deterministic`,
      cbor,
      'not_deterministic',
      breaks,
      undefined,
      inDeterministic,
    )
}

// RFC 8949, section 3.2: indefinite lengths.
const indefinite = about({ message, source: 'RFC 8949', section: '3.2' })
function open(id, description, cbor, offset, value = grant, canonicalHex = 'a1 181e 03') {
  indefinite.accept(id, description, cbor, value, { canonicalHex })
  indefinite.refuse(
    `${id}-deterministic`,
    `${description}, under deterministic`,
    cbor,
    'not_deterministic',
    offset,
    undefined,
    inDeterministic,
  )
}
open('indefinite-map', 'A map of indefinite length', 'bf 181e 03 ff', 0)
open(
  'indefinite-map-all-members',
  'A map of indefinite length with all members',
  'bf 181e 03 181f 626e6f 1820 612f ff',
  0,
  whole,
  'a3 181e 03 181f 626e6f 1820 612f',
)
open(
  'indefinite-text-one-chunk',
  'A description in one chunk',
  'a2 181e 03 181f 7f 626e6f ff',
  6,
  { ...grant, error_description: 'no' },
  'a2 181e 03 181f 626e6f',
)
open(
  'indefinite-text-two-chunks',
  'A description in two chunks',
  'a2 181e 03 181f 7f 616e 616f ff',
  6,
  { ...grant, error_description: 'no' },
  'a2 181e 03 181f 626e6f',
)
open(
  'indefinite-text-empty-chunks',
  'A description with empty chunks',
  'a2 181e 03 181f 7f 60 616e 60 616f 60 ff',
  6,
  { ...grant, error_description: 'no' },
  'a2 181e 03 181f 626e6f',
)
open(
  'indefinite-text-long-chunk-head',
  'A chunk whose length has more bytes than it needs',
  'a2 181e 03 181f 7f 7900026e6f ff',
  6,
  { ...grant, error_description: 'no' },
  'a2 181e 03 181f 626e6f',
)
open(
  'indefinite-uri',
  'A URI in two chunks',
  'a2 181e 03 1820 7f 612f 6165 ff',
  6,
  { ...grant, error_uri: '/e' },
  'a2 181e 03 1820 622f65',
)
open(
  'indefinite-all',
  'Everything of indefinite length',
  'bf 181e 03 181f 7f 616e 616f ff 1820 7f 612f ff ff',
  0,
  whole,
  'a3 181e 03 181f 626e6f 1820 612f',
)
indefinite.accept(
  'indefinite-text-no-chunks',
  'A description without chunks is empty',
  'a2 181e 03 181f 7f ff',
  { ...grant, error_description: '' },
  { violations: [['empty_text', 'error_description']], canonicalHex: undefined },
)
indefinite.refuse(
  'indefinite-text-splits-character',
  'A character divided between two chunks: each has to be UTF-8 by itself',
  'a2 181e 03 181f 7f 61c3 61a4 ff',
  'invalid_utf8',
  9,
  'error_description',
)
indefinite.refuse(
  'indefinite-text-byte-chunk',
  'A byte string as chunk of a text',
  'a2 181e 03 181f 7f 4161 ff',
  'unexpected_type',
  7,
  'error_description',
)
indefinite.refuse(
  'indefinite-text-integer-chunk',
  'An integer as chunk of a text',
  'a2 181e 03 181f 7f 01 ff',
  'unexpected_type',
  7,
  'error_description',
)
indefinite.refuse(
  'indefinite-text-nested',
  'A chunk of indefinite length',
  'a2 181e 03 181f 7f 7f 6161 ff ff',
  'unexpected_type',
  7,
  'error_description',
)
indefinite.refuse(
  'indefinite-text-reserved-chunk',
  'A chunk with a reserved head',
  'a2 181e 03 181f 7f 7c ff',
  'reserved_head',
  7,
  'error_description',
)

// RFC 6749, section 5.2: %x20-21 / %x23-5B / %x5D-7E.
const description = about({
  message,
  source: 'RFC 6749',
  section: '5.2',
  requirements: ['R6749-5.2-8', 'R6749-5.2-9'],
})
const described = (content) => `a2 181e 03 181f ${text(content)}`
const allowed = [...Array(0x5f).keys()]
  .map((i) => String.fromCharCode(i + 0x20))
  .filter((c) => c !== '"' && c !== '\\')
  .join('')
description.accept(
  'description-all-characters',
  'Every character that a description may have',
  described(allowed),
  { ...grant, error_description: allowed },
  { more: { options: { strict: true } } },
)
const forbidden = {
  NUL: '\0',
  TAB: '\t',
  LF: '\n',
  CR: '\r',
  'U+001F': '\x1f',
  'quotation mark': '"',
  backslash: '\\',
  DEL: '\x7f',
  'U+0080': '\x80',
  'U+00E4': 'ä',
  'U+2028': '\u2028',
  'U+FEFF': '\ufeff',
  'U+FFFD': '\ufffd',
  'U+1F512': '🔒',
  'U+10FFFF': '\u{10ffff}',
}
for (const [name, character] of Object.entries(forbidden)) {
  const content = `a${character}b`
  description.accept(
    `description-${slug(name)}`,
    `${name} in a description`,
    described(content),
    { ...grant, error_description: content },
    { violations: [['forbidden_character', 'error_description']], canonicalHex: undefined },
  )
}
description.accept(
  'description-empty',
  'An empty description',
  described(''),
  { ...grant, error_description: '' },
  { violations: [['empty_text', 'error_description']], canonicalHex: undefined },
)
description.accept('description-space', 'A description of one space', described(' '), {
  ...grant,
  error_description: ' ',
})
description.refuse(
  'description-quotation-mark-strict',
  'A quotation mark, under strict',
  described('a"b'),
  'violation',
  0,
  'error_description',
  { options: { strict: true } },
)
description.refuse(
  'description-empty-strict',
  'An empty description, under strict',
  described(''),
  'violation',
  0,
  'error_description',
  { options: { strict: true } },
)

// RFC 6749, section 5.2 and appendix A.9: a URI-reference of RFC 3986, of %x21 / %x23-5B / %x5D-7E.
const uri = about({ message, source: 'RFC 6749', section: '5.2', requirements: ['R6749-5.2-10'] })
const referred = (content) => `a2 181e 03 1820 ${text(content)}`
const references = {
  absolute: 'https://as.example.com/errors/3',
  coap: 'coaps://[2001:db8::1]:5684/e?x=1#a',
  urn: 'urn:example:error:3',
  tag: 'tag:as.example.com,2022:e',
  'network path': '//as.example.com/e',
  'absolute path': '/errors/3',
  'relative path': 'errors/3',
  'dot segments': '../errors/3',
  'empty, which is the current document': '',
  query: '?error=3',
  fragment: '#error-3',
  'percent-encoded': '/e/%C3%A4',
  'scheme only': 'about:',
  'colon in a later segment': './a:b',
  'every character of a path': "/-._~!$&'()*+,;=:@",
}
for (const [name, content] of Object.entries(references))
  uri.accept(
    `uri-${slug(name)}`,
    `A URI reference: ${name}`,
    referred(content),
    { ...grant, error_uri: content },
    { more: { options: { strict: true } } },
  )
const noReferences = {
  'percent sign alone': '/e%',
  'percent with one digit': '/e%4',
  'percent without digits': '/e%zz',
  'two fragments': '/a#b#c',
  'first segment with a colon': '1a:b',
  'empty scheme': ':b',
  'angle brackets': '<http://as/e>',
  braces: '/{e}',
  bar: '/a|b',
  caret: '/a^b',
  'grave accent': '/a`b',
}
for (const [name, content] of Object.entries(noReferences))
  uri.accept(
    `uri-${slug(name)}`,
    `No URI reference: ${name}`,
    referred(content),
    { ...grant, error_uri: content },
    { violations: [['not_a_uri_reference', 'error_uri']], canonicalHex: undefined },
  )
for (const [name, content] of Object.entries({
  'quotation mark': '/"e"',
  backslash: 'a\\b',
  LF: '/a\nb',
  DEL: '/a\x7fb',
  'U+00E4': '/ä',
}))
  uri.accept(
    `uri-${slug(name)}`,
    `${name} in a URI`,
    referred(content),
    { ...grant, error_uri: content },
    { violations: [['forbidden_character', 'error_uri']], canonicalHex: undefined },
  )
uri.refuse(
  'uri-two-fragments-strict',
  'No URI reference, under strict',
  referred('/a#b#c'),
  'violation',
  0,
  'error_uri',
  { options: { strict: true } },
)
uri.refuse(
  'uri-backslash-strict',
  'A forbidden character, under strict',
  referred('a\\b'),
  'violation',
  0,
  'error_uri',
  { options: { strict: true } },
)
uri.accept(
  'three-violations',
  'Something wrong with each member',
  `a3 181e 09 181f ${text('"')} 1820 ${text('"')}`,
  { error: 9, error_description: '"', error_uri: '"' },
  {
    violations: [
      ...unassigned,
      ['forbidden_character', 'error_description'],
      ['forbidden_character', 'error_uri'],
    ],
    canonicalHex: undefined,
  },
)

// Every refusal, with where and why.
const cut = about({ message, source: 'RFC 8949', section: '5.1' })
const full = 'a3181e03181f626e6f1820612f'
cut.refuse('empty', 'No bytes at all', '', 'truncated', 0, '')
for (let bytes = 1; bytes < 4; bytes++)
  cut.refuse(
    `cut-code-${bytes}`,
    `The code alone, cut after ${bytes} of 4 bytes`,
    'a1181e03'.slice(0, bytes * 2),
    'truncated',
    bytes,
  )
for (let bytes = 1; bytes < full.length / 2; bytes++)
  cut.refuse(
    `cut-${bytes}`,
    `All members, cut after ${bytes} of ${full.length / 2} bytes`,
    full.slice(0, bytes * 2),
    'truncated',
    bytes,
  )
for (const [bytes, name] of [
  [1, 'the map'],
  [4, 'a member'],
  [7, 'a text'],
  [9, 'a chunk'],
])
  cut.refuse(
    `cut-indefinite-${bytes}`,
    `Indefinite lengths, cut after ${name}`,
    'bf181e03181f7f616e616fffff'.slice(0, bytes * 2),
    'truncated',
    bytes,
  )
cut.refuse('map-of-2-64', 'A map that claims 2^64-1 members', 'bb ffffffffffffffff 181e 03', 'truncated', 12)
cut.refuse(
  'text-of-2-32',
  'A description that claims 2^32-1 bytes',
  'a2 181e 03 181f 7a ffffffff 61',
  'truncated',
  12,
  'error_description',
)
cut.refuse(
  'text-of-2-64',
  'A description that claims 2^64-1 bytes',
  'a2 181e 03 181f 7b ffffffffffffffff 61',
  'truncated',
  16,
  'error_description',
)
cut.refuse('trailing-zero', 'A byte after the map', 'a1 181e 03 00', 'trailing_bytes', 4, '')
cut.refuse('trailing-map', 'The map twice', 'a1 181e 03 a1 181e 03', 'trailing_bytes', 4, '')
cut.refuse(
  'trailing-break',
  'A break after a map of definite length',
  'a1 181e 03 ff',
  'trailing_bytes',
  4,
  '',
)
cut.refuse(
  'trailing-indefinite',
  'A byte after a map of indefinite length',
  'bf 181e 03 ff 00',
  'trailing_bytes',
  5,
  '',
)
cut.refuse('trailing-newline', 'A line feed after the map', 'a1 181e 03 0a', 'trailing_bytes', 4, '')

const heads = about({ message, source: 'RFC 8949', section: '3' })
for (let major = 0; major < 8; major++)
  for (const info of [28, 29, 30]) {
    const initial = ((major << 5) | info).toString(16).padStart(2, '0')
    heads.refuse(
      `reserved-${initial}`,
      `The reserved initial byte ${initial} as the code`,
      `a1 181e ${initial}`,
      'reserved_head',
      3,
      'error',
    )
  }
for (const initial of ['1f', '3f', 'df'])
  heads.refuse(
    `reserved-${initial}`,
    `The malformed initial byte ${initial} as the code`,
    `a1 181e ${initial}`,
    'reserved_head',
    3,
    'error',
  )
for (const initial of ['1c', 'bc', 'fe', 'df'])
  heads.refuse(
    `reserved-top-${initial}`,
    `The initial byte ${initial} alone`,
    initial,
    'reserved_head',
    0,
    '',
  )
heads.refuse('reserved-key', 'A reserved initial byte as a key', 'a1 1c 03', 'reserved_head', 1, '')
heads.refuse(
  'reserved-unknown',
  'A reserved initial byte in an unknown member',
  'a2 181e 03 3a00011170 82 01 5c',
  'reserved_head',
  11,
)
for (const simple of ['00', '13', '14', '15', '16', '17', '18', '1f'])
  heads.refuse(
    `simple-f8${simple}`,
    `The malformed simple value f8${simple} as the code`,
    `a1 181e f8${simple}`,
    'reserved_head',
    3,
    'error',
  )
heads.refuse('break-top', 'A break alone', 'ff', 'unexpected_break', 0, '')
heads.refuse(
  'break-key',
  'A break for a key in a map of definite length',
  'a1 ff 03',
  'unexpected_break',
  1,
  '',
)
heads.refuse(
  'break-value',
  'A break for a value in a map of definite length',
  'a1 181e ff',
  'unexpected_break',
  3,
  'error',
)
heads.refuse(
  'break-value-indefinite',
  'A break for a value in a map of indefinite length',
  'bf 181e ff',
  'unexpected_break',
  3,
  'error',
)
heads.refuse(
  'break-second-value',
  'A break for the second value',
  'bf 181e 03 181f ff',
  'unexpected_break',
  6,
  'error_description',
)
heads.refuse(
  'break-unknown',
  'A break in an unknown array of definite length',
  'a2 181e 03 3a00011170 82 01 ff',
  'unexpected_break',
  11,
)
heads.refuse('break-in-tag', 'A break under a tag', 'a2 181e 03 3a00011170 c1 ff', 'unexpected_break', 10)

// RFC 3629, section 4.
const utf8 = about({ message, source: 'RFC 8949', section: '3.1' })
const malformed = {
  'continuation byte alone': ['80', 0],
  'overlong two bytes': ['c080', 0],
  'overlong two bytes c1': ['c1bf', 0],
  'overlong three bytes': ['e08080', 1],
  'overlong four bytes': ['f0808080', 1],
  'first surrogate': ['eda080', 1],
  'last surrogate': ['edbfbf', 1],
  'surrogate pair': ['eda080edb080', 1],
  'beyond U+10FFFF': ['f4908080', 1],
  'initial byte f5': ['f5808080', 0],
  'initial byte ff': ['ff', 0],
  'two bytes without the second': ['c3', 1],
  'three bytes without the third': ['e282', 2],
  'four bytes without the fourth': ['f09f94', 3],
  'two bytes followed by ASCII': ['c341', 1],
  'fault after text': ['6162c3a4fe', 4],
}
for (const [name, [bytes, fault]] of Object.entries(malformed))
  utf8.refuse(
    `utf8-${slug(name)}`,
    `A description that is no UTF-8: ${name}`,
    `a2 181e 03 181f ${head(3, length(bytes))} ${bytes}`,
    'invalid_utf8',
    7 + fault,
    'error_description',
  )
utf8.refuse('utf8-uri', 'A URI that is no UTF-8', 'a2 181e 03 1820 61 ff', 'invalid_utf8', 7, 'error_uri')
utf8.refuse(
  'utf8-unknown-key',
  'An unknown key that is no UTF-8',
  'a2 181e 03 61 ff 01',
  'invalid_utf8',
  5,
  '',
)
utf8.refuse(
  'utf8-unknown-value',
  'An unknown text that is no UTF-8',
  'a2 181e 03 3a00011170 61 ff',
  'invalid_utf8',
  10,
)
utf8.refuse(
  'utf8-unknown-nested',
  'A nested unknown text that is no UTF-8',
  'a2 181e 03 3a00011170 81 a1 01 62 c328',
  'invalid_utf8',
  14,
)

// RFC 8949, section 5.6: keys are compared by their values.
const duplicates = about({ message, source: 'RFC 8949', section: '5.6' })
const twice = {
  'the same bytes': ['a2 181e 03 181e 04', 4],
  'equal values': ['a2 181e 03 181e 03', 4],
  'key in two bytes': ['a2 181e 03 19001e 04', 4],
  'key in four bytes': ['a2 181e 03 1a0000001e 04', 4],
  'key in eight bytes': ['a2 181e 03 1b000000000000001e 04', 4],
  'longer key first': ['a2 19001e 03 181e 04', 5],
  'indefinite map': ['bf 181e 03 181e 04 ff', 4],
  'with another between': ['a3 181e 03 181f 6161 181e 04', 8],
  descriptions: ['a3 181e 03 181f 6161 181f 6162', 8],
  uris: ['a3 181e 03 1820 6161 1820 6162', 8],
  'unknown unsigned': ['a3 181e 03 00 01 00 02', 6],
  'unknown unsigned in two lengths': ['a3 181e 03 00 01 1800 02', 6],
  'unknown negative': ['a3 181e 03 20 01 20 02', 6],
  'unknown negative in two lengths': ['a3 181e 03 20 01 390000 02', 6],
  'unknown private use': ['a3 181e 03 3a00011170 01 3b0000000000011170 02', 10],
  'unknown beyond 2^53': ['a3 181e 03 1b0020000000000001 01 1b0020000000000001 02', 14],
  'unknown least integer': ['a3 181e 03 3bffffffffffffffff 01 3bffffffffffffffff 02', 14],
  'unknown text': ['a3 181e 03 6161 01 6161 02', 7],
  'unknown text in two lengths': ['a3 181e 03 6161 01 780161 02', 7],
  'unknown text in chunks': ['a3 181e 03 626162 01 7f61616162ff 02', 8],
  'unknown empty text': ['a3 181e 03 60 01 60 02', 6],
}
for (const [name, [cbor, offset]] of Object.entries(twice))
  duplicates.refuse(`duplicate-${slug(name)}`, `A key twice: ${name}`, cbor, 'duplicate_key', offset, '')
const nested = {
  'integer keys': ['01 01 01 02', 2],
  'text keys': ['6161 01 6161 02', 3],
  'byte string keys': ['4161 01 4161 02', 3],
  'byte strings in two lengths': ['4161 01 580161 02', 3],
  'float keys': ['f93c00 01 f93c00 02', 4],
  'array keys': ['8101 01 8101 02', 3],
  'null keys': ['f6 01 f6 02', 2],
}
for (const [name, [pairs, offset]] of Object.entries(nested))
  duplicates.refuse(
    `duplicate-nested-${slug(name)}`,
    `A key twice in the map of an unknown member: ${name}`,
    `a2 181e 03 3a00011170 a2 ${pairs}`,
    'duplicate_key',
    10 + offset,
  )
const distinct = {
  'integers beyond 2^53': [
    '1b0020000000000000 01 1b0020000000000001 02',
    [
      ['9007199254740992', '01'],
      ['9007199254740993', '02'],
    ],
  ],
  'an integer and its digits': [
    '01 01 6131 02',
    [
      ['1', '01'],
      ['"1"', '02'],
    ],
  ],
  'an integer and its negative': [
    '00 01 20 02',
    [
      ['0', '01'],
      ['-1', '02'],
    ],
  ],
}
for (const [name, [pairs, unknown]] of Object.entries(distinct)) {
  const canonicalHex =
    name === 'an integer and its digits'
      ? `a3 01 01 181e 03 6131 02`
      : name.endsWith('negative')
        ? 'a3 00 01 181e 03 20 02'
        : `a3 181e 03 ${pairs}`
  duplicates.accept(`distinct-${slug(name)}`, `Different keys: ${name}`, `a3 181e 03 ${pairs}`, grant, {
    unknown,
    canonicalHex,
  })
}

// RFC 9200, section 5.8.3: a map; the error is an integer, the others are texts.
const types = about({
  message,
  source: 'RFC 9200',
  section: '5.8.3',
  requirements: ['R9200-5.8.3-1', 'R9200-5.8.3-3', 'R9200-5.8.3-4'],
})
for (const [name, item] of Object.entries(items)) {
  if (name !== 'map')
    types.refuse(`top-${slug(name)}`, `The payload is no map: ${name}`, item, 'unexpected_type', 0, '')
  if (!name.endsWith(' integer'))
    types.refuse(
      `error-type-${slug(name)}`,
      `The error is no integer: ${name}`,
      `a1 181e ${item}`,
      'unexpected_type',
      3,
      'error',
    )
  if (name !== 'text string') {
    types.refuse(
      `description-type-${slug(name)}`,
      `The description is no text: ${name}`,
      `a2 181e 03 181f ${item}`,
      'unexpected_type',
      6,
      'error_description',
    )
    types.refuse(
      `uri-type-${slug(name)}`,
      `The URI is no text: ${name}`,
      `a2 181e 03 1820 ${item}`,
      'unexpected_type',
      6,
      'error_uri',
    )
  }
  if (!name.endsWith(' integer') && name !== 'text string')
    types.refuse(
      `key-type-${slug(name)}`,
      `A key is no integer and no text: ${name}`,
      `a2 181e 03 ${item} 01`,
      'unexpected_type',
      4,
      '',
    )
}
types.refuse(
  'error-text-code',
  'The name of a code where the integer has to be',
  `a1 181e ${text('invalid_grant')}`,
  'unexpected_type',
  3,
  'error',
)
types.refuse(
  'error-empty-bignum',
  'A bignum that would fit an integer',
  'a1 181e c24103',
  'unexpected_type',
  3,
  'error',
)
types.refuse('error-absent-empty', 'An empty map', 'a0', 'missing_member', 0, 'error')
types.refuse(
  'error-absent-indefinite',
  'An empty map of indefinite length',
  'bfff',
  'missing_member',
  0,
  'error',
)
types.refuse(
  'error-absent-described',
  'A description without an error',
  'a1 181f 626e6f',
  'missing_member',
  0,
  'error',
)
types.refuse(
  'error-absent-unknown',
  'Only an unknown member',
  'a1 3a00011170 01',
  'missing_member',
  0,
  'error',
)
types.refuse(
  'error-text-keys',
  'Text keys where the integers have to be',
  `a1 ${text('error')} 03`,
  'missing_member',
  0,
  'error',
)
types.refuse(
  'error-json-in-cbor',
  'The JSON object in CBOR',
  `a1 ${text('error')} ${text('invalid_grant')}`,
  'missing_member',
  0,
  'error',
)
types.refuse(
  'error-old-key',
  'The integer of error_code in a draft, 15, instead of 30',
  'a1 0f 03',
  'missing_member',
  0,
  'error',
)

// Limits.
const limits = about({ message, source: 'RFC 8949', section: '10' })
const array = (depth) => `${'81'.repeat(depth - 1)}80`
limits.accept('depth-1', 'A map alone is one level', 'a1 181e 03', grant, {
  more: { options: { maxDepth: 1 } },
})
limits.refuse(
  'depth-2-of-1',
  'An array in the map is a second',
  'a2 181e 03 3a00011170 80',
  'too_deep',
  9,
  undefined,
  { options: { maxDepth: 1 } },
)
limits.refuse(
  'depth-map-of-1',
  'A map in the map is a second',
  'a2 181e 03 3a00011170 a0',
  'too_deep',
  9,
  undefined,
  { options: { maxDepth: 1 } },
)
limits.refuse(
  'depth-tag-of-1',
  'A tag in the map is a second',
  'a2 181e 03 3a00011170 c1 00',
  'too_deep',
  9,
  undefined,
  { options: { maxDepth: 1 } },
)
limits.refuse('depth-0', 'No level at all', 'a1 181e 03', 'too_deep', 0, '', { options: { maxDepth: 0 } })
limits.accept(
  'depth-16',
  'Sixteen levels, as many as are taken unless told otherwise',
  `a2 181e 03 3a00011170 ${array(15)}`,
  grant,
  { unknown: [['-70001', array(15)]] },
)
limits.refuse('depth-17', 'Seventeen levels', `a2 181e 03 3a00011170 ${array(16)}`, 'too_deep', 24)
limits.accept('bytes-4-of-4', 'As many bytes as may be', 'a1 181e 03', grant, {
  more: { options: { maxBytes: 4 } },
})
limits.refuse('bytes-4-of-3', 'A byte too many', 'a1 181e 03', 'too_large', 3, '', {
  options: { maxBytes: 3 },
})
limits.accept(
  'members-2-of-2',
  'As many members as may be',
  'a2 181e 03 181f 626e6f',
  { ...grant, error_description: 'no' },
  { more: { options: { maxMembers: 2 } } },
)
limits.refuse('members-3-of-2', 'A member too many', 'a3 181e 03 181f 626e6f 1820 612f', 'too_large', 0, '', {
  options: { maxMembers: 2 },
})
limits.refuse(
  'members-3-of-2-indefinite',
  'A member too many in a map of indefinite length',
  'bf 181e 03 181f 626e6f 1820 612f ff',
  'too_large',
  0,
  '',
  { options: { maxMembers: 2 } },
)
limits.refuse(
  'elements-3-of-2',
  'An element too many in an unknown array',
  'a2 181e 03 3a00011170 83 01 02 03',
  'too_large',
  9,
  undefined,
  { options: { maxMembers: 2 } },
)
limits.accept(
  'string-2-of-2',
  'As many bytes of a string as may be',
  'a2 181e 03 181f 626e6f',
  { ...grant, error_description: 'no' },
  { more: { options: { maxStringBytes: 2 } } },
)
limits.refuse(
  'string-3-of-2',
  'A byte of a string too many',
  'a2 181e 03 181f 63616263',
  'too_large',
  6,
  'error_description',
  { options: { maxStringBytes: 2 } },
)
limits.refuse(
  'string-3-of-2-chunks',
  'A byte of a string too many, over its chunks',
  'a2 181e 03 181f 7f 626162 6163 ff',
  'too_large',
  6,
  'error_description',
  { options: { maxStringBytes: 2 } },
)
limits.refuse(
  'string-3-of-2-unknown',
  'A byte of an unknown string too many',
  'a2 181e 03 3a00011170 43010203',
  'too_large',
  9,
  undefined,
  { options: { maxStringBytes: 2 } },
)

// RFC 6749, section 5.1, RFC 9200, section 5.8.4.3: what is not understood is ignored, and here kept.
const unknown = about({
  message,
  source: 'RFC 6749',
  section: '5.1',
  requirements: ['R6749-5.1-7', 'R9200-5.8.4.3-5'],
})
const before = ['0', '1', '23', '24', '29']
for (const key of [
  '0',
  '1',
  '23',
  '24',
  '29',
  '33',
  '255',
  '256',
  '65536',
  '4294967296',
  '9007199254740991',
  '9007199254740992',
  '18446744073709551615',
  '-1',
  '-24',
  '-25',
  '-65536',
  '-65537',
  '-70001',
  '-9007199254740992',
  '-9007199254740993',
  '-18446744073709551616',
]) {
  const member = `${int(key)} 01`
  unknown.accept(`unknown-key-${key}`, `The unknown key ${key}`, `a2 181e 03 ${member}`, grant, {
    unknown: [[key, '01']],
    canonicalHex: before.includes(key) ? `a2 ${member} 181e 03` : `a2 181e 03 ${member}`,
  })
}
for (const key of ['', 'note', 'error', '30', 'a b', 'ä'])
  unknown.accept(
    `unknown-text-${slug(key) || 'empty'}${key === 'ä' ? '-U-00E4' : ''}`,
    `The unknown text key ${JSON.stringify(key)}`,
    `a2 181e 03 ${text(key)} 01`,
    grant,
    {
      unknown: [[JSON.stringify(key), '01']],
      // RFC 9200 §5.8.3: the integer alone stands for a registered name; such a response is read, and not sent on.
      ...(key === 'error' && { violations: [['text_key', 'error']], canonicalHex: undefined }),
    },
  )
const values = {
  ...items,
  'empty byte string': '40',
  'empty text': '60',
  'empty array': '80',
  'empty map': 'a0',
  'greatest integer': '1bffffffffffffffff',
  'least integer': '3bffffffffffffffff',
  'nested array': '82 01 82 02 03',
  'nested map': 'a1 01 a1 6161 8102',
  'text in Cyrillic': '62d0af',
  NaN: 'f97e00',
  infinity: 'f97c00',
  'negative zero': 'f98000',
  'nested tags': 'd9d9f7 c1 00',
  'map with keys of all types': 'a5 01 01 20 01 4161 01 f6 01 8101 01',
}
for (const [name, item] of Object.entries(values))
  unknown.accept(
    `unknown-value-${slug(name)}`,
    `An unknown member: ${name}`,
    `a2 181e 03 3a00011170 ${item}`,
    grant,
    { unknown: [['-70001', item]] },
  )
const asItCame = {
  'integer in two bytes': ['190001', 9],
  'indefinite array': ['9f 01 ff', 9],
  'indefinite map': ['bf 01 02 ff', 9],
  'indefinite text': ['7f 6161 ff', 9],
  'indefinite byte string': ['5f 4161 ff', 9],
  'keys out of order': ['a2 02 01 01 01', 12],
  'nested integer in two bytes': ['81 1801', 10],
}
for (const [name, [item, offset]] of Object.entries(asItCame)) {
  const cbor = `a2 181e 03 3a00011170 ${item}`
  unknown.accept(
    `unknown-as-it-came-${slug(name)}`,
    `An unknown member comes out as it came: ${name}`,
    cbor,
    grant,
    { unknown: [['-70001', item]] },
  )
  unknown.refuse(
    `unknown-as-it-came-${slug(name)}-deterministic`,
    `${name} in an unknown member, under deterministic`,
    cbor,
    'not_deterministic',
    offset,
    undefined,
    inDeterministic,
  )
}
unknown.accept(
  'unknown-several',
  'Several unknown members, in the order they came',
  'a5 6162 02 181e 03 20 04 6161 01 00 f6',
  grant,
  {
    unknown: [
      ['"b"', '02'],
      ['-1', '04'],
      ['"a"', '01'],
      ['0', 'f6'],
    ],
    canonicalHex: 'a5 00 f6 181e 03 20 04 6161 01 6162 02',
  },
)
unknown.accept(
  'unknown-key-in-eight',
  'An unknown key in eight bytes',
  'a2 181e 03 1b0000000000000021 01',
  grant,
  { unknown: [['33', '01']], canonicalHex: 'a2 181e 03 1821 01' },
)
unknown.accept(
  'unknown-key-in-chunks',
  'An unknown text key in chunks',
  'a2 181e 03 7f 6161 6162 ff 01',
  grant,
  { unknown: [['"ab"', '01']], canonicalHex: 'a2 181e 03 626162 01' },
)
unknown.accept('unknown-strict', 'An unknown member is no violation', 'a2 181e 03 1821 01', grant, {
  unknown: [['33', '01']],
  more: { options: { strict: true } },
})

// RFC 6749, section 5.2: JSON.
const json = about({ message, source: 'RFC 6749', section: '5.2 (JSON)', requirements: ['R6749-5.2-2'] })
json.acceptJson(
  'json-all-members',
  'All members',
  { error: 'invalid_client', error_description: 'no', error_uri: '/' },
  { error: 'invalid_client', error_description: 'no', error_uri: '/' },
  { canonicalHex: 'a3 181e 02 181f 626e6f 1820 612f' },
)
json.acceptJson(
  'json-unordered',
  'Members in another order',
  { error_uri: '/', error: 'invalid_client' },
  { error: 'invalid_client', error_uri: '/' },
  { canonicalHex: 'a2 181e 02 1820 612f' },
)
for (const name of [
  'invalid_target',
  'invalid_token',
  'insufficient_scope',
  'use_dpop_nonce',
  'server_error',
  'Error 7',
  '-',
])
  json.acceptJson(
    `json-name-${slug(name) || 'hyphen'}`,
    `${name}, which has no integer in CBOR`,
    { error: name },
    { error: name },
    { canonicalHex: null },
  )
json.acceptJson('json-integer', 'A registered code by its integer', { error: 3 }, grant, {
  canonicalHex: 'a1 181e 03',
})
json.acceptJson('json-digits', 'A registered code by its digits', { error: '3' }, grant, {
  canonicalHex: 'a1 181e 03',
})
json.acceptJson(
  'json-private',
  'A private-use code',
  { error: -99999 },
  { error: -99999 },
  { canonicalHex: 'a1 181e 3a0001869e' },
)
json.acceptJson(
  'json-private-digits',
  'A private-use code beyond 2^53-1',
  { error: '-18446744073709551616' },
  { error: '-18446744073709551616' },
  { canonicalHex: 'a1 181e 3bffffffffffffffff' },
)
json.acceptJson(
  'json-unassigned',
  'An unassigned code',
  { error: 418 },
  { error: 418 },
  { violations: unassigned },
)
json.acceptJson(
  'json-unknown',
  "A member of the server's own",
  { error: 'invalid_grant', detail: { status: 'error', codes: [1, null, true] } },
  { error: 'invalid_grant', detail: { status: 'error', codes: [1, null, true] } },
)
json.acceptJson(
  'json-description-quotation-mark',
  'A quotation mark in the description',
  { error: 'invalid_grant', error_description: 'the "code"' },
  { error: 'invalid_grant', error_description: 'the "code"' },
  { violations: [['forbidden_character', 'error_description']] },
)
json.acceptJson(
  'json-description-empty',
  'An empty description',
  { error: 'invalid_grant', error_description: '' },
  { error: 'invalid_grant', error_description: '' },
  { violations: [['empty_text', 'error_description']] },
)
json.acceptJson(
  'json-uri-space',
  'A space in the URI',
  { error: 'invalid_grant', error_uri: '/a b' },
  { error: 'invalid_grant', error_uri: '/a b' },
  { violations: [['forbidden_character', 'error_uri']] },
)
json.refuseJson(
  'json-violation-strict',
  'A violation, under strict',
  { error: 'invalid_grant', error_description: '' },
  'violation',
  'error_description',
  { options: { strict: true } },
)
json.refuseJson('json-absent', 'No error', { error_description: 'no' }, 'missing_member', 'error')
json.refuseJson('json-empty', 'An empty object', {}, 'missing_member', 'error')
for (const [name, value] of Object.entries({
  array: [],
  text: 'invalid_grant',
  number: 3,
  true: true,
  null: null,
}))
  json.refuseJson(`json-top-${name}`, `No object: ${name}`, value, 'unexpected_type', '')
for (const [name, value] of Object.entries({
  fraction: 1.5,
  true: true,
  null: null,
  array: ['invalid_grant'],
  object: {},
}))
  json.refuseJson(
    `json-error-${name}`,
    `The error is no text and no integer: ${name}`,
    { error: value },
    'unexpected_type',
    'error',
  )
for (const [name, value] of Object.entries({ empty: '', 'quotation mark': 'a"b', LF: 'a\nb', 'U+00E4': 'ä' }))
  json.refuseJson(
    `json-error-${slug(name)}`,
    `A name that RFC 6749 does not allow: ${name}`,
    { error: value },
    'invalid_value',
    'error',
  )
for (const member of ['error_description', 'error_uri'])
  for (const [name, value] of Object.entries({
    number: 1,
    true: true,
    array: ['no'],
    object: {},
  }))
    json.refuseJson(
      `json-${member}-${name}`,
      `${member} is no text: ${name}`,
      { error: 'invalid_grant', [member]: value },
      'unexpected_type',
      member,
    )

for (const member of ['error_description', 'error_uri'])
  json.acceptJson(
    `json-${member}-null`,
    `${member} is null, which is taken as absent`,
    { error: 'invalid_grant', [member]: null },
    { error: 'invalid_grant' },
    { violations: [['null_member', member]], canonicalHex: 'a1 181e 03' },
  )

export const groups = [
  codes,
  integers,
  lengths,
  orders,
  indefinite,
  description,
  uri,
  cut,
  heads,
  utf8,
  duplicates,
  types,
  limits,
  unknown,
  json,
]

// The vectors of the other messages: what each refuses. What each accepts the documents of the RFCs show.
import { about, int, items, length, slug, text } from './build.mjs'

export const document = 'messages'
export const title = 'Requests, responses and hints: types, required members, conflicts'

const strict = { options: { strict: true } }

// The types of the members, as the RFCs' tables have them.
const integer = { what: 'integer', allowed: ['unsigned integer', 'negative integer'] }
const unsigned = { what: 'unsigned integer', allowed: ['unsigned integer'] }
const bytes = { what: 'byte string', allowed: ['byte string'] }
const string = { what: 'text string', allowed: ['text string'] }
const scope = { what: 'text or byte string', allowed: ['text string', 'byte string'] }
const map = { what: 'map', allowed: ['map'] }
const boolean = { what: 'true or false', allowed: ['true', 'false'] }
const date = {
  what: 'number',
  allowed: [
    'unsigned integer',
    'negative integer',
    'half-precision float',
    'single-precision float',
    'double-precision float',
  ],
}
const audiences = { what: 'text string or array', allowed: ['text string', 'array'] }
const optionalInteger = { what: 'integer or null', allowed: [...integer.allowed, 'null'] }
const hint = { what: 'text string', allowed: ['text string', ...integer.allowed] }

/** What each type of member is tried with. */
const tried = [
  'unsigned integer',
  'negative integer',
  'byte string',
  'text string',
  'array',
  'map',
  'bignum',
  'true',
  'null',
  'double-precision float',
]

function refuseTypes(group, prefix, members) {
  for (const [name, [key, { what, allowed }]] of Object.entries(members))
    for (const type of tried)
      if (!allowed.includes(type))
        group.refuse(
          `${prefix}-${slug(name)}-${slug(type)}`,
          `${name} is no ${what}: ${type}`,
          `a1 ${int(key)} ${items[type]}`,
          'unexpected_type',
          1 + length(int(key)),
          name,
        )
}

function refuseShapes(group, prefix) {
  for (const type of ['unsigned integer', 'byte string', 'text string', 'array', 'null', 'tag'])
    group.refuse(
      `${prefix}-top-${slug(type)}`,
      `The payload is no map: ${type}`,
      items[type],
      'unexpected_type',
      0,
      '',
    )
  group.refuse(`${prefix}-no-bytes`, 'No bytes at all', '', 'truncated', 0, '')
  for (const [name, json] of Object.entries({ array: [], text: '', number: 1, null: null }))
    group.refuseJson(`${prefix}-json-${name}`, `No JSON object: ${name}`, json, 'unexpected_type', '')
}

const keys = {
  ec2: 'a4 01 02 20 01 21 4101 22 4102',
  symmetric: 'a2 01 04 20 4101',
  kid: 'a1 03 4101',
  osc: 'a1 04 a1 02 4101',
  encrypted: 'a1 02 83 40 a0 40',
}
const token = '01 4101'

// RFC 9200, section 5.8.1, Table 5.
const request = about({
  message: 'token-request',
  source: 'RFC 9200',
  section: '5.8.1',
  requirements: ['R9200-5.8.1-9'],
})
refuseShapes(request, 'request')
refuseTypes(request, 'request', {
  grant_type: [33, integer],
  audience: [5, string],
  scope: [9, scope],
  req_cnf: [4, map],
  cnonce: [39, bytes],
  ace_profile: [38, optionalInteger],
  client_id: [24, string],
  client_secret: [25, bytes],
  code: [29, bytes],
  redirect_uri: [27, string],
  username: [35, string],
  password: [36, string],
  refresh_token: [37, bytes],
})
request.accept(
  'request-empty',
  'No parameter at all asks for client credentials',
  'a0',
  {},
  { more: { requirements: ['R9200-5.8.1-2'] } },
)
request.accept(
  'request-profile-null',
  'An empty ace_profile asks for one',
  'a1 1826 f6',
  { ace_profile: null },
  { more: { requirements: ['R9200-5.8.1-6'], errata: '8237' } },
)
request.accept(
  'request-scope-bytes',
  'A scope of bytes is not divided',
  'a1 09 44 61206220',
  { scope: 'YSBiIA' },
  { canonicalHex: undefined, more: { requirements: ['R9200-5.8.1-5'] } },
)
request.accept(
  'request-grant-type-private',
  'A private-use grant type',
  'a1 1821 3a00011170',
  { grant_type: -70001 },
  { more: { requirements: ['R9200-5.4-1'] } },
)
request.accept(
  'request-grant-type-unassigned',
  'An unassigned grant type',
  'a1 1821 1863',
  { grant_type: 99 },
  { violations: [['unassigned_code', 'grant_type']], more: { requirements: ['R9200-5.4-1'] } },
)
request.accept(
  'request-profile-unassigned',
  'An unassigned profile',
  'a1 1826 1863',
  { ace_profile: 99 },
  { violations: [['unassigned_code', 'ace_profile']] },
)
request.refuse(
  'request-grant-type-unassigned-strict',
  'An unassigned grant type, under strict',
  'a1 1821 1863',
  'violation',
  0,
  'grant_type',
  strict,
)
for (const [name, content] of Object.entries({
  'two spaces': 'a  b',
  'space first': ' a',
  'space last': 'a ',
  'quotation mark': 'a"b',
  backslash: 'a\\b',
  LF: 'a\nb',
  'U+00E4': 'ä',
}))
  request.accept(
    `request-scope-${slug(name)}`,
    `A scope that RFC 6749 does not allow: ${name}`,
    `a1 09 ${text(content)}`,
    { scope: content },
    { violations: [['forbidden_character', 'scope']], canonicalHex: undefined },
  )
request.accept(
  'request-scope-empty',
  'An empty scope',
  'a1 09 60',
  { scope: '' },
  { violations: [['empty_text', 'scope']], canonicalHex: undefined },
)
request.refuse(
  'request-scope-empty-strict',
  'An empty scope, under strict',
  'a1 09 60',
  'violation',
  0,
  'scope',
  strict,
)
request.accept(
  'request-client-id-LF',
  'A line feed in client_id',
  `a1 1818 ${text('a\nb')}`,
  { client_id: 'a\nb' },
  { violations: [['forbidden_character', 'client_id']], canonicalHex: undefined },
)
request.accept(
  'request-unknown',
  'An unknown parameter',
  'a2 05 6161 3a00011170 8101',
  { audience: 'a' },
  { unknown: [['-70001', '8101']] },
)
request.accept(
  'request-text-key',
  'A parameter under its name instead of its integer',
  'a1 6573636f7065 6161',
  {},
  {
    unknown: [['"scope"', '6161']],
    violations: [['text_key', 'scope']],
    canonicalHex: undefined,
    more: { requirements: ['R9200-5.8.5-1'] },
  },
)
request.acceptJson(
  'request-cnonce-padding',
  'base64url with padding',
  { cnonce: 'AA==' },
  { cnonce: 'AA' },
  { violations: [['loose_base64url', 'cnonce']], canonicalHex: 'a1 1827 4100' },
)
request.acceptJson(
  'request-cnonce-unused-bits',
  'base64url whose last character has bits that stand for nothing',
  { cnonce: 'AB' },
  { cnonce: 'AA' },
  { violations: [['loose_base64url', 'cnonce']], canonicalHex: 'a1 1827 4100' },
)
request.refuse('request-twice', 'A parameter twice', 'a2 05 6161 05 6162', 'duplicate_key', 4, '')

// RFC 6749, sections 4 and 6: what belongs to a grant.
const grants = about({
  message: 'token-request',
  source: 'RFC 6749',
  section: '4',
  requirements: ['R6749-5.2-3'],
})
const own = {
  code: '181d 4101',
  redirect_uri: `181b ${text('coap://c')}`,
  username: `1823 ${text('u')}`,
  password: `1824 ${text('p')}`,
  refresh_token: '1825 4102',
}
const twins = { code: '~AQ', redirect_uri: 'coap://c', username: 'u', password: 'p', refresh_token: '~Ag' }
const kinds = {
  password: [0, ['username', 'password'], []],
  authorization_code: [1, ['code'], ['redirect_uri']],
  client_credentials: [2, [], []],
  refresh_token: [3, ['refresh_token'], []],
}
/** What only goes with some grants, and grants nothing by itself. */
const companions = ['redirect_uri', 'username']
const mapOf = (members) => `${(0xa0 + members.length).toString(16)} ${members.join(' ')}`
for (const [grant, [value, needs, may]] of Object.entries(kinds)) {
  const grantType = `1821 0${value}`
  const sorted = (names) => mapOf([...names.map((name) => own[name]), grantType].sort())
  for (const absent of needs)
    grants.refuse(
      `grant-${grant}-without-${absent}`,
      `${grant} without ${absent}`,
      sorted(needs.filter((name) => name !== absent)),
      'missing_member',
      0,
      absent,
    )
  const all = [...needs, ...may]
  if (all.length > 0)
    grants.accept(`grant-${grant}`, `${grant} with what belongs to it`, sorted(all), {
      grant_type: grant,
      ...Object.fromEntries(all.map((name) => [name, twins[name]])),
    })
  for (const foreign of Object.keys(own).filter((name) => !all.includes(name)))
    if (companions.includes(foreign)) {
      const json = {
        grant_type: grant,
        ...Object.fromEntries([...needs, foreign].map((name) => [name, twins[name]])),
      }
      const listed = { violations: [['member_of_another_grant', foreign]], canonicalHex: undefined }
      grants.accept(
        `grant-${grant}-with-${foreign}`,
        `${grant} with ${foreign}, which grants nothing by itself`,
        sorted([...needs, foreign]),
        json,
        listed,
      )
      grants.acceptJson(
        `grant-${grant}-with-${foreign}-json`,
        `${grant} with ${foreign}, in JSON`,
        json,
        json,
        listed,
      )
    } else {
      grants.refuse(
        `grant-${grant}-with-${foreign}`,
        `${grant} with ${foreign}`,
        sorted([...needs, foreign]),
        'conflicting_members',
        0,
        foreign,
      )
      grants.refuseJson(
        `grant-${grant}-with-${foreign}-json`,
        `${grant} with ${foreign}, in JSON`,
        { grant_type: grant, ...Object.fromEntries([...needs, foreign].map((name) => [name, twins[name]])) },
        'conflicting_members',
        foreign,
      )
    }
}
for (const foreign of companions)
  grants.accept(
    `grant-absent-with-${foreign}`,
    `No grant type stands for client credentials, with ${foreign}`,
    mapOf([own[foreign]]),
    { [foreign]: twins[foreign] },
    { violations: [['member_of_another_grant', foreign]], canonicalHex: undefined },
  )
for (const foreign of Object.keys(own).filter((name) => !companions.includes(name)))
  grants.refuse(
    `grant-absent-with-${foreign}`,
    `No grant type stands for client credentials, with ${foreign}`,
    mapOf([own[foreign]]),
    'conflicting_members',
    0,
    foreign,
  )
grants.refuseForm(
  'grant-password-without-password-form',
  'password without password, in a form',
  'grant_type=password&username=u',
  'missing_member',
  'password',
)
grants.refuseForm(
  'grant-code-without-value-form',
  'A code without a value is as good as absent',
  'grant_type=authorization_code&code=',
  'missing_member',
  'code',
)

// RFC 8747, section 3.1: at most one key.
const cnf = about({
  message: 'token-request',
  source: 'RFC 8747',
  section: '3.1',
  requirements: ['R9201-3.1-1'],
})
const encrypt0 = '83 40 a0 40'
cnf.accept('cnf-encrypted', 'An encrypted key', `a1 04 a1 02 ${encrypt0}`, {
  req_cnf: { Encrypted_COSE_Key: 'g0CgQA' },
})
cnf.accept(
  'cnf-encrypted-tagged',
  'An encrypted key with the tag of COSE_Encrypt0',
  `a1 04 a1 02 d0 ${encrypt0}`,
  { req_cnf: { Encrypted_COSE_Key: '0INAoEA' } },
)
cnf.accept('cnf-key-and-kid', 'A key and an identifier', `a1 04 a2 01 ${keys.symmetric} 03 4101`, {
  req_cnf: { jwk: { kty: 'oct', k: 'AQ' }, kid: '~AQ' },
})
cnf.accept('cnf-unknown-method', 'A confirmation method that is not known', 'a1 04 a1 3a00011170 01', {
  req_cnf: { '-70001': 'AQ' },
})
cnf.accept(
  'cnf-unknown-method-text',
  'A confirmation method under a text that is not known',
  'a1 04 a1 6178 4101',
  { req_cnf: { '"x"': 'QQE' } },
)
cnf.acceptJson(
  'cnf-json-unknown-method',
  'A confirmation method that JSON alone has',
  { req_cnf: { jku: 'https://keys.example/' } },
  { req_cnf: { jku: 'https://keys.example/' } },
  { canonicalHex: null },
)
cnf.accept(
  'cnf-private-key',
  'A private key',
  `a1 04 a1 01 a5 01 02 20 01 21 4101 22 4102 23 4103`,
  { req_cnf: { jwk: { kty: 'EC', crv: 'P-256', x: 'AQ', y: 'Ag' } } },
  {
    violations: [['private_key', 'req_cnf']],
    canonicalHex: undefined,
    more: { requirements: ['R9201-3.1-1'] },
  },
)
cnf.refuse(
  'cnf-private-key-strict',
  'A private key, under strict',
  `a1 04 a1 01 a5 01 02 20 01 21 4101 22 4102 23 4103`,
  'violation',
  0,
  'req_cnf',
  strict,
)
cnf.refuse('cnf-empty', 'No confirmation method', 'a1 04 a0', 'invalid_value', 2, 'req_cnf')
cnf.refuse(
  'cnf-two-keys',
  'A key and an encrypted key',
  `a1 04 a2 01 ${keys.symmetric} 02 ${encrypt0}`,
  'conflicting_members',
  2,
  'req_cnf.Encrypted_COSE_Key',
)
cnf.refuse(
  'cnf-key-and-osc',
  'A key and OSCORE input material',
  `a1 04 a2 01 ${keys.symmetric} 04 a1 02 4101`,
  'conflicting_members',
  2,
  'req_cnf.osc',
)
cnf.refuse(
  'cnf-key-twice',
  'A key twice',
  `a1 04 a2 01 ${keys.symmetric} 01 ${keys.symmetric}`,
  'duplicate_key',
  10,
)
cnf.refuse(
  'cnf-key-empty',
  'A key without a type',
  'a1 04 a1 01 a0',
  'missing_member',
  4,
  'req_cnf.COSE_Key.kty',
)
cnf.refuse(
  'cnf-key-without-type',
  'A key with parameters but without a type',
  'a1 04 a1 01 a1 20 4101',
  'missing_member',
  4,
  'req_cnf.COSE_Key.kty',
)
for (const [name, [key, type]] of Object.entries({
  COSE_Key: [1, map],
  kid: [3, bytes],
  osc: [4, map],
  ckt: [5, bytes],
}))
  for (const wrong of tried)
    if (!type.allowed.includes(wrong))
      cnf.refuse(
        `cnf-${name}-${slug(wrong)}`,
        `${name} is no ${type.what}: ${wrong}`,
        `a1 04 a1 0${key} ${items[wrong]}`,
        'unexpected_type',
        4,
        `req_cnf.${name}`,
      )
for (const wrong of tried)
  if (wrong !== 'array')
    cnf.refuse(
      `cnf-encrypted-${slug(wrong)}`,
      `An encrypted key is no COSE structure: ${wrong}`,
      `a1 04 a1 02 ${items[wrong]}`,
      'unexpected_type',
      4,
      'req_cnf.Encrypted_COSE_Key',
    )
for (const [name, key, wrong] of [
  ['kty', '01', '4101'],
  ['kid', '02', '6161'],
  ['alg', '03', '4101'],
  ['key_ops', '04', '01'],
  ['Base IV', '05', '01'],
])
  cnf.refuse(
    `cnf-key-${slug(name)}`,
    `${name} of a key of the wrong type`,
    name === 'kty' ? `a1 04 a1 01 a1 01 ${wrong}` : `a1 04 a1 01 a2 01 04 ${key} ${wrong}`,
    'unexpected_type',
    name === 'kty' ? 6 : 8,
    `req_cnf.COSE_Key.${name}`,
  )
for (const [name, key, wrong] of [
  ['id', '00', '6161'],
  ['version', '01', '4101'],
  ['ms', '02', '01'],
  ['hkdf', '03', '4101'],
  ['alg', '04', '4101'],
  ['salt', '05', '01'],
  ['contextId', '06', '6161'],
])
  cnf.refuse(
    `cnf-osc-${name}`,
    `${name} of OSCORE input material of the wrong type`,
    `a1 04 a1 04 a1 ${key} ${wrong}`,
    'unexpected_type',
    6,
    `req_cnf.osc.${name}`,
    { requirements: ['R9203-3.2.1-2'] },
  )
cnf.refuseJson(
  'cnf-json-two-keys',
  'A JWK and an encrypted JWK',
  { req_cnf: { jwk: { kty: 'oct', k: 'AQ' }, jwe: 'a.b.c.d.e' } },
  'conflicting_members',
  'req_cnf.jwk',
)
cnf.refuseJson(
  'cnf-json-empty',
  'No confirmation method in JSON',
  { req_cnf: {} },
  'invalid_value',
  'req_cnf',
)
cnf.refuseJson(
  'cnf-json-key-type',
  'A JWK without a key type',
  { req_cnf: { jwk: { n: 'AQ', e: 'AQAB' } } },
  'missing_member',
  'req_cnf.jwk.kty',
)
cnf.refuseJson(
  'cnf-json-padding',
  'base64url with padding',
  { req_cnf: { jwk: { kty: 'oct', k: 'AQ==' } } },
  'invalid_value',
  'req_cnf.jwk.k',
)
cnf.acceptJson(
  'cnf-json-rsa',
  'An RSA key is carried, whoever can use it',
  { req_cnf: { jwk: { kty: 'RSA', n: 'AQ', e: 'AQAB' } } },
  { req_cnf: { jwk: { kty: 'RSA', n: 'AQ', e: 'AQAB' } } },
  { canonicalHex: 'a1 04 a1 01 a3 01 03 20 41 01 21 43 010001' },
)
cnf.acceptJson(
  'cnf-json-unknown-key-type',
  'A JWK of a type that COSE does not have is carried in JSON',
  { req_cnf: { jwk: { kty: 'new', a: 1, use: 'sig' } } },
  { req_cnf: { jwk: { kty: 'new', a: 1, use: 'sig' } } },
  { canonicalHex: null },
)
cnf.acceptJson(
  'cnf-json-curve-name',
  'The name of a curve of the COSE registry is its integer in CBOR',
  { req_cnf: { jwk: { kty: 'OKP', crv: 'Ed448', x: 'AQ' } } },
  { req_cnf: { jwk: { kty: 'OKP', crv: 'Ed448', x: 'AQ' } } },
  { canonicalHex: 'a1 04 a1 01 a3 01 01 20 07 21 41 01' },
)
cnf.acceptJson(
  'cnf-json-algorithm-without-integer',
  'An algorithm that JOSE alone has has no form in CBOR',
  { req_cnf: { jwk: { kty: 'OKP', crv: 'X25519', x: 'AQ', alg: 'ECDH-ES' } } },
  { req_cnf: { jwk: { kty: 'OKP', crv: 'X25519', x: 'AQ', alg: 'ECDH-ES' } } },
  { canonicalHex: null },
)
cnf.acceptJson(
  'cnf-json-x5t',
  'The thumbprint of a certificate has no form in CBOR',
  { req_cnf: { 'x5t#S256': 'AQ' } },
  { req_cnf: { 'x5t#S256': 'AQ' } },
  { canonicalHex: null },
)

// RFC 9200, section 5.8.2, Table 5; RFC 9201, section 3.2.
const response = about({
  message: 'token-response',
  source: 'RFC 9200',
  section: '5.8.2',
  requirements: ['R9200-5.8.2-2'],
})
refuseShapes(response, 'response')
refuseTypes(response, 'response', {
  access_token: [1, bytes],
  token_type: [34, integer],
  expires_in: [2, unsigned],
  scope: [9, scope],
  refresh_token: [37, bytes],
  ace_profile: [38, integer],
  cnf: [8, map],
  rs_cnf: [41, map],
  state: [28, string],
})
response.refuse(
  'response-without-token',
  'No access token',
  'a1 02 190e10',
  'missing_member',
  0,
  'access_token',
  { requirements: ['R6749-5.1-1'] },
)
response.acceptJson(
  'response-null-members',
  'Optional members that are null are taken as absent',
  { access_token: 'x', refresh_token: null, scope: null },
  { access_token: 'x' },
  {
    violations: [
      ['null_member', 'refresh_token'],
      ['null_member', 'scope'],
    ],
    canonicalHex: 'a1 01 4178',
  },
)
response.accept('response-state', 'A state', `a2 ${token} 181c 6161`, { access_token: '~AQ', state: 'a' })
response.refuse('response-empty', 'An empty map', 'a0', 'missing_member', 0, 'access_token', {
  requirements: ['R6749-5.1-1'],
})
response.refuseJson(
  'response-without-token-json',
  'No access token in JSON',
  { token_type: 'PoP' },
  'missing_member',
  'access_token',
  { requirements: ['R6749-5.1-1'] },
)
response.accept('response-expires-in-2-64', 'The greatest expires_in', `a2 ${token} 02 1bffffffffffffffff`, {
  access_token: '~AQ',
  expires_in: '18446744073709551615',
})
response.refuseJson(
  'response-expires-in-fraction',
  'An expires_in with a fraction',
  { access_token: '~AQ', expires_in: 1.5 },
  'unexpected_type',
  'expires_in',
  { requirements: ['R6749-5.1-3'] },
)
response.acceptJson(
  'response-token-type-case',
  'A token type is compared without regard to case',
  { access_token: '~AQ', token_type: 'pop' },
  { access_token: '~AQ', token_type: 'PoP' },
  { canonicalHex: `a2 ${token} 1822 02`, more: { requirements: ['R6749-5.1-2'] } },
)
response.accept(
  'response-token-type-unassigned',
  'An unassigned token type',
  `a2 ${token} 1822 1863`,
  { access_token: '~AQ', token_type: 99 },
  { violations: [['unassigned_code', 'token_type']] },
)
for (const [name, member] of Object.entries({
  error: '181e 03',
  error_description: `181f ${text('no')}`,
  error_uri: `1820 ${text('/e')}`,
}))
  response.refuse(
    `response-with-${name}`,
    `A token and ${name}`,
    `a2 ${token} ${member}`,
    'conflicting_members',
    0,
    'error',
  )
response.refuseJson(
  'response-with-error-json',
  'A token and an error in JSON',
  { access_token: '~AQ', error: 'invalid_grant' },
  'conflicting_members',
  'error',
)

const keyed = about({
  message: 'token-response',
  source: 'RFC 9201',
  section: '3.2',
  requirements: ['R9201-3.2-4'],
})
keyed.accept(
  'response-both-asymmetric',
  'cnf and rs_cnf with asymmetric keys',
  `a3 ${token} 08 ${`a1 01 ${keys.ec2}`} 1829 a1 01 ${keys.ec2}`,
  {
    access_token: '~AQ',
    cnf: { jwk: { kty: 'EC', crv: 'P-256', x: 'AQ', y: 'Ag' } },
    rs_cnf: { jwk: { kty: 'EC', crv: 'P-256', x: 'AQ', y: 'Ag' } },
  },
)
keyed.refuse(
  'response-bearer-cnf',
  'cnf with a bearer token',
  `a3 ${token} 08 ${keys.kid} 1822 01`,
  'conflicting_members',
  0,
  'cnf',
)
keyed.refuse(
  'response-bearer-rs_cnf',
  'rs_cnf with a bearer token',
  `a3 ${token} 1822 01 1829 ${keys.kid}`,
  'conflicting_members',
  0,
  'rs_cnf',
)
keyed.refuse(
  'response-symmetric-rs_cnf',
  'rs_cnf with a symmetric key',
  `a3 ${token} 08 a1 01 ${keys.symmetric} 1829 ${keys.kid}`,
  'conflicting_members',
  0,
  'rs_cnf',
)
keyed.refuse(
  'response-encrypted-rs_cnf',
  'rs_cnf with an encrypted key, which is symmetric',
  `a3 ${token} 08 ${keys.encrypted} 1829 ${keys.kid}`,
  'conflicting_members',
  0,
  'rs_cnf',
)
for (const [name, key] of Object.entries({
  symmetric: `a1 01 ${keys.symmetric}`,
  encrypted: keys.encrypted,
  osc: keys.osc,
}))
  keyed.refuse(
    `response-rs_cnf-${name}`,
    `rs_cnf that is no public key: ${name}`,
    `a2 ${token} 1829 ${key}`,
    'invalid_value',
    6,
    'rs_cnf',
  )
keyed.refuse(
  'response-osc-rs_cnf',
  'rs_cnf with OSCORE input material',
  `a3 ${token} 08 ${keys.osc} 1829 ${keys.kid}`,
  'conflicting_members',
  0,
  'rs_cnf',
)

// RFC 9200, section 5.9, Table 6.
const asked = about({
  message: 'introspection-request',
  source: 'RFC 9200',
  section: '5.9.1',
  requirements: ['R9200-5.9.1-3'],
})
refuseShapes(asked, 'introspection-request')
refuseTypes(asked, 'introspection-request', {
  token: [11, bytes],
  token_type_hint: [33, hint],
  client_id: [24, string],
})
asked.refuse('introspection-request-without-token', 'No token', 'a0', 'missing_member', 0, 'token')
asked.refuse(
  'introspection-request-hint-alone',
  'A hint without a token',
  `a1 1821 ${text('access_token')}`,
  'missing_member',
  0,
  'token',
)
asked.refuseForm(
  'introspection-request-without-token-form',
  'No token in a form',
  'token_type_hint=access_token',
  'missing_member',
  'token',
)
asked.refuse(
  'introspection-request-integer-hint-strict',
  'An integer as hint, under strict',
  'a2 0b 4101 1821 02',
  'violation',
  0,
  'token_type_hint',
  strict,
)

const told = about({
  message: 'introspection-response',
  source: 'RFC 9200',
  section: '5.9.2',
  requirements: ['R9200-5.9.2-2', 'R9200-5.9.4-1'],
})
refuseShapes(told, 'introspection-response')
refuseTypes(told, 'introspection-response', {
  active: [10, boolean],
  scope: [9, scope],
  client_id: [24, string],
  username: [35, string],
  token_type: [34, integer],
  exp: [4, date],
  iat: [6, date],
  nbf: [5, date],
  sub: [2, string],
  aud: [3, audiences],
  iss: [1, string],
  cti: [7, bytes],
  exi: [40, unsigned],
  cnonce: [39, bytes],
  ace_profile: [38, integer],
  cnf: [8, map],
})
told.refuse(
  'introspection-response-without-active',
  'Nothing about whether the token is active',
  'a1 02 6161',
  'missing_member',
  0,
  'active',
  { requirements: ['R7662-2.2-1'] },
)
told.refuse(
  'introspection-response-bearer-cnf',
  'cnf with a bearer token',
  `a3 08 ${keys.kid} 0a f5 1822 01`,
  'conflicting_members',
  0,
  'cnf',
  { source: 'RFC 9201', section: '5', requirements: ['R9201-5-2'] },
)
told.refuse('introspection-response-empty', 'An empty map', 'a0', 'missing_member', 0, 'active', {
  requirements: ['R7662-2.2-1'],
})
told.accept(
  'introspection-response-inactive',
  'An inactive token',
  'a1 0a f4',
  { active: false },
  { more: { ...strict, requirements: ['R7662-2.2-5'] } },
)
told.accept(
  'introspection-response-inactive-sub',
  'More than that of an inactive token',
  'a2 02 6161 0a f4',
  { active: false, sub: 'a' },
  {
    violations: [['members_of_inactive', 'active']],
    canonicalHex: undefined,
    more: { requirements: ['R7662-2.2-6'] },
  },
)
told.refuse(
  'introspection-response-inactive-sub-strict',
  'More than that of an inactive token, under strict',
  'a2 02 6161 0a f4',
  'violation',
  0,
  'active',
  { ...strict, requirements: ['R7662-2.2-6'] },
)
told.accept(
  'introspection-response-dates',
  'Dates as integers and as a float',
  'a4 04 1a5d30606c 05 20 06 fb41d74c181b200000 0a f5',
  { active: true, exp: 1563451500, nbf: -1, iat: 1563451500.5 },
)
told.accept(
  'introspection-response-aud-list',
  'Several audiences',
  'a2 03 82 6161 6162 0a f5',
  { active: true, aud: ['a', 'b'] },
  { more: { requirements: ['R7662-2.2-2'] } },
)
told.refuse(
  'introspection-response-aud-integer',
  'An integer among the audiences',
  'a2 03 82 6161 01 0a f5',
  'unexpected_type',
  5,
  'aud',
)
for (const [name, item] of Object.entries({
  NaN: 'f97e00',
  infinity: 'f97c00',
  'negative infinity': 'f9fc00',
}))
  told.refuse(
    `introspection-response-exp-${slug(name)}`,
    `exp is not finite: ${name}`,
    `a2 04 ${item} 0a f5`,
    'invalid_value',
    2,
    'exp',
    { errata: '8617 of RFC 8392' },
  )

// RFC 9200, section 5.3, Table 1.
const hints = about({
  message: 'creation-hints',
  source: 'RFC 9200',
  section: '5.3',
  requirements: ['R9200-5.3-2'],
})
refuseShapes(hints, 'hints')
refuseTypes(hints, 'hints', {
  AS: [1, string],
  kid: [2, bytes],
  audience: [5, string],
  scope: [9, scope],
  cnonce: [39, bytes],
})
hints.accept('hints-empty', 'No hints at all', 'a0', {})
hints.accept(
  'hints-scope-bytes',
  'A scope of bytes',
  'a1 09 4101',
  { scope: 'AQ' },
  { canonicalHex: undefined },
)
for (const [name, uri] of Object.entries({
  'relative path': 'token',
  'absolute path': '/token',
  'network path': '//as.example.com',
  empty: '',
  fragment: '#token',
  'absolute URI with fragment': 'coaps://as/token#a',
  'no URI': 'coaps://as/<token>',
}))
  hints.refuse(
    `hints-AS-${slug(name)}`,
    `AS is no absolute URI: ${name}`,
    `a1 01 ${text(uri)}`,
    'invalid_value',
    2,
    'AS',
    { requirements: ['R9200-5.3-1'] },
  )

// RFC 7009, section 2.1.
const revocation = about({ message: 'revocation-request', source: 'RFC 7009', section: '2.1' })
refuseShapes(revocation, 'revocation')
refuseTypes(revocation, 'revocation', {
  token: [11, bytes],
  token_type_hint: [33, hint],
  client_id: [24, string],
  client_secret: [25, bytes],
})
revocation.accept('revocation-token', 'A token', 'a1 0b 4101', { token: '~AQ' })
revocation.refuse('revocation-without-token', 'No token', 'a0', 'missing_member', 0, 'token')
revocation.refuseForm(
  'revocation-without-token-form',
  'No token in a form',
  'token_type_hint=access_token',
  'missing_member',
  'token',
)
revocation.refuseForm(
  'revocation-token-twice',
  'The token twice',
  'token=a&token=b',
  'duplicate_key',
  'token',
)
revocation.accept(
  'revocation-integer-hint',
  'An integer as hint',
  'a2 0b 4101 1821 02',
  { token: '~AQ', token_type_hint: 2 },
  { violations: [['integer_hint', 'token_type_hint']], canonicalHex: undefined },
)

export const groups = [request, grants, cnf, response, keyed, asked, told, hints, revocation]

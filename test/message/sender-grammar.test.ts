import { describe, expect, it } from 'vitest'
import {
  AccessTokenRequest,
  AccessTokenResponse,
  CreationHints,
  IntrospectionRequest,
  IntrospectionResponse,
  problemDetailsWith,
  RevocationRequest,
} from '../../src/index.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

const ProblemDetails = problemDetailsWith(2)
const refresh = { grant_type: 'refresh_token' }
const code = { grant_type: 'authorization_code' }
const password = { grant_type: 'password' }
const classes = {
  AccessTokenRequest,
  AccessTokenResponse,
  IntrospectionRequest,
  IntrospectionResponse,
  RevocationRequest,
  CreationHints,
  ProblemDetails,
}

/** What a sender may not write into a member, and what it may, with the members that go with it. */
const cases: readonly [
  message: keyof typeof classes,
  member: string,
  rest: Record<string, unknown>,
  wrong: Record<string, string>,
  right: readonly string[],
][] = [
  [
    'AccessTokenRequest',
    'grant_type',
    {},
    { 'a b"\n': 'forbidden_character', é: 'forbidden_character', 'a b': 'forbidden_character' },
    ['token-exchange', 'urn:ietf:params:oauth:grant-type:token-exchange', 'A_1.-', 'password_2'],
  ],
  [
    'AccessTokenRequest',
    'client_id',
    {},
    { é: 'forbidden_character', 'a\nb': 'forbidden_character', '\u007f': 'forbidden_character' },
    ['', ' ', 'a b"\\~'],
  ],
  [
    'AccessTokenRequest',
    'client_secret',
    { client_id: 'a' },
    { é: 'forbidden_character', '\u0000': 'forbidden_character' },
    ['', 'open sesame', '~AA'],
  ],
  [
    'AccessTokenRequest',
    'refresh_token',
    refresh,
    { '\u0000é': 'forbidden_character', é: 'forbidden_character', '': 'empty_text' },
    ['a', 'a b', '~AA'],
  ],
  ['AccessTokenRequest', 'code', code, { 'a\t': 'forbidden_character', '': 'empty_text' }, ['abc', 'AQ']],
  [
    'AccessTokenRequest',
    'username',
    { ...password, password: 'p' },
    { 'a\nb': 'forbidden_character' },
    ['', 'é\t'],
  ],
  [
    'AccessTokenRequest',
    'password',
    { ...password, username: 'u' },
    { 'a\u0000': 'forbidden_character' },
    ['', 'pässwörd'],
  ],
  [
    'AccessTokenRequest',
    'scope',
    {},
    {
      'a  b': 'forbidden_character',
      'a"': 'forbidden_character',
      '': 'empty_text',
      ' a': 'forbidden_character',
    },
    ['a b', '!'],
  ],
  [
    'AccessTokenRequest',
    'redirect_uri',
    { ...code, code: 'abc' },
    {
      'http://h:port/': 'not_a_uri_reference',
      'http://a@b@c/': 'not_a_uri_reference',
      'a b': 'not_a_uri_reference',
    },
    ['https://c.example/cb?x=1', '/cb', ''],
  ],
  [
    'AccessTokenResponse',
    'access_token',
    {},
    { 'é\n': 'forbidden_character', é: 'forbidden_character', '': 'empty_text' },
    ['abc', 'eyJ.e30.AA', '2YotnFZFEjr1zCsicMWpAA', '~AA'],
  ],
  [
    'AccessTokenResponse',
    'refresh_token',
    { access_token: 'a' },
    { '\r': 'forbidden_character', '': 'empty_text' },
    ['abc'],
  ],
  [
    'AccessTokenResponse',
    'token_type',
    { access_token: 'a' },
    { 'a b': 'forbidden_character', é: 'forbidden_character' },
    ['N_A', 'https://example.com/type', 'DPoP'],
  ],
  [
    'AccessTokenResponse',
    'state',
    { access_token: 'a' },
    { é: 'forbidden_character', '': 'empty_text' },
    ['xyz', 'a b'],
  ],
  ['IntrospectionRequest', 'token', {}, { é: 'forbidden_character', '': 'empty_text' }, ['abc']],
  ['IntrospectionRequest', 'client_id', { token: 'a' }, { é: 'forbidden_character' }, ['', 'FrontDoor']],
  ['RevocationRequest', 'token', {}, { 'a\n': 'forbidden_character', '': 'empty_text' }, ['abc']],
  ['RevocationRequest', 'client_id', { token: 'a' }, { é: 'forbidden_character' }, ['']],
  ['IntrospectionResponse', 'client_id', { active: true }, { é: 'forbidden_character' }, ['', 'a']],
  ['IntrospectionResponse', 'username', { active: true }, { 'a\n': 'forbidden_character' }, ['', 'é']],
  ['IntrospectionResponse', 'token_type', { active: true }, { 'a b': 'forbidden_character' }, ['N_A']],
  [
    'ProblemDetails',
    'instance',
    {},
    {
      'a b %zz': 'not_a_uri_reference',
      '1a:b': 'not_a_uri_reference',
      'http://[::1/': 'not_a_uri_reference',
    },
    ['/a', 'coaps://as/e#1', ''],
  ],
  [
    'ProblemDetails',
    'base-uri',
    {},
    {
      '../x y': 'not_an_absolute_uri',
      '../x': 'not_an_absolute_uri',
      'a:b#c': 'not_an_absolute_uri',
      '': 'empty_text',
    },
    ['coap://as/', 'urn:a'],
  ],
  [
    'ProblemDetails',
    'base-lang',
    {},
    {
      'not a tag!!': 'not_a_language_tag',
      en_US: 'not_a_language_tag',
      'en-': 'not_a_language_tag',
      '': 'empty_text',
    },
    ['en', 'de-CH-1996'],
  ],
]

describe('texts that the RFCs give a grammar: refused when they are built, listed when they come', () => {
  for (const [name, member, rest, wrong, right] of cases) {
    const made = classes[name] as unknown as typeof AccessTokenRequest
    for (const [value, rule] of Object.entries(wrong))
      it(`${name}.${member} ${JSON.stringify(value)}: ${rule}`, () => {
        const json = { ...rest, [member]: value }
        expect(refusal(() => new made(json))).toMatchObject({ reason: 'violation', path: member })
        const received = made.fromJson(json)
        expect(received.violations).toEqual([{ rule, path: member }])
        expect(refusal(() => made.fromJson(json, { strict: true }))).toMatchObject({
          reason: 'violation',
          path: member,
        })
      })
    for (const value of right)
      it(`${name}.${member} ${JSON.stringify(value)} is right`, () => {
        const json = { ...rest, [member]: value }
        const built = new made(json)
        expect(made.fromJson(json, { strict: true }).equals(built)).toBe(true)
      })
  }

  it('says which characters are right', () => {
    const expected = (build: () => unknown): string => {
      try {
        build()
      } catch (error) {
        return (error as { expected: string }).expected
      }
      return ''
    }
    expect(expected(() => new AccessTokenRequest({ scope: 'a"' }))).toMatch(
      /without quotation mark and backslash/,
    )
    expect(expected(() => new AccessTokenRequest({ client_id: 'é' }))).toMatch(/printable ASCII/)
    expect(expected(() => new AccessTokenResponse({ access_token: 'é' }))).toMatch(/printable ASCII/)
    expect(expected(() => new AccessTokenResponse({ access_token: '' }))).toBe('at least one character')
    expect(expected(() => AccessTokenRequest.fromJson({ username: 'a' }, { strict: true }))).toBe(
      'no member of another grant type',
    )
  })

  it('have no bearing on the bytes of a token in CBOR, which may be any', () => {
    const cbor = fromHex('a10142c3a9')
    const response = AccessTokenResponse.fromCbor(cbor, { strict: true })
    expect(toHex(new AccessTokenResponse({ access_token: fromHex('c3a9') }).toCbor())).toBe(toHex(cbor))
    // The text of such bytes is not one that RFC 6749 has, but they go back into CBOR as they came.
    const received = AccessTokenResponse.fromJson(response.toJson())
    expect(received.violations).toEqual([{ rule: 'forbidden_character', path: 'access_token' }])
    expect(toHex(received.toCbor())).toBe(toHex(cbor))
    expect(AccessTokenResponse.fromCbor(fromHex('a10140')).violations).toEqual([
      { rule: 'empty_text', path: 'access_token' },
    ])
  })
})

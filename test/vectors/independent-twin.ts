import { decode, encode, Simple, Tag } from 'cbor2'
import {
  accessTokenTypes,
  aceProfiles,
  confirmationMethods,
  coseAlgorithms,
  creationHints,
  errorCodes,
  grantTypes,
  introspectionParameters,
  oauthParameters,
  oscoreParameters,
  problemDetailKeys,
} from '../../src/registry/index.ts'

/** What another library decodes a map to. */
export type Decoded = Map<unknown, unknown>
type Twin = (value: unknown) => unknown
type Names = Readonly<Record<string, number>>

const base64url = (value: unknown): string => Buffer.from(value as Uint8Array).toString('base64url')
const integer: Twin = (value) => (Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`)
const asItIs: Twin = (value) => value
const code =
  (names: Names): Twin =>
  (value) =>
    value === null
      ? null
      : (Object.keys(names).find((name) => BigInt(names[name]!) === BigInt(value as number)) ??
        integer(value))
/** UTF-8 is that text, a COSE message its base64url, anything else base64url behind a tilde. None of the vectors needs more. */
const opaque: Twin = (value) => {
  const bytes = Buffer.from(value as Uint8Array)
  const text = bytes.toString('utf8')
  if (!bytes.equals(Buffer.from(text)) || bytes.some((byte) => byte < 0x20 || byte === 0x7f))
    return isCose(bytes) ? base64url(bytes) : `~${base64url(bytes)}`
  return text
}
function isCose(bytes: Uint8Array): boolean {
  try {
    let value = decode(bytes, { preferMap: true, ignoreGlobalTags: true }) as unknown
    while (value instanceof Tag) value = value.contents
    return (
      Array.isArray(value) && value.length > 2 && value[0] instanceof Uint8Array && value[1] instanceof Map
    )
  } catch {
    return false
  }
}
const bytesOrText: Twin = (value) => (value instanceof Uint8Array ? base64url(value) : value)
const localized: Twin = (value) => {
  if (!(value instanceof Tag)) return value
  const [lang, text, rtl] = value.contents as unknown[]
  return rtl === undefined ? { lang, text } : { lang, text, rtl }
}

/** RFC 9053, Tables 13 and 18 to 20, and their names in RFC 7518. A confirmation tells no private key. */
function jwk(key: Decoded): Record<string, unknown> {
  const kty = new Map<unknown, string>([
    [1, 'OKP'],
    [2, 'EC'],
    [4, 'oct'],
  ]).get(key.get(1))
  const twin: Record<string, unknown> = { kty }
  if (key.has(2)) twin['kid'] = opaque(key.get(2))
  if (kty === 'oct') {
    if (key.has(-1)) twin['k'] = base64url(key.get(-1))
    return twin
  }
  const curves: Record<number, string> = { 1: 'P-256', 2: 'P-384', 3: 'P-521', 4: 'X25519', 6: 'Ed25519' }
  twin['crv'] = curves[key.get(-1) as number]
  for (const [label, name] of [
    [-2, 'x'],
    [-3, 'y'],
  ] as const)
    if (key.has(label)) twin[name] = base64url(key.get(label))
  return twin
}

const osc: Twin = (value) =>
  named(
    value as Decoded,
    oscoreParameters,
    { version: integer, hkdf: code(coseAlgorithms), alg: code(coseAlgorithms) },
    base64url,
  )

const confirmation: Twin = (value) => {
  const { COSE_Key, Encrypted_COSE_Key, ...rest } = named(
    value as Decoded,
    confirmationMethods,
    { COSE_Key: asItIs, Encrypted_COSE_Key: encrypted, kid: opaque, osc },
    base64url,
  )
  return {
    ...(COSE_Key === undefined ? {} : { jwk: jwk(COSE_Key as Decoded) }),
    ...(Encrypted_COSE_Key === undefined ? {} : { Encrypted_COSE_Key }),
    ...rest,
    ...otherMethods(value as Decoded),
  }
}

/** Methods without a name: the key in diagnostic notation, and the base64url of the CBOR, which no vector has longer than this. */
function otherMethods(map: Decoded): Record<string, unknown> {
  const known: unknown[] = Object.values(confirmationMethods)
  return Object.fromEntries(
    [...map]
      .filter(([key]) => !known.includes(key))
      .map(([key, value]) => [JSON.stringify(key), base64url(encode(value))]),
  )
}

/** The structures of the vectors have empty parts only: the tag, if any, is all that differs. */
const encrypted: Twin = (value) =>
  Buffer.from(value instanceof Tag ? 'd08340a040' : '8340a040', 'hex').toString('base64url')

/** The members of a map under their registered names, except those that have none. */
function named(
  map: Decoded,
  names: Names,
  types: Readonly<Record<string, Twin>>,
  other: Twin,
): Record<string, unknown> {
  const twin: Record<string, unknown> = {}
  for (const [name, key] of Object.entries(names))
    if (map.has(key)) twin[name] = (types[name] ?? other)(map.get(key))
  return twin
}

const types: Readonly<Record<string, Twin>> = {
  scope: bytesOrText,
  access_token: opaque,
  refresh_token: opaque,
  code: opaque,
  token: opaque,
  kid: opaque,
  client_secret: opaque,
  cnf: confirmation,
  rs_cnf: confirmation,
  req_cnf: confirmation,
  grant_type: code(grantTypes),
  token_type: code(accessTokenTypes),
  ace_profile: code(aceProfiles),
  expires_in: integer,
  exi: integer,
  exp: asItIs,
  iat: asItIs,
  nbf: asItIs,
  error: code(errorCodes),
  title: localized,
  detail: localized,
  'unprocessed-coap-option': (value) => (Array.isArray(value) ? value : [value]),
}

const members: Readonly<Record<string, readonly [names: Names, used: readonly string[]]>> = {
  'error-response': [oauthParameters, ['error', 'error_description', 'error_uri']],
  'token-request': [
    oauthParameters,
    'grant_type audience scope req_cnf cnonce ace_profile client_id client_secret code redirect_uri username password refresh_token'.split(
      ' ',
    ),
  ],
  'token-response': [
    oauthParameters,
    'access_token token_type expires_in scope refresh_token state ace_profile cnf rs_cnf'.split(' '),
  ],
  'introspection-request': [introspectionParameters, ['token', 'token_type_hint', 'client_id']],
  'introspection-response': [
    introspectionParameters,
    'active scope client_id username token_type exp iat nbf sub aud iss cti exi cnonce ace_profile cnf'.split(
      ' ',
    ),
  ],
  'creation-hints': [creationHints, ['AS', 'kid', 'audience', 'scope', 'cnonce']],
  'revocation-request': [
    { ...oauthParameters, ...introspectionParameters },
    ['token', 'token_type_hint', 'client_id', 'client_secret'],
  ],
  'problem-details': [problemDetailKeys, Object.keys(problemDetailKeys)],
}

/**
 * The JSON twin of a message that another library decoded, made by the names of the registries alone, and the keys that
 * have no name in the message.
 */
export function independentTwin(
  message: string,
  map: Decoded,
  aceErrorKey?: number,
): { readonly value: Record<string, unknown>; readonly unknown: readonly unknown[] } {
  const [names, used] = members[message]!
  const keys = Object.fromEntries(used.map((name) => [name, names[name]!]))
  const other: Twin = (value) => (value instanceof Uint8Array ? base64url(value) : value)
  const value = named(map, keys, types, other)
  if (aceErrorKey !== undefined && map.has(aceErrorKey))
    value['ace-error'] = { error: code(errorCodes)((map.get(aceErrorKey) as Decoded).get(0)) }
  const known: unknown[] = [...Object.values(keys), aceErrorKey]
  return { value, unknown: [...map.keys()].filter((key) => !known.includes(key)) }
}

/** A value of any shape as vectors about `cbor` have it; undefined where it has a tag or a simple value of its own. */
export function independentValue(value: unknown): unknown {
  if (value instanceof Tag || value instanceof Simple) throw new TypeError('no value of the vectors')
  if (value === undefined) return { simple: 'undefined' }
  if (typeof value === 'bigint') {
    const twin = integer(value)
    return typeof twin === 'string' ? { integer: twin } : twin
  }
  if (typeof value === 'number')
    return Object.is(value, -0) ? { float: '-0' } : Number.isFinite(value) ? value : { float: `${value}` }
  if (value instanceof Uint8Array) return { bytes: base64url(value) }
  if (Array.isArray(value)) return value.map(independentValue)
  if (value instanceof Map) return { map: [...value].map((pair) => pair.map(independentValue)) }
  return value
}

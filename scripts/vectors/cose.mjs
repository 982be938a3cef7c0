// COSE keys, CWT claims and COSE messages: those of RFC 8392, RFC 8747 and the COSE working group's examples as vectors, and
// what a reader of each is to refuse. Read with cborg, not with this library.

import { readFile } from 'node:fs/promises'
import { decode, encode } from 'cborg'

export const document = 'cose'
export const title = 'COSE and CWT: RFC 8392, RFC 8747, RFC 9052, the examples of the COSE working group'

const read = async (name) =>
  JSON.parse(await readFile(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8')).vectors
const [rfc8392, rfc8747, examples] = await Promise.all(['rfc8392', 'rfc8747', 'cose-examples'].map(read))

const unhex = (digits) => Buffer.from(digits, 'hex')
const base64url = (bytes) => Buffer.from(bytes).toString('base64url')
const hexOf = (value) => Buffer.from(encode(value)).toString('hex')
const item = (hex) => decode(unhex(hex), { useMaps: true })

const types = { 1: 'OKP', 2: 'EC', 4: 'oct' }
const curves = { 1: 'P-256', 2: 'P-384', 6: 'Ed25519' }
const algorithms = { '-7': 'ES256', 4: 'HMAC 256/64', 5: 'HS256', 10: 'AES-CCM-16-64-128' }

/** The JWK of a COSE_Key whose kid is a text. */
function jwkOf(key) {
  const jwk = { kty: types[key.get(1)] }
  if (key.has(2)) jwk.kid = Buffer.from(key.get(2)).toString()
  if (key.has(3)) jwk.alg = algorithms[key.get(3)]
  if (key.get(1) === 4) return { ...jwk, k: base64url(key.get(-1)) }
  jwk.crv = curves[key.get(-1)]
  for (const [name, label] of Object.entries({ x: -2, y: -3, d: -4 }))
    if (key.has(label)) jwk[name] = base64url(key.get(label))
  return jwk
}

/** A map in deterministic encoding, maps in it too. */
function canonical(value) {
  if (Array.isArray(value)) return (0x80 + value.length).toString(16) + value.map(canonical).join('')
  if (!(value instanceof Map)) return hexOf(value)
  const members = [...value].map(([key, member]) => [hexOf(key), canonical(member)])
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  return (0xa0 + members.length).toString(16) + members.flat().join('')
}

const vectorOf = ({ id, source, section, figure, description, hex, note }, rest) => ({
  id,
  source,
  section: `${source} ${section}`,
  ...(figure && { figure }),
  description,
  ...rest,
  hex,
  ...(note && { note }),
})

const byId = (id) => rfc8392.find((vector) => vector.id === id)
const names = { 1: 'iss', 2: 'sub', 3: 'aud', 4: 'exp', 5: 'nbf', 6: 'iat', 7: 'cti', 8: 'cnf' }
const told = (vector, message, value) => {
  const rest = {
    message,
    kind: vector.kind,
    expect: { accept: { value, canonicalHex: canonical(item(vector.hex)) } },
  }
  return vectorOf({ ...vector, id: `${vector.id}-value` }, rest)
}

function claimsOf(map) {
  return Object.fromEntries(
    [...map].map(([key, value]) => {
      if (names[key] === 'cti') return ['cti', base64url(value)]
      if (names[key] !== 'cnf') return [names[key], value]
      return ['cnf', value.has(3) ? { kid: `~${base64url(value.get(3))}` } : { jwk: jwkOf(value.get(1)) }]
    }),
  )
}

const keys = [
  ...[
    'rfc8392-key-symmetric128',
    'rfc8392-key-symmetric256',
    'rfc8392-key-ecdsa-p256',
    'rfc8392-key-symmetric256-erratum8655',
  ].map(byId),
  rfc8747.find(({ id }) => id === 'rfc8747-3.3-symmetric'),
].map((vector) => told(vector, 'cose-key', jwkOf(item(vector.hex))))
const claims = [
  byId('rfc8392-claims-set'),
  ...rfc8747.filter(({ id }) => /cose-key$|kid$/.test(id) && !/encrypted/.test(id)),
].map((vector) => told(vector, 'cwt-claims', claimsOf(item(vector.hex))))

const own = (id, section, description, message, hex, refuse) => ({
  id,
  source: section.split(' §')[0],
  section: section.replace(' §', ' '),
  description,
  message,
  kind: 'computed',
  hex,
  expect: { refuse },
})
const refused = [
  own('cose-key-without-kty', 'RFC 9052 §7.1', 'A key without its type', 'cose-key', 'a1204101', {
    reason: 'missing_member',
    offset: 0,
  }),
  own('cose-key-array', 'RFC 9052 §7', 'An array', 'cose-key', '8101', {
    reason: 'unexpected_type',
    offset: 0,
  }),
  own('cose-key-twice', 'RFC 9052 §7', 'A label twice', 'cose-key', 'a30104204101204101', {
    reason: 'duplicate_key',
    offset: 6,
  }),
  own('cose-key-trailing', 'RFC 9052 §7', 'A byte behind it', 'cose-key', 'a20104204101ff', {
    reason: 'trailing_bytes',
    offset: 6,
  }),
  own('cose-key-ops-integer', 'RFC 9052 §7.1', 'key_ops that is no array', 'cose-key', 'a301040401204101', {
    reason: 'unexpected_type',
    offset: 4,
  }),
  own(
    'cwt-exi-without-cti',
    'RFC 9200 §5.10.3',
    'exi without the cti that it needs',
    'cwt-claims',
    'a1182801',
    { reason: 'missing_member', offset: 0, path: 'cti' },
  ),
  own('cwt-exp-text', 'RFC 8392 §3.1.4', 'exp that is a text', 'cwt-claims', 'a1046131', {
    reason: 'unexpected_type',
    offset: 2,
  }),
  own('cwt-array', 'RFC 8392 §3', 'An array', 'cwt-claims', '80', { reason: 'unexpected_type', offset: 0 }),
]

// The key of A.2.2 names an algorithm that A.4 and A.7 do not use (erratum 8655).
const { alg: _alg128, ...key128 } = jwkOf(item(byId('rfc8392-key-symmetric128').hex))
const { alg: _alg256, ...key256 } = jwkOf(item(byId('rfc8392-key-symmetric256').hex))
const { d: _, alg: __, ...p256 } = jwkOf(item(byId('rfc8392-key-ecdsa-p256').hex))
const claimsHex = byId('rfc8392-claims-set').hex

/** An RFC 8392 token, with the tag of its structure alone outermost where the RFC has one of CWT around it. */
const token = (id, key, value) => {
  const vector = byId(id)
  const expect = value ? { accept: { value } } : { refuse: { reason: 'verification_failed' } }
  return vectorOf(
    { ...vector, id: `${id}-opened` },
    { message: 'cose', kind: vector.kind, options: { keys: [key] }, expect },
  )
}
const tokens = [
  token('rfc8392-signed', p256, { structure: 'sign1', alg: 'ES256', payload: claimsHex }),
  token('rfc8392-maced', key256, { structure: 'mac0', alg: 'HMAC 256/64', payload: claimsHex }),
  token('rfc8392-encrypted', key128, { structure: 'encrypt0', alg: 'AES-CCM-16-64-128', payload: claimsHex }),
  token('rfc8392-nested', key128, {
    structure: 'encrypt0',
    alg: 'AES-CCM-16-64-128',
    payload: byId('rfc8392-nested').innerHex,
  }),
  token('rfc8392-maced-float', key256, {
    structure: 'mac0',
    alg: 'HMAC 256/64',
    payload: 'a106fb41d584367c200000',
  }),
  token('rfc8392-signed-tampered', p256),
  token('rfc8392-maced-tampered', key256),
  token('rfc8392-encrypted-tampered', key128),
]

const algorithmNames = {
  '-7': 'ES256',
  4: 'HMAC 256/64',
  5: 'HMAC 256/256',
  10: 'AES-CCM-16-64-128',
  11: 'AES-CCM-16-64-256',
}

/** The algorithm in the header of a message with one tag. */
function algorithmOf(hex) {
  const [header, unprotected] = item(hex.slice(2))
  const headers = header.length > 0 ? decode(header, { useMaps: true }) : unprotected
  return algorithmNames[headers.get(1)]
}

const structures = { sign0: 'sign1', mac0: 'mac0', encrypted: 'encrypt0' }
const messages = examples
  .filter(({ untagged }) => !untagged)
  .map((example) => {
    const [kind] = Object.keys(structures).filter((name) => example.input[name])
    const part = example.input[kind]
    const { use: _use, ...jwk } = part.key ?? part.recipients[0].key
    const cek = example.intermediates?.CEK_hex
    const key = cek ? { kty: 'oct', k: base64url(unhex(cek)) } : jwk
    const external = part.external ?? part.recipients?.[0]?.external ?? ''
    const alg = example.expect === 'opens' ? algorithmOf(example.hex) : undefined
    const accept = {
      value: {
        structure: structures[kind],
        alg,
        payload: Buffer.from(example.input.plaintext).toString('hex'),
      },
    }
    return vectorOf(
      { ...example, id: `${example.id}-opened`, source: 'COSE WG', section: example.section.split('/')[0] },
      {
        message: 'cose',
        kind: 'verbatim',
        options: { keys: [key], ...(external && { externalAad: external }) },
        expect: example.expect === 'opens' ? { accept } : { refuse: { reason: example.reason } },
      },
    )
  })

export const groups = [{ vectors: [...keys, ...claims, ...refused, ...tokens, ...messages] }]

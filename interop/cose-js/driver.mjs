// cose-js behind the line protocol: COSE_Sign1, COSE_Mac0, COSE_Encrypt0. Which of them it is given is told by the tag.
import cose from 'cose-js'
import {
  fromBase64url,
  fromHex,
  opaqueFromText,
  serve,
  toHex,
  Unsupported,
  versionOf,
} from '../shared/driver.mjs'

const algorithms = {
  ES256: 'sign1',
  ES384: 'sign1',
  'HMAC 256/64': 'mac0',
  'HMAC 256/256': 'mac0',
  'HMAC 384/384': 'mac0',
  A128GCM: 'encrypt0',
  A192GCM: 'encrypt0',
  A256GCM: 'encrypt0',
  'AES-CCM-16-64-128': 'encrypt0',
  'AES-CCM-16-64-256': 'encrypt0',
  'AES-CCM-16-128-128': 'encrypt0',
  'AES-CCM-16-128-256': 'encrypt0',
}
const names = { 'HMAC 256/64': 'HS256/64', 'HMAC 256/256': 'HS256', 'HMAC 384/384': 'HS384' }
const labels = new Map([
  [-7, 'ES256'],
  [-35, 'ES384'],
  [4, 'HMAC 256/64'],
  [5, 'HMAC 256/256'],
  [6, 'HMAC 384/384'],
  [1, 'A128GCM'],
  [2, 'A192GCM'],
  [3, 'A256GCM'],
  [10, 'AES-CCM-16-64-128'],
  [11, 'AES-CCM-16-64-256'],
  [30, 'AES-CCM-16-128-128'],
  [31, 'AES-CCM-16-128-256'],
])
const structures = { 208: 'encrypt0', 209: 'mac0', 210: 'sign1' }

/** The algorithm in the protected header, which the library does not tell. */
function algorithmIn(message) {
  // The protected header follows the tag, the head of the array and its own head, of which none holds these bytes.
  const at = message
    .subarray(0, 8)
    .findIndex((byte, i, start) => (byte === 0xa1 || byte === 0xa2) && start[i + 1] === 1)
  const [first = 0, second = 0] = message.subarray(at + 2)
  const value =
    first < 0x18 ? first : first === 0x18 ? second : first < 0x38 ? -1 - (first & 31) : -1 - second
  return labels.get(value)
}

const bytes = (text) => Buffer.from(fromBase64url(text))

async function open({ hex, keys, externalAad = '' }) {
  const message = Buffer.from(fromHex(hex))
  const structure = structures[message[0]]
  if (!structure) throw new Unsupported('a message without a tag of its structure')
  const alg = algorithmIn(message)
  const externalAAD = Buffer.from(fromHex(externalAad))
  let refusal = new Error('no key verifies it')
  for (const { kty, x, y, k } of keys) {
    try {
      const payload =
        kty === 'EC' && structure === 'sign1'
          ? await cose.sign.verify(message, { key: { x: bytes(x), y: bytes(y) }, externalAAD }, {})
          : kty === 'oct' && structure === 'mac0'
            ? await cose.mac.read(message, bytes(k), externalAAD)
            : kty === 'oct' && structure === 'encrypt0'
              ? await cose.encrypt.read(message, bytes(k), { externalAAD })
              : undefined
      if (payload === undefined) throw new Unsupported(kty)
      return { structure, alg, payload: toHex(payload) }
    } catch (error) {
      refusal = error
    }
  }
  throw refusal
}

async function protect({ alg, key, payload, externalAad = '' }) {
  const structure = algorithms[alg]
  if (!structure) throw new Unsupported(alg)
  const headers = {
    p: { alg: names[alg] ?? alg },
    u: key.kid ? { kid: Buffer.from(opaqueFromText(key.kid)) } : {},
  }
  const content = Buffer.from(fromHex(payload))
  const externalAAD = Buffer.from(fromHex(externalAad))
  const made =
    structure === 'sign1'
      ? await cose.sign.create(headers, content, { key: { d: bytes(key.d) }, externalAAD })
      : structure === 'mac0'
        ? await cose.mac.create(headers, content, { key: bytes(key.k) }, externalAAD)
        : await cose.encrypt.create(headers, content, { key: bytes(key.k) }, { externalAAD })
  return { hex: toHex(made) }
}

await serve('cose-js', versionOf('cose-js', import.meta.url), { 'cose-open': open, 'cose-protect': protect })

import { DecodeError } from '../cbor/decode-error.ts'
import { fromBase64url } from '../table/base64url.ts'
import { hex } from '../table/hex.ts'
import { CoseError } from './cose-error.ts'
import type { CoseKey } from './cose-key.ts'

/** The keys of each object identifier, in the hexadecimal digits of its DER. */
const ecPublicKey = '2a8648ce3d0201'
const curvesByOid: Readonly<Record<string, string>> = {
  '2a8648ce3d030107': 'P-256',
  '2b81040022': 'P-384',
  '2b6570': 'Ed25519',
  '2b656e': 'X25519',
}
const namesOfOthers: Readonly<Record<string, string>> = {
  '2a864886f70d010101': 'RSA',
  '2a864886f70d01010a': 'RSA',
  '2b81040023': 'P-521',
  '2b8104000a': 'secp256k1',
  '2b6571': 'Ed448',
  '2b656f': 'X448',
}

/**
 * The key of a PEM text (RFC 7468): a public key (`PUBLIC KEY`), or a private one (`PRIVATE KEY`, RFC 5958; `EC PRIVATE KEY`, RFC 5915),
 * whatever stands around it.
 *
 * @throws DecodeError for a text without such a key
 * @throws CoseError `key_invalid` for a key of a type that the library does not have
 */
export function fromPem(pem: string): CoseKey {
  const labels: string[] = []
  for (const [, label, base64] of pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g)) {
    if (!['PUBLIC KEY', 'PRIVATE KEY', 'EC PRIVATE KEY'].includes(label!)) {
      labels.push(label!)
      continue
    }
    const der = fromBase64url(
      base64!.replaceAll(/\s/g, '').replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_'),
    )
    if (!der) throw new DecodeError('invalid_value', '', 'base64 between the lines of the PEM')
    const [key] = elements(der)
    if (!key) throw malformed()
    if (label === 'PUBLIC KEY') return publicKey(key.content)
    return label === 'PRIVATE KEY' ? privateKey(key.content) : ecPrivateKey(key.content, undefined)
  }
  const found = labels.filter((label) => label !== 'EC PARAMETERS').join(', ')
  const expected = 'a PEM with PUBLIC KEY or PRIVATE KEY'
  throw new DecodeError('unexpected_type', '', found ? `${expected}, not ${found}` : expected)
}

/** SubjectPublicKeyInfo (RFC 5280 §4.1). */
function publicKey(content: Uint8Array): CoseKey {
  const [algorithm, bits] = elements(content)
  if (!algorithm || bits?.tag !== 0x03) throw malformed()
  return pointOf(curveOf(algorithm.content), bits.content.subarray(1))
}

/** OneAsymmetricKey (RFC 5958 §2). */
function privateKey(content: Uint8Array): CoseKey {
  const [, algorithm, octets] = elements(content)
  if (!algorithm || octets?.tag !== 0x04) throw malformed()
  const crv = curveOf(algorithm.content)
  const [inner] = elements(octets.content)
  if (!inner) throw malformed()
  if (crv.startsWith('P-')) return ecPrivateKey(inner.content, crv)
  if (inner.tag !== 0x04) throw malformed()
  return { kty: 'OKP', crv, d: inner.content.slice() }
}

/** ECPrivateKey (RFC 5915 §3). */
function ecPrivateKey(content: Uint8Array, outer: string | undefined): CoseKey {
  const [, d, ...rest] = elements(content)
  if (d?.tag !== 0x04) throw malformed()
  const parameters = rest.find(({ tag }) => tag === 0xa0)
  const crv = outer ?? (parameters && curveOfOid(elements(parameters.content)[0]?.content))
  if (!crv) throw malformed()
  return { kty: 'EC2', crv, d: d.content.slice() }
}

function pointOf(crv: string, point: Uint8Array): CoseKey {
  if (!crv.startsWith('P-')) return { kty: 'OKP', crv, x: point.slice() }
  const half = (point.length + 1) >> 1
  if (point[0] === 4) return { kty: 'EC2', crv, x: point.slice(1, half), y: point.slice(half) }
  if (point[0] !== 2 && point[0] !== 3) throw malformed()
  return { kty: 'EC2', crv, x: point.slice(1), y: point[0] === 3 }
}

/** The curve of an AlgorithmIdentifier. */
function curveOf(content: Uint8Array): string {
  const [algorithm, parameters] = elements(content)
  return hex(algorithm?.content ?? content) === ecPublicKey
    ? curveOfOid(parameters?.content)
    : curveOfOid(algorithm?.content)
}

function curveOfOid(oid: Uint8Array | undefined): string {
  const digits = hex(oid ?? new Uint8Array(0))
  const crv = curvesByOid[digits]
  if (crv) return crv
  const name = namesOfOthers[digits] ?? `object identifier ${digits}`
  throw new CoseError('key_invalid', `a key of P-256, P-384, Ed25519 or X25519, not ${name}`)
}

interface Element {
  readonly tag: number
  readonly content: Uint8Array
}

/** The DER elements that follow each other in some bytes. */
function elements(der: Uint8Array): Element[] {
  const found: Element[] = []
  for (let at = 0; at < der.length; ) {
    const tag = der[at]!
    let length = der[at + 1] ?? 0xff
    at += 2
    if (length > 0x80) {
      const bytes = length - 0x80
      if (bytes > 3 || at + bytes > der.length) throw malformed()
      length = 0
      for (const end = at + bytes; at < end; at++) length = length * 256 + der[at]!
    }
    if (at + length > der.length) throw malformed()
    found.push({ tag, content: der.subarray(at, at + length) })
    at += length
  }
  return found
}

function malformed(): DecodeError {
  return new DecodeError('invalid_value', '', 'the DER of a key in the PEM')
}

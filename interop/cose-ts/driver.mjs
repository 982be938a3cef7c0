// @ldclabs/cose-ts behind the line protocol: COSE_Sign1, COSE_Mac0, COSE_Encrypt0 and COSE_Key.
import { AesGcmKey } from '@ldclabs/cose-ts/aesgcm'
import { ChaCha20Poly1305Key } from '@ldclabs/cose-ts/chacha20poly1305'
import { ECDSAKey } from '@ldclabs/cose-ts/ecdsa'
import { Ed25519Key } from '@ldclabs/cose-ts/ed25519'
import { Encrypt0Message } from '@ldclabs/cose-ts/encrypt0'
import { Header } from '@ldclabs/cose-ts/header'
import { HMACKey } from '@ldclabs/cose-ts/hmac'
import { Key } from '@ldclabs/cose-ts/key'
import { Mac0Message } from '@ldclabs/cose-ts/mac0'
import { Sign1Message } from '@ldclabs/cose-ts/sign1'
import {
  fromBase64url,
  fromHex,
  opaqueFromText,
  opaqueToText,
  serve,
  toBase64url,
  toHex,
  Unsupported,
  versionOf,
} from '../shared/driver.mjs'

const algorithms = new Map([
  ['ES256', -7],
  ['ES384', -35],
  ['EdDSA', -8],
  ['HMAC 256/64', 4],
  ['HMAC 256/256', 5],
  ['HMAC 384/384', 6],
  ['A128GCM', 1],
  ['A192GCM', 2],
  ['A256GCM', 3],
  ['ChaCha20/Poly1305', 24],
])
const names = new Map([...algorithms].map(([name, value]) => [value, name]))
const jose = { HS256: 'HMAC 256/256', HS384: 'HMAC 384/384' }
const curves = new Map([
  ['P-256', 1],
  ['P-384', 2],
  ['P-521', 3],
  ['X25519', 4],
  ['Ed25519', 6],
])
const types = { OKP: 1, EC: 2, oct: 4 }
const structures = {
  sign1: { message: Sign1Message, first: 0xd2 },
  mac0: { message: Mac0Message, first: 0xd1 },
  encrypt0: { message: Encrypt0Message, first: 0xd0 },
}

const structureOf = (alg) => (alg < 0 ? 'sign1' : alg > 3 && alg < 8 ? 'mac0' : 'encrypt0')
const classOf = (alg) =>
  alg === -8
    ? Ed25519Key
    : alg < 0
      ? ECDSAKey
      : alg === 24
        ? ChaCha20Poly1305Key
        : alg < 4
          ? AesGcmKey
          : HMACKey

const coordinates = Object.entries({ x: -2, y: -3, d: -4 })

function paramsOf({ kty, crv, kid, alg, ...jwk }) {
  const map = new Map([[1, types[kty]]])
  if (kid !== undefined) map.set(2, opaqueFromText(kid))
  if (alg !== undefined && !algorithms.has(jose[alg] ?? alg)) throw new Unsupported(alg)
  if (alg !== undefined) map.set(3, algorithms.get(jose[alg] ?? alg))
  if (kty === 'oct') return map.set(-1, fromBase64url(jwk.k))
  map.set(-1, curves.get(crv))
  for (const [name, label] of coordinates)
    if (jwk[name] !== undefined) map.set(label, fromBase64url(jwk[name]))
  return map
}

const keyFor = (jwk, alg) => new (classOf(alg))(paramsOf(jwk).set(3, alg))

async function open({ hex, keys, externalAad = '' }) {
  const bytes = fromHex(hex)
  const [structure, { message } = {}] =
    Object.entries(structures).find(([, { first }]) => first === bytes[0]) ?? []
  if (!structure) throw new Unsupported('a message without a tag of its structure')
  let refusal = new Unsupported('an algorithm that the library does not have')
  for (const jwk of keys)
    for (const alg of algorithms.values()) {
      if (structureOf(alg) !== structure) continue
      try {
        const opened = await message.fromBytes(keyFor(jwk, alg), bytes, fromHex(externalAad))
        const { protected: header, unprotected } = opened
        const told = (header.has(1) ? header : unprotected).getInt(1)
        return { structure, alg: names.get(told), payload: toHex(opened.payload) }
      } catch (error) {
        // The library compares the algorithm of the header with that of the key.
        if (!/alg mismatch/.test(error.message)) refusal = error
      }
    }
  throw refusal
}

async function protect({ alg: name, key: jwk, payload, externalAad = '' }) {
  const alg = algorithms.get(name)
  if (alg === undefined) throw new Unsupported(name)
  const { message } = structures[structureOf(alg)]
  const header = new Header().setParam(1, alg)
  const unprotected = new Header()
  if (jwk.kid !== undefined) unprotected.setParam(4, opaqueFromText(jwk.kid))
  if (structureOf(alg) === 'encrypt0') unprotected.setParam(5, crypto.getRandomValues(new Uint8Array(12)))
  const made = await new message(fromHex(payload), header, unprotected).toBytes(
    keyFor(jwk, alg),
    fromHex(externalAad),
  )
  return { hex: toHex(message.withTag(made)) }
}

function decode({ message, hex }) {
  if (message !== 'cose-key') throw new Unsupported(message)
  const key = Key.fromBytes(fromHex(hex))
  const kty = Object.keys(types).find((name) => types[name] === key.kty)
  if (!kty) throw new Unsupported(`kty ${key.kty}`)
  const value = { kty }
  if (key.has(2)) value.kid = opaqueToText(key.kid)
  if (key.has(3)) {
    const name = names.get(key.alg)
    if (!name) throw new Unsupported(`alg ${key.alg}`)
    value.alg = Object.keys(jose).find((told) => jose[told] === name) ?? name
  }
  if (kty === 'oct') return { value: { ...value, k: toBase64url(key.getBytes(-1)) } }
  value.crv = [...curves].find(([, number]) => number === key.getInt(-1))?.[0]
  for (const [name, label] of coordinates) if (key.has(label)) value[name] = toBase64url(key.getBytes(label))
  return { value }
}

function encode({ message, value }) {
  if (message !== 'cose-key') throw new Unsupported(message)
  return { hex: toHex(new Key(paramsOf(value)).toBytes()) }
}

await serve('@ldclabs/cose-ts', versionOf('@ldclabs/cose-ts', import.meta.url), {
  decode,
  encode,
  'cose-open': open,
  'cose-protect': protect,
})

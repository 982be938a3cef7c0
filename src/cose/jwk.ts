import { join } from '../cbor/decode-error.ts'
import { coseAlgorithms } from '../registry/generated/cose-algorithms.ts'
import { coseCurves } from '../registry/generated/cose-curves.ts'
import { copyJson, type Json, jsonEntries, refuse, textFromJson } from '../table/json.ts'
import { bytes } from '../table/types/bytes.ts'
import { opaque, opaqueToText } from '../table/types/opaque.ts'
import { frozen, type UnknownMember } from '../table/unknown-member.ts'
import { type CoseKey, shielded } from './cose-key.ts'
import { type KeyType, keyTypeOf, keyTypes } from './key-types.ts'

/** The algorithms that JOSE calls otherwise (RFC 7518). The rest have the same name in both, or none in one of them. */
const algorithms: Readonly<Record<string, string>> = {
  'HMAC 256/256': 'HS256',
  'HMAC 384/384': 'HS384',
  'HMAC 512/512': 'HS512',
  'RSAES-OAEP w/ RFC 8017 default parameters': 'RSA-OAEP',
  'RSAES-OAEP w/ SHA-256': 'RSA-OAEP-256',
  'RSAES-OAEP w/ SHA-512': 'RSA-OAEP-512',
}

const operations: Readonly<Record<string, string>> = {
  sign: 'sign',
  verify: 'verify',
  encrypt: 'encrypt',
  decrypt: 'decrypt',
  'wrap key': 'wrapKey',
  'unwrap key': 'unwrapKey',
  'derive key': 'deriveKey',
  'derive bits': 'deriveBits',
}

/** Those of a symmetric key, which JWK calls by the same names as signing (RFC 7517 §4.3). */
const { sign: _, verify: __, ...withoutSigning } = operations
const macOperations: Readonly<Record<string, string>> = {
  ...withoutSigning,
  'MAC create': 'sign',
  'MAC verify': 'verify',
}

/**
 * The JWK (RFC 7517) of a COSE key; undefined where JWK has no words for something of it: another key type, a compressed
 * point, a base IV, an integer without a name, a text label, parameters beyond those of the key type.
 */
export function toJwk(key: CoseKey): Record<string, Json> | undefined {
  const { kid, alg, key_ops, unknown = [] } = key
  const { jwk: kty, rows } = keyTypeOf(key.kty)
  const kept: [name: string, json: Json][] = []
  for (const member of unknown) {
    if (!('name' in member)) return undefined
    kept.push([member.name, copyJson(member.json)])
  }
  if ((kty ?? kept.find(([name]) => name === 'kty')) === undefined || key['Base IV'] !== undefined)
    return undefined
  const jwk: Record<string, Json> = kty === undefined ? {} : { kty }
  if (kid !== undefined) jwk['kid'] = typeof kid === 'string' ? kid : opaqueToText(kid)
  if (alg !== undefined) {
    if (!isNameOf(coseAlgorithms, alg)) return undefined
    jwk['alg'] = algorithms[alg] ?? alg
  }
  if (key_ops !== undefined) {
    const names = operationsOf(kty)
    const ops = key_ops.map((op) => (isNameOf(names, op) ? names[op] : undefined))
    if (ops.includes(undefined)) return undefined
    jwk['key_ops'] = ops as string[]
  }
  for (const [name, row] of Object.entries(rows)) {
    const value = key[name as keyof CoseKey]
    if (value === undefined) continue
    if (value instanceof Uint8Array) jwk[row.jwk] = bytes.toJson(value)
    else if (name === 'crv' && isNameOf(coseCurves, value)) jwk[row.jwk] = value
    else return undefined
  }
  return Object.fromEntries([...Object.entries(jwk), ...kept])
}

function isNameOf(values: object, value: unknown): value is string {
  return typeof value === 'string' && Object.hasOwn(values, value)
}

function operationsOf(kty: string | undefined): Readonly<Record<string, string>> {
  return kty === 'oct' ? macOperations : operations
}

/**
 * The COSE key of a JWK. A key of any type is taken. Members that COSE has no form for are kept among the unknown ones and come out again
 * in JSON; see {@link CoseKey.unknown}.
 *
 * @throws DecodeError, and nothing else, for whatever value
 */
export function fromJwk(json: unknown, path = ''): CoseKey {
  const entries = jsonEntries(json, path)
  const given = entries.find(([name]) => name === 'kty')
  if (!given) refuse('missing_member', join(path, 'kty'))
  const kty = textFromJson(given[1], join(path, 'kty'))
  const name = Object.keys(keyTypes).find((one) => keyTypes[one]!.jwk === kty)
  const type: KeyType = keyTypeOf(name)
  const key: Record<string, unknown> = { kty: name ?? kty }
  const unknown: UnknownMember[] = name === undefined ? [{ name: 'kty', json: kty }] : []
  for (const [member, value] of entries) {
    if (member === 'kty') continue
    const at = join(path, member)
    const [parameter, taken] = memberFromJwk(member, value, type, kty, at) ?? []
    if (parameter === undefined) unknown.push({ name: member, json: copyJson(value, at) })
    else key[parameter] = taken
  }
  if (unknown.length > 0) key['unknown'] = frozen(unknown)
  return shielded(key)
}

/** The parameter that a member of a JWK is, and its value; undefined where COSE has no form for it. */
function memberFromJwk(
  member: string,
  value: unknown,
  { rows }: KeyType,
  kty: string,
  at: string,
): [parameter: string, value: unknown] | undefined {
  if (member === 'kid') return [member, opaque.fromJson(value, at)]
  if (member === 'alg') {
    const alg = inverse(algorithms, textFromJson(value, at))
    return isNameOf(coseAlgorithms, alg) ? [member, alg] : undefined
  }
  if (member === 'key_ops') {
    const ops = keyOpsFromJson(value, operationsOf(kty), at)
    return ops ? [member, ops] : undefined
  }
  const parameter = Object.keys(rows).find((name) => rows[name]!.jwk === member)
  if (parameter === undefined) return undefined
  if (parameter !== 'crv') return [parameter, bytes.fromJson(value, at)]
  const crv = textFromJson(value, at)
  return isNameOf(coseCurves, crv) ? [parameter, crv] : undefined
}

/** The operations of a JWK; undefined where one has no integer in COSE, or where there are none. */
function keyOpsFromJson(
  value: unknown,
  names: Readonly<Record<string, string>>,
  path: string,
): readonly string[] | undefined {
  if (!Array.isArray(value)) refuse('unexpected_type', path, 'an array')
  const ops = Array.from(value, (op) => inverse(names, textFromJson(op, path)))
  return ops.length > 0 && ops.every((op) => Object.hasOwn(names, op)) ? Object.freeze(ops) : undefined
}

/** What COSE calls an operation of a JWK; the name itself where COSE has none. */
export function operationFromJwk(kty: unknown, op: string): string {
  return inverse(operationsOf(keyTypeOf(kty).jwk), op)
}

function inverse(names: Readonly<Record<string, string>>, value: string): string {
  return Object.keys(names).find((name) => names[name] === value) ?? value
}

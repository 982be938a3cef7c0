import { fromBase64url } from '../table/base64url.ts'
import { copyJson, type Json, jsonEntries, refuse, textFromJson } from '../table/json.ts'
import { join } from '../table/members-cbor.ts'
import { opaque, opaqueToText } from '../table/opaque.ts'
import { bytes } from '../table/types.ts'
import type { UnknownMember } from '../table/unknown-member.ts'
import type { CoseKey } from './cose-key.ts'

const keyTypes: Readonly<Record<string, string>> = { OKP: 'OKP', EC2: 'EC', Symmetric: 'oct' }

/** The algorithms that JOSE calls otherwise; the rest have the same name, or only that of COSE. */
const algorithms: Readonly<Record<string, string>> = {
  'HMAC 256/256': 'HS256',
  'HMAC 384/384': 'HS384',
  'HMAC 512/512': 'HS512',
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
const macOperations: Readonly<Record<string, string>> = {
  ...operations,
  sign: '',
  verify: '',
  'MAC create': 'sign',
  'MAC verify': 'verify',
}

const parameters = ['x', 'y', 'd', 'k'] as const

/**
 * The JWK (RFC 7517) of a COSE key; undefined where JWK has no words for something of it: another key type, a compressed
 * point, a base IV, an integer without a name, parameters beyond those of RFC 9053.
 */
export function toJwk(key: CoseKey): Record<string, Json> | undefined {
  const kty = Object.hasOwn(keyTypes, String(key.kty)) ? keyTypes[String(key.kty)] : undefined
  const { kid, alg, key_ops, crv, unknown = [] } = key
  if (kty === undefined || key['Base IV'] !== undefined || unknown.some((member) => 'cbor' in member))
    return undefined
  const jwk: Record<string, Json> = { kty }
  if (kid !== undefined) jwk['kid'] = typeof kid === 'string' ? kid : opaqueToText(kid)
  for (const [name, value] of Object.entries({ alg, crv })) {
    if (value === undefined) continue
    // A text that JOSE has for another algorithm would come back as that.
    if (typeof value !== 'string' || (name === 'alg' && inverse(algorithms, value) !== value))
      return undefined
    jwk[name] = name === 'alg' && Object.hasOwn(algorithms, value) ? algorithms[value]! : value
  }
  if (key_ops !== undefined) {
    const names = kty === 'oct' ? macOperations : operations
    const ops = key_ops.map((op) => Object.hasOwn(names, String(op)) && names[String(op)])
    if (ops.some((op) => !op)) return undefined
    jwk['key_ops'] = ops as string[]
  }
  for (const name of parameters) {
    const value = key[name]
    if (value === undefined) continue
    if (typeof value === 'boolean') return undefined
    jwk[name] = bytes.toJson(value)
  }
  const rest = unknown.flatMap((member): [string, Json][] =>
    'json' in member ? [[member.name, copyJson(member.json)]] : [],
  )
  return Object.fromEntries([...Object.entries(jwk), ...rest])
}

/**
 * The COSE key of a JWK. Members that COSE has no parameter for are kept, and come out again in JSON.
 *
 * @throws DecodeError, and nothing else, for whatever value
 */
export function fromJwk(json: unknown, path = ''): CoseKey {
  const members = Object.fromEntries(jsonEntries(json, path))
  const kty = Object.keys(keyTypes).find((name) => keyTypes[name] === members['kty'])
  if (kty === undefined) refuse('invalid_value', join(path, 'kty'), 'OKP, EC or oct')
  const key: Record<string, unknown> = { kty }
  const unknown: UnknownMember[] = []
  for (const [name, value] of Object.entries(members)) {
    const at = join(path, name)
    if (name === 'kty') continue
    if (name === 'kid') key[name] = opaque.fromJson(value, at)
    else if (name === 'alg') key[name] = inverse(algorithms, textFromJson(value, at))
    else if (name === 'crv' && kty !== 'Symmetric') key[name] = textFromJson(value, at)
    else if (name === 'key_ops')
      key[name] = keyOpsFromJson(value, kty === 'Symmetric' ? macOperations : operations, at)
    else if (isParameter(name, kty))
      key[name] = fromBase64url(textFromJson(value, at)) ?? refuse('invalid_value', at, 'base64url')
    else unknown.push({ name, json: copyJson(value, at) })
  }
  if (unknown.length > 0) key['unknown'] = unknown
  return key as unknown as CoseKey
}

function isParameter(name: string, kty: string): boolean {
  return kty === 'Symmetric' ? name === 'k' : ['x', 'd'].includes(name) || (name === 'y' && kty === 'EC2')
}

function keyOpsFromJson(value: unknown, names: Readonly<Record<string, string>>, path: string): string[] {
  if (!Array.isArray(value)) refuse('unexpected_type', path, 'an array')
  return value.map((op) => inverse(names, textFromJson(op, path)))
}

function inverse(names: Readonly<Record<string, string>>, value: string): string {
  return Object.keys(names).find((name) => names[name] === value) ?? value
}

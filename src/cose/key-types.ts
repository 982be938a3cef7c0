import { readBytes, writeBytes } from '../cbor/byte-string.ts'
import { join } from '../cbor/decode-error.ts'
import { array, byteString, simple, simpleFalse, simpleTrue } from '../cbor/major.ts'
import { writeBoolean } from '../cbor/simple-value.ts'
import { akpKeyParameters } from '../registry/generated/akp-key-parameters.ts'
import { type CoseAlgorithmName, coseAlgorithms } from '../registry/generated/cose-algorithms.ts'
import { type CoseCurveName, coseCurves } from '../registry/generated/cose-curves.ts'
import { type CoseKeyOpName, coseKeyOps } from '../registry/generated/cose-key-ops.ts'
import { coseKeyParameters } from '../registry/generated/cose-key-parameters.ts'
import { type CoseKeyTypeName, coseKeyTypes } from '../registry/generated/cose-key-types.ts'
import { ec2KeyParameters } from '../registry/generated/ec2-key-parameters.ts'
import { okpKeyParameters } from '../registry/generated/okp-key-parameters.ts'
import { rsaKeyParameters } from '../registry/generated/rsa-key-parameters.ts'
import { symmetricKeyParameters } from '../registry/generated/symmetric-key-parameters.ts'
import { EncodeError } from '../table/encode-error.ts'
import type { Row, Rows } from '../table/table.ts'
import { bytes } from '../table/types/bytes.ts'
import type { Code } from '../table/types/code.ts'
import { type MapInputOf, type MapOf, mapType } from '../table/types/map.ts'
import { opaque } from '../table/types/opaque.ts'
import type { ValueType } from '../table/types/value-type.ts'
import { algorithmOf } from './algorithms.ts'
import { label } from './label.ts'

/** The y coordinate of an EC2 key, or its sign where the point is compressed (RFC 9053 §7.1.1). */
const coordinateOrSign: ValueType<Uint8Array | boolean> = {
  ...bytes,
  cbor: 'byte string, true or false',
  decode: (reader) => {
    reader.head()
    if (reader.major === byteString) return reader.bytes()
    const isTrue = reader.info === simpleTrue
    if (reader.major === simple && (isTrue || reader.info === simpleFalse)) return isTrue
    return reader.fail('unexpected_type', 'a byte string, true or false')
  },
  encode: (writer, value) =>
    typeof value === 'boolean' ? writeBoolean(writer, value) : writeBytes(writer, value),
  toJson: (value) => (typeof value === 'boolean' ? value : bytes.toJson(value)),
  accept: (input, path) => (typeof input === 'boolean' ? input : bytes.accept(input, path)),
}

const keyOp = /* @__PURE__ */ label(coseKeyOps)

/** What a key may be used for: one operation at least (RFC 9052 §7). */
const keyOps: ValueType<readonly Code<CoseKeyOpName>[]> = {
  cbor: 'array of one or more integers or text strings',
  json: 'array of integers',
  decode: (reader) => {
    reader.headOf(array, 'an array')
    const { start } = reader
    const ops: Code<CoseKeyOpName>[] = []
    reader.each(() => ops.push(keyOp.decode(reader)))
    return ops.length > 0 ? Object.freeze(ops) : reader.fail('invalid_value', 'one operation at least', start)
  },
  encode: (writer, ops, path) => {
    writer.head(array, ops.length)
    for (const op of ops) keyOp.encode(writer, op, path)
  },
  // A COSE key is a JWK or base64url in JSON, never a table of its own.
  fromJson: (_, path) => {
    throw new EncodeError('unexpected_type', path)
  },
  toJson: (ops) => ops.map((op) => keyOp.toJson(op)),
  accept: (input, path) => {
    if (!Array.isArray(input)) return undefined
    if (input.length === 0) throw new EncodeError('invalid_value', path, 'one operation at least')
    const ops = Array.from(input, (op) => keyOp.accept(op, path))
    return ops.includes(undefined) ? undefined : Object.freeze(ops as Code<CoseKeyOpName>[])
  },
}

/** A key identifier: a text that is given for it is read by `opaqueFromText`. */
const kid: ValueType<Uint8Array, Uint8Array | string> = { ...opaque, decode: readBytes }

const keySection = 'RFC 9052 section 7.1'

/** The parameters that every key may have (RFC 9052 §7.1). */
const commonRows = {
  kty: {
    key: coseKeyParameters.kty,
    type: label(coseKeyTypes) as ValueType<Code<CoseKeyTypeName>>,
    required: true,
    section: keySection,
  },
  kid: { key: coseKeyParameters.kid, type: kid, section: keySection },
  alg: {
    key: coseKeyParameters.alg,
    type: label(coseAlgorithms) as ValueType<Code<CoseAlgorithmName>>,
    section: keySection,
  },
  key_ops: { key: coseKeyParameters.key_ops, type: keyOps, section: keySection },
  'Base IV': { key: coseKeyParameters['Base IV'], type: bytes, section: keySection },
} as const satisfies Rows

/** A parameter of a key type, with what a JWK calls it. */
interface ParameterRow extends Row {
  readonly jwk: string
}

const curve = label(coseCurves) as ValueType<Code<CoseCurveName>>
const okpSection = 'RFC 9053 section 7.2'
const ec2Section = 'RFC 9053 section 7.1.1'
const rsaSection = 'RFC 8230 section 4'

const okpRows = {
  crv: { key: okpKeyParameters.crv, type: curve, jwk: 'crv', section: okpSection },
  x: { key: okpKeyParameters.x, type: bytes, jwk: 'x', section: okpSection },
  d: { key: okpKeyParameters.d, type: bytes, jwk: 'd', secret: true, section: okpSection },
} as const satisfies Readonly<Record<string, ParameterRow>>

const ec2Rows = {
  crv: { key: ec2KeyParameters.crv, type: curve, jwk: 'crv', section: ec2Section },
  x: { key: ec2KeyParameters.x, type: bytes, jwk: 'x', section: ec2Section },
  y: { key: ec2KeyParameters.y, type: coordinateOrSign, jwk: 'y', section: ec2Section },
  d: { key: ec2KeyParameters.d, type: bytes, jwk: 'd', secret: true, section: ec2Section },
} as const satisfies Readonly<Record<string, ParameterRow>>

const symmetricRows = {
  k: {
    key: symmetricKeyParameters.k,
    type: bytes,
    jwk: 'k',
    secret: true,
    section: 'RFC 9053 section 7.3',
  },
} as const satisfies Readonly<Record<string, ParameterRow>>

const rsaRows = {
  n: { key: rsaKeyParameters.n, type: bytes, jwk: 'n', section: rsaSection },
  e: { key: rsaKeyParameters.e, type: bytes, jwk: 'e', section: rsaSection },
  d: { key: rsaKeyParameters.d, type: bytes, jwk: 'd', secret: true, section: rsaSection },
  p: { key: rsaKeyParameters.p, type: bytes, jwk: 'p', secret: true, section: rsaSection },
  q: { key: rsaKeyParameters.q, type: bytes, jwk: 'q', secret: true, section: rsaSection },
  dP: { key: rsaKeyParameters.dP, type: bytes, jwk: 'dp', secret: true, section: rsaSection },
  dQ: { key: rsaKeyParameters.dQ, type: bytes, jwk: 'dq', secret: true, section: rsaSection },
  qInv: { key: rsaKeyParameters.qInv, type: bytes, jwk: 'qi', secret: true, section: rsaSection },
} as const satisfies Readonly<Record<string, ParameterRow>>

const akpRows = {
  pub: { key: akpKeyParameters.pub, type: bytes, jwk: 'pub', section: 'RFC 9964' },
  priv: {
    key: akpKeyParameters.priv,
    type: bytes,
    jwk: 'priv',
    secret: true,
    section: 'RFC 9964',
  },
} as const satisfies Readonly<Record<string, ParameterRow>>

type AnyRows = typeof commonRows &
  Omit<typeof okpRows, 'd'> &
  Omit<typeof ec2Rows, 'd'> &
  typeof symmetricRows &
  typeof rsaRows &
  typeof akpRows

/** A key of any type, as its table holds it. */
export type KeyMembers = MapOf<AnyRows>
/** What a key of any type may be given as. */
export type KeyInput = MapInputOf<AnyRows>

/** A key type: its parameters, from which reading, writing, checking, hiding and the JWK come. */
export interface KeyType {
  /** What a JWK calls the type; undefined where JWK does not have it. */
  readonly jwk: string | undefined
  /** The parameters of the type, by name. */
  readonly rows: Readonly<Record<string, ParameterRow>>
  /** The parameters that a public key needs. */
  readonly publicParameters: readonly string[]
  /** The curves of the type, where it has any. */
  readonly curves: readonly string[]
  readonly map: ValueType<KeyMembers, KeyInput>
}

function keyType(
  jwk: string | undefined,
  rows: Readonly<Record<string, ParameterRow>>,
  publicParameters: readonly string[],
  curves: readonly string[] = [],
): KeyType {
  const all = { ...commonRows, ...rows }
  return {
    jwk,
    rows,
    publicParameters,
    curves,
    map: mapType(all as unknown as AnyRows, undefined, { isJsonOptional: true }),
  }
}

const okpCurves: readonly CoseCurveName[] = ['X25519', 'X448', 'Ed25519', 'Ed448']

/** The key types whose parameters are known here. */
export const keyTypes: Readonly<Record<string, KeyType>> = /* @__PURE__ */ (() => ({
  OKP: keyType('OKP', okpRows, ['crv', 'x'], okpCurves),
  EC2: keyType(
    'EC',
    ec2Rows,
    ['crv', 'x', 'y'],
    Object.keys(coseCurves).filter((name) => !okpCurves.includes(name as CoseCurveName)),
  ),
  Symmetric: keyType('oct', symmetricRows, []),
  RSA: keyType('RSA', rsaRows, ['n', 'e']),
  AKP: keyType('AKP', akpRows, ['pub']),
}))()

/** A type whose parameters are not known: they are carried as they are. */
export const otherKeyType: KeyType = /* @__PURE__ */ keyType(undefined, {}, [])

/** The key type with a name; that of unknown parameters for any other. */
export function keyTypeOf(kty: unknown): KeyType {
  return typeof kty === 'string' && Object.hasOwn(keyTypes, kty) ? keyTypes[kty]! : otherKeyType
}

/** The parameters of a key that hold a private or symmetric key. */
export function secretParameters(key: Readonly<Record<string, unknown>>): string[] {
  const { rows } = keyTypeOf(key['kty'])
  return Object.keys(rows).filter((name) => rows[name]!.secret && key[name] !== undefined)
}

/**
 * Refuses a key that nobody could use (RFC 9053 §7, RFC 8230 §4): one that lacks a part of its public key and has no private one, and one
 * on a curve of another key type.
 *
 * @throws EncodeError `missing_member`, `conflicting_members`
 */
export function requireWholeKey(key: Readonly<Record<string, unknown>>, path: string): void {
  const { curves, publicParameters } = keyTypeOf(key['kty'])
  const crv = key['crv']
  if (typeof crv === 'string' && Object.hasOwn(coseCurves, crv) && !curves.includes(crv))
    throw new EncodeError('conflicting_members', join(path, 'crv'), `a curve of ${String(key['kty'])}`)
  const algorithm = algorithmOf(key['alg'])
  if (algorithm && algorithm.kty !== key['kty'])
    throw new EncodeError('conflicting_members', join(path, 'alg'), `an algorithm of ${String(key['kty'])}`)
  // A point follows from the private key.
  const needed =
    curves.length > 0 && key['d'] !== undefined
      ? publicParameters.filter((name) => name === 'crv')
      : publicParameters
  const absent = needed.find((name) => key[name] === undefined)
  if (absent) throw new EncodeError('missing_member', join(path, absent))
}

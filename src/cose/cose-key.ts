import { readBytes, writeBytes } from '../cbor/byte-string.ts'
import { array, byteString, simple, simpleFalse, simpleTrue } from '../cbor/major.ts'
import { decode, type Key, type Reader, readRaw } from '../cbor/reader.ts'
import { writeBoolean } from '../cbor/simple-value.ts'
import { encode, type Writer } from '../cbor/writer.ts'
import { type CoseAlgorithmName, coseAlgorithms } from '../registry/generated/cose-algorithms.ts'
import { type CoseCurveName, coseCurves } from '../registry/generated/cose-curves.ts'
import { type CoseKeyOpName, coseKeyOps } from '../registry/generated/cose-key-ops.ts'
import { coseKeyParameters } from '../registry/generated/cose-key-parameters.ts'
import { type CoseKeyTypeName, coseKeyTypes } from '../registry/generated/cose-key-types.ts'
import { ec2KeyParameters } from '../registry/generated/ec2-key-parameters.ts'
import { okpKeyParameters } from '../registry/generated/okp-key-parameters.ts'
import { symmetricKeyParameters } from '../registry/generated/symmetric-key-parameters.ts'
import { fromCborInJson } from '../table/cbor-in-json.ts'
import { EncodeError } from '../table/encode-error.ts'
import { Hidden } from '../table/hidden.ts'
import { join } from '../table/members-cbor.ts'
import { opaque, opaqueFromText } from '../table/opaque.ts'
import { bytes, type Code } from '../table/types.ts'
import { unknownFromInput } from '../table/unknown-input.ts'
import type { UnknownCborMember, UnknownMember } from '../table/unknown-member.ts'
import type { ValueType } from '../table/value-type.ts'
import { label } from './label.ts'

/**
 * A COSE key (RFC 9052 §7, RFC 9053 §7). Nothing is checked of it but its structure: lengths and curve points are for
 * those who use it.
 */
export interface CoseKey {
  /** The key type. Required. */
  readonly kty: Code<CoseKeyTypeName>
  /** The key identifier. A text that is given for it is read by `opaqueFromText`. */
  readonly kid?: Uint8Array | string
  /** The algorithm that the key is limited to. */
  readonly alg?: Code<CoseAlgorithmName>
  /** What the key may be used for. */
  readonly key_ops?: readonly Code<CoseKeyOpName>[]
  /** The base of Partial IVs. */
  readonly 'Base IV'?: Uint8Array
  /** The curve, of an OKP or EC2 key. */
  readonly crv?: Code<CoseCurveName>
  /** The public key of an OKP key, the x coordinate of an EC2 key. */
  readonly x?: Uint8Array
  /** The y coordinate of an EC2 key, or its sign where the point is compressed. */
  readonly y?: Uint8Array | boolean
  /** The private key of an OKP or EC2 key. */
  readonly d?: Uint8Array
  /** The value of a symmetric key. */
  readonly k?: Uint8Array
  /** The parameters beyond these. */
  readonly unknown?: readonly UnknownMember[]
}

type ParameterName = 'crv' | 'x' | 'y' | 'd' | 'k'
type MutableKey = { -readonly [Name in Exclude<keyof CoseKey, 'unknown'>]?: CoseKey[Name] }
/** A key that is being read, with what came before the key type that tells what it stands for. */
type Draft = MutableKey & { unknown?: (UnknownCborMember & { offset: number })[] }

const kty = /* @__PURE__ */ label(coseKeyTypes)
const alg = /* @__PURE__ */ label(coseAlgorithms)
const crv = /* @__PURE__ */ label(coseCurves)
const keyOp = /* @__PURE__ */ label(coseKeyOps)

/** The parameters of each key type that the library knows (RFC 9053 §7). */
const parametersOf: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  OKP: okpKeyParameters,
  EC2: ec2KeyParameters,
  Symmetric: symmetricKeyParameters,
}

/** The parameter of a key type that has a label. */
function parameterName(type: CoseKey['kty'] | undefined, keyLabel: unknown): ParameterName | undefined {
  if (type === 'EC2' || type === 'OKP')
    switch (keyLabel) {
      case ec2KeyParameters.crv:
        return 'crv'
      case ec2KeyParameters.x:
        return 'x'
      case ec2KeyParameters.y:
        return type === 'EC2' ? 'y' : undefined
      case ec2KeyParameters.d:
        return 'd'
    }
  return type === 'Symmetric' && keyLabel === symmetricKeyParameters.k ? 'k' : undefined
}

/** Which members take what. */
const isRight: Readonly<Record<string, (value: unknown) => boolean>> = {
  crv: (value) => typeof value !== 'boolean' && !(value instanceof Uint8Array),
  x: (value) => value instanceof Uint8Array,
  y: (value) => value instanceof Uint8Array || typeof value === 'boolean',
  d: (value) => value instanceof Uint8Array,
  k: (value) => value instanceof Uint8Array,
}

/** What a key may be given as. */
export type CoseKeyInput = Omit<CoseKey, never>

/** The members in the order in which they are shown, whatever that was in which they came. */
const shownNames = ['kty', 'kid', 'alg', 'key_ops', 'Base IV', 'crv', 'x', 'y', 'd', 'k', 'unknown'] as const
/** What is not shown: of private keys, and of what may be any. */
const secretNames: readonly string[] = ['d', 'k', 'unknown']

/** A COSE key in a message. Its form in JSON is the base64url of its CBOR; confirmation tells it as a JWK where it can. */
export const coseKey: ValueType<CoseKey, CoseKeyInput> = {
  cbor: 'COSE_Key',
  json: 'object',
  decode: readCoseKey,
  encode: writeCoseKey,
  fromJson: (json, path) => fromCborInJson(json, path, readCoseKey),
  toJson: (key) => bytes.toJson(encodeCoseKey(key)),
  accept: acceptCoseKey,
  redact: (key) =>
    Object.fromEntries(
      shownNames
        .filter((name) => key[name] !== undefined)
        .map((name) => [name, secretNames.includes(name) ? new Hidden(key[name]) : key[name]]),
    ),
}

/**
 * Reads a COSE key from its CBOR. Its byte strings share memory with nothing.
 *
 * @throws DecodeError, and nothing else, for whatever bytes
 * @throws TypeError for anything but a Uint8Array
 */
export function decodeCoseKey(cbor: Uint8Array): CoseKey {
  return decode(cbor, undefined, readCoseKey)
}

/** A COSE key in deterministic CBOR. */
export function encodeCoseKey(key: CoseKey): Uint8Array {
  return encode((writer) => writeCoseKey(writer, key, ''))
}

function readCoseKey(reader: Reader): CoseKey {
  const key: Draft = {}
  const first = reader.readMap((id) => readMember(reader, id, key))
  if (key.kty === undefined) reader.fail('missing_member', '', first, 'kty')
  return key.unknown ? readAgain(reader, key) : (key as CoseKey)
}

function readMember(reader: Reader, id: Key, key: Draft): void {
  switch (id) {
    case coseKeyParameters.kty:
      key.kty = reader.inMember('kty', kty.decode)
      break
    case coseKeyParameters.kid:
      key.kid = reader.inMember('kid', readBytes)
      break
    case coseKeyParameters.alg:
      key.alg = reader.inMember('alg', alg.decode)
      break
    case coseKeyParameters.key_ops:
      key.key_ops = reader.inMember('key_ops', readKeyOps)
      break
    case coseKeyParameters['Base IV']:
      key['Base IV'] = reader.inMember('Base IV', readBytes)
      break
    default: {
      const name = parameterName(key.kty, id)
      if (name) readParameter(reader, key, name)
      else {
        key.unknown ??= []
        key.unknown.push({ key: id, offset: reader.at, cbor: readRaw(reader) })
      }
    }
  }
}

/** Reads once more what came before the key type. */
function readAgain(reader: Reader, { unknown: members = [], ...key }: Draft): CoseKey {
  const unknown: UnknownCborMember[] = []
  for (const { key: keyLabel, cbor, offset } of members) {
    const name = parameterName(key.kty, keyLabel)
    if (name) reader.again(offset, () => readParameter(reader, key, name))
    else unknown.push({ key: keyLabel, cbor })
  }
  return (unknown.length > 0 ? { ...key, unknown } : key) as CoseKey
}

function readParameter(reader: Reader, key: MutableKey, name: ParameterName): void {
  switch (name) {
    case 'crv':
      key.crv = reader.inMember(name, crv.decode)
      break
    case 'x':
      key.x = reader.inMember(name, readBytes)
      break
    case 'y':
      key.y = reader.inMember(name, readY)
      break
    case 'd':
      key.d = reader.inMember(name, readBytes)
      break
    case 'k':
      key.k = reader.inMember(name, readBytes)
  }
}

/** The coordinate, or its sign where the point is compressed. */
function readY(reader: Reader): Uint8Array | boolean {
  reader.head()
  const { major, info } = reader
  if (major === byteString) return reader.bytes()
  if (major === simple && (info === simpleTrue || info === simpleFalse)) return info === simpleTrue
  return reader.fail('unexpected_type', 'a byte string, true or false')
}

function readKeyOps(reader: Reader): Code<CoseKeyOpName>[] {
  reader.headOf(array, 'an array')
  const ops: Code<CoseKeyOpName>[] = []
  reader.each(() => ops.push(keyOp.decode(reader)))
  return ops
}

function writeCoseKey(writer: Writer, key: CoseKey, path: string): void {
  const { kid, alg: algorithm, key_ops, unknown } = key
  const map = writer.beginMap()
  writer.member(coseKeyParameters.kty)
  kty.encode(writer, key.kty, path)
  if (kid !== undefined) {
    writer.member(coseKeyParameters.kid)
    writeBytes(writer, typeof kid === 'string' ? opaqueFromText(kid) : kid)
  }
  if (algorithm !== undefined) {
    writer.member(coseKeyParameters.alg)
    alg.encode(writer, algorithm, path)
  }
  if (key_ops !== undefined) {
    writer.member(coseKeyParameters.key_ops)
    writer.head(array, key_ops.length)
    for (const op of key_ops) keyOp.encode(writer, op, path)
  }
  const iv = key['Base IV']
  if (iv !== undefined) {
    writer.member(coseKeyParameters['Base IV'])
    writeBytes(writer, iv)
  }
  const names = parametersOf[String(key.kty)] ?? {}
  for (const name in names) {
    const value = key[name as 'x']
    if (value === undefined) continue
    writer.member(names[name]!)
    writeParameter(writer, name, value, path)
  }
  for (const member of unknown ?? [])
    if ('cbor' in member) {
      writer.member(member.key)
      writer.raw(member.cbor)
    }
  writer.endMap(map, unknown === undefined)
}

function writeParameter(writer: Writer, name: string, value: unknown, path: string): void {
  if (name === 'crv') crv.encode(writer, value as Code<CoseCurveName>, path)
  else if (typeof value === 'boolean') writeBoolean(writer, value)
  else writeBytes(writer, value as Uint8Array)
}

function acceptCoseKey(input: unknown, path: string): CoseKey | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined
  const given = input as Record<string, unknown>
  const type = kty.accept(given['kty'], path)
  if (type === undefined) throw new EncodeError('missing_member', join(path, 'kty'))
  const names = parametersOf[String(type)] ?? {}
  const key: Record<string, unknown> = { kty: type }
  for (const [name, value] of Object.entries(given)) {
    const where = join(path, name)
    if (value === undefined || name === 'kty') continue
    let accepted: unknown
    if (name === 'kid') accepted = opaque.accept(value, where)
    else if (name === 'alg') accepted = alg.accept(value, where)
    else if (name === 'crv' && name in names) accepted = crv.accept(value, where)
    else if (name === 'Base IV') accepted = bytes.accept(value, where)
    else if (name === 'key_ops' && Array.isArray(value)) {
      const ops = value.map((op) => keyOp.accept(op, where))
      accepted = ops.includes(undefined) ? undefined : ops
    } else if (name === 'unknown' && Array.isArray(value)) {
      const known = (keyLabel: unknown): boolean =>
        [coseKeyParameters, names].some((table) => Object.values(table).includes(keyLabel as never))
      accepted = unknownFromInput(value, path, known)
    } else if (Object.hasOwn(names, name) && isRight[name]!(value))
      accepted = bytes.accept(value, where) ?? value
    if (accepted === undefined)
      throw new EncodeError('unexpected_type', where, `a parameter of a key of type ${type}`)
    key[name] = accepted
  }
  return key as unknown as CoseKey
}

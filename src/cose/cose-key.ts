import { join } from '../cbor/decode-error.ts'
import { map } from '../cbor/major.ts'
import { decode, type Reader } from '../cbor/reader.ts'
import { encode } from '../cbor/writer.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import type { CoseCurveName } from '../registry/generated/cose-curves.ts'
import type { CoseKeyOpName } from '../registry/generated/cose-key-ops.ts'
import { coseKeyParameters } from '../registry/generated/cose-key-parameters.ts'
import { type CoseKeyTypeName, coseKeyTypes } from '../registry/generated/cose-key-types.ts'
import { EncodeError } from '../table/encode-error.ts'
import { hideSecrets } from '../table/hidden-secret.ts'
import { copyJson } from '../table/json.ts'
import { bytes, fromCborInJson } from '../table/types/bytes.ts'
import type { Code } from '../table/types/code.ts'
import type { ValueType } from '../table/types/value-type.ts'
import { frozen, type UnknownMember } from '../table/unknown-member.ts'
import { type KeyType, keyTypeOf, requireWholeKey, secretParameters } from './key-types.ts'
import { label } from './label.ts'

/**
 * A COSE key (RFC 9052 §7, RFC 9053 §7, RFC 8230 §4). Only its structure is checked: lengths and curve points are for those who use it.
 * A key of any type is carried, whether it can be used here or not.
 */
export interface CoseKey {
  /** The key type. Required. */
  readonly kty: Code<CoseKeyTypeName>
  /** The key identifier. A text that is given for it is read by `opaqueFromText`; what was read or built has bytes. */
  readonly kid?: Uint8Array | string
  /** The algorithm that the key is limited to. */
  readonly alg?: Code<CoseAlgorithmName>
  /** What the key may be used for: one operation at least. */
  readonly key_ops?: readonly Code<CoseKeyOpName>[]
  /** The base of Partial IVs. */
  readonly 'Base IV'?: Uint8Array
  /** The curve, of an OKP or EC2 key. */
  readonly crv?: Code<CoseCurveName>
  /** The public key of an OKP key, the x coordinate of an EC2 key. */
  readonly x?: Uint8Array
  /** The y coordinate of an EC2 key, or its sign where the point is compressed. */
  readonly y?: Uint8Array | boolean
  /** The private key of an OKP or EC2 key, the private exponent of an RSA key. */
  readonly d?: Uint8Array
  /** The value of a symmetric key. */
  readonly k?: Uint8Array
  /** The modulus of an RSA key. */
  readonly n?: Uint8Array
  /** The public exponent of an RSA key. */
  readonly e?: Uint8Array
  /** The first prime factor of the modulus of an RSA key. */
  readonly p?: Uint8Array
  /** The second prime factor of the modulus of an RSA key. */
  readonly q?: Uint8Array
  /** d mod (p - 1), of an RSA key. */
  readonly dP?: Uint8Array
  /** d mod (q - 1), of an RSA key. */
  readonly dQ?: Uint8Array
  /** The inverse of q mod p, of an RSA key. */
  readonly qInv?: Uint8Array
  /** The public key of an AKP key. */
  readonly pub?: Uint8Array
  /** The private key of an AKP key. */
  readonly priv?: Uint8Array
  /**
   * The parameters beyond these, and the members of a JWK that COSE has no parameter for. Where the latter tell what the key is (`kty`,
   * `crv`, `alg`, `key_ops` of a name without a COSE integer) the key has a form in JSON only.
   */
  readonly unknown?: readonly UnknownMember[]
}

/** What a key may be given as. */
export type CoseKeyInput = Omit<CoseKey, never>

/** The JWK members that decide what a key is. One that COSE has no form for is among the unknown members, under this name. */
export const decisiveMembers: readonly string[] = ['kty', 'crv', 'alg', 'key_ops']

/** A COSE key in a message. Its form in JSON is the base64url of its CBOR; confirmation tells it as a JWK where it can. */
export const coseKey: ValueType<CoseKey, CoseKeyInput> = {
  cbor: 'COSE_Key',
  json: 'object',
  // Its map hides what is private in it.
  decode: (reader) => keyTypeAt(reader).map.decode(reader) as CoseKey,
  encode: (writer, key, path) => {
    const jwkOnly = key.unknown?.find((member) => 'name' in member && decisiveMembers.includes(member.name))
    if (jwkOnly && 'name' in jwkOnly)
      throw new EncodeError('no_cbor_form', join(path, jwkOnly.name), 'a name that COSE has an integer for')
    keyTypeOf(key.kty).map.encode(writer, key as never, path)
  },
  fromJson: (json, path) => fromCborInJson(json, path, coseKey.decode),
  toJson: (key) => bytes.toJson(encode((writer) => coseKey.encode(writer, key, ''))),
  accept: acceptCoseKey,
  redact: (key) => keyTypeOf(key.kty).map.redact!(key as never),
}

/**
 * Reads a COSE key from its CBOR. Its byte strings share no memory with `cbor`.
 *
 * @throws DecodeError, and nothing else, for whatever bytes
 */
export function decodeCoseKey(cbor: Uint8Array): CoseKey {
  return decode(cbor, undefined, coseKey.decode)
}

/**
 * A COSE key in deterministic CBOR.
 *
 * @throws EncodeError for what is not a key: a parameter of a wrong type or of another key type, a public key with a part missing, and
 * `no_cbor_form` for a key that has a form in JSON only
 */
export function encodeCoseKey(key: CoseKey): Uint8Array<ArrayBuffer> {
  const accepted = acceptCoseKey(key, '')
  if (!accepted) throw new EncodeError('unexpected_type', '', 'a COSE key')
  return encode((writer) => coseKey.encode(writer, accepted, ''))
}

/** Hides the private parts of a key when it is printed or put into JSON as it is. */
export function shielded(key: object): CoseKey {
  const shown = (): unknown => coseKey.redact!(key as CoseKey)
  const isShielded = 'unknown' in key || secretParameters(key as Readonly<Record<string, unknown>>).length > 0
  return Object.freeze(isShielded ? hideSecrets({ ...key } as CoseKey, shown) : (key as CoseKey))
}

const kty = /* @__PURE__ */ label(coseKeyTypes)

/** The type of the key that stands next, which is not moved over. */
function keyTypeAt(reader: Reader): KeyType {
  const { at, input } = reader
  // In the deterministic encoding the key type comes first.
  if (input[at]! >> 5 === map && input[at + 1] === coseKeyParameters.kty && input[at + 2]! < 24)
    return keyTypeOf(kty.accept(input[at + 2], ''))
  let type: Code<CoseKeyTypeName> | undefined
  reader.lookAhead(() =>
    reader.readMap((key) => {
      if (key === coseKeyParameters.kty) type = reader.inMember('kty', kty.decode)
      else reader.skip()
    }),
  )
  return keyTypeOf(type)
}

function acceptCoseKey(input: unknown, path: string): CoseKey | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined
  const { unknown = [], ...members } = input as CoseKeyInput
  if (members.kty === undefined) throw new EncodeError('missing_member', join(path, 'kty'))
  if (!Array.isArray(unknown)) throw new EncodeError('unexpected_type', join(path, 'unknown'), 'an array')
  const isDecisive = (member: unknown): boolean =>
    decisiveMembers.includes((member as { name?: string } | null)?.name as string)
  const type = keyTypeOf(kty.accept(members.kty, path))
  const others = unknown.filter((member) => !isDecisive(member))
  const accepted = type.map.accept({ ...members, unknown: others } as never, path)
  if (!accepted) return undefined
  const decisive = unknown.filter(isDecisive).map((member) => copyMember(member, path))
  if (decisive.length === 0) requireWholeKey(accepted as never, path)
  const all = [...decisive, ...(accepted.unknown ?? [])]
  return decisive.length > 0 ? shielded({ ...accepted, unknown: frozen(all) }) : (accepted as CoseKey)
}

function copyMember(member: UnknownMember, path: string): UnknownMember {
  if ('name' in member) return { name: member.name, json: copyJson(member.json, join(path, member.name)) }
  throw new EncodeError('unexpected_type', path, 'another key')
}

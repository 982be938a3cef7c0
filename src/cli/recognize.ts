import { DecodeError } from '../cbor/decode-error.ts'
import { array, byteString, map, negativeInteger, tag, textString, unsignedInteger } from '../cbor/major.ts'
import { type Aif, decodeAif } from '../message/aif.ts'
import { cborTags } from '../registry/generated/cbor-tags.ts'
import { coseKeyParameters } from '../registry/generated/cose-key-parameters.ts'
import { cwtClaims } from '../registry/generated/cwt-claims.ts'
import { nameOf } from '../registry/registry.ts'
import { type Item, itemOf, nestedItem } from './show/item.ts'
import { integerOf, pairs } from './show/item-value.ts'

/** The tag of self-described CBOR (RFC 8949 section 3.4.6). */
const selfDescribed = 55799n

/** A COSE structure by the name that RFC 9052 gives it. */
export type CoseName =
  | 'COSE_Sign1'
  | 'COSE_Sign'
  | 'COSE_Mac0'
  | 'COSE_Mac'
  | 'COSE_Encrypt0'
  | 'COSE_Encrypt'

/** What CBOR is, where it is no message of the token endpoint. */
export type Recognized =
  | {
      readonly is: 'cose'
      readonly name: CoseName | undefined
      readonly isTagged: boolean
      readonly item: Item
    }
  | { readonly is: 'claims' }
  | { readonly is: 'key' }
  | { readonly is: 'key set' }
  | { readonly is: 'aif'; readonly aif: Aif }
  | { readonly is: 'map' }
  | { readonly is: 'other' }

/** The bytes without the tag 55799, which says no more than that they are CBOR; whether it was there. */
export function withoutSelfDescription(bytes: Uint8Array): {
  readonly bytes: Uint8Array
  readonly was: boolean
} {
  const was = bytes[0] === 0xd9 && bytes[1] === 0xd9 && bytes[2] === 0xf7
  return { bytes: was ? bytes.subarray(3) : bytes, was }
}

/** Tells what well-formed CBOR is by its shape. */
export function recognize(bytes: Uint8Array, item: Item = itemOf(bytes)): Recognized {
  const cose = coseOf(item)
  if (cose) return cose
  if (item.major === array && item.items.length > 0 && item.items.every(isKey)) return { is: 'key set' }
  if (item.major === array || item.major === byteString) {
    const aif = aifOf(bytes, item)
    return aif ? { is: 'aif', aif } : { is: 'other' }
  }
  if (item.major !== map) return { is: 'other' }
  if (isKey(item)) return { is: 'key' }
  return isClaims(item) ? { is: 'claims' } : { is: 'map' }
}

function coseOf(item: Item): Extract<Recognized, { is: 'cose' }> | undefined {
  let inner = item
  let name: string | undefined
  while (inner.major === tag && inner.items[0]) {
    if (inner.argument !== selfDescribed && inner.argument !== BigInt(cborTags.CWT))
      name = nameOf(cborTags, inner.argument)
    inner = inner.items[0]
  }
  if (!isCoseArray(inner)) return undefined
  if (name !== undefined && !name.startsWith('COSE_')) return undefined
  const told = (name as CoseName | undefined) ?? byShape(inner)
  return { is: 'cose', name: told, isTagged: name !== undefined, item: inner }
}

/** Whether it is an array that begins with a protected and an unprotected header, as all structures of RFC 9052 do. */
function isCoseArray({ major, items }: Item): boolean {
  const [first, second] = items
  return (
    major === array &&
    items.length > 2 &&
    items.length < 6 &&
    first?.major === byteString &&
    second?.major === map
  )
}

/** What an untagged structure is, where its shape alone tells: Sign1 and Mac0 have the same. */
function byShape({ items }: Item): CoseName | undefined {
  const last = items.at(-1)
  if (items.length === 3) return 'COSE_Encrypt0'
  if (items.length === 5) return 'COSE_Mac'
  // A signature is 64 bytes or more, a tag 32 at most but for HMAC 384 and 512.
  return last?.major === byteString ? (last.end - last.content >= 64 ? 'COSE_Sign1' : 'COSE_Mac0') : undefined
}

function membersOf(item: Item): ReadonlyMap<number | bigint, Item> {
  return new Map(
    pairs(item).flatMap(([key, value]) => {
      const integer = integerOf(key)
      return integer === undefined ? [] : [[integer, value] as const]
    }),
  )
}

/** The authorization in AIF (RFC 9237) that an array is, or the array in a byte string; undefined where it is none. */
function aifOf(bytes: Uint8Array, item: Item): Aif | undefined {
  const list = item.major === byteString ? nestedItem(bytes, item) : item
  // An empty array grants nothing, but could be anything.
  if (list?.major !== array || list.items.length === 0) return undefined
  try {
    return decodeAif(bytes.subarray(list.start, list.end))
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** Whether a map is a COSE_Key: a key type under 1, and a parameter that only a key has. */
function isKey(item: Item): boolean {
  if (item.major !== map) return false
  const members = membersOf(item)
  const kty = members.get(coseKeyParameters.kty)
  const isType = kty?.major === unsignedInteger && kty.argument > 0n && kty.argument < 8n
  return isType && [...members.keys()].some((key) => key < 0)
}

const claimTypes: readonly (readonly [key: number, majors: readonly number[]])[] = [
  [cwtClaims.iss, [textString]],
  [cwtClaims.sub, [textString]],
  [cwtClaims.aud, [textString, array]],
  [cwtClaims.exp, [unsignedInteger, negativeInteger, 7]],
  [cwtClaims.nbf, [unsignedInteger, negativeInteger, 7]],
  [cwtClaims.iat, [unsignedInteger, negativeInteger, 7]],
  [cwtClaims.cti, [byteString]],
  [cwtClaims.cnf, [map]],
]

/** The claims whose key and type no message of the token endpoint has. */
const ownClaims: readonly number[] = [
  cwtClaims.sub,
  cwtClaims.aud,
  cwtClaims.exp,
  cwtClaims.nbf,
  cwtClaims.iat,
  cwtClaims.cti,
]

/** Whether a map is a CWT Claims Set: its keys have the types of claims, and one of them is of no message. */
function isClaims(item: Item): boolean {
  const members = membersOf(item)
  // Of an introspection response, which has the same keys.
  if (members.has(10)) return false
  const isOwn = ownClaims.some((key) => members.has(key))
  return (
    isOwn &&
    claimTypes.every(([key, majors]) => {
      const value = members.get(key)
      return value === undefined || majors.includes(value.major)
    })
  )
}

/** What to tell who gave something else than a message: what it is, and the command that shows it. */
export function hintOf(recognized: Recognized): string | undefined {
  switch (recognized.is) {
    case 'cose':
      return `this is a ${recognized.name ?? 'COSE message'}, as a CWT is: ace-oauth token inspect shows it`
    case 'claims':
      return 'this is a CWT Claims Set: ace-oauth token inspect shows it'
    case 'key':
      return 'this is a COSE_Key: ace-oauth key convert shows it'
    case 'key set':
      return 'this is a COSE_KeySet: ace-oauth key convert shows its keys one by one'
    default:
      return undefined
  }
}

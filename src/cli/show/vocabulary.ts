import { map } from '../../cbor/major.ts'
import { aceErrorCodeKey } from '../../registry/ace-error.ts'
import { accessTokenTypes } from '../../registry/generated/access-token-types.ts'
import { aceProfiles } from '../../registry/generated/ace-profiles.ts'
import { akpKeyParameters } from '../../registry/generated/akp-key-parameters.ts'
import { coapResponseCodes } from '../../registry/generated/coap-response-codes.ts'
import { confirmationMethods } from '../../registry/generated/confirmation-methods.ts'
import { coseAlgorithms } from '../../registry/generated/cose-algorithms.ts'
import { coseCurves } from '../../registry/generated/cose-curves.ts'
import { coseHeaderParameters } from '../../registry/generated/cose-header-parameters.ts'
import { coseKeyOps } from '../../registry/generated/cose-key-ops.ts'
import { coseKeyParameters } from '../../registry/generated/cose-key-parameters.ts'
import { coseKeyTypes } from '../../registry/generated/cose-key-types.ts'
import { cwtClaims } from '../../registry/generated/cwt-claims.ts'
import { ec2KeyParameters } from '../../registry/generated/ec2-key-parameters.ts'
import { errorCodes } from '../../registry/generated/error-codes.ts'
import { grantTypes } from '../../registry/generated/grant-types.ts'
import { okpKeyParameters } from '../../registry/generated/okp-key-parameters.ts'
import { oscoreParameters } from '../../registry/generated/oscore-parameters.ts'
import { rsaKeyParameters } from '../../registry/generated/rsa-key-parameters.ts'
import { symmetricKeyParameters } from '../../registry/generated/symmetric-key-parameters.ts'
import type { MessageKind } from '../messages.ts'
import { type CoseName, recognize } from '../recognize.ts'
import { namesOf } from './aif.ts'
import type { Item } from './item.ts'
import { integerOf, pairs } from './item-value.ts'

/** A registry: names to integers. */
type Values = Readonly<Record<string, number>>

/** What a key stands for in a map. */
export interface Word {
  readonly name: string
  /** What the integers under it, or in the array under it, stand for. */
  readonly values?: Values | undefined
  /** What the keys of the map under it stand for. */
  readonly inside?: Vocabulary | undefined
  /** What the elements of the array under it are, in their order. */
  readonly elements?: readonly Word[] | undefined
  /** What every element of the array under it is. */
  readonly each?: Word | undefined
  /** What an integer under it stands for, where no registry has it. */
  readonly tell?: ((value: number | bigint) => string) | undefined
  /** Whether nobody but the two sides may see what is under it. */
  readonly isSecret?: boolean | undefined
  /** What the data item in the byte string under it is, where there is one; told of the item before it is read. */
  readonly content?: ((bytes: Uint8Array, item: Item) => Word | undefined) | undefined
}

/** What the keys of a map stand for; some maps have to be looked at to tell. */
export type Vocabulary = (item: Item) => ReadonlyMap<number | bigint, Word>

const values: Readonly<Record<string, Values>> = {
  error: errorCodes,
  grant_type: grantTypes,
  token_type: accessTokenTypes,
  ace_profile: aceProfiles,
  'response-code': coapResponseCodes,
  kty: coseKeyTypes,
  alg: coseAlgorithms,
  hkdf: coseAlgorithms,
  crv: coseCurves,
  key_ops: coseKeyOps,
}

const keyParameters = new Map<number | bigint | undefined, Values>([
  [coseKeyTypes.OKP, okpKeyParameters],
  [coseKeyTypes.EC2, ec2KeyParameters],
  [coseKeyTypes.Symmetric, symmetricKeyParameters],
  [coseKeyTypes.RSA, rsaKeyParameters],
  [coseKeyTypes.AKP, akpKeyParameters],
])

const coseKey: Vocabulary = (item) => {
  const kty =
    item.major === map ? pairs(item).find(([key]) => integerOf(key) === coseKeyParameters.kty) : undefined
  return words({ ...coseKeyParameters, ...keyParameters.get(kty && integerOf(kty[1])) })
}

const confirmation: Vocabulary = () => words(confirmationMethods)

/** The header parameters of COSE (RFC 9052 section 3.1). */
const headers: Vocabulary = () => words(coseHeaderParameters)

/** The claims of a CWT. */
const claims: Vocabulary = () => words(cwtClaims)

const protectedHeaders: Word = { name: 'protected', content: () => ({ name: '', inside: headers }) }
const unprotectedHeaders: Word = { name: 'unprotected', inside: headers }

/** What a payload holds: claims, or another COSE message. */
function payloadWord(bytes: Uint8Array, item: Item): Word | undefined {
  const recognized = recognize(bytes, item)
  if (recognized.is === 'cose') return coseWord(recognized.name)
  return recognized.is === 'claims' || recognized.is === 'map' ? { name: '', inside: claims } : undefined
}

const payload: Word = { name: 'payload', content: payloadWord }
const ciphertext: Word = { name: 'ciphertext' }
const recipients: Word = { name: 'recipients' }

/** The word for a COSE message: what its elements are (RFC 9052 sections 4 to 6). A tag passes it on to what is under it. */
export function coseWord(name: CoseName | undefined): Word {
  const last: Readonly<Record<CoseName, readonly Word[]>> = {
    COSE_Sign1: [payload, { name: 'signature' }],
    COSE_Sign: [payload, { name: 'signatures' }],
    COSE_Mac0: [payload, { name: 'tag' }],
    COSE_Mac: [payload, { name: 'tag' }, recipients],
    COSE_Encrypt0: [ciphertext],
    COSE_Encrypt: [ciphertext, recipients],
  }
  return { name: '', elements: [protectedHeaders, unprotectedHeaders, ...(name ? last[name] : [])] }
}

/** The word for a CWT Claims Set. */
export const claimsWord: Word = { name: '', inside: claims }

/** The word for a COSE_Key. */
export const coseKeyWord: Word = { name: '', inside: coseKey }

const aifList: Word = {
  name: '',
  each: { name: '', elements: [{ name: 'path' }, { name: 'methods', tell: namesOf }] },
}

/** The word for an authorization in AIF (RFC 9237), pairs of a path and a set of methods, or for the byte string around it. */
export const aifWord: Word = { ...aifList, content: () => aifList }

/** What a scope of bytes holds, where that is an authorization in AIF. */
function scopeContent(bytes: Uint8Array, item: Item): Word | undefined {
  return recognize(bytes, item).is === 'aif' ? aifList : undefined
}

/** A token that is a CWT; a reference has nothing to tell. */
function tokenWord(bytes: Uint8Array, item: Item): Word | undefined {
  const recognized = recognize(bytes, item)
  return recognized.is === 'cose' ? coseWord(recognized.name) : undefined
}

/** The members of messages, keys and input material that are secret. */
const secrets: readonly string[] = [
  'access_token',
  'client_assertion',
  'client_secret',
  'code',
  'd',
  'k',
  'ms',
  'password',
  'refresh_token',
  'token',
]

/** Whether the member of a message or key with this name is secret. */
export function isSecretName(name: string): boolean {
  return secrets.includes(name)
}

const content: Readonly<Record<string, (bytes: Uint8Array, item: Item) => Word | undefined>> = {
  scope: scopeContent,
  access_token: tokenWord,
  token: tokenWord,
}

const inside: Readonly<Record<string, Vocabulary>> = {
  cnf: confirmation,
  req_cnf: confirmation,
  rs_cnf: confirmation,
  COSE_Key: coseKey,
  osc: () => words(oscoreParameters),
  'ace-error': () => words({ error: aceErrorCodeKey }),
}

/** What the keys of a message stand for. */
export function vocabularyOf({ rows }: Pick<MessageKind, 'rows'>): Vocabulary {
  return () =>
    words(Object.fromEntries(rows.flatMap(({ name, key }) => (key === undefined ? [] : [[name, key]]))))
}

function words(keys: Values): ReadonlyMap<number | bigint, Word> {
  return new Map(
    Object.entries(keys).map(([name, key]) => [
      key,
      {
        name,
        values: values[name],
        inside: inside[name],
        isSecret: isSecretName(name),
        content: content[name],
      },
    ]),
  )
}

import { map } from '../cbor/major.ts'
import { aceErrorCodeKey } from '../registry/ace-error.ts'
import { accessTokenTypes } from '../registry/generated/access-token-types.ts'
import { aceProfiles } from '../registry/generated/ace-profiles.ts'
import { akpKeyParameters } from '../registry/generated/akp-key-parameters.ts'
import { coapResponseCodes } from '../registry/generated/coap-response-codes.ts'
import { confirmationMethods } from '../registry/generated/confirmation-methods.ts'
import { coseAlgorithms } from '../registry/generated/cose-algorithms.ts'
import { coseCurves } from '../registry/generated/cose-curves.ts'
import { coseKeyOps } from '../registry/generated/cose-key-ops.ts'
import { coseKeyParameters } from '../registry/generated/cose-key-parameters.ts'
import { coseKeyTypes } from '../registry/generated/cose-key-types.ts'
import { ec2KeyParameters } from '../registry/generated/ec2-key-parameters.ts'
import { errorCodes } from '../registry/generated/error-codes.ts'
import { grantTypes } from '../registry/generated/grant-types.ts'
import { okpKeyParameters } from '../registry/generated/okp-key-parameters.ts'
import { oscoreParameters } from '../registry/generated/oscore-parameters.ts'
import { rsaKeyParameters } from '../registry/generated/rsa-key-parameters.ts'
import { symmetricKeyParameters } from '../registry/generated/symmetric-key-parameters.ts'
import type { Item } from './item.ts'
import { integerOf, pairs } from './item-value.ts'
import type { MessageKind } from './messages.ts'

/** A registry: names to integers. */
type Values = Readonly<Record<string, number>>

/** What a key stands for in a map. */
export interface Word {
  readonly name: string
  /** What the integers under it, or in the array under it, stand for. */
  readonly values?: Values | undefined
  /** What the keys of the map under it stand for. */
  readonly inside?: Vocabulary | undefined
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
    Object.entries(keys).map(([name, key]) => [key, { name, values: values[name], inside: inside[name] }]),
  )
}

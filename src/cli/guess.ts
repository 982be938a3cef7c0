import { DecodeError } from '../cbor/decode-error.ts'
import { byteString, map, textString, unsignedInteger } from '../cbor/major.ts'
import { creationHints } from '../registry/generated/creation-hints.ts'
import { introspectionParameters } from '../registry/generated/introspection-parameters.ts'
import { oauthParameters } from '../registry/generated/oauth-parameters.ts'
import { problemDetailKeys } from '../registry/generated/problem-detail-keys.ts'
import { type MessageName, messageNames } from './message-names.ts'
import { messageKind } from './messages.ts'
import { type Item, parseItem } from './show/item.ts'
import { integerOf, pairs, textOf } from './show/item-value.ts'

/** What bytes seem to be. */
export interface Guess {
  readonly name: MessageName
  /** What speaks for it. */
  readonly because: string
  /** What they could be as well. */
  readonly others: readonly MessageName[]
}

/** The values of a map by their keys that are integers or texts. */
type Members = ReadonlyMap<number | bigint | string, Item>

/** What tells one message from the others, the strongest first; the same key means different things in different maps. */
const signs: readonly (readonly [
  MessageName,
  (members: Members, aceErrorKey: number) => string | undefined,
])[] = [
  // No other message has them.
  ['error-response', has(oauthParameters, ['error', 'error_description', 'error_uri'])],
  ['introspection-response', has(introspectionParameters, ['active'])],
  [
    'revocation-request',
    (members, key) =>
      has(introspectionParameters, ['token'])(members, key) &&
      has(oauthParameters, ['client_secret'])(members, key),
  ],
  ['introspection-request', has(introspectionParameters, ['token'])],
  [
    'problem-details',
    has(problemDetailKeys, Object.keys(problemDetailKeys) as (keyof typeof problemDetailKeys)[]),
  ],
  [
    'problem-details',
    (members, key) => (members.get(key)?.major === map ? `key ${key} holds a map` : undefined),
  ],
  ['token-response', has(oauthParameters, ['access_token'], byteString)],
  // kid of the hints is a byte string.
  ['token-response', has(oauthParameters, ['expires_in'], unsignedInteger)],
  ['creation-hints', has(creationHints, ['AS'], textString)],
  ['creation-hints', has(creationHints, ['kid'], byteString)],
  [
    'token-request',
    has(oauthParameters, [
      'grant_type',
      'req_cnf',
      'client_id',
      'client_secret',
      'code',
      'redirect_uri',
      'username',
      'password',
    ]),
  ],
  ['token-response', has(oauthParameters, ['cnf', 'rs_cnf', 'token_type'])],
]

/**
 * Guesses the message by the keys that tell it from the others. A map with none of them is a token request, in which
 * nothing is required: an audience or a scope alone could be creation hints as well.
 *
 * @throws DecodeError for what is not one well-formed CBOR map
 */
export function guessMessage(bytes: Uint8Array, aceErrorKey: number): Guess {
  const item = parseItem(bytes)
  if (item.major !== map) throw new DecodeError('unexpected_type', '', 'a map', 0)
  const members = new Map<number | bigint | string, Item>()
  for (const [key, value] of pairs(item)) {
    const known = integerOf(key) ?? textOf(bytes, key)
    if (known !== undefined) members.set(known, value)
  }
  const [name, because] = strongest(members, aceErrorKey)
  const others = messageNames.filter((other) => other !== name && isWhole(other, bytes, aceErrorKey))
  return { name, because, others }
}

function strongest(members: Members, aceErrorKey: number): readonly [name: MessageName, because: string] {
  for (const [name, sign] of signs) {
    const because = sign(members, aceErrorKey)
    if (because !== undefined) return [name, because]
  }
  return ['token-request', 'no key tells it from another']
}

function has<Name extends string>(
  registry: Readonly<Record<Name, number>>,
  names: readonly Name[],
  major?: number,
): (members: Members, aceErrorKey: number) => string | undefined {
  return (members) => {
    const name = names.find((one) => {
      const value = members.get(registry[one])
      return value !== undefined && (major === undefined || value.major === major)
    })
    if (name) return `key ${registry[name]} is ${name}`
    // RFC 9200 has integers alone; what a sender meant by its texts is plain all the same.
    const text = names.find((one) => members.has(one))
    return text && `its text key is ${text}`
  }
}

/** Whether the bytes are such a message, with no member that it does not know. */
function isWhole(name: MessageName, bytes: Uint8Array, aceErrorKey: number): boolean {
  try {
    return messageKind(name, aceErrorKey).fromCbor(bytes).unknown.length === 0
  } catch (error) {
    if (error instanceof DecodeError) return false
    throw error
  }
}

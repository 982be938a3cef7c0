import { AccessTokenRequest } from '../message/access-token-request.ts'
import { AccessTokenResponse } from '../message/access-token-response.ts'
import { CreationHints } from '../message/creation-hints.ts'
import { ErrorResponse, type ErrorResponseOptions } from '../message/error-response.ts'
import { IntrospectionRequest } from '../message/introspection-request.ts'
import { IntrospectionResponse } from '../message/introspection-response.ts'
import type { Message } from '../message/message.ts'
import { problemDetailsWith } from '../message/problem-details.ts'
import { RevocationRequest } from '../message/revocation-request.ts'
import { oauthParameters } from '../registry/generated/oauth-parameters.ts'
import { defaultAceErrorKey, type MessageName } from './message-names.ts'

/** A member of a message, as the reader of its bytes needs it. */
export interface MemberRow {
  /** Its CBOR key; absent where it exists in JSON only. */
  readonly key?: number | undefined
  readonly name: string
  readonly section: string
}

/** What every message that was read can do. */
export type ReadMessage = Pick<Message, 'toCbor' | 'toJson' | 'unknown' | 'violations'>

/** A message as the command line knows it. */
export interface MessageKind {
  readonly name: MessageName
  /** What it is, for people. */
  readonly title: string
  /** Where it is specified. */
  readonly section: string
  readonly rows: readonly MemberRow[]
  fromCbor(bytes: Uint8Array, options?: ErrorResponseOptions): ReadMessage
  fromJson(json: unknown, options?: ErrorResponseOptions): ReadMessage
}

type Source = Pick<MessageKind, 'fromCbor' | 'fromJson'> & { readonly table: readonly MemberRow[] }

const errorRows: readonly MemberRow[] = (['error', 'error_description', 'error_uri'] as const).map(
  (name) => ({
    key: oauthParameters[name],
    name,
    section: 'RFC 6749 section 5.2',
  }),
)

const errorResponse: Source = {
  fromCbor: (bytes, options) => ErrorResponse.fromCbor(bytes, options),
  fromJson: (json, options) => ErrorResponse.fromJson(json, options),
  table: errorRows,
}

const titles: Readonly<Record<MessageName, readonly [title: string, section: string]>> = {
  'error-response': ['Error response', 'RFC 9200 section 5.8.3'],
  'problem-details': ['Concise problem details', 'RFC 9290'],
  'token-request': ['Access token request', 'RFC 9200 section 5.8.1'],
  'token-response': ['Access token response', 'RFC 9200 section 5.8.2'],
  'introspection-request': ['Introspection request', 'RFC 9200 section 5.9.1'],
  'introspection-response': ['Introspection response', 'RFC 9200 section 5.9.2'],
  'creation-hints': ['AS Request Creation Hints', 'RFC 9200 section 5.3'],
  'revocation-request': ['Token revocation request', 'RFC 7009 section 2.1'],
}

const sources: Readonly<Record<Exclude<MessageName, 'problem-details'>, Source>> = {
  'error-response': errorResponse,
  'token-request': AccessTokenRequest,
  'token-response': AccessTokenResponse,
  'introspection-request': IntrospectionRequest,
  'introspection-response': IntrospectionResponse,
  'creation-hints': CreationHints,
  'revocation-request': RevocationRequest,
}

/**
 * A message by its name.
 *
 * @param aceErrorKey the key of the `ace-error` entry, for problem details
 * @throws RangeError for a key that is no unsigned integer
 */
export function messageKind(name: MessageName, aceErrorKey: number = defaultAceErrorKey): MessageKind {
  const source = name === 'problem-details' ? problemDetailsWith(aceErrorKey) : sources[name]
  const [title, section] = titles[name]
  return {
    name,
    title,
    section,
    rows: source.table,
    fromCbor: (bytes, options) => source.fromCbor(bytes, options),
    fromJson: (json, options) => source.fromJson(json, options),
  }
}

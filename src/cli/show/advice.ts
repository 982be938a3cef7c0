import type { FailureCode } from '../../failure/catalogue.ts'
import { coapFailure } from '../../failure/received-failure.ts'
import { runbookOf } from '../../failure/runbook.ts'
import { ErrorResponse } from '../../message/error-response.ts'
import type { CoapResponseCodeName } from '../../registry/generated/coap-response-codes.ts'
import type { Json } from '../../table/json.ts'
import type { MessageName } from '../message-names.ts'
import type { Style } from './output.ts'
import { facts } from './table.ts'
import { wrap } from './text.ts'

type NoError = Exclude<MessageName, 'error-response' | 'problem-details'>

/** What whoever receives a message does with it. */
const advice: Readonly<Record<NoError, string>> = {
  'token-request':
    'The authorization server authenticates the client, checks grant, audience, scope and key, and answers with a token (2.01) or an error response (4.00, 4.01).',
  'token-response':
    'The client keeps token and key together until they expire, checks that it has the profile, and hands the token to the resource server at authz-info, or as the profile says.',
  'introspection-request':
    'The authorization server authenticates the resource server, and tells it whether the token is active and what it allows.',
  'introspection-response':
    'The resource server grants nothing unless active is true; it then goes by scope, audience, expiry and key.',
  'creation-hints':
    'The client asks the authorization server named here for a token with these members, but only if it knows from elsewhere that this server may issue tokens for the resource server: hints come unprotected.',
  'revocation-request':
    'The authorization server authenticates the client and revokes the token if it is its own; a token that it does not know is as good as revoked.',
}

/** What to do about a message; for an error, what kind of failure it is, whether to try again, and who can repair what. */
export function renderAdvice(name: MessageName, json: Record<string, Json>, style: Style): string {
  const error = errorOf(name, json)
  if (error !== undefined) return `${style.bold('What the client should do')}\n${renderError(error)}`
  if (name === 'error-response' || name === 'problem-details') return ''
  return `${style.bold('What to do with it')}\n${wrap(advice[name], '  ')}`
}

/** What an error code means to the client that receives it: a name, or an integer. */
export function renderError(error: Json): string {
  const { code, kind } = coapFailure(coapBadRequest, { errorResponse: ErrorResponse.fromJson({ error }) })
  const { meaning, action } = runbookOf(code satisfies FailureCode)
  const wait = kind.isTransient
    ? `yes, at first after ${kind.baseBackoffMs} ms`
    : 'no: the same request fails again'
  return facts([
    ['meaning', meaning],
    ['remedy', action],
    ['try again', wait],
    ['kind', `${kind.name}: ${kind.phrase} (suggested action: ${kind.suggestedAction})`],
    ['failure', code],
  ])
}

/** The response code of most errors (RFC 9200 section 5.8.3): the payload tells which it is. */
const coapBadRequest = '4.00' satisfies CoapResponseCodeName

function errorOf(name: MessageName, json: Record<string, Json>): Json | undefined {
  if (name === 'error-response') return json['error']
  if (name !== 'problem-details') return undefined
  return (json['ace-error'] as Readonly<Record<string, Json>> | undefined)?.['error']
}

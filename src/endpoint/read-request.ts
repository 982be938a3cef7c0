import { DecodeError } from '../cbor/decode-error.ts'
import type { DecodeLimits } from '../cbor/options.ts'
import { Failure } from '../failure/failure.ts'
import { type AccessTokenRequest, grantThatNeeds } from '../message/access-token-request.ts'
import type { Request, RequestClass } from '../message/message.ts'
import { opaqueFromText } from '../table/types/opaque.ts'
import { type BodyCredentials, type Credentials, readCredentials, type Sender } from './client/credentials.ts'
import type { EndpointName } from './exchange.ts'
import { type FormParameters, parseForm } from './form.ts'
import type { RequestForm } from './media-types.ts'

/** A request that was read: what it asks for, and what it presents to authenticate its client. */
export interface ReadRequest<R> {
  readonly message: R
  readonly credentials: Credentials
}

/** The parameters of authentication, of which a request has each at most once. */
const credentialNames = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type'] as const

/**
 * Reads the payload of a request.
 *
 * @param grantTypes those that there are, where others are refused
 * @throws Failure, or a DecodeError of the message
 */
export function readRequest<R extends Request>(
  requestClass: RequestClass<R, never>,
  sender: Sender,
  payload: Uint8Array,
  form: RequestForm,
  limits: DecodeLimits,
  endpoint: EndpointName,
  grantTypes: readonly string[] | undefined,
): ReadRequest<R> {
  const parameters = form === 'form' ? parseForm(payload, limits.maxMembers) : undefined
  // Several credentials are told as such, not as a parameter that is there twice.
  const body = parameters && fromForm(parameters, endpoint)
  const message = withKnownGrant(grantTypes, () =>
    parameters
      ? requestClass.fromForm(new URLSearchParams(parameters.map((pair) => [...pair])), limits)
      : requestClass.fromCbor(payload, limits),
  )
  refuseNul(requestClass, message)
  return { message, credentials: readCredentials(sender, body ?? fromMessage(message), endpoint) }
}

/** Reads a request; one of a grant that there is not is told so, also where it lacks what that grant would need (RFC 6749 §5.2). */
function withKnownGrant<R>(grantTypes: readonly string[] | undefined, read: () => R): R {
  try {
    return read()
  } catch (error) {
    const isIncomplete = error instanceof DecodeError && error.reason === 'missing_member'
    const grantType = grantTypes && isIncomplete ? grantThatNeeds(error.path) : undefined
    if (grantType === undefined || grantTypes?.includes(grantType)) throw error
    throw new Failure('token_grant_type_unsupported', { cause: error, details: { grant_type: grantType } })
  }
}

function fromForm(parameters: FormParameters, endpoint: EndpointName): BodyCredentials {
  const [client_id, client_secret, client_assertion, client_assertion_type] = credentialNames.map((name) => {
    const values = parameters.filter(([given]) => given === name)
    if (values.length > 1)
      throw new Failure(`${endpoint}_client_credentials_repeated`, { details: { parameter: name } })
    // RFC 6749 §3.2: without a value it is as good as absent.
    return values[0]?.[1] || undefined
  })
  return {
    client_id,
    client_secret: client_secret === undefined ? undefined : opaqueFromText(client_secret),
    client_assertion,
    client_assertion_type,
  }
}

/** In CBOR there are no keys for assertions (RFC 9200, Table 5). */
function fromMessage(message: Request): BodyCredentials {
  const { client_id, client_secret } = message as Partial<AccessTokenRequest>
  return {
    client_id,
    client_secret,
    client_assertion: undefined,
    client_assertion_type: undefined,
  }
}

/** No name has a NUL, and many stores cannot hold one. */
function refuseNul<R extends Request>({ table }: RequestClass<R, never>, message: R): void {
  for (const { name } of table) {
    const value = (message as unknown as Record<string, unknown>)[name]
    if (typeof value === 'string' && value.includes('\0'))
      throw new DecodeError('invalid_value', name, 'a text without NUL')
  }
}

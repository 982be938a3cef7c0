import { randomBytes } from '#runtime/crypto'
import { checkObject } from '../cbor/check-object.ts'
import { type DecodeLimits, type DecodeOptions, decodeDefaults } from '../cbor/options.ts'
import type { Eventually } from '../cose/eventually.ts'
import { Failure } from '../failure/failure.ts'
import { mediaTypes } from '../message/media-types.ts'
import type { Request, RequestClass } from '../message/message.ts'
import { httpStatusOf } from '../registry/coap-code.ts'
import type { CoapResponseCodeName } from '../registry/generated/coap-response-codes.ts'
import { hex } from '../table/hex.ts'
import { type FailureForm, failureResponse, jsonPayload, response } from './answer.ts'
import type { Credentials } from './client/credentials.ts'
import { type Deadline, startDeadline } from './deadline.ts'
import type {
  AuthenticationContext,
  Endpoint,
  EndpointContext,
  EndpointFacts,
  EndpointName,
  EndpointRequest,
  EndpointResponse,
  ObservedAnswer,
  Peer,
} from './exchange.ts'
import { failureOf } from './failure-of.ts'
import { answerForm, isUnacceptable, type RequestForm, readAccept, requestForm } from './media-types.ts'
import { functionOption, numberOption } from './numbers.ts'
import { cancel, readPayload } from './read-payload.ts'
import { readRequest } from './read-request.ts'

/**
 * Finds out which client a request is from.
 *
 * It gives the client, or undefined where the credentials are not right: the answer is the same for an unknown client and
 * for a wrong secret. {@link clientAuthentication} makes one that checks all methods.
 */
export interface Authenticate<Client> {
  (credentials: Credentials, context: AuthenticationContext): Eventually<Client | undefined>
  /** The methods that it takes, by their registered names, for metadata. */
  readonly methods?: readonly string[]
  /** The algorithms of assertions that it takes, for metadata. */
  readonly signingAlgorithms?: readonly string[] | undefined
}

/** What all endpoints are made of. */
export interface EndpointOptions<Client> {
  /** Finds out which client a request is from. */
  readonly authenticate: Authenticate<Client>
  /** How long a request may take, in milliseconds, from 1 to 2^31-1. Default: 10,000. */
  readonly deadlineMs?: number | undefined
  /** How much is read of a request, and how. `maxBytes` holds for forms as well. Default: that of `decodeDefaults`. */
  readonly limits?: DecodeOptions | undefined
  /** The key of `ace-error` in problem details (RFC 9290), which IANA has not assigned yet. Default: they tell no OAuth error. */
  readonly aceErrorKey?: number | undefined
  /** Is told each answer, for logs and metrics. What it throws is ignored. */
  readonly onAnswer?: ((answer: ObservedAnswer<Client>) => void) | undefined
}

/** What a request is answered with when nothing is wrong. */
export interface Success {
  readonly code: CoapResponseCodeName
  /** What is told; nothing where absent. */
  readonly message?: { readonly toCbor: () => Uint8Array; readonly toJson: () => object } | undefined
  /** How long it may be cached, in seconds. */
  readonly maxAge?: number
}

/** What tells the endpoints apart. */
export interface Definition<Client, R extends Request> {
  readonly endpoint: EndpointName
  readonly requestClass: RequestClass<R, never>
  readonly grantTypes?: readonly string[] | undefined
  readonly act: (request: R, client: Client, context: EndpointContext) => Promise<Success>
}

/** A request on its way, and what is known of it so far. */
interface Exchange<Client> {
  readonly request: EndpointRequest
  readonly requestId: string
  readonly deadline: Deadline
  /** How a failure would be told. */
  how: FailureForm
  /** Whether the payload has not come whole. */
  isReading: boolean
  peer: Peer | undefined
  clientId: string | undefined
  client: Client | undefined
}

const allowedMethod = 'POST'
const mediaTypesTaken = `${mediaTypes.cbor}, ${mediaTypes.form}`
const defaultDeadlineMs = 10_000
/** The longest time that one timer of the platform takes, in milliseconds. */
const longestTimer = 2 ** 31 - 1

/** Makes an endpoint. */
export function defineEndpoint<Client, R extends Request>(
  options: EndpointOptions<Client>,
  { endpoint, requestClass, grantTypes, act }: Definition<Client, R>,
): Endpoint {
  const { aceErrorKey } = options
  const authenticate = functionOption('authenticate', options.authenticate)
  const onAnswer = options.onAnswer && functionOption('onAnswer', options.onAnswer)
  const deadlineMs = numberOption('deadlineMs', options.deadlineMs, defaultDeadlineMs, 1, longestTimer)
  const limits = checkedLimits(options.limits)
  if (aceErrorKey !== undefined && !(Number.isSafeInteger(aceErrorKey) && aceErrorKey >= 0))
    throw new RangeError(`aceErrorKey is ${aceErrorKey}: expected an unsigned integer`)
  const { methods, signingAlgorithms } = authenticate
  const usualHow = {
    wishes: readAccept(undefined),
    aceErrorKey,
    allow: allowedMethod,
    accept: mediaTypesTaken,
    challenge: undefined,
  }
  const challenge = challengeOf(methods, endpoint)

  async function answer(request: EndpointRequest): Promise<EndpointResponse> {
    checkObject('request', request)
    const started = performance.now()
    const exchange: Exchange<Client> = {
      request,
      requestId: request.requestId ?? hex(randomBytes(8)),
      deadline: startDeadline(deadlineMs, request.signal),
      how: { ...usualHow, form: request.headers ? 'json' : 'cbor' },
      isReading: false,
      peer: undefined,
      clientId: undefined,
      client: undefined,
    }
    const { requestId, deadline } = exchange
    let answered: EndpointResponse
    try {
      answered = await serve(exchange)
    } catch (thrown) {
      const failure = failureOf(thrown, endpoint, deadline, exchange.isReading)
      answered = failureResponse(failure, exchange.how)
    } finally {
      deadline.end()
    }
    const { code, status, failure } = answered
    const { client, clientId, peer } = exchange
    const durationMs = performance.now() - started
    observe(onAnswer, { endpoint, code, status, failure, durationMs, client, clientId, peer, requestId })
    return answered
  }

  async function serve(exchange: Exchange<Client>): Promise<EndpointResponse> {
    const { request, requestId, deadline } = exchange
    const { headers } = request
    const { signal } = deadline
    const given = request.peer
    const peer = given instanceof Promise ? await deadline.race(given) : given
    exchange.peer = peer
    const form = negotiate(exchange)
    exchange.isReading = true
    const payload = await deadline.race(readPayload(request, limits.maxBytes, endpoint, signal))
    exchange.isReading = false
    const { message, credentials } = readRequest(
      requestClass,
      { headers, peer },
      payload,
      form,
      limits,
      endpoint,
      grantTypes,
    )
    const { method: authMethod } = credentials
    exchange.clientId = authMethod === 'none' ? credentials.unprovenClientId : credentials.clientId
    if (authMethod === 'none') exchange.how = { ...exchange.how, challenge }
    const context = { endpoint, signal, peer, requestId }
    const client = await deadline.race(authenticated(credentials, context))
    exchange.client = client
    const success = await deadline.race(
      act(message, client, { ...context, authMethod, encoding: exchange.how.form }),
    )
    return successResponse(success, exchange.how.form)
  }

  /** Settles the form of the answer first, so that every failure after that has it; then whether the request is for us. */
  function negotiate(exchange: Exchange<Client>): RequestForm {
    const { method, mediaType, accept, headers, payload } = exchange.request
    const { how } = exchange
    const form = requestForm(mediaType, headers !== undefined)
    const wishes = readAccept(accept)
    const usual = form === undefined ? how.form : form === 'cbor' ? 'cbor' : 'json'
    exchange.how = {
      ...how,
      wishes,
      form: answerForm(wishes, usual),
      // RFC 6749 §5.2: it has to be there where the client used the header. Clients that did not take it for the whole answer.
      challenge: headers?.get('authorization') == null ? undefined : challenge,
    }
    try {
      if (method !== allowedMethod)
        throw new Failure(`${endpoint}_method_not_allowed`, { details: { method } })
      if (form === undefined)
        throw new Failure(`${endpoint}_media_type_unsupported`, {
          details: { mediaType, expected: mediaTypesTaken },
        })
      if (isUnacceptable(accept, wishes))
        throw new Failure(`${endpoint}_accept_unsupported`, { details: { accept } })
      return form
    } catch (failure) {
      void cancel(payload)
      throw failure
    }
  }

  async function authenticated(credentials: Credentials, context: AuthenticationContext): Promise<Client> {
    const client = await authenticate(credentials, context)
    if (client) return client
    const cause = credentials.method === 'none' ? 'missing' : 'invalid'
    throw new Failure(`${endpoint}_client_credentials_${cause}`)
  }

  const facts: EndpointFacts = { endpoint, authMethods: methods, signingAlgorithms, grantTypes }
  return Object.assign(answer, { facts })
}

function successResponse({ code, message, maxAge = 0 }: Success, form: 'cbor' | 'json'): EndpointResponse {
  const status = httpStatusOf(code)!
  const cacheControl = maxAge > 0 ? `private, max-age=${maxAge}` : undefined
  if (!message) return response({ code, status, maxAge, cacheControl })
  const told: unknown = form === 'cbor' ? message.toCbor() : message.toJson()
  const payload = form === 'cbor' ? told : jsonPayload(told)
  if (typeof told !== 'object' || !(payload instanceof Uint8Array))
    throw new TypeError('what looks like a message gives no payload')
  return response({
    code,
    status,
    mediaType: mediaTypes[form],
    payload: new Uint8Array(payload),
    maxAge,
    cacheControl,
  })
}

/** The limits, each of them checked. */
function checkedLimits(given: DecodeOptions = {}): DecodeLimits {
  const { maxBytes, maxDepth, maxMembers, maxStringBytes } = decodeDefaults
  return {
    deterministic: given.deterministic ?? false,
    maxBytes: numberOption('maxBytes', given.maxBytes, maxBytes, 1),
    maxDepth: numberOption('maxDepth', given.maxDepth, maxDepth, 1, 512),
    maxMembers: numberOption('maxMembers', given.maxMembers, maxMembers, 1),
    maxStringBytes: numberOption('maxStringBytes', given.maxStringBytes, maxStringBytes, 1),
  }
}

/** The schemes that clients may use in the Authorization header (RFC 7617, RFC 6750 §3). */
function challengeOf(methods: readonly string[] | undefined, endpoint: EndpointName): string {
  const takesBearer = endpoint === 'introspect' && methods?.includes('bearer')
  const basic = 'Basic realm="ace-oauth", charset="UTF-8"'
  return takesBearer ? `${basic}, Bearer realm="ace-oauth"` : basic
}

function observe<Client>(
  onAnswer: ((answer: ObservedAnswer<Client>) => unknown) | undefined,
  answer: ObservedAnswer<Client>,
): void {
  if (!onAnswer) return
  try {
    const result = onAnswer(answer)
    if (result !== undefined) Promise.resolve(result).catch(() => undefined)
  } catch {
    // An observer has no say in what is answered.
  }
}

import { randomBytes } from 'node:crypto'
import { encodeValue } from 'ace-oauth'
import {
  type Authenticate,
  type EndpointName,
  type EndpointRequest,
  type EndpointResponse,
  type ObservedAnswer,
  readCredentials,
} from 'ace-oauth/endpoint'
import { Failure } from 'ace-oauth/failure'
import type { AuthenticatedClient } from '../authentication.ts'
import {
  keptRevocationUpdates,
  type RevocationUpdate,
  type RevocationView,
  type Store,
} from '../store/contract.ts'
import { onStore } from '../store-unavailable.ts'

/** The most diff entries of one answer: MAX_DIFF_BATCH of RFC 9770 section 6.2.1. */
const maxDiffBatch = 100

/** MAX_N of RFC 9770 section 6.2. */
const maxN: number = keptRevocationUpdates

/** The keys of the parameters (RFC 9770 section 12). */
const parameters = { fullSet: 0, diffSet: 1, cursor: 2, more: 3 } as const
/** The key of `ace-trl-error` among the custom problem details, and the keys in it (RFC 9770 section 6.1). */
const errorKey = 1
const errorParameters = { errorId: 0, cursor: 1 } as const
/** The errors (RFC 9770 section 13). */
const errors = {
  invalidValue: [0, 'Invalid parameter value'],
  invalidSet: [1, 'Invalid set of parameters'],
  outOfBound: [2, 'Out of bound cursor value'],
} as const
/** The keys of title and detail in problem details (RFC 9290 section 2). */
const titleKey = -1
const detailKey = -2

/** The Content-Formats of the answers. */
const trl = { mediaType: 'application/ace-trl+cbor', contentFormat: 262 } as const
const problem = { mediaType: 'application/concise-problem-details+cbor', contentFormat: 257 } as const

/** An answer of the server, as an observer is told of it: that of the token revocation list is called `trl`. */
export interface ServerAnswer extends Omit<ObservedAnswer<AuthenticatedClient>, 'endpoint'> {
  readonly endpoint: EndpointName | 'trl'
}

/** A query of the list. */
export interface RevocationQuery {
  readonly diff?: string | undefined
  readonly cursor?: string | undefined
}

/** What a GET has of the parameters by which a client may authenticate in a body. */
const noBody = {
  client_id: undefined,
  client_secret: undefined,
  client_assertion: undefined,
  client_assertion_type: undefined,
} as const

/** What is answered, and who asked. */
interface Asked {
  readonly answer: EndpointResponse
  readonly client: AuthenticatedClient | undefined
}

/**
 * The TRL endpoint (RFC 9770 section 6): each requester sees the part of the list that pertains to it, and an administrator the whole.
 *
 * @param onAnswer is told each answer
 */
export function revocationListEndpoint(
  store: Store,
  authenticate: Authenticate<AuthenticatedClient>,
  now: () => number,
  onAnswer: (answer: ServerAnswer) => void,
): (request: EndpointRequest, query: RevocationQuery) => Promise<EndpointResponse> {
  return async (request, query) => {
    const started = performance.now()
    const requestId = request.requestId ?? randomBytes(8).toString('hex')
    const peer = await Promise.resolve(request.peer).catch(() => undefined)
    const { answer, client } = await answered({ ...request, peer, requestId }, query)
    const { code, status, failure } = answer
    const durationMs = performance.now() - started
    onAnswer({
      endpoint: 'trl',
      code,
      status,
      failure,
      durationMs,
      client,
      clientId: client?.client_id,
      peer,
      requestId,
    })
    return answer
  }

  async function answered(request: EndpointRequest, query: RevocationQuery): Promise<Asked> {
    let client: AuthenticatedClient | undefined
    try {
      if (request.method !== 'GET')
        throw new Failure('introspect_method_not_allowed', { details: { method: request.method } })
      const answer = await onStore('introspect', async () => {
        client = await requesterOf(request, authenticate)
        if (!client) throw new Failure('introspect_client_credentials_invalid')
        return queryRevocations(store, viewOf(client), query, now())
      })
      return { answer, client }
    } catch (error) {
      const failure =
        error instanceof Failure ? error : new Failure('introspect_internal_error', { cause: error })
      return { answer: refused(failure), client }
    }
  }
}

function viewOf({ client_id, record, resourceServer }: AuthenticatedClient): RevocationView {
  if (resourceServer) return { audience: resourceServer.audience }
  return record?.isAdministrator === true ? 'all' : { clientId: client_id }
}

/** The answer to who sees no list: without a payload, for RFC 9770 has none for it. */
function refused(failure: Failure): EndpointResponse {
  const { coapCode = '5.00', httpStatus = 500, retryAfterMs, kind } = failure
  const headers: Record<string, string> = { 'cache-control': 'no-store' }
  if (httpStatus === 401) headers['www-authenticate'] = 'Basic realm="ace-oauth", charset="UTF-8"'
  if (httpStatus === 405) headers['allow'] = 'GET'
  const isAboutTime = httpStatus === 429 || httpStatus === 503
  const wait = isAboutTime ? Math.ceil((retryAfterMs ?? kind.baseBackoffMs ?? 1_000) / 1_000) : 0
  if (isAboutTime) headers['retry-after'] = String(wait)
  return {
    code: coapCode,
    status: httpStatus,
    mediaType: undefined,
    contentFormat: undefined,
    payload: new Uint8Array(0),
    maxAge: wait,
    headers,
    failure,
  }
}

async function requesterOf(
  { headers, peer: given, signal, requestId = '' }: EndpointRequest,
  authenticate: Authenticate<AuthenticatedClient>,
): Promise<AuthenticatedClient | undefined> {
  const peer = await given
  const credentials = readCredentials({ headers, peer }, noBody, 'introspect')
  const never = new AbortController().signal
  return authenticate(credentials, { endpoint: 'introspect', signal: signal ?? never, peer, requestId })
}

/** The answer to a query of the token revocation list by a requester that is authenticated (RFC 9770 sections 7 to 9). */
async function queryRevocations(
  store: Store,
  view: RevocationView,
  { diff, cursor }: RevocationQuery,
  now: number,
): Promise<EndpointResponse> {
  const last = await store.tokens.lastRevocationIndex(view)
  if (diff === undefined) {
    if (cursor !== undefined) return refusal(errors.invalidSet, "'cursor' without 'diff'")
    return fullQuery(store, view, last, now)
  }
  const wanted = unsigned(diff)
  if (wanted === undefined) return refusal(errors.invalidValue, `Invalid value for 'diff': ${shown(diff)}`)
  const most = wanted === 0 ? maxN : Math.min(wanted, maxN)
  if (cursor === undefined)
    return last === undefined ? diffAnswer([], null, false) : withoutCursor(store, view, last, most)
  const from = unsigned(cursor)
  if (from === undefined)
    return refusal(errors.invalidValue, `Invalid value for 'cursor': ${shown(cursor)}`, last ?? null)
  if (last === undefined) return diffAnswer([], null, false)
  if (from > last) return refusal(errors.outOfBound, `Out of bound value for 'cursor': ${from}`)
  return withCursor(store, view, last, from, most)
}

async function fullQuery(
  store: Store,
  view: RevocationView,
  last: number | undefined,
  now: number,
): Promise<EndpointResponse> {
  const hashes = await store.tokens.revoked(view, now)
  return content(
    new Map<number, unknown>([
      [parameters.fullSet, hashes],
      [parameters.cursor, last ?? null],
    ]),
  )
}

/** RFC 9770 section 9.2.2. */
async function withoutCursor(
  store: Store,
  view: RevocationView,
  last: number,
  most: number,
): Promise<EndpointResponse> {
  const there = Math.min(last + 1, maxN)
  const asked = Math.min(there, most)
  return batch(store, view, last + 1 - asked, last)
}

/** RFC 9770 section 9.2.3. */
async function withCursor(
  store: Store,
  view: RevocationView,
  last: number,
  cursor: number,
  most: number,
): Promise<EndpointResponse> {
  const oldest = Math.max(0, last + 1 - maxN)
  // What follows the cursor is no longer kept: the requester begins again with a full query.
  if (cursor + 1 < oldest) return diffAnswer([], null, true)
  const following = last - cursor
  const asked = Math.min(following, most)
  if (asked === 0) return diffAnswer([], last, false)
  return batch(store, view, last + 1 - asked, last)
}

/** The entries from one index to another, as many as go into one answer: the oldest first are taken, the newest first are told. */
async function batch(
  store: Store,
  view: RevocationView,
  from: number,
  to: number,
): Promise<EndpointResponse> {
  const updates = await store.tokens.revocationUpdates(view, from, Math.min(maxDiffBatch, to - from + 1))
  const newest = updates.at(-1)
  if (!newest) return diffAnswer([], to, false)
  return diffAnswer(updates.toReversed(), newest.index, newest.index < to)
}

function diffAnswer(
  updates: readonly RevocationUpdate[],
  cursor: number | null,
  more: boolean,
): EndpointResponse {
  const entries = updates.map(({ listHash, isAdded }) => (isAdded ? [[], [listHash]] : [[listHash], []]))
  return content(
    new Map<number, unknown>([
      [parameters.diffSet, entries],
      [parameters.cursor, cursor],
      [parameters.more, more],
    ]),
  )
}

function content(map: ReadonlyMap<number, unknown>): EndpointResponse {
  return {
    code: '2.05',
    status: 200,
    ...trl,
    payload: encodeValue(map as never),
    maxAge: 0,
    headers: { 'content-type': trl.mediaType, 'cache-control': 'no-store' },
  }
}

function refusal(
  [errorId, title]: (typeof errors)[keyof typeof errors],
  detail: string,
  cursor?: number | null,
): EndpointResponse {
  const error = new Map<number, unknown>([[errorParameters.errorId, errorId]])
  if (cursor !== undefined) error.set(errorParameters.cursor, cursor)
  const map = new Map<number, unknown>([
    [titleKey, title],
    [detailKey, detail],
    [errorKey, error],
  ])
  return {
    code: '4.00',
    status: 400,
    ...problem,
    payload: encodeValue(map as never),
    maxAge: 0,
    headers: { 'content-type': problem.mediaType, 'cache-control': 'no-store' },
  }
}

/** The unsigned integer of a query parameter. */
function unsigned(text: string): number | undefined {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(value) ? value : undefined
}

/** A parameter as it may be told: it comes from outside. */
function shown(text: string): string {
  return text.replaceAll(/[^\w.+-]/g, '?').slice(0, 32)
}

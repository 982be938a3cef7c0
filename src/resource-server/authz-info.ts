import { randomBytes } from '#runtime/crypto'
import { DecodeError } from '../cbor/decode-error.ts'
import { equalBytes } from '../cose/equal-bytes.ts'
import { Failure } from '../failure/failure.ts'
import type { OscoreInputMaterial } from '../message/confirmation.ts'
import type { CoapResponseCodeName } from '../registry/generated/coap-response-codes.ts'
import { contentFormats } from '../registry/generated/content-formats.ts'
import { nameOf } from '../registry/registry.ts'
import { hex } from '../table/hex.ts'
import { ProtectionError } from '../token/protection-error.ts'
import { OscoreAuthzInfoRequest, OscoreAuthzInfoResponse } from './authz-info-messages.ts'
import { type HeldTokens, kidBytes } from './held-tokens.ts'
import { type OscoreParameters, oscoreParametersFor } from './oscore-context.ts'
import {
  type TokenFormat,
  type VerifiedToken,
  type VerifyOptions,
  verifyAccessToken,
} from './verify-access-token.ts'

/** A request to authz-info, whatever brought it. */
export interface AuthzInfoRequest {
  /** The method. */
  readonly method: string
  /** The media type, or its Content-Format; undefined where none was sent. */
  readonly format?: number | string | undefined
  readonly payload: Uint8Array
  /**
   * The identifier of the OSCORE input material whose security context protects the request: then it is an update of
   * rights (RFC 9203 §4.1).
   */
  readonly protectedBy?: Uint8Array | undefined
}

/** The answer to it. */
export interface AuthzInfoResponse {
  /** 2.01 for a token that is held now. */
  readonly code: CoapResponseCodeName
  /** The Content-Format of the payload. */
  readonly contentFormat?: number
  readonly payload?: Uint8Array
  /** What was wrong, for the log; nothing beyond the code and the payload is for the client. */
  readonly failure?: Failure
  /** The token that is held now. */
  readonly token?: VerifiedToken
}

/** The OSCORE profile at a resource server (RFC 9203). */
export interface OscoreProfile {
  /** A Recipient ID that no security context of the resource server has, other than that of the client. */
  readonly newRecipientId: (clientRecipientId: Uint8Array) => Uint8Array
  /** Takes the parameters of a new security context, bound to a token. */
  readonly established: (parameters: OscoreParameters, token: VerifiedToken) => void | Promise<void>
}

/** What an authz-info endpoint is made of. */
export interface AuthzInfoOptions extends VerifyOptions {
  /** Where the tokens go. */
  readonly tokens: HeldTokens
  /** How security contexts are made. Default: Content-Format 19 is refused. */
  readonly oscore?: OscoreProfile | undefined
}

/** The formats of tokens by their media types; undefined where the token itself tells. */
const formats: ReadonlyMap<unknown, TokenFormat | undefined> = /* @__PURE__ */ new Map([
  ['application/cwt', 'cwt'],
  ['application/jwt', 'jwt'],
  ['application/octet-stream', undefined],
  [undefined, undefined],
])

const aceCbor = 'application/ace+cbor'

/** The length of a nonce, in bytes: 64 bits are recommended (RFC 9203 §4.2). */
const nonceBytes = 8

/**
 * Answers a request to the authz-info endpoint of a resource server (RFC 9200 §5.10.1): verifies the token, and holds it
 * in the place of the one before for the same key.
 *
 * @returns 2.01, or the response code of what is wrong; it never throws for what a client sends
 *
 * @example
 * ```ts
 * import { answerAuthzInfo, HeldTokens, type VerifyOptions } from 'ace-oauth/resource-server'
 *
 * const tokens = new HeldTokens()
 *
 * async function post(payload: Uint8Array, verify: VerifyOptions): Promise<string> {
 *   const { code } = await answerAuthzInfo({ method: 'POST', format: 61, payload }, { ...verify, tokens })
 *   return code
 * }
 * ```
 */
export async function answerAuthzInfo(
  request: AuthzInfoRequest,
  options: AuthzInfoOptions,
): Promise<AuthzInfoResponse> {
  try {
    return await answer(request, options)
  } catch (error) {
    const thrown = Failure.from(error, 'authz_info')
    // The functions in the options may throw the failure of a client, which has no response code.
    const failure = thrown.coapCode ? thrown : new Failure('authz_info_internal_error', { cause: thrown })
    const code = failure.coapCode!
    // An update that fails is 4.01, whatever is wrong (RFC 9203 §4.2).
    if (request.protectedBy && code !== '4.01' && failure.httpStatus! < 500)
      return { code: '4.01', failure: new Failure('authz_info_update_refused', { cause: failure }) }
    const payload = failure.toErrorResponse()?.toCbor()
    return payload ? { code, contentFormat: contentFormats[aceCbor], payload, failure } : { code, failure }
  }
}

async function answer(request: AuthzInfoRequest, options: AuthzInfoOptions): Promise<AuthzInfoResponse> {
  const { method, payload, format, protectedBy } = request
  if (method !== 'POST') throw new Failure('authz_info_method_not_allowed')
  const type = mediaType(format)
  if (type === aceCbor && options.oscore) return answerOscore(request, options, options.oscore)
  if (!formats.has(type)) throw new Failure('authz_info_media_type_unsupported')
  const token = await verifyAccessToken(payload, options, formats.get(type))
  if (protectedBy) return update(token, protectedBy, options)
  await hold(token, options)
  return { code: '2.01', token }
}

/** Associates a token with the security context that protected it (RFC 9203 §4.2). */
async function update(
  token: VerifiedToken,
  protectedBy: Uint8Array,
  options: AuthzInfoOptions,
): Promise<AuthzInfoResponse> {
  const { kid } = token.claims.cnf ?? {}
  if (kid === undefined || !equalBytes(kidBytes(kid), protectedBy))
    throw new Failure('authz_info_update_refused')
  await hold(token, options, `osc:${hex(protectedBy)}`)
  return { code: '2.01', token }
}

function mediaType(format: number | string | undefined): string | undefined {
  if (typeof format === 'number') return nameOf(contentFormats, format) ?? ''
  return format?.replace(/;.*/s, '').trim().toLowerCase()
}

async function hold(token: VerifiedToken, { tokens, exi }: AuthzInfoOptions, name?: string): Promise<void> {
  if (!token.claims.cnf) throw new Failure('authz_info_key_unusable', { details: { expected: 'cnf' } })
  try {
    await tokens.hold(token, { name, exi })
  } catch (error) {
    throw unusable(error)
  }
}

function unusable(error: unknown): unknown {
  return error instanceof ProtectionError || error instanceof DecodeError
    ? new Failure('authz_info_key_unusable', { details: { reason: error.reason }, cause: error })
    : error
}

/** RFC 9203 §4.2. */
async function answerOscore(
  { payload, protectedBy }: AuthzInfoRequest,
  options: AuthzInfoOptions,
  { newRecipientId, established }: OscoreProfile,
): Promise<AuthzInfoResponse> {
  const request = posted(payload, options)
  const token = await verifyAccessToken(request.access_token!, options)
  if (protectedBy) return update(token, protectedBy, options)
  const { cnf } = token.claims
  const { nonce1, ace_client_recipientid: clientRecipientId } = request
  if (!nonce1 || !clientRecipientId) throw new Failure('authz_info_parameter_missing')
  const serverRecipientId = newRecipientId(clientRecipientId)
  const nonce2 = randomBytes(nonceBytes)
  const exchange = { nonce1, nonce2, clientRecipientId, serverRecipientId }
  const parameters = parametersOf(cnf?.osc, exchange)
  await hold(token, options)
  await established(parameters, token)
  return {
    code: '2.01',
    contentFormat: contentFormats[aceCbor],
    payload: new OscoreAuthzInfoResponse({ nonce2, ace_server_recipientid: serverRecipientId }).toCbor(),
    token,
  }
}

function posted(payload: Uint8Array, { limits }: AuthzInfoOptions): OscoreAuthzInfoRequest {
  try {
    return OscoreAuthzInfoRequest.fromCbor(payload, limits)
  } catch (error) {
    const isMissing = (error as DecodeError).reason === 'missing_member'
    throw new Failure(isMissing ? 'authz_info_parameter_missing' : 'authz_info_token_malformed', {
      cause: error,
    })
  }
}

function parametersOf(
  material: OscoreInputMaterial | undefined,
  exchange: Parameters<typeof oscoreParametersFor>[1],
): OscoreParameters {
  if (!material?.id)
    throw new Failure('authz_info_key_unusable', { details: { expected: 'osc with id and ms' } })
  try {
    return oscoreParametersFor(material, exchange, 'resource server')
  } catch (error) {
    throw unusable(error)
  }
}

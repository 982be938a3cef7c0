import { checkObject } from '../cbor/check-object.ts'
import { decodeDefaults } from '../cbor/options.ts'
import { equalBytes } from '../cose/equal-bytes.ts'
import { Failure } from '../failure/failure.ts'
import { type AceProfileName, aceProfiles } from '../registry/generated/ace-profiles.ts'
import type { CoapResponseCodeName } from '../registry/generated/coap-response-codes.ts'
import { contentFormats } from '../registry/generated/content-formats.ts'
import { nameOf } from '../registry/registry.ts'
import { hex } from '../table/hex.ts'
import { systemTime, timeOf } from '../token/option-checks.ts'
import { OscoreAuthzInfoRequest } from './authz-info-messages.ts'
import { type HeldTokens, keyOf } from './held-tokens.ts'
import { refuse } from './open-token.ts'
import { newContext, type OscoreProfile } from './oscore-profile.ts'
import type { TokenFormat, VerifiedToken } from './verified-token.ts'
import { verifyAccessToken } from './verify-access-token.ts'
import { checkVerifyOptions, type VerifyOptions } from './verify-options.ts'

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
  /**
   * The authorization server that gave that input material, where several may have given the same identifier. Default:
   * the one whose input material has it; where there are several, the update is refused.
   */
  readonly protectedByIssuer?: string | undefined
}

/** The answer to it. */
export interface AuthzInfoResponse {
  /** 2.01 for a token that is held now, or was until a later one for the same key replaced it. */
  readonly code: CoapResponseCodeName
  /** The Content-Format of the payload. */
  readonly contentFormat?: number
  readonly payload?: Uint8Array
  /** What was wrong, for the log; nothing beyond the code and the payload is for the client. */
  readonly failure?: Failure
  /** The token that was verified. */
  readonly token?: VerifiedToken
}

/** What an authz-info endpoint is made of. */
export interface AuthzInfoOptions extends VerifyOptions {
  /** Where the tokens go. */
  readonly tokens: HeldTokens
  /** How security contexts are made. Default: Content-Format 19 is refused. */
  readonly oscore?: OscoreProfile | undefined
  /**
   * The profiles that a token may ask for in the ace_profile claim (RFC 9200 §6.8). A token that asks for `coap_oscore`
   * has to come as that profile has it, and one that asks for another must not. Default: `coap_dtls`, and `coap_oscore`
   * where `oscore` is set.
   */
  readonly profiles?: readonly (AceProfileName | number)[] | undefined
}

/** The formats of tokens by their media types; undefined where the token itself tells. */
const formats: ReadonlyMap<unknown, TokenFormat | undefined> = /* @__PURE__ */ new Map([
  ['application/cwt', 'cwt'],
  ['application/jwt', 'jwt'],
  ['application/at+jwt', 'jwt'],
  ['application/octet-stream', undefined],
  [undefined, undefined],
])

const aceCbor = 'application/ace+cbor'

/** A request, and what is to be done with it. */
interface Arrived {
  readonly type: string | undefined
  readonly payload: Uint8Array
  readonly protectedBy: Uint8Array | undefined
  readonly issuer: string | undefined
  /** Its place among the requests. */
  readonly arrival: number
}

/**
 * Answers a request to the authz-info endpoint of a resource server (RFC 9200 §5.10.1): verifies the token, and holds it
 * in the place of the one before for the same key. Of two requests, the one that is answered for first comes before the
 * other, whichever token is verified first.
 *
 * @returns 2.01, or the response code of what is wrong; it never throws for what a client sends
 * @throws TypeError, RangeError naming the option for wrong options
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
  checkObject('request', request)
  checkVerifyOptions(options)
  const { oscore, tokens, now = systemTime } = options
  timeOf(now)
  const known: readonly AceProfileName[] = oscore ? ['coap_dtls', 'coap_oscore'] : ['coap_dtls']
  const { profiles = known } = options
  const arrival = tokens.arrive()
  const { protectedBy } = request
  try {
    const { method, payload, format, protectedByIssuer } = request
    if (method !== 'POST') refuse('method_not_allowed')
    const type = mediaType(format)
    if (!formats.has(type) && !(type === aceCbor && oscore)) refuse('media_type_unsupported')
    const arrived = {
      type,
      payload: ownPayload(payload, options),
      protectedBy: protectedBy && Uint8Array.from(protectedBy),
      issuer: protectedByIssuer,
      arrival,
    }
    return await answer(arrived, { ...options, profiles })
  } catch (error) {
    return refusal(error, protectedBy !== undefined)
  }
}

function refusal(error: unknown, isUpdate: boolean): AuthzInfoResponse {
  const thrown = Failure.from(error, 'authz_info')
  // The functions in the options may throw the failure of a client, which has no response code.
  const failure = thrown.coapCode ? thrown : new Failure('authz_info_internal_error', { cause: thrown })
  const code = failure.coapCode!
  // An update that fails is 4.01, whatever is wrong (RFC 9203 §4.2).
  if (isUpdate && code !== '4.01' && failure.httpStatus! < 500)
    return { code: '4.01', failure: new Failure('authz_info_update_refused', { cause: failure }) }
  const payload = failure.toErrorResponse()?.toCbor()
  return payload ? { code, contentFormat: contentFormats[aceCbor], payload, failure } : { code, failure }
}

function mediaType(format: number | string | undefined): string | undefined {
  if (typeof format === 'number') return nameOf(contentFormats, format) ?? ''
  return format?.replace(/;.*/s, '').trim().toLowerCase()
}

/** The payload in memory of its own: a caller may receive the next request into the same while this one is answered. */
function ownPayload(payload: unknown, { limits }: AuthzInfoOptions): Uint8Array {
  const maxBytes = limits?.maxBytes ?? decodeDefaults.maxBytes
  if (!(payload instanceof Uint8Array)) refuse('token_malformed', { expected: 'a payload' })
  if (payload.length > maxBytes) refuse('token_too_large', { maxBytes })
  return new Uint8Array(payload)
}

async function answer(arrived: Arrived, options: AuthzInfoOptions): Promise<AuthzInfoResponse> {
  const { type, payload, protectedBy } = arrived
  const request = type === aceCbor ? posted(payload, options) : undefined
  const token = await verifyAccessToken(request?.access_token ?? payload, options, formats.get(type))
  if (protectedBy) return update(token, protectedBy, arrived, options)
  return request ? establish(token, request, arrived, options) : plain(token, arrived, options)
}

function posted(payload: Uint8Array, { limits }: AuthzInfoOptions): OscoreAuthzInfoRequest {
  return OscoreAuthzInfoRequest.fromCbor(payload, limits)
}

/** The token alone: for any profile but OSCORE (RFC 9203 §4.1). */
async function plain(
  token: VerifiedToken,
  { arrival }: Arrived,
  { tokens, exi, now = systemTime }: AuthzInfoOptions,
): Promise<AuthzInfoResponse> {
  const { cnf, ace_profile } = token.claims
  if (!cnf) refuse('key_unusable', { expected: 'cnf' })
  if (cnf.osc || asksForOscore(ace_profile))
    refuse('parameter_missing', { expected: 'nonce1 and ace_client_recipientid' })
  const key = await keyOf(token)
  tokens.put({ token, key, arrival, exi, now: timeOf(now) })
  return { code: '2.01', token }
}

/** Associates a token with the security context that protected it (RFC 9203 §4.2). */
function update(
  token: VerifiedToken,
  protectedBy: Uint8Array,
  { arrival, issuer }: Arrived,
  { tokens, exi, now: clock = systemTime }: AuthzInfoOptions,
): AuthzInfoResponse {
  const { cnf, ace_profile } = token.claims
  const name = `osc:${hex(protectedBy)}`
  const now = timeOf(clock)
  const issuers = tokens.issuersOf(name, now)
  const isOfIssuer = issuer === undefined ? issuers.length === 1 : issuer === token.issuer
  const names = Object.keys(cnf ?? {}).filter((one) => one !== 'unknown')
  const isOfContext = names.length === 1 && cnf?.kid !== undefined && equalBytes(cnf.kid, protectedBy)
  if (!isOfIssuer || !issuers.includes(token.origin.issuerId) || !isOfContext) refuse('update_refused')
  if (ace_profile !== undefined && !asksForOscore(ace_profile)) refuse('update_refused')
  tokens.put({
    token,
    key: { names: [], kids: [], key: undefined, isBrought: false },
    arrival,
    exi,
    now,
    updates: name,
  })
  return { code: '2.01', token }
}

/** A token and a security context for it, both or neither (RFC 9203 §4.2, §4.3). */
async function establish(
  token: VerifiedToken,
  request: OscoreAuthzInfoRequest,
  { arrival }: Arrived,
  { tokens, exi, now = systemTime, oscore }: AuthzInfoOptions,
): Promise<AuthzInfoResponse> {
  const { cnf, ace_profile } = token.claims
  const { nonce1, ace_client_recipientid: clientRecipientId } = request
  if (!nonce1 || !clientRecipientId) refuse('parameter_missing')
  if (ace_profile !== undefined && !asksForOscore(ace_profile))
    refuse('profile_unsupported', { expected: 'ace_profile coap_oscore' })
  if (!cnf?.osc) refuse('key_unusable', { expected: 'osc with id and ms' })
  const key = await keyOf(token)
  const context = newContext(cnf.osc, { nonce1, clientRecipientId }, token, oscore!)
  await context.establish()
  let isHeld = false
  try {
    const { discard } = context
    isHeld = tokens.put({ token, key, arrival, exi, now: timeOf(now), discard })
  } finally {
    if (!isHeld) context.discard()
  }
  return { code: '2.01', contentFormat: contentFormats[aceCbor], payload: context.response.toCbor(), token }
}

function asksForOscore(profile: unknown): boolean {
  return profile === 'coap_oscore' || profile === aceProfiles.coap_oscore
}

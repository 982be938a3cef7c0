import type { AccessTokenRequest, AccessTokenResponse } from 'ace-oauth'
import type { EndpointContext } from 'ace-oauth/endpoint'
import { Failure } from 'ace-oauth/failure'
import type { ClientRecord } from '../store/contract.ts'
import { authorizeAudience } from './authorize-audience.ts'
import { authorizeScope } from './authorize-scope.ts'
import { chooseKey } from './choose-key.ts'
import { chooseProfile } from './choose-profile.ts'
import type { Answered, Granted, GrantServices, Started } from './context.ts'
import { holdToSession, sessionToLeave } from './hold-to-session.ts'
import { mint } from './mint.ts'
import { askPolicy } from './policy.ts'
import { record } from './record.ts'

/**
 * From an authenticated request to a token. All checks come first; what is written is written once, at the end.
 *
 * check the grant, hold the client to its session, authorize audience and scope, choose profile and key, ask the policy, make the token,
 * record it, answer. The grant comes first, for an answer that was lost is given again however the session stands now: it was paid for.
 */
export async function issueToken(
  services: GrantServices,
  request: AccessTokenRequest,
  client: ClientRecord,
  exchange: EndpointContext,
): Promise<AccessTokenResponse> {
  const now = services.now()
  const granted = await checkGrant({ services, request, client, exchange, now })
  if ('answer' in granted) return granted.answer
  const left: string[] = []
  for (let first: unknown; ; )
    try {
      return await issueGranted(granted, left)
    } catch (error) {
      first ??= error
      const sessionId = await sessionToLeave(granted, error, left)
      if (sessionId === undefined) throw first
      left.push(sessionId)
    }
}

async function issueGranted(granted: Granted, left: readonly string[]): Promise<AccessTokenResponse> {
  const held = await holdToSession(granted, left)
  const targeted = await authorizeAudience(held)
  const scoped = authorizeScope(targeted)
  const profiled = chooseProfile(scoped)
  const keyed = await chooseKey(profiled)
  const permitted = await askPolicy(keyed)
  const minted = await mint(permitted)
  return record(minted)
}

/** Runs the grant that the request names, if the client may use it. */
async function checkGrant(started: Started): Promise<Granted | Answered> {
  const { services, request, client } = started
  const name = String(request.grant_type)
  const grant = services.grants.get(name)
  if (!grant) throw new Failure('token_grant_type_unsupported', { details: { grant_type: name } })
  if (!client.grantTypes.includes(name))
    throw new Failure('token_grant_type_not_allowed', {
      details: { clientId: client.clientId, grant_type: name },
    })
  const missing = grant.parameters.find((parameter) => !has(request, parameter))
  if (missing !== undefined) throw new Failure('token_parameter_missing', { details: { parameter: missing } })
  const outcome = await grant.run(started)
  if ('answer' in outcome) return outcome
  return {
    ...started,
    bounds: null,
    subject: null,
    familyId: null,
    redeem: null,
    presented: null,
    ...outcome,
  }
}

function has(request: AccessTokenRequest, parameter: string): boolean {
  if ((request as unknown as Readonly<Record<string, unknown>>)[parameter] !== undefined) return true
  return request.unknown.some((member) => 'json' in member && member.name === parameter)
}

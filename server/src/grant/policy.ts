import type { AccessTokenRequest, Scope } from 'ace-oauth'
import type { Peer } from 'ace-oauth/endpoint'
import { Failure } from 'ace-oauth/failure'
import type { ClientRecord } from '../store/contract.ts'
import type { Keyed, Permitted } from './context.ts'
import { isScopeWithin, tokensOf } from './scope-within.ts'

/** What a policy is asked: the request, parsed and authenticated, and what would be granted. */
export interface PolicyQuestion {
  readonly request: AccessTokenRequest
  readonly client: ClientRecord
  readonly audiences: readonly string[]
  readonly scope: Scope
  readonly profile: string
  /** How long the token would live, in seconds. */
  readonly lifetime: number
  /** Who granted it, where it is not the client itself. */
  readonly subject: string | null
  /** Who sent the request, as the channel says. */
  readonly peer: Peer | undefined
  /** Aborts at the deadline, and when the client goes away. */
  readonly signal: AbortSignal
}

/** What a policy decides. It narrows, and never widens: what is absent stays as it is. */
export type PolicyDecision =
  | { readonly allow: true; readonly scope?: Scope; readonly lifetime?: number }
  | { readonly allow: false; readonly reason?: string; readonly depthExceeded?: true }

/** An operator's own rule, asked last, before anything is made or written. */
export type Policy = (question: PolicyQuestion) => PolicyDecision | Promise<PolicyDecision>

/** Asks the policy. No decision is no permission: what it throws, and what is no decision, refuses the request. */
export async function askPolicy(keyed: Keyed): Promise<Permitted> {
  const lifetime = Math.min(...keyed.resourceServers.map(({ tokenLifetime }) => tokenLifetime))
  const { policy, settings } = keyed.services
  if (!policy) return { ...keyed, lifetime }
  const { request, client, audiences, scope, profile, subject, exchange } = keyed
  const deadline = AbortSignal.timeout(settings.policyTimeoutMs)
  const signal = AbortSignal.any([deadline, exchange.signal as AbortSignal])
  let decision: unknown
  try {
    decision = await Promise.race([
      policy({ request, client, audiences, scope, profile, lifetime, subject, peer: exchange.peer, signal }),
      new Promise<never>((_, reject) => {
        const late = (): void => reject(new Error('the policy gave no decision in time'))
        if (signal.aborted) late()
        else signal.addEventListener('abort', late, { once: true })
      }),
    ])
  } catch (cause) {
    throw new Failure('token_policy_error', { cause })
  }
  return decided(keyed, lifetime, decision)
}

function decided(keyed: Keyed, lifetime: number, decision: unknown): Permitted {
  const {
    allow,
    reason,
    depthExceeded,
    scope,
    lifetime: shorter,
  } = Object(decision) as Record<string, unknown>
  if (allow === false) {
    const details = {
      clientId: keyed.client.clientId,
      reason: typeof reason === 'string' ? reason : undefined,
    }
    throw new Failure(depthExceeded === true ? 'token_nesting_too_deep' : 'token_policy_denied', { details })
  }
  const wrong = (what: string): never => {
    throw new Failure('token_policy_error', { details: { reason: `the policy decided ${what}` } })
  }
  if (allow !== true) wrong('nothing')
  if (
    shorter !== undefined &&
    !(typeof shorter === 'number' && shorter > 0 && shorter <= lifetime && Number.isSafeInteger(shorter))
  )
    wrong('a lifetime that is no shorter one')
  if (scope === undefined) return { ...keyed, lifetime: (shorter as number | undefined) ?? lifetime }
  if (!isScope(scope) || !isScopeWithin(scope, keyed.scope)) return wrong('a scope that is no narrower one')
  return { ...keyed, scope, isNarrowed: true, lifetime: (shorter as number | undefined) ?? lifetime }
}

function isScope(scope: unknown): scope is Scope {
  return typeof scope === 'string'
    ? tokensOf(scope).length > 0
    : scope instanceof Uint8Array && scope.length > 0
}

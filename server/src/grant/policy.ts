import type { AccessTokenRequest, Scope } from 'ace-oauth'
import { Failure } from 'ace-oauth/failure'
import type { ClientRecord } from '../store/contract.ts'
import type { Keyed, Permitted } from './context.ts'

/** What a policy is asked: the request, parsed and authenticated, and what would be granted. */
export interface PolicyQuestion {
  readonly request: AccessTokenRequest
  readonly client: ClientRecord
  readonly audiences: readonly string[]
  readonly scope: Scope
  readonly profile: string
  /** How long the token would live, in seconds. */
  readonly lifetime: number
  /** Aborts at the deadline, and when the client goes away. */
  readonly signal: AbortSignal
}

/** What a policy decides. It narrows, and never widens: what is absent stays as it is. */
export type PolicyDecision =
  | { readonly allow: true; readonly scope?: string; readonly lifetime?: number }
  | { readonly allow: false; readonly reason?: string; readonly depthExceeded?: true }

/** An operator's own rule, asked last, before anything is made or written. */
export type Policy = (question: PolicyQuestion) => PolicyDecision | Promise<PolicyDecision>

/** Asks the policy. No decision is no permission: what it throws, and what is no decision, refuses the request. */
export async function askPolicy(keyed: Keyed): Promise<Permitted> {
  const lifetime = Math.min(...keyed.resourceServers.map(({ tokenLifetime }) => tokenLifetime))
  const { policy, settings } = keyed.services
  if (!policy) return { ...keyed, lifetime }
  const { request, client, audiences, scope, profile, exchange } = keyed
  const deadline = AbortSignal.timeout(settings.policyTimeoutMs)
  const signal = AbortSignal.any([deadline, exchange.signal as AbortSignal])
  let decision: unknown
  try {
    decision = await Promise.race([
      policy({ request, client, audiences, scope, profile, lifetime, signal }),
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
  const before = typeof keyed.scope === 'string' ? keyed.scope.split(' ') : []
  if (typeof scope !== 'string' || scope === '' || !scope.split(' ').every((token) => before.includes(token)))
    wrong('a scope that is no narrower one')
  return {
    ...keyed,
    scope: scope as string,
    isNarrowed: true,
    lifetime: (shorter as number | undefined) ?? lifetime,
  }
}

import { type AifEntry, encodeAif, type Scope } from 'ace-oauth'
import { Failure } from 'ace-oauth/failure'
import type { Scoped, Targeted } from './context.ts'
import { aifOf, intersectAif, isScopeWithin, tokensOf } from './scope-within.ts'

/** Narrows the scope to what client, resource servers and session allow; a scope beyond that of the grant is refused. */
export function authorizeScope(targeted: Targeted): Scoped {
  const { request, client, resourceServers, session, bounds, presented } = targeted
  const asked = request.scope ?? bounds?.scope ?? defaultOf(client.defaultScope)
  if (asked === null) throw new Failure('token_scope_missing', { details: { clientId: client.clientId } })
  if (typeof asked === 'string' && tokensOf(asked).length === 0)
    throw new Failure('token_scope_malformed', { details: { scope: asked } })
  const details = { clientId: client.clientId, scope: asked }
  if (bounds && bounds.scope !== null && !isScopeWithin(asked, bounds.scope))
    throw new Failure(presented ? 'token_refresh_scope_exceeded' : 'token_scope_not_allowed', {
      details: { ...details, granted: bounds.scope },
    })
  const registered = [client.scopes, ...resourceServers.map(({ scopes }) => scopes)]
  const allowed = narrowed(asked, registered)
  if (!allowed) throw new Failure('token_scope_not_allowed', { details })
  const scope = session?.scopes ? narrowed(allowed, [session.scopes]) : allowed
  if (!scope)
    throw new Failure('token_session_scope_not_authorized', {
      details: { ...details, sessionId: session!.sessionId },
    })
  return { ...targeted, scope, isNarrowed: request.scope === undefined || !isSame(scope, request.scope) }
}

/** The scope that a client gets by default: one of bytes stands as it is registered. */
function defaultOf(scope: string | null): Scope | null {
  if (scope === null) return null
  const permissions = permissionOf(scope)
  if (permissions.length > 0) return encodeAif(permissions)
  const [, bytes] = /^bytes:([\w-]*)$/.exec(scope) ?? []
  return bytes === undefined ? scope : Uint8Array.from(Buffer.from(bytes, 'base64url'))
}

/**
 * What each of some lists of registered scopes allows of a scope; undefined where that is nothing.
 *
 * A registered scope is a scope token; or `aif:`, a path, a space and a set of methods (RFC 9237), such as `aif:/s/temp 1`; or `bytes:` and
 * the base64url of a scope of bytes that is allowed as a whole.
 */
function narrowed(asked: Scope, lists: readonly (readonly string[])[]): Scope | undefined {
  if (typeof asked === 'string') {
    const tokens = tokensOf(asked).filter((token) => lists.every((list) => list.includes(token)))
    return tokens.length > 0 ? [...new Set(tokens)].join(' ') : undefined
  }
  const aif = aifOf(asked)
  const common = aif && lists.reduce((rest, list) => intersectAif(rest, list.flatMap(permissionOf)), aif)
  if (common && common.length > 0) return encodeAif(common)
  const whole = `bytes:${Buffer.from(asked).toString('base64url')}`
  return lists.every((list) => list.includes(whole)) ? asked : undefined
}

/** The permission of a registered scope in AIF. */
function permissionOf(scope: string): AifEntry[] {
  const [, path, set] = /^aif:(.*) (\d{1,20})$/s.exec(scope) ?? []
  return path !== undefined && set !== undefined ? [[path, BigInt(set)]] : []
}

function isSame(a: Scope, b: Scope): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b
  return Buffer.compare(a, b) === 0
}

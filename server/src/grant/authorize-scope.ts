import { type AifEntry, DecodeError, decodeAif, encodeAif, mergeAif, type Scope } from 'ace-oauth'
import { Failure } from 'ace-oauth/failure'
import type { Scoped, Targeted } from './context.ts'

/** What begins a permission that is registered in AIF: `aif:/s/temp 1` allows the methods of the set on the path. */
const aifPrefix = 'aif:'

/** Narrows the scope to what client, resource servers, session and an earlier grant allow. */
export function authorizeScope(targeted: Targeted): Scoped {
  const { request, client, resourceServers, session, earlier } = targeted
  const asked = request.scope ?? earlier?.scope ?? client.defaultScope
  if (asked === null || asked === undefined)
    throw new Failure('token_scope_missing', { details: { clientId: client.clientId } })
  const allowed = client.scopes.filter(
    (scope) =>
      resourceServers.every(({ scopes }) => scopes.includes(scope)) &&
      (session?.scopes ? session.scopes.includes(scope) : true),
  )
  const scope =
    typeof asked === 'string' ? textScope(asked, allowed, targeted) : bytesScope(asked, allowed, targeted)
  return { ...targeted, scope, isNarrowed: request.scope === undefined || !sameScope(scope, request.scope) }
}

function textScope(asked: string, allowed: readonly string[], { client, earlier }: Targeted): string {
  const tokens = asked.split(' ').filter(Boolean)
  if (tokens.length === 0) throw new Failure('token_scope_malformed', { details: { scope: asked } })
  const before = typeof earlier?.scope === 'string' ? earlier.scope.split(' ') : undefined
  const exceeding = before && tokens.find((token) => !before.includes(token))
  if (exceeding !== undefined)
    throw new Failure('token_refresh_scope_exceeded', {
      details: { scope: exceeding, granted: earlier?.scope },
    })
  const granted = tokens.filter((token) => allowed.includes(token))
  if (granted.length === 0)
    throw new Failure('token_scope_not_allowed', {
      details: { clientId: client.clientId, scope: asked, allowed },
    })
  return [...new Set(granted)].join(' ')
}

/** A scope of bytes: an AIF is narrowed path by path; any other has to be registered as it is, in base64url. */
function bytesScope(
  asked: Uint8Array,
  allowed: readonly string[],
  { client, earlier }: Targeted,
): Uint8Array {
  const refuse = (): never => {
    throw new Failure('token_scope_not_allowed', {
      details: { clientId: client.clientId, scope: asked, allowed },
    })
  }
  const whole = Buffer.from(asked).toString('base64url')
  const aif = aifOf(asked)
  if (!aif) return allowed.includes(`bytes:${whole}`) ? asked : refuse()
  const permissions = allowed.flatMap(permissionOf)
  let granted = intersection(aif, permissions)
  const before = earlier?.scope instanceof Uint8Array ? aifOf(earlier.scope) : undefined
  if (before) {
    if (!sameScope(encodeAif(intersection(aif, before)), encodeAif(mergeAif(aif))))
      throw new Failure('token_refresh_scope_exceeded', { details: { scope: whole } })
    granted = intersection(granted, before)
  }
  return granted.length > 0 ? encodeAif(granted) : refuse()
}

function aifOf(bytes: Uint8Array): readonly AifEntry[] | undefined {
  try {
    return decodeAif(bytes)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** The permission of a registered scope in AIF, such as `aif:/s/temp 1`. */
function permissionOf(scope: string): AifEntry[] {
  const [, path, set] = /^aif:(.*) (\d+)$/s.exec(scope) ?? []
  return scope.startsWith(aifPrefix) && path !== undefined && set !== undefined ? [[path, BigInt(set)]] : []
}

/** The methods that both allow, path by path (RFC 9237 section 3), the dynamic ones included. */
function intersection(one: readonly AifEntry[], other: readonly AifEntry[]): AifEntry[] {
  const sets = new Map(mergeAif(other))
  return mergeAif(one).flatMap(([path, set]): AifEntry[] => {
    const common = BigInt(set) & BigInt(sets.get(path) ?? 0)
    return common === 0n ? [] : [[path, common <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(common) : common]]
  })
}

function sameScope(a: Scope, b: Scope): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b
  return Buffer.compare(a, b) === 0
}

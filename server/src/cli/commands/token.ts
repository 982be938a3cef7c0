import type { Store } from '../../store/contract.ts'
import { allPages } from '../all-pages.ts'
import { CommandError } from '../output.ts'
import { actor, now } from '../with-store.ts'

/** A token as it is listed: never the token itself. */
export interface ListedToken extends Readonly<Record<string, unknown>> {
  readonly id: string
  /** One, or a list. */
  readonly audience: string | readonly string[]
  /** Text; base64url where the scope is bytes. */
  readonly scope: string | null
  readonly issued_at: number
  readonly expires_at: number
}

/** The tokens that were issued and have not been removed yet. */
export async function listTokens(
  store: Store,
  query: { readonly clientId?: string; readonly audience?: string },
): Promise<ListedToken[]> {
  const tokens = await allPages(
    (page) => store.tokens.list({ ...query, ...page }),
    ({ id }) => id,
  )
  return tokens.map(({ id, audiences, scope, issuedAt, expiresAt, revokedAt }) => ({
    id,
    audience: audiences.length === 1 ? audiences[0]! : audiences,
    scope: scope instanceof Uint8Array ? Buffer.from(scope).toString('base64url') : scope,
    issued_at: issuedAt,
    expires_at: expiresAt,
    ...(revokedAt !== null && { revoked_at: revokedAt }),
  }))
}

/** Revokes a token by the id that the list tells. */
export async function revokeToken(
  store: Store,
  id: string,
): Promise<{ readonly id: string; readonly revoked: number }> {
  const revoked = await store.tokens.revokeById(id, actor, now())
  if (revoked === undefined) throw new CommandError(1, `there is no token ${id}`)
  return { id, revoked }
}

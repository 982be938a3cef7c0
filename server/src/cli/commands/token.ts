import type { Store } from '../../store/contract.ts'

/** How many tokens one query of the store gives. */
const pageSize = 1_000

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
  const listed: ListedToken[] = []
  for (let after = ''; ; ) {
    const page = await store.tokens.list({ ...query, after, limit: pageSize })
    for (const { id, audiences, scope, issuedAt, expiresAt, revokedAt } of page)
      listed.push({
        id,
        audience: audiences.length === 1 ? audiences[0]! : audiences,
        scope: scope instanceof Uint8Array ? Buffer.from(scope).toString('base64url') : scope,
        issued_at: issuedAt,
        expires_at: expiresAt,
        ...(revokedAt !== null && { revoked_at: revokedAt }),
      })
    if (page.length < pageSize) return listed
    after = page.at(-1)!.id
  }
}

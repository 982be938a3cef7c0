import type { Store } from '../store/contract.ts'
import { CommandError } from './output.ts'
import { pagesOf } from './pages.ts'
import type { Progress } from './progress.ts'
import { now } from './with-store.ts'

/** How many are revoked at once. */
const atOnce = 20
/** How many refresh tokens one query looks at. */
const pageSize = 1_000

/**
 * Revokes all tokens of a client, or for an audience, and the refresh tokens of their families.
 *
 * @param signal ends it between two bites; what was revoked stays revoked
 * @returns how many tokens were live
 */
export async function revokeMany(
  store: Store,
  query: { readonly clientId: string } | { readonly audience: string },
  actor: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<number> {
  let revoked = 0
  const add = (live: number | undefined): void => {
    revoked += live ?? 0
    progress.show(revoked)
  }
  try {
    let after: Uint8Array | undefined
    do {
      const page = await store.tokens.families({ ...query, after, limit: pageSize }, now())
      await inBites([...new Set(page.familyIds)], signal, async (familyId) =>
        add(await store.tokens.revokeFamily(familyId, actor, now())),
      )
      after = page.next
    } while (after)
    const tokens = pagesOf(
      (page) => store.tokens.list({ ...query, isLiveAt: now(), ...page }),
      ({ id }) => id,
      { after: '', signal },
    )
    for await (const page of tokens)
      await inBites(page, signal, async ({ id }) => add(await store.tokens.revokeById(id, actor, now())))
    return revoked
  } finally {
    progress.end()
  }
}

async function inBites<Item>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  for (let i = 0; i < items.length; i += atOnce) {
    if (signal.aborted) throw new CommandError(1, 'stopped: what was revoked stays revoked')
    await Promise.all(items.slice(i, i + atOnce).map(work))
  }
}

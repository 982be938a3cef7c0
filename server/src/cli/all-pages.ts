import type { Page } from '../store/contract.ts'

/** How many rows one query gives. */
const pageSize = 1_000

/** All rows of a list that comes in pages. */
export async function allPages<Row>(
  read: (page: Page) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): Promise<Row[]> {
  const all: Row[] = []
  for (let after = ''; ; ) {
    const page = await read({ after, limit: pageSize })
    all.push(...page)
    if (page.length < pageSize) return all
    after = keyOf(page.at(-1)!)
  }
}

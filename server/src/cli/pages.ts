import { CommandError, type Output, told } from './output.ts'

/** The most rows that one query gives. */
const pageSize = 1_000
/** The most characters of a list in a table: `show` and `--json` tell all of it. */
const widestList = 40

/** Rows of a list, read page by page, so that a list of any length takes no more memory than a page. */
export type Pages<Row> = AsyncIterable<readonly Row[]>

/** How much of a list to read. */
export interface Extent<Key> {
  /** The key of the row that it begins behind. */
  readonly after: Key
  readonly limit?: number | undefined
  /** Ends the reading. */
  readonly signal: AbortSignal
}

/**
 * Reads a list page by page.
 *
 * @param read gives the rows behind a key
 * @throws CommandError when it is told to end
 */
export async function* pagesOf<Row, Key>(
  read: (page: { readonly after: Key; readonly limit: number }) => Promise<readonly Row[]>,
  keyOf: (row: Row) => Key,
  { after: first, limit = Number.POSITIVE_INFINITY, signal }: Extent<Key>,
): Pages<Row> {
  let left = limit
  for (let after = first; left > 0; ) {
    if (signal.aborted) throw new CommandError(1, 'stopped')
    const size = Math.min(pageSize, left)
    const page = await read({ after, limit: size })
    if (page.length > 0) yield page
    if (page.length < size) return
    left -= page.length
    after = keyOf(page.at(-1)!)
  }
}

/** Rows that are all there, as a list. */
export async function* onePage<Row>(rows: readonly Row[]): Pages<Row> {
  if (rows.length > 0) yield rows
}

/** A row as it is shown: as it stands with `--json`, by its columns in a table. */
export type ShownRow = Readonly<Record<string, unknown>>

/** Writes rows: as one line with an array of JSON, or as a table for people. Columns are as wide as the first page needs. */
export async function showPages<Row>(
  output: Output,
  pages: Pages<Row>,
  rowOf: (row: Row) => ShownRow,
  columns: readonly string[],
  isJson: boolean,
): Promise<void> {
  if (isJson) return showArray(output, pages, rowOf)
  let widths: readonly number[] | undefined
  for await (const page of pages) {
    const cells = page.map((row) => {
      const shown = rowOf(row)
      return columns.map((column) => cellOf(column, shown[column]))
    })
    if (!widths) cells.unshift([...columns])
    widths ??= columns.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)))
    await output.out(linesOf(cells, widths))
  }
  if (!widths)
    await output.out(
      linesOf(
        [columns],
        columns.map((column) => column.length),
      ),
    )
}

async function showArray<Row>(
  output: Output,
  pages: Pages<Row>,
  rowOf: (row: Row) => ShownRow,
): Promise<void> {
  let before = '['
  for await (const page of pages) {
    await output.out(before + page.map((row) => JSON.stringify(rowOf(row))).join(','))
    before = ','
  }
  await output.out(before === '[' ? '[]\n' : ']\n')
}

function linesOf(cells: readonly (readonly string[])[], widths: readonly number[]): string {
  const lines = cells.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

function cellOf(column: string, value: unknown): string {
  if (!Array.isArray(value)) return told(column, value)
  let text = ''
  for (const [i, each] of value.entries()) {
    const next = i === 0 ? told(column, each) : `${text}, ${told(column, each)}`
    if (i > 0 && next.length > widestList) return `${text}, +${value.length - i}`
    text = next
  }
  return text || '-'
}

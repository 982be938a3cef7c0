import { wrap } from './text.ts'

/** Rows of cells as columns of text; cells that are empty in every row make no column. */
export function columns(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  const line = (row: readonly string[]): string => {
    const cells = row.map((cell, i) => cell.padEnd(widths[i]!)).filter((_, i) => widths[i]! > 0)
    return `${indent}${cells.join('  ')}`.trimEnd()
  }
  return rows.map((row) => `${line(row)}\n`).join('')
}

/** Named facts, one below the other, those that are long in several lines; those without a text are left out. */
export function facts(rows: readonly (readonly [name: string, fact: string | undefined])[]): string {
  const known = rows.flatMap(([name, fact]) => (fact ? [[name, fact] as const] : []))
  const indent = ' '.repeat(Math.max(...known.map(([name]) => name.length)) + 4)
  return known
    .map(([name, fact]) => `  ${name}`.padEnd(indent.length) + wrap(fact, indent).trimStart())
    .join('')
}

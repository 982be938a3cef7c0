/** Where a command writes to. */
export interface Output {
  readonly out: (text: string) => void
  readonly error: (text: string) => void
}

/** Ends a command with a sentence on standard error. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  /** 1 where something was refused, 2 where the command was used wrongly. */
  readonly exitCode: 1 | 2

  constructor(exitCode: 1 | 2, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Writes a result: as one line of JSON, or each member on a line for people. */
export function show(output: Output, result: object, isJson: boolean): void {
  if (isJson) return output.out(`${JSON.stringify(result)}\n`)
  for (const [name, value] of Object.entries(result))
    output.out(`${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}\n`)
}

/** Writes rows: as one line of JSON, or as a table for people. */
export function showRows(
  output: Output,
  rows: readonly Readonly<Record<string, unknown>>[],
  columns: readonly string[],
  isJson: boolean,
): void {
  if (isJson) return output.out(`${JSON.stringify(rows)}\n`)
  const cells = [columns, ...rows.map((row) => columns.map((column) => cellOf(row[column])))]
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)))
  for (const line of cells)
    output.out(
      `${line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd()}\n`,
    )
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '-'
  // Nothing of the store writes control characters to a terminal.
  return (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\p{Cc}/gu, '?')
}

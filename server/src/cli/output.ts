import { escaped } from '../text.ts'

/** What a command reads from and writes to. */
export interface Output {
  /** Takes a result. Wait for it where there is much of it. */
  readonly out: (text: string) => void | Promise<void>
  /** Takes what is beside the result: a refusal, a remark, progress. */
  readonly error: (text: string) => void
  /** Whether standard output is a terminal, on which logs are written for people. */
  readonly isTerminal?: boolean | undefined
  /** Whether standard error is a terminal, on which progress is shown. */
  readonly hasProgress?: boolean | undefined
  /** Standard input, for commands that read `-`. */
  readonly input?: AsyncIterable<Uint8Array> | undefined
}

/** Ends a command with a sentence on standard error. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  /** 1 where something was refused or failed, 2 where the command was used wrongly. */
  readonly exitCode: 1 | 2

  constructor(exitCode: 1 | 2, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Writes a result: as one line of JSON, or each member on a line for people. */
export function show(output: Output, result: object, isJson: boolean): void {
  if (isJson) return void output.out(`${JSON.stringify(result)}\n`)
  for (const [name, value] of Object.entries(result)) output.out(`${name}: ${told(name, value)}\n`)
}

/** A value for people: times as dates, and nothing that a terminal would obey. */
export function told(name: string, value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'number' && /(?:^|_)(?:at|until)$/.test(name)) return dateOf(value)
  if (typeof value === 'string') return escaped(value)
  const isList = Array.isArray(value) && value.every((each) => typeof each === 'string')
  return escaped(isList ? value.join(', ') || '-' : JSON.stringify(value))
}

function dateOf(seconds: number): string {
  const date = new Date(seconds * 1_000)
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace('.000Z', 'Z')
}

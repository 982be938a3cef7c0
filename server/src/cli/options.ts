import { readFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { didYouMean, escaped, quoted } from '../text.ts'
import { CommandError } from './output.ts'
import type { CommonOptions } from './with-store.ts'

/** The options of all commands that have a result. */
export interface ResultOptions extends CommonOptions {
  readonly json?: true
}

/** Collects the values of an option that may be given again. */
export const several = (value: string, before: readonly string[] = []): string[] => [...before, value]

/** Every command takes them. */
export function withConfiguration(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration', './ace-oauth.yaml')
    .addOption(
      new Option(
        '--set <path=value>',
        'a value in the place of that of the configuration, such as listen.http.port=0; may be given again',
      )
        .argParser(several)
        .default([], 'none'),
    )
}

/** The options of a command that has a result. */
export function withResult(command: Command): Command {
  return withConfiguration(command).option('--json', 'write the result as one line of JSON')
}

/** The options of a list. */
export interface ListOptions extends ResultOptions {
  readonly after?: string
  readonly limit?: number
}

/** The options of a command that lists. */
export function withPages(command: Command, key: string): Command {
  return withResult(command)
    .option(`--after <${key}>`, 'only what stands behind this one in the list')
    .option('--limit <rows>', 'at most so many', wholeNumber)
}

/** Shows examples at the end of the help of a command, each with what it is for. */
export function withExamples(
  command: Command,
  ...examples: readonly (readonly [line: string, what: string])[]
): Command {
  const lines = examples.map(([line, what]) => `  # ${what}\n  $ ace-oauth-server ${line}\n`)
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
}

/** Reads a positive integer. */
export function wholeNumber(text: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : 0
  if (value >= 1 && value < 2 ** 31) return value
  throw new InvalidArgumentError('Expected an integer from 1 to 2^31-1.')
}

/** Reads one of some names; where it is none, tells which there are, and which may have been meant. */
export function oneOf<Name extends string>(names: readonly Name[]): (given: string) => Name {
  return (given) => {
    const name = names.find((each) => each === given)
    if (name !== undefined) return name
    throw new InvalidArgumentError(`Expected one of ${names.join(', ')}${didYouMean(given, names)}`)
  }
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** Reads a time: a date, seconds since 1970, or how long ago it was, such as `15m`, `12h` and `7d`. Gives seconds since 1970. */
export function time(text: string): number {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  if (count !== undefined) return Math.floor(Date.now() / 1_000) - Number(count) * units[unit!]!
  if (/^\d{1,12}$/.test(text)) return Number(text)
  const ms = /^\d{4}-\d\d-\d\d(?:$|[T ])/.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN
  if (!Number.isNaN(ms)) return Math.floor(ms / 1_000)
  throw new InvalidArgumentError(
    'Expected a date such as 2026-08-01 or 2026-08-01T12:00:00Z, seconds since 1970, or how long ago: 15m, 12h, 7d.',
  )
}

/** Reads the JSON of a file that an option names. */
export async function jsonFile(option: string, path: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new CommandError(2, `${option}: ${escaped((cause as Error).message)}`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new CommandError(2, `${option} ${quoted(path)}: no JSON`)
  }
}

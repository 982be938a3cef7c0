import type { z } from 'zod'
import { allSettings } from './settings.ts'

/** What is wrong with one value. */
export interface Problem {
  /** For example `listen.http.port`; empty for the whole file. */
  readonly path: string
  readonly message: string
  /** The line of the file; undefined where it is not there. */
  readonly line?: number | undefined
}

/** A configuration that cannot be used. The message names the path of each wrong value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly problems: readonly Problem[]

  constructor(file: string, problems: readonly Problem[], cause?: unknown) {
    const lines = problems.map(({ path, message, line }) => {
      const where = line === undefined ? '' : ` (line ${line})`
      return printable(`${path && `${path}: `}${message}${where}`)
    })
    super(`${file}: ${lines.length === 1 ? lines[0] : lines.map((line) => `\n  ${line}`).join('')}`, {
      cause,
    })
    this.problems = problems
  }
}

type Issue = z.core.$ZodIssue

/** What the schema has to say, one problem for each wrong value and each unknown key. */
export function problemsOf({ issues }: z.ZodError): Problem[] {
  return issues.flatMap((issue) => problemsIn(issue, []))
}

function problemsIn(issue: Issue, before: readonly PropertyKey[]): Problem[] {
  const keys = [...before, ...issue.path]
  const path = keys.join('.')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: path ? `${path}.${key}` : key, message: unknown(path, key) }))
  if (issue.code === 'invalid_union') {
    // What was meant is the section, unless the value is no section at all.
    const within = issue.errors.find((errors) => errors.some((each) => each.path.length > 0))
    if (within) return within.flatMap((each) => problemsIn(each, keys))
    return [{ path, message: 'expected a section, or false' }]
  }
  return [{ path, message: issue.message.replace(/^Invalid input: /, '') }]
}

function unknown(section: string, key: string): string {
  const suggestion = suggest(section, key)
  return `there is no such setting${suggestion ? `; did you mean ${suggestion}?` : ''}`
}

/** A setting of the same section that is written alike, or one of the same name elsewhere. */
function suggest(section: string, key: string): string | undefined {
  const paths = allSettings().map(({ path }) => path)
  const prefix = section && `${section}.`
  const besides = paths.filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes('.'))
  const distances = besides
    .map((path) => ({
      path,
      distance: distanceOf(path.slice(prefix.length).toLowerCase(), key.toLowerCase()),
    }))
    .sort((a, b) => a.distance - b.distance)
  const [nearest] = distances
  if (nearest && nearest.distance <= Math.max(1, Math.floor(key.length / 3))) return nearest.path
  return paths.find((path) => path === key || path.endsWith(`.${key}`))
}

/** How many letters have to be added, removed, replaced, or swapped with the next, to make one text of another. */
function distanceOf(a: string, b: string): number {
  // A key that is longer than all there are is not a slip of the pen.
  if (b.length > 64) return Number.POSITIVE_INFINITY
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(
        Math.min(
          rows[i - 1]![j]! + 1,
          row[j - 1]! + 1,
          rows[i - 1]![j - 1]! + Number(!isSame),
          isSwapped ? rows[i - 2]![j - 2]! + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}

/** Nothing of a file writes control characters to a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}

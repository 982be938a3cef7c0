import type { z } from 'zod'
import { editDistance, escaped } from '../text.ts'
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
      return escaped(`${path && `${path}: `}${message}${where}`)
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
  // A key that is longer than all there are is not a slip of the pen.
  if (key.length > 64) return undefined
  const paths = allSettings().map(({ path }) => path)
  const prefix = section && `${section}.`
  const besides = paths.filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes('.'))
  const distances = besides
    .map((path) => ({
      path,
      distance: editDistance(path.slice(prefix.length).toLowerCase(), key.toLowerCase()),
    }))
    .sort((a, b) => a.distance - b.distance)
  const [nearest] = distances
  if (nearest && nearest.distance <= Math.max(1, Math.floor(key.length / 3))) return nearest.path
  return paths.find((path) => path === key || path.endsWith(`.${key}`))
}

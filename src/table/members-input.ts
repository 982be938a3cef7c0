import { join } from '../cbor/decode-error.ts'
import { EncodeError } from './encode-error.ts'
import { isPlainObject } from './json.ts'
import { Members, missing, none, type Table } from './table.ts'
import { unknownFromInput } from './unknown-input.ts'
import type { UnknownMember } from './unknown-member.ts'
import { expectedFor } from './violation-sentences.ts'

/** Takes what a caller gave, and refuses what may not be sent. */
export function membersFromInput(
  table: Table,
  input: object,
  path: string,
  unknown: readonly UnknownMember[] = [],
): Members {
  // The members of a message, a form or a Map are not its own, and would be lost.
  if (typeof input !== 'object' || input === null || !isPlainObject(input))
    throw new EncodeError('unexpected_type', path, 'an object')
  const values: unknown[] = new Array(table.length)
  for (const [name, given] of Object.entries(input)) {
    if (given === undefined) continue
    const row = table.find((candidate) => candidate.name === name)
    const at = join(path, name)
    if (!row) throw new EncodeError('unexpected_type', at, 'a member that there is')
    const value = row.type.accept(given, at)
    if (value === undefined) throw new EncodeError('unexpected_type', at, `a value for a ${row.type.cbor}`)
    const rule = row.type.violation?.(value)
    if (rule) throw new EncodeError('violation', at, expectedFor(rule, row.type))
    values[row.index] = value
  }
  const absent = missing(table, values)
  if (absent) throw new EncodeError('missing_member', join(path, absent))
  const isKnown = (key: unknown, isCbor: boolean): boolean =>
    table.some((row) => (isCbor ? row.key : row.name) === key)
  return new Members(values, unknownFromInput(unknown, path, isKnown), none)
}

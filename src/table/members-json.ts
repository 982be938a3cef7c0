import { copyJson, type Json, jsonEntries, refuse } from './json.ts'
import { join } from './members-cbor.ts'
import { Members, missing, type Row, type Table } from './table.ts'
import type { UnknownMember } from './unknown-member.ts'
import type { Violation } from './violation.ts'

/** Takes a JSON object. */
export function membersFromJson(table: Table, json: unknown, path: string): Members {
  return membersFrom(table, jsonEntries(json, path), path, (row, value, at) => row.type.fromJson(value, at))
}

/** Takes named values of a text encoding, by way of `convert`. */
export function membersFrom(
  table: Table,
  entries: readonly (readonly [name: string, given: unknown])[],
  path: string,
  convert: (row: Row, given: unknown, path: string) => unknown,
): Members {
  const values: unknown[] = new Array(table.length)
  const unknown: UnknownMember[] = []
  const violations: Violation[] = []
  for (const [name, given] of entries) {
    const row = table.find((candidate) => candidate.name === name)
    const at = join(path, name)
    if (row) {
      const value = convert(row, given, at)
      values[row.index] = value
      const rule = row.type.violation?.(value)
      if (rule) violations.push({ rule, path: name })
    } else {
      unknown.push({ name, json: copyJson(given, at) })
    }
  }
  const absent = missing(table, values)
  if (absent) refuse('missing_member', join(path, absent))
  return new Members(values, unknown, violations)
}

/**
 * The JSON twin. Members with CBOR keys that the message does not know have no name there, and stay out of it; parameters
 * that a form has more than once are an array.
 */
export function membersToJson(table: Table, { values, unknown }: Members): Record<string, Json> {
  const entries = new Map<string, Json>()
  for (const { name, type, index } of table)
    if (values[index] !== undefined) entries.set(name, type.toJson(values[index]))
  const repeated = new Map<string, Json[]>()
  for (const member of unknown) {
    if (!('json' in member)) continue
    const json = copyJson(member.json)
    const list = repeated.get(member.name)
    if (list) list.push(json)
    else repeated.set(member.name, [json])
  }
  for (const [name, list] of repeated) entries.set(name, list.length > 1 ? list : list[0]!)
  return Object.fromEntries(entries)
}

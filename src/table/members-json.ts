import { join } from '../cbor/decode-error.ts'
import { type Json, jsonEntries, refuse } from './json.ts'
import { Members, missing, type Row, type Table } from './table.ts'
import { cborMemberFromJson, cborMemberToJson, frozen, type UnknownMember } from './unknown-member.ts'
import type { Report, Violation } from './violation.ts'

/** Takes the JSON object of a message. */
export function membersFromJson(table: Table, json: Json): Members {
  const violations: Violation[] = []
  const report: Report = (rule, path) => violations.push({ rule, path })
  const members = membersFrom(
    table,
    jsonEntries(json),
    '',
    (row, given, path) => row.type.fromJson(given, path, report),
    report,
  )
  members.violations = [...members.violations, ...violations]
  return members
}

/** Takes the JSON object of a map in a message. A member whose name is a CBOR key is the unknown member with that key. */
export function mapMembersFromJson(table: Table, json: unknown, path: string, report?: Report): Members {
  const members = membersFrom(
    table,
    jsonEntries(json, path),
    path,
    (row, given, at) => row.type.fromJson(given, at, report),
    report,
  )
  const unknown = members.unknown.map((member) => {
    const cbor = 'json' in member ? cborMemberFromJson(member.name, member.json) : undefined
    return cbor && !table.some(({ key }) => key === cbor.key) ? cbor : member
  })
  return new Members(members.values, frozen(unknown), [])
}

/**
 * Takes named values of a text encoding, by way of `convert`.
 *
 * @param report is told of what is taken though the sender should not have sent it; without it that is refused
 */
export function membersFrom(
  table: Table,
  entries: readonly (readonly [name: string, given: unknown])[],
  path: string,
  convert: (row: Row, given: unknown, path: string) => unknown,
  report?: Report,
): Members {
  const values: unknown[] = new Array(table.length)
  const unknown: UnknownMember[] = []
  const violations: Violation[] = []
  for (const [name, given] of entries) {
    const row = table.find((candidate) => candidate.name === name)
    const at = join(path, name)
    if (!row) unknown.push({ name, json: given as Json })
    else if (given === null && report && !row.required && !row.type.json.endsWith('or null'))
      report('null_member', at)
    else {
      const value = convert(row, given, at)
      values[row.index] = value
      const rule = row.type.violation?.(value)
      if (rule) violations.push({ rule, path: at })
    }
  }
  const absent = missing(table, values)
  if (absent) refuse('missing_member', join(path, absent))
  return new Members(values, frozen(unknown), violations)
}

/**
 * The JSON twin of a message. Members with CBOR keys that the message does not know have no name there, and stay out of it;
 * parameters that a form has more than once are an array.
 */
export function membersToJson(table: Table, members: Members): Record<string, Json> {
  const entries = knownToJson(table, members)
  const repeated = new Map<string, Json[]>()
  for (const member of members.unknown) {
    if (!('json' in member)) continue
    const list = repeated.get(member.name)
    if (list) list.push(member.json)
    else repeated.set(member.name, [member.json])
  }
  for (const [name, list] of repeated) entries.push([name, list.length > 1 ? list : list[0]!])
  return Object.fromEntries(entries)
}

/** The JSON of a map in a message. */
export function mapMembersToJson(table: Table, members: Members): Record<string, Json> {
  const unknown = members.unknown.map((member): [string, Json] =>
    'json' in member ? [member.name, member.json] : cborMemberToJson(member),
  )
  return Object.fromEntries([...knownToJson(table, members), ...unknown])
}

function knownToJson(table: Table, { values }: Members): [name: string, json: Json][] {
  return table.flatMap(({ name, type, index }): [string, Json][] =>
    values[index] === undefined ? [] : [[name, type.toJson(values[index])]],
  )
}

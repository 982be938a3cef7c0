import { fail, inMember, type Key, readMap, readRaw } from '../cbor/read.ts'
import { begin, beginMap, endMap, finishSecret, writeMember } from '../cbor/write.ts'
import { EncodeError } from './encode-error.ts'
import { finder } from './finder.ts'
import { Members, type Table } from './table.ts'
import type { UnknownMember } from './unknown-member.ts'
import { unsendable, type Violation } from './violation.ts'

// All messages share it.
const none: readonly never[] = /* @__PURE__ */ Object.freeze([])

/** What reads the map of a table. */
export function membersReader(table: Table): () => Members {
  const rowOf = finder(table.map((row) => [row.key, row]))
  const required = table.filter((row) => row.required)
  const blank: unknown[] = table.map(() => undefined)

  function readMember(key: Key, members: Members): void {
    const row = rowOf(key)
    if (!row) {
      if (members.unknown === none) members.unknown = []
      ;(members.unknown as UnknownMember[]).push({ key, cbor: readRaw() })
      return
    }
    const value = inMember(row.name, row.decode)
    members.values[row.index] = value
    const rule = row.violation?.(value)
    if (!rule) return
    if (members.violations === none) members.violations = []
    ;(members.violations as Violation[]).push({ rule, path: row.name })
  }

  return () => {
    const members = new Members(blank.slice(), none, none)
    members.offset = readMap(readMember, members)
    for (const { name, index } of required)
      if (members.values[index] === undefined) fail('missing_member', '', members.offset, name)
    return members
  }
}

/** The deterministic encoding (RFC 8949 §4.2.1). */
export function encodeMembers(table: Table, members: Members): Uint8Array {
  begin()
  writeMembers(table, members, '')
  return finishSecret()
}

/** Writes the map. Members without a CBOR form of their own stay out of it. */
export function writeMembers(table: Table, { values, unknown, violations }: Members, path: string): void {
  const violation = unsendable(violations)
  if (violation) throw new EncodeError('violation', join(path, violation.path), violation.rule)
  const map = beginMap()
  for (const { key, name, type, index } of table) {
    const value = values[index]
    if (value === undefined) continue
    if (key === undefined) throw new EncodeError('no_cbor_form', join(path, name), 'JSON')
    writeMember(key)
    type.encode(value, join(path, name))
  }
  for (const member of unknown) if ('cbor' in member) writeMember(member.key, member.cbor)
  endMap(map, unknown.length === 0)
}

/** The path of a member. */
export function join(path: string, name: string): string {
  return path && name ? `${path}.${name}` : path || name
}

import {
  argument,
  at,
  distinct,
  duplicate,
  fail,
  inOrder,
  type Key,
  more,
  openMap,
  readKey,
  readRaw,
  within,
} from '../cbor/read.ts'
import { begin, beginMap, endMap, finishSecret, writeMember } from '../cbor/write.ts'
import { EncodeError } from './encode-error.ts'
import { find, type Index, indexOf } from './finder.ts'
import { Members, type Table, type TableRow } from './table.ts'
import type { UnknownMember } from './unknown-member.ts'
import { unsendable, type Violation, type ViolationRule } from './violation.ts'

// All messages share it.
const none: readonly never[] = /* @__PURE__ */ Object.freeze([])

/** The values of a map, under their names. */
export type Named = Record<string, unknown> & { unknown?: UnknownMember[] }

/** A table as its reader takes it. */
export interface Layout {
  readonly table: Table
  readonly byKey: Index<TableRow>
  /** The rows that are required, a bit for each. */
  readonly required: number
}

/** Makes a table ready for reading. */
export function layoutOf(table: Table): Layout {
  return {
    table,
    byKey: indexOf(table.map((row) => [row.key, row] as const)),
    required: bitsOf(table, ({ required }) => required === true),
  }
}

/** The rows of which something is so, a bit for each. */
export function bitsOf(table: Table, isSo: (row: TableRow) => boolean): number {
  return table.reduce((bits, row) => (isSo(row) ? bits | (1 << row.index) : bits), 0)
}

/** What reads the map of a table. */
export function membersReader(table: Table): () => Members {
  const layout = layoutOf(table)
  const blank: unknown[] = table.map(() => undefined)
  return () => readMembers(layout, blank.slice())
}

// This and readNamed are functions of the module, and two: an engine makes them faster than one for each table, than one
// for both, which would call itself, and than one that is told what to do with each member.
function readMembers(layout: Layout, values: unknown[]): Members {
  const first = openMap()
  const members = new Members(values, none, none, first)
  // The row that is being read.
  let row: TableRow | undefined
  // The rows that were there, a bit for each; of keys without one there may be any number.
  let seen = 0
  let others: Set<Key> | undefined
  let before = at
  try {
    for (let left = argument; more(left, first); left--) {
      const offset = at
      const key = readKey()
      const found = find(layout.byKey, key)
      if (found === undefined) others = distinct(others, key, offset)
      else seen = once(seen, found, offset)
      before = inOrder(before, offset)
      row = found
      if (row === undefined) keep(members, key)
      else {
        const value = row.decode()
        values[row.index] = value
        const rule = row.violation === undefined ? undefined : row.violation(value)
        if (rule !== undefined) mark(members, row.name, rule)
        row = undefined
      }
    }
  } catch (error) {
    throw row === undefined ? error : within(row.name, error)
  }
  complete(layout, seen, first)
  members.seen = seen
  return members
}

/** Reads the map that stands next into `map`, under the names of its members. Gives where it stands. */
export function readNamed(layout: Layout, map: Named): number {
  const first = openMap()
  let row: TableRow | undefined
  let seen = 0
  let others: Set<Key> | undefined
  let before = at
  try {
    for (let left = argument; more(left, first); left--) {
      const offset = at
      const key = readKey()
      const found = find(layout.byKey, key)
      if (found === undefined) others = distinct(others, key, offset)
      else seen = once(seen, found, offset)
      before = inOrder(before, offset)
      row = found
      if (row === undefined) keep(map, key)
      else {
        map[row.name] = row.decode()
        row = undefined
      }
    }
  } catch (error) {
    throw row === undefined ? error : within(row.name, error)
  }
  complete(layout, seen, first)
  return first
}

/** Adds a row to those that were there, a bit for each, and refuses it if it is among them. */
function once(seen: number, { index }: TableRow, offset: number): number {
  const bit = 1 << index
  if (seen & bit) duplicate(offset)
  return seen | bit
}

/** Refuses the map at `first` if a required row was not there. */
function complete({ table, required }: Layout, seen: number, first: number): void {
  const absent = required & ~seen
  if (absent) fail('missing_member', '', first, table.find(({ index }) => absent & (1 << index))?.name)
}

function keep(holder: Members | Named, key: Key): void {
  if (holder.unknown === undefined || holder.unknown === none) holder.unknown = []
  ;(holder.unknown as UnknownMember[]).push({ key, cbor: readRaw() })
}

function mark(members: Members, path: string, rule: ViolationRule): void {
  if (members.violations === none) members.violations = []
  ;(members.violations as Violation[]).push({ rule, path })
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

import { decode, fail, inMember, readMap, readRaw } from '../cbor/read.ts'
import { begin, finishSecret, type Member, writeMap } from '../cbor/write.ts'
import { EncodeError } from './encode-error.ts'
import type { MessageOptions } from './options.ts'
import { Members, missing, type Table, type TableRow } from './table.ts'
import type { UnknownMember } from './unknown-member.ts'
import { unsendable, type Violation } from './violation.ts'

/** Reads the one map that `bytes` hold. */
export function decodeMembers(table: Table, bytes: Uint8Array, options: MessageOptions | undefined): Members {
  return decode(bytes, options, () => readMembers(table))
}

const none: readonly never[] = []

/** Reads the map that stands next. */
export function readMembers(table: Table): Members {
  const values: unknown[] = new Array(table.length)
  let unknown: UnknownMember[] | undefined
  let violations: Violation[] | undefined
  const start = readMap((key) => {
    const row = rowOf(table, key)
    if (!row) {
      unknown ??= []
      unknown.push({ key, cbor: readRaw() })
      return
    }
    const value = inMember(row.name, row.type.decode)
    values[row.index] = value
    const rule = row.type.violation?.(value)
    if (rule) {
      violations ??= []
      violations.push({ rule, path: row.name })
    }
  })
  const absent = missing(table, values)
  if (absent) inMember(absent, () => fail('missing_member', '', start))
  return new Members(values, unknown ?? none, violations ?? none, start)
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
  const members: Member[] = []
  for (const { key, name, type, index } of table) {
    const value = values[index]
    if (value === undefined) continue
    if (key === undefined) throw new EncodeError('no_cbor_form', join(path, name), 'JSON')
    members.push([key, () => type.encode(value, join(path, name))])
  }
  for (const member of unknown) if ('cbor' in member) members.push([member.key, member.cbor])
  writeMap(members)
}

/** The path of a member. */
export function join(path: string, name: string): string {
  return path && name ? `${path}.${name}` : path || name
}

function rowOf(table: Table, key: unknown): TableRow | undefined {
  for (let i = 0; i < table.length; i++) if (table[i]!.key === key) return table[i]
  return undefined
}

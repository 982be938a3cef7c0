import { join } from '../cbor/decode-error.ts'
import { type Reader, readRaw } from '../cbor/reader.ts'
import { encode, type Writer } from '../cbor/writer.ts'
import { EncodeError } from './encode-error.ts'
import { type ByKey, byKey, valueOfKey } from './lookup-by-key.ts'
import { Members, none, type Table, type TableRow } from './table.ts'
import { frozen, type UnknownCborMember } from './unknown-member.ts'
import type { Violation } from './violation.ts'

/** A table as {@link readMembers} takes it. */
export interface Layout {
  readonly rows: ByKey<TableRow>
  readonly required: readonly TableRow[]
  /** An undefined for each row. */
  readonly blank: readonly undefined[]
}

/** Makes a table ready for reading. */
export function layoutOf(table: Table): Layout {
  return {
    rows: byKey(table.map((row) => [row.key, row] as const)),
    required: table.filter(({ required }) => required),
    blank: table.map(() => undefined),
  }
}

/** Reads the map that stands next. */
export function readMembers(reader: Reader, { rows, required, blank }: Layout): Members {
  const values: unknown[] = blank.slice()
  let unknown: UnknownCborMember[] | undefined
  let violations: Violation[] | undefined
  const offset = reader.readMap((key) => {
    const row = valueOfKey(rows, key)
    if (row === undefined) {
      unknown ??= []
      unknown.push({ key, cbor: readRaw(reader) })
      return
    }
    const { name, index, decode, violation } = row
    const value = reader.inMember(name, decode)
    values[index] = value
    const rule = violation?.(value)
    if (rule) {
      violations ??= []
      violations.push({ rule, path: name })
    }
  })
  for (const { name, index } of required)
    if (values[index] === undefined) reader.fail('missing_member', '', offset, name)
  return new Members(values, unknown ? frozen(unknown) : none, violations ?? none, offset)
}

/** The deterministic encoding (RFC 8949 §4.2.1). */
export function encodeMembers(table: Table, members: Members): Uint8Array<ArrayBuffer> {
  return encode((writer) => writeMembers(writer, table, members, ''))
}

/** Writes the map. Members without a CBOR form of their own stay out of it. */
export function writeMembers(writer: Writer, table: Table, { values, unknown }: Members, path: string): void {
  const map = writer.beginMap()
  for (const { key, name, type, index } of table) {
    const value = values[index]
    if (value === undefined) continue
    if (key === undefined) throw new EncodeError('no_cbor_form', join(path, name), 'JSON')
    writer.member(key)
    type.encode(writer, value, join(path, name))
  }
  for (const member of unknown)
    if ('cbor' in member) {
      writer.member(member.key)
      writer.raw(member.cbor)
    }
  writer.endMap(map, unknown.length === 0)
}

import { isCborInteger } from '../cbor/integer.ts'
import type { Row, Rows } from './table.ts'

/** A member that a caller adds to a message: a row without the section, which a vendor's parameter need not have. */
export type OutsideRow = Omit<Row, 'section'> & { readonly section?: string | undefined }

/** The members that a caller adds to a message: OAuth name to row. */
export type OutsideRows = Readonly<Record<string, OutsideRow>>

/**
 * The rows of a message and those that a caller adds.
 *
 * @param registry the names and keys that are registered for the message
 * @param prototype of the message, whose properties no member may hide
 * @throws RangeError for a name or a key that is taken, TypeError for what is not a row
 */
export function withRows(
  rows: Rows,
  added: OutsideRows,
  registry: Readonly<Record<string, number>>,
  prototype: object,
): Rows {
  if (typeof added !== 'object' || added === null) throw new TypeError('rows are an object: name to row')
  const all: Record<string, Row> = { ...rows }
  for (const [name, row] of Object.entries(added)) {
    requireRow(name, row)
    if (name in prototype || Object.hasOwn(all, name))
      throw new RangeError(`the message has a member ${name}`)
    const { key } = row
    if (key !== undefined) {
      const taken = [
        ...Object.entries(all).map(([own, other]) => [own, other.key] as const),
        ...Object.entries(registry),
      ]
      const other = taken.find(
        ([own, used]) => (own === name) !== (used === key) && (own === name || used === key),
      )
      if (other) throw new RangeError(`${name} with key ${key}: ${other[0]} has key ${other[1]}`)
    }
    all[name] = Object.freeze({ ...row, section: row.section ?? 'the application' })
  }
  return all
}

function requireRow(name: string, row: OutsideRow): void {
  // RFC 6749 §8.2. Digits alone would be read as a CBOR key.
  if (!/^[-.\w]+$/.test(name) || /^-?\d+$/.test(name))
    throw new TypeError(`${JSON.stringify(name)} is not the name of a parameter (RFC 6749 section 8.2)`)
  const { key, type } = row ?? {}
  if (key !== undefined && !(typeof key === 'number' && isCborInteger(key)))
    throw new TypeError(`the key of ${name} is not an integer from -(2^53-1) to 2^53-1`)
  if (typeof type?.decode !== 'function' || typeof type.fromJson !== 'function')
    throw new TypeError(`the type of ${name} is not one of the types that ace-oauth exports`)
}

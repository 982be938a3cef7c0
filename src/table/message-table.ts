import type { Table } from './table.ts'

/** One member of a message, as the RFC's table has it. */
export interface MessageRow {
  /** Its OAuth name. */
  readonly name: string
  /** Its CBOR key; undefined where it exists in JSON only. */
  readonly key: number | undefined
  /** Its CBOR type, in the RFCs' words: `text string`, `map`. */
  readonly type: string
  /** Whether a message without it is refused. */
  readonly required: boolean
  /** Whether it is hidden when the message is printed. */
  readonly secret: boolean
  /** Where it is specified. */
  readonly section: string
}

/** The members of a message, in the order of the deterministic encoding. */
export type MessageTable = readonly MessageRow[]

const tables: WeakMap<MessageTable, Table> = /* @__PURE__ */ new WeakMap()

/** What may be seen of a table: nothing of it reads or writes. */
export function messageTable(table: Table): MessageTable {
  const rows = table.map(({ name, key, type, required = false, secret = false, section }) =>
    Object.freeze({ name, key, type: type.cbor, required, secret, section }),
  )
  const shown = Object.freeze(rows)
  tables.set(shown, table)
  return shown
}

/** The table that {@link messageTable} shows. */
export function tableBehind(shown: MessageTable): Table {
  const table = tables.get(shown)
  if (!table) throw new TypeError('the table is not the `table` of a message')
  return table
}

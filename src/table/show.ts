import { hex } from './hex.ts'
import { Hidden } from './hidden.ts'
import type { Members, Table } from './table.ts'

/** One line for people: `name { member: value, … }` with secrets hidden. */
export function show(name: string, table: Table, { values, unknown }: Members): string {
  const parts: string[] = []
  for (const row of table) {
    const value = values[row.index]
    if (value === undefined) continue
    const shown = row.secret ? new Hidden(value) : row.type.redact ? row.type.redact(value) : value
    parts.push(`${row.name}: ${showValue(shown)}`)
  }
  for (const member of unknown)
    parts.push(
      'name' in member
        ? `${showName(member.name)}: ${JSON.stringify(member.json)}`
        : `${typeof member.key === 'string' ? showName(member.key) : member.key}: << ${hex(member.cbor)} >>`,
    )
  return parts.length === 0 ? `${name} {}` : `${name} { ${parts.join(', ')} }`
}

function showName(name: string): string {
  return /^[\w#-]+$/.test(name) ? name : JSON.stringify(name)
}

function showValue(value: unknown): string {
  if (value instanceof Uint8Array) return `h'${hex(value)}'`
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(showValue).join(', ')}]`
  if (typeof value !== 'object' || value === null || value instanceof Hidden) return String(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{ ${members.map(([name, member]) => `${showName(name)}: ${showValue(member)}`).join(', ')} }`
}

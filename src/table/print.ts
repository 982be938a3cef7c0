import { hex } from './hex.ts'
import { Hidden } from './hidden-secret.ts'
import type { Members, Table } from './table.ts'
import { nameOf } from './unknown-member.ts'

/**
 * One line for people: `name { member: value, … }`. Secrets are hidden, and so are the members that the message does not know, which may
 * be secrets too.
 */
export function print(name: string, table: Table, { values, unknown }: Members): string {
  const parts: string[] = []
  for (const row of table) {
    const value = values[row.index]
    if (value === undefined) continue
    const shown = row.secret ? new Hidden(value) : row.type.redact ? row.type.redact(value) : value
    parts.push(`${row.name}: ${printValue(shown)}`)
  }
  for (const member of unknown)
    parts.push(`${nameOf(member)}: ${new Hidden('cbor' in member ? member.cbor : member.json)}`)
  return parts.length === 0 ? `${name} {}` : `${name} { ${parts.join(', ')} }`
}

function printName(name: string): string {
  return /^[\w#-]+$|^"/.test(name) ? name : JSON.stringify(name)
}

function printValue(value: unknown): string {
  if (value instanceof Uint8Array) return `h'${hex(value)}'`
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(printValue).join(', ')}]`
  if (typeof value !== 'object' || value === null || value instanceof Hidden) return String(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{ ${members.map(([name, member]) => `${printName(name)}: ${printValue(member)}`).join(', ')} }`
}

import { EncodeError } from './encode-error.ts'
import { type Json, refuse } from './json.ts'
import { membersFrom } from './members-json.ts'
import type { FormLike } from './platform.ts'
import type { Members, Row, Table } from './table.ts'

/** Takes a form (RFC 6749 App. B). */
export function membersFromForm(table: Table, form: string | FormLike): Members {
  const seen = new Set<string>()
  const present = [...new URLSearchParams(form)].filter(([name, value]) => {
    const row = table.find((candidate) => candidate.name === name)
    // Parameters of extensions may be there twice (RFC 6749 §3.2, erratum 5708).
    if (row && seen.has(name)) refuse('duplicate_key', name)
    seen.add(name)
    return value !== '' || row?.type.json === 'code or null'
  })
  return membersFrom(table, present, '', (row, given, path) => fromForm(row, String(given), path))
}

function fromForm({ type }: Row, text: string, path: string): unknown {
  if (type.fromForm) return type.fromForm(text, path)
  if (type.json !== 'object') return type.fromJson(text, path)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    refuse('invalid_value', path, 'JSON')
  }
  return type.fromJson(json, path)
}

function formOf(json: Json): string {
  return json === null ? '' : typeof json === 'object' ? JSON.stringify(json) : String(json)
}

/** The form: maps in JSON, null empty. */
export function membersToForm(table: Table, members: Members): FormLike {
  const form = new URLSearchParams()
  for (const { name, type, index } of table) {
    const value = members.values[index]
    if (value !== undefined) form.append(name, type.toForm ? type.toForm(value) : formOf(type.toJson(value)))
  }
  for (const member of members.unknown) {
    if (!('json' in member)) continue
    // What JSON tells as an array of texts is in a form more than once.
    const given: Json = member.json
    const isList =
      Array.isArray(given) && given.length > 0 && given.every((entry) => typeof entry === 'string')
    for (const one of isList ? given : [given]) {
      if (typeof one === 'object')
        throw new EncodeError('no_form', member.name, 'a text, or an array of texts')
      form.append(member.name, String(one))
    }
  }
  return form
}

import type { DecodeOptions } from '../cbor/options.ts'
import { EncodeError } from './encode-error.ts'
import { parametersOfForm } from './form-input.ts'
import { type Json, refuse } from './json.ts'
import { jsonFromInput } from './json-input.ts'
import { membersFrom } from './members-json.ts'
import type { FormLike } from './platform.ts'
import type { Members, Row, Table } from './table.ts'
import type { Report, Violation } from './violation.ts'

/** Takes a form (RFC 6749 App. B). */
export function membersFromForm(
  table: Table,
  form: string | FormLike,
  options: DecodeOptions | undefined,
): Members {
  const violations: Violation[] = []
  const report: Report = (rule, path) => violations.push({ rule, path })
  const seen = new Set<string>()
  const lists = new Map<Row, string[]>()
  const present: [name: string, given: string | string[]][] = []
  const parameters = parametersOfForm(form, options)
  // Any text is a parameter without a value, which is as good as absent, and a request without parameters asks for all that the
  // client may have.
  if (
    parameters.length > 0 &&
    !String(form).includes('=') &&
    !parameters.some(([name]) => isKnown(table, name))
  )
    refuse('invalid_value', '', 'application/x-www-form-urlencoded')
  for (const [name, value] of parameters) {
    const row = table.find((candidate) => candidate.name === name)
    // Parameters of extensions may be there twice (RFC 6749 §3.2, erratum 5708).
    if (row && seen.has(name) && !row.type.repeats) refuse('duplicate_key', name)
    seen.add(name)
    if (value === '' && !row?.type.json.endsWith('or null')) continue
    const list = row?.type.repeats && lists.get(row)
    if (list) {
      list.push(value)
    } else if (row?.type.repeats) {
      const values = [value]
      lists.set(row, values)
      present.push([name, values])
    } else present.push([name, value])
  }
  const members = membersFrom(table, present, '', (row, given, path) =>
    fromForm(row, given as string | string[], path, report, options),
  )
  members.violations = [...members.violations, ...violations]
  return members
}

function fromForm(
  { type }: Row,
  given: string | string[],
  path: string,
  report: Report,
  options: DecodeOptions | undefined,
): unknown {
  if (typeof given !== 'string') return type.fromJson(given.length > 1 ? given : given[0], path, report)
  if (type.fromForm) return type.fromForm(given, path, report)
  if (!isStructured(type.json)) return type.fromJson(given, path, report)
  let json: unknown
  try {
    json = JSON.parse(given)
  } catch {
    refuse('invalid_value', path, 'JSON')
  }
  return type.fromJson(jsonFromInput(json, options), path, report)
}

function isKnown(table: Table, name: string): boolean {
  return table.some((row) => row.name === name)
}

function isStructured(json: Row['type']['json']): boolean {
  return json === 'object' || json.startsWith('array')
}

/** The form: maps in JSON, null empty. */
export function membersToForm(table: Table, members: Members): FormLike {
  const form = new URLSearchParams()
  for (const { name, type, index } of table) {
    const value = members.values[index]
    if (value === undefined) continue
    const json = type.toJson(value)
    const texts = type.repeats && Array.isArray(json) ? json : [json]
    for (const text of texts) form.append(name, formOf(text))
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

function formOf(json: Json): string {
  return json === null ? '' : typeof json === 'object' ? JSON.stringify(json) : String(json)
}

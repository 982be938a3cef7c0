import type { Command } from 'commander'
import { isCborInteger } from '../../cbor/integer.ts'
import { type RegistryId, registries } from '../../registry/generated/tables.ts'
import { isPrivateUse, type Registry, type RegistryRow } from '../../registry/registry.ts'
import { Exit } from '../exit.ts'
import { renderError } from '../show/advice.ts'
import { print, type Style, styleFor } from '../show/output.ts'
import { columns, facts } from '../show/table.ts'
import { printable, toJson, wrap } from '../show/text.ts'
import { didYouMean } from '../suggestion.ts'
import { withExamples } from './examples.ts'

/** `ace-oauth codes`: the registries, or what one name or integer means in them. */
export function configureCodes(command: Command): void {
  command
    .description(
      'Show the registries as tables: all, one, or what one name or integer means in each of them.',
    )
    .argument('[what]', 'a name, an integer, or a registry such as error-codes')
    .option('--json', 'print the rows as JSON')
  withExamples(command, [
    ['codes', 'every registry'],
    ['codes error-codes', 'one registry'],
    ['codes invalid_grant', 'a name'],
    ['codes -99999', 'an integer'],
  ]).action(codes)
}

const all = Object.entries(registries) as readonly (readonly [RegistryId, Registry])[]

function codes(what: string | undefined, { json }: { readonly json?: boolean }): void {
  if (json) return print(`${toJson(tell(what))}\n`)
  const style = styleFor(process.stdout)
  if (what === undefined) return print(all.map((entry) => renderRegistry(entry, style)).join('\n'))
  const registry = all.find(([id]) => kebab(id) === kebab(what))
  if (registry) return print(renderRegistry(registry, style))
  print(/^-?\d+$/.test(what) ? explainInteger(BigInt(what), style) : explainName(what, style))
}

/** The registries, or their rows for a name or an integer, as data. */
function tell(what: string | undefined): unknown {
  if (what === undefined) return Object.fromEntries(all)
  const registry = all.find(([id]) => kebab(id) === kebab(what))
  if (registry) return registry[1]
  const isInteger = /^-?\d+$/.test(what)
  const rows = all.flatMap(([id, { title, rows: every }]) =>
    every
      .filter((row) =>
        isInteger
          ? row.value !== undefined && `${row.value}` === what
          : row.name.toLowerCase() === what.toLowerCase(),
      )
      .map((row) => ({ registry: kebab(id), title, ...row })),
  )
  if (rows.length === 0 && !isInteger) explainName(what, styleFor(process.stdout))
  return rows
}

function explainName(name: string, style: Style): string {
  const found = all.flatMap(([, registry]) => {
    const row = registry.rows.find((one) => one.name.toLowerCase() === name.toLowerCase())
    return row ? [renderRow(registry, row, style)] : []
  })
  if (found.length > 0) return found.join('\n')
  const names = [
    ...all.map(([id]) => kebab(id)),
    ...all.flatMap(([, { rows }]) => rows.map((row) => row.name)),
  ]
  const meant = didYouMean(name, names) || ': see ace-oauth codes, which lists them all'
  throw new Exit(1, `no registry has ${printable(name)}${meant}`)
}

function explainInteger(value: bigint, style: Style): string {
  if (!isCborInteger(value)) throw new Exit(2, `${value} is no integer from -2^64 to 2^64-1`)
  const found: string[] = []
  const reserved: string[] = []
  // Where other registries have the integer, nobody asked about an error code that there is not.
  let errorCode = ''
  for (const [id, registry] of all) {
    const row = registry.rows.find((one) => one.value !== undefined && BigInt(one.value) === value)
    if (row) found.push(renderRow(registry, row, style))
    else if (id === 'errorCodes') errorCode = renderUnregistered(value, style)
    else if (registry.privateUseBelow !== undefined && isPrivateUse(value)) reserved.push(registry.title)
  }
  if (errorCode && (found.length === 0 || isPrivateUse(value))) found.unshift(errorCode)
  if (reserved.length > 0)
    found.push(`It is for private use in these registries too:\n${wrap(reserved.join(', '), '  ')}`)
  return found.join('\n')
}

/** What an error code is that the registry does not have. */
function renderUnregistered(value: bigint, style: Style): string {
  const status = isPrivateUse(value)
    ? 'private use: what it means is up to who runs the authorization server'
    : 'unassigned: a newer registry may know it; it must not be sent (RFC 9200 section 8.4)'
  const { title, reference } = registries.errorCodes
  return `${style.bold(`${value}`)}  ${title}, ${reference}\n${facts([['status', status]])}${renderError(`${value}`)}`
}

function renderRow(registry: Registry, row: RegistryRow, style: Style): string {
  const { name, value, description, valueType, valueRegistry, jwtName, note } = row
  const { references, originalSpecification, httpStatus, recommended, keyType } = row
  const told = facts([
    ['registry', `${registry.title}, ${registry.reference}`],
    ['specified', [...references, ...(originalSpecification ? [originalSpecification] : [])].join('; ')],
    ['description', description],
    ['value type', valueType],
    ['values of', valueRegistry],
    ['in JWT', jwtName],
    ['key type', keyType],
    ['recommended', recommended],
    ['HTTP status', httpStatus?.join(', ')],
    ['note', note],
  ])
  const advice = registry === registries.errorCodes ? renderError(name) : ''
  return `${style.bold(name)}${value === undefined ? '' : ` = ${value}`}\n${told}${advice}`
}

function renderRegistry([id, registry]: readonly [RegistryId, Registry], style: Style): string {
  const { title, ianaName, reference, revision, rows, privateUseBelow, subset, notes } = registry
  const from = [ianaName && `IANA: ${ianaName}`, reference, revision && `as of ${revision}`].filter(Boolean)
  const cells = rows.map((row) => [
    row.value === undefined ? '' : `${row.value}`,
    row.name,
    row.valueType ?? '',
    [...row.references, row.originalSpecification ?? ''].filter(Boolean).join('; '),
  ])
  const remarks = [
    ...(subset ? ['Only what ACE needs is listed here.'] : []),
    ...(privateUseBelow === undefined ? [] : [`Integers less than ${privateUseBelow} are for private use.`]),
    ...notes,
  ]
  return `${style.bold(title)} ${style.dim(`(${kebab(id)}) ${from.join('; ')}`)}\n${columns(cells)}${remarks.map((one) => wrap(one, '  ')).join('')}`
}

/** The name of a registry on the command line: `error-codes`. */
function kebab(id: string): string {
  return id.replaceAll(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase()
}

import { TokenClaims } from '../../token/token-claims.ts'
import { aifText } from './aif.ts'
import type { Style } from './output.ts'
import { columns } from './table.ts'
import { printable, toJson } from './text.ts'
import { tellAllUnknown } from './unknown-members.ts'

const dates: readonly string[] = ['exp', 'nbf', 'iat']

/** The claims of a token for people, the times also as dates; then what only looks like a claim. */
export function renderClaims(claims: TokenClaims, style: Style): string {
  const known = Object.entries(claims.toJson()).flatMap(([name, value]) => {
    const key = TokenClaims.table.find((row) => row.name === name)?.key
    if (key === undefined) return []
    const aif = name === 'scope' ? aifText(claims.scope) : undefined
    return [[`${key}`, name, aif ?? toJson(value), dates.includes(name) ? style.dim(date(value)) : '']]
  })
  const names = TokenClaims.table.map(({ name }) => name)
  const unknown = tellAllUnknown(claims, names).map(({ key, value }) => [
    '',
    printable(key),
    toJson(value),
    '',
  ])
  return `${columns([...known, ...unknown])}${claims.unknown.map((member) => lookalike(member, style)).join('')}`
}

/** What to say of a text key that has the name of a claim: in a CWT it is none (RFC 8392 section 4). */
function lookalike(member: TokenClaims['unknown'][number], style: Style): string {
  const row =
    'cbor' in member && TokenClaims.table.find(({ name, key }) => name === member.key && key !== undefined)
  if (!row) return ''
  return `  ${style.yellow(`"${row.name}" is a text, not the claim ${row.name}, whose key is ${row.key} (RFC 8392 section 4): it counts for nothing`)}\n`
}

function date(seconds: unknown): string {
  const time = new Date(Number(seconds) * 1000)
  return Number.isNaN(time.getTime()) ? '' : time.toISOString()
}

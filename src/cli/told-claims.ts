import { TokenClaims } from '../token/token-claims.ts'
import type { Style } from './output.ts'
import { columns } from './table.ts'
import { printable, toJson } from './text.ts'
import { tellUnknown } from './unknown-members.ts'

const dates: readonly string[] = ['exp', 'nbf', 'iat']

/** The claims of a token for people, the times also as dates. */
export function renderClaims(claims: TokenClaims, style: Style): string {
  const known = Object.entries(claims.toJson()).flatMap(([name, value]) => {
    const key = TokenClaims.table.find((row) => row.name === name)?.key
    if (key === undefined) return []
    return [[`${key}`, name, toJson(value), dates.includes(name) ? style.dim(date(value)) : '']]
  })
  const unknown = tellUnknown(claims.unknown).map(({ key, value }) => ['', printable(key), toJson(value), ''])
  return columns([...known, ...unknown])
}

function date(seconds: unknown): string {
  const time = new Date(Number(seconds) * 1000)
  return Number.isNaN(time.getTime()) ? '' : time.toISOString()
}

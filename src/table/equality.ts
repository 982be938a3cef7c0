import type { Members, Table } from './table.ts'
import type { UnknownMember } from './unknown-member.ts'

/** Two values, and whether they are what a message holds, rather than JSON of any shape. */
type Pair = readonly [one: unknown, other: unknown, isHeld: boolean]

/** Whether two values are the same by content: bytes, arrays and plain objects member by member, however deep. */
export function same(one: unknown, other: unknown): boolean {
  return samePairs([[one, other, false]])
}

function samePairs(pairs: Pair[]): boolean {
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [a, b, isHeld] = pair
    if (Object.is(a, b)) continue
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
    if (a instanceof Uint8Array || b instanceof Uint8Array) {
      if (!(a instanceof Uint8Array && b instanceof Uint8Array) || !sameBytes(a, b)) return false
      continue
    }
    const names = present(a)
    if (Array.isArray(a) !== Array.isArray(b) || names.length !== present(b).length) return false
    for (const name of names) {
      if (!Object.hasOwn(b, name)) return false
      const [one, other] = [a, b].map((side) => side[name as keyof typeof side] as unknown)
      // The members that a map does not know have no order. What is in them is not the library's.
      const isUnknown = isHeld && name === 'unknown'
      pairs.push(isUnknown ? [sorted(one), sorted(other), false] : [one, other, isHeld])
    }
  }
  return true
}

function sorted(members: unknown): unknown {
  if (!Array.isArray(members)) return members
  return (members as UnknownMember[])
    .map((member) => ({ member, order: orderOf(member) }))
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))
}

/** What tells a member from all others: its key, and of a parameter that a form has more than once its text too. */
function orderOf(member: UnknownMember): string {
  if ('cbor' in member) return `${typeof member.key} ${member.key}`
  return JSON.stringify([member.name, typeof member.json === 'string' && member.json])
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function present(value: object): string[] {
  return Object.keys(value).filter((name) => value[name as keyof typeof value] !== undefined)
}

/** Whether two messages hold the same, in any order, an absent member being what it stands for. */
export function sameMembers(table: Table, a: Members, b: Members): boolean {
  return samePairs([
    [{ unknown: a.unknown }, { unknown: b.unknown }, true],
    ...table.map(
      ({ index, implied }): Pair => [
        withImplied(a.values[index], implied),
        withImplied(b.values[index], implied),
        true,
      ],
    ),
  ])
}

/** A value, or what its absence stands for; null is a value. */
function withImplied(value: unknown, implied: unknown): unknown {
  return value === undefined ? implied : value
}

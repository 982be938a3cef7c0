import type { Json } from '../../table/json.ts'
import type { UnknownMember } from '../../table/unknown-member.ts'
import { itemOf } from './item.ts'
import { itemToJson } from './item-value.ts'

/** A member that its message does not know, as JSON tells it. */
export interface ToldMember {
  /** Its key: the decimal digits of an integer, or a text. */
  readonly key: string
  readonly value: Json
}

/** The members that a message does not know. */
export function tellUnknown(members: readonly UnknownMember[]): ToldMember[] {
  return members.map((member) =>
    'cbor' in member
      ? { key: `${member.key}`, value: itemToJson(member.cbor, itemOf(member.cbor)) }
      : { key: member.name, value: member.json },
  )
}

/** The members that a message or a map in it does not know, with their full paths; the keys that are texts in quotation marks. */
export function tellAllUnknown(holder: object, names: readonly string[], path = ''): ToldMember[] {
  const { unknown = [] } = holder as { readonly unknown?: readonly UnknownMember[] }
  const own = unknown.map((member) => {
    const [told] = tellUnknown([member])
    const isText = !('cbor' in member) || typeof member.key === 'string'
    return { key: `${path}${isText ? JSON.stringify(told!.key) : told!.key}`, value: told!.value }
  })
  const nested = names.flatMap((name) => {
    const value = (holder as Readonly<Record<string, unknown>>)[name]
    const isMap =
      typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && !Array.isArray(value)
    return isMap ? tellAllUnknown(value, Object.keys(value), `${path}${name}.`) : []
  })
  return [...own, ...nested]
}

import type { Json } from '../table/json.ts'
import type { UnknownMember } from '../table/unknown-member.ts'
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

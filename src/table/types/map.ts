import { join } from '../../cbor/decode-error.ts'
import { EncodeError } from '../encode-error.ts'
import { Hidden, shieldOf } from '../hidden-secret.ts'
import { refuse } from '../json.ts'
import { layoutOf, readMembers, writeMembers } from '../members-cbor.ts'
import { membersFromInput } from '../members-input.ts'
import { mapMembersFromJson, mapMembersToJson } from '../members-json.ts'
import { type Fault, type InputsOf, Members, type Rows, tableOf, textKeyOf, type ValuesOf } from '../table.ts'
import { nameOf, type UnknownMember } from '../unknown-member.ts'
import type { ValueType } from './value-type.ts'

type RequiredNames<R extends Rows> = {
  [Name in keyof R]: R[Name] extends { required: true } ? Name : never
}[keyof R]

/** What a map in a message holds: its members by name, and those that it does not know. */
export type MapOf<R extends Rows> = {
  readonly [Name in RequiredNames<R>]: NonNullable<ValuesOf<R>[Name]>
} & {
  readonly [Name in Exclude<keyof R, RequiredNames<R>>]?: NonNullable<ValuesOf<R>[Name]>
} & { readonly unknown?: readonly UnknownMember[] }

/** What may be given for a map in a message. */
export type MapInputOf<R extends Rows> = InputsOf<R> & { readonly unknown?: readonly UnknownMember[] }

/**
 * A map in a message, with a table of its own.
 *
 * @param check what is wrong about members that are each right, if anything
 * @param options `isJsonOptional` for a map that says the same without the members that JSON alone has
 */
export function mapType<R extends Rows>(
  rows: R,
  check?: (map: MapOf<R>) => Fault | undefined,
  { isJsonOptional = false } = {},
): ValueType<MapOf<R>, MapInputOf<R>> {
  const table = tableOf(rows)
  const layout = layoutOf(table)
  const secrets = table.filter(({ secret }) => secret).map(({ index }) => index)
  const shield = shieldOf(shownOf)
  const limited = table.filter(({ type }) => type.violation)

  function toMap(members: Members): MapOf<R> {
    const { values, unknown } = members
    const hasSecrets = unknown.length > 0 || secrets.some((index) => values[index] !== undefined)
    const map: Record<string, unknown> = hasSecrets ? Object.create(shield) : {}
    for (const { name, index } of table) {
      const value = values[index]
      if (value !== undefined) map[name] = value
    }
    if (unknown.length > 0) map['unknown'] = unknown
    return Object.freeze(map) as MapOf<R>
  }

  /** The members with their secrets hidden. */
  function shownOf(map: MapOf<R>): Readonly<Record<string, unknown>> {
    const shown: Record<string, unknown> = {}
    for (const { name, secret, type } of table) {
      const value = map[name as keyof MapOf<R>]
      if (value === undefined) continue
      shown[name] = secret ? new Hidden(value) : type.redact ? type.redact(value) : value
    }
    for (const member of map.unknown ?? [])
      shown[nameOf(member)] = new Hidden('cbor' in member ? member.cbor : member.json)
    return shown
  }

  function toMembers(map: MapOf<R>): Members {
    const values = table.map(({ name }) => map[name as keyof MapOf<R>])
    return new Members(values, map.unknown ?? [], [])
  }

  return {
    cbor: 'map',
    json: 'object',
    decode: (reader) => {
      const members = readMembers(reader, layout)
      const map = toMap(members)
      const fault = check?.(map)
      return fault ? reader.fail(fault.reason, fault.expected, members.offset, fault.path) : map
    },
    encode: (writer, map, path) => {
      // A map without one of its members would say something else.
      for (const member of map.unknown ?? [])
        if ('json' in member && !isJsonOptional)
          throw new EncodeError('no_cbor_form', join(path, member.name), 'a member that has a CBOR key')
      writeMembers(writer, table, toMembers(map), path)
    },
    fromJson: (json, path, report) => {
      const map = toMap(mapMembersFromJson(table, json, path, report))
      const fault = check?.(map)
      if (fault) refuse(fault.reason, join(path, fault.path), fault.expected)
      return map
    },
    toJson: (map) => mapMembersToJson(table, toMembers(map)),
    accept: (input, path) => {
      if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined
      const { unknown, ...members } = input as MapInputOf<R>
      const map = toMap(membersFromInput(table, members, path, unknown))
      const fault = check?.(map)
      if (fault) throw new EncodeError(fault.reason, join(path, fault.path), fault.expected)
      return map
    },
    violation: (map) => {
      for (const { name, type } of limited) {
        const value = map[name as keyof MapOf<R>]
        const rule = value === undefined ? undefined : type.violation?.(value)
        if (rule) return rule
      }
      return map.unknown && textKeyOf(table, map.unknown) !== undefined ? 'text_key' : undefined
    },
    redact: shownOf,
  }
}

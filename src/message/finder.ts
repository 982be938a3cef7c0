import { namesOf } from '../registry/registry.ts'

/**
 * Finds values by their CBOR keys. Small unsigned integers, as most keys are, are the indices of an array, which is much
 * faster than a map.
 */
export function finder<Value>(
  entries: Iterable<readonly [key: unknown, value: Value]>,
): (key: unknown) => Value | undefined {
  const all = new Map(entries)
  const small = Array.from({ length: 64 }, (_, key) => all.get(key))
  return (key) => (typeof key === 'number' && key >= 0 && key < 64 ? small[key] : all.get(key))
}

/**
 * Tells the integers of a registry by their names; others stay what they are. It is made ready when it is first used, since
 * importing a module is to do nothing.
 */
export function namer<Name extends string>(
  values: Readonly<Record<Name, number>>,
): (value: number | bigint) => Name | number | bigint {
  let nameOf: ((key: unknown) => Name | undefined) | undefined
  return (value) => {
    nameOf ??= finder(namesOf(values))
    return nameOf(value) ?? value
  }
}

import { namesOf } from '../registry/registry.ts'

/** Values by their CBOR keys. */
export interface Index<Value> {
  readonly all: ReadonlyMap<unknown, Value>
  /** Those of the small unsigned integers, as most keys are: much faster than a map. */
  readonly small: readonly (Value | undefined)[]
}

/** Makes an index. */
export function indexOf<Value>(entries: Iterable<readonly [key: unknown, value: Value]>): Index<Value> {
  const all = new Map(entries)
  return { all, small: Array.from({ length: 64 }, (_, key) => all.get(key)) }
}

/** The value with a key, if there is one. */
export function find<Value>(index: Index<Value>, key: unknown): Value | undefined {
  return typeof key === 'number' && key >= 0 && key < 64 ? index.small[key] : index.all.get(key)
}

/**
 * Tells the integers of a registry by their names; others stay what they are. It is made ready when it is first used, since
 * importing a module is to do nothing.
 */
export function namer<Name extends string>(
  values: Readonly<Record<Name, number>>,
): (value: number | bigint) => Name | number | bigint {
  let names: Index<Name> | undefined
  return (value) => {
    names ??= indexOf(namesOf(values))
    return find(names, value) ?? value
  }
}

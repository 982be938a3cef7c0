import { namesOf } from '../registry/registry.ts'

/** Values by their CBOR keys. */
export interface ByKey<Value> {
  readonly all: ReadonlyMap<unknown, Value>
  /** Those of the small unsigned integers, as most keys are: much faster than a map. */
  readonly small: readonly (Value | undefined)[]
}

/** Makes them ready to be looked up. */
export function byKey<Value>(entries: Iterable<readonly [key: unknown, value: Value]>): ByKey<Value> {
  const all = new Map(entries)
  return { all, small: Array.from({ length: 64 }, (_, key) => all.get(key)) }
}

/** The value with a key, if there is one. */
export function valueOfKey<Value>({ small, all }: ByKey<Value>, key: unknown): Value | undefined {
  return typeof key === 'number' && key >= 0 && key < 64 ? small[key] : all.get(key)
}

/** Tells the integers of a registry by their names; others stay what they are. Built on first use, so that importing this file has no side effect. */
export function namesByKey<Name extends string>(
  values: Readonly<Record<Name, number>>,
): (value: number | bigint) => Name | number | bigint {
  let names: ByKey<Name> | undefined
  return (value) => {
    names ??= byKey(namesOf(values))
    return valueOfKey(names, value) ?? value
  }
}

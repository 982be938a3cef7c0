/**
 * Finds values by their CBOR keys. Small unsigned integers, as most keys are, are the indices of an array, which is much
 * faster than a map.
 */
export function finder<Value>(
  entries: readonly (readonly [key: unknown, value: Value])[],
): (key: unknown) => Value | undefined {
  const all = new Map(entries)
  const small = Array.from({ length: 64 }, (_, key) => all.get(key))
  return (key) => (typeof key === 'number' && key >= 0 && key < 64 ? small[key] : all.get(key))
}

/** Whether two values in JSON are the same, with members in any order and the keys of CBOR maps too. */
export function sameValue(one, other) {
  return ordered(one) === ordered(other)
}

function ordered(value) {
  if (Array.isArray(value)) return `[${value.map(ordered).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const { map } = value
  if (Array.isArray(map) && Object.keys(value).length === 1)
    return `map{${map
      .map(([key, member]) => `${ordered(key)}:${ordered(member)}`)
      .sort()
      .join()}}`
  return `{${Object.keys(value)
    .sort()
    .map((name) => `${name}:${ordered(value[name])}`)
    .join()}}`
}

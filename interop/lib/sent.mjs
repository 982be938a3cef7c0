// What is in a CBOR item, read apart from the library under test: what a rule may rest upon.

/**
 * Looks at bytes as one CBOR item.
 *
 * @param hex the bytes
 * @returns what is in it: `fault` where it is not well-formed ('truncated', 'head', 'break'), `trailing` where bytes follow it, `duplicate`
 *   where a map has a key twice, `badText` where a text is not UTF-8, `chunks` where a string comes in chunks, `undefined`, the unassigned
 *   `simples`, the `tags`, and the major types of map `keys` ('tag' among them), and the `item`: integers as BigInt, texts, `{ bytes }`,
 *   arrays, `{ pairs }`, `{ tag, item }`, and `{ simple }` or `{ float }`
 */
export function lookAt(hex) {
  const bytes = Buffer.from(hex, 'hex')
  const found = { tags: [], simples: [], keys: [] }
  let at = 0

  const take = (count) => {
    if (at + count > bytes.length) throw 'truncated'
    at += count
    return bytes.subarray(at - count, at)
  }
  const number = (info) => {
    if (info < 24) return BigInt(info)
    if (info > 27) throw 'head'
    return BigInt(`0x${take(2 ** (info - 24)).toString('hex')}`)
  }
  const string = (major, info) => {
    if (info !== 31) return take(Number(number(info)))
    found.chunks = true
    const parts = []
    for (;;) {
      const head = take(1)[0]
      if (head === 0xff) return Buffer.concat(parts)
      if (head >> 5 !== major || (head & 31) > 27) throw 'head'
      parts.push(take(Number(number(head & 31))))
    }
  }
  const members = (info, read) => {
    if (info !== 31) {
      const count = number(info)
      if (count > bytes.length) throw 'truncated'
      return Array.from({ length: Number(count) }, read)
    }
    const all = []
    while (bytes[at] !== 0xff) all.push(read())
    at++
    return all
  }
  const text = (content) => {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
    } catch {
      found.badText = true
      return content.toString('latin1')
    }
  }
  const pair = () => {
    const key = item()
    if (key !== null && typeof key === 'object')
      found.keys.push(
        'tag' in key ? `tag ${key.tag}` : Array.isArray(key) ? 'array' : 'pairs' in key ? 'map' : 'other',
      )
    else if (typeof key === 'bigint' && (key >= 2n ** 63n || key < -(2n ** 63n)))
      found.keys.push('beyond 64 bits')
    return [key, item()]
  }
  const map = (info) => {
    const pairs = members(info, pair)
    const keys = pairs.map(([key]) => print(key))
    if (new Set(keys).size < keys.length) found.duplicate = true
    return { pairs }
  }
  const simpleOrFloat = (info) => {
    if (info === 31) throw 'break'
    const value = number(info)
    if (info >= 25) return { float: `${info} ${value}` }
    if (info === 24 && value < 32n) throw 'head'
    if (value === 23n) found.undefined = true
    if (value < 20n || value > 23n) found.simples.push(value)
    return { simple: value }
  }
  const tagged = (info) => {
    const tag = number(info)
    found.tags.push(tag)
    return { tag, item: item() }
  }
  function item() {
    const head = take(1)[0]
    const [major, info] = [head >> 5, head & 31]
    if (major === 0) return number(info)
    if (major === 1) return -1n - number(info)
    if (major === 2) return { bytes: Buffer.from(string(major, info)).toString('hex') }
    if (major === 3) return text(string(major, info))
    if (major === 4) return members(info, item)
    if (major === 5) return map(info)
    return major === 6 ? tagged(info) : simpleOrFloat(info)
  }

  try {
    found.item = item()
    found.trailing = at < bytes.length
  } catch (error) {
    if (typeof error !== 'string') throw error
    found.fault = error
  }
  return found
}

/** An item as text: the same for the same value, whatever its encoding. */
function print(item) {
  return JSON.stringify(item, (_, value) => {
    if (typeof value === 'bigint') return `integer ${value}`
    if (value?.pairs) return { pairs: value.pairs.map((pair) => print(pair)).sort() }
    return value
  })
}

/** The value of a key in the map that an item is, without the tags around it; undefined where there is none. */
export function member(item, key) {
  return item?.pairs?.find(([each]) => each === BigInt(key))?.[1]
}

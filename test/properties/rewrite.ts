/** One data item of CBOR in deterministic encoding: its head, and what it holds. */
export interface Item {
  readonly major: number
  readonly argument: bigint
  readonly info: number
  /** The content of a string. */
  readonly content: Uint8Array
  readonly children: readonly Item[]
  /** As it stands. */
  readonly raw: Uint8Array
}

/** The items of deterministic CBOR, each followed by those in it: the first is the whole. */
export function parse(bytes: Uint8Array): Item[] {
  const all: Item[] = []
  let at = 0
  const read = (): Item => {
    const start = at
    const place = all.length
    all.push(undefined as never)
    const major = bytes[at]! >> 5
    const info = bytes[at++]! & 31
    let argument = BigInt(info)
    if (info > 23) {
      argument = 0n
      for (let i = 0; i < 1 << (info - 24); i++) argument = argument * 256n + BigInt(bytes[at++]!)
    }
    const length = Number(argument)
    let content = new Uint8Array(0)
    if (major === 2 || major === 3) {
      content = bytes.slice(at, at + length)
      at += length
    }
    const count = major === 4 ? length : major === 5 ? length * 2 : major === 6 ? 1 : 0
    const children = Array.from({ length: count }, read)
    const item = { major, argument, info, content, children, raw: bytes.slice(start, at) }
    all[place] = item
    return item
  }
  read()
  return all
}

/** Numbers that look random, and are the same for the same seed. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/**
 * The same data in another encoding: longer heads, indefinite lengths, strings in chunks, members in any order.
 *
 * With `knownOnly`, what stands under keys that no message knows stays as it is, because it is kept as it came.
 */
export function rewrite(
  bytes: Uint8Array,
  seed: number,
  options: { readonly knownOnly?: boolean } = {},
): Uint8Array {
  const random = randomFrom(seed)
  const out: number[] = []
  const head = (major: number, argument: bigint): void => {
    const shortest =
      argument < 24n
        ? 0
        : argument < 0x100n
          ? 1
          : argument < 0x1_0000n
            ? 2
            : argument < 0x1_0000_0000n
              ? 3
              : 4
    const form = random(3) ? shortest : shortest + random(5 - shortest)
    out.push((major << 5) | (form ? 23 + form : Number(argument)))
    for (let i = form ? 1 << (form - 1) : 0; i-- > 0; ) out.push(Number((argument >> BigInt(8 * i)) & 255n))
  }
  const string = ({ major, content, argument }: Item): void => {
    if (random(3)) {
      head(major, argument)
      out.push(...content)
      return
    }
    out.push((major << 5) | 31)
    let at = 0
    while (at < content.length || !random(3)) {
      let end = Math.min(content.length, at + random(9))
      // A chunk of text is whole characters (RFC 8949 §3.2.3).
      while (major === 3 && end < content.length && (content[end]! & 0xc0) === 0x80) end++
      head(major, BigInt(end - at))
      out.push(...content.subarray(at, end))
      at = end
    }
    out.push(0xff)
  }
  const write = (item: Item): void => {
    const { major, argument, children } = item
    if (major < 2) head(major, argument)
    else if (major < 4) string(item)
    else if (major === 7) out.push(...item.raw)
    else if (major === 6) {
      head(major, argument)
      write(children[0]!)
    } else {
      const groups = Array.from({ length: Number(argument) }, (_, i) =>
        major === 4 ? [children[i]!] : [children[2 * i]!, children[2 * i + 1]!],
      )
      if (major === 5)
        for (let i = groups.length - 1; i > 0; i--) {
          const other = random(i + 1)
          const group = groups[i]!
          groups[i] = groups[other]!
          groups[other] = group
        }
      const indefinite = !random(3)
      if (indefinite) out.push((major << 5) | 31)
      else head(major, argument)
      for (const group of groups) {
        const [key, value] = group
        write(key!)
        if (!value) continue
        const { major: type, argument: number } = key!
        const isUnknown = type === 3 || (type === 0 && number >= 1_000n) || (type === 1 && number >= 65_536n)
        // An Encrypted_COSE_Key, too, is kept as it came.
        const isEncrypted = type === 0 && number === 2n && (value.major === 4 || value.major === 6)
        if (isEncrypted || (options.knownOnly && isUnknown)) out.push(...value.raw)
        else write(value)
      }
      if (indefinite) out.push(0xff)
    }
  }
  write(parse(bytes)[0]!)
  return Uint8Array.from(out)
}

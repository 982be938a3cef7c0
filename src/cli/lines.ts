/** What stands in the place of a line that is longer than the limit. */
export const tooLong: unique symbol = Symbol('too long')

/**
 * Lines of a stream, those of each chunk together, without holding more of one than the limit. What follows the last
 * line break is a line unless it is empty.
 *
 * @param maxBytes the longest line, in bytes
 */
export async function* linesOf(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<(Uint8Array | typeof tooLong)[]> {
  let parts: Uint8Array[] = []
  let size = 0
  const add = (part: Uint8Array): void => {
    size += part.length
    if (size > maxBytes) parts = []
    else parts.push(part)
  }
  const take = (): Uint8Array | typeof tooLong => {
    const line = size > maxBytes ? tooLong : Buffer.concat(parts)
    parts = []
    size = 0
    return line
  }
  for await (const chunk of stream) {
    const lines: (Uint8Array | typeof tooLong)[] = []
    let from = 0
    for (let to = chunk.indexOf(lineFeed); to >= 0; to = chunk.indexOf(lineFeed, from)) {
      add(chunk.subarray(from, to))
      lines.push(take())
      from = to + 1
    }
    add(chunk.subarray(from))
    if (lines.length > 0) yield lines
  }
  if (size > 0) yield [take()]
}

const lineFeed = 0x0a

/** The most bytes that a line may have. */
export const longestLine: number = 64 * 1024

const newline = 0x0a

/** A line of a file. */
export interface Line {
  /** From 1 on. */
  readonly number: number
  /** Its text without its end; undefined where it cannot be taken. */
  readonly text: string | undefined
  /** Why it cannot be taken. */
  readonly problem?: string
  /** How many bytes there are up to its end. */
  readonly offset: number
}

/** Cuts bytes into lines of UTF-8. Of a line that is too long no more is kept than the limit. */
export async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let parts: Uint8Array[] = []
  let length = 0
  let number = 0
  let offset = 0
  const take = (part: Uint8Array): void => {
    length += part.length
    if (length <= longestLine) parts.push(part)
    else parts = []
  }
  const finish = (): Line => {
    number++
    const line = { number, offset, ...textOf(utf8, parts, length) }
    parts = []
    length = 0
    return line
  }
  for await (const chunk of source) {
    let start = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      take(chunk.subarray(start, end))
      offset += end + 1 - start
      start = end + 1
      yield finish()
    }
    take(chunk.subarray(start))
    offset += chunk.length - start
  }
  if (length > 0) yield finish()
}

function textOf(
  utf8: TextDecoder,
  parts: readonly Uint8Array[],
  length: number,
): Pick<Line, 'text' | 'problem'> {
  if (length > longestLine)
    return { text: undefined, problem: `it has ${length} bytes, more than ${longestLine}` }
  try {
    return { text: utf8.decode(parts.length === 1 ? parts[0] : Buffer.concat(parts)).trim() }
  } catch {
    return { text: undefined, problem: 'it is no UTF-8' }
  }
}

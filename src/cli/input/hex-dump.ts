/** The bytes of a dump, and whether it printed words of 16 bits, low byte first. */
export interface Dump {
  readonly bytes: Uint8Array
  readonly hasWords: boolean
}

/** A line of a dump: the digits of its offset, and what stands behind it. */
interface Line {
  readonly offset: string
  readonly isMarked: boolean
  readonly rest: string
  /** Whether a line `*` follows: more lines as this one, which the dump leaves out. */
  isRepeated: boolean
}

/** The most bytes in a line whose length no next offset tells. */
const mostPerLine = 16

/** What an offset is printed in: all tools but od print hexadecimal, od octal or, by -Ad, decimal. */
const radixes = [16, 8, 10] as const
const digitsOf = { 16: /^/, 8: /^[0-7]+$/, 10: /^\d+$/ } as const

const lineOf = /^\s*(0x)?([\da-f]{4,16})(?:\s*<[^>]*>)?(:|(?=\s)|$)(.*)$/i

/**
 * The bytes of a dump with an offset before each line, as xxd, hexdump, od -tx1, tcpdump -X, gdb, Wireshark and PowerShell's
 * Format-Hex print it. A line has as many bytes as its offset and the next one say, so that what a dump shows as characters is never
 * taken for bytes.
 *
 * @returns undefined for any other text
 */
export function fromHexDump(text: string): Dump | undefined {
  const lines = linesOf(text)
  const [first] = lines ?? []
  if (!lines || !first) return undefined
  for (const radix of radixes) {
    if (!lines.every(({ offset }) => digitsOf[radix].test(offset))) continue
    const offsets = lines.map(({ offset }) => Number.parseInt(offset, radix))
    const isFromZero = offsets[0] === 0
    // A dump of memory starts anywhere. A mark and a second line tell that from hexadecimal in groups.
    if (!isFromZero && (lines.length < 2 || !lines.every(({ isMarked }) => isMarked))) continue
    const bytes = bytesOf(lines, offsets)
    if (bytes) return bytes
  }
  return undefined
}

function linesOf(text: string): Line[] | undefined {
  const lines: Line[] = []
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || isRuler(line)) continue
    const last = lines.at(-1)
    if (line.trim() === '*' && last) {
      last.isRepeated = true
      continue
    }
    const [, prefix, offset, colon, rest = ''] = lineOf.exec(line) ?? []
    if (offset === undefined) return undefined
    lines.push({ offset, isMarked: prefix !== undefined || colon === ':', rest, isRepeated: false })
  }
  return lines
}

/** A line above a dump that numbers its columns or says where the bytes come from, as Format-Hex does. */
function isRuler(line: string): boolean {
  return /^\s+00 01 02 03\b/i.test(line) || /^\s*(?:Path|Label|Offset)\b|^[\s-]+$/.test(line)
}

/** The most bytes that lines left out may stand for: a dump of a few lines is no reason to take gigabytes. */
const mostRepeated = 1024 * 1024

function bytesOf(lines: readonly Line[], offsets: readonly number[]): Dump | undefined {
  const bytes: number[] = []
  const read = readerFor(lines)
  const start = offsets[0]!
  let width = mostPerLine
  for (const [i, { rest, isRepeated }] of lines.entries()) {
    const next = offsets[i + 1]
    if (offsets[i] !== start + bytes.length) return undefined
    const size = next === undefined ? undefined : next - offsets[i]!
    if (size !== undefined && size <= 0) return undefined
    const row = isRepeated || size === undefined ? read(rest, width, false) : read(rest, size, true)
    if (row === undefined || (row.length === 0 && next !== undefined)) return undefined
    if (size !== undefined && !isRepeated) width = size
    bytes.push(...row)
    if (!isRepeated) continue
    if (size === undefined || size % row.length !== 0 || size > mostRepeated) return undefined
    for (let more = size / row.length; more > 1; more--) bytes.push(...row)
  }
  return bytes.length > 0 ? { bytes: Uint8Array.from(bytes), hasWords: read === readWords } : undefined
}

/** Reads the bytes of a line: as many as `size` says, or at most so many where it is not exact. */
type ReadLine = (rest: string, size: number, isExact: boolean) => number[] | undefined

function readerFor(lines: readonly Line[]): ReadLine {
  const groups = lines.map(({ rest }) => rest.trim().split(/\s+/)).filter(([group]) => group !== '')
  // hexdump and od -x have offsets of seven digits and no colon; xxd, which prints groups of four digits too, has eight and a colon.
  if (
    lines.every(({ offset, isMarked }) => offset.length === 7 && !isMarked) &&
    groups.every((line) => line.every((group) => /^[\da-f]{4}$/i.test(group)))
  )
    return readWords
  // xxd -b
  if (lines.every(({ isMarked }) => isMarked) && groups.every(([group = '']) => /^[01]{8}$/.test(group)))
    return readBits
  return readBytes
}

const readBytes: ReadLine = (rest, size, isExact) => {
  const bytes: number[] = []
  const pair = /(\s*)(?:(?:0x|-|\|)(?=[\da-f]{2}))?([\da-f]{2})/iy
  while (bytes.length < size) {
    const match = pair.exec(rest)
    if (!match) break
    const [, gap = '', digits = ''] = match
    if (bytes.length === 0 && gap.length === 0) return undefined
    // The gap before the characters, which hexdump has between the eighth and the ninth byte as well.
    if (!isExact && bytes.length > 0 && gap.length > 1 && !(gap.length === 2 && bytes.length === 8)) break
    // Digits that go on as something else are characters.
    if (!isExact && !/^(?:[\da-f]{2})*(?=$|[\s|-])/i.test(rest.slice(pair.lastIndex))) break
    bytes.push(Number.parseInt(digits, 16))
  }
  if (isExact && bytes.length < size) return undefined
  if (bytes.length === 0) return rest.trim() === '' ? bytes : undefined
  // A group that is longer than the line has bytes is no group of it.
  return isExact && /^[\da-f]/i.test(rest.slice(pair.lastIndex)) ? undefined : bytes
}

const readWords: ReadLine = (rest, size, isExact) => {
  const bytes = (rest.match(/[\da-f]{4}/gi) ?? []).flatMap((word) => [
    Number.parseInt(word.slice(2), 16),
    Number.parseInt(word.slice(0, 2), 16),
  ])
  // The last word has a byte too many where the number of bytes is odd.
  return isExact && (bytes.length < size || bytes.length > size + 1) ? undefined : bytes.slice(0, size)
}

const readBits: ReadLine = (rest, size, isExact) => {
  const bytes: number[] = []
  const group = /\s+([01]{8})(?=\s|$)/y
  while (bytes.length < size) {
    const [, bits] = group.exec(rest) ?? []
    if (bits === undefined) break
    bytes.push(Number.parseInt(bits, 2))
  }
  return isExact && bytes.length < size ? undefined : bytes
}

/** Whether the text has nothing but hexadecimal digits, perhaps an odd number of them. */
export function isHexDigits(text: string): boolean {
  return /^[\da-f]+$/i.test(text)
}

/** The bytes that hexadecimal digits stand for; undefined for any other text. */
export function fromHex(text: string): Uint8Array | undefined {
  return text.length % 2 === 0 && (text === '' || isHexDigits(text))
    ? Uint8Array.from(Buffer.from(text, 'hex'))
    : undefined
}

/** What starts a comment in hexadecimal with annotations (RFC 8949 Appendix A, RFC 9200 Figure 3). */
const comments = /(#|--|;|\/\/).*$/gm
/** What stands before an array in C, and what xxd -i writes behind it. */
const declaration = /^[\w\s*]+\w+\[\d*\]\s*=|\bunsigned int \w+ = \d+;?/g
/** What stands around bytes in programs: `h'..'`, `{ .. }`, `[ .. ]`, `<Buffer ..>`. */
const frame =
  /^(?:h'([^']*)'|<Buffer\s+([^>]*?)(?:\s*\.\.\. \d+ more bytes)?>|\w*\s*[[({<]([^[\](){}<>]*)[\])}>];?)$/i

/**
 * The digits of hexadecimal as people write it: with spaces, colons, dashes or commas between the bytes, with `0x` or `\x` before
 * each, inside `h'..'`, braces or brackets, and with comments behind `#`, `--`, `;` or `//`.
 *
 * @returns undefined where there is anything else
 */
export function hexDigits(text: string): string | undefined {
  const bare = text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(comments, '')
    .replace(declaration, '')
    .trim()
  // A colon between braces is that of a map in diagnostic notation.
  if (/^\{[^}]*:/.test(bare)) return undefined
  const framed = frame.exec(bare)
  const inner = framed ? (framed[1] ?? framed[2] ?? framed[3] ?? '') : bare
  const digits = inner
    .replaceAll(/(?<![\da-f])(?:0x|\\x|%)(?=[\da-f])/gi, '')
    .replaceAll(/(?<=[\da-f]{2})(?:\\x|%)(?=[\da-f]{2})/gi, '')
  const joined = digits.replaceAll(/[\s:,_-]/g, '')
  return joined === ''
    ? text.trim() === '' || framed
      ? ''
      : undefined
    : isHexDigits(joined)
      ? joined
      : undefined
}

/**
 * The bytes of a dump with an offset before each line, as xxd, hexdump -C, od -tx1, Wireshark and PowerShell's Format-Hex print it.
 *
 * @returns undefined for any other text: each offset has to be the number of bytes before it
 */
export function fromHexDump(text: string): Uint8Array | undefined {
  const bytes: number[] = []
  let lines = 0
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || isRuler(line)) continue
    const [, offset = '', rest = ''] = /^\s*([\da-f]{4,16})(?::|(?=\s)|$)(.*)$/i.exec(line) ?? []
    if (offset === '') return undefined
    if (Number.parseInt(offset, 16) !== bytes.length && Number.parseInt(offset, 8) !== bytes.length)
      return undefined
    const found = bytesOfLine(rest)
    if (found === undefined) return undefined
    if (found.length > 0) lines++
    bytes.push(...found)
  }
  return lines > 0 ? Uint8Array.from(bytes) : undefined
}

/** A line above a dump that numbers its columns, or tells a path as Format-Hex does. */
function isRuler(line: string): boolean {
  return /^\s+00 01 02 03\b/i.test(line) || /^\s*(?:Path|Label|Offset)\b/.test(line)
}

/** The bytes of a line behind its offset, up to the column that shows them as characters. */
function bytesOfLine(rest: string): number[] | undefined {
  const bytes: number[] = []
  const group = /(\s*)([\da-f]{2}(?:[\da-f]{2}){0,7})(?=\s|$)/iy
  for (let match = group.exec(rest); match && bytes.length < 32; match = group.exec(rest)) {
    const [, gap = '', digits = ''] = match
    const isAscii = bytes.length > 0 && gap.length > 1 && !(gap.length === 2 && bytes.length === 8)
    if (isAscii || (bytes.length === 16 && gap.length > 0)) break
    if (bytes.length === 0 && gap.length === 0) return undefined
    bytes.push(...Buffer.from(digits, 'hex'))
  }
  return bytes.length > 0 || rest.trim() === '' ? bytes : undefined
}

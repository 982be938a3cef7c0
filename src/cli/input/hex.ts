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
/** The text with blanks in place of comments, so that each character stays where it is. */
export function withoutComments(text: string): string {
  const blank = (comment: string): string => ' '.repeat(comment.length)
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, blank).replaceAll(comments, blank)
}

/** What stands before an array in C, and what xxd -i writes behind it. */
const declaration = /^[\w\s*]+\w+\[\d*\]\s*=|\bunsigned int \w+ = \d+;?/g
/** What stands around bytes in programs: `h'..'`, `X'..'`, `{ .. }`, `[ .. ]`, `<Buffer ..>`. */
const frame = /^(?:[hx]'([^']*)'|<Buffer\s+([^>]*)>|\w*\s*[[({<]([^[\](){}<>]*)[\])}>];?)$/i

/**
 * The digits of hexadecimal as people write it: with spaces, colons, dashes, commas or dots between the bytes, with `0x`, `\x`, `%` or
 * `$` before each or `h` behind it, inside `h'..'`, braces or brackets, and with comments behind `#`, `--`, `;` or `//`.
 *
 * @returns undefined where there is anything else
 */
export function hexDigits(text: string): string | undefined {
  // Any one mark between the bytes: `;` and `#` begin comments elsewhere.
  if (/^[\da-f]{2}(?:([;|./+])[\da-f]{2})(?:\1[\da-f]{2})+$/i.test(text))
    return text.replaceAll(/[;|./+]/g, '')
  const bare = withoutComments(text).replace(declaration, '').trim()
  // A colon between braces is that of a map in diagnostic notation.
  if (/^\{[^}]*:/.test(bare)) return undefined
  const framed = frame.exec(bare)
  const inner = framed ? (framed[1] ?? framed[2] ?? framed[3] ?? '') : bare
  const digits = inner
    .replaceAll(/(?<![\da-f])0x([\da-f])(?![\da-f])/gi, '0$1')
    .replaceAll(/(?<=[\da-f]{2})(?:\\{1,2}x|%)(?=[\da-f]{2})/gi, '')
    .replaceAll(/(?<![\da-f])(?:0x|\\{1,2}x|%|\$)(?=[\da-f])/gi, '')
    .replaceAll(/(?<=\b[\da-f]+)h\b/gi, '')
  const joined = digits.replaceAll(/[\s:,_-]/g, '')
  return joined === ''
    ? text.trim() === '' || framed
      ? ''
      : undefined
    : isHexDigits(joined)
      ? joined
      : undefined
}

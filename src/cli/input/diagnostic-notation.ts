import { parseEDN } from 'cbor-edn'
import { printable } from '../show/text.ts'

/** The deepest nesting of brackets that is read: the parser calls itself for each. */
const maxNesting = 256

/**
 * The CBOR of a data item in diagnostic notation (RFC 8949 section 8, with the comments and strings of RFC 8610 Appendix G).
 *
 * @throws SyntaxError that says where and why for any other text
 */
export function fromDiagnosticNotation(text: string): Uint8Array {
  let nesting = 0
  for (const character of text) {
    if ('[{(<'.includes(character)) nesting++
    else if (']})>'.includes(character)) nesting--
    if (nesting > maxNesting) throw new SyntaxError(`nesting deeper than ${maxNesting}`)
  }
  try {
    return parseEDN(text, {})
  } catch (error) {
    throw new SyntaxError(why(error))
  }
}

/** Where the text is wrong, without the list of everything that could have stood there. */
function why(error: unknown): string {
  const {
    location,
    found,
    message = '',
  } = Object(error) as {
    location?: { start: { line: number; column: number } }
    found?: string | null
    message?: string
  }
  if (!location) return printable(message)
  const { line, column } = location.start
  const what =
    found === null
      ? 'it ends'
      : found === undefined
        ? printable(message)
        : `unexpected ${printable(JSON.stringify(found))}`
  return `line ${line}, column ${column}: ${what}`
}

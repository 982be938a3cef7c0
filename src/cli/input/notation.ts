import { fromByteList, fromNumbers, fromStringLiteral } from './byte-list.ts'
import { fromBase64, fromBase64urlLines } from './encoding.ts'
import { fromHex, hexDigits } from './hex.ts'
import { fromHexDump } from './hex-dump.ts'
import { withoutSurroundings } from './surroundings.ts'

/** How a text stands for bytes. */
export type Notation =
  | 'hex'
  | 'a hex dump'
  | 'a hex dump of 16-bit words, low byte first'
  | 'a list of bytes'
  | 'a string with escapes'
  | 'diagnostic notation'
  | 'base64'
  | 'base64url'

/** What a text from outside is. */
export type Content =
  | { readonly is: 'bytes'; readonly bytes: Uint8Array; readonly notation: Notation }
  | { readonly is: 'jwt'; readonly text: string }
  | { readonly is: 'json'; readonly json: unknown }
  | { readonly is: 'pem'; readonly text: string }
  | { readonly is: 'unreadable'; readonly why: string }

/** How often what stands around bytes is taken away: a name, a call, and a constructor within. */
const maxSurroundings = 3

/**
 * Tells what a text is: a JWT (also behind `Bearer`), JSON, PEM, or bytes in one of the notations in which people and programs
 * print them. The notations that say what they are come first; base64 comes last, since most words can be read as it.
 */
export async function contentOf(text: string, depth = 0): Promise<Content> {
  const bare = unquoted(text.trim())
  if (/^-----BEGIN [A-Z0-9 ]+-----/.test(bare)) return { is: 'pem', text: bare }
  const dump = fromHexDump(text)
  if (dump)
    return {
      is: 'bytes',
      bytes: dump.bytes,
      notation: dump.hasWords ? 'a hex dump of 16-bit words, low byte first' : 'a hex dump',
    }
  const missing = missingPart(bare)
  if (missing !== undefined) return { is: 'unreadable', why: missing }
  const jwt = jwtOf(bare)
  if (jwt !== undefined) return { is: 'jwt', text: jwt }
  const found = explicit(bare)
  if (found) return { is: 'bytes', ...found }
  const digits = hexDigits(bare)
  if (digits !== undefined) {
    const bytes = fromHex(digits)
    return bytes
      ? { is: 'bytes', bytes, notation: 'hex' }
      : { is: 'unreadable', why: 'the input has an odd number of hex digits' }
  }
  const json = jsonOf(bare)
  if (json) {
    const bytes = bytesOfJson(json.value)
    return bytes ? { is: 'bytes', bytes, notation: 'a list of bytes' } : { is: 'json', json: json.value }
  }
  const base64 = fromBase64(bare)
  if (base64) return { is: 'bytes', bytes: base64, notation: 'base64' }
  const base64url = fromBase64urlLines(bare)
  if (base64url) return { is: 'bytes', bytes: base64url, notation: 'base64url' }
  const content = await diagnostic(bare)
  if (content.is !== 'unreadable') return content
  const inner = depth < maxSurroundings ? withoutSurroundings(bare) : undefined
  if (inner === undefined) return content
  const told = await contentOf(inner, depth + 1)
  return told.is === 'unreadable' ? content : told
}

/** What to say of bytes that whatever printed them did not print whole. */
function missingPart(text: string): string | undefined {
  const [left] = /\.\.\. \d+ more (?:bytes|items)/.exec(text) ?? []
  if (left !== undefined) return `whatever printed the bytes left some out (${left})`
  return /^[\da-f\s]+\n\*\n[\da-f\s]*$/i.test(text)
    ? 'the dump leaves lines out (*), and without offsets nobody knows how many: od -v prints them all'
    : undefined
}

function explicit(text: string): { readonly bytes: Uint8Array; readonly notation: Notation } | undefined {
  if (/^(?:0b[01]{8}[\s,]*)+$/i.test(text)) {
    const bits = text.match(/[01]{8}/g) ?? []
    return { bytes: Uint8Array.from(bits, (one) => Number.parseInt(one, 2)), notation: 'a list of bytes' }
  }
  const literal = fromStringLiteral(text)
  if (literal && !/^(?:\\{1,2}x[\da-f]{2}\s*)+$/i.test(text))
    return { bytes: literal, notation: 'a string with escapes' }
  // Numbers of two digits each are hexadecimal as well: only those that cannot be are a list of decimal numbers.
  const list = /\b(?:\d|\d{3})\b|-\d/.test(text) && !/0x/i.test(text) ? fromByteList(text) : undefined
  return list && { bytes: list, notation: 'a list of bytes' }
}

/** A JWT in one piece: three or five parts in base64url, perhaps in lines, perhaps behind the name of a scheme or header. */
function jwtOf(text: string): string | undefined {
  const token = text
    .replace(/^authorization:\s*/i, '')
    .replace(/^(?:bearer|pop|dpop)\s+/i, '')
    .replaceAll(/\s/g, '')
  return /^[\w-]+(?:\.[\w-]*){2}(?:(?:\.[\w-]*){2})?$/.test(token) && !/^[\d.]+$/.test(token)
    ? token
    : undefined
}

function jsonOf(text: string): { readonly value: unknown } | undefined {
  if (!/^[{["]/.test(text)) return undefined
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** The bytes that JSON.stringify told of a Buffer or a Uint8Array. */
function bytesOfJson(json: unknown): Uint8Array | undefined {
  const { type, data } = Object(json) as { readonly type?: unknown; readonly data?: unknown }
  if (type === 'Buffer' && Array.isArray(data)) return fromNumbers(data)
  const entries = typeof json === 'object' && json !== null ? Object.entries(json) : []
  return entries.every(([key], i) => key === `${i}`)
    ? fromNumbers(entries.map(([, value]) => value))
    : undefined
}

async function diagnostic(text: string): Promise<Content> {
  if (!/[{}[\]()<>"':]/.test(text))
    return { is: 'unreadable', why: 'the input is not hex, base64, base64url or diagnostic notation' }
  const { fromDiagnosticNotation } = await import('./diagnostic-notation.ts')
  try {
    return { is: 'bytes', bytes: fromDiagnosticNotation(text), notation: 'diagnostic notation' }
  } catch (error) {
    return {
      is: 'unreadable',
      why: `the input is not hex, base64 or base64url, and as diagnostic notation it is wrong: ${(error as Error).message}`,
    }
  }
}

/** The text without the quotation marks around it, if there is nothing that needs them. */
function unquoted(text: string): string {
  const [, inner] = /^(["'`])([\w+/=.\s:,-]*)\1$/.exec(text)?.slice(1) ?? []
  return inner ?? text
}

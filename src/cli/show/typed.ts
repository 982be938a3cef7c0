import { withoutComments } from '../input/hex.ts'
import type { Notation } from '../input/notation.ts'
import type { Bytes } from '../input/source.ts'

/** The most characters of a line that are shown, and how many of them stand before the mark. */
const widest = 72
const before = 40

/** What stands for one byte in a notation that has something for each. */
const units: Readonly<Partial<Record<Notation, RegExp>>> = {
  hex: /[\da-f]{2}/gi,
  'a list of bytes': /-?\d+/g,
  'a string with escapes': /\\(?:x[\da-f]{1,2}|u00[\da-f]{2}|[0-3]?[0-7]{1,2}(?![0-7])|[\s\S])|[^\\]/gi,
}

/**
 * The line of the input that a byte comes from, as it was typed, with a mark under what stands for the byte.
 *
 * @returns undefined where the notation does not tell that, and for plain hexadecimal, which the dump repeats
 */
export function typedLine({ text, notation, bytes }: Bytes, offset: number): string | undefined {
  if (text === undefined || notation === undefined || /^[\da-f]*$/i.test(text)) return undefined
  const place = placeOf(text, notation, bytes, offset)
  if (!place) return undefined
  const start = text.lastIndexOf('\n', place.start - 1) + 1
  const end = text.indexOf('\n', start)
  const line = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '')
  const column = place.start - start
  const from = line.length > widest && column > before ? column - before : 0
  const shown = line.slice(from, from + widest)
  // Characters of another width, or that move the cursor, would put the mark under something else.
  if (/[^\t\x20-\x7e]/.test(shown)) return undefined
  const head = from > 0 ? '  ... ' : '  '
  const rest = from + widest < line.length ? ' ...' : ''
  const mark = '^'.repeat(Math.max(1, Math.min(place.length, shown.length - (column - from))))
  return `${head}${shown.replaceAll('\t', ' ')}${rest}\n${' '.repeat(head.length + column - from)}${mark}\n`
}

interface Place {
  readonly start: number
  readonly length: number
}

function placeOf(text: string, notation: Notation, bytes: Uint8Array, offset: number): Place | undefined {
  const head = text.length - text.trimStart().length
  const whole = text.trim()
  if (notation === 'base64' || notation === 'base64url') {
    if (/[^\w+/=-]/.test(whole)) return undefined
    const [first, last] = [Math.floor((offset * 4) / 3), Math.floor((offset * 8 + 7) / 6)]
    return { start: head + first, length: offset < bytes.length ? last - first + 1 : 1 }
  }
  const unit = units[notation]
  if (!unit) return undefined
  const isHex = notation === 'hex'
  const [, quote = ''] = (notation === 'a string with escapes' && /^(b?\$?['"])/.exec(whole)) || []
  const inner = isHex
    ? withoutComments(whole)
    : whole.slice(quote.length, quote ? whole.lastIndexOf(quote.at(-1)!) : undefined)
  const places: Place[] = []
  for (const { 0: digits, index } of inner.matchAll(unit))
    if (!isHex || isHexOf(digits, bytes[places.length]))
      places.push({ start: head + quote.length + index, length: digits.length })
  if (places.length !== bytes.length) return undefined
  const last = places.at(-1)
  return places[offset] ?? (last && { start: last.start + last.length, length: 2 })
}

/** Whether two digits stand for the byte: those in the words of a declaration do not. */
function isHexOf(digits: string, byte: number | undefined): boolean {
  return byte !== undefined && Number.parseInt(digits, 16) === byte
}

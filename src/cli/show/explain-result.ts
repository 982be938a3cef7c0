import { DecodeError } from '../../cbor/decode-error.ts'
import { type CaseResult, unhex } from '../../conformance/index.ts'
import { isMessageName } from '../message-names.ts'
import { messageKind } from '../messages.ts'
import { annotate } from './annotate.ts'
import { hexdump } from './hexdump.ts'
import { parseItem } from './item.ts'
import { plainStyle, type Style } from './output.ts'
import { vocabularyOf, type Word } from './vocabulary.ts'

/** The most lines that are shown of one message. */
const mostLines = 40

/**
 * What the bytes of a failed case are: head by head, and where bytes were written with a mark before the lines that were
 * expected (-) and those that came (+).
 */
export function explainResult({ message, input, encoded }: CaseResult, style: Style = plainStyle): string {
  const word = isMessageName(message) ? { name: '', inside: vocabularyOf(messageKind(message)) } : undefined
  if (encoded) {
    const lines = difference(told(encoded.expected, style, word), told(encoded.got, style, word)).map(
      ({ mark, line }) =>
        mark === ' ' ? `  ${line}` : style[mark === '-' ? 'green' : 'red'](`${mark} ${line}`),
    )
    return shortened(lines)
  }
  if (!('hex' in input)) return ''
  return shortened(told(input.hex, style, word))
}

function told(digits: string, style: Style, word: Word | undefined): string[] {
  let bytes: Uint8Array
  try {
    bytes = unhex(digits)
  } catch {
    return [`${digits} (not hex)`]
  }
  try {
    return annotate(bytes, parseItem(bytes), style, word).trimEnd().split('\n')
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return `${hexdump(bytes, error.offset ?? 0)}# ${error.message}`.split('\n')
  }
}

function shortened(lines: readonly string[]): string {
  const more = lines.length - mostLines
  return [...lines.slice(0, mostLines), ...(more > 0 ? [`(${more} lines more)`] : [])].join('\n')
}

interface Marked {
  readonly mark: ' ' | '-' | '+'
  readonly line: string
}

/** The lines of both, with as many as possible in common. */
function difference(before: readonly string[], after: readonly string[]): Marked[] {
  const a = before.slice(0, 200)
  const b = after.slice(0, 200)
  // common[i][j] is how many lines a from i and b from j have in common.
  const common = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i]![j] =
        a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!)
  const lines: Marked[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ mark: ' ', line: a[i]! })
      i++
      j++
    } else if (j === b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!))
      lines.push({ mark: '-', line: a[i++]! })
    else lines.push({ mark: '+', line: b[j++]! })
  }
  return lines
}

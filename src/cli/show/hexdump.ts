import { hex } from '../../table/hex.ts'

const perLine = 16
const around = 3

/** Bytes in lines of sixteen, with a mark under one of them, or behind the last: the lines near it, if there are many. */
export function hexdump(bytes: Uint8Array, mark: number): string {
  const last = Math.max(0, Math.ceil(bytes.length / perLine) - 1)
  const marked = Math.min(Math.floor(mark / perLine), last)
  const from = Math.max(0, marked - around)
  const to = Math.min(last, marked + around)
  const width = Math.max(4, (to * perLine).toString(16).length)
  let dump = from > 0 ? '  ...\n' : ''
  for (let line = from; line <= to; line++) {
    const row = bytes.subarray(line * perLine, (line + 1) * perLine)
    dump += `  ${(line * perLine).toString(16).padStart(width, '0')}  ${pairsOf(row)}`.trimEnd()
    dump += '\n'
    if (line === marked) dump += `${' '.repeat(width + 4)}${'   '.repeat(mark - line * perLine)}^^\n`
  }
  return to < last ? `${dump}  ...\n` : dump
}

function pairsOf(bytes: Uint8Array): string {
  return hex(bytes).replaceAll(/(..)(?=.)/g, '$1 ')
}

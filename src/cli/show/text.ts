import { printable } from '../../table/printable.ts'

export { printable }

/** A value as JSON that is harmless to a terminal, on one line unless it is indented. */
export function toJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).split('\n').map(printable).join('\n')
}

/** A sentence in lines of at most `width` characters, where its words allow. */
export function wrap(text: string, indent: string, width = 100): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line && indent.length + line.length + 1 + word.length > width) {
      lines.push(line)
      line = ''
    }
    line += line ? ` ${word}` : word
  }
  return [...lines, line].map((one) => `${indent}${one}\n`).join('')
}

// Controls, formatting characters such as those that change the writing direction, line separators, lone surrogates.
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Text from outside, harmless to a terminal: what could move the cursor or hide something is escaped as in JSON. */
export function printable(text: string): string {
  return text.replace(unsafe, escaped)
}

/** A value as JSON that is harmless to a terminal, on one line unless it is indented. */
export function toJson(value: unknown, indent = 0): string {
  const json = JSON.stringify(value, null, indent)
  return json.replace(unsafe, (character) => (character === '\n' ? character : escaped(character)))
}

function escaped(character: string): string {
  let units = ''
  for (let i = 0; i < character.length; i++)
    units += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`
  return units
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

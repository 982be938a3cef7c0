// Controls, formatting characters such as those that change the writing direction, line separators, lone surrogates.
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Text from outside, harmless to a terminal: what could move the cursor or hide something is escaped as in JSON. */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => {
    let units = ''
    for (let i = 0; i < character.length; i++)
      units += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`
    return units
  })
}

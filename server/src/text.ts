/** Text for a terminal: characters that control it, or that hide or reorder others, are written as escapes. */
export function escaped(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    const code = character.codePointAt(0)!.toString(16)
    return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\u{${code}}`
  })
}

/** Text that somebody gave, for a message: escaped, and no longer than a line. */
export function quoted(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 79)}…` : text
  return JSON.stringify(escaped(short)).replaceAll('\\\\u', '\\u')
}

/** The name that somebody may have meant, as the end of a sentence; empty where none is near. */
export function didYouMean(given: string, names: readonly string[]): string {
  const wanted = given.toLowerCase()
  // What is longer than all names is no slip of the pen.
  if (wanted.length > 64) return ''
  let best: string | undefined
  let least = wanted.length < 2 ? 1 : Math.max(2, Math.floor(wanted.length / 3) + 1)
  for (const name of names) {
    const distance = editDistance(wanted, name.toLowerCase())
    if (distance >= least) continue
    least = distance
    best = name
  }
  return best === undefined ? '' : `; did you mean ${best}?`
}

/** How many characters have to be added, removed, replaced, or swapped with the next, to make one word of the other. */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      next.push(
        Math.min(
          row[j]! + 1,
          next[j - 1]! + 1,
          row[j - 1]! + Number(!isSame),
          isSwapped ? before[j - 2]! + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    before = row
    row = next
  }
  return row[b.length]!
}

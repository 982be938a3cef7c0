/** The name that somebody may have meant, as the end of a sentence; empty where none is near. */
export function didYouMean(given: string, names: readonly string[]): string {
  const wanted = given.toLowerCase()
  // Beyond this a word has nothing to do with any name.
  if (wanted.length > 64) return ''
  let best: string | undefined
  let least = Math.floor(wanted.length / 3) + 1
  for (const name of names) {
    const distance = editDistance(wanted, name.toLowerCase())
    if (distance < least) {
      least = distance
      best = name
    }
  }
  return best === undefined ? '' : `; did you mean ${best}?`
}

/** How many characters have to be added, removed, replaced or swapped with the next to make one word of the other. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const replaced = last[j - 1]! + (same ? 0 : 1)
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? before[j - 2]! + 1
          : Number.POSITIVE_INFINITY
      row.push(Math.min(last[j]! + 1, row[j - 1]! + 1, replaced, swapped))
    }
    before = last
    last = row
  }
  return last[b.length]!
}

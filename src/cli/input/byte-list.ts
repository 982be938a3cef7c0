/** What stands before a list of bytes in programs: `[`, `Uint8Array(4) [`, `[]byte{`, `new byte[] {`, `bytes([`. */
const list = /^(?:[\w.[\]() ]*?)[[{(]\s*((?:-?\d{1,3}\s*[,\s]\s*)*-?\d{1,3})\s*,?\s*[\])}]+;?$/
/** Numbers with nothing around them. Of those of one and two digits nobody knows whether they are decimal. */
const bareList = /^((?:-?\d{1,3}[\s,]+)+(?:-\d{1,3}|\d{1,3}))$/

/**
 * The bytes of a list of decimal numbers, as programs print them; negative ones as Java does.
 *
 * @returns undefined for any other text
 */
export function fromByteList(text: string): Uint8Array | undefined {
  const [, inner] = list.exec(text.trim()) ?? bareList.exec(text.trim()) ?? []
  if (inner === undefined) return undefined
  return fromNumbers(inner.split(/[\s,]+/).map(Number))
}

/** The bytes that numbers are, from 0 to 255 or from -128; undefined for others. */
export function fromNumbers(numbers: readonly unknown[]): Uint8Array | undefined {
  const isByte = (number: unknown): number is number =>
    Number.isInteger(number) && (number as number) >= -128 && (number as number) <= 255
  // Two numbers can be an array of CBOR as well: what prints bytes prints more of them, or their type.
  return numbers.length > 1 && numbers.every(isByte) ? Uint8Array.from(numbers) : undefined
}

const simpleEscapes: Readonly<Record<string, number>> = {
  '0': 0x00,
  a: 0x07,
  b: 0x08,
  t: 0x09,
  n: 0x0a,
  v: 0x0b,
  f: 0x0c,
  r: 0x0d,
  '\\': 0x5c,
  "'": 0x27,
  '"': 0x22,
}

/**
 * The bytes of a string literal with escapes, as Python, Rust, C, Go and shells print them: `b'\xa1\x18'`, `"\241\030"`, `\xa1\x18`;
 * several in a row are one.
 *
 * @returns undefined for any other text, and for one without an escape
 */
export function fromStringLiteral(text: string): Uint8Array | undefined {
  const whole = joined(text.trim())
  const [, quoted] =
    /^(?:b|\$)?(?:'([\s\S]*)'|"([\s\S]*)");?$/.exec(whole)?.filter((part) => part !== undefined) ?? []
  // Without quotation marks only what begins with an escape is one: no CBOR that people exchange begins with a letter.
  if (quoted === undefined && !whole.startsWith('\\')) return undefined
  const content = quoted ?? whole
  if (!/\\(?:x[\da-f]{1,2}|u00[\da-f]{2}|[0-3]?[0-7]{1,2})/i.test(content)) return undefined
  const bytes: number[] = []
  const part =
    /\\(?:x|u00)([\da-f]{2}|(?<=x)[\da-f])|\\([0-3]?[0-7]{1,2}(?![0-7]))|\\([abtnvfr\\'"])|([\x20-\x5b\x5d-\x7e])/iy
  let end = 0
  for (let match = part.exec(content); match; match = part.exec(content)) {
    const [, hex, octal, simple, plain] = match
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16))
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8))
    else if (simple !== undefined) bytes.push(simpleEscapes[simple.toLowerCase()]!)
    else bytes.push(plain!.charCodeAt(0))
    end = part.lastIndex
  }
  return end === content.length ? Uint8Array.from(bytes) : undefined
}

/** String literals that follow each other, in lines or with a plus sign between them, as one. */
export function joined(text: string): string {
  return /^b?["']/.test(text) ? text.replaceAll(/(["'])(?:[\s+]|\\\r?\n)+b?\1/g, '') : text
}

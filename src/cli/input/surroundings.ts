import { joined } from './byte-list.ts'

/** A call, a macro, a prefix or an assignment before a string: `bytes.fromhex(`, `hex!(`, `X`, `const e =`. */
const beforeString = /^[\w\s.:!&*<>[\]()=$@-]*$/
/** What closes it, and what else it is given: `, "hex")`, `.split(...)` is not among them. */
const behindString = /^(?:\s*,\s*(?:"[\w-]*"|'[\w-]*'|[\w.]+))*[\s)\]};]*$/
const string = /^([^"'`]*)(?:"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|`([^`]*)`)([\s\S]*)$/
/** A list of numbers with all that a language has before it: `[]byte{`, `new byte[] {`, `&[`, `vec![`, `Uint8Array.of(`. */
const list = /^[\w\s.:;,'!&*<>[\]()=-]*[[({]([^[\](){}"']*)[\])}](?:\s*,\s*[\w.]+=[\w.'"]+)?[\s)\]};]*$/
/** A name before a value, as logs and forms print it: `payload: a1 18`, `token=...`, and the head of a data URL. */
const label = /^(?:data:[^,\s]*,|[a-z][\w .()/-]*[:=]\s*)(?=\S)/i

/**
 * The text inside what a program or a log prints around bytes: the string or the list of a call, or what follows a name.
 *
 * @returns undefined where there is nothing around it
 */
export function withoutSurroundings(text: string): string | undefined {
  const [, before, double, single, back, behind = ''] = string.exec(joined(text)) ?? []
  if (before !== undefined && beforeString.test(before) && behindString.test(behind)) {
    const inner = double ?? single ?? back ?? ''
    return inner.includes('\\x') ? `"${inner}"` : inner
  }
  const numbers = text
    .replaceAll(/\((?:byte|char|u8|uint8_t)\)/g, '')
    .replaceAll(/(?<=[\da-f])(?:u8|_u8|U)\b/g, '')
  const [, inner] = list.exec(numbers) ?? []
  // A list of numbers is read as one only with brackets around it.
  if (inner !== undefined && numbers !== `[${inner}]`) return `[${inner}]`
  const named = text.replace(label, '')
  return named === text ? undefined : named
}

/** Names of attribute types (RFC 4514 §3, RFC 4519, RFC 2985), with the object identifiers that they stand for. */
const attributeTypes: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  SN: '2.5.4.4',
  SERIALNUMBER: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  UID: '0.9.2342.19200300.100.1.1',
  DC: '0.9.2342.19200300.100.1.25',
  EMAILADDRESS: '1.2.840.113549.1.9.1',
}

/**
 * Whether two distinguished names in the notation of RFC 4514 are the same: as many parts in the same order, each with the
 * same attributes, compared without regard to case and to spaces beyond one (RFC 4517 §4.2.15, §4.2.11).
 */
export function sameDistinguishedName(a: string, b: string): boolean {
  const [one, other] = [a, b].map(parse)
  return one !== undefined && one === other
}

/** One text for all notations of a name; undefined for what is none, and for the empty one. */
function parse(name: string): string | undefined {
  const parts: string[][] = [[]]
  let at = 0
  const pattern =
    /\s*([a-z][a-z\d-]*|\d+(?:\.\d+)*)\s*=((?!#)(?:[^\\,+"<>;\0]|\\[\da-f]{2}|\\[ "#+,;<=>\\])*)([,+]|$)/iy
  while (at < name.length) {
    pattern.lastIndex = at
    const [whole, type, escaped, end] = pattern.exec(name) ?? []
    if (whole === undefined) return undefined
    const value = unescaped(escaped!)
    if (value === undefined || value === '') return undefined
    parts.at(-1)!.push(`${attributeTypes[type!.toUpperCase()] ?? type}=${JSON.stringify(value)}`)
    at += whole.length
    if (end === ',') parts.push([])
    if (end !== '' && at === name.length) return undefined
  }
  return name === '' ? undefined : parts.map((attributes) => attributes.sort().join('+')).join(',')
}

/** The value that is written, as it is compared; undefined for what is no UTF-8. */
function unescaped(text: string): string | undefined {
  const bytes = [...text.matchAll(/\\([\da-f]{2})|\\([\s\S])|([^\\]+)/gi)].flatMap(
    ([, hex, escaped, plain]) =>
      hex === undefined ? [...new TextEncoder().encode(escaped ?? plain)] : [Number.parseInt(hex, 16)],
  )
  try {
    const value = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes))
    return value.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ')
  } catch {
    return undefined
  }
}

/** One attribute of a distinguished name; undefined stands for a value that is no text. */
export interface DistinguishedAttribute {
  readonly oid: string
  readonly value: string | undefined
}

/**
 * Writes a distinguished name as RFC 4514 has it: the last part first.
 *
 * @param parts the relative distinguished names, in the order of the certificate
 */
export function distinguishedName(parts: readonly (readonly DistinguishedAttribute[])[]): string {
  const typeOf = (oid: string): string =>
    Object.keys(attributeTypes).find((name) => attributeTypes[name] === oid) ?? oid
  return [...parts]
    .reverse()
    .map((attributes) => attributes.map(({ oid, value }) => `${typeOf(oid)}=${escaped(value)}`).join('+'))
    .join(',')
}

/** RFC 4514 §2.4. What is no text is a `#` without the bytes, which no name that is registered is equal to. */
function escaped(value: string | undefined): string {
  if (value === undefined) return '#'
  return value
    .replace(/[\\,+"<>;=]/g, '\\$&')
    .replaceAll('\0', '\\00')
    .replace(/^[ #]|(?<!^) $/g, '\\$&')
}

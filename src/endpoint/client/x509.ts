import { distinguishedName } from './distinguished-name.ts'

/** What client authentication reads of a certificate (RFC 5280 §4.1). */
export interface CertificateNames {
  readonly subject: string
  readonly dnsNames: readonly string[]
  readonly uris: readonly string[]
  readonly ipAddresses: readonly string[]
  readonly emails: readonly string[]
}

/** One element of DER: its tag, and its content. */
interface Element {
  readonly tag: number
  readonly content: Uint8Array
  /** Where the next one begins. */
  readonly end: number
}

const sequence = 0x30
const set = 0x31
const octetString = 0x04
const objectIdentifier = 0x06
/** [0] EXPLICIT, the version, and [3] EXPLICIT, the extensions. */
const version = 0xa0
const extensions = 0xa3
const subjectAltName = '2.5.29.17'

/** The tags of the subject alternative names that are read: [1], [2], [6] and [7]. */
const names = { email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87 } as const

/**
 * Reads the subject and the subject alternative names of an X.509 certificate.
 *
 * @throws TypeError for what is no certificate in DER
 */
export function readCertificate(der: Uint8Array): CertificateNames {
  const [certificate] = childrenOf({ tag: sequence, content: der, end: 0 }, sequence)
  const [tbs] = childrenOf(certificate, sequence)
  const fields = childrenOf(tbs, sequence)
  // serialNumber, signature, issuer, validity, subject
  const subject = fields[fields[0]?.tag === version ? 5 : 4]
  const [list] = fields.filter(({ tag }) => tag === extensions).map(({ content }) => elementAt(content, 0))
  const alternatives = list ? alternativeNames(list) : []
  const textsOf = (tag: number): string[] =>
    alternatives.filter((name) => name.tag === tag).map(({ content }) => ascii(content))
  return {
    subject: distinguishedName(
      childrenOf(subject, sequence).map((part) =>
        childrenOf(part, set).map((attribute) => {
          const [type, value] = childrenOf(attribute, sequence)
          return { oid: oidOf(type), value: stringOf(value) }
        }),
      ),
    ),
    dnsNames: textsOf(names.dns),
    uris: textsOf(names.uri),
    emails: textsOf(names.email),
    ipAddresses: alternatives.filter(({ tag }) => tag === names.ip).map(({ content }) => addressOf(content)),
  }
}

function alternativeNames(list: Element): Element[] {
  for (const extension of childrenOf(list, sequence)) {
    const parts = childrenOf(extension, sequence)
    const value = parts.at(-1)
    if (oidOf(parts[0]) === subjectAltName && value?.tag === octetString)
      return childrenOf(elementAt(value.content, 0), sequence)
  }
  return []
}

function malformed(): never {
  throw new TypeError('no X.509 certificate in DER')
}

function elementAt(bytes: Uint8Array, start: number): Element {
  let at = start
  const tag = bytes[at++] ?? malformed()
  let length = bytes[at++] ?? malformed()
  if (length > 0x80) {
    let left = length & 0x7f
    // No certificate is larger than 16 MiB.
    if (left > 3) malformed()
    for (length = 0; left > 0; left--) length = length * 256 + (bytes[at++] ?? malformed())
  } else if (length === 0x80) malformed()
  const end = at + length
  if (end > bytes.length) malformed()
  return { tag, content: bytes.subarray(at, end), end }
}

function childrenOf(element: Element | undefined, tag: number): Element[] {
  if (element?.tag !== tag) malformed()
  const children: Element[] = []
  for (let at = 0; at < element.content.length; at = children.at(-1)!.end)
    children.push(elementAt(element.content, at))
  return children
}

function oidOf(element: Element | undefined): string {
  if (element?.tag !== objectIdentifier) malformed()
  const arcs: number[] = []
  let arc = 0
  for (const byte of element.content) {
    arc = arc * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    arcs.push(arc)
    arc = 0
  }
  const [first = 0, ...rest] = arcs
  const root = Math.min(2, Math.floor(first / 40))
  return [root, first - root * 40, ...rest].join('.')
}

/** The text of a DirectoryString or an IA5String; undefined for another type, which compares equal to nothing. */
function stringOf(element: Element | undefined): string | undefined {
  const { tag, content } = element ?? malformed()
  const utf8String = 0x0c
  const printableString = 0x13
  const ia5String = 0x16
  const bmpString = 0x1e
  try {
    if (tag === utf8String) return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
    if (tag === printableString || tag === ia5String) return ascii(content)
    if (tag === bmpString)
      return new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    // No text.
  }
  return undefined
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.map((byte) => (byte < 0x80 ? byte : malformed())))
}

function addressOf(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.length !== 16) malformed()
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i]! * 256 + bytes[2 * i + 1]!).toString(16))
  return groups.join(':')
}

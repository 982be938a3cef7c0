import { addressOfNode } from './addresses.ts'

/**
 * The addresses of X-Forwarded-For, the client's first, those of proxies behind it.
 *
 * @returns undefined in the place of what is no address
 */
export function readXForwardedFor(values: readonly string[]): (string | undefined)[] {
  return values
    .join(',')
    .split(',')
    .map((each) => addressOfNode(each.trim()))
}

/** One parameter of Forwarded (RFC 7239 section 4), and what ends it. */
const parameter = /\s*([\w!#$%&'*+.^`|~-]+)=("(?:[^"\\]|\\.)*"|[^\s;,"]*)\s*([;,]|$)/y

/** The addresses of Forwarded (RFC 7239), in the same order; none at all where it is malformed. */
export function readForwarded(values: readonly string[]): (string | undefined)[] {
  const elements = parametersOf(values.join(','))
  return elements.map((element) => {
    const address = element.find(([name]) => name.toLowerCase() === 'for')?.[1]
    return address === undefined ? undefined : addressOfNode(address)
  })
}

/** The elements of a list, each with its parameters; empty where it is malformed. */
function parametersOf(field: string): (readonly [name: string, value: string])[][] {
  const elements: (readonly [string, string])[][] = [[]]
  let at = 0
  while (at < field.length) {
    parameter.lastIndex = at
    const [whole, name, value, end] = parameter.exec(field) ?? []
    if (whole === undefined) return []
    elements
      .at(-1)!
      .push([name!, value!.startsWith('"') ? value!.slice(1, -1).replace(/\\(.)/g, '$1') : value!])
    at += whole.length
    if (end === ',') elements.push([])
  }
  return elements
}

/** How a proxy writes the certificate of a client into a header. */
export type CertificateFormat = 'rfc9440' | 'escaped-pem' | 'xfcc'

const base64 = /^[A-Za-z0-9+/]+={0,2}$/

/**
 * The certificate that a proxy forwards, in DER.
 *
 * @throws TypeError for what is none, or more than one
 */
export function readForwardedCertificate(values: readonly string[], format: CertificateFormat): Uint8Array {
  const [value = ''] = values
  if (values.length !== 1) throw new TypeError('the header is there more than once')
  if (format === 'rfc9440') return fromBase64(/^:(.*):$/.exec(value)?.[1])
  if (format === 'escaped-pem') return fromPem(value)
  const elements = parametersOf(value)
  // With more than one, who wrote the others is unknown.
  if (elements.length !== 1) throw new TypeError('expected one element')
  const certificates = elements[0]!.filter(([name]) => name.toLowerCase() === 'cert')
  if (certificates.length !== 1) throw new TypeError('expected one Cert')
  return fromPem(certificates[0]![1])
}

function fromPem(escaped: string): Uint8Array {
  const text = decodeURIComponent(escaped)
  const [, content] =
    /^\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/.exec(text) ?? []
  return fromBase64(content?.replaceAll(/\s+/g, ''))
}

function fromBase64(text: string | undefined): Uint8Array {
  if (text === undefined || !base64.test(text)) throw new TypeError('expected a certificate in base64')
  return Buffer.from(text, 'base64')
}

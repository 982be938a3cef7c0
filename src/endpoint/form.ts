import { DecodeError } from '../cbor/decode-error.ts'

/** The parameters of a form, in the order they came. */
export type FormParameters = readonly (readonly [name: string, value: string])[]

/** Decodes one name or value of a form (RFC 6749 App. B). Throws a URIError for what is malformed. */
export function decodeFormText(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}

/**
 * Reads a body of `application/x-www-form-urlencoded`. What `URLSearchParams` repairs is refused here: bytes and percent
 * encodings that are no UTF-8, percent signs without two digits, and NUL.
 *
 * @throws DecodeError `invalid_utf8`, `invalid_value`, or `too_large` for too many parameters
 */
export function parseForm(body: Uint8Array, maxMembers: number): FormParameters {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw new DecodeError('invalid_utf8')
  }
  const parts = text.split('&').filter((part) => part !== '')
  if (parts.length > maxMembers)
    throw new DecodeError('too_large', '', `no more than ${maxMembers} parameters`)
  return parts.map((part) => {
    const [, name = part, value = ''] = /^([^=]*)=([\s\S]*)$/.exec(part) ?? []
    try {
      const parameter = [decodeFormText(name), decodeFormText(value)] as const
      if (!parameter[0].includes('\0') && !parameter[1].includes('\0')) return parameter
    } catch {
      // Refused below.
    }
    throw new DecodeError('invalid_value', '', 'percent-encoded UTF-8 without NUL')
  })
}

import { type DecodeOptions, limitsOf } from '../cbor/options.ts'
import { isText, refuse, utf8Length } from './json.ts'
import type { FormLike } from './platform.ts'

const expected = 'application/x-www-form-urlencoded'

/**
 * The parameters of a form (RFC 6749 App. B), decoded, in the order they stand.
 *
 * @throws DecodeError for a text of another format, bytes that are not UTF-8, and more than the limits allow
 * @throws TypeError for anything but a string or URLSearchParams
 */
export function parametersOfForm(
  form: string | FormLike,
  options: DecodeOptions = {},
): [name: string, value: string][] {
  const { maxBytes, maxMembers, maxStringBytes } = limitsOf(options)
  const parameters = typeof form === 'string' ? parse(form, maxBytes) : entriesOf(form)
  if (parameters.length > maxMembers) refuse('too_large', '', `maxMembers ${maxMembers}`)
  let total = 0
  for (const [name, value] of parameters) {
    const length = utf8Length(value)
    if (length > maxStringBytes) refuse('too_large', name, `maxStringBytes ${maxStringBytes}`)
    total += utf8Length(name) + length
  }
  if (total > maxBytes) refuse('too_large', '', `maxBytes ${maxBytes}`)
  return parameters
}

function parse(text: string, maxBytes: number): [name: string, value: string][] {
  // No character is less than a byte, so that a larger text need not be looked at.
  if (text.length > maxBytes) refuse('too_large', '', `maxBytes ${maxBytes}`)
  if (!isText(text) || isOtherFormat(text)) refuse('invalid_value', '', expected)
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      const name = decoded(equals < 0 ? pair : pair.slice(0, equals), '')
      return [name, equals < 0 ? '' : decoded(pair.slice(equals + 1), name)]
    })
}

function entriesOf(form: unknown): [name: string, value: string][] {
  if (!(form instanceof URLSearchParams)) throw new TypeError('a form is a string or URLSearchParams')
  const parameters = [...form]
  // URLSearchParams takes any text, and puts U+FFFD for bytes that are not UTF-8.
  if (parameters[0] && startsOtherwise(parameters[0][0])) refuse('invalid_value', '', expected)
  for (const [name, value] of parameters)
    if (`${name}${value}`.includes('\ufffd')) refuse('invalid_utf8', name, 'percent-encoded UTF-8')
  return parameters
}

/** Whether a text is JSON, XML, several lines or anything else that no form is. */
function isOtherFormat(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code === 0x7f) return true
  }
  return startsOtherwise(text)
}

function startsOtherwise(text: string): boolean {
  return /^\s*[{["<]/.test(text)
}

function decoded(text: string, path: string): string {
  if (/%(?![\da-f]{2})/i.test(text)) refuse('invalid_value', path, 'two hexadecimal digits after %')
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return refuse('invalid_utf8', path, 'percent-encoded UTF-8')
  }
}

import { isCborInteger, narrow } from '../cbor/integer.ts'
import { negativeInteger, textString } from '../cbor/major.ts'
import type { Reader } from '../cbor/reader.ts'
import { write } from '../cbor/writer.ts'
import { integerFromJson, integerToJson } from '../table/integer-json.ts'
import { isText, textFromJson } from '../table/json.ts'
import { namesByKey } from '../table/lookup-by-key.ts'
import type { Code } from '../table/types/code.ts'
import type { ValueType } from '../table/types/value-type.ts'

/**
 * A COSE label (RFC 9052 §1.5): an integer or a text string. Registered integers are told by name; a text that is no registered name stays
 * that text in CBOR and in JSON. A text in CBOR that reads as a registered name is another value than the integer that has the name, and
 * is refused, since it could not be told from it.
 */
export function label<Name extends string>(values: Readonly<Record<Name, number>>): ValueType<Code<Name>> {
  const known = namesByKey(values)
  return {
    cbor: 'integer or text string',
    json: 'code',
    decode: (reader) => {
      const value = readLabel(reader)
      if (typeof value !== 'string') return known(value)
      if (Object.hasOwn(values, value)) reader.fail('invalid_value', 'the integer of that name')
      return isDigits(value) ? reader.fail('invalid_value', expectedText) : value
    },
    encode: (writer, value) =>
      write(
        writer,
        typeof value === 'string' && Object.hasOwn(values, value) ? values[value as Name] : value,
      ),
    fromJson: (json, path) => {
      const number = typeof json === 'string' && !isDigits(json) ? undefined : integerFromJson(json)
      return number === undefined ? textFromJson(json, path) : known(number)
    },
    toJson: (value) => (typeof value === 'string' ? value : integerToJson(value)),
    accept: (input) => {
      if (isText(input)) return isDigits(input) ? undefined : input
      return isCborInteger(input) ? known(narrow(input)) : undefined
    },
  }
}

/** The same where the RFC takes the registered name for the integer, as RFC 9203 §3.2.1 does for the algorithms of OSCORE. */
export function labelOrName<Name extends string>(
  values: Readonly<Record<Name, number>>,
): ValueType<Code<Name>> {
  const type = label(values)
  return {
    ...type,
    decode: (reader) => {
      const taken = type.accept(readLabel(reader), '')
      return taken ?? reader.fail('invalid_value', expectedText)
    },
  }
}

/** Reads an integer or a text. */
export function readLabel(reader: Reader): number | bigint | string {
  reader.head()
  if (reader.major <= negativeInteger) return reader.integer()
  return reader.major === textString ? reader.text() : reader.fail('unexpected_type', 'an integer or a text')
}

const expectedText = 'an integer, or a text that is not the digits of one'

/** Whether a text is how JSON has an integer that a JavaScript number cannot hold. */
function isDigits(text: string): boolean {
  return typeof integerFromJson(text) === 'bigint'
}

import { isCborInteger, narrow } from '../cbor/integer.ts'
import { negativeInteger, textString } from '../cbor/major.ts'
import type { Reader } from '../cbor/reader.ts'
import { write } from '../cbor/writer.ts'
import { namer } from '../table/finder.ts'
import { integerFromJson, integerToJson } from '../table/integer-json.ts'
import { isText, textFromJson } from '../table/json.ts'
import type { Code } from '../table/types.ts'
import type { ValueType } from '../table/value-type.ts'

/**
 * A COSE label (RFC 9052 §1.5): an integer or a text string. Registered integers are told by name; a text of one's own
 * stays a text in CBOR. One that reads as a registered name is refused there: it is another value than the integer that has
 * the name, and could not be told from it.
 */
export function label<Name extends string>(values: Readonly<Record<Name, number>>): ValueType<Code<Name>> {
  const known = namer(values)
  return {
    cbor: 'integer or text string',
    json: 'code',
    decode: (reader: Reader) => {
      reader.head()
      if (reader.major <= negativeInteger) return known(reader.integer())
      if (reader.major !== textString) reader.fail('unexpected_type', 'an integer or a text')
      const first = reader.start
      const own = reader.text()
      return Object.hasOwn(values, own)
        ? reader.fail('invalid_value', 'the integer of that name', first)
        : own
    },
    encode: (writer, value) =>
      write(
        writer,
        typeof value === 'string' && Object.hasOwn(values, value) ? values[value as Name] : value,
      ),
    fromJson: (json, path) => {
      const number = integerFromJson(json)
      return number === undefined ? textFromJson(json, path) : known(number)
    },
    toJson: (value) => (typeof value === 'string' ? value : integerToJson(value)),
    accept: (input) => (isText(input) ? input : isCborInteger(input) ? known(narrow(input)) : undefined),
  }
}

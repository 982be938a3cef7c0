import { join } from '../../cbor/decode-error.ts'
import { array } from '../../cbor/major.ts'
import { refuse } from '../json.ts'
import type { ValueType } from './value-type.ts'

/** An array of values of one type. */
export function arrayOf<Value, Input>(
  type: ValueType<Value, Input>,
): ValueType<readonly Value[], readonly Input[]> {
  return {
    cbor: `array of ${type.cbor}`,
    json: 'array',
    decode: (reader) => {
      reader.headOf(array, 'an array')
      const values: Value[] = []
      reader.each(() => values.push(type.decode(reader)))
      return Object.freeze(values)
    },
    encode: (writer, values, path) => {
      writer.head(array, values.length)
      for (const [i, value] of values.entries()) type.encode(writer, value, join(path, `${i}`))
    },
    fromJson: (json, path, report) => {
      if (!Array.isArray(json)) refuse('unexpected_type', path, 'an array')
      return Object.freeze(json.map((value, i) => type.fromJson(value, join(path, `${i}`), report)))
    },
    toJson: (values) => values.map((value) => type.toJson(value)),
    accept: (input, path) => {
      if (!Array.isArray(input)) return undefined
      const values = Array.from(input, (value, i) => type.accept(value, join(path, `${i}`)))
      return values.includes(undefined) ? undefined : Object.freeze(values as Value[])
    },
    ...(type.characters && { characters: type.characters }),
    violation: (values) => {
      for (const value of values) {
        const rule = type.violation?.(value)
        if (rule) return rule
      }
      return undefined
    },
    redact: (values) => values.map((value) => (type.redact ? type.redact(value) : value)),
  }
}

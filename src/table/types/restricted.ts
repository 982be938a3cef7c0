import { EncodeError } from '../encode-error.ts'
import { refuse } from '../json.ts'
import type { ValueType } from './value-type.ts'

/** The same type with some of its values only; the others are refused where they stand. */
export function restricted<Value, Input>(
  type: ValueType<Value, Input>,
  isRight: (value: Value) => boolean,
  expected: string,
): ValueType<Value, Input> {
  return {
    ...type,
    decode: (reader) => {
      const first = reader.at
      const value = type.decode(reader)
      return isRight(value) ? value : reader.fail('invalid_value', expected, first)
    },
    fromJson: (json, path, report) => {
      const value = type.fromJson(json, path, report)
      return isRight(value) ? value : refuse('invalid_value', path, expected)
    },
    accept: (input, path) => {
      const value = type.accept(input, path)
      if (value !== undefined && !isRight(value)) throw new EncodeError('invalid_value', path, expected)
      return value
    },
  }
}

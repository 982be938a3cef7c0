import { isCborInteger, narrow } from '../../cbor/integer.ts'
import { readInteger } from '../../cbor/reader.ts'
import { readNumber, writeNumber } from '../../cbor/simple-value.ts'
import { write } from '../../cbor/writer.ts'
import { integerFromJson, integerToJson } from '../integer-json.ts'
import { refuse } from '../json.ts'
import type { ValueType } from './value-type.ts'

/** An integer from -2^64 to 2^64-1: a number where that is safe, a bigint beyond. */
export const integer: ValueType<number | bigint> = {
  cbor: 'integer',
  json: 'integer',
  decode: readInteger,
  encode: write,
  fromJson: (json, path) => integerFromJson(json) ?? refuse('unexpected_type', path, 'an integer'),
  toJson: integerToJson,
  accept: (input) => (isCborInteger(input) ? narrow(input) : undefined),
}

/** An unsigned integer to 2^64-1. */
export const unsigned: ValueType<number | bigint> = {
  ...integer,
  cbor: 'unsigned integer',
  json: 'unsigned',
  decode: (reader) => {
    const value = readInteger(reader)
    return value >= 0 ? value : reader.fail('unexpected_type', 'an unsigned integer')
  },
  fromJson: (json, path) => {
    const value = integerFromJson(json)
    return value !== undefined && value >= 0 ? value : refuse('unexpected_type', path, 'an unsigned integer')
  },
  accept: (input) => (isCborInteger(input) && input >= 0 ? narrow(input) : undefined),
}

/** A NumericDate (RFC 8392 §2): seconds since 1970, before it where negative, as a finite number. */
export const numericDate: ValueType<number | bigint> = {
  cbor: 'integer or floating-point number',
  json: 'number',
  decode: (reader) => {
    const value = readNumber(reader)
    return typeof value === 'bigint' || Number.isFinite(value)
      ? value
      : reader.fail('invalid_value', 'a finite number')
  },
  encode: writeNumber,
  fromJson: (json, path) => numericDate.accept(json, path) ?? integer.fromJson(json, path),
  fromForm: (given, path) => (/^-?\d+\.\d+$/.test(given) ? Number(given) : numericDate.fromJson(given, path)),
  toJson: integerToJson,
  accept: (input) =>
    isCborInteger(input) ? narrow(input) : Number.isFinite(input) ? (input as number) : undefined,
}

import { readBytes, writeBytes } from '../cbor/byte-string.ts'
import { isCborInteger, narrow } from '../cbor/integer.ts'
import { readInteger, readText } from '../cbor/reader.ts'
import {
  readBoolean,
  readNumber,
  takeNull,
  writeBoolean,
  writeNull,
  writeNumber,
} from '../cbor/simple-value.ts'
import { write } from '../cbor/writer.ts'
import { isPrivateUse } from '../registry/registry.ts'
import { fromBase64url, toBase64url } from './base64url.ts'
import { EncodeError } from './encode-error.ts'
import { namer } from './finder.ts'
import { integerFromJson, integerToJson } from './integer-json.ts'
import { isText, refuse, textFromJson } from './json.ts'
import type { ValueType } from './value-type.ts'
import type { ViolationRule } from './violation.ts'

/** A text string of any characters. */
export const text: ValueType<string> = {
  cbor: 'text string',
  json: 'text',
  decode: readText,
  encode: write,
  fromJson: textFromJson,
  toJson: (value) => value,
  accept: (input) => (isText(input) ? input : undefined),
}

/** A text string of at least one character, all of them right, as RFC 6749 Appendix A has them. */
export function limitedText(isRight: (text: string) => boolean): ValueType<string> {
  return {
    ...text,
    violation: (value) => (value ? (isRight(value) ? undefined : 'forbidden_character') : 'empty_text'),
  }
}

/** A text whose characters are right, or none: what is wrong about it otherwise. */
export function checkedText(isRight: (text: string) => boolean, rule: ViolationRule): ValueType<string> {
  return { ...text, violation: (value) => (isRight(value) ? undefined : rule) }
}

/** A byte string; in JSON its base64url form. */
export const bytes: ValueType<Uint8Array> = {
  cbor: 'byte string',
  json: 'base64url',
  decode: readBytes,
  encode: writeBytes,
  fromJson: (json, path) =>
    fromBase64url(textFromJson(json, path)) ?? refuse('invalid_value', path, 'base64url without padding'),
  toJson: toBase64url,
  accept: (input) => (input instanceof Uint8Array ? Uint8Array.from(input) : undefined),
}

/** A text in UTF-8. */
export function toUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** An integer from -2^64 to 2^64-1. */
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

/** True or false. */
export const boolean: ValueType<boolean> = {
  cbor: 'true or false',
  json: 'boolean',
  decode: readBoolean,
  encode: writeBoolean,
  fromJson: (json, path) =>
    typeof json === 'boolean' ? json : refuse('unexpected_type', path, 'true or false'),
  toJson: (value) => value,
  accept: (input) => (typeof input === 'boolean' ? input : undefined),
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
  toJson: integerToJson,
  accept: (input) =>
    isCborInteger(input) ? narrow(input) : Number.isFinite(input) ? (input as number) : undefined,
}

/** A name, or an integer that has none: registered values are told by name. */
export type Code<Name extends string> = Name | (string & {}) | number | bigint

/**
 * A value of a registry that has names in JSON and integers in CBOR.
 *
 * @param values the registry
 * @param what what the registry holds, for refusals
 * @param isAnyCase whether its names are compared without regard to case, as RFC 6749 §1.9 has it where a rule says so
 */
export function code<Name extends string>(
  values: Readonly<Record<Name, number>>,
  what: string,
  isAnyCase = false,
): ValueType<Code<Name>> {
  const known = namer(values)
  const spelled = (name: string): Code<Name> => {
    if (!isAnyCase || Object.hasOwn(values, name)) return name
    const lower = name.toLowerCase()
    return Object.keys(values).find((registered) => registered.toLowerCase() === lower) ?? name
  }
  return {
    cbor: 'integer',
    json: 'code',
    decode: (reader) => known(readInteger(reader)),
    encode: (writer, value, path) => {
      if (typeof value !== 'string') return write(writer, value)
      if (!Object.hasOwn(values, value))
        throw new EncodeError('no_cbor_form', path, `${what} that has an integer`)
      write(writer, values[value as Name])
    },
    fromJson: (json, path) => {
      const number = integerFromJson(json)
      if (number !== undefined) return known(number)
      return spelled(textFromJson(json, path) || refuse('invalid_value', path, `the name of ${what}`))
    },
    toJson: (value) => (typeof value === 'string' ? value : integerToJson(value)),
    accept: (input) => {
      const number = integerFromJson(input)
      if (number !== undefined) return known(number)
      return isText(input) && input ? spelled(input) : undefined
    },
    violation: (value) => (typeof value === 'string' || isPrivateUse(value) ? undefined : 'unassigned_code'),
  }
}

/** The same type with null, where a request asks for the member in the response (RFC 9200 §5.8.4.3); in a form it is empty. */
export function nullable<Value, Input>(type: ValueType<Value, Input>): ValueType<Value | null, Input | null> {
  return {
    cbor: `null or ${type.cbor}`,
    json: 'code or null',
    decode: (reader) => (takeNull(reader) ? null : type.decode(reader)),
    encode: (writer, value, path) => (value === null ? writeNull(writer) : type.encode(writer, value, path)),
    fromJson: (json, path) => (json === null ? null : type.fromJson(json, path)),
    toJson: (value) => (value === null ? null : type.toJson(value)),
    accept: (input, path) => (input === null ? null : type.accept(input, path)),
    fromForm: (given, path) => (given === '' ? null : type.fromJson(given, path)),
    violation: (value) => (value === null ? undefined : type.violation?.(value)),
  }
}

import { readInteger } from '../../cbor/reader.ts'
import { takeNull, writeNull } from '../../cbor/simple-value.ts'
import { write } from '../../cbor/writer.ts'
import { isPrivateUse } from '../../registry/registry.ts'
import { EncodeError } from '../encode-error.ts'
import type { Grammar } from '../grammar/texts.ts'
import { integerFromJson, integerToJson } from '../integer-json.ts'
import { isText, refuse, textFromJson } from '../json.ts'
import { namesByKey } from '../lookup-by-key.ts'
import { grammarRule } from './text.ts'
import type { ValueType } from './value-type.ts'

/** A name, or an integer that has none: registered values are told by name. */
export type Code<Name extends string> = Name | (string & {}) | number | bigint

/** What is particular about the names of a registry. */
export interface CodeNames {
  /** Whether they are compared without regard to case, as RFC 6749 §1.9 has it where a rule says so. */
  readonly isAnyCase?: true
  /** What a name that is not registered has to be when it is sent. */
  readonly grammar?: Grammar
}

/**
 * A value of a registry that has names in JSON and integers in CBOR.
 *
 * @param values the registry
 * @param what what the registry holds, for refusals
 */
export function code<Name extends string>(
  values: Readonly<Record<Name, number>>,
  what: string,
  { isAnyCase, grammar }: CodeNames = {},
): ValueType<Code<Name>> {
  const known = namesByKey(values)
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
    ...(grammar?.characters && { characters: grammar.characters }),
    violation: (value) => {
      if (typeof value !== 'string') return isPrivateUse(value) ? undefined : 'unassigned_code'
      return grammar && !Object.hasOwn(values, value) ? grammarRule(grammar, value) : undefined
    },
  }
}

/** The same type with null, where a request asks for the member in the response (RFC 9200 §5.8.4.3); in a form it is empty. */
export function nullable<Value, Input>(type: ValueType<Value, Input>): ValueType<Value | null, Input | null> {
  return {
    cbor: `null or ${type.cbor}`,
    json: 'code or null',
    decode: (reader) => (takeNull(reader) ? null : type.decode(reader)),
    encode: (writer, value, path) => (value === null ? writeNull(writer) : type.encode(writer, value, path)),
    fromJson: (json, path, report) => (json === null ? null : type.fromJson(json, path, report)),
    toJson: (value) => (value === null ? null : type.toJson(value)),
    accept: (input, path) => (input === null ? null : type.accept(input, path)),
    fromForm: (given, path, report) => (given === '' ? null : type.fromJson(given, path, report)),
    violation: (value) => (value === null ? undefined : type.violation?.(value)),
  }
}

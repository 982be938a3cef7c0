import { readText } from '../../cbor/reader.ts'
import { write } from '../../cbor/writer.ts'
import type { Grammar } from '../grammar/texts.ts'
import { isText, textFromJson } from '../json.ts'
import type { ValueType } from './value-type.ts'

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

/** A text string that a sender has to keep to a grammar. */
export function textOf(grammar: Grammar): ValueType<string> {
  const { characters } = grammar
  return { ...text, ...(characters && { characters }), violation: (value) => grammarRule(grammar, value) }
}

/** What is wrong about a text that a grammar is for, if anything. */
export function grammarRule(
  { matches, rule, mayBeEmpty }: Grammar,
  value: string,
): Grammar['rule'] | undefined {
  if (value === '') return mayBeEmpty ? undefined : 'empty_text'
  return matches(value) ? undefined : rule
}

/** A text in UTF-8. */
export function toUtf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

import { readBoolean, writeBoolean } from '../../cbor/simple-value.ts'
import { refuse } from '../json.ts'
import type { ValueType } from './value-type.ts'

/** True or false. */
export const boolean: ValueType<boolean> = {
  cbor: 'true or false',
  json: 'boolean',
  decode: readBoolean,
  encode: writeBoolean,
  fromJson: (json, path) =>
    typeof json === 'boolean' ? json : refuse('unexpected_type', path, 'true or false'),
  fromForm: (given, path) =>
    given === 'true' || given === 'false'
      ? given === 'true'
      : refuse('unexpected_type', path, 'true or false'),
  toJson: (value) => value,
  accept: (input) => (typeof input === 'boolean' ? input : undefined),
}

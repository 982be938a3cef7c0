import type { CborValue } from '../cbor/any-value.ts'
import { fromBase64url, toBase64url } from '../table/base64url.ts'
import { integerFromJson, integerToJson } from '../table/integer-json.ts'
import { type Json, refuse } from '../table/json.ts'

/**
 * A CBOR value of any shape in JSON, without loss: texts, arrays, true, false, null and numbers as they are, everything
 * else as an object of one member. `{ "integer": digits }` is an integer beyond 2^53-1, `{ "float": "NaN" }` a
 * floating-point number that JSON has not (`-0`, `Infinity`, `-Infinity`), `{ "bytes": base64url }` a byte string,
 * `{ "map": [[key, value], ...] }` a map, `{ "simple": "undefined" }` undefined.
 */
export function valueToJson(value: CborValue): Json {
  if (value === undefined) return { simple: 'undefined' }
  if (typeof value === 'bigint') return { integer: integerToJson(value) }
  if (typeof value === 'number')
    return Object.is(value, -0) ? { float: '-0' } : Number.isFinite(value) ? value : { float: String(value) }
  if (value instanceof Uint8Array) return { bytes: toBase64url(value) }
  if (Array.isArray(value)) return value.map(valueToJson)
  if (value instanceof Map)
    return { map: [...value].map(([key, member]) => [valueToJson(key), valueToJson(member)]) }
  return value as Json
}

/**
 * The CBOR value that such JSON tells.
 *
 * @throws DecodeError `invalid_value` for JSON that {@link valueToJson} does not write
 */
export function valueFromJson(json: unknown): CborValue {
  if (Array.isArray(json)) return json.map(valueFromJson)
  if (typeof json !== 'object' || json === null) return json as CborValue
  const [[name, told] = ['', undefined], ...more] = Object.entries(json)
  const read = more.length === 0 && Object.hasOwn(tagged, name) ? tagged[name]!(told) : undefined
  return read ? read.value : refuse('invalid_value', '', 'integer, float, bytes, map or simple')
}

type Read = { readonly value: CborValue } | undefined

const tagged: Readonly<Record<string, (told: unknown) => Read>> = {
  integer: (told) => {
    const value = integerFromJson(told)
    return value === undefined ? undefined : { value }
  },
  float: (told) =>
    ['NaN', 'Infinity', '-Infinity', '-0'].includes(told as string) ? { value: Number(told) } : undefined,
  bytes: (told) => {
    const value = typeof told === 'string' ? fromBase64url(told) : undefined
    return value && { value }
  },
  map: (told) =>
    Array.isArray(told) && told.every((pair) => Array.isArray(pair) && pair.length === 2)
      ? {
          value: new Map(told.map(([key, value]) => [valueFromJson(key), valueFromJson(value)])) as CborValue,
        }
      : undefined,
  simple: (told) => (told === 'undefined' ? { value: undefined } : undefined),
}

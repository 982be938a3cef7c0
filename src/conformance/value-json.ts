import type { CborValue } from '../cbor/value.ts'
import { toBase64url } from '../table/base64url.ts'
import { integerToJson } from '../table/integer-json.ts'
import type { Json } from '../table/json.ts'

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

import { isCborInteger, narrow } from '../cbor/integer.ts'

/** A JSON number that is a whole one, or the decimal digits of one; undefined for anything else. */
export function integerFromJson(json: unknown): number | bigint | undefined {
  if (typeof json === 'string' && /^-?(0|[1-9]\d{0,19})$/.test(json)) return integerFromJson(BigInt(json))
  return isCborInteger(json) ? narrow(json) : undefined
}

/** An integer in JSON: a number, or its decimal digits beyond 2^53-1. */
export function integerToJson(value: number | bigint): number | string {
  return typeof value === 'bigint' ? `${value}` : value
}

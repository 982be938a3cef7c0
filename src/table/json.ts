import { DecodeError, type DecodeReason } from '../cbor/decode-error.ts'

/** A JSON value, as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** Refuses something that has no byte offset. */
export function refuse(reason: DecodeReason, path?: string, expected?: string): never {
  throw new DecodeError(reason, path, expected)
}

/** Whether the members of an object are all that it is: not a message, a Map, a Date, a form or an array. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  // The prototype of a plain object has none itself, also where the object comes from another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** The members of a JSON object. */
export function jsonEntries(json: unknown, path?: string): [name: string, value: unknown][] {
  try {
    if (typeof json === 'object' && json && isPlainObject(json)) return Object.entries(json)
  } catch {
    // A getter or a proxy of the caller's threw.
  }
  refuse('unexpected_type', path, 'an object')
}

/** A copy of what should be JSON, so that nothing changed later can reach it. */
export function copyJson(value: unknown, path?: string): Json {
  try {
    return JSON.parse(JSON.stringify(value))
  } catch {
    refuse('unexpected_type', path, 'JSON')
  }
}

/** A text without a lone surrogate, which no encoding has. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed()
}

/** A text in JSON. */
export function textFromJson(json: unknown, path: string): string {
  return isText(json) ? json : refuse('unexpected_type', path, 'a text')
}

const encoder = /* @__PURE__ */ new TextEncoder()

/** How many bytes the UTF-8 of a text has. */
export function utf8Length(text: string): number {
  return encoder.encode(text).length
}

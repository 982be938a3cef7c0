import { DecodeError, join } from '../cbor/decode-error.ts'
import { type DecodeOptions, limitsOf } from '../cbor/options.ts'
import { isPlainObject, type Json, refuse, textFromJson, utf8Length } from './json.ts'

/**
 * Takes a value as JSON, whatever it is: a copy that nothing else can reach or change. Members that are undefined are left out,
 * as `JSON.stringify` does.
 *
 * @throws DecodeError for what is not JSON, a value with a getter that throws among them, and for more than the limits allow
 */
export function jsonFromInput(value: unknown, options: DecodeOptions = {}): Json {
  const limits = limitsOf(options)
  let bytes = 0
  const hold = (name: 'maxBytes' | 'maxMembers' | 'maxStringBytes', size: number, path: string): void => {
    if (size > limits[name]) refuse('too_large', path, `${name} ${limits[name]}`)
  }
  const spend = (size: number, path: string): void => {
    bytes += size
    hold('maxBytes', bytes, path)
  }
  const text = (given: string, path: string): string => {
    const size = utf8Length(textFromJson(given, path))
    hold('maxStringBytes', size, path)
    spend(size + 2, path)
    return given
  }
  const copy = (given: unknown, path: string, depth: number): Json => {
    if (typeof given === 'string') return text(given, path)
    if (given === null || typeof given === 'boolean' || Number.isFinite(given)) {
      spend(`${given}`.length, path)
      return given as Json
    }
    const isArray = Array.isArray(given)
    if (typeof given !== 'object' || !(isArray || isPlainObject(given)))
      refuse('unexpected_type', path, 'JSON')
    if (depth > limits.maxDepth) refuse('too_deep', path, `maxDepth ${limits.maxDepth}`)
    const entries = Object.entries(given).filter(([, member]) => member !== undefined)
    hold('maxMembers', entries.length, path)
    spend(2 + entries.length, path)
    // A hole or undefined would move what follows.
    if (isArray && entries.length !== given.length) refuse('unexpected_type', path, 'JSON')
    const copies = entries.map(([name, member]): [string, Json] => {
      if (!isArray) text(name, path)
      return [name, copy(member, join(path, name), depth + 1)]
    })
    return Object.freeze(isArray ? copies.map(([, member]) => member) : Object.fromEntries(copies))
  }
  try {
    return copy(value, '', 1)
  } catch (error) {
    if (error instanceof DecodeError) throw error
    // A getter or a proxy of the caller's threw.
    return refuse('unexpected_type', '', 'JSON')
  }
}

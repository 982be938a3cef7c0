import { DecodeError, join } from '../cbor/decode-error.ts'
import { type DecodeOptions, limitsOf } from '../cbor/options.ts'
import { isPlainObject, isText, type Json, refuse, utf8Length } from './json.ts'

/**
 * Takes a value as JSON, whatever it is: a copy that nothing else can reach or change. Members that are undefined are left out,
 * as `JSON.stringify` does.
 *
 * @throws DecodeError for what is not JSON, a value with a getter that throws among them, and for more than the limits allow
 */
export function jsonFromInput(value: unknown, options: DecodeOptions = {}): Json {
  const limits = limitsOf(options)
  // Deeper than 512 levels a call stack may end.
  const maxDepth = Math.min(limits.maxDepth, 512)
  let bytes = 0
  const spend = (size: number, path: string): void => {
    bytes += size
    if (bytes > limits.maxBytes) refuse('too_large', path, `maxBytes ${limits.maxBytes}`)
  }
  const text = (given: string, path: string): string => {
    if (!isText(given)) refuse('unexpected_type', path, 'a text without lone surrogates')
    const size = utf8Length(given)
    if (size > limits.maxStringBytes) refuse('too_large', path, `maxStringBytes ${limits.maxStringBytes}`)
    spend(size + 2, path)
    return given
  }
  const copy = (given: unknown, path: string, depth: number): Json => {
    if (typeof given === 'string') return text(given, path)
    if (typeof given === 'number' && Number.isFinite(given)) {
      spend(`${given}`.length, path)
      return given
    }
    if (typeof given === 'boolean' || given === null) {
      spend(4, path)
      return given
    }
    if (typeof given !== 'object' || !(Array.isArray(given) || isPlainObject(given)))
      refuse('unexpected_type', path, 'JSON')
    if (depth > maxDepth) refuse('too_deep', path, `maxDepth ${maxDepth}`)
    const entries = Object.entries(given).filter(([, member]) => member !== undefined)
    if (entries.length > limits.maxMembers) refuse('too_large', path, `maxMembers ${limits.maxMembers}`)
    spend(2 + entries.length, path)
    if (Array.isArray(given)) {
      // A hole or undefined would move what follows.
      if (entries.length !== given.length) refuse('unexpected_type', path, 'JSON')
      return Object.freeze(entries.map(([name, member]) => copy(member, join(path, name), depth + 1)))
    }
    return Object.freeze(
      Object.fromEntries(
        entries.map(([name, member]) => {
          const at = join(path, name)
          return [text(name, path), copy(member, at, depth + 1)]
        }),
      ),
    )
  }
  try {
    return copy(value, '', 1)
  } catch (error) {
    if (error instanceof DecodeError) throw error
    // A getter or a proxy of the caller's threw.
    return refuse('unexpected_type', '', 'JSON')
  }
}

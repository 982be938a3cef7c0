import { decodeValue, encodeValue } from '../cbor/any-value.ts'
import { DecodeError, join } from '../cbor/decode-error.ts'
import { type Aif, aifFromJson, encodeAif, methodSet, type RestMethod, restMethods } from '../message/aif.ts'
import { oauthParameters } from '../registry/generated/oauth-parameters.ts'

/**
 * An authorization in AIF from its JSON (RFC 9237): pairs of a path and a set of methods, which is a number, or for people the names of
 * the methods, in an array or in one text.
 *
 * @param at the path of the member that it is the value of
 * @throws DecodeError for what is no such array
 */
export function readAif(json: unknown, at = ''): Aif {
  const entries = Array.isArray(json) ? json.map((entry, i) => withNumber(entry, join(at, `${i}`))) : json
  try {
    return aifFromJson(entries)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw new DecodeError(error.reason, error.path ? join(at, error.path) : at, error.expected)
  }
}

function withNumber(entry: unknown, at: string): unknown {
  if (!Array.isArray(entry) || entry.length !== 2) return entry
  const [path, methods] = entry as [unknown, unknown]
  const names = Array.isArray(methods)
    ? methods
    : typeof methods === 'string' && !/^\d+$/.test(methods)
      ? methods.split(/[\s,]+/).filter((name) => name !== '')
      : undefined
  if (!names) return entry
  try {
    return [path, String(methodSet(names as RestMethod[]))]
  } catch {
    throw new DecodeError('invalid_value', join(at, '1'), `names of methods: ${restMethods.join(', ')}`)
  }
}

/** What has a scope, in JSON and in CBOR. */
interface Holder<T> {
  fromJson(json: unknown): T
  fromCbor(cbor: Uint8Array): T
}

/**
 * Reads a message or claims whose scope is an array in JSON: an authorization in AIF, which CBOR has inside a byte string. A JSON twin has
 * no such array, for RFC 9200 gives a scope of bytes no form in JSON.
 *
 * @returns undefined where the scope is no array
 * @throws DecodeError for what the array or another member is not
 */
export function readWithAif<T extends { toCbor(): Uint8Array }>(
  json: unknown,
  { fromJson, fromCbor }: Holder<T>,
): T | undefined {
  const { scope, ...others } = Object(json) as Readonly<Record<string, unknown>>
  if (!Array.isArray(scope)) return undefined
  const aif = encodeAif(readAif(scope, 'scope'))
  // Any text, so that a message that needs a scope has one.
  const members = decodeValue(fromJson({ ...others, scope: 'aif' }).toCbor()) as Map<unknown, unknown>
  return fromCbor(encodeValue(new Map([...members, [oauthParameters.scope, aif]]) as never))
}

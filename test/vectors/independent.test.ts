import { cdeEncodeOptions, decode, encode } from 'cbor2'
import * as cborg from 'cborg'
import { describe, expect, test } from 'vitest'
import type { Vector } from '../../src/conformance/index.ts'
import { loadVectors } from '../../src/conformance/node.ts'
import { type Decoded, independentTwin, independentValue } from './independent-twin.ts'

const vectors = (await loadVectors()).flatMap((document) => document.vectors)
const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
const read = (hex: string): unknown =>
  decode(bytes(hex), { preferMap: true, rejectDuplicateKeys: true, ignoreGlobalTags: true })
const written = (item: unknown): string => Buffer.from(encode(item, cdeEncodeOptions)).toString('hex')

const accepted = vectors.filter((vector) => vector.hex !== undefined && 'accept' in vector.expect)
const acceptOf = ({ expect: expected }: Vector) => ('accept' in expected ? expected.accept : {})

describe('cbor2 decodes the accepted vectors to what they say', () => {
  // The generator of these reads them with cborg itself.
  const others = ['cbor', 'aif', 'cose-key', 'cwt-claims', 'cose']
  const messages = accepted.filter(({ message }) => !others.includes(message))
  test.each(messages)('$id', ({ message, hex, options, ...vector }) => {
    const { value, unknown = [] } = acceptOf({ message, hex: hex!, ...vector })
    const names = new Map(options?.codes?.map((code) => [`${code.value}`, code.name]))
    const twin = independentTwin(message, read(hex!) as Decoded, options?.aceErrorKey)
    const own = names.get(`${twin.value['error']}`)
    expect(own === undefined ? twin.value : { ...twin.value, error: own }).toEqual(value)
    const keys = twin.unknown.map((key) => (typeof key === 'string' ? JSON.stringify(key) : `${key}`))
    expect(keys).toEqual(unknown.map(({ key }) => key))
  })

  test.each(accepted.filter(({ message }) => message === 'aif'))('$id', (vector) => {
    const twin = (read(vector.hex!) as [string, number | bigint][]).map(([path, set]) => [
      path,
      typeof set === 'bigint' && set > 2n ** 53n ? `${set}` : Number(set),
    ])
    expect(twin).toEqual(acceptOf(vector).value)
  })

  test.each(accepted.filter((vector) => vector.message === 'cbor' && acceptOf(vector).value !== undefined))(
    '$id',
    (vector) => {
      expect(independentValue(read(vector.hex!))).toEqual(acceptOf(vector).value)
    },
  )
})

describe('the canonical forms', () => {
  // What an unknown member came with stays as it came, deterministic or not.
  const canonical = vectors.flatMap((vector) => {
    const { canonicalHex, unknown } = acceptOf(vector)
    return typeof canonicalHex === 'string' && !unknown ? [{ ...vector, canonicalHex }] : []
  })
  // cbor2 takes -2^53 for a safe integer and writes a float; AIF merges what is of one path.
  const others = ['error-private--9007199254740992', 'rfc9237-same-path']
  const fromCbor = canonical.filter(({ id, hex }) => hex !== undefined && !others.includes(id))

  test.each(fromCbor)('cbor2 writes that of $id', ({ hex, canonicalHex }) => {
    expect(written(read(hex!))).toBe(canonicalHex)
  })

  test.each(canonical)('cborg reads that of $id, and writes the same bytes', ({ canonicalHex }) => {
    const tags = cborg.Tagged.preserve(16, 38)
    const value = cborg.decode(bytes(canonicalHex), { useMaps: true, rejectDuplicateMapKeys: true, tags })
    expect(Buffer.from(cborg.encode(value, cborg.rfc8949EncodeOptions)).toString('hex')).toBe(canonicalHex)
  })
})

describe('cbor2 refuses what is not well-formed', () => {
  const illFormed = ['truncated', 'trailing_bytes', 'reserved_head', 'unexpected_break', 'invalid_utf8']
  const refused = vectors.filter(
    ({ hex, expect: expected }) =>
      hex !== undefined && 'refuse' in expected && illFormed.includes(expected.refuse.reason),
  )
  test.each(refused)('$id', ({ hex }) => {
    expect(() => read(hex!)).toThrow()
  })
})

describe('what is refused for other reasons is well-formed', () => {
  const others = [
    'missing_member',
    'conflicting_members',
    'violation',
    'not_deterministic',
    'too_deep',
    'invalid_value',
  ]
  const refused = vectors.filter(
    ({ hex, expect: expected }) =>
      hex !== undefined && 'refuse' in expected && others.includes(expected.refuse.reason),
  )
  test.each(refused)('$id', ({ hex }) => {
    expect(() => read(hex!)).not.toThrow()
  })
})

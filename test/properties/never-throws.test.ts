import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  aifFromJson,
  DecodeError,
  decodeAif,
  decodeCoseKey,
  decodeValue,
  ErrorResponse,
  fromJwk,
  fromProblemDetails,
} from '../../src/index.ts'
import { kinds } from './arbitraries.ts'

const readers: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  ...Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [name, (bytes: Uint8Array) => kind.class.fromCbor(bytes)]),
  ),
  ErrorResponse: (bytes) => ErrorResponse.fromCbor(bytes),
  fromProblemDetails: (bytes) => fromProblemDetails(bytes, { aceErrorKey: 2 }),
  decodeValue: (bytes) => decodeValue(bytes),
  decodeCoseKey,
  decodeAif: (bytes) => decodeAif(bytes),
}

const jsonReaders: Readonly<Record<string, (json: unknown) => unknown>> = {
  ...Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [name, (json: unknown) => kind.class.fromJson(json)]),
  ),
  ErrorResponse: (json) => ErrorResponse.fromJson(json),
  fromJwk: (json) => fromJwk(json),
  aifFromJson,
}

const formReaders: Readonly<Record<string, (form: string) => unknown>> = Object.fromEntries(
  Object.entries(kinds)
    .filter(([name]) => name.endsWith('Request'))
    .map(([name, kind]) => [
      name,
      (form: string) => (kind.class as unknown as { fromForm(form: string): unknown }).fromForm(form),
    ]),
)

/** Calls it; a DecodeError is the only thing that it may throw. */
function onlyDecodeError(act: () => unknown): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
  }
}

// Heads that make items of all kinds likely.
const someBytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          0xa0,
          0xa1,
          0xa2,
          0xbf,
          0xff,
          0x18,
          0x1e,
          0x1f,
          0x20,
          0x41,
          0x61,
          0x5f,
          0x7f,
          0x80,
          0x81,
          0x9f,
          0xd8,
          0xf4,
          0xf6,
          0xf9,
          0xfb,
          1,
          2,
          3,
          4,
          8,
          9,
          10,
          11,
        ),
        fc.nat(255),
      ),
      { maxLength: 24 },
    )
    .map((list) => Uint8Array.from(list)),
)

describe('whatever bytes come, nothing but a DecodeError is thrown', () => {
  for (const [name, read] of Object.entries(readers))
    it(name, () => {
      fc.assert(
        fc.property(someBytes, (bytes) => onlyDecodeError(() => read(bytes))),
        { numRuns: 3_000 },
      )
    })

  it('every seventh input of two bytes is taken, or refused with an offset in it', () => {
    for (const [name, read] of Object.entries(readers)) {
      const bytes = new Uint8Array(2)
      for (let i = 0; i < 65_536; i += 7) {
        bytes[0] = i >> 8
        bytes[1] = i & 255
        try {
          read(bytes)
        } catch (error) {
          if (!(error instanceof DecodeError)) throw new Error(`${name} ${i.toString(16)}: ${error}`)
          if (error.offset === undefined || error.offset > 2)
            throw new Error(`${name} ${i.toString(16)}: offset ${error.offset}`)
        }
      }
    }
  })
})

const names = [...new Set(Object.values(kinds).flatMap((kind) => kind.class.table.map((row) => row.name)))]
const leaf = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.constantFrom(null, true, false, '', 'AQ', '1', '-70001', 'invalid_grant', 'EC', 'coaps://a/'),
)
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    leaf,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(
        fc.constantFrom(
          ...names,
          'jwk',
          'kty',
          'crv',
          'x',
          'alg',
          'key_ops',
          'kid',
          'COSE_Key',
          'error',
          'osc',
          'unknown',
          'lang',
          'text',
          '__proto__',
          'constructor',
          'toJSON',
        ),
        fc.string(),
      ),
      tie('json'),
      { maxKeys: 5 },
    ),
  ),
}))

describe('whatever JSON comes, nothing but a DecodeError is thrown', () => {
  for (const [name, read] of Object.entries(jsonReaders))
    it(name, () => {
      fc.assert(
        fc.property(json, (value) => {
          const parsed = JSON.parse(JSON.stringify(value))
          onlyDecodeError(() => read(parsed))
        }),
        { numRuns: 3_000 },
      )
      for (const value of [undefined, null, 0, '', [], Symbol.iterator, () => 1, Number.NaN, 5n])
        onlyDecodeError(() => read(value))
    })
})

describe('whatever form comes, nothing but a DecodeError is thrown', () => {
  const form = fc
    .array(
      fc.tuple(
        fc.oneof(fc.constantFrom(...names), fc.string()),
        fc.oneof(
          fc.string(),
          fc.constantFrom('', '%', '%zz', '{}', '{"jwk":{"kty":"oct"}}', 'null', '[', '%C3'),
        ),
      ),
      { maxLength: 6 },
    )
    .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'))
  for (const [name, read] of Object.entries(formReaders))
    it(name, () => {
      fc.assert(
        fc.property(form, (text) => onlyDecodeError(() => read(text))),
        { numRuns: 3_000 },
      )
      expect(() => read('token=a.')).not.toThrow()
    })
})

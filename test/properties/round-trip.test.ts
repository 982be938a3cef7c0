import { decode as cbor2Decode } from 'cbor2'
import { decode as cborgDecode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CborValue,
  decodeAif,
  decodeCoseKey,
  decodeValue,
  ErrorResponse,
  encodeAif,
  encodeCoseKey,
  encodeValue,
  fromProblemDetails,
  type Message,
  type Request,
  type RequestClass,
  toProblemDetails,
} from '../../src/index.ts'
import { toHex } from '../cbor/bytes.ts'
import { coseKey, errorResponse, fitsForm, integer, kinds, known, open } from './arbitraries.ts'
import { parse, rewrite } from './rewrite.ts'

const numRuns = 500
const opaqueNames = ['access_token', 'refresh_token', 'token', 'code', 'client_secret']
const strict = { strict: true, deterministic: true } as const

/** What other decoders make of bytes, and what we would write of that. */
function seenByOthers(bytes: Uint8Array): string[] {
  return [
    cbor2Decode(bytes, { preferMap: true }),
    cborgDecode(bytes, { useMaps: true, tags: {} as never }),
  ].map((value) => toHex(encodeValue(value as CborValue)))
}

/** Whether there is a tag in it, which the values of other decoders do not keep as they are. */
const hasTag = (bytes: Uint8Array): boolean => parse(bytes).some((item) => item.major === 6)

describe('each message, built of any members', () => {
  for (const [name, kind] of Object.entries(kinds)) {
    it(`${name} comes out of CBOR as it went in, and is written the same again`, () => {
      fc.assert(
        fc.property(open(kind), (message) => {
          const bytes = message.toCbor()
          const back = kind.class.fromCbor(bytes, strict)
          expect(back.equals(message)).toBe(true)
          expect(message.equals(back)).toBe(true)
          expect(back.violations).toEqual([])
          expect(toHex(back.toCbor())).toBe(toHex(bytes))
        }),
        { numRuns },
      )
    })

    it(`${name} comes out of JSON as it went in, but for a scope of bytes, which is a text there`, () => {
      fc.assert(
        fc.property(known(kind), (message) => {
          const json = JSON.parse(JSON.stringify(message.toJson()))
          const back = kind.class.fromJson(json)
          expect(JSON.parse(JSON.stringify(back.toJson()))).toEqual(json)
          const { scope } = message as { scope?: unknown }
          if (!(scope instanceof Uint8Array) && !keepsCborOnly(message)) {
            expect(back.equals(message)).toBe(true)
            // Bytes that are UTF-8 beyond ASCII are told as a text that RFC 6749 does not have.
            expect(back.violations.filter(({ path }) => !opaqueNames.includes(path))).toEqual([])
            expect(toHex(back.toCbor())).toBe(toHex(message.toCbor()))
          }
        }),
        { numRuns },
      )
    })

    it(`${name} is read by cbor2 and cborg as it was written`, () => {
      fc.assert(
        fc.property(open(kind), (message) => {
          const bytes = message.toCbor()
          if (hasTag(bytes)) return
          for (const seen of seenByOthers(bytes)) expect(seen).toBe(toHex(bytes))
        }),
        { numRuns },
      )
    })

    it(`${name} is read from any other encoding of the same (RFC 8949 §3): longer heads, indefinite lengths, any order`, () => {
      fc.assert(
        fc.property(open(kind), fc.integer(), (message, seed) => {
          const bytes = message.toCbor()
          const back = kind.class.fromCbor(rewrite(bytes, seed, { knownOnly: true }))
          expect(back.equals(message)).toBe(true)
          expect(toHex(back.toCbor())).toBe(toHex(bytes))
        }),
        { numRuns },
      )
    })
  }
})

/** Members inside a confirmation that have no name in JSON. */
function keepsCborOnly(message: Message): boolean {
  return JSON.stringify(confirmations(message)).includes('"cbor"')
}

function confirmations(message: Message): Record<string, unknown> {
  const { cnf, req_cnf, rs_cnf } = message as unknown as Record<string, unknown>
  return JSON.parse(
    JSON.stringify({ cnf, req_cnf, rs_cnf }, (key, value) =>
      typeof value === 'bigint' ? `${value}` : key === 'COSE_Key' ? undefined : value,
    ),
  )
}

describe('each request', () => {
  for (const name of ['AccessTokenRequest', 'IntrospectionRequest', 'RevocationRequest']) {
    const { class: made, members } = kinds[name] as unknown as {
      class: RequestClass<Request, object>
      members: fc.Arbitrary<{ client_secret?: unknown; scope?: unknown }>
    }
    it(`${name} comes out of a form as it went in, but for a client_secret and a scope of bytes, which are texts there`, () => {
      let compared = 0
      fc.assert(
        fc.property(members, ({ client_secret: _, scope, ...rest }) => {
          const message = new made({ ...rest, ...(typeof scope === 'string' && { scope }) })
          if (!fitsForm(message)) return
          const form = message.toForm()
          const back = made.fromForm(form.toString())
          expect(back.toForm().toString()).toBe(form.toString())
          if (keepsCborOnly(message)) return
          compared++
          expect(back.equals(message)).toBe(true)
        }),
        { numRuns },
      )
      expect(compared).toBeGreaterThan(100)
    })
  }
})

describe('ErrorResponse', () => {
  it('comes out of CBOR, JSON and problem details as it went in', () => {
    fc.assert(
      fc.property(errorResponse, fc.nat(100_000), (response, aceErrorKey) => {
        const bytes = response.toCbor()
        expect(ErrorResponse.fromCbor(bytes, strict).equals(response)).toBe(true)
        expect(toHex(ErrorResponse.fromCbor(bytes).toCbor())).toBe(toHex(bytes))
        expect(
          ErrorResponse.fromJson(JSON.parse(JSON.stringify(response.toJson())), strict).equals(response),
        ).toBe(true)
        expect(
          fromProblemDetails(toProblemDetails(response, { aceErrorKey }), { aceErrorKey, ...strict }).equals(
            response,
          ),
        ).toBe(true)
        for (const seen of seenByOthers(bytes)) expect(seen).toBe(toHex(bytes))
      }),
      { numRuns: 2_000 },
    )
  })

  it('comes out of any other encoding of the same', () => {
    fc.assert(
      fc.property(errorResponse, fc.integer(), (response, seed) => {
        expect(ErrorResponse.fromCbor(rewrite(response.toCbor(), seed)).equals(response)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('keeps every integer', () => {
    fc.assert(
      fc.property(integer, (value) => {
        const bytes = encodeValue(new Map<CborValue, CborValue>([[30, value]]))
        const response = ErrorResponse.fromCbor(bytes, { deterministic: true })
        expect(response.error.value).toBe(value)
        expect(toHex(response.toCbor())).toBe(toHex(bytes))
        const named = response.toJson()
        expect(ErrorResponse.fromJson(JSON.parse(JSON.stringify(named))).error.value).toBe(value)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('COSE keys, AIF and values', () => {
  it('a COSE key comes out as it went in, in whatever order its members stand', () => {
    fc.assert(
      fc.property(coseKey, fc.integer(), (key, seed) => {
        const bytes = encodeCoseKey(key)
        expect(toHex(encodeCoseKey(decodeCoseKey(bytes)))).toBe(toHex(bytes))
        expect(toHex(encodeCoseKey(decodeCoseKey(rewrite(bytes, seed, { knownOnly: true }))))).toBe(
          toHex(bytes),
        )
      }),
      { numRuns: 1_000 },
    )
  })

  it('an AIF comes out as it went in', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.string(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n })), {
          selector: ([path]) => path,
        }),
        fc.integer(),
        (aif, seed) => {
          expect(decodeAif(encodeAif(aif), { deterministic: true })).toEqual(aif)
          expect(decodeAif(rewrite(encodeAif(aif), seed))).toEqual(aif)
        },
      ),
    )
  })

  it('a value is read from any other encoding of the same', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            integer,
            fc.string(),
            fc.uint8Array(),
            fc.constantFrom(null, true, undefined, 1.5, Number.NaN),
            fc.dictionary(fc.string(), fc.integer()).map((o) => new Map(Object.entries(o))),
          ),
        ),
        fc.integer(),
        (value, seed) => {
          expect(decodeValue(rewrite(encodeValue(value), seed))).toEqual(value)
        },
      ),
    )
  })
})

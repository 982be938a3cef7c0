import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as node from '../../src/cbor/runtime/node-text.ts'
import * as web from '../../src/cbor/runtime/web-text.ts'
import { firstInvalid } from '../../src/cbor/utf8.ts'

/** Bytes of which many begin or continue a character. */
const bytesOf = fc.array(
  fc.oneof(
    fc.constantFrom(
      0x61,
      0x80,
      0xbf,
      0xc1,
      0xc2,
      0xe0,
      0xe2,
      0xed,
      0xef,
      0xf0,
      0xf4,
      0xf5,
      0x9f,
      0xa0,
      0x8f,
      0x90,
    ),
    fc.nat(255),
  ),
  { maxLength: 12 },
)

describe('UTF-8 (RFC 3629 §3)', () => {
  it('is read on Web APIs as it is on Node', () => {
    fc.assert(
      fc.property(bytesOf, fc.nat(8), (list, start) => {
        const bytes = Uint8Array.from(list)
        const from = Math.min(start, bytes.length)
        expect(web.decodeUtf8(bytes, from, bytes.length)).toBe(node.decodeUtf8(bytes, from, bytes.length))
      }),
      { numRuns: 2_000 },
    )
  })

  it('is written on Web APIs as it is on Node, and nothing behind it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const [one, other] = [new Uint8Array(300), new Uint8Array(300)]
        const length = web.encodeUtf8(text, one, 3)
        expect(node.encodeUtf8(text, other, 3)).toBe(length)
        expect(one).toEqual(other)
        expect(web.decodeUtf8(one, 3, 3 + length)).toBe(text)
      }),
    )
  })

  it('ends where a decoder that is fatal refuses it', () => {
    const decoder = () => new TextDecoder(undefined, { fatal: true, ignoreBOM: true })
    /** The longest beginning that more bytes could complete. */
    const expected = (bytes: Uint8Array): number => {
      for (let end = 1; end <= bytes.length; end++)
        try {
          decoder().decode(bytes.subarray(0, end), { stream: true })
        } catch {
          return end - 1
        }
      try {
        decoder().decode(bytes)
        return -1
      } catch {
        return bytes.length
      }
    }
    fc.assert(
      fc.property(bytesOf, (list) => {
        const bytes = Uint8Array.from(list)
        expect(firstInvalid(bytes, 0, bytes.length)).toBe(expected(bytes))
      }),
      { numRuns: 5_000 },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as native from '../../src/cbor/text.ts'
import * as web from '../../src/cbor/web-text.ts'

describe('UTF-8 in a browser (RFC 3629 §3)', () => {
  it('is read as it is on Node, and refused at the same byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), fc.nat(8), (bytes, start) => {
        const from = Math.min(start, bytes.length)
        expect(web.decodeText(bytes, from, bytes.length)).toBe(native.decodeText(bytes, from, bytes.length))
      }),
      { numRuns: 2_000 },
    )
  })

  it('is written as it is on Node', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const [one, other] = [new Uint8Array(300), new Uint8Array(300)]
        expect(web.encodeText(text, one, 3)).toBe(native.encodeText(text, other, 3))
        expect(one).toEqual(other)
        expect(web.decodeText(one, 3, 3 + new TextEncoder().encode(text).length)).toBe(text)
      }),
    )
  })

  it('is the same for ASCII, which has a way of its own', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const [one, other, any] = [new Uint8Array(300), new Uint8Array(300), new Uint8Array(300)]
        expect(web.encodeAscii(text, one, 3)).toBe(text.length)
        expect(native.encodeAscii(text, other, 3)).toBe(text.length)
        native.encodeText(text, any, 3)
        expect([one, other]).toEqual([any, any])
      }),
    )
  })

  it('refuses the first byte that cannot be there', () => {
    expect(web.decodeText(Uint8Array.of(0x61, 0xe2, 0x28, 0xa1), 0, 4)).toBe(2)
    expect(web.decodeText(Uint8Array.of(0xed, 0xa0, 0x80), 0, 3)).toBe(1)
  })
})

import { describe, expect, it } from 'vitest'
import { decode } from '../../src/cbor/reader.ts'
import { viewBytes } from '../../src/cose/view-bytes.ts'

describe('a byte string that is not copied', () => {
  for (const [what, hex] of [
    ['in one piece', '43010203'],
    ['in chunks', '5f 4101 420203 ff'],
    ['in one chunk', '5f 43010203 ff'],
  ] as const)
    it(`is a plain array, whatever it was in: ${what}`, () => {
      const buffer = Buffer.from(hex.replaceAll(' ', ''), 'hex')
      for (const input of [buffer, Uint8Array.from(buffer)]) {
        const bytes = decode(input, undefined, viewBytes)
        expect(bytes).toEqual(Uint8Array.of(1, 2, 3))
        expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype)
      }
    })

  it('is empty where it has no chunk', () => {
    expect(decode(Uint8Array.of(0x5f, 0xff), undefined, viewBytes)).toEqual(new Uint8Array(0))
  })
})

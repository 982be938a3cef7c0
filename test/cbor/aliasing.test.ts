import { describe, expect, it } from 'vitest'
import { readBytes } from '../../src/cbor/byte-string.ts'
import { decode, type Reader, readRaw, readText } from '../../src/cbor/reader.ts'
import { AccessTokenResponse, CreationHints, decodeCoseKey, ErrorResponse } from '../../src/index.ts'
import { concat, fromHex, head, toHex } from './bytes.ts'

const lengths = [0, 1, 23, 24, 64, 65, 66, 255, 256, 1_023, 1_024, 1_025, 8_192, 30_000]

/** The same bytes in memory of their own, in the pool that Buffers share, and in the middle of a larger array. */
const inputs = (bytes: Uint8Array): Uint8Array[] => [
  Uint8Array.from(bytes),
  Buffer.from(bytes),
  concat('0102', bytes, '0304').subarray(2, -2),
]

function readAll(reader: Reader): Uint8Array[] {
  const values: Uint8Array[] = []
  reader.readMap(() => values.push(readBytes(reader)))
  return values
}

describe('what was decoded does not change with the input', () => {
  for (const length of lengths)
    it(`a string of ${length} bytes`, () => {
      const content = new Uint8Array(length).fill(0x61)
      for (const bytes of inputs(concat(head(2, length), content))) {
        const value = decode(bytes, undefined, readBytes)
        const raw = decode(bytes, undefined, readRaw)
        bytes.fill(0x7a)
        expect(toHex(value)).toBe(toHex(content))
        expect(toHex(raw)).toBe(toHex(concat(head(2, length), content)))
        expect(Object.getPrototypeOf(value)).toBe(Uint8Array.prototype)
        expect(Object.getPrototypeOf(raw)).toBe(Uint8Array.prototype)
      }
      for (const bytes of inputs(concat(head(3, length), content))) {
        const value = decode(bytes, undefined, readText)
        bytes.fill(0x7a)
        expect(value).toBe('a'.repeat(length))
      }
    })

  it('one result does not change with another', () => {
    const results = Array.from({ length: 40 }, (_, i) =>
      decode(concat(head(2, 100 + i), new Uint8Array(100 + i).fill(i)), undefined, readBytes),
    )
    for (const [i, result] of results.entries()) {
      expect(result).toEqual(new Uint8Array(100 + i).fill(i))
      if (i % 2) result.fill(0xff)
    }
    for (const [i, result] of results.entries())
      expect(result).toEqual(new Uint8Array(100 + i).fill(i % 2 ? 0xff : i))
  })

  it('byte strings of a message stay what they are, in chunks or not', () => {
    const long = new Uint8Array(500).fill(0x62)
    const message = concat(
      fromHex('a4 00 420102 01 5f 59 01f4'),
      long,
      fromHex('59 01f4'),
      long,
      fromHex('ff 02 44 04050607 03 59 01f4'),
      long,
    )
    // So many that their memory is renewed in the midst of one.
    const all = Array.from({ length: 60 }, () => decode(message, undefined, readAll))
    for (const values of all)
      expect(values).toEqual([fromHex('0102'), concat(long, long), fromHex('04050607'), long])
  })

  it('keys and their identifiers have memory of their own, whatever they came with', () => {
    const bytes = fromHex(`a2 01 5896 ${'07'.repeat(150)} 08 a1 01 a3 01 04 02 4103 20 50 ${'09'.repeat(16)}`)
    const { COSE_Key } = AccessTokenResponse.fromCbor(bytes).cnf ?? {}
    expect([COSE_Key?.kid, COSE_Key?.k].map((value) => (value as Uint8Array).buffer.byteLength)).toEqual([
      1, 16,
    ])
  })

  it('a message in a subclass that makes its parts in a way of its own', () => {
    class Packet extends Uint8Array {
      static get [Symbol.species](): never {
        return BigInt64Array as never
      }
    }
    const token = '07'.repeat(1_200)
    const response = AccessTokenResponse.fromCbor(
      Packet.from(fromHex(`a2 01 5904b0 ${token} 3a00011170 820102`)),
    )
    expect(toHex(response.access_token as Uint8Array)).toBe(token)
    expect(response.unknown).toEqual([{ key: -70_001, cbor: fromHex('820102') }])
  })

  it('a message, its keys and its unknown members', () => {
    const bytes = fromHex('a4 01 4101 02 05 08 a1 01 a3 01 04 02 4103 20 4102 3a00011170 82 0102')
    for (const input of inputs(bytes)) {
      const response = AccessTokenResponse.fromCbor(input)
      const json = JSON.stringify(response.toJson())
      input.fill(0)
      expect(JSON.stringify(response.toJson())).toBe(json)
      expect(toHex(response.toCbor())).toBe(toHex(bytes))
      expect(response.unknown).toEqual([{ key: -70_001, cbor: fromHex('820102') }])
    }
    for (const input of inputs(fromHex('a3 01 02 20 01 21 4201 02'))) {
      const key = decodeCoseKey(input)
      input.fill(0)
      expect(key).toEqual({ kty: 'EC2', crv: 'P-256', x: Uint8Array.of(1, 2) })
    }
    for (const input of inputs(fromHex('a2 181e 03 0a 4101'))) {
      const response = ErrorResponse.fromCbor(input)
      input.fill(0)
      expect(response.unknown).toEqual([{ key: 10, cbor: fromHex('4101') }])
    }
  })
})

describe('what was built does not change with what it was built from', () => {
  it('bytes, keys and unknown members', () => {
    const cnonce = Uint8Array.of(1, 2)
    const cbor = Uint8Array.of(0x41, 0x05)
    const hints = new CreationHints({ cnonce }, [{ key: 10, cbor }])
    cnonce.fill(9)
    cbor.fill(9)
    expect(toHex(hints.toCbor())).toBe('a20a410518274201 02'.replace(' ', ''))
    const x = Uint8Array.of(1)
    const key = { kty: 'OKP', crv: 'X25519', x } as const
    const response = new AccessTokenResponse({ access_token: x, cnf: { COSE_Key: key, kid: x } })
    const written = toHex(response.toCbor())
    x.fill(7)
    Object.assign(key, { crv: 'Ed25519' })
    expect(toHex(response.toCbor())).toBe(written)
  })

  it('what was written does not change with what is written next', () => {
    const hints = new CreationHints({ AS: 'coaps://as.example.com' })
    const first = hints.toCbor()
    const copy = toHex(first)
    for (let i = 0; i < 300; i++) hints.toCbor().fill(0)
    expect(toHex(first)).toBe(copy)
    expect(hints.toCbor().buffer.byteLength).toBe(first.length)
  })
})

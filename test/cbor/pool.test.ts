import { describe, expect, it } from 'vitest'
import * as shared from '../../src/cbor/pool.ts'
import * as web from '../../src/cbor/web-pool.ts'

const lengths = [0, 1, 8, 9, 64, 65, 150, 1_024, 1_025, 8_192, 30_000]
const input = Uint8Array.from({ length: 40_000 }, (_, i) => i % 251)

for (const [name, pool] of [
  ['memory for results', shared],
  ['memory for results in a browser', web],
] as const)
  describe(name, () => {
    it.each(lengths)('a copy of %i bytes is of just those, and of nothing else', (length) => {
      const before = pool.copy(input, 0, length)
      const copy = pool.copy(input, 7, 7 + length)
      before.fill(0xff)
      expect(copy).toEqual(input.subarray(7, 7 + length))
      copy.fill(0xee)
      expect(input[7]).toBe(7)
    })

    it.each(lengths)('a token of %i bytes is copied', (length) => {
      const token = pool.copyToken(input.subarray(3, 3 + length))
      pool.copyToken(input.subarray(0, length)).fill(0xff)
      expect(token).toEqual(input.subarray(3, 3 + length))
    })

    it.each(lengths)('%i bytes that are reserved are no one else’s', (length) => {
      const first = pool.reserve(length).fill(1)
      const second = pool.reserve(length).fill(2)
      expect([first.length, second.length]).toEqual([length, length])
      expect(first.every((byte) => byte === 1)).toBe(true)
    })

    it.each([
      ['copied', (first: number) => pool.copy(input, first, first + 1_000)],
      ['reserved', (first: number) => pool.reserve(1_000).fill(first)],
      ['copied as a token', (first: number) => pool.copyToken(input.subarray(first, first + 1_000))],
    ])('what was %s stays as it was, however much follows', (_, make) => {
      const all = Array.from({ length: 200 }, (_, first) => make(first))
      const copies = all.map((bytes) => Array.from(bytes))
      expect(all.map((bytes) => bytes[0])).toEqual(Array.from({ length: 200 }, (_, first) => first))
      for (let first = 0; first < 200; first++) make(first + 1).fill(0xff)
      expect(all.map((bytes) => Array.from(bytes))).toEqual(copies)
    })

    it('a buffer that was transferred to another thread is left behind', () => {
      const lost = pool.copy(input, 0, 100)
      structuredClone(lost.buffer, { transfer: [lost.buffer] })
      expect(pool.copy(input, 1, 101)).toEqual(input.subarray(1, 101))
    })
  })

it('the memory of one kind of results has none of another', () => {
  const kinds = [
    () => shared.copy(input, 0, 100),
    () => shared.reserve(100),
    () => shared.copyToken(input.subarray(0, 100)),
  ]
  const kindOf = new Map<ArrayBufferLike, number>()
  for (let i = 0; i < 10; i++)
    for (const [kind, make] of kinds.entries()) {
      const { buffer } = make()
      expect(kindOf.get(buffer) ?? kind).toBe(kind)
      kindOf.set(buffer, kind)
    }
})

it('in a browser each result has memory of its own', () => {
  expect(lengths.map((length) => web.copy(input, 0, length).buffer.byteLength)).toEqual(lengths)
})

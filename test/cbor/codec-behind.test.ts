import { readdirSync, readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { decodeValue } from '../../src/cbor/any-value.ts'
import { fromHex, refusal, toHex } from './bytes.ts'

const reached = vi.hoisted((): Uint8Array[] => [])

vi.mock('cbor-x/index-no-eval', async (importOriginal) => {
  const original = await importOriginal<typeof import('cbor-x/index-no-eval')>()
  class Decoder extends original.Decoder {
    override decode(bytes: Uint8Array): unknown {
      reached.push(bytes.slice())
      return super.decode(bytes)
    }
  }
  return { ...original, Decoder }
})

beforeEach(() => {
  reached.length = 0
})

const bignum = `c2 5a000186a0 ${'ff'.repeat(100_000)}`

describe('what gets to cbor-x', () => {
  it('is what passed the scan: the spy sees it', () => {
    expect(decodeValue(fromHex('bf 01 7f 6161 ff ff'))).toEqual(new Map([[1, 'a']]))
    expect(reached.map(toHex)).toEqual(['bf016161ff'])
  })

  for (const [what, hex, reason] of [
    ['duplicate keys', 'a2 01 01 01 02', 'duplicate_key'],
    ['duplicate keys in different heads', 'a2 01 01 1801 02', 'duplicate_key'],
    ['duplicate keys deep inside', '81 a1 01 a2 6161 01 6161 02', 'duplicate_key'],
    ['duplicate byte string keys', 'a2 4101 01 4101 02', 'duplicate_key'],
    ['a bare break', 'ff', 'unexpected_break'],
    ['a break for a value', '81 ff', 'unexpected_break'],
    ['false in two bytes', 'f814', 'reserved_head'],
    ['a record definition', 'd9dfff 83 1840 81 6161 01', 'unexpected_type'],
    [
      'a record of 24 bytes that refers to itself',
      'd9dfff 84 19e000 81 6161 d9e000 81 01 d9e000 81 01',
      'unexpected_type',
    ],
    ['records in an array', '82 d9dfff 83 01 8101 02 03', 'unexpected_type'],
    ['a shareable value, tag 28', 'd81c 80', 'unexpected_type'],
    ['a reference to one, tag 29', 'd81d 00', 'unexpected_type'],
    ['a value that holds itself', 'd81c 81 d81d 00', 'unexpected_type'],
    ['a packed table, tag 51', 'd833 82 80 01', 'unexpected_type'],
    ['a bundle of strings, tag 14', 'ce 82 00 80', 'unexpected_type'],
    ['a regular expression', 'd81b 82 6161 60', 'unexpected_type'],
    ['a bignum of 100 kB', bignum, 'too_large'],
    ['5,000 levels', `${'81'.repeat(5_000)}00`, 'too_deep'],
    ['invalid UTF-8', '61 ff', 'invalid_utf8'],
    ['invalid UTF-8 in a key', 'a1 62 c0af 00', 'invalid_utf8'],
    ['an array of 2^32 elements', '9b0000000100000000 00', 'truncated'],
    ['an array of 2^64-1 elements', '9bffffffffffffffff 00', 'truncated'],
    ['a map of 2^32 members', 'bb0000000100000000 00', 'truncated'],
    ['a map of 2^64-1 members', 'bbffffffffffffffff 00', 'truncated'],
    ['a text of 2^32 bytes', '7b0000000100000000 61', 'truncated'],
    ['a text of 2^64-1 bytes', '7bffffffffffffffff 61', 'truncated'],
    ['a byte string of 2^32 bytes', '5b0000000100000000 61', 'truncated'],
    ['a byte string of 2^64-1 bytes', '5bffffffffffffffff 61', 'truncated'],
    ['trailing bytes', '00 00', 'trailing_bytes'],
    ['no bytes', '', 'truncated'],
  ] as const)
    it(`is never ${what}: ${reason}`, () => {
      expect(refusal(() => decodeValue(fromHex(hex))).reason).toBe(reason)
      expect(reached).toEqual([])
    })

  it('is no bignum and no depth even where the limits allow their size', () => {
    const wide = { maxBytes: 1e9, maxStringBytes: 1e9, maxDepth: 1e9, maxMembers: 1e9 }
    expect(refusal(() => decodeValue(fromHex(bignum), wide)).reason).toBe('unexpected_type')
    expect(refusal(() => decodeValue(fromHex(`${'81'.repeat(5_000)}00`), wide)).reason).toBe('too_deep')
    expect(reached).toEqual([])
  })

  it('has no tag, no simple value without a meaning, and no string in chunks, whatever comes', () => {
    let seed = 1
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return Math.floor((seed / 2 ** 32) * below)
    }
    const starts = [
      'a201018202 03',
      '9f01ff',
      'd9dfff830181',
      '7f6161ff',
      'bf0102ff',
      '82d81c00d81d00',
      'a2f901',
      '5f4101ff',
    ].map(fromHex)
    let accepted = 0
    for (let run = 0; run < 20_000; run++) {
      const start = starts[random(starts.length)]!
      const bytes = new Uint8Array(1 + random(12))
      bytes.set(start.subarray(0, Math.min(start.length, bytes.length)))
      for (let i = 0; i <= random(3); i++) bytes[random(bytes.length)] = random(256)
      const before = reached.length
      try {
        decodeValue(bytes)
        accepted++
      } catch (error) {
        expect(error).toMatchObject({ name: 'DecodeError' })
        if (reached.length > before) throw new Error(`${toHex(bytes)} was refused behind the scan: ${error}`)
      }
    }
    expect(accepted).toBeGreaterThan(500)
    expect(reached).toHaveLength(accepted)
  })
})

describe('cbor-x', () => {
  it('is imported by one file, without eval', () => {
    const importers = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && /['"]cbor-x/.test(readFileSync(`src/${name}`, 'utf8')))
      .map((name) => name.replaceAll('\\', '/'))
    expect(importers).toEqual(['cbor/any-value.ts'])
    expect(readFileSync('src/cbor/any-value.ts', 'utf8')).toContain("from 'cbor-x/index-no-eval'")
  })
})

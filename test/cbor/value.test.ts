import { decode as cbor2, encode as cbor2Encode } from 'cbor2'
import { decode as cborg } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CborValue, decodeValue, encodeValue } from '../../src/cbor/any-value.ts'
import { fromHex, refusal, toHex } from './bytes.ts'

describe('decodeValue', () => {
  it('keeps the keys of a map apart by type', () => {
    expect(decodeValue(fromHex('a3 01 01 6131 02 20 03'))).toEqual(
      new Map<CborValue, CborValue>([
        [1, 1],
        ['1', 2],
        [-1, 3],
      ]),
    )
  })

  it('takes byte strings for keys, at every level', () => {
    const map = decodeValue(fromHex('a1 01 a2 4101 01 4102 02')) as Map<CborValue, Map<CborValue, CborValue>>
    expect([...map.get(1)!]).toEqual([
      [Uint8Array.of(1), 1],
      [Uint8Array.of(2), 2],
    ])
  })

  it('never drops a member: keys that JavaScript cannot tell apart are refused (RFC 8949 §5.6)', () => {
    for (const hex of [
      'a2 00 01 f90000 02',
      'a2 f90000 01 f98000 02',
      'a2 f93c00 01 fa3f800000 02',
      'a2 01 01 f93c00 02',
    ])
      expect(refusal(() => decodeValue(fromHex(hex)))).toMatchObject({ reason: 'duplicate_key' })
  })

  it('gives __proto__ like any other key', () => {
    const map = decodeValue(
      cbor2Encode(
        new Map<string, unknown>([
          ['__proto__', 1],
          ['constructor', 2],
        ]),
      ),
    )
    expect([...(map as Map<string, number>)]).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ])
    expect(({} as Record<string, unknown>)['1']).toBeUndefined()
  })

  it('puts strings in chunks together wherever they stand', () => {
    expect(decodeValue(fromHex('bf 7f 6161 6162 ff 9f 5f 4101 40 420203 ff 7fff ff ff'))).toEqual(
      new Map([['ab', [Uint8Array.of(1, 2, 3), '']]]),
    )
  })

  it('reads long texts of every kind', () => {
    for (const length of [0, 1, 15, 16, 23, 24, 63, 64, 255, 256, 4_095, 4_096, 20_000])
      for (const letter of ['a', 'é', '水', '😀']) {
        const text = letter.repeat(length / Buffer.byteLength(letter))
        expect(decodeValue(encodeValue([text, new Map([[`${letter}${text}`, text]])]))).toEqual([
          text,
          new Map([[`${letter}${text}`, text]]),
        ])
      }
  })

  it('refuses tags and unassigned simple values, at their heads', () => {
    for (const [hex, offset] of [
      ['c100', 0],
      ['82 01 d81c 00', 2],
      ['a1 d81d00 01', 1],
      ['81 e0', 1],
      ['81 f820', 1],
      ['a1 6161 f8ff', 3],
      ['d9dfff 83 01 8101 02', 0],
    ] as const)
      expect(refusal(() => decodeValue(fromHex(hex)))).toMatchObject({ reason: 'unexpected_type', offset })
  })

  it('shares nothing with its input, be it a Uint8Array or a Buffer (in memory shared with others)', () => {
    const hex = `84 4401020304 6449455446 a1 4101 420102 5f 4105 ff`
    for (const bytes of [fromHex(hex), Buffer.from(hex.replaceAll(' ', ''), 'hex')]) {
      const value = decodeValue(bytes) as CborValue[]
      bytes.fill(0xff)
      expect(value).toEqual([
        Uint8Array.of(1, 2, 3, 4),
        'IETF',
        new Map([[Uint8Array.of(1), Uint8Array.of(1, 2)]]),
        Uint8Array.of(5),
      ])
      expect(Object.getPrototypeOf(value[0])).toBe(Uint8Array.prototype)
    }
  })
})

describe('encodeValue', () => {
  for (const [value, hex] of [
    [null, 'f6'],
    [undefined, 'f7'],
    [true, 'f5'],
    [false, 'f4'],
    [-0, 'f98000'],
    ['', '60'],
    ['水', '63e6b0b4'],
    [Uint8Array.of(1), '4101'],
    [Buffer.from('01', 'hex'), '4101'],
    [[], '80'],
    [[1, [2]], '82018102'],
    [{}, 'a0'],
    [{ aa: 1, b: 2 }, 'a26162026261 6101'],
    [
      new Map<CborValue, CborValue>([
        ['a', 1],
        [-1, 2],
        [100, 3],
        [24, 4],
        [10, 5],
        [-25, 6],
        [2n ** 64n - 1n, 7],
      ]),
      'a7 0a05 181804 186403 1bffffffffffffffff07 2002 381806 616101',
    ],
  ] as const)
    it(`writes ${hex}`, () => {
      expect(toHex(encodeValue(value))).toBe(hex.replaceAll(' ', ''))
    })

  it('refuses what CBOR has not', () => {
    for (const value of [
      () => 1,
      Symbol('a'),
      new Date(0),
      new Set(),
      '\ud800',
      new Map([[Symbol('a'), 1]]),
      [new (class A {})()],
    ])
      expect(() => encodeValue(value as never)).toThrow(TypeError)
    for (const value of [2n ** 64n, -(2n ** 64n) - 1n, [2n ** 64n], new Map([[1, -(2n ** 65n)]])])
      expect(() => encodeValue(value as never)).toThrow(RangeError)
  })

  it('refuses a key with a lone surrogate, rather than to write another', () => {
    expect(() => encodeValue(new Map([['\ud800', 1]]))).toThrow(TypeError)
    expect(() => encodeValue({ '\udc00': 1 })).toThrow(TypeError)
  })

  it('never writes a key twice: 1 and 1n are one integer', () => {
    expect(() =>
      encodeValue(
        new Map<CborValue, CborValue>([
          [1, 'a'],
          [1n, 'b'],
        ]),
      ),
    ).toThrow(TypeError)
  })

  it('refuses a value that holds itself, and writes the next as ever', () => {
    const circle: CborValue[] = []
    circle.push(circle)
    expect(() => encodeValue(circle)).toThrow(RangeError)
    expect(toHex(encodeValue([1]))).toBe('8101')
  })

  it('gives memory of its own', () => {
    const first = encodeValue([1, 2, 3])
    const second = encodeValue([4, 5, 6])
    expect(first.buffer).not.toBe(second.buffer)
    expect(first.buffer.byteLength).toBe(4)
    second.fill(0)
    expect(toHex(first)).toBe('83010203')
  })

  it('writes values longer than its working memory', () => {
    for (const length of [8_000, 8_190, 8_192, 20_000, 70_000]) {
      const value = ['a', 'x'.repeat(length), new Uint8Array(length).fill(7), 'é'.repeat(length)]
      const bytes = encodeValue(value)
      expect(cborg(bytes)).toEqual(value)
    }
  })
})

describe('any value', () => {
  const scalar = fc.oneof(
    fc.integer(),
    fc
      .bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n })
      .map((n) => (Number.isSafeInteger(Number(n)) ? Number(n) : n)),
    fc.double(),
    fc.float(),
    fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(true, false, null, undefined),
  )
  const key = fc.oneof(fc.integer(), fc.bigInt({ min: 2n ** 60n, max: 2n ** 64n - 1n }), fc.string())
  const { value } = fc.letrec<{ value: CborValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 5 },
      scalar,
      fc.array(tie('value'), { maxLength: 6 }),
      fc
        .uniqueArray(fc.tuple(key, tie('value')), { selector: ([k]) => k, maxLength: 6 })
        .map((m) => new Map(m)),
    ),
  }))

  it('is read as it was written, and as cbor2 and cborg read it', () => {
    fc.assert(
      fc.property(value, (given) => {
        const bytes = encodeValue(given)
        const back = decodeValue(bytes, { deterministic: true })
        expect(back).toEqual(given)
        expect(toHex(encodeValue(back))).toBe(toHex(bytes))
        expect(decodeValue(cbor2Encode(back))).toEqual(back)
        expect(toHex(encodeValue(cborg(bytes, { useMaps: true }) as CborValue))).toBe(toHex(bytes))
        expect(toHex(encodeValue(cbor2(bytes, { preferMap: true }) as CborValue))).toBe(toHex(bytes))
      }),
      { seed: 9200, numRuns: 800 },
    )
  })
})

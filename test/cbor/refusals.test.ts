import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue } from '../../src/cbor/any-value.ts'
import { readBytes } from '../../src/cbor/byte-string.ts'
import { DecodeError, type DecodeReason, MessageError } from '../../src/cbor/decode-error.ts'
import type { DecodeOptions } from '../../src/cbor/options.ts'
import { decode, type Reader, readInteger, readRaw, readText, skip } from '../../src/cbor/reader.ts'
import { readBoolean, readNumber } from '../../src/cbor/simple-value.ts'
import { fromHex, refusal } from './bytes.ts'

const skipMap = (reader: Reader): void => {
  reader.readMap(() => reader.skip())
}

/** What is wrong, the bytes, the reason, where, and what was asked of the decoder. */
type Case = readonly [
  what: string,
  hex: string,
  reason: DecodeReason,
  offset: number,
  options?: DecodeOptions,
]

const cases: readonly Case[] = [
  ['no bytes', '', 'truncated', 0],
  ['a map of one member and no byte', 'a1', 'truncated', 1],
  ['a key without a value', 'bf01', 'truncated', 2],
  ['a text that ends early', '63 6162', 'truncated', 3],
  ['a chunk that ends early', '7f 63 6162', 'truncated', 4],
  ['half a head', '1a 0000', 'truncated', 3],
  ['a tag alone', 'd818', 'truncated', 2],
  ['an array of 2^32 elements', '9b0000000100000000', 'truncated', 9],
  ['a map of 2^64-1 members', 'bbffffffffffffffff', 'truncated', 9],
  ['a byte string of 2^32 bytes', '5b000000010000000000', 'truncated', 10],
  ['a text of 2^64-1 bytes', '7bffffffffffffffff61', 'truncated', 10],

  ['a second item', '01 02', 'trailing_bytes', 1],
  ['a break behind a map', 'a0 ff', 'trailing_bytes', 1],

  ['additional information 28', '82 01 1c', 'reserved_head', 2],
  ['additional information 29 of a tag', 'dd', 'reserved_head', 0],
  ['additional information 30 of a float', 'fe', 'reserved_head', 0],
  ['an integer of indefinite length', 'a1 01 1f', 'reserved_head', 2],
  ['a tag of indefinite length', 'df 01', 'reserved_head', 0],
  ['false in two bytes', 'f814', 'reserved_head', 0],
  ['the last two-byte simple value that is none', 'f81f', 'reserved_head', 0],

  ['a break alone', 'ff', 'unexpected_break', 0],
  ['a break in an array of definite length', '82 01 ff', 'unexpected_break', 2],
  ['a break for a value', 'bf 01 ff', 'unexpected_break', 2],
  ['a break under a tag', '9f c1 ff ff', 'unexpected_break', 2],

  ['a lone continuation byte', '62 61 80', 'invalid_utf8', 2],
  ['an overlong slash', '62 c0af', 'invalid_utf8', 1],
  ['a surrogate', '63 eda080', 'invalid_utf8', 2],
  ['a code point above U+10FFFF', '64 f4908080', 'invalid_utf8', 2],
  ['a sequence that ends early', '63 61 e6b0', 'invalid_utf8', 4],
  ['a character over two chunks', '7f 61 e6 62 b0b4 ff', 'invalid_utf8', 3],
  ['a text key', 'a1 61 ff 01', 'invalid_utf8', 2],

  ['two of a key', 'a2 01 02 01 03', 'duplicate_key', 3],
  ['the same integer in a longer head', 'a2 181e 02 19001e 03', 'duplicate_key', 4],
  ['the same large integer', 'a2 1bffffffffffffffff 02 1bffffffffffffffff 03', 'duplicate_key', 11],
  ['the same negative integer', 'a2 20 02 3800 03', 'duplicate_key', 3],
  ['the same integer beyond -64', 'a2 3840 02 390040 03', 'duplicate_key', 4],
  ['the same text in chunks', 'a2 6161 02 7f 6161 ff 03', 'duplicate_key', 4],
  ['the same key in a map of indefinite length', 'bf 01 02 01 03 ff', 'duplicate_key', 3],
  ['a key twice in a map in a map', 'a1 01 a2 02 03 02 04', 'duplicate_key', 5],
  ['a key twice in a map in an array under a tag', 'c1 81 a2 02 03 02 04', 'duplicate_key', 5],
  ['a key twice in a map that is a key', 'a1 a2 01 02 01 03 04', 'duplicate_key', 4],
  ['the same byte string', 'a2 4101 01 4101 02', 'duplicate_key', 4],
  ['the same byte string with a longer head', 'a2 4101 01 580101 02', 'duplicate_key', 4],
  ['the same byte string in chunks', 'a2 420102 01 5f 4101 4102 ff 02', 'duplicate_key', 5],
  ['the same byte string with an empty chunk', 'a2 4101 01 5f 40 4101 ff 02', 'duplicate_key', 4],
  ['the empty byte string, of definite and indefinite length', 'a2 40 01 5fff 02', 'duplicate_key', 3],
  ['the same byte string in a map in an unknown member', 'a1 39ffff a2 4101 01 4101 02', 'duplicate_key', 8],
  ['the same array for a key', 'a2 8101 01 8101 02', 'duplicate_key', 4],
  ['true twice', 'a2 f5 01 f5 02', 'duplicate_key', 3],
  ['the same float twice', 'a2 f93e00 01 f93e00 02', 'duplicate_key', 5],

  ['a chunk of another type', '7f 4161 ff', 'unexpected_type', 1],
  ['a chunk of indefinite length', '5f 5f ff ff', 'unexpected_type', 1],

  ['17 levels', `${'81'.repeat(16)}80`, 'too_deep', 16],
  ['a tag at level 17', `${'81'.repeat(16)}c100`, 'too_deep', 16],
  ['a tag where there may be no member', 'c100', 'too_large', 0, { maxMembers: 0 }],
  ['a tag at level 17 with nothing under it', `${'81'.repeat(16)}c1`, 'truncated', 17],
  ['a map at level 2 of 1', 'a1 01 a0', 'too_deep', 2, { maxDepth: 1 }],
  ['a key that nests', 'a1 80 01', 'too_deep', 1, { maxDepth: 1 }],
  ['level 513, whatever is asked for', `${'81'.repeat(512)}80`, 'too_deep', 512, { maxDepth: 1e9 }],

  ['one byte more than maxBytes', '83 01 02 03', 'too_large', 3, { maxBytes: 3 }],
  ['one member more than maxMembers', '83 01 02 03', 'too_large', 0, { maxMembers: 2 }],
  ['one more in a map', 'a1 01 a2 01 02 03 04', 'too_large', 2, { maxMembers: 1 }],
  ['one more in an array of indefinite length', '81 9f 01 02 ff', 'too_large', 1, { maxMembers: 1 }],
  ['one more in a map of indefinite length', '81 bf 0102 0304 ff', 'too_large', 1, { maxMembers: 1 }],
  ['one byte more than maxStringBytes', '82 01 43 010203', 'too_large', 2, { maxStringBytes: 2 }],
  ['one byte more over all chunks', '81 7f 6161 6162 6163 ff', 'too_large', 1, { maxStringBytes: 2 }],
  ['a key longer than maxStringBytes', 'a1 63 616263 01', 'too_large', 1, { maxStringBytes: 2 }],

  ['a longer head for an integer', '81 1817', 'not_deterministic', 1, { deterministic: true }],
  ['a longer head of two bytes', '1900ff', 'not_deterministic', 0, { deterministic: true }],
  ['a longer head of four bytes', '3a0000ffff', 'not_deterministic', 0, { deterministic: true }],
  ['a longer head of eight bytes', '1b00000000ffffffff', 'not_deterministic', 0, { deterministic: true }],
  ['a longer head for a length', '7801 61', 'not_deterministic', 0, { deterministic: true }],
  ['a longer head for a tag', 'd801 00', 'not_deterministic', 0, { deterministic: true }],
  ['an array of indefinite length', '9f ff', 'not_deterministic', 0, { deterministic: true }],
  ['a map of indefinite length', '81 bf ff', 'not_deterministic', 1, { deterministic: true }],
  ['a text of indefinite length', '7f 61 61 ff', 'not_deterministic', 0, { deterministic: true }],
  ['keys out of order', 'a2 02 01 01 01', 'not_deterministic', 3, { deterministic: true }],
  ['a negative key before a positive one', 'a2 20 01 01 01', 'not_deterministic', 3, { deterministic: true }],
  ['a text key before an integer', 'a2 60 01 01 01', 'not_deterministic', 3, { deterministic: true }],
  ['the longer text first', 'a2 626161 01 6162 01', 'not_deterministic', 5, { deterministic: true }],
  [
    'keys out of order in a map in a map',
    'a1 01 a2 02 01 01 01',
    'not_deterministic',
    5,
    { deterministic: true },
  ],
]

describe('what is refused, with the reason and the byte', () => {
  for (const [what, hex, reason, offset, options] of cases)
    it(`${what}: ${reason} at byte ${offset}`, () => {
      const bytes = fromHex(hex)
      expect(refusal(() => decode(bytes, options, skip))).toStrictEqual({
        name: 'DecodeError',
        reason,
        path: '',
        offset,
      })
      expect(refusal(() => decodeValue(bytes, options))).toMatchObject({ reason, offset })
      expect(refusal(() => decode(bytes, options, readRaw))).toMatchObject({ reason, offset })
    })

  it('is refused in a view that begins elsewhere, at the byte of the view', () => {
    for (const [, hex, reason, offset, options] of cases) {
      const around = fromHex(`0011${hex.replaceAll(' ', '')}00`)
      const bytes = around.subarray(2, -1)
      expect(refusal(() => decode(bytes, options, skip))).toMatchObject({ reason, offset })
    }
  })
})

describe('what is no duplicate', () => {
  for (const [what, hex] of [
    ['two byte strings', 'a2 4101 01 4102 02'],
    ['two byte strings of several bytes', 'a2 43010203 01 43010204 02'],
    ['a byte string and the text of its bytes', 'a2 4161 01 6161 02'],
    ['a byte string and a text that spells it', 'a2 4101 01 620031 02'],
    ['a byte string of the bytes of an array, and that array', 'a2 428101 01 8101 02'],
    ['an integer and its digits', 'a2 01 01 6131 02'],
    ['-1 and 2^64-1', 'a2 20 01 1bffffffffffffffff 02'],
    ['2^53 and 2^53+1', 'a2 1b0020000000000000 01 1b0020000000000001 02'],
    ['the keys of two maps in an array', '82 a1 01 01 a1 01 01'],
    ['a key of a map and of the map in it', 'a1 01 a1 01 01'],
    ['a key that is a map with the same key', 'a2 01 01 a1 01 01 02'],
    ['two arrays of byte strings', 'a2 814101 01 814102 02'],
    ['two tagged byte strings', 'a2 c24101 01 c24102 02'],
    ['a byte string key before an array that ends in one', 'a2 4101 01 824105 4101 02'],
  ] as const)
    it(`${what}`, () => {
      expect(decode(fromHex(hex), undefined, skip)).toBeUndefined()
    })
})

/** Around every border between the ways in which keys are told apart, and between the lengths of their heads. */
const borders = [0, 1, 23, 24, 31, 32, 33, 63, 64, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32]
const borderKeys = borders.flatMap((key) => [key, -1 - key])

describe('keys of whatever size', () => {
  const encoded = borderKeys.map((key) => [key, encodeValue(key)] as const)

  for (const [key, bytes] of encoded)
    it(`${key} is found a second time, and no other one is`, () => {
      const others = encoded.flatMap(([, other]) => (other === bytes ? [] : [...other, 0xf6]))
      const map = [0xb8, borderKeys.length, ...bytes, 0xf6, ...others]
      expect(decode(Uint8Array.from(map), undefined, skip)).toBeUndefined()
      const again = [0xb8, borderKeys.length + 1, ...map.slice(2), ...bytes, 0xf6]
      expect(refusal(() => decode(Uint8Array.from(again), undefined, skip))).toMatchObject({
        reason: 'duplicate_key',
        offset: map.length,
      })
    })
})

describe("an input that is Node's Buffer", () => {
  const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')

  it('has the same duplicates', () => {
    for (const [, hex, reason, offset, options] of cases)
      expect(refusal(() => decode(bytes(hex), options, skip))).toMatchObject({ reason, offset })
  })

  it('has keys that are no UTF-8 and differ', () => {
    for (const hex of ['a2 4180 01 4181 02', 'a2 814180 01 814181 02', 'a2 428080 01 428081 02'])
      expect(decode(bytes(hex), undefined, skip)).toBeUndefined()
  })
})

describe('limits, each at its boundary', () => {
  const at: readonly (readonly [what: string, bytes: Uint8Array, options?: DecodeOptions])[] = [
    ['65,536 bytes of input', fromHex(`82 597ffc${'00'.repeat(32_764)} 597ffd${'00'.repeat(32_765)}`)],
    ['a string of 32,768 bytes', fromHex(`598000${'00'.repeat(32_768)}`)],
    ['an array of 1,024 elements', fromHex(`990400${'00'.repeat(1_024)}`)],
    ['an array of 1,024 elements of indefinite length', fromHex(`9f${'00'.repeat(1_024)}ff`)],
    ['16 levels', fromHex(`${'81'.repeat(15)}80`)],
    ['16 levels and a value', fromHex(`${'81'.repeat(16)}00`)],
    ['16 levels of tags', fromHex(`${'c1'.repeat(16)}00`)],
    ['512 levels', fromHex(`${'81'.repeat(511)}80`), { maxDepth: 512 }],
    ['maxBytes of just so many', fromHex('83010203'), { maxBytes: 4 }],
    ['maxMembers of just so many', fromHex('83010203'), { maxMembers: 3 }],
    ['maxStringBytes of just so many', fromHex('7f6161626263ff'), { maxStringBytes: 3 }],
    ['levels side by side', fromHex('83 8100 8100 a1008100'), { maxDepth: 3 }],
    ['no limits', fromHex(`9a00010000${'00'.repeat(65_536)}`), { maxBytes: 1e9, maxMembers: 1e9 }],
  ]
  for (const [what, bytes, options] of at)
    it(`takes ${what}`, () => {
      expect(decode(bytes, options, skip)).toBeUndefined()
    })

  it('refuses one more of each default', () => {
    for (const [bytes, offset, reason] of [
      [fromHex(`82 597ffd${'00'.repeat(32_765)} 597ffd${'00'.repeat(32_765)}`), 65_536, 'too_large'],
      [fromHex(`598001${'00'.repeat(32_769)}`), 0, 'too_large'],
      [fromHex(`990401${'00'.repeat(1_025)}`), 0, 'too_large'],
      [fromHex(`9f${'00'.repeat(1_025)}ff`), 0, 'too_large'],
      [fromHex(`${'81'.repeat(16)}80`), 16, 'too_deep'],
    ] as const)
      expect(refusal(() => decode(bytes, undefined, skip))).toMatchObject({ reason, offset })
  })

  const limits = ['maxBytes', 'maxDepth', 'maxMembers', 'maxStringBytes'] as const

  it('that are no number from 0 up are a RangeError that names the option', () => {
    for (const name of limits)
      for (const given of [Number.NaN, -1, '16', null, 5n, {}, Symbol('a limit')])
        expect(() => decode(fromHex('a1016161'), { [name]: given as never }, skip)).toThrow(
          expect.objectContaining({ name: 'RangeError', message: expect.stringContaining(name) }),
        )
  })

  it('that are undefined are the default', () => {
    const options = {
      deterministic: undefined,
      ...Object.fromEntries(limits.map((name) => [name, undefined])),
    }
    expect(decode(fromHex('a1016161'), options, skip)).toBeUndefined()
    expect(refusal(() => decode(new Uint8Array(65_537), options, skip))).toMatchObject({
      reason: 'too_large',
    })
  })

  it('that are infinite let everything through but what a call stack may not hold', () => {
    const infinite = Object.fromEntries(limits.map((name) => [name, Number.POSITIVE_INFINITY]))
    expect(decode(fromHex(`${'81'.repeat(511)}80`), infinite, skip)).toBeUndefined()
    expect(refusal(() => decode(fromHex(`${'81'.repeat(512)}80`), infinite, skip))).toMatchObject({
      reason: 'too_deep',
    })
  })
})

describe('the deterministic option (RFC 8949 §4.2.1)', () => {
  for (const hex of [
    '00',
    '1818',
    '190100',
    'a2 01 01 20 01',
    'a3 00 01 20 01 60 01',
    '81 f6',
    'f93e00',
    'a2 6162 01 626161 01',
  ])
    it(`takes ${hex}`, () => {
      expect(decode(fromHex(hex), { deterministic: true }, skip)).toBeUndefined()
    })
})

describe('an item of the wrong type is refused at its head', () => {
  for (const [what, read, hexes] of [
    ['an integer', readInteger, ['40', '60', '80', 'a0', 'c100', 'f4', 'f93c00', 'c24101']],
    ['a text', readText, ['00', '20', '4161', '80', 'a0', 'c06161', 'f6']],
    ['a byte string', readBytes, ['00', '6161', '80', 'a0', 'd84041 01', 'f6', 'c24101']],
    ['true or false', readBoolean, ['00', '60', 'f6', 'f7', 'f3', 'f820', 'f90000']],
    ['a number', readNumber, ['60', 'f4', 'f7', 'f820', 'c1 00']],
    ['a map', skipMap, ['00', '80', '60', 'f6', 'c1a0']],
  ] as const)
    it(`${what}`, () => {
      for (const hex of hexes)
        expect(refusal(() => decode<unknown>(fromHex(hex), undefined, read))).toMatchObject({
          reason: 'unexpected_type',
          offset: 0,
        })
    })

  it('a map whose keys are to be integers or texts takes no other', () => {
    for (const hex of ['40', '80', 'a0', 'f4', 'f93c00', 'c101'])
      expect(refusal(() => decode(fromHex(`a2 01 01 ${hex} 01`), undefined, skipMap))).toMatchObject({
        reason: 'unexpected_type',
        offset: 3,
      })
  })
})

describe('DecodeError', () => {
  it('tells reason, offset, path and expected as data, and in words', () => {
    const error = new DecodeError('unexpected_type', 'req_cnf.kid', 'a byte string', 7)
    expect(error).toMatchObject({
      name: 'DecodeError',
      reason: 'unexpected_type',
      offset: 7,
      path: 'req_cnf.kid',
      expected: 'a byte string',
      message: 'unexpected_type at byte 7 in req_cnf.kid: expected a byte string',
    })
    expect(error).toBeInstanceOf(MessageError)
    expect(error).toBeInstanceOf(Error)
    expect(new DecodeError('missing_member', 'token').message).toBe('missing_member in token')
    expect(new DecodeError('truncated', undefined, undefined, 0).message).toBe('truncated at byte 0')
    expect(error.stack).toMatch(/^DecodeError: unexpected_type at byte 7/)
    expect(Object.assign(error, { name: 'Refused' }).toString()).toMatch(/^Refused: unexpected_type/)
  })

  it('leaves nothing behind: the next message is read as if there had been none', () => {
    for (let i = 0; i < 600; i++) expect(refusal(() => decodeValue(fromHex('8181 a1 01 ff'))).offset).toBe(4)
    expect(decodeValue(fromHex('a10102'))).toEqual(new Map([[1, 2]]))
  })
})

describe('keys of every type in a map that the library does not know', () => {
  const map = (...keys: string[]): Uint8Array =>
    fromHex(`${(0xa0 + keys.length).toString(16)}${keys.map((key) => `${key}00`).join('')}`)

  for (const [what, ...keys] of [
    ['an integer in a longer head', '01', '1801'],
    ['the largest integer', '1bffffffffffffffff', '1bffffffffffffffff'],
    ['a text in chunks', '626162', '7f61616162ff'],
    ['a byte string in chunks', '420102', '5f41014102ff'],
    ['an array with a longer head', '820102', '98020102'],
    ['an array of indefinite length', '820102', '9f0118 02ff'],
    ['a map in another order', 'a201020304', 'a203040102'],
    ['a map in a map, in another order', 'a1a20102030405', 'a1a20304010205'],
    ['a tag', 'c1820102', 'd8019f0102ff'],
    ['a float', 'f93c00', 'f93c00'],
    ['null', 'f6', 'f6'],
  ] as const)
    it(`are the same where their value is: ${what}`, () => {
      expect(refusal(() => decode(map(...keys), undefined, skip))).toMatchObject({
        reason: 'duplicate_key',
        offset: 1 + fromHex(keys[0]).length + 1,
      })
    })

  it('are others where their value or their type is another', () => {
    const keys = [
      ...['00', '01', '20', '40', '4100', '420000', '60', '6100', '80', '8100', '820000', '8180', '81a0'],
      ...[
        'a0',
        'a10000',
        'a10001',
        'a10100',
        'a1a000',
        'a18000',
        'c100',
        'c200',
        'c1c100',
        'f4',
        'f5',
        'f6',
        'f7',
      ],
      ...['f90000', 'f98000', 'f93c00', '1bffffffffffffffff', '1bfffffffffffffffe', '1b0020000000000001'],
      ...[
        '811bffffffffffffffff',
        '811bfffffffffffffffe',
        '8143010203',
        '8143010302',
        '8163616263',
        '8163616362',
      ],
      ...[
        '820102',
        '820201',
        '8118ff',
        '81190100',
        '83010203',
        '8201820203',
        '8282010203',
        'a2010203 04',
        'a201040302',
      ],
    ]
    const bytes = fromHex(`b8${keys.length.toString(16)}${keys.map((key) => `${key}00`).join('')}`)
    expect(decode(bytes, undefined, skip)).toBeUndefined()
  })

  it('may be nested as deep as anything', () => {
    for (const [open, close] of [
      ['a1', '00'],
      ['a2', '000101'],
      ['a281', '000101'],
    ] as const) {
      const deep = (depth: number): Uint8Array => fromHex(`${open.repeat(depth)}80${close.repeat(depth)}`)
      const levels = open.length / 2
      expect(decode(deep(15 / levels), undefined, skip)).toBeUndefined()
      expect(decode(deep(Math.floor(500 / levels)), { maxDepth: 512 }, skip)).toBeUndefined()
      expect(refusal(() => decode(deep(16), undefined, skip)).reason).toBe('too_deep')
    }
  })
})

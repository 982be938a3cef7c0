import { inspect } from 'node:util'
import { cdeEncodeOptions, encode } from 'cbor2'
import { describe, expect, it } from 'vitest'
import { DecodeError } from '../../src/cbor/decode-error.ts'
import { ErrorCode } from '../../src/message/error-code.ts'
import {
  ErrorResponse,
  ErrorResponseBuilder,
  type ErrorResponseOptions,
} from '../../src/message/error-response.ts'
import { errorCodes } from '../../src/registry/generated/error-codes.ts'
import { EncodeError } from '../../src/table/encode-error.ts'
import type { ViolationRule } from '../../src/table/violation.ts'
import { violationSentences } from '../../src/table/violation-sentences.ts'

const toBytes = (hex: string) => new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'))
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const fromHex = (hex: string, options?: ErrorResponseOptions) => ErrorResponse.fromCbor(toBytes(hex), options)
/** A text string, in hex. */
const text = (value: string) => {
  const utf8 = Buffer.from(value)
  const { length } = utf8
  const head =
    length < 24 ? [0x60 + length] : length < 256 ? [0x78, length] : [0x79, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(head), utf8]).toString('hex')
}

function refusal(act: () => unknown) {
  try {
    act()
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof EncodeError)) throw error
    const { reason, path, expected } = error
    return error instanceof DecodeError
      ? { reason, offset: error.offset, path, expected }
      : { reason, path, expected }
  }
  throw new Error('nothing was refused')
}

const members =
  'a3 181e 04 181f 7820 6e6f74207265676973746572656420666f7220746869732061756469656e6365 1820 7826 68747470733a2f2f61732e6578616d706c652e636f6d2f6572726f72732f61756469656e6365'
const three = {
  error: 'unauthorized_client',
  error_description: 'not registered for this audience',
  error_uri: 'https://as.example.com/errors/audience',
}

describe('ErrorResponse in CBOR', () => {
  for (const [name, value] of Object.entries(errorCodes)) {
    const hex = `a1181e0${value}`
    it(`R9200-5.8.3-4 reads and writes ${name} alone as ${hex}`, () => {
      const response = fromHex(hex)
      expect(response.error).toBe(ErrorCode.fromCbor(value))
      expect({ ...response }).toEqual({
        error: ErrorCode.fromCbor(value),
        description: undefined,
        uri: undefined,
        unknown: [],
        violations: [],
      })
      expect(toHex(response.toCbor())).toBe(hex)
      expect(response.toCbor().byteLength).toBe(4)
      expect(toHex(ErrorResponse.builder().error(ErrorCode.fromCbor(value)).build().toCbor())).toBe(hex)
      for (const options of [{ strict: true }, { deterministic: true }, { codes: [] }, {}])
        expect(fromHex(hex, options).error.name).toBe(name)
    })
  }

  it('R9200-5.8.3-3 reads and writes the three members of RFC 6749 §5.2', () => {
    const response = fromHex(members)
    expect(response.error).toBe(ErrorCode.UnauthorizedClient)
    expect(response.description).toBe(three.error_description)
    expect(response.uri).toBe(three.error_uri)
    expect(response.unknown).toEqual([])
    expect(response.violations).toEqual([])
    expect(toHex(response.toCbor())).toBe(members.replaceAll(' ', ''))
    expect(fromHex(members, { strict: true, deterministic: true }).equals(response)).toBe(true)
  })

  for (const [value, hex] of [
    [0, '00'],
    [9, '09'],
    [23, '17'],
    [24, '1818'],
    [255, '18ff'],
    [256, '190100'],
    [65_535, '19ffff'],
    [65_536, '1a00010000'],
    [2 ** 32 - 1, '1affffffff'],
    [2 ** 32, '1b0000000100000000'],
    [Number.MAX_SAFE_INTEGER - 1, '1b001ffffffffffffe'],
    [Number.MAX_SAFE_INTEGER, '1b001fffffffffffff'],
    [2n ** 53n, '1b0020000000000000'],
    [2n ** 64n - 1n, '1bffffffffffffffff'],
    [-1, '20'],
    [-24, '37'],
    [-25, '3818'],
    [-65_535, '39fffe'],
    [-65_536, '39ffff'],
    [-65_537, '3a00010000'],
    [-99_999, '3a0001869e'],
    [-(2 ** 32), '3affffffff'],
    [-(2 ** 32) - 1, '3b0000000100000000'],
    [-(2 ** 53) + 2, '3b001ffffffffffffd'],
    [Number.MIN_SAFE_INTEGER, '3b001ffffffffffffe'],
    [-(2n ** 53n), '3b001fffffffffffff'],
    [-(2n ** 53n) - 1n, '3b0020000000000000'],
    [-(2n ** 64n), '3bffffffffffffffff'],
  ] as const)
    it(`R9200-8.4-1 keeps the integer ${value}`, () => {
      const response = fromHex(`a1181e${hex}`, { deterministic: true })
      expect(response.error.value).toBe(value)
      expect(toHex(response.toCbor())).toBe(`a1181e${hex}`)
      expect(response.violations).toEqual(value < -65_536 ? [] : [{ rule: 'unassigned_code', path: 'error' }])
    })

  it('accepts any order of members, and writes that of RFC 8949 §4.2.1', () => {
    const response = fromHex(`a3 1820 ${text('b')} 181f ${text('a')} 181e 03`)
    expect(response.toJson()).toEqual({ error: 'invalid_grant', error_description: 'a', error_uri: 'b' })
    expect(toHex(response.toCbor())).toBe('a3181e03181f616118206162')
  })

  it('accepts indefinite lengths, and integers, keys and lengths in longer than shortest form (RFC 8949 §3)', () => {
    const response = fromHex(
      'bf 19001e 1b0000000000000003 1a0000001f 7f 61 61 780162 60 ff 1820 790001 63 ff',
    )
    expect(response.toJson()).toEqual({ error: 'invalid_grant', error_description: 'ab', error_uri: 'c' })
    expect(toHex(response.toCbor())).toBe('a3181e03181f62616218206163')
  })

  it('reads a text of any UTF-8, byte order marks included', () => {
    for (const value of ['é', '\ufeffa', '漢字', '😀', '\0', 'a'.repeat(300), `${'a'.repeat(300)}é`])
      expect(fromHex(`a2181e03181f${text(value)}`).description).toBe(value)
  })

  it('leaves an array of other bytes alone: only a view of the input is read', () => {
    const around = toBytes('ffff a1181e03 ffff')
    expect(ErrorResponse.fromCbor(around.subarray(2, 6)).error).toBe(ErrorCode.InvalidGrant)
    const wide = toBytes('ffff a1181e3bffffffffffffffff ffff')
    expect(ErrorResponse.fromCbor(wide.subarray(2, -2)).error.value).toBe(-(2n ** 64n))
  })
})

describe('members that the message does not know (RFC 9200 §5.8.3: a receiver ignores them)', () => {
  it('are kept as they came, and written again in bytewise order of their keys (RFC 8949 §4.2.1)', () => {
    const response = fromHex(
      'a7 617a f5 6161 f4 20 9fff 3a00010000 a10102 1864 f6 181e 03 0a fb3ff8000000000000',
    )
    expect(response.unknown).toEqual([
      { key: 'z', cbor: toBytes('f5') },
      { key: 'a', cbor: toBytes('f4') },
      { key: -1, cbor: toBytes('9fff') },
      { key: -65_537, cbor: toBytes('a10102') },
      { key: 100, cbor: toBytes('f6') },
      { key: 10, cbor: toBytes('fb3ff8000000000000') },
    ])
    expect(toHex(response.toCbor())).toBe(
      'a70afb3ff8000000000000181e031864f6209fff3a00010000a101026161f4617af5',
    )
  })

  it('with keys of the whole range', () => {
    const response = fromHex('a5 1bffffffffffffffff 01 3bffffffffffffffff 02 00 03 60 04 181e 03')
    expect(response.unknown.map((member) => 'key' in member && member.key)).toEqual([
      2n ** 64n - 1n,
      -(2n ** 64n),
      0,
      '',
    ])
    expect(toHex(response.toCbor())).toBe('a50003181e031bffffffffffffffff013bffffffffffffffff026004')
    expect(ErrorResponse.fromCbor(response.toCbor(), { deterministic: true }).unknown).toHaveLength(4)
  })

  it('are written between those it knows', () => {
    const response = fromHex(`a5 6162 02 18ff 01 1820 ${text('u')} 181e 03 6161 03`)
    expect(toHex(response.toCbor())).toBe('a5181e031820617518ff01616103616202')
  })

  it('are no copy of what stands in JSON, and the other way round', () => {
    expect(fromHex('a2 181e 03 01 02').toJson()).toEqual({ error: 'invalid_grant' })
    const response = ErrorResponse.fromJson({ error: 'invalid_grant', trace: [1, { a: null }] })
    expect(response.unknown).toEqual([{ name: 'trace', json: [1, { a: null }] }])
    expect(response.toJson()).toEqual({ error: 'invalid_grant', trace: [1, { a: null }] })
    expect(toHex(response.toCbor())).toBe('a1181e03')
  })

  const apart = [
    ['two byte strings', '4101 01 4102 01'],
    ['true and false', 'f4 01 f5 01'],
    ['1 and -1', '01 01 20 01'],
    ['two arrays', '8101 01 8102 01'],
    ['an array and the byte string that is its encoding', '8101 01 428101 01'],
    ['an integer, its text and its byte', '01 01 6131 01 4101 01'],
    ['a byte string and a text of a zero byte', '4101 01 620031 01'],
    ['an empty text and an empty byte string', '60 01 40 01'],
    ['a float and the integer that it equals', 'f93c00 01 01 01'],
  ]
  for (const [what, members] of apart)
    it(`have inner maps with keys of every type: ${what} are two`, () => {
      const count = what?.includes(',') ? 3 : 2
      const value = `a${count}${members}`.replaceAll(' ', '')
      expect(fromHex(`a2 181e 03 01 ${value}`).unknown).toEqual([{ key: 1, cbor: toBytes(value) }])
    })
})

describe('refused CBOR: a reason, the byte and the member (RFC 8949 §5.3.1, §5.6)', () => {
  const long = '00'.repeat(64)
  const cases: [
    what: string,
    hex: string,
    reason: string,
    offset: number,
    path?: string,
    options?: ErrorResponseOptions,
  ][] = [
    ['nothing', '', 'truncated', 0],
    ['a map without its members', 'a1', 'truncated', 1],
    ['half a key', 'a118', 'truncated', 2],
    ['a key without its value', 'a1181e', 'truncated', 3, 'error'],
    ['half an integer', 'a1181e1a000100', 'truncated', 7, 'error'],
    ['half a text', 'a2181e03181f6461', 'truncated', 8, 'error_description'],
    ['a text longer than memory', 'a2181e03181f7bffffffffffffffff', 'truncated', 15, 'error_description'],
    ['a map longer than memory', 'bbffffffffffffffff', 'truncated', 9],
    ['a map longer than the input', 'ba00010000', 'truncated', 5],
    ['an unclosed map', 'bf181e03', 'truncated', 4],
    ['an unclosed text', 'a2181e03181f7f6161', 'truncated', 9, 'error_description'],
    ['half an unknown array', 'a2181e03018201', 'truncated', 7],
    ['one byte too many', 'a1181e0300', 'trailing_bytes', 4],
    ['a break too many', 'a1181e03ff', 'trailing_bytes', 4],
    ['another map', 'a1181e03a1181e03', 'trailing_bytes', 4],
    ['error twice', 'a2181e03181e04', 'duplicate_key', 4],
    ['error twice, once in a longer form', 'a2181e0319001e03', 'duplicate_key', 4],
    ['a description twice', `a3181e03181f6161181f6161`, 'duplicate_key', 8],
    ['an unknown key twice', 'a3181e03182801182802', 'duplicate_key', 7],
    ['a key beyond 63 twice', 'a3181e03186401186402', 'duplicate_key', 7],
    ['a negative key twice', 'a3181e0320012001', 'duplicate_key', 6],
    ['a key beyond 2^53 twice', 'a3181e03 1b0020000000000000 01 1b0020000000000000 01', 'duplicate_key', 14],
    ['a text key twice', 'a3181e03 6161 01 6161 02', 'duplicate_key', 7],
    ['a text key twice, once in chunks', 'a3181e03 6161 01 7f6161ff 02', 'duplicate_key', 7],
    ['a key twice in an unknown map', 'a2181e03 01 a2 02 01 1802 01', 'duplicate_key', 8],
    ['a byte string key twice in an unknown map', 'a2181e03 01 a2 4102 01 5f4102ff 01', 'duplicate_key', 9],
    [
      'a byte string key twice, once in chunks and empty ones',
      'a2181e03 01 a2 420102 01 5f 40 4101 40 4102 ff 01',
      'duplicate_key',
      10,
    ],
    ['an empty byte string key twice', 'a2181e03 01 a2 40 01 5fff 01', 'duplicate_key', 8],
    ['half a byte string key', 'a2181e03 01 a2 40 01 4401 01', 'truncated', 11],
    ['an array key twice in an unknown map', 'a2181e03 01 a2 8102 01 8102 01', 'duplicate_key', 9],
    ['a key twice deeper down', 'a2181e03 01 81 c1 a1 01 a2 01 01 01 01', 'duplicate_key', 12],
    ['bad UTF-8', 'a2181e03 181f 62 61ff', 'invalid_utf8', 8, 'error_description'],
    ['overlong UTF-8', 'a2181e03 181f 63 61c0af', 'invalid_utf8', 8, 'error_description'],
    ['a surrogate in UTF-8', 'a2181e03 181f 64 61eda080', 'invalid_utf8', 9, 'error_description'],
    ['UTF-8 beyond U+10FFFF', 'a2181e03 181f 65 61f4908080', 'invalid_utf8', 9, 'error_description'],
    ['half a character', 'a2181e03 1820 62 61c3', 'invalid_utf8', 9, 'error_uri'],
    ['a character over two chunks', 'a2181e03 181f 7f 61c3 61a9 ff', 'invalid_utf8', 9, 'error_description'],
    ['bad UTF-8 in a key', 'a2181e03 61ff 01', 'invalid_utf8', 5],
    ['bad UTF-8 in an unknown value', 'a2181e03 01 8161ff', 'invalid_utf8', 7],
    ['additional information 28', 'a1181e1c', 'reserved_head', 3, 'error'],
    ['additional information 30 for a key', 'a11e03', 'reserved_head', 1],
    ['an integer of indefinite length', 'a1181e1f', 'reserved_head', 3, 'error'],
    ['a negative integer of indefinite length', 'a1181e3f', 'reserved_head', 3, 'error'],
    ['a simple value below 32 in two bytes', 'a2181e0301f814', 'reserved_head', 5],
    ['a break for a key', 'a1ff00', 'unexpected_break', 1],
    ['a break for a value', 'a1181eff', 'unexpected_break', 3, 'error'],
    ['a break in an unknown array', 'a2181e030181ff', 'unexpected_break', 6],
    ['a break between key and value', 'bf181e0301ff', 'unexpected_break', 5],
    ['a bare break', 'ff', 'unexpected_break', 0],
    ['an array', '8101', 'unexpected_type', 0],
    ['an integer', '03', 'unexpected_type', 0],
    ['a tagged map', 'd9d9f7a1181e03', 'unexpected_type', 0],
    ['null', 'f6', 'unexpected_type', 0],
    ['a byte string key', 'a2181e03 4101 01', 'unexpected_type', 4],
    ['a null key', 'a2181e03 f6 01', 'unexpected_type', 4],
    ['a float key', 'a1 f93c00 01', 'unexpected_type', 1],
    ['R9200-5.8.3-4 a name for a code', `a1181e${text('invalid_grant')}`, 'unexpected_type', 3, 'error'],
    ['a float for a code', 'a1181ef94200', 'unexpected_type', 3, 'error'],
    ['a bignum for a code', 'a1181ec24103', 'unexpected_type', 3, 'error'],
    ['null for a code', 'a1181ef6', 'unexpected_type', 3, 'error'],
    ['bytes for a description', 'a2181e03181f4161', 'unexpected_type', 6, 'error_description'],
    ['null for a description', 'a2181e03181ff6', 'unexpected_type', 6, 'error_description'],
    ['an integer for a URI', 'a2181e03182001', 'unexpected_type', 6, 'error_uri'],
    ['tag 32 for a URI', 'a2181e031820d8206161', 'unexpected_type', 6, 'error_uri'],
    ['a chunk of bytes in a text', 'a2181e03181f7f4161ff', 'unexpected_type', 7, 'error_description'],
    ['a chunk in chunks', 'a2181e03181f7f7f6161ffff', 'unexpected_type', 7, 'error_description'],
    ['R6749-5.2-2 an empty map', 'a0', 'missing_member', 0, 'error'],
    ['R6749-5.2-2 a map without error', `a1181f6161`, 'missing_member', 0, 'error'],
    ['R9200-5.8.3-3 names for keys', `a1${text('error')}03`, 'missing_member', 0, 'error'],
    ['arrays too deep', `a2181e0301${'81'.repeat(16)}01`, 'too_deep', 20],
    ['tags too deep', `a2181e0301${'c1'.repeat(16)}01`, 'too_deep', 20],
    ['maps too deep', `a2181e0301${'a101'.repeat(16)}01`, 'too_deep', 35],
    ['anything beyond maxDepth', 'a1181e03', 'too_deep', 0, '', { maxDepth: 0 }],
    ['an array beyond maxDepth', 'a2181e030181 01', 'too_deep', 5, '', { maxDepth: 1 }],
    [
      'more than 512 levels whatever maxDepth',
      `a2181e0301${'81'.repeat(600)}01`,
      'too_deep',
      516,
      '',
      { maxDepth: 1e9 },
    ],
    ['input beyond maxBytes', 'a1181e03', 'too_large', 3, '', { maxBytes: 3 }],
    ['input beyond 64 KiB', `a1181e03${'00'.repeat(65_533)}`, 'too_large', 65_536],
    ['members beyond maxMembers', 'a2181e030102', 'too_large', 0, '', { maxMembers: 1 }],
    ['unnumbered members beyond maxMembers', 'bf181e030102ff', 'too_large', 0, '', { maxMembers: 1 }],
    ['elements beyond maxMembers', 'a2181e03019f010203ff', 'too_large', 5, '', { maxMembers: 2 }],
    ['more than 1,024 elements', `a2181e0301990401${'00'.repeat(1_025)}`, 'too_large', 5],
    [
      'a text beyond maxStringBytes',
      'a2181e03181f626161',
      'too_large',
      6,
      'error_description',
      { maxStringBytes: 1 },
    ],
    [
      'chunks beyond maxStringBytes',
      'a2181e03181f7f61616161ff',
      'too_large',
      6,
      'error_description',
      { maxStringBytes: 1 },
    ],
    ['an unknown byte string beyond 32 KiB', `a2181e0301598001${'00'.repeat(0x8001)}`, 'too_large', 5],
    [
      'deterministic: an integer that is not the shortest',
      'a1181e1803',
      'not_deterministic',
      3,
      'error',
      { deterministic: true },
    ],
    [
      'deterministic: a key that is not the shortest',
      'a119001e03',
      'not_deterministic',
      1,
      '',
      { deterministic: true },
    ],
    [
      'deterministic: an integer of 8 bytes that fits 4',
      'a1181e1b00000000ffffffff',
      'not_deterministic',
      3,
      'error',
      { deterministic: true },
    ],
    [
      'deterministic: a text length that is not the shortest',
      'a2181e03181f780161',
      'not_deterministic',
      6,
      'error_description',
      { deterministic: true },
    ],
    [
      'deterministic: a map of indefinite length',
      'bf181e03ff',
      'not_deterministic',
      0,
      '',
      { deterministic: true },
    ],
    [
      'deterministic: a text of indefinite length',
      'a2181e03181f7f6161ff',
      'not_deterministic',
      6,
      'error_description',
      { deterministic: true },
    ],
    [
      'deterministic: keys out of order',
      'a2181f6161181e03',
      'not_deterministic',
      5,
      '',
      { deterministic: true },
    ],
    [
      'deterministic: a text key before an integer',
      'a2616101181e03',
      'not_deterministic',
      4,
      '',
      { deterministic: true },
    ],
    [
      'deterministic: keys out of order in an unknown map',
      'a2 01 a2 02 01 01 01 181e03',
      'not_deterministic',
      5,
      '',
      { deterministic: true },
    ],
    [
      'strict: a forbidden character',
      `a2181e03181f${text('a"b')}`,
      'violation',
      0,
      'error_description',
      { strict: true },
    ],
    ['strict: an unassigned code', 'a1181e1901a2', 'violation', 0, 'error', { strict: true }],
    ['strict: no URI reference', `a2181e031820${text('a b')}`, 'violation', 0, 'error_uri', { strict: true }],
    ['records of cbor-x', 'd9dfff83 01 02 03', 'unexpected_type', 0],
    ['bytes that are no map', long, 'unexpected_type', 0],
  ]
  for (const [what, hex, reason, offset, path = '', options] of cases)
    it(`${what}: ${reason}`, () => {
      expect(refusal(() => fromHex(hex, options))).toMatchObject({ reason, offset, path })
    })

  it('says what was expected', () => {
    expect(refusal(() => fromHex('a1181e60'))).toEqual({
      reason: 'unexpected_type',
      offset: 3,
      path: 'error',
      expected: 'an integer',
    })
    expect(refusal(() => fromHex('a2181e03181f01')).expected).toBe('a text')
    expect(refusal(() => fromHex('01')).expected).toBe('a map')
    expect(refusal(() => fromHex('a1181e03', { maxBytes: 3 })).expected).toBe('maxBytes 3')
    expect(refusal(() => fromHex('a1181e1901a2', { strict: true })).expected).toBe(
      violationSentences.unassigned_code,
    )
    expect(() => fromHex('a1181e60')).toThrow('unexpected_type at byte 3 in error: expected an integer')
  })

  it('leaves nothing behind for the next', () => {
    expect(() => fromHex('a2181e03181f62')).toThrow(DecodeError)
    expect(refusal(() => fromHex('a1')).path).toBe('')
    expect(fromHex('a1181e03').error).toBe(ErrorCode.InvalidGrant)
  })

  it('takes what is just within the limits', () => {
    expect(fromHex(`a2181e0301${'81'.repeat(15)}01`).unknown).toHaveLength(1)
    expect(
      fromHex('a1181e03', { maxBytes: 4, maxDepth: 1, maxMembers: 1, maxStringBytes: 0 }).error.value,
    ).toBe(3)
    expect(fromHex(`a2181e0301990400${'00'.repeat(1_024)}`).unknown).toHaveLength(1)
    expect(fromHex(`a2181e0301${'81'.repeat(511)}01`, { maxDepth: 512 }).unknown).toHaveLength(1)
  })
})

describe('violations: what the RFCs forbid a sender but no receiver needs to refuse', () => {
  const cases: [
    what: string,
    json: Record<string, string | number>,
    violations: [rule: string, path: string][],
  ][] = [
    [
      'R6749-5.2-8 a quotation mark',
      { error_description: 'a"b' },
      [['forbidden_character', 'error_description']],
    ],
    [
      'R6749-5.2-8 a backslash',
      { error_description: 'a\\b' },
      [['forbidden_character', 'error_description']],
    ],
    ['R6749-5.2-8 a line feed', { error_description: 'a\n' }, [['forbidden_character', 'error_description']]],
    ['R6749-5.2-8 delete', { error_description: '\x7f' }, [['forbidden_character', 'error_description']]],
    [
      'R6749-5.2-8 a letter beyond ASCII',
      { error_description: 'naïve' },
      [['forbidden_character', 'error_description']],
    ],
    [
      'R6749-5.2-8 every allowed character',
      { error_description: " !#$%&()*+,-./09:;<=>?@AZ[]^_`az{|}~'" },
      [],
    ],
    [
      'an empty description (RFC 6749 App. A)',
      { error_description: '' },
      [['empty_text', 'error_description']],
    ],
    ['RFC 3986 §4.4 the empty reference, to the current document', { error_uri: '' }, []],
    [
      'R6749-5.2-10 a URI with a quotation mark',
      { error_uri: 'https://a/"' },
      [['forbidden_character', 'error_uri']],
    ],
    [
      'R6749-5.2-10 a URI with a backslash',
      { error_uri: 'https://a/\\' },
      [['forbidden_character', 'error_uri']],
    ],
    [
      'R6749-5.2-10 a URI with a letter beyond ASCII',
      { error_uri: 'https://a/é' },
      [['forbidden_character', 'error_uri']],
    ],
    [
      'R6749-5.2-10 a URI with a space',
      { error_uri: 'https://a/b c' },
      [['forbidden_character', 'error_uri']],
    ],
    ['R6749-5.2-10 half a percent-encoding', { error_uri: '/%4' }, [['not_a_uri_reference', 'error_uri']]],
    ['R6749-5.2-10 two fragments', { error_uri: '#a#b' }, [['not_a_uri_reference', 'error_uri']]],
    [
      'R6749-5.2-10 a colon in the first segment',
      { error_uri: '1:2' },
      [['not_a_uri_reference', 'error_uri']],
    ],
    ['RFC 3986 §4.1 a relative reference', { error_uri: '../errors/%7Eaudience?x=1:2#f%2f' }, []],
    ['RFC 3986 §4.1 an IPv6 address', { error_uri: 'coaps://[2001:db8::1]:5684/e' }, []],
    ['RFC 3986 §4.1 a URN', { error_uri: 'urn:ietf:params:oauth:error' }, []],
    ['RFC 3986 §3.1 a scheme in capitals', { error_uri: 'HTTPS://AS.EXAMPLE/%7e' }, []],
    ['RFC 9200 §8.4 an unassigned code', { error: 418 }, [['unassigned_code', 'error']]],
    [
      'all at once, in order of the members',
      { error: -65_536, error_description: 'é', error_uri: ' ' },
      [
        ['unassigned_code', 'error'],
        ['forbidden_character', 'error_description'],
        ['forbidden_character', 'error_uri'],
      ],
    ],
  ]
  for (const [what, json, expected] of cases) {
    const violations = expected.map(([rule, path]) => ({ rule: rule as ViolationRule, path }))
    const whole = { error: 'invalid_grant', ...json }
    it(`${what}: ${expected.map(([rule]) => rule).join(', ') || 'none'}`, () => {
      const { error_description: description, error_uri: uri } = json
      const response = ErrorResponse.fromJson(whole)
      expect(response.violations).toEqual(violations)
      expect(response.toJson()).toEqual(whole)
      const code = ErrorResponse.fromJson({ error: whole.error }).toCbor().subarray(3)
      const hex = [
        `a${Object.keys(whole).length}181e${toHex(code)}`,
        description === undefined ? '' : `181f${text(`${description}`)}`,
        uri === undefined ? '' : `1820${text(`${uri}`)}`,
      ].join('')
      expect(fromHex(hex).violations).toEqual(violations)
      expect(fromHex(hex).toJson()).toEqual(whole)
      const builder = ErrorResponse.builder()
        .error(ErrorCode.fromCbor(response.error.value!))
        .description(description as string | undefined)
        .uri(uri as string | undefined)
      const [first] = violations
      if (first) {
        const refused = { reason: 'violation', path: first.path, expected: violationSentences[first.rule] }
        expect(refusal(() => fromHex(hex, { strict: true }))).toEqual({ ...refused, offset: 0 })
        expect(refusal(() => ErrorResponse.fromJson(whole, { strict: true }))).toEqual({
          ...refused,
          offset: undefined,
        })
        expect(refusal(() => builder.build())).toEqual(refused)
        const sendable = violations.find(({ rule }) => rule !== 'unassigned_code')
        if (sendable)
          expect(refusal(() => response.toCbor())).toEqual({
            reason: 'violation',
            path: sendable.path,
            expected: violationSentences[sendable.rule],
          })
        else expect(toHex(response.toCbor())).toBe(hex)
      } else {
        expect(fromHex(hex, { strict: true }).violations).toEqual([])
        expect(toHex(builder.build().toCbor())).toBe(hex)
        expect(builder.build().violations).toEqual([])
      }
    })
  }

  it('R6749-5.2-8 R6749-5.2-10 wherever the character stands, in texts of every length', () => {
    const violationsOf = (member: string, value: string) =>
      ErrorResponse.fromJson({ error: 'invalid_grant', [member]: value }).violations
    for (const [member, foreign, own] of [
      ['error_description', '"', 'a ~'],
      ['error_uri', '^', 'a@~'],
    ] as const) {
      const allowed = own.repeat(10)
      for (let length = 1; length < allowed.length; length++) {
        const text = allowed.slice(0, length)
        expect(violationsOf(member, text)).toEqual([])
        for (let at = 0; at < length; at++)
          expect(violationsOf(member, text.slice(0, at) + foreign + text.slice(at + 1))).toEqual([
            { rule: member === 'error_uri' ? 'not_a_uri_reference' : 'forbidden_character', path: member },
          ])
      }
    }
  })

  it('RFC 3986 §2.1 a percent-encoded byte may stand anywhere, half of one nowhere', () => {
    const violationsOf = (uri: string) =>
      ErrorResponse.fromJson({ error: 'invalid_grant', error_uri: uri }).violations
    for (const [prefix, suffix] of [
      ['', ''],
      ['', '%41'],
      ['', '#'],
      ['a:', ''],
      ['#', ''],
    ])
      for (let before = 0; before < 20; before++)
        for (let after = 0; after < 20; after++) {
          const around = (byte: string) =>
            `${prefix}${'z'.repeat(before)}${byte}${suffix}${'z'.repeat(after)}`
          expect(violationsOf(around('%aF'))).toEqual([])
          for (const half of ['%', '%a', '%ag', '%%41'])
            expect(violationsOf(around(half))).toEqual([{ rule: 'not_a_uri_reference', path: 'error_uri' }])
        }
  })

  it('RFC 6749 App. A.7 a name of digits is the integer, and no code of one’s own has it', () => {
    for (const name of ['3', '0', '418', '-70001', '-1', '007', '18446744073709551616']) {
      expect(() => ErrorCode.define({ name, value: -70_001 })).toThrow(RangeError)
      expect(() => ErrorCode.named(name)).toThrow(RangeError)
    }
    expect(ErrorResponse.fromJson({ error: '3' }).error).toBe(ErrorCode.InvalidGrant)
    expect(ErrorResponse.fromJson({ error: '-70001' }).error.value).toBe(-70_001)
    expect(ErrorResponse.fromJson({ error: '007' }).toJson()).toEqual({ error: '007' })
  })

  it('an unassigned code from the wire is written again, alone too (RFC 9200 §8.4)', () => {
    for (const hex of ['a1181e00', 'a1181e09', 'a1181e17', 'a1181e1818', 'a1181e20'])
      expect(toHex(fromHex(hex).toCbor())).toBe(hex)
  })
})

describe('the builder', () => {
  it('R9200-5.8.3-1 builds what is sent', () => {
    const denied = ErrorResponse.builder()
      .error(ErrorCode.UnauthorizedClient)
      .description(three.error_description)
      .uri(three.error_uri)
      .build()
    expect(toHex(denied.toCbor())).toBe(members.replaceAll(' ', ''))
    expect(denied.toJson()).toEqual(three)
    expect(denied).toBeInstanceOf(ErrorResponse)
    expect(ErrorResponse.builder()).toBeInstanceOf(ErrorResponseBuilder)
  })

  it('takes the name of a registered code, in any order and the last that is said', () => {
    const builder = ErrorResponse.builder().uri('/a').description('x').error('invalid_scope')
    expect(builder.description(undefined).uri('/b').build().toJson()).toEqual({
      error: 'invalid_scope',
      error_uri: '/b',
    })
  })

  it('makes responses that what it is told later does not change', () => {
    const builder = ErrorResponse.builder().error('invalid_scope')
    const first = builder.build()
    builder.description('later').error('invalid_grant')
    expect(first.toJson()).toEqual({ error: 'invalid_scope' })
  })

  it('writes private-use codes (RFC 9200 §8.4)', () => {
    expect(toHex(ErrorResponse.builder().error(ErrorCode.other(-99_999)).build().toCbor())).toBe(
      'a1181e3a0001869e',
    )
  })

  it('refuses what may not be sent', () => {
    const builder = () => ErrorResponse.builder().error(ErrorCode.InvalidGrant)
    const anything = (value: unknown) => value as string
    expect(refusal(() => ErrorResponse.builder().build())).toMatchObject({
      reason: 'missing_member',
      path: 'error',
    })
    expect(
      refusal(() =>
        ErrorResponse.builder()
          .error(3 as never)
          .build(),
      ).reason,
    ).toBe('unexpected_type')
    for (const value of [null, 1, {}, Uint8Array.of(1)]) {
      expect(refusal(() => builder().description(anything(value)).build())).toEqual({
        reason: 'unexpected_type',
        path: 'error_description',
        expected: 'a text',
      })
      expect(refusal(() => builder().uri(anything(value)).build())).toEqual({
        reason: 'unexpected_type',
        path: 'error_uri',
        expected: 'a text',
      })
    }
    for (const value of ['\ud800', 'a\udc00b', 'ü'])
      expect(refusal(() => builder().description(value).build())).toMatchObject({
        reason: 'violation',
        path: 'error_description',
        expected: violationSentences.forbidden_character,
      })
    expect(() => ErrorResponse.builder().error('a"b' as never)).toThrow(RangeError)
  })

  it('RFC 6750 §3.1 makes a response without a CBOR form of a name without an integer', () => {
    const response = ErrorResponse.builder().error(ErrorCode.named('invalid_token')).build()
    expect(response.toJson()).toEqual({ error: 'invalid_token' })
    expect(refusal(() => response.toCbor())).toMatchObject({ reason: 'no_cbor_form', path: 'error' })
  })
})

describe('ErrorResponse in JSON (RFC 6749 §5.2)', () => {
  it('R6749-5.2-11 reads and writes the members at the top, in any order', () => {
    const response = ErrorResponse.fromJson({
      error_uri: '/a',
      error: 'invalid_grant',
      error_description: 'b',
    })
    expect(JSON.stringify(response.toJson())).toBe(
      '{"error":"invalid_grant","error_description":"b","error_uri":"/a"}',
    )
    expect(response.error).toBe(ErrorCode.InvalidGrant)
  })

  for (const [json, value] of [
    [3, 3],
    ['3', 3],
    [-99_999, -99_999],
    ['-99999', -99_999],
    ['18446744073709551615', 2n ** 64n - 1n],
    ['-18446744073709551616', -(2n ** 64n)],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', 2n ** 53n],
    [418, 418],
  ] as const)
    it(`takes the integer ${JSON.stringify(json)}`, () => {
      expect(ErrorResponse.fromJson({ error: json }).error.value).toBe(value)
    })

  it('writes an integer without a name, in decimal digits beyond 2^53-1', () => {
    expect(fromHex('a1181e3a0001869e').toJson()).toEqual({ error: -99_999 })
    expect(fromHex('a1181e3bffffffffffffffff').toJson()).toEqual({ error: '-18446744073709551616' })
  })

  it('keeps a name that has no integer', () => {
    const response = ErrorResponse.fromJson({ error: 'slow_down' })
    expect(response.violations).toEqual([])
    expect(response.toJson()).toEqual({ error: 'slow_down' })
    expect(refusal(() => response.toCbor())).toMatchObject({ reason: 'no_cbor_form', path: 'error' })
  })

  for (const [what, json, reason, path] of [
    ['null', null, 'unexpected_type', ''],
    ['an array', [], 'unexpected_type', ''],
    ['an empty object', {}, 'missing_member', 'error'],
    ['an error of null', { error: null }, 'unexpected_type', 'error'],
    ['a fraction', { error: 1.5 }, 'unexpected_type', 'error'],
    ['an integer that a number cannot hold', { error: 2 ** 53 }, 'unexpected_type', 'error'],
    ['an empty name', { error: '' }, 'invalid_value', 'error'],
    ['a name of other characters', { error: 'a"b' }, 'invalid_value', 'error'],
    ['a lone surrogate for a name', { error: '\ud800' }, 'unexpected_type', 'error'],
    [
      'a description that is no text',
      { error: 'x', error_description: 1 },
      'unexpected_type',
      'error_description',
    ],
    [
      'a description of a lone surrogate',
      { error: 'x', error_description: '\ud800' },
      'unexpected_type',
      'error_description',
    ],
    ['an unknown member that is no JSON', { error: 'x', other: 1n }, 'unexpected_type', 'other'],
  ] as const)
    it(`refuses ${what}: ${reason}`, () => {
      expect(refusal(() => ErrorResponse.fromJson(json))).toMatchObject({ reason, path, offset: undefined })
    })

  it('digits beyond the integers of CBOR are a name like any other', () => {
    expect(ErrorResponse.fromJson({ error: '18446744073709551616' }).error.value).toBeUndefined()
  })
})

describe('the codes option', () => {
  const quota = ErrorCode.define({ name: 'quota_exceeded', value: -70_001 })
  const codes = [ErrorCode.define({ name: 'other', value: -70_002 }), quota]

  it('names a private-use code off the wire, and finds its integer by its name', () => {
    const response = fromHex('a1181e3a00011170', { codes })
    expect(response.error).toBe(quota)
    expect(response.toJson()).toEqual({ error: 'quota_exceeded' })
    const twin = ErrorResponse.fromJson({ error: 'quota_exceeded' }, { codes })
    expect(twin.error).toBe(quota)
    expect(toHex(twin.toCbor())).toBe('a1181e3a00011170')
    expect(ErrorResponse.fromJson({ error: -70_001 }, { codes }).error).toBe(quota)
  })

  it('leaves every other code alone', () => {
    expect(fromHex('a1181e03', { codes }).error).toBe(ErrorCode.InvalidGrant)
    expect(fromHex('a1181e3a00011172', { codes }).error.name).toBeUndefined()
  })
})

describe('what a response shares with others', () => {
  const unknown = toBytes('a2 181e 03 01 8443010203 63616263 00 f5')

  it('is nothing of its input, a Buffer of a pool included', () => {
    for (const input of [unknown.slice(), Buffer.from(unknown), Buffer.concat([unknown])]) {
      const response = ErrorResponse.fromCbor(input)
      const before = `${response}`
      const bytes = toHex(response.toCbor())
      const [member] = response.unknown
      expect(member).toEqual({ key: 1, cbor: new Uint8Array(unknown.subarray(5)) })
      if (member && 'cbor' in member) expect(Object.getPrototypeOf(member.cbor)).toBe(Uint8Array.prototype)
      input.fill(0)
      expect(`${response}`).toBe(before)
      expect(toHex(response.toCbor())).toBe(bytes)
    }
    const input = toBytes(members)
    const response = ErrorResponse.fromCbor(input)
    input.fill(0)
    expect(response.toJson()).toEqual(three)
  })

  it('is nothing of the JSON it was read from or gave', () => {
    const json = { error: 'invalid_grant', trace: { ids: [1] } }
    const response = ErrorResponse.fromJson(json)
    json.trace.ids.push(2)
    const out = response.toJson()
    ;(out['trace'] as { ids: number[] }).ids.push(3)
    expect(response.toJson()).toEqual({ error: 'invalid_grant', trace: { ids: [1] } })
  })

  it('is none of the bytes of others: each keeps what was written', () => {
    const written = Array.from({ length: 2_000 }, (_, i) => {
      const description = `${i} ${'x'.repeat(i % 700)}`
      return {
        description,
        bytes: ErrorResponse.builder().error('invalid_grant').description(description).build().toCbor(),
      }
    })
    for (const { description, bytes } of written)
      expect(ErrorResponse.fromCbor(bytes).description).toBe(description)
    const a = fromHex('a1181e03')
    a.toCbor().fill(0)
    expect(toHex(a.toCbor())).toBe('a1181e03')
  })

  it('may be transferred away', () => {
    const response = fromHex(members)
    for (let i = 0; i < 3; i++) {
      const { buffer } = response.toCbor()
      structuredClone(buffer, { transfer: [buffer] })
      expect(toHex(response.toCbor())).toBe(members.replaceAll(' ', ''))
    }
  })
})

describe('comparing and showing', () => {
  it('compares what two responses say', () => {
    const response = fromHex(members)
    expect(response.equals(ErrorResponse.fromJson(three))).toBe(true)
    expect(response.equals(ErrorResponse.fromJson({ ...three, error: 'invalid_grant' }))).toBe(false)
    expect(response.equals(ErrorResponse.fromJson({ ...three, error_uri: '/' }))).toBe(false)
    expect(response.equals(three)).toBe(false)
    expect(response.equals(undefined)).toBe(false)
    expect(fromHex('a3181e0301020304').equals(fromHex('a30304181e030102'))).toBe(true)
    expect(fromHex('a2181e030102').equals(fromHex('a2181e030103'))).toBe(false)
    expect(fromHex('a2181e030102').equals(fromHex('a1181e03'))).toBe(false)
    // What it does not know: 'a: 1, b' for 'a' and 'b', '1' for 1, and '2^64-1' for that integer.
    expect(fromHex('a3181e03616101616202').equals(fromHex('a2181e0367613a20312c206202'))).toBe(false)
    expect(fromHex('a2181e03613102').equals(fromHex('a2181e030102'))).toBe(false)
    const digits = '18446744073709551615'
    const text = fromHex(`a2181e0374${toHex(new TextEncoder().encode(digits))}02`)
    const integer = fromHex('a2181e031bffffffffffffffff02')
    expect(text.equals(integer)).toBe(false)
    expect(integer.equals(fromHex('a21bffffffffffffffff02181e03'))).toBe(true)
    expect([`${text}`, `${integer}`]).toEqual([
      `ErrorResponse { error: "invalid_grant", "${digits}": <1 secret bytes> }`,
      `ErrorResponse { error: "invalid_grant", ${digits}: <1 secret bytes> }`,
    ])
  })

  it('says first what is wrong about the bytes, then what a sender should not have done', () => {
    for (const [hex, reason] of [
      ['a2181e03181f60 00', 'trailing_bytes'],
      ['a2181e03181f60', 'violation'],
    ] as const)
      expect(refusal(() => ErrorResponse.fromCbor(toBytes(hex), { strict: true })).reason).toBe(reason)
  })

  it('gives a JSON member named __proto__ out again as it came', () => {
    const text = '{"error":"invalid_grant","__proto__":{"a":1},"constructor":2}'
    const json = ErrorResponse.fromJson(JSON.parse(text)).toJson()
    expect(JSON.stringify(json)).toBe(text)
    expect(Object.getPrototypeOf(json)).toBe(Object.prototype)
  })

  it('writes an unknown member with a very long key', () => {
    const key = 'ü'.repeat(150_000)
    const bytes = Uint8Array.from(
      encode(
        new Map<unknown, unknown>([
          [30, 3],
          [key, 1],
        ]),
        cdeEncodeOptions,
      ),
    )
    const limits = { maxBytes: 400_000, maxStringBytes: 400_000 }
    expect(toHex(ErrorResponse.fromCbor(bytes, limits).toCbor()) === toHex(bytes)).toBe(true)
  })

  it('shows one line', () => {
    const line =
      'ErrorResponse { error: "unauthorized_client", error_description: "not registered for this audience", error_uri: "https://as.example.com/errors/audience" }'
    expect(`${fromHex(members)}`).toBe(line)
    expect(inspect(fromHex(members))).toBe(line)
  })

  it('hides what the message does not know, which may be a secret', () => {
    const json = { error: 'invalid_grant', client_secret: 'hunter2' }
    for (const response of [
      fromHex('a2181e03 66736563726574 6768756e74657232'),
      ErrorResponse.fromJson(json),
    ])
      for (const shown of [`${response}`, inspect(response), inspect([response])]) {
        expect(shown).not.toContain('hunter')
        expect(shown).not.toContain('68756e74')
      }
    expect(`${fromHex('a2181e0301821819f5')}`).toBe(
      'ErrorResponse { error: "invalid_grant", 1: <4 secret bytes> }',
    )
    expect(`${ErrorResponse.fromJson(json)}`).toBe(
      'ErrorResponse { error: "invalid_grant", "client_secret": <secret> }',
    )
  })

  it('gives its JSON twin to JSON.stringify and to Response.json', async () => {
    const response = fromHex(members)
    expect(JSON.parse(JSON.stringify(response))).toEqual(three)
    expect(await Response.json(response).json()).toEqual(three)
  })
})

describe('an error response', () => {
  it('does not change', () => {
    const response = fromHex('a3181e03181f6120 01820102')
    const json = ErrorResponse.fromJson({ error: 'invalid_grant', x: { a: [1, { b: 2 }] } })
    const x = json.unknown[0] as unknown as { json: { a: [number, { b: number }] } }
    for (const value of [
      response,
      response.unknown,
      response.unknown[0],
      response.violations,
      fromHex('a1181e03').unknown,
      fromHex('a2181e03181f60').violations[0],
      ErrorCode,
      response.error,
      ErrorCode.other(-70_001),
      ErrorCode.define({ name: 'mine', value: -70_001 }),
      json.unknown[0],
      x.json,
      x.json.a,
      x.json.a[1],
    ])
      expect(Object.isFrozen(value)).toBe(true)
    expect(() => Object.assign(ErrorCode.InvalidScope, { value: 99 })).toThrow(TypeError)
    expect(() => Object.assign(ErrorCode, { InvalidScope: ErrorCode.InvalidGrant })).toThrow(TypeError)
    expect(ErrorCode.InvalidScope.value).toBe(6)
  })

  it('is made by the builder, fromCbor and fromJson alone', () => {
    const Open = ErrorResponse as unknown as new (...members: unknown[]) => ErrorResponse
    class Own extends Open {}
    for (const Class of [Open, Own])
      expect(() => new Class(undefined, ErrorCode.InvalidGrant, undefined, undefined, [])).toThrow(TypeError)
    const Code = ErrorCode as unknown as new (...members: unknown[]) => ErrorCode
    expect(() => new Code(undefined, 'mine', 3)).toThrow(TypeError)
  })

  it('is an ErrorResponse however it was made', () => {
    for (const response of [
      fromHex('a1181e03'),
      ErrorResponse.fromJson({ error: 'invalid_grant' }),
      ErrorResponse.builder().error('invalid_grant').build(),
      new ErrorResponseBuilder().error('invalid_grant').build(),
    ]) {
      expect(response).toBeInstanceOf(ErrorResponse)
      expect(response.equals(fromHex('a1181e03'))).toBe(true)
      expect(fromHex('a1181e03').equals(response)).toBe(true)
    }
    expect({}).not.toBeInstanceOf(ErrorResponse)
  })

  it('is read from a Uint8Array alone', () => {
    const { buffer } = toBytes('a1181e03')
    for (const input of [buffer, new Uint16Array(2), new DataView(buffer), [0xa1], 'a1', null, undefined])
      expect(() => ErrorResponse.fromCbor(input as never)).toThrow(TypeError)
    expect(() => ErrorCode.named(3 as never)).toThrow(TypeError)
  })

  it('has no names of a prototype', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(ErrorCode.named(name)).toMatchObject({ name, value: undefined, status: 'unassigned' })
      const response = ErrorResponse.fromJson(JSON.parse(`{"error":"${name}","${name}":"a"}`))
      expect(JSON.stringify(response)).toBe(`{"error":"${name}","${name}":"a"}`)
    }
  })

  it('refuses JSON that throws while it is read', () => {
    const json = {
      error: 'invalid_grant',
      get error_description() {
        throw new Error('not a DecodeError')
      },
    }
    expect(() => ErrorResponse.fromJson(json)).toThrow(DecodeError)
    const proxy = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('not a DecodeError')
        },
      },
    )
    expect(() => ErrorResponse.fromJson(proxy)).toThrow(DecodeError)
  })
})

describe('what a receiver takes though it should not have been sent', () => {
  it('R9200-5.8.3-3: a text for a key is never taken for the member of that name', () => {
    for (const name of ['error', 'error_description', 'error_uri']) {
      const hex = `a2 181e 03 ${text(name)} ${name === 'error' ? '04' : text('x')}`
      const response = fromHex(hex)
      expect(response.toJson()).toEqual({ error: 'invalid_grant' })
      expect(response.violations).toEqual([{ rule: 'text_key', path: name }])
      expect(() => fromHex(hex, { strict: true })).toThrow(/the integer that is registered/)
      expect(() => response.toCbor()).toThrow(EncodeError)
    }
  })

  it('an optional member that is null is absent', () => {
    const response = ErrorResponse.fromJson({
      error: 'invalid_grant',
      error_description: null,
      error_uri: null,
    })
    expect(response.toJson()).toEqual({ error: 'invalid_grant' })
    expect(response.violations.map(({ rule, path }) => [rule, path])).toEqual([
      ['null_member', 'error_description'],
      ['null_member', 'error_uri'],
    ])
    expect(toHex(response.toCbor())).toBe('a1181e03')
    expect(() => ErrorResponse.fromJson({ error: null })).toThrow(DecodeError)
  })

  it('an object that is not plain is not JSON', () => {
    for (const json of [new Map([['error', 'invalid_grant']]), new Date(0), new URLSearchParams('error=a')])
      expect(() => ErrorResponse.fromJson(json)).toThrow(/unexpected_type/)
  })
})

describe('a code in JSON', () => {
  it('is its name or its integer', () => {
    const codes = [ErrorCode.InvalidGrant, ErrorCode.other(-70_001), ErrorCode.other(-(2n ** 60n))]
    expect(JSON.stringify(codes)).toBe('["invalid_grant",-70001,"-1152921504606846976"]')
  })
})

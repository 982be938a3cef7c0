import { describe, expect, it } from 'vitest'
import { ErrorCode, problemDetailsWith } from '../../src/index.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

const ProblemDetails = problemDetailsWith(2)

describe('concise problem details (RFC 9290)', () => {
  it('has the keys of Table 3, and the one that was asked for', () => {
    expect(Object.fromEntries(ProblemDetails.table.map(({ name, key }) => [name, key]))).toEqual({
      'ace-error': 2,
      title: -1,
      detail: -2,
      instance: -3,
      'response-code': -4,
      'base-uri': -5,
      'base-lang': -6,
      'base-rtl': -7,
      'unprocessed-coap-option': -8,
    })
    expect(problemDetailsWith(2)).toBe(ProblemDetails)
    expect(problemDetailsWith(3).table.find(({ name }) => name === 'ace-error')?.key).toBe(3)
    for (const key of [-1, 1.5, Number.NaN, 2 ** 53, '2' as never])
      expect(() => problemDetailsWith(key)).toThrow(RangeError)
  })

  it('is one class for a key, however many keys there are', () => {
    const problem = new ProblemDetails({ title: 'a' })
    for (let key = 10; key < 30; key++) problemDetailsWith(key)
    expect(problemDetailsWith(2)).toBe(ProblemDetails)
    expect(problem.equals(new (problemDetailsWith(2))({ title: 'a' }))).toBe(true)
    expect(problem.equals(new (problemDetailsWith(3))({ title: 'a' }))).toBe(false)
  })

  it('has every member come out as it went in', () => {
    const problem = new ProblemDetails({
      title: 'a',
      detail: { lang: 'en', text: 'b', rtl: false },
      instance: 'c',
      'response-code': 128,
      'base-uri': 'd:',
      'base-lang': 'en',
      'base-rtl': true,
      'unprocessed-coap-option': [11, 65_001],
      'ace-error': { error: 'invalid_grant' },
    })
    expect(toHex(problem.toCbor())).toBe(
      'a9 02a10003 206161 21d8268362656e6162f4 226163 231880 2462643a 2562656e 26f5 27820b19fde9'.replaceAll(
        ' ',
        '',
      ),
    )
    expect(
      ProblemDetails.fromCbor(problem.toCbor(), { strict: true, deterministic: true }).equals(problem),
    ).toBe(true)
    expect(ProblemDetails.fromJson(JSON.parse(JSON.stringify(problem.toJson()))).equals(problem)).toBe(true)
    expect(problem['ace-error']?.error).toBe(ErrorCode.InvalidGrant)
  })

  it('App. A: a text with a language is tag 38 of a language, a text and perhaps a direction', () => {
    for (const [hex, value] of [
      ['d826 82 62656e 6161', { lang: 'en', text: 'a' }],
      ['d826 83 62656e 6161 f6', { lang: 'en', text: 'a', rtl: null }],
      ['d90026 83 62656e 6161 f5', { lang: 'en', text: 'a', rtl: true }],
      ['d826 9f 62656e 6161 ff', { lang: 'en', text: 'a' }],
    ] as const)
      expect(ProblemDetails.fromCbor(fromHex(`a1 20 ${hex}`)).title).toEqual(value)
    for (const [hex, reason] of [
      ['d826 81 62656e', 'invalid_value'],
      ['d826 80', 'invalid_value'],
      ['d826 84 62656e 6161 f5 f5', 'invalid_value'],
      ['d826 82 60 6161', 'invalid_value'],
      ['d826 82 64656e5f2d 6161', 'invalid_value'],
      ['d826 82 62656e 01', 'unexpected_type'],
      ['d826 83 62656e 6161 01', 'unexpected_type'],
      ['d827 82 62656e 6161', 'unexpected_type'],
      ['d826 6161', 'unexpected_type'],
      ['4161', 'unexpected_type'],
    ] as const)
      expect(
        refusal(() => ProblemDetails.fromCbor(fromHex(`a1 20 ${hex}`))),
        hex,
      ).toMatchObject({ reason, path: 'title' })
  })

  it('§3.1.1: one unprocessed option stands alone, two or more in an array', () => {
    expect(ProblemDetails.fromCbor(fromHex('a1 27 0b'))['unprocessed-coap-option']).toEqual([11])
    expect(toHex(new ProblemDetails({ 'unprocessed-coap-option': [11] }).toCbor())).toBe('a1270b')
    for (const hex of ['80', '81 0b'])
      expect(refusal(() => ProblemDetails.fromCbor(fromHex(`a1 27 ${hex}`)))).toMatchObject({
        reason: 'invalid_value',
        path: 'unprocessed-coap-option',
        offset: 2,
      })
    for (const hex of ['20', '82 01 20', '6161'])
      expect(refusal(() => ProblemDetails.fromCbor(fromHex(`a1 27 ${hex}`)))).toMatchObject({
        reason: 'unexpected_type',
      })
  })

  it('§2: a response code is one byte', () => {
    expect(ProblemDetails.fromCbor(fromHex('a1 23 18ff'))['response-code']).toBe(255)
    for (const hex of ['190100', '20', '1a00010080', '1b0000000100000080', '1b0020000000000000'])
      expect(refusal(() => ProblemDetails.fromCbor(fromHex(`a1 23 ${hex}`)))).toMatchObject({
        reason: 'invalid_value',
        path: 'response-code',
      })
    for (const [code, reason] of [
      [256, 'invalid_value'],
      [1.5, 'invalid_value'],
      ['128', 'unexpected_type'],
    ] as const)
      expect(refusal(() => new ProblemDetails({ 'response-code': code as never }))).toEqual({
        name: 'EncodeError',
        reason,
        path: 'response-code',
      })
  })

  it('R9290-2-1: is not empty', () => {
    expect(refusal(() => ProblemDetails.fromCbor(fromHex('a0')))).toMatchObject({
      reason: 'invalid_value',
      offset: 0,
    })
    expect(refusal(() => ProblemDetails.fromJson({}))).toMatchObject({ reason: 'invalid_value' })
    expect(refusal(() => new ProblemDetails({}))).toMatchObject({
      name: 'EncodeError',
      reason: 'invalid_value',
    })
  })

  describe('§2: a custom entry is a map that is not empty, under an unsigned integer or a URI', () => {
    for (const hex of [
      'a1 00 a1 01 02',
      'a1 65 7461673a61 a1 01 02',
      'a1 00 bf 01 02 ff',
      'a1 00 b801 01 02',
    ])
      it(`${hex} is taken`, () => {
        expect(ProblemDetails.fromCbor(fromHex(hex)).unknown).toHaveLength(1)
      })
    for (const hex of [
      'a1 00 01',
      'a1 00 a0',
      'a1 00 bfff',
      'a1 00 b800',
      'a1 00 bb0000000000000000',
      'a1 6161 a1 01 02',
      'a1 00 81 01',
    ])
      it(`${hex} is refused`, () => {
        expect(refusal(() => ProblemDetails.fromCbor(fromHex(hex)))).toMatchObject({
          reason: 'invalid_value',
          offset: 0,
        })
      })
    it('a negative key that nobody registered is a standard entry of tomorrow', () => {
      expect(ProblemDetails.fromCbor(fromHex('a1 28 01')).unknown).toEqual([{ key: -9, cbor: fromHex('01') }])
    })
  })

  it('RFC 6749 §5.2: refuses a name that no error has', () => {
    for (const error of ['bad"name', 'é', ''])
      expect(refusal(() => new ProblemDetails({ 'ace-error': { error: error as never } }))).toEqual({
        name: 'EncodeError',
        reason: 'invalid_value',
        path: 'ace-error.error',
      })
    expect(refusal(() => new ProblemDetails({ 'ace-error': { error: 3 as never } }))).toMatchObject({
      name: 'EncodeError',
      reason: 'unexpected_type',
    })
  })

  it('lists an error code that nobody registered', () => {
    const problem = ProblemDetails.fromCbor(fromHex('a1 02 a1 00 1863'))
    expect(problem.violations).toEqual([{ rule: 'unassigned_code', path: 'ace-error' }])
    expect(toHex(problem.toCbor())).toBe('a102a1001863')
    expect(refusal(() => ProblemDetails.fromCbor(fromHex('a1 02 a1 01 03')))).toMatchObject({
      reason: 'missing_member',
    })
    expect(
      refusal(() => new ProblemDetails({ 'ace-error': { error: 'slow_down' as never } }).toCbor()),
    ).toMatchObject({ reason: 'no_cbor_form', path: 'ace-error.error' })
  })
})

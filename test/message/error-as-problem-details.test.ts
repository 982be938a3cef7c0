import { describe, expect, it } from 'vitest'
import { ErrorCode, ErrorResponse, fromProblemDetails, toProblemDetails } from '../../src/index.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

const options = { aceErrorKey: 2 } as const
const denied = ErrorResponse.builder().error('invalid_grant').description('no').uri('https://a/').build()

describe('error responses as concise problem details (draft-ietf-ace-workflow-and-params)', () => {
  it('D-WAP-3: error is ace-error, the description detail, the uri instance', () => {
    const bytes = toProblemDetails(denied, { ...options, responseCode: 128 })
    expect(toHex(bytes)).toBe('a4 02a10003 21626e6f 226a68747470733a2f2f612f 231880'.replaceAll(' ', ''))
    expect(fromProblemDetails(bytes, options).equals(denied)).toBe(true)
    expect(toHex(toProblemDetails(ErrorResponse.builder().error('invalid_grant').build(), options))).toBe(
      'a102a10003',
    )
  })

  for (const value of [1, 8, -65_537, -(2n ** 53n), -(2n ** 64n)])
    it(`takes the code ${value}`, () => {
      const response = ErrorResponse.builder().error(ErrorCode.other(value)).build()
      const back = fromProblemDetails(toProblemDetails(response, options), options)
      expect(back.error.value).toBe(value)
      expect(back.equals(response)).toBe(true)
    })

  it('takes any key, and finds the entry under that one only', () => {
    const bytes = toProblemDetails(denied, { aceErrorKey: 70_000 })
    expect(fromProblemDetails(bytes, { aceErrorKey: 70_000 }).equals(denied)).toBe(true)
    expect(refusal(() => fromProblemDetails(bytes, options))).toMatchObject({
      reason: 'missing_member',
      path: 'ace-error',
    })
    for (const aceErrorKey of [-1, 1.5, undefined as never]) {
      expect(() => toProblemDetails(denied, { aceErrorKey })).toThrow(RangeError)
      expect(() => fromProblemDetails(bytes, { aceErrorKey })).toThrow(RangeError)
    }
  })

  it('refuses a payload of Content-Format 19, and 19 one of 257', () => {
    expect(refusal(() => fromProblemDetails(denied.toCbor(), options))).toMatchObject({ name: 'DecodeError' })
    expect(refusal(() => ErrorResponse.fromCbor(toProblemDetails(denied, options)))).toMatchObject({
      reason: 'missing_member',
      path: 'error',
    })
  })

  it('takes a detail in a language without its tag, and leaves out what an error response has no place for', () => {
    const response = fromProblemDetails(
      fromHex('a4 02 a1 00 03 20 6174 21 d826 82 62656e 6162 23 1880'),
      options,
    )
    expect(response.toJson()).toEqual({ error: 'invalid_grant', error_description: 'b' })
  })

  it('knows private-use codes by name', () => {
    const quota = ErrorCode.define({ name: 'quota_exceeded', value: -70_001 })
    expect(
      fromProblemDetails(fromHex('a1 02 a1 00 3a00011170'), { ...options, codes: [quota] }).error.name,
    ).toBe('quota_exceeded')
  })

  it('lists violations, and refuses them under strict', () => {
    const bytes = fromHex('a2 02 a1 00 03 21 6122')
    expect(fromProblemDetails(bytes, options).violations).toEqual([
      { rule: 'forbidden_character', path: 'error_description' },
    ])
    for (const [hex, path] of [
      ['a2 02 a1 00 03 21 6122', 'detail'],
      ['a2 02 a1 00 03 21 d826 82 62656e 6122', 'detail'],
      ['a2 02 a1 00 03 22 6120', 'instance'],
      ['a1 02 a1 00 1863', 'ace-error'],
    ] as const)
      expect(refusal(() => fromProblemDetails(fromHex(hex), { ...options, strict: true }))).toEqual({
        name: 'DecodeError',
        reason: 'violation',
        path,
        offset: 0,
      })
  })

  it('writes an unassigned code again that came from the wire, as toCbor does', () => {
    for (const code of ['00', '0d', '1901a2', '20', '39ffff']) {
      const response = ErrorResponse.fromCbor(fromHex(`a1 181e ${code}`))
      expect(toHex(toProblemDetails(response, { ...options, responseCode: 128 }))).toBe(
        `a202a100${code}231880`,
      )
    }
  })

  it('writes a private-use code with a name of its own by its integer', () => {
    const quota = ErrorCode.define({ name: 'quota_exceeded', value: -70_001 })
    expect(toHex(toProblemDetails(ErrorResponse.builder().error(quota).build(), options))).toBe(
      'a102a1003a00011170',
    )
  })

  it('refuses what may not be sent', () => {
    expect(
      refusal(() =>
        toProblemDetails(ErrorResponse.builder().error(ErrorCode.named('slow_down')).build(), options),
      ),
    ).toEqual({ name: 'EncodeError', reason: 'no_cbor_form', path: 'error' })
    expect(
      refusal(() =>
        toProblemDetails(ErrorResponse.fromJson({ error: 'invalid_grant', error_description: '"' }), options),
      ),
    ).toMatchObject({ name: 'EncodeError', reason: 'violation' })
    expect(
      refusal(() =>
        toProblemDetails(ErrorResponse.fromJson({ error: 'invalid_grant', error_description: '' }), options),
      ),
    ).toMatchObject({ name: 'EncodeError', reason: 'violation' })
    for (const responseCode of [256, 300, -1, 1.5, Number.NaN, '128' as never, null as never])
      expect(refusal(() => toProblemDetails(denied, { ...options, responseCode }))).toEqual({
        name: 'EncodeError',
        reason: 'invalid_value',
        path: 'response-code',
      })
  })
})

import { describe, expect, it } from 'vitest'
import { AccessTokenResponse, CreationHints, encodeAif, IntrospectionResponse } from '../../src/index.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

describe('scope, in each message that has one (RFC 9200 §5.8.1)', () => {
  for (const [name, make, read] of [
    [
      'AccessTokenResponse',
      (scope) => new AccessTokenResponse({ access_token: fromHex('01'), scope }),
      (hex) => AccessTokenResponse.fromCbor(fromHex(`a2 014101 09 ${hex}`)),
    ],
    [
      'IntrospectionResponse',
      (scope) => new IntrospectionResponse({ active: true, scope }),
      (hex) => IntrospectionResponse.fromCbor(fromHex(`a2 09 ${hex} 0af5`)),
    ],
    [
      'CreationHints',
      (scope) => new CreationHints({ scope }),
      (hex) => CreationHints.fromCbor(fromHex(`a1 09 ${hex}`)),
    ],
  ] as readonly [
    string,
    (scope: string | Uint8Array | [string, number][]) => CreationHints,
    (hex: string) => CreationHints,
  ][])
    describe(name, () => {
      it('of text is text', () => {
        expect(make('read').toJson()['scope']).toBe('read')
        expect(read('62 6162').scope).toBe('ab')
      })
      it('of bytes stays bytes in CBOR, also where they are UTF-8, and is base64url in JSON', () => {
        expect(read('42 6162').scope).toEqual(fromHex('6162'))
        expect(read('42 6162').equals(read('62 6162'))).toBe(false)
        expect(toHex(read('42 6162').toCbor())).toContain('09426162')
        expect(make(fromHex('fbff')).toJson()['scope']).toBe('-_8')
        expect(make(new Uint8Array(0)).scope).toEqual(new Uint8Array(0))
      })
      it('of an AIF is its CBOR in bytes', () => {
        expect(make([['/a', 1]]).scope).toEqual(encodeAif([['/a', 1]]))
        expect(refusal(() => make([['/a', -1]])).name).toBe('EncodeError')
      })
      it('of another type is refused', () => {
        for (const hex of ['01', '80', 'f6', 'a0', 'c06161'])
          expect(refusal(() => read(hex))).toMatchObject({ reason: 'unexpected_type', path: 'scope' })
      })
      it('lists what RFC 6749 §3.3 has not', () => {
        expect(read('62 2061').violations).toEqual([{ rule: 'forbidden_character', path: 'scope' }])
        expect(read('60').violations).toEqual([{ rule: 'empty_text', path: 'scope' }])
        expect(read('63 216123').violations).toEqual([])
      })
    })
})

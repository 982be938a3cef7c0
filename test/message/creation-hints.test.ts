import { describe, expect, it } from 'vitest'
import { CreationHints } from '../../src/index.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

describe('CreationHints', () => {
  it('RFC 9200 Figure 2', () => {
    const hex =
      'a401781c636f6170733a2f2f61732e6578616d706c652e636f6d2f746f6b656e0576636f6170733a2f2f72732e6578616d706c652e636f6d09667254656d7043182745e0a156bb3f'
    const hints = CreationHints.fromCbor(fromHex(hex), { strict: true, deterministic: true })
    expect(hints.toJson()).toEqual({
      AS: 'coaps://as.example.com/token',
      audience: 'coaps://rs.example.com',
      scope: 'rTempC',
      cnonce: '4KFWuz8',
    })
    expect(toHex(hints.toCbor())).toBe(hex)
    expect(CreationHints.fromJson(hints.toJson()).equals(hints)).toBe(true)
  })

  it('has the keys of RFC 9200 Table 1, and needs none of them', () => {
    expect(Object.fromEntries(CreationHints.table.map(({ name, key }) => [name, key]))).toEqual({
      AS: 1,
      kid: 2,
      audience: 5,
      scope: 9,
      cnonce: 39,
    })
    expect(toHex(new CreationHints({}).toCbor())).toBe('a0')
  })

  it('R9200-5.3-1: AS is an absolute URI', () => {
    for (const AS of ['coaps://as.example.com/token', 'coap+tcp://[2001:db8::1]:5684/?a=b%20', 'urn:a'])
      expect(new CreationHints({ AS }).AS).toBe(AS)
    for (const AS of [
      '',
      'token',
      '/token',
      '//as.example.com',
      'coaps://a#b',
      'a b:c',
      'coaps://a/%zz',
      '1:a',
      'coaps://a/é',
      'coaps://a\\b',
      'coaps://a|b',
    ]) {
      expect(refusal(() => CreationHints.fromJson({ AS }))).toEqual({
        name: 'DecodeError',
        reason: 'invalid_value',
        path: 'AS',
        offset: undefined,
      })
      expect(refusal(() => new CreationHints({ AS }))).toEqual({
        name: 'EncodeError',
        reason: 'invalid_value',
        path: 'AS',
      })
    }
    expect(refusal(() => CreationHints.fromCbor(fromHex('a1016161')))).toMatchObject({
      reason: 'invalid_value',
      path: 'AS',
      offset: 2,
    })
    expect(refusal(() => CreationHints.fromCbor(fromHex('a2 05 6161 01 7f 6161 ff')))).toMatchObject({
      reason: 'invalid_value',
      offset: 5,
    })
    expect(refusal(() => CreationHints.fromCbor(fromHex('a1014161')))).toMatchObject({
      reason: 'unexpected_type',
      path: 'AS',
      offset: 2,
    })
  })

  it('a kid is bytes, a scope text or bytes', () => {
    expect(CreationHints.fromCbor(fromHex('a2 02 4101 09 4102')).scope).toEqual(Uint8Array.of(2))
    expect(refusal(() => CreationHints.fromCbor(fromHex('a1026161')))).toMatchObject({
      reason: 'unexpected_type',
      path: 'kid',
    })
  })

  it('S-3: an error is no member of the hints, and is kept as one that they do not know', () => {
    expect(CreationHints.fromCbor(fromHex('a1181e04')).unknown).toEqual([{ key: 30, cbor: fromHex('04') }])
  })

  it('keeps the JSON names that objects have of themselves', () => {
    const json = JSON.parse('{"__proto__":{"a":1},"constructor":2,"toString":"x","unknown":[]}')
    expect(JSON.stringify(CreationHints.fromJson(json).toJson())).toBe(JSON.stringify(json))
  })
})

import { describe, expect, it } from 'vitest'
import { IntrospectionRequest } from '../../src/index.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

describe('IntrospectionRequest', () => {
  it('RFC 7662 §2.1: needs a token', () => {
    expect(refusal(() => IntrospectionRequest.fromCbor(fromHex('a1 1821 6161')))).toEqual({
      name: 'DecodeError',
      reason: 'missing_member',
      path: 'token',
      offset: 0,
    })
    expect(refusal(() => IntrospectionRequest.fromForm('token='))).toMatchObject({
      reason: 'missing_member',
      path: 'token',
    })
    expect(refusal(() => new IntrospectionRequest({} as never))).toEqual({
      name: 'EncodeError',
      reason: 'missing_member',
      path: 'token',
    })
  })

  it('has the keys of RFC 9200 Table 6, and for the secret that of Table 5', () => {
    expect(IntrospectionRequest.table.map(({ name, key }) => [name, key])).toEqual([
      ['token', 11],
      ['client_id', 24],
      ['client_secret', 25],
      ['token_type_hint', 33],
    ])
  })

  it('R9200-5.9.1-3: carries the token in a byte string', () => {
    expect(toHex(new IntrospectionRequest({ token: fromHex('ee08') }).toCbor())).toBe('a10b42ee08')
    expect(refusal(() => IntrospectionRequest.fromCbor(fromHex('a10b6161')))).toMatchObject({
      reason: 'unexpected_type',
      path: 'token',
      offset: 2,
    })
  })

  it('keeps a hint that is an integer beyond 2^53-1 in JSON', () => {
    const request = IntrospectionRequest.fromCbor(fromHex('a2 0b41ee 1821 1b1000000000000000'))
    const json = request.toJson()
    expect(json['token_type_hint']).toBe('1152921504606846976')
    const back = IntrospectionRequest.fromJson(json)
    expect(back.equals(request)).toBe(true)
    expect(back.violations).toEqual(request.violations)
    expect(refusal(() => IntrospectionRequest.fromJson(json, { strict: true })).reason).toBe('violation')
    for (const token_type_hint of ['12', '-1', '1152921504606846976'])
      expect(
        IntrospectionRequest.fromForm(new URLSearchParams({ token: 'aa', token_type_hint })).violations,
      ).toEqual([])
    expect(IntrospectionRequest.fromJson({ token: 'aa', token_type_hint: '12' }).token_type_hint).toBe('12')
  })

  it('takes the integer of Figure 9 for a hint, lists it, and does not send it (Table 6)', () => {
    const request = IntrospectionRequest.fromCbor(fromHex('a2 0b42ee08 1821 02'))
    expect(request.token_type_hint).toBe(2)
    expect(request.violations).toEqual([{ rule: 'integer_hint', path: 'token_type_hint' }])
    expect(refusal(() => request.toCbor())).toEqual({
      name: 'EncodeError',
      reason: 'violation',
      path: 'token_type_hint',
    })
    expect(
      refusal(() => IntrospectionRequest.fromCbor(fromHex('a2 0b42ee08 1821 02'), { strict: true })),
    ).toMatchObject({ reason: 'violation', path: 'token_type_hint', offset: 0 })
    expect(request.toJson()).toEqual({ token: '~7gg', token_type_hint: 2 })
    expect(IntrospectionRequest.fromJson(request.toJson()).equals(request)).toBe(true)
    expect(refusal(() => new IntrospectionRequest({ token: 'a.', token_type_hint: 2 as never })).reason).toBe(
      'unexpected_type',
    )
    expect(refusal(() => IntrospectionRequest.fromCbor(fromHex('a2 0b42ee08 1821 f6')))).toMatchObject({
      reason: 'unexpected_type',
      path: 'token_type_hint',
      offset: 7,
    })
  })

  it('R9200-5.9.1-6: is a form over HTTP (RFC 7662 §2.1)', () => {
    const request = new IntrospectionRequest({
      token: fromHex('ee08'),
      token_type_hint: 'access_token',
      client_id: 'FrontDoor',
    })
    expect(request.toForm().toString()).toBe('token=%7E7gg&client_id=FrontDoor&token_type_hint=access_token')
    expect(IntrospectionRequest.fromForm(request.toForm()).equals(request)).toBe(true)
    expect(IntrospectionRequest.fromForm('token=mF_9.B5f-4.1JqM&token_type_hint=access_token').token).toEqual(
      new Uint8Array(Buffer.from('mF_9.B5f-4.1JqM')),
    )
    expect(refusal(() => IntrospectionRequest.fromForm('token=a&token=b'))).toMatchObject({
      reason: 'duplicate_key',
      path: 'token',
    })
  })

  it('a text stands for the same bytes, however it is given', () => {
    const built = new IntrospectionRequest({ token: '7gg' })
    expect(toHex(built.token)).toBe('376767')
    expect(toHex(built.toCbor())).toBe(toHex(IntrospectionRequest.fromJson(built.toJson()).toCbor()))
    expect(IntrospectionRequest.fromForm(built.toForm()).equals(built)).toBe(true)
  })

  it('shows no token', () => {
    expect(`${new IntrospectionRequest({ token: 's3cr3t.', client_id: 'a' })}`).toBe(
      'IntrospectionRequest { token: <7 secret bytes>, client_id: "a" }',
    )
  })

  it('R9200-5.9.1-4 R7662-2.1-3: keeps what it does not know', () => {
    const request = IntrospectionRequest.fromCbor(fromHex('a2 0b4101 3a00011170 01'))
    expect(request.unknown).toEqual([{ key: -70_001, cbor: fromHex('01') }])
    expect(toHex(request.toCbor())).toBe('a20b41013a0001117001')
  })
})

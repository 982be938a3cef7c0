import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { RevocationRequest } from '../../src/index.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

describe('RevocationRequest (RFC 7009 §2.1)', () => {
  it('needs a token', () => {
    expect(refusal(() => RevocationRequest.fromForm('token_type_hint=access_token'))).toMatchObject({
      name: 'DecodeError',
      reason: 'missing_member',
      path: 'token',
    })
    expect(refusal(() => RevocationRequest.fromCbor(fromHex('a0')))).toMatchObject({
      reason: 'missing_member',
      path: 'token',
      offset: 0,
    })
  })

  it('the form of its example', () => {
    const request = RevocationRequest.fromForm('token=45ghiukldjahdnhzdauz&token_type_hint=refresh_token', {
      strict: true,
    })
    expect(request.token_type_hint).toBe('refresh_token')
    expect(request.toForm().toString()).toBe('token=45ghiukldjahdnhzdauz&token_type_hint=refresh_token')
    expect(RevocationRequest.fromForm(request.toForm()).equals(request)).toBe(true)
  })

  it('takes the keys of introspection for CBOR', () => {
    const request = new RevocationRequest({
      token: fromHex('ee08'),
      token_type_hint: 'access_token',
      client_id: 'a',
      client_secret: fromHex('01'),
    })
    expect(toHex(request.toCbor())).toBe(
      `a40b42ee081818616118194101 1821 6c ${Buffer.from('access_token').toString('hex')}`.replaceAll(' ', ''),
    )
    expect(
      RevocationRequest.fromCbor(request.toCbor(), { deterministic: true, strict: true }).equals(request),
    ).toBe(true)
    expect(RevocationRequest.fromJson(request.toJson()).equals(request)).toBe(true)
  })

  it('shows neither token nor secret', () => {
    const request = new RevocationRequest({
      token: fromHex('5ec7e7'),
      client_id: 'a',
      client_secret: 's3cr3t',
    })
    for (const shown of [`${request}`, inspect(request)])
      expect(shown).toBe(
        'RevocationRequest { token: <3 secret bytes>, client_id: "a", client_secret: <6 secret bytes> }',
      )
  })

  it('lists characters of a client_id that RFC 6749 App. A.1 has not', () => {
    expect(RevocationRequest.fromForm('token=a&client_id=%C3%A9').violations).toEqual([
      { rule: 'forbidden_character', path: 'client_id' },
    ])
    // client-id = *VSCHAR
    expect(RevocationRequest.fromJson({ token: 'a', client_id: '' }).violations).toEqual([])
  })
})

import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import {
  AccessTokenRequest,
  AccessTokenResponse,
  arrayOf,
  boolean,
  bytes,
  CreationHints,
  confirmation,
  IntrospectionRequest,
  IntrospectionResponse,
  integer,
  numericDate,
  opaque,
  problemDetailsWith,
  RevocationRequest,
  scope,
  text,
  unsigned,
} from '../../src/index.ts'
import { jsonSchema } from '../../src/schema.ts'
import { fromHex, refusal, toHex } from '../cbor/bytes.ts'

describe('rows from outside', () => {
  const Request = AccessTokenRequest.with({ token_upload: { key: 49, type: integer } })

  it('are members like the others, in CBOR, JSON and forms', () => {
    const request = new Request({ audience: 'rs1', token_upload: 2 })
    expect(request.token_upload).toBe(2)
    expectTypeOf(request.token_upload).toEqualTypeOf<number | bigint | undefined>()
    expectTypeOf(request.scope).toEqualTypeOf<AccessTokenRequest['scope']>()
    expect(toHex(request.toCbor())).toBe('a2 05 63727331 1831 02'.replaceAll(' ', ''))
    expect(request.toJson()).toEqual({ audience: 'rs1', token_upload: 2 })
    expect(request.toForm().toString()).toBe('audience=rs1&token_upload=2')
    expect(`${request}`).toBe('AccessTokenRequest { audience: "rs1", token_upload: 2 }')
    for (const back of [
      Request.fromCbor(request.toCbor(), { deterministic: true, strict: true }),
      Request.fromJson(request.toJson(), { strict: true }),
      Request.fromForm(request.toForm(), { strict: true }),
      Request.fromForm('audience=rs1&token_upload=2'),
    ]) {
      expect(back.token_upload).toBe(2)
      expect(back.unknown).toEqual([])
      expect(back.equals(request)).toBe(true)
      expect(back instanceof Request).toBe(true)
    }
    expect(request.equals(new Request({ audience: 'rs1', token_upload: 3 }))).toBe(false)
    expect(Request.table.find(({ name }) => name === 'token_upload')).toMatchObject({
      key: 49,
      type: 'integer',
      required: false,
    })
  })

  it('keep the rules of the message, and refuse the wrong type with the path', () => {
    expect(refusal(() => Request.fromCbor(fromHex('a1 1831 6161')))).toMatchObject({
      reason: 'unexpected_type',
      path: 'token_upload',
      offset: 3,
    })
    expect(refusal(() => new Request({ token_upload: 'a' as never }))).toMatchObject({ path: 'token_upload' })
    expect(refusal(() => new Request({ grant_type: 'password', token_upload: 1 }))).toMatchObject({
      reason: 'missing_member',
      path: 'username',
    })
    expect(refusal(() => Request.fromForm('token_upload=1&token_upload=2'))).toMatchObject({
      reason: 'duplicate_key',
    })
    // A text for its key is what it is for the others.
    expect(Request.fromCbor(fromHex('a1 6c 746f6b656e5f75706c6f6164 01')).violations).toEqual([
      { rule: 'text_key', path: 'token_upload' },
    ])
  })

  it('leave the class that they were added to as it was', () => {
    expect(AccessTokenRequest.fromCbor(fromHex('a1 1831 02')).unknown).toHaveLength(1)
    expect(refusal(() => new AccessTokenRequest({ token_upload: 2 } as never))).toMatchObject({
      reason: 'unexpected_type',
    })
  })

  it('are taken by every message', () => {
    const row = { vendor: { key: -70_001, type: text } } as const
    expect(new (AccessTokenResponse.with(row))({ access_token: 'a', vendor: 'v' }).vendor).toBe('v')
    expect(new (IntrospectionRequest.with(row))({ token: 'a', vendor: 'v' }).vendor).toBe('v')
    expect(new (IntrospectionResponse.with(row))({ active: true, vendor: 'v' }).vendor).toBe('v')
    expect(new (RevocationRequest.with(row))({ token: 'a', vendor: 'v' }).vendor).toBe('v')
    expect(new (CreationHints.with(row))({ vendor: 'v' }).vendor).toBe('v')
    expect(new (problemDetailsWith(2).with(row))({ vendor: 'v' }).vendor).toBe('v')
    // What it tells of an inactive token counts as the rest does.
    expect(
      refusal(() => new (IntrospectionResponse.with(row))({ active: false, vendor: 'v' })),
    ).toMatchObject({
      reason: 'violation',
    })
  })

  it('are of any exported type, required, secret or implied', () => {
    const All = RevocationRequest.with({
      a: { key: -70_001, type: bytes, required: true },
      b: { key: -70_002, type: boolean, implied: false },
      c: { key: -70_003, type: opaque, secret: true },
      d: { key: -70_004, type: unsigned },
      e: { key: -70_005, type: numericDate },
      f: { key: -70_006, type: scope },
      g: { key: -70_007, type: confirmation },
      h: { key: -70_008, type: arrayOf(confirmation) },
      i: { type: text },
    })
    const message = new All({
      token: 't',
      a: Uint8Array.of(1),
      c: 'hunter2',
      d: 1,
      e: 1.5,
      f: 'a b',
      g: { kid: 'k' },
      h: [{ kid: 'k' }, { kid: 'l' }],
    })
    expectTypeOf(message.a).toEqualTypeOf<Uint8Array>()
    expectTypeOf(message.b).toEqualTypeOf<boolean>()
    expect(message.b).toBe(false)
    expect(`${message}`).not.toContain('hunter2')
    for (const back of [
      All.fromCbor(message.toCbor()),
      All.fromJson(message.toJson()),
      All.fromForm(message.toForm().toString()),
    ])
      expect(back.equals(message)).toBe(true)
    expect(All.fromForm('token=t&a=AQ&b=true').b).toBe(true)
    expect(refusal(() => All.fromJson({ token: 't' }))).toMatchObject({ reason: 'missing_member', path: 'a' })
    expect(refusal(() => new All({ token: 't', a: Uint8Array.of(1), i: 'x' }).toCbor())).toMatchObject({
      reason: 'no_cbor_form',
      path: 'i',
    })
    // @ts-expect-error a is required
    expect(refusal(() => new All({ token: 't' }))).toMatchObject({ path: 'a' })
    const schema = jsonSchema(All.table)
    expect(schema.safeParse({ token: 't', a: 'AQ' }).success).toBe(true)
    expect(schema.safeParse({ token: 't', a: '+' }).success).toBe(false)
    expect(z.toJSONSchema(schema).required).toEqual(['a', 'token'].sort().reverse())
  })

  it('can be added twice', () => {
    const Twice = Request.with({ token_series_id: { key: -70_050, type: bytes } })
    const request = new Twice({ token_upload: 1, token_series_id: Uint8Array.of(1) })
    expect(Twice.fromCbor(request.toCbor()).equals(request)).toBe(true)
    expect(request.toForm().get('token_series_id')).toBe('AQ')
  })

  it('are refused where a name or a key is taken', () => {
    for (const rows of [
      { scope: { key: -70_001, type: text } },
      { x: { key: 9, type: text } },
      { x: { key: 30, type: integer } },
      { error: { key: -70_001, type: integer } },
      { unknown: { key: -70_001, type: text } },
      { toCbor: { key: -70_001, type: text } },
      { toString: { key: -70_001, type: text } },
      { constructor: { key: -70_001, type: text } },
      { x: { key: -70_001, type: text }, y: { key: -70_001, type: text } },
    ] as const)
      expect(() => AccessTokenRequest.with(rows as never), JSON.stringify(rows)).toThrow(RangeError)
    expect(() => Request.with({ token_upload: { key: -70_001, type: text } })).toThrow(RangeError)
    // A registered parameter under its own key is no collision.
    expect(AccessTokenRequest.with({ state: { key: 28, type: text } }).table).toHaveLength(14)
  })

  it('are refused where they are not rows', () => {
    for (const rows of [
      undefined,
      null,
      5,
      { x: {} },
      { x: null },
      { x: { key: 49 } },
      { x: { key: '49', type: text } },
      { x: { key: 1.5, type: text } },
      { x: { key: 49, type: 'text' } },
      { '': { key: 49, type: text } },
      { 'a b': { key: 49, type: text } },
      { '49': { key: 49, type: text } },
    ])
      expect(() => AccessTokenRequest.with(rows as never), JSON.stringify(rows)).toThrow(TypeError)
  })
})

describe('the class of a message', () => {
  it('cannot be extended', () => {
    // @ts-expect-error the construct signatures differ in what they give
    class Own extends AccessTokenRequest {}
    expect(() => new (Own as unknown as typeof AccessTokenRequest)({})).toThrow(TypeError)
    expect(Own.fromCbor(fromHex('a0')).constructor).toBe(AccessTokenRequest)
  })

  it('reads without a receiver', () => {
    const { fromCbor, fromJson, fromForm } = AccessTokenRequest
    for (const read of [() => fromCbor(fromHex('a0')), () => fromJson({}), () => fromForm('')])
      expect(read()).toBeInstanceOf(AccessTokenRequest)
  })
})

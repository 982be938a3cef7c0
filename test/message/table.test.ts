import { inspect, isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  AccessTokenRequest,
  AccessTokenResponse,
  CreationHints,
  IntrospectionRequest,
  IntrospectionResponse,
  problemDetailsWith,
  RevocationRequest,
} from '../../src/index.ts'
import { tableOf } from '../../src/message/table.ts'
import { text } from '../../src/message/types.ts'

const classes = {
  AccessTokenRequest,
  AccessTokenResponse,
  CreationHints,
  IntrospectionRequest,
  IntrospectionResponse,
  RevocationRequest,
  ProblemDetails: problemDetailsWith(2),
}

describe('tableOf', () => {
  it('puts rows in the order of the deterministic encoding (RFC 8949 §4.2.1)', () => {
    const row = (key?: number) => ({ ...(key !== undefined && { key }), type: text, section: '' })
    const table = tableOf({ a: row(-2), b: row(), c: row(300), d: row(-1), e: row(24), f: row(0) })
    expect(table.map(({ name }) => name)).toEqual(['f', 'e', 'c', 'd', 'a', 'b'])
    expect(table.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
  })
})

describe('the tables of the messages', () => {
  for (const [name, { table }] of Object.entries(classes))
    it(`${name} has each key once, a section for each member, and a class by that name`, () => {
      expect(new Set(table.map(({ key }) => key)).size).toBe(table.length)
      for (const { section, index, type } of table) {
        expect(section).toMatch(/^(RFC \d{4}|draft-ietf-[a-z-]+)( (section|appendix) [A-Z\d.]+)?$/)
        expect(table[index]?.type).toBe(type)
        expect(type.cbor).not.toBe('')
      }
      expect((classes[name as 'CreationHints'] as { name?: string }).name).toBe(name)
    })

  it('mark as secret what lets one act for another', () => {
    const secrets = Object.values(classes).flatMap(({ table }) =>
      table.filter(({ secret }) => secret).map(({ name }) => name),
    )
    expect(new Set(secrets)).toEqual(
      new Set(['access_token', 'refresh_token', 'token', 'client_secret', 'password', 'code']),
    )
    for (const { table } of Object.values(classes))
      for (const { name, secret } of table) if (secrets.includes(name)) expect(secret, name).toBe(true)
  })
})

describe('deep equality', () => {
  it('sees what two messages hold', () => {
    const request = new AccessTokenRequest({ audience: 'valve242', cnonce: Uint8Array.of(1) })
    expect(request).toEqual(new AccessTokenRequest({ audience: 'valve242', cnonce: Uint8Array.of(1) }))
    expect(request).not.toEqual(new AccessTokenRequest({ audience: 'valve242', cnonce: Uint8Array.of(2) }))
    expect(isDeepStrictEqual(request, new AccessTokenRequest({ audience: 'valve243' }))).toBe(false)
  })

  it('shows no secret where a message is written out', () => {
    const request = new AccessTokenRequest({ client_id: 'c1', client_secret: 'open sesame' })
    const shown = [
      JSON.stringify(request),
      JSON.stringify({ ...request }),
      `${request}`,
      inspect([request]),
      inspect({ ...request }),
    ]
    expect(shown.join()).not.toContain('sesame')
  })
})

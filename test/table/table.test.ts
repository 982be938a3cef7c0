import { inspect, isDeepStrictEqual } from 'node:util'
import { runInNewContext } from 'node:vm'
import * as cborg from 'cborg'
import { describe, expect, it } from 'vitest'
import { decode } from '../../src/cbor/reader.ts'
import {
  AccessTokenRequest,
  AccessTokenResponse,
  CreationHints,
  DecodeError,
  IntrospectionRequest,
  IntrospectionResponse,
  type Message,
  type MessageClass,
  problemDetailsWith,
  RevocationRequest,
} from '../../src/index.ts'
import { tableBehind } from '../../src/table/message-table.ts'
import { tableOf } from '../../src/table/table.ts'
import { text } from '../../src/table/types/text.ts'
import { TokenClaims } from '../../src/token/index.ts'
import { refusal } from '../cbor/bytes.ts'

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
      for (const { section, type } of table) {
        expect(section).toMatch(/^(RFC \d{4}|draft-ietf-[a-z-]+)( (section|appendix) [A-Z\d.]+)?$/)
        expect(type).toMatch(/^[\w ,-]+$/)
      }
      expect((classes[name as 'CreationHints'] as { name?: string }).name).toBe(name)
    })

  it('show their rows, which nobody can change, and nothing that reads or writes', () => {
    for (const { table } of Object.values(classes)) {
      expect(Object.isFrozen(table)).toBe(true)
      for (const row of table) {
        expect(Object.isFrozen(row)).toBe(true)
        for (const value of Object.values(row))
          expect(['string', 'number', 'boolean', 'undefined']).toContain(typeof value)
      }
    }
  })

  it('mark as secret what lets one act for another', () => {
    const secrets = Object.values(classes).flatMap(({ table }) =>
      table.filter(({ secret }) => secret).map(({ name }) => name),
    )
    expect(new Set(secrets)).toEqual(
      new Set(['access_token', 'refresh_token', 'token', 'client_secret', 'password', 'code']),
    )
    for (const { table } of Object.values(classes))
      for (const { name, secret } of table) expect(secret, name).toBe(secrets.includes(name))
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
    const shown = [JSON.stringify({ ...request }), `${request}`, inspect([request]), inspect({ ...request })]
    expect(shown.join()).not.toContain('sesame')
  })
})

describe('the path of a refusal', () => {
  it('ends at the map where that has no end: the member before is right', () => {
    const refused = (hex: string): string => {
      try {
        AccessTokenResponse.fromCbor(Buffer.from(hex, 'hex'), { maxMembers: 2 })
        return 'none'
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error
        return `${error.reason} at ${error.offset}: ${error.path}`
      }
    }
    expect(refused('bf0202')).toBe('truncated at 3: ')
    expect(refused('bf0141001826')).toBe('truncated at 6: ace_profile')
    expect(refused('bf014100020209612a')).toBe('too_large at 0: ')
    expect(refused('a108bf034100')).toBe('truncated at 6: cnf')
    expect(refused('a108a101bf0104')).toBe('truncated at 7: cnf.COSE_Key')
  })
})

describe('members that do not go together', () => {
  // Values of all members, in CBOR; those that others depend on, in turn.
  const bytes = Uint8Array.of(1, 2)
  const cnf = new Map([[3, bytes]])
  const symmetric = new Map([
    [
      1,
      new Map<number, unknown>([
        [1, 4],
        [-1, bytes],
      ]),
    ],
  ])
  const encrypted = new Map([[2, [bytes, new Map(), bytes]]])
  const samples: Record<string, [MessageClass<Message, never>, Record<string, unknown>][]> = {
    AccessTokenRequest: [undefined, 0, 1, 2, 3, -70_000].map((grant_type) => [
      AccessTokenRequest,
      {
        grant_type,
        client_id: 'c',
        client_secret: bytes,
        scope: 'read',
        audience: 'rs',
        code: bytes,
        redirect_uri: 'https://client.example/cb',
        username: 'u',
        password: 'p',
        refresh_token: bytes,
        req_cnf: cnf,
        ace_profile: null,
        cnonce: bytes,
      },
    ]),
    AccessTokenResponse: [undefined, 1, 2].flatMap((token_type) =>
      [cnf, symmetric, encrypted].map((key): [MessageClass<Message, never>, Record<string, unknown>] => [
        AccessTokenResponse,
        {
          access_token: bytes,
          token_type,
          expires_in: 60,
          scope: 'read',
          refresh_token: bytes,
          cnf: key,
          rs_cnf: cnf,
          ace_profile: 1,
        },
      ]),
    ),
    IntrospectionResponse: [undefined, 1, 2].map((token_type) => [
      IntrospectionResponse,
      { active: true, token_type, scope: 'read', exp: 1, aud: 'rs', exi: 60, ace_profile: 1, cnf },
    ]),
    TokenClaims: [
      [
        TokenClaims,
        { iss: 'as', sub: 's', aud: 'rs', exp: 1, nbf: 1, iat: 1, cti: bytes, cnf, scope: 'read', exi: 60 },
      ],
    ],
  }

  /** The outcome of reading: the reason and the path of a refusal, or none. */
  function refusal(read: () => unknown): string {
    try {
      read()
      return 'none'
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      return `${error.reason} ${error.path} ${error.expected}`
    }
  }

  for (const [name, cases] of Object.entries(samples))
    it(`${name} refuses the same of them in CBOR and in JSON, whichever there are`, () => {
      const outcomes = new Set<string>()
      for (const [Class, values] of cases) {
        const rows = tableBehind(Class.table).filter((row) => values[row.name] !== undefined)
        const members = rows.map(({ name: member, key, type }) => {
          const cbor = cborg.encode(values[member])
          return {
            key: cborg.encode(key),
            cbor,
            name: member,
            json: type.toJson(decode(cbor, undefined, type.decode)),
          }
        })
        for (let chosen = 0; chosen < 1 << members.length; chosen++) {
          const some = members.filter((_, index) => chosen & (1 << index))
          const cbor = Buffer.concat([
            Uint8Array.of(0xa0 + some.length),
            ...some.flatMap((member) => [member.key, member.cbor]),
          ])
          const json = Object.fromEntries(some.map((member) => [member.name, member.json]))
          const found = refusal(() => Class.fromCbor(cbor))
          outcomes.add(found)
          if (found !== refusal(() => Class.fromJson(json))) expect.fail(`${inspect(json)} in CBOR: ${found}`)
        }
      }
      expect(outcomes.size).toBeGreaterThan(1)
    })
})

describe('what is given to a constructor', () => {
  it('has to be a record of its own members', () => {
    const request = new AccessTokenRequest({ scope: 'a' })
    const others = [request, new URLSearchParams('scope=a'), new Map([['scope', 'a']]), [], new Date()]
    for (const input of [...others, null, 1])
      expect(refusal(() => new AccessTokenRequest(input as never))).toMatchObject({
        name: 'EncodeError',
        reason: 'unexpected_type',
        path: '',
      })
    const bare = Object.assign(Object.create(null), { scope: 'a' })
    expect(new AccessTokenRequest(bare).equals(request)).toBe(true)
    const foreign = runInNewContext('({ scope: "a" })')
    expect(new AccessTokenRequest(foreign).equals(request)).toBe(true)
  })

  it('and JSON for members that it does not know', () => {
    const cyclic: Record<string, unknown> = {}
    cyclic['x'] = cyclic
    for (const json of [undefined, cyclic, 1n, () => 1])
      expect(refusal(() => new AccessTokenRequest({}, [{ name: 'x', json: json as never }]))).toMatchObject({
        name: 'EncodeError',
        reason: 'unexpected_type',
        path: 'x',
      })
  })
})

import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  AccessTokenRequest,
  AccessTokenResponse,
  CreationHints,
  DecodeError,
  IntrospectionRequest,
  IntrospectionResponse,
  problemDetailsWith,
  RevocationRequest,
} from '../../src/index.ts'
import {
  accessTokenRequestSchema,
  accessTokenResponseSchema,
  creationHintsSchema,
  introspectionRequestSchema,
  introspectionResponseSchema,
  jsonSchema,
  revocationRequestSchema,
} from '../../src/schema.ts'
import { tableBehind } from '../../src/table/message-table.ts'

const classes = {
  AccessTokenRequest,
  AccessTokenResponse,
  CreationHints,
  IntrospectionRequest,
  IntrospectionResponse,
  RevocationRequest,
  ProblemDetails: problemDetailsWith(2),
}
/** What may be tried for any member. */
const values: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  255,
  256,
  1.5,
  2 ** 53,
  -70_001,
  Number.NaN,
  1 / 0,
  '',
  'a',
  'AQ',
  'AB',
  'A',
  'AQ==',
  'a.b',
  'é',
  '\ud800',
  '1',
  '-1',
  '01',
  '1.5',
  '18446744073709551615',
  '18446744073709551616',
  '99999999999999999999',
  'coaps://a/b',
  [],
  ['a'],
  ['a', 'b'],
  [1],
  [1, 2],
  ['1'],
  [-1],
  ['x'],
  [null],
  [1.5],
  {},
  { kid: 'AQ' },
  { jwk: { kty: 'EC' } },
  { jwk: { kty: 'x' } },
  { lang: 'en', text: 'a' },
  { lang: '', text: 'a' },
  { error: 'invalid_grant' },
  { error: 3 },
  { x: 1 },
]
const needed: Readonly<Record<string, unknown>> = { access_token: 'AQ', token: 'AQ', active: true }

describe('jsonSchema', () => {
  for (const [message, made] of Object.entries(classes))
    for (const { name, type, required } of tableBehind(made.table)) {
      const rest = Object.fromEntries(
        made.table
          .filter((row) => row.required && row.name !== name)
          .map((row) => [row.name, needed[row.name]]),
      )
      const accepts = (json: unknown): boolean => {
        try {
          made.fromJson(json)
          return true
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error
          return (
            error.reason === 'conflicting_members' ||
            (error.path !== name && !error.path.startsWith(`${name}.`))
          )
        }
      }
      const schema = jsonSchema(made.table)
      it(`${message}: takes for ${name} what fromJson takes`, () => {
        const refused = values.filter(
          (value) =>
            accepts({ ...rest, [name]: value }) && !schema.safeParse({ ...rest, [name]: value }).success,
        )
        expect(refused).toEqual([])
      })
      // What is inside an object, and what a URI is, is for fromJson.
      if (!['object', 'text or object'].includes(type.json) && name !== 'AS')
        it(`${message}: takes for ${name} nothing that fromJson refuses`, () => {
          const taken = values.filter(
            (value) =>
              !accepts({ ...rest, [name]: value }) && schema.safeParse({ ...rest, [name]: value }).success,
          )
          expect(taken).toEqual([])
        })
      it(`${message}: ${required ? 'needs' : 'does without'} ${name}`, () => {
        expect(schema.safeParse(rest).success).toBe(!required)
      })
    }

  it('lets members through that the message does not know', () => {
    expect(jsonSchema(CreationHints.table).parse({ x: [1], AS: 'a:b' })).toEqual({ x: [1], AS: 'a:b' })
    expect(jsonSchema(CreationHints.table).safeParse([]).success).toBe(false)
  })

  it('becomes a JSON schema that names the RFCs', () => {
    const schema = z.toJSONSchema(jsonSchema(AccessTokenResponse.table))
    expect(schema.required).toEqual(['access_token'])
    expect(JSON.stringify(schema.properties?.['state'])).toContain('RFC 9200 section 5.8.2')
  })
})

describe('the entry', () => {
  it('has a schema for each message', () => {
    for (const [schema, right, wrong] of [
      [accessTokenRequestSchema, { scope: 'a' }, { scope: 1 }],
      [accessTokenResponseSchema, { access_token: 'a' }, {}],
      [creationHintsSchema, { AS: 'coaps://a' }, { AS: 'a' }],
      [introspectionRequestSchema, { token: 'a' }, {}],
      [introspectionResponseSchema, { active: true }, { active: 'true' }],
      [revocationRequestSchema, { token: 'a' }, { token: 1 }],
    ] as const) {
      expect(schema.safeParse(right).success).toBe(true)
      expect(schema.safeParse(wrong).success).toBe(false)
    }
  })

  it('leaves the configuration that all users of zod share as it was', () => {
    jsonSchema(CreationHints.table).safeParse({})
    expect(z.config().jitless).toBeUndefined()
  })
})

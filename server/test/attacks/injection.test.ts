import { stripVTControlCharacters } from 'node:util'
import {
  AccessTokenRequest,
  type CborValue,
  encodeValue,
  IntrospectionRequest,
  oauthParameters,
  RevocationRequest,
} from 'ace-oauth'
import type { EndpointResponse } from 'ace-oauth/endpoint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logAnswer, openLog } from '../../src/serve/log.ts'
import { askByForm, basic, type Fixture, openFixture, secret } from '../authorization-server/fixture.ts'

let as: Fixture
beforeAll(async () => {
  as = await openFixture({
    limits: { failuresPerClient: 10_000, failuresPerAddress: 10_000, failuresPerClientAndAddress: 10_000 },
  })
})
afterAll(() => as.close())

const sql = [
  "'; drop table tokens; --",
  "' or '1'='1",
  "c1'--",
  '" or ""="',
  "') union select client_id, secret_hash from clients --",
  '%',
  'c_',
  '\\',
  "rs1' || '",
]
const hostile = [
  ...sql,
  'a\r\nset-cookie: x=1',
  'a\nb',
  '\u001b[31mred',
  '\u0085\u2028',
  '‮gnp.exe',
  '{"event":"ready"}',
  '$'.concat('{jndi:ldap://x}'),
]

const rows = async () => {
  const { audit: _, ...counted } = await as.store.counts()
  return counted
}

/** What is wrong with an answer to something hostile: it is no success, and repeats nothing. */
function faultOf(answer: EndpointResponse, value: string): string | undefined {
  if (answer.status < 300) return `${value} was taken`
  if (answer.status >= 500) return `${value}: ${answer.failure?.code}`
  const shown = JSON.stringify(answer.headers) + new TextDecoder().decode(answer.payload)
  return value.length > 2 && shown.includes(value) ? `${value} is repeated` : undefined
}

describe('SQL and control characters in a request', () => {
  it('change nothing and find nothing, in any text or bytes of a token request in CBOR', async () => {
    const before = await rows()
    const faults = []
    for (const value of hostile) {
      const bytes = new TextEncoder().encode(value)
      const usual = { client_id: 'c1', client_secret: secret, audience: 'rs1', scope: 'read' } as const
      const members: Record<string, CborValue>[] = [
        { client_id: value },
        { client_secret: bytes },
        { audience: value },
        { scope: value },
        { scope: bytes },
        { ace_profile: value },
        { req_cnf: new Map([[3, bytes]]) },
        {
          req_cnf: new Map([
            [
              1,
              new Map<number, CborValue>([
                [1, 2],
                [2, bytes],
                [-1, value],
                [-2, bytes],
                [-3, bytes],
              ]),
            ],
          ]),
        },
        { grant_type: 2, refresh_token: bytes },
        { grant_type: 1, code: bytes, redirect_uri: value },
        { grant_type: 0, username: value, password: value },
      ]
      for (const more of members) {
        const { ...given }: Record<string, CborValue> = {
          ...usual,
          client_secret: new TextEncoder().encode(secret),
          ...more,
        }
        const payload = encodeValue(
          new Map(Object.entries(given).map(([name, each]) => [oauthParameters[name as 'scope'], each])),
        )
        faults.push(faultOf(await as.server.token({ method: 'POST', payload }), value))
      }
    }
    expect(faults.filter(Boolean)).toEqual([])
    expect(await rows()).toEqual(before)
  })

  it('nor in any parameter of a form, in the header, at introspection, revocation and the revocation list', async () => {
    const before = await rows()
    const faults = []
    for (const value of hostile) {
      for (const name of [
        'audience',
        'resource',
        'scope',
        'ace_profile',
        'grant_type',
        'req_cnf',
        'refresh_token',
        'client_id',
        'client_assertion',
      ])
        faults.push(
          faultOf(await askByForm(as, 'c1', { audience: 'rs1', scope: 'read', [name]: value }), value),
        )
      const headers = new Headers({
        authorization: `Basic ${Buffer.from(`${encodeURIComponent(value)}:${encodeURIComponent(value)}`).toString('base64')}`,
      })
      const mediaType = 'application/x-www-form-urlencoded'
      const payload = new TextEncoder().encode('audience=rs1&scope=read&token=abc')
      for (const endpoint of [as.server.token, as.server.introspection, as.server.revocation])
        faults.push(faultOf(await endpoint({ method: 'POST', mediaType, payload, headers }), value))
      faults.push(faultOf(await as.server.revocationList({ method: 'GET', headers }, {}), value))
      const known = new Headers({ authorization: basic('c1') })
      for (const query of [{ diff: value }, { diff: '1', cursor: value }, { cursor: value }])
        faults.push(faultOf(await as.server.revocationList({ method: 'GET', headers: known }, query), value))
    }
    expect(faults.filter(Boolean)).toEqual([])
    expect(await rows()).toEqual(before)
  })

  it('are no token: introspection finds none, and revocation revokes none', async () => {
    const { access_token } = await as.token('c1', { audience: 'rs1', scope: 'read' })
    for (const token of hostile) {
      const introspected = await as.introspect('rs1', new TextEncoder().encode(token))
      expect(introspected.active).toBe(false)
      expect((await as.revoke('c1', new TextEncoder().encode(token))).status).toBe(200)
      const payload = new TextEncoder().encode(
        new URLSearchParams({ token, token_type_hint: token }).toString(),
      )
      const headers = new Headers({ authorization: basic('c1') })
      const mediaType = 'application/x-www-form-urlencoded'
      await as.server.revocation({ method: 'POST', mediaType, payload, headers })
    }
    expect((await as.introspect('rs1', access_token)).active).toBe(true)
  })

  it('that are registered are names like others', async () => {
    for (const [i, name] of sql.entries()) {
      const audience = `rs ${i} ${name}`
      await as.addResourceServer(audience, { scopes: ['read', `aif:${name} 1`] })
      await as.addClient(name, { audiences: [audience], scopes: ['read'] })
      const { access_token } = await as.token(name, { audience, scope: 'read' })
      expect(await as.introspect(audience, access_token)).toMatchObject({ aud: audience, client_id: name })
      expect(await as.store.tokens.list({ clientId: name, limit: 9 })).toHaveLength(1)
    }
  })
})

describe('the log of an answer', () => {
  const lineOf = async (format: 'json' | 'pretty', value: string): Promise<string> => {
    let written = ''
    const { logger, flush } = await openLog(
      { level: 'info', format },
      {
        out: (text) => {
          written += text
        },
        isTerminal: format === 'pretty',
      },
    )
    const payload = new AccessTokenRequest({
      client_id: 'c1',
      client_secret: 'hunter2',
      scope: 'read',
    }).toCbor()
    await as.server.token({ method: 'POST', payload, peer: { address: value } })
    const wrong = new TextEncoder().encode(
      `audience=${encodeURIComponent(value)}&scope=${encodeURIComponent(value)}`,
    )
    await as.server.token({
      method: 'POST',
      mediaType: 'application/x-www-form-urlencoded',
      payload: wrong,
      headers: new Headers({ authorization: basic('c1') }),
    })
    for (const answer of as.answers.splice(-2)) logAnswer(logger, answer)
    flush()
    return written
  }

  it('is one line, whatever the request says, and obeys nothing', async () => {
    for (const value of hostile)
      for (const format of ['json', 'pretty'] as const) {
        const written = await lineOf(format, value)
        expect(written.match(/[^\n]+\n/g)).toHaveLength(2)
        const plain = format === 'json' ? written : stripVTControlCharacters(written)
        expect(plain.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u)
        if (format === 'json')
          for (const line of written.trimEnd().split('\n')) expect(JSON.parse(line).event).toBe('answer')
      }
  })

  it('has no secret and no token', async () => {
    as.answers.length = 0
    const { access_token, refresh_token, cnf } = await as.token('c1', { audience: 'rs1', scope: 'read' })
    await as.refusal('c1', { grant_type: 'refresh_token', refresh_token: Uint8Array.of(1, 2, 3, 4, 5, 6) })
    await as.introspect('rs1', access_token)
    await as.revoke('c2', access_token)
    let written = ''
    const { logger, flush } = await openLog(
      { level: 'debug', format: 'json' },
      {
        out: (text) => {
          written += text
        },
      },
    )
    for (const answer of as.answers) logAnswer(logger, answer)
    flush()
    expect(written.trimEnd().split('\n')).toHaveLength(4)
    for (const hidden of [access_token, refresh_token!, cnf!.COSE_Key!.k!, Uint8Array.of(1, 2, 3, 4, 5, 6)])
      for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const)
        expect(written).not.toContain(Buffer.from(hidden).toString(encoding))
    expect(written).not.toContain(secret)
  })
})

describe('a request that is too much', () => {
  const post = async (
    payload: Uint8Array | AsyncIterable<Uint8Array>,
    mediaType = 'application/ace+cbor',
  ) => {
    const { code, failure } = await as.server.token({
      method: 'POST',
      mediaType,
      payload,
      headers: new Headers(),
    })
    return [code, failure?.code]
  }

  it('is refused by its size, and read no further than that', async () => {
    let read = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        read += 16_384
        yield new Uint8Array(16_384)
      }
    }
    expect(await post(endless())).toEqual(['4.13', 'token_request_too_large'])
    expect(read).toBeLessThanOrEqual(2 * 65_536)
    expect(await post(new Uint8Array(1_000_000))).toEqual(['4.13', 'token_request_too_large'])
  })

  it('is refused by its depth, its members and the length that it only claims to have', async () => {
    const nested = new Uint8Array(2_000).fill(0x81)
    const manyMembers = Uint8Array.of(0xb9, 0xff, 0xff, ...Array.from({ length: 60_000 }, () => 0))
    const claimed = Uint8Array.of(0xa1, 0x05, 0x7a, 0x7f, 0xff, 0xff, 0xff)
    expect(await post(Uint8Array.of(0xa1, 0x18, 0x63, ...nested))).toEqual(['4.00', 'token_nesting_too_deep'])
    for (const payload of [manyMembers, claimed]) expect((await post(payload))[0]).toMatch(/^4\.(00|13)$/)
    const manyParameters = new TextEncoder().encode('a=&'.repeat(20_000))
    expect((await post(manyParameters, 'application/x-www-form-urlencoded'))[0]).toMatch(/^4\.(00|13)$/)
  })
})

describe('a message of another kind', () => {
  it('is none of this endpoint: an introspection or revocation request gets no token', async () => {
    for (const payload of [
      new IntrospectionRequest({ token: 'abc' }).toCbor(),
      new RevocationRequest({ token: 'abc' }).toCbor(),
    ]) {
      const { failure } = await as.server.token({ method: 'POST', payload })
      expect(failure?.code).toBe('token_client_credentials_missing')
    }
  })
})

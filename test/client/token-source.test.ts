import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clientSecretPost,
  type Fetch,
  isExpired,
  type ObtainedToken,
  TokenSource,
  type TokenSourceOptions,
  tokenFromJson,
  tokenToJson,
} from '../../src/client/index.ts'
import { AccessTokenRequest } from '../../src/message/access-token-request.ts'
import { AccessTokenResponse } from '../../src/message/access-token-response.ts'
import { ErrorResponse } from '../../src/message/error-response.ts'

const server = { token_endpoint: 'https://as.example.com/token' }
const authentication = clientSecretPost('sensor1', 'VerySecret')
const cnf = { COSE_Key: { kty: 'Symmetric', kid: 'k1', k: new Uint8Array(16).fill(7) } } as const
const headers = { 'content-type': 'application/ace+cbor' }
const answer = (bytes: Uint8Array, status = 200, more: Record<string, string> = {}): Response =>
  new Response(new Uint8Array(bytes), { status, headers: { ...headers, ...more } })
const lost = () =>
  Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } }))
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes)
const soon = { retry: { maxAttempts: 1 } } as const

type Step = (request: AccessTokenRequest, count: number) => Response | Promise<Response>

/** A token, the number of which is in its name, with a refresh token. */
const issue: Step = (request, count) =>
  answer(
    new AccessTokenResponse({
      access_token: `token${count}`,
      refresh_token: `refresh${count}`,
      expires_in: 100,
      ...(request.grant_type === 'refresh_token' ? {} : { cnf }),
    }).toCbor(),
  )
const refuse =
  (error: 'invalid_grant' | 'invalid_request', status = 400, more: Record<string, string> = {}): Step =>
  () =>
    answer(ErrorResponse.builder().error(error).build().toCbor(), status, more)

/** A server that does one step after the other, and the last one for ever. */
function scripted(...steps: Step[]): { fetch: Fetch; asked: string[] } {
  const asked: string[] = []
  const fetch: Fetch = async (_, { body }) => {
    const request = AccessTokenRequest.fromCbor(body!)
    asked.push(request.grant_type === 'refresh_token' ? text(request.refresh_token) : 'first')
    return (steps[asked.length - 1] ?? steps.at(-1)!)(request, asked.length)
  }
  return { fetch, asked }
}

function source(
  steps: Step[],
  more: Partial<TokenSourceOptions> = {},
  members = {},
): { tokens: TokenSource; asked: string[]; clock: { now: number } } {
  const { fetch, asked } = scripted(...steps)
  const clock = { now: Date.now() / 1_000 }
  const options = { authentication, fetch, now: () => clock.now, ...soon, ...more }
  return {
    tokens: new TokenSource(server, { audience: 'rs1', scope: 'read', ...members }, options),
    asked,
    clock,
  }
}

describe('a token source', () => {
  it('asks once for as long as the token is valid, and all who ask at once get the same', async () => {
    const { tokens, asked, clock } = source([issue])
    const all = await Promise.all([tokens.get(), tokens.get(), tokens.get()])
    expect(new Set(all).size).toBe(1)
    clock.now += 60
    expect(await tokens.get()).toBe(all[0])
    expect(asked).toEqual(['first'])
  })

  it('refreshes before the end, with the same key and one request for all (R9200-5.10.2-1, R9202-3.4-4)', async () => {
    const { tokens, asked, clock } = source([issue])
    const first = await tokens.get()
    clock.now += 75
    const [second, third] = await Promise.all([tokens.get(), tokens.get()])
    expect(second).toBe(third)
    expect(asked).toEqual(['first', 'refresh1'])
    expect(second.cnf).toBe(first.cnf)
    expect([text(second.access_token), second.scope]).toEqual(['token2', 'read'])
  })

  it('repeats the very same refresh after its answer was lost, in one call and in the next', async () => {
    const clock = {
      now: () => 0,
      sleep: (ms: number) => (ms > 60_000 ? new Promise<never>(() => undefined) : Promise.resolve()),
    }
    const {
      tokens,
      asked,
      clock: time,
    } = source([issue, lost, lost, issue], { retry: { maxAttempts: 2, clock } })
    await tokens.get()
    time.now += 200
    await expect(tokens.get()).rejects.toMatchObject({ code: 'client_network_error' })
    expect(text((await tokens.get()).access_token)).toBe('token4')
    expect(asked).toEqual(['first', 'refresh1', 'refresh1', 'refresh1'])
  })

  it('gives the token that there is while it is valid and the server is not there, without making anybody wait', async () => {
    const { tokens, asked, clock } = source([issue, lost], { retry: { maxAttempts: 5 } })
    const first = await tokens.get()
    clock.now += 80
    expect(await tokens.get()).toBe(first)
    // One attempt, and the next only after a while.
    expect(asked).toEqual(['first', 'refresh1'])
    expect(await tokens.get()).toBe(first)
    expect(asked).toHaveLength(2)
    clock.now += 2
    expect(await tokens.get()).toBe(first)
    expect(asked).toHaveLength(3)
  })

  it('fails once the token is over and the server is still not there', async () => {
    const { tokens, clock } = source([issue, lost])
    await tokens.get()
    clock.now += 160
    for (const _ of [1, 2]) await expect(tokens.get()).rejects.toMatchObject({ code: 'client_network_error' })
  })

  it('leaves the server alone for as long as it asks', async () => {
    const { tokens, asked, clock } = source([refuse('invalid_request', 429, { 'retry-after': '60' }), issue])
    for (const _ of [1, 2, 3])
      await expect(tokens.get()).rejects.toMatchObject({ code: 'client_rate_limited', retryAfterMs: 60_000 })
    expect(asked).toHaveLength(1)
    clock.now += 61
    expect(text((await tokens.get()).access_token)).toBe('token2')
  })

  it('begins anew with client credentials where the refresh token is no longer good', async () => {
    const { tokens, asked, clock } = source([issue, refuse('invalid_grant'), issue])
    await tokens.get()
    clock.now += 200
    expect(text((await tokens.get()).access_token)).toBe('token3')
    expect(asked).toEqual(['first', 'refresh1', 'first'])
  })

  it('never uses an authorization code twice', async () => {
    const members = { grant_type: 'authorization_code', code: 'abc' }
    const { tokens, asked, clock } = source([issue, refuse('invalid_grant')], {}, members)
    await tokens.get()
    clock.now += 200
    for (const _ of [1, 2]) await expect(tokens.get()).rejects.toMatchObject({ code: 'client_invalid_grant' })
    expect(asked).toEqual(['first', 'refresh1', 'refresh1'])
  })

  it('renews a token that is discarded, and only that (R9202-3.4-5)', async () => {
    const { tokens, asked } = source([issue])
    const first = await tokens.get()
    tokens.discard(first)
    const second = await tokens.get()
    tokens.discard(first)
    expect(await tokens.get()).toBe(second)
    expect(asked).toEqual(['first', 'refresh1'])
  })

  it('stops a request once nobody waits for it, and not before', async () => {
    let isStopped = false
    const hanging: Fetch = (_, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          isStopped = true
          reject(signal.reason)
        }),
      )
    const tokens = new TokenSource(server, {}, { authentication, fetch: hanging, ...soon })
    const [one, two] = [new AbortController(), new AbortController()]
    const waiting = [tokens.get({ signal: one.signal }), tokens.get({ signal: two.signal })]
    one.abort()
    await expect(waiting[0]).rejects.toMatchObject({ code: 'client_cancelled' })
    expect(isStopped).toBe(false)
    two.abort()
    await expect(waiting[1]).rejects.toMatchObject({ code: 'client_cancelled' })
    await new Promise(setImmediate)
    expect(isStopped).toBe(true)
    await expect(tokens.get({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'client_cancelled',
    })
  })

  it('stores each token before anybody has it, and outlives a restart', async () => {
    const stored: string[] = []
    const onToken = (token: ObtainedToken) => stored.push(JSON.stringify(tokenToJson(token)))
    const before = source([issue], { onToken })
    const first = await before.tokens.get()
    expect(stored).toHaveLength(1)
    const token = tokenFromJson(JSON.parse(stored[0]!))
    expect({ ...token, response: undefined }).toEqual({ ...first, response: undefined })
    const after = source([issue], { token })
    expect(await after.tokens.get()).toBe(token)
    after.clock.now += 200
    await after.tokens.get()
    expect(after.asked).toEqual(['refresh1'])
  })

  it('tells where a token cannot be stored, and keeps it', async () => {
    const onToken = () => Promise.reject(new Error('the disk is full'))
    const { tokens, asked } = source([issue], { onToken })
    await expect(tokens.get()).rejects.toMatchObject({ code: 'client_store_unavailable' })
    expect(text((await tokens.get()).access_token)).toBe('token1')
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['renewBeforeSeconds', { renewBeforeSeconds: Number.NaN }],
    ['timeoutMs', { timeoutMs: -1 }],
    ['authentication', { authentication: undefined }],
  ])('refuses a wrong %s where it is given', (name, more) => {
    expect(() => new TokenSource(server, {}, { authentication, ...more } as never)).toThrow(name)
  })
})

describe('a stored token', () => {
  it.each([
    [null],
    [[]],
    [{}],
    [{ access_token: 'abc', expires_at: '1', response_encoding: 'cbor' }],
    [{ access_token: 'abc', expires_at: 1, response_encoding: 'xml' }],
    [{ expires_at: 1, response_encoding: 'cbor' }],
    [
      {
        access_token: 'abc',
        scope: 'no base64',
        scope_is_bytes: true,
        expires_at: 1,
        response_encoding: 'cbor',
      },
    ],
  ])('of %j is refused', (json) => {
    expect(() => tokenFromJson(json)).toThrow(expect.objectContaining({ name: 'DecodeError' }))
  })

  it('comes back as it was, whatever it holds', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 })
    const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
    const scope = fc.oneof(fc.constantFrom('read', 'read write'), bytes)
    const key = fc.oneof(
      fc.record({ COSE_Key: fc.record({ kty: fc.constant('Symmetric' as const), kid: bytes, k: bytes }) }),
      fc.record({ kid: bytes }),
    )
    fc.assert(
      fc.property(
        bytes,
        maybe(bytes),
        maybe(scope),
        maybe(key),
        fc.nat(),
        (access_token, refresh_token, given, cnf, end) => {
          const members = { access_token, refresh_token, scope: given, cnf }
          const present = Object.fromEntries(
            Object.entries(members).filter(([, value]) => value !== undefined),
          )
          const response = new AccessTokenResponse(present as never)
          const token: ObtainedToken = {
            ...{
              access_token,
              refresh_token,
              scope: given,
              cnf: response.cnf,
              rs_cnf: undefined,
              ace_profile: undefined,
            },
            ...{ token_type: 'PoP', expiresAt: end, encoding: 'cbor', response },
          }
          const back = tokenFromJson(JSON.parse(JSON.stringify(tokenToJson(token))))
          expect({ ...back, response: undefined }).toEqual({ ...token, response: undefined })
        },
      ),
    )
  })

  it('is over from its end on, and nothing but a time says so', () => {
    const token = tokenFromJson({ access_token: 'abc', expires_at: 100, response_encoding: 'cbor' })
    expect([99, 100, 101].map((now) => isExpired(token, now))).toEqual([false, true, true])
    expect(() => isExpired(token, Number.NaN)).toThrow(RangeError)
  })

  it('is told nowhere by mistake', () => {
    const token = tokenFromJson({
      access_token: 'very-secret-token',
      refresh_token: 'very-secret-refresh',
      expires_at: 100,
      response_encoding: 'json',
    })
    expect(JSON.stringify(token)).not.toContain('very-secret')
    expect(`${JSON.stringify({ token })}`).toContain('secret bytes')
  })
})

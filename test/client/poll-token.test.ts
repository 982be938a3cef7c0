import { describe, expect, it } from 'vitest'
import { type Fetch, type PollOptions, pollForToken, publicClient } from '../../src/client/index.ts'
import { VirtualClock } from '../failure/virtual-clock.ts'

const server = { token_endpoint: 'https://as.example.com/token' }
const headers = { 'content-type': 'application/json' }
const token = { access_token: 'abc', token_type: 'Bearer', expires_in: 60 }
const lost = 'lost'
type Answer = string | typeof lost | typeof token

/** Polls a server that answers so, and tells when it was asked, in seconds. */
async function poll(answers: readonly Answer[], more: Partial<PollOptions> = {}) {
  const clock = new VirtualClock()
  const asked: number[] = []
  const forms: string[] = []
  const fetch: Fetch = async (_, { body }) => {
    const answer = answers[asked.length] ?? answers.at(-1)!
    asked.push(clock.time / 1_000)
    forms.push(new TextDecoder().decode(body))
    if (answer === lost) throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })
    const isToken = typeof answer !== 'string'
    return new Response(JSON.stringify(isToken ? answer : { error: answer }), {
      status: isToken ? 200 : 400,
      headers,
    })
  }
  const options = {
    authentication: publicClient('tv1'),
    fetch,
    clock,
    tokenTypes: ['Bearer'],
    expiresInSeconds: 600,
  }
  const outcome = await clock
    .run(pollForToken(server, 'GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS', { ...options, ...more }))
    .catch((error: unknown) => error)
  return { outcome, asked, form: new URLSearchParams(forms[0]) }
}

describe('polling for the token of a device', () => {
  it('asks with the interval between, by default five seconds, until there is one (R8628-3.5-1)', async () => {
    const { outcome, asked, form } = await poll(['authorization_pending', 'authorization_pending', token])
    expect(outcome).toMatchObject({ token_type: 'Bearer' })
    expect(asked).toEqual([5, 10, 15])
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS',
      client_id: 'tv1',
    })
    expect((await poll(['authorization_pending', token], { intervalSeconds: 10 })).asked).toEqual([10, 20])
  })

  it('waits five seconds more for good after slow_down (R8628-3.5-2)', async () => {
    const { asked } = await poll(['slow_down', 'authorization_pending', 'slow_down', token])
    expect(asked).toEqual([5, 15, 25, 40])
  })

  it.each(['access_denied', 'expired_token', 'invalid_grant'])('stops at %s (R8628-3.5-3)', async (error) => {
    const { outcome, asked } = await poll(['authorization_pending', error])
    expect(outcome).toMatchObject({ code: `client_${error}` })
    expect(asked).toHaveLength(2)
  })

  it('asks a server that is not reached half as often each time (R8628-3.5-4)', async () => {
    const { asked } = await poll([lost, lost, 'authorization_pending', token])
    expect(asked).toEqual([5, 15, 35, 55])
  })

  it('ends with the device code', async () => {
    const { outcome, asked } = await poll(['authorization_pending'], { expiresInSeconds: 12 })
    expect(outcome).toMatchObject({ code: 'client_expired_token' })
    expect(asked).toEqual([5, 10])
  })

  it('ends when the caller says so, and refuses times that are none', async () => {
    expect((await poll([token], { signal: AbortSignal.abort() })).outcome).toMatchObject({
      code: 'client_cancelled',
    })
    for (const wrong of [{ expiresInSeconds: Number.NaN }, { intervalSeconds: 0 }, { intervalSeconds: -1 }])
      expect((await poll([token], wrong)).outcome).toBeInstanceOf(RangeError)
  })
})

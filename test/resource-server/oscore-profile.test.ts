import { describe, expect, it } from 'vitest'
import { TokenKey } from '../../src/cose/token-key.ts'
import { type AuthzInfoOptions, answerAuthzInfo } from '../../src/resource-server/authz-info.ts'
import { confirmationNames } from '../../src/resource-server/confirmation-key.ts'
import { HeldTokens } from '../../src/resource-server/held-tokens.ts'
import type { OscoreParameters } from '../../src/resource-server/oscore-context.ts'
import { issueCwt } from '../../src/token/cwt.ts'
import type { TokenClaimsMembers } from '../../src/token/token-claims.ts'
import { endpoint, now, post, postClaims, postOscore, shared } from './fixtures.ts'

const id = Uint8Array.of(1)
const osc = { id, ms: new Uint8Array(16).fill(7) }
const cwt = (claims: TokenClaimsMembers): Promise<Uint8Array> => issueCwt(claims, shared)

/** A resource server that keeps its security contexts, each by its Recipient ID. */
function resourceServer(more: Partial<AuthzInfoOptions> = {}) {
  const contexts = new Map<number, OscoreParameters>()
  let next = 10
  const oscore = {
    newRecipientId: () => Uint8Array.of(next++),
    established: async (parameters: OscoreParameters) =>
      void contexts.set(parameters.recipientId[0]!, parameters),
    discarded: (parameters: OscoreParameters) => void contexts.delete(parameters.recipientId[0]!),
  }
  return { contexts, oscore, options: endpoint({ oscore, ...more }) }
}

describe('rights of the OSCORE profile (RFC 9203 §4)', () => {
  it('R9203-4.1-3: a kid outside the security context changes nothing', async () => {
    const { options } = resourceServer()
    await postOscore(cwt({ scope: 'read', cnf: { osc } }), options)
    for (const format of [61, 42, undefined]) {
      const answer = await post(cwt({ scope: 'admin', cnf: { kid: id } }), options, format)
      expect(answer).toMatchObject({ code: '4.00', failure: { code: 'authz_info_key_unusable' } })
    }
    const asking = cwt({ scope: 'admin', cnf: { kid: Uint8Array.of(2) }, ace_profile: 'coap_oscore' })
    expect((await post(asking, options)).code).toBe('4.00')
    expect(options.tokens.find('osc:01')?.claims.scope).toBe('read')
    expect(options.tokens.find('kid:01')).toBeUndefined()
    expect(options.tokens.size).toBe(1)
  })

  it('R9203-4.1.1-1: a token for it without nonces is refused', async () => {
    for (const { options } of [resourceServer(), { options: endpoint() }])
      for (const claims of [{ cnf: { osc } }, { cnf: { osc }, ace_profile: 'coap_oscore' }]) {
        expect((await post(cwt(claims as TokenClaimsMembers), options, 61)).code).toBe('4.00')
        expect(options.tokens.size).toBe(0)
      }
  })

  it('lets no other key with the same identifier take the place of input material', async () => {
    const { options } = resourceServer()
    await postOscore(cwt({ scope: 'read', cnf: { osc } }), options)
    const other = { COSE_Key: (await TokenKey.generate('ES256', { kid: id })).toCose() }
    expect((await postClaims({ scope: 'control', cnf: other }, options)).code).toBe('2.01')
    expect(options.tokens.find('osc:01')?.claims.scope).toBe('read')
    expect(options.tokens.size).toBe(2)
  })

  it('an update needs its kid and nothing else in cnf, a context that is there, and its profile', async () => {
    const { options } = resourceServer()
    const update = async (claims: TokenClaimsMembers, protectedBy = id): Promise<string> =>
      (await postOscore(cwt(claims), options, { protectedBy })).code
    expect(await update({ cnf: { kid: id } })).toBe('4.01')
    await postOscore(cwt({ scope: 'read', cnf: { osc } }), options)
    expect(await update({ scope: 'x', cnf: { kid: id, ckt: new Uint8Array(32) } })).toBe('4.01')
    expect(await update({ scope: 'x', cnf: { osc } })).toBe('4.01')
    expect(await update({ scope: 'x', cnf: { kid: id }, ace_profile: 'coap_dtls' })).toBe('4.01')
    expect(await update({ scope: 'x', cnf: { kid: id } }, Uint8Array.of(2))).toBe('4.01')
    expect(options.tokens.find('osc:01')?.claims.scope).toBe('read')
    expect(await update({ scope: 'x', cnf: { kid: id }, ace_profile: 'coap_oscore' })).toBe('2.01')
    expect(options.tokens.find('osc:01')?.claims.scope).toBe('x')
  })
})

describe('a security context and its token come and go together (RFC 9203 §4.3, §6)', () => {
  it('where it cannot be established, nothing is held and what there was stays', async () => {
    const { options, oscore, contexts } = resourceServer()
    await postOscore(cwt({ scope: 'read', cnf: { osc } }), options)
    const [before] = contexts.keys()
    for (const established of [
      () => Promise.reject(new Error('full')),
      () => {
        throw new Error('full')
      },
    ]) {
      const failing = { ...options, oscore: { ...oscore, established } }
      expect((await postOscore(cwt({ scope: 'admin', cnf: { osc } }), failing)).code).toBe('5.00')
      expect(options.tokens.find('osc:01')?.claims.scope).toBe('read')
      expect([...contexts.keys()]).toEqual([before])
    }
    const other = { ...osc, id: Uint8Array.of(2) }
    const half = {
      ...oscore,
      established: async (parameters: OscoreParameters) => {
        await oscore.established(parameters)
        throw new Error('the log is full')
      },
    }
    expect((await postOscore(cwt({ cnf: { osc: other } }), { ...options, oscore: half })).code).toBe('5.00')
    expect(contexts.size).toBe(1)
    expect(options.tokens.size).toBe(1)
  })

  it('R9203-6-1: goes with its token: replaced, expired, dropped, or pushed out', async () => {
    let clock = now
    const { options, contexts } = resourceServer({ now: () => clock, tokens: new HeldTokens(2) })
    const { tokens } = options
    const hold = (number: number, exp = now + 100) =>
      postOscore(cwt({ exp, cnf: { osc: { ...osc, id: Uint8Array.of(number) } } }), options)
    await hold(1)
    await hold(1)
    expect([...contexts.keys()]).toEqual([11])
    await hold(2)
    await hold(3)
    expect([...contexts.keys()]).toEqual([12, 13])
    tokens.drop(({ claims }) => claims.cnf?.osc?.id?.[0] === 2)
    expect([...contexts.keys()]).toEqual([13])
    clock = now + 100
    expect(tokens.expire(clock)).toHaveLength(1)
    expect(contexts.size).toBe(0)
    await hold(4, now + 200)
    clock = now + 200
    // R9203-4.3-5: found expired.
    expect(tokens.find('osc:04', clock)).toBeUndefined()
    expect(contexts.size).toBe(0)
  })

  it('a token that expires while its context is established is not held', async () => {
    let clock = now
    const { options, oscore, contexts } = resourceServer({ now: () => clock })
    const slow = {
      ...oscore,
      established: async (parameters: OscoreParameters) => {
        await oscore.established(parameters)
        clock = now + 10
      },
    }
    expect((await postOscore(cwt({ exp: now + 10, cnf: { osc } }), { ...options, oscore: slow })).code).toBe(
      '4.01',
    )
    expect(contexts.size).toBe(0)
    expect(options.tokens.size).toBe(0)
  })

  it('what discarded throws or rejects with changes nothing', async () => {
    for (const discarded of [
      () => {
        throw new Error('no')
      },
      () => Promise.reject(new Error('no')),
    ]) {
      const { options, oscore } = resourceServer()
      const at = { ...options, oscore: { ...oscore, discarded } }
      await postOscore(cwt({ cnf: { osc } }), at)
      expect((await postOscore(cwt({ cnf: { osc } }), at)).code).toBe('2.01')
      expect(at.tokens.drop(() => true)).toHaveLength(1)
    }
  })

  it('a Recipient ID that is none is no fault of the client', async () => {
    const { options, oscore } = resourceServer()
    const at = { ...options, oscore: { ...oscore, newRecipientId: () => 'x' as never } }
    expect((await postOscore(cwt({ cnf: { osc } }), at)).code).toBe('5.00')
    expect(at.tokens.size).toBe(0)
  })
})

describe('profiles (RFC 9200 §5.9.2, §6.8)', () => {
  it('a token for one is refused where it comes as another has it', async () => {
    const { options } = resourceServer()
    const answer = await postOscore(cwt({ cnf: { osc }, ace_profile: 'coap_dtls' }), options)
    expect(answer).toMatchObject({ code: '4.00', failure: { code: 'authz_info_profile_unsupported' } })
    expect((await postOscore(cwt({ cnf: { osc }, ace_profile: 'coap_oscore' }), options)).code).toBe('2.01')
  })

  it('those that are taken are an option', async () => {
    const cnf = { kid: Uint8Array.of(5) }
    const code = async (
      ace_profile: TokenClaimsMembers['ace_profile'],
      profiles?: AuthzInfoOptions['profiles'],
    ) => (await postClaims({ cnf, ace_profile }, endpoint(profiles && { profiles }))).code
    expect(await code('coap_dtls')).toBe('2.01')
    expect(await code('mqtt_tls')).toBe('4.00')
    expect(await code(-70_000)).toBe('4.00')
    expect(await code('mqtt_tls', ['mqtt_tls'])).toBe('2.01')
    expect(await code('coap_dtls', ['mqtt_tls'])).toBe('4.00')
    expect(await code(-70_000, [-70_000])).toBe('2.01')
    expect(await code('coap_dtls', [1])).toBe('2.01')
    expect(await code(undefined, [])).toBe('2.01')
  })
})

const client = { COSE_Key: (await TokenKey.generate('ES256', { kid: 'c' })).toCose() }
const ckt = await (await TokenKey.fromCose(client.COSE_Key)).thumbprint()

describe('of two tokens for one key, the one that was sent later is held, whichever is verified first', () => {
  /** An endpoint whose answers wait to be let go, in whatever order. */
  function waiting(more: Partial<AuthzInfoOptions> = {}) {
    const waits: (() => void)[] = []
    const acceptsCnonce = (): Promise<boolean> => new Promise((resolve) => waits.push(() => resolve(true)))
    const options = endpoint({ acceptsCnonce, ...more })
    const letGo = async (order: readonly number[], answers: readonly Promise<unknown>[]): Promise<void> => {
      while (waits.length < answers.length) await new Promise((resolve) => setImmediate(resolve))
      for (const i of order) {
        waits[i]!()
        await answers[i]
      }
    }
    return { options, letGo }
  }
  const kid = client.COSE_Key.kid as Uint8Array

  it.each([
    ['the same confirmation', client, client],
    ['the key, then its kid', client, { kid }],
    ['its thumbprint, then the key', { ckt }, client],
  ])('%s', async (_, first, second) => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { options, letGo } = waiting()
      const tokens = await Promise.all([
        cwt({ scope: 'first', cnf: first }),
        cwt({ scope: 'second', cnf: second }),
      ])
      const answers = tokens.map((payload) =>
        answerAuthzInfo({ method: 'POST', payload, format: 61 }, options),
      )
      // The order of verification is made by which is let go first: both are verified up to the nonce.
      await letGo(order, answers)
      expect((await Promise.all(answers)).map(({ code }) => code)).toEqual(['2.01', '2.01'])
      expect(options.tokens.size).toBe(1)
      const [name] = await confirmationNames(client)
      expect(options.tokens.find(name!)?.claims.scope).toBe('second')
      expect(options.tokens.confirmation(name!)?.COSE_Key?.x).toEqual(client.COSE_Key.x)
    }
  })

  it('of two contexts for the same input material, too, and the other one is discarded', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { contexts, oscore } = resourceServer()
      const { options, letGo } = waiting({ oscore })
      const tokens = await Promise.all([
        cwt({ scope: 'first', cnf: { osc } }),
        cwt({ scope: 'second', cnf: { osc } }),
      ])
      const answers = tokens.map((token) => postOscore(token, options))
      await letGo(order, answers)
      expect(options.tokens.find('osc:01')?.claims.scope).toBe('second')
      expect(contexts.size).toBe(1)
    }
  })

  it('for tokens that came by another way', async () => {
    const options = endpoint()
    const { tokens } = options
    const [earlier, later] = [tokens.arrive(), tokens.arrive()]
    const { token } = await postClaims({ scope: 'x', cnf: client }, { ...options, tokens: new HeldTokens() })
    expect(await tokens.hold(token!, { arrival: later, now: () => now })).toBe(true)
    expect(await tokens.hold(token!, { arrival: earlier, now: () => now })).toBe(false)
    expect(tokens.size).toBe(1)
  })
})

import { describe, expect, it, vi } from 'vitest'
import { TokenKey } from '../../src/cose/token-key.ts'
import { httpFailure } from '../../src/failure/received-failure.ts'
import { encodeAif, methodSet } from '../../src/message/aif.ts'
import type { Confirmation } from '../../src/message/confirmation.ts'
import { CreationHints } from '../../src/message/creation-hints.ts'
import { authorizeRequest } from '../../src/resource-server/authorize-request.ts'
import { type AuthzInfoOptions, answerAuthzInfo } from '../../src/resource-server/authz-info.ts'
import {
  OscoreAuthzInfoRequest,
  OscoreAuthzInfoResponse,
} from '../../src/resource-server/authz-info-messages.ts'
import { confirmationNames } from '../../src/resource-server/confirmation-key.ts'
import { ExiRegister, exiIdentifier } from '../../src/resource-server/exi-register.ts'
import { HeldTokens } from '../../src/resource-server/held-tokens.ts'
import {
  deriveOscoreKeys,
  type OscoreParameters,
  oscoreMasterSalt,
  oscoreParametersFor,
} from '../../src/resource-server/oscore-context.ts'
import { ScopeGrants } from '../../src/resource-server/scope-grants.ts'
import { hex } from '../../src/table/hex.ts'
import { issueCwt } from '../../src/token/cwt.ts'
import type { TokenClaimsMembers } from '../../src/token/token-claims.ts'
import { unhex } from '../token/bytes.ts'

const as = await TokenKey.generate('AES-CCM-16-64-128', { kid: 'rs' })
const client = await TokenKey.generate('ES256', { kid: 'client' })
const grants = new ScopeGrants({
  read: [['/temperature', methodSet(['GET'])]],
  control: [['/led', methodSet(['GET', 'PUT'])]],
})

function endpoint(more: Partial<AuthzInfoOptions> = {}): AuthzInfoOptions {
  return {
    issuers: [{ issuer: 'as', keys: as }],
    audiences: 'rs',
    recognizesScope: (scope) => grants.recognizes(scope),
    tokens: new HeldTokens(),
    ...more,
  }
}

const cnf = { COSE_Key: client.toCose() }

const post = async (
  claims: TokenClaimsMembers,
): Promise<{ method: string; format: number; payload: Uint8Array }> => ({
  method: 'POST',
  format: 61,
  payload: await issueCwt(claims, as),
})

describe('authz-info (RFC 9200 §5.10.1)', () => {
  it('R9200-5.2-2 R9200-5.10.1-6 R9200-5.10.1-8: answers 2.01 to a valid token, and holds it', async () => {
    const options = endpoint()
    const answer = await answerAuthzInfo(await post({ iss: 'as', aud: 'rs', scope: 'read', cnf }), options)
    expect(answer).toMatchObject({ code: '2.01' })
    expect(answer.payload).toBeUndefined()
    const [name] = await confirmationNames(cnf)
    expect(options.tokens.find(name!)?.claims.scope).toBe('read')
  })

  it('R9200-5.10.1-9 R9202-3.2.2-7 R9202-3.4-1 R9202-4-4: holds one token for each key, the newest', async () => {
    const options = endpoint()
    await answerAuthzInfo(await post({ scope: 'read', cnf }), options)
    await answerAuthzInfo(await post({ scope: 'control', cnf }), options)
    expect(options.tokens.size).toBe(1)
    // By the identifier of the key alone (RFC 9202 §4), without giving up the key.
    await answerAuthzInfo(await post({ scope: 'read control', cnf: { kid: client.kid! } }), options)
    expect(options.tokens.size).toBe(1)
    const [name] = await confirmationNames(cnf)
    expect(options.tokens.find(name!)?.claims.scope).toBe('read control')
    expect(options.tokens.confirmation(name!)?.COSE_Key?.x).toEqual(cnf.COSE_Key.x)
  })

  describe('a kid that two keys came with (RFC 9200 §5.8.2: it need not be unique)', () => {
    const kid = Uint8Array.of(0xaa, 1)
    /** Two clients whose keys have the same identifier, and what the resource server holds for each. */
    const clients = async (more: Partial<AuthzInfoOptions> = {}) => {
      const keys = await Promise.all([TokenKey.generate('ES256'), TokenKey.generate('ES256')])
      const [one, other] = keys.map((key) => ({ COSE_Key: { ...key.toCose(), kid } }))
      const options = endpoint(more)
      return {
        one: one!,
        other: other!,
        options,
        hold: async (claims: TokenClaimsMembers) => answerAuthzInfo(await post(claims), options),
        scopeOf: async (of: Confirmation, now = 0) =>
          options.tokens.find((await confirmationNames(of))[0]!, now)?.claims.scope,
      }
    }

    it('gives no key the rights of the other: a token by that kid alone is refused', async () => {
      const { one, other, hold, scopeOf } = await clients()
      await hold({ scope: 'read', cnf: one })
      await hold({ scope: 'read', cnf: other })
      const answer = await hold({ scope: 'control', cnf: { kid } })
      expect(answer).toMatchObject({ code: '4.00', failure: { code: 'authz_info_key_unusable' } })
      expect([await scopeOf(one), await scopeOf(other)]).toEqual(['read', 'read'])
    })

    it('is refused also where the first is known by its kid alone', async () => {
      const { other, hold, options } = await clients()
      await hold({ scope: 'control', cnf: { kid } })
      await hold({ scope: 'read', cnf: other })
      expect((await hold({ scope: 'read', cnf: { kid } })).code).toBe('4.00')
      expect(options.tokens.find('kid:aa01')?.claims.scope).toBe('control')
    })

    it('finds the key that had it first, while that is held', async () => {
      const { one, other, hold, options } = await clients({ now: () => 1_000 })
      await hold({ scope: 'read', exp: 2_000, cnf: one })
      await hold({ scope: 'control', exp: 3_000, cnf: other })
      expect(options.tokens.find('kid:aa01', 1_999)?.claims.scope).toBe('read')
      expect(options.tokens.find('kid:aa01', 2_000)).toBeUndefined()
    })

    it('lets each key replace its own token', async () => {
      const { one, other, hold, scopeOf, options } = await clients()
      await hold({ scope: 'read', cnf: one })
      await hold({ scope: 'read', cnf: other })
      expect((await hold({ scope: 'control', cnf: one })).code).toBe('2.01')
      expect((await hold({ scope: 'read control', cnf: other })).code).toBe('2.01')
      expect([await scopeOf(one), await scopeOf(other)]).toEqual(['control', 'read control'])
      expect(options.tokens.size).toBe(2)
      expect((await hold({ scope: 'read', cnf: { kid } })).code).toBe('4.00')
    })

    it('stays without a key of its own when the token of one expires, until neither is held', async () => {
      let clock = 1_000
      const { one, other, hold, scopeOf, options } = await clients({ now: () => clock })
      await hold({ scope: 'read', exp: 2_000, cnf: one })
      await hold({ scope: 'read', exp: 4_000, cnf: other })
      clock = 2_000
      expect(options.tokens.expire(clock)).toHaveLength(1)
      expect((await hold({ scope: 'control', cnf: { kid } })).code).toBe('4.00')
      // Posting its token again does not make it the one.
      await hold({ scope: 'read', exp: 5_000, cnf: other })
      expect((await hold({ scope: 'control', cnf: { kid } })).code).toBe('4.00')
      expect(await scopeOf(other, clock)).toBe('read')
      clock = 5_000
      expect(options.tokens.expire(clock)).toHaveLength(1)
      await hold({ scope: 'read', exp: 6_000, cnf: one })
      expect((await hold({ scope: 'control', exp: 7_000, cnf: { kid } })).code).toBe('2.01')
      expect(await scopeOf(one, clock)).toBe('control')
    })

    it('goes to a new key where the token of the old one has expired, which is told all the same', async () => {
      let clock = 1_000
      const { one, other, hold, scopeOf, options } = await clients({ now: () => clock })
      await hold({ scope: 'read', exp: 2_000, cnf: one })
      clock = 2_000
      await hold({ scope: 'read', exp: 3_000, cnf: other })
      expect((await hold({ scope: 'control', exp: 3_000, cnf: { kid } })).code).toBe('2.01')
      expect(await scopeOf(other, clock)).toBe('control')
      expect(options.tokens.expire(clock).map(({ claims }) => claims.exp)).toEqual([2_000])
    })

    it('is no reference to another key beside a key that the token tells otherwise', async () => {
      const beside = { kid, 'x5t#S256': new Uint8Array(32) }
      expect((await confirmationNames(beside))[0]).toMatch(/^x5t:/)
      const { one, hold, scopeOf } = await clients()
      await hold({ scope: 'read', cnf: { ...one, kid } })
      expect((await hold({ scope: 'control', cnf: { kid } })).code).toBe('2.01')
      expect(await scopeOf(one)).toBe('control')
    })
  })

  it('holds no more tokens than it is told', async () => {
    const tokens = new HeldTokens(3)
    for (let i = 0; i < 10; i++)
      await answerAuthzInfo(await post({ cnf: { kid: Uint8Array.of(i) } }), endpoint({ tokens }))
    expect(tokens.size).toBe(3)
    expect(tokens.find('kid:09')).toBeDefined()
    expect(tokens.find('kid:00')).toBeUndefined()
  })

  it.each([
    ['R9200-5.10.1.2-1: GET', { method: 'GET' }, '4.05', undefined],
    ['R9200-5.10.1.2-1: DELETE', { method: 'DELETE' }, '4.05', undefined],
    ['another media type', { format: 50 }, '4.15', undefined],
    ['a media type named as a member of Object', { format: 'constructor' }, '4.15', undefined],
    ['an unknown Content-Format', { format: 12_345 }, '4.15', undefined],
    ['R9200-5.10.1-10: no token', { payload: unhex('00') }, '4.00', 'a1181e01'],
  ])('refuses %s', async (_, change, code, payload) => {
    const answer = await answerAuthzInfo({ ...(await post({ cnf })), ...change }, endpoint())
    expect(answer.code).toBe(code)
    expect(answer.payload && hex(answer.payload)).toBe(payload)
    expect(answer.contentFormat).toBe(payload && 19)
  })

  it('refuses a token without a key, and one whose key is none', async () => {
    expect((await answerAuthzInfo(await post({ scope: 'read' }), endpoint())).code).toBe('4.00')
    const off = { kty: 'EC2', crv: 'P-256', x: new Uint8Array(32), y: new Uint8Array(32).fill(1) } as const
    const answer = await answerAuthzInfo(await post({ cnf: { COSE_Key: off } }), endpoint())
    expect(answer).toMatchObject({ code: '4.00', failure: { code: 'authz_info_key_unusable' } })
  })

  it('R9200-5.10.1.1-6: answers 4.00 where introspection fails with the failure of a client', async () => {
    const introspection = { ask: () => Promise.reject(httpFailure(503)) }
    const payload = unhex('00010203040506')
    const answer = await answerAuthzInfo({ method: 'POST', payload }, endpoint({ introspection }))
    expect(answer).toMatchObject({ code: '4.00', failure: { code: 'authz_info_introspection_failed' } })
    expect(answer.failure?.cause).toMatchObject({ code: 'client_service_unavailable' })
  })

  it('answers 5.00 where another of its options throws the failure of a client', async () => {
    const acceptsCnonce = (): never => {
      throw httpFailure(503)
    }
    const answer = await answerAuthzInfo(await post({ cnf }), endpoint({ acceptsCnonce }))
    expect(answer).toMatchObject({ code: '5.00', failure: { code: 'authz_info_internal_error' } })
  })

  it('takes the token of any format as application/octet-stream (R9200-5.10.1-4), with parameters of the media type', async () => {
    const request = await post({ cnf })
    for (const format of [42, undefined, 'application/cwt', 'Application/CWT; x=y'])
      expect((await answerAuthzInfo({ ...request, format }, endpoint())).code).toBe('2.01')
  })
})

describe('requests to resources (RFC 9200 §5.10.2)', () => {
  const hints = { AS: 'coaps://as.example.com/token', audience: 'rs' }
  const token = async (scope: string | Uint8Array, exp = 4_000_000_000): Promise<never> => {
    const options = endpoint()
    return (await answerAuthzInfo(await post({ scope, exp, cnf }), { ...options, now: () => 1_000 }))
      .token as never
  }

  it('R9200-5.2-1 R9200-5.2-4 R9200-5.10.2-2 R9200-5.10.2-3 R9202-3.4-3: 4.01 with creation hints without a token, or with an expired one', async () => {
    for (const held of [undefined, await token('read', 2_000)]) {
      const decision = authorizeRequest(
        { method: 'GET', path: '/temperature', token: held },
        { grants, hints },
      )
      expect(decision).toMatchObject({ isAllowed: false, failure: { coapCode: '4.01' } })
      if (decision.isAllowed) throw new Error()
      expect(CreationHints.fromCbor(decision.hints!.toCbor()).AS).toBe(hints.AS)
    }
  })

  it.each([
    ['GET', '/temperature', 'read', undefined],
    ['PUT', '/temperature', 'read', '4.05'],
    ['GET', '/led', 'read', '4.03'],
    ['PUT', '/led', 'read control', undefined],
    ['GET', '/constructor', 'read', '4.03'],
  ] as const)('R9200-5.10.2-4 R9200-5.10.2-5: %s %s with scope %s', async (method, path, scope, code) => {
    const decision = authorizeRequest({ method, path, token: await token(scope) }, { grants, hints })
    expect(decision.isAllowed ? undefined : decision.failure.coapCode).toBe(code)
    expect('hints' in decision).toBe(false)
  })

  it('R9237-2-1 R9237-3-2: an AIF scope, with methods for what was made by way of a resource', async () => {
    const scope = encodeAif([
      ['/s/temp', methodSet(['GET'])],
      ['/a/make-coffee', methodSet(['POST', 'Dynamic-GET', 'Dynamic-DELETE'])],
    ])
    const held = await token(scope)
    const code = (
      method: 'GET' | 'POST' | 'PUT' | 'DELETE',
      path: string,
      createdBy?: string,
    ): string | undefined => {
      const decision = authorizeRequest({ method, path, createdBy, token: held }, { grants })
      return decision.isAllowed ? undefined : decision.failure.coapCode
    }
    expect(code('GET', '/s/temp')).toBeUndefined()
    expect(code('PUT', '/s/temp')).toBe('4.05')
    expect(code('POST', '/a/make-coffee')).toBeUndefined()
    expect(code('GET', '/a/make-coffee')).toBe('4.05')
    expect(code('GET', '/a/make-coffee/1')).toBe('4.03')
    expect(code('DELETE', '/a/make-coffee/1', '/a/make-coffee')).toBeUndefined()
    expect(code('PUT', '/a/make-coffee/1', '/a/make-coffee')).toBe('4.05')
    expect(code('DELETE', '/s/temp/1', '/s/temp')).toBe('4.03')
  })

  it('R9237-6-1: a scope with methods that are not understood is not recognized', () => {
    expect(grants.recognizes(encodeAif([['/x', 0x80]]))).toBe(false)
    expect(grants.recognizes(encodeAif([]))).toBe(true)
    expect(grants.methods(encodeAif([]), { path: '/x' })).toBeUndefined()
    expect(grants.recognizes(Uint8Array.of(1))).toBe(false)
    expect(grants.recognizes('constructor')).toBe(false)
  })

  it('R9200-5.10.1.1-10 R9202-3.4-2 R9202-5-1: tells which tokens have expired, so that what they allow ends', async () => {
    const tokens = new HeldTokens()
    await answerAuthzInfo(await post({ exp: 2_000, cnf }), endpoint({ tokens, now: () => 1_000 }))
    expect(tokens.expire(1_999)).toHaveLength(0)
    expect(tokens.expire(2_000).map(({ claims }) => claims.exp)).toEqual([2_000])
    expect(tokens.size).toBe(0)
  })
})

describe('held tokens with exi (RFC 9200 §5.10.3)', () => {
  /** Tokens with the sequence numbers 4 and 5, of which the second ends first, and what the resource server holds. */
  const twoTokens = async (fiveExi = 10) => {
    let clock = 0
    const exi = new ExiRegister({ resourceServer: 'rs' })
    const options = endpoint({ exi, now: () => clock })
    const keys = await Promise.all([4, 5, 6].map(() => TokenKey.generate('ES256')))
    const confirmations = keys.map((key) => ({ COSE_Key: key.toCose() }))
    const [four, five, six] = confirmations
    const hold = async (sequence: number, lifetime: number, of: Confirmation) =>
      answerAuthzInfo(await post({ cti: exiIdentifier('rs', sequence), exi: lifetime, cnf: of }), options)
    await hold(4, 1_000, four!)
    await hold(5, fiveExi, five!)
    return {
      tokens: options.tokens,
      post: (sequence: number, at: number) => {
        clock = at
        return hold(sequence, 1_000, six!)
      },
      holdsFour: async (at: number) =>
        options.tokens.find((await confirmationNames(four!))[0]!, at) !== undefined,
    }
  }

  it('R9200-5.10.3-3: end when one with a higher number does', async () => {
    const { holdsFour, post: another } = await twoTokens()
    expect(await holdsFour(9)).toBe(true)
    expect(await holdsFour(11)).toBe(false)
    expect((await another(4, 11)).code).toBe('4.01')
  })

  it('R9200-5.10.3-3: are told as expired, those of higher numbers not', async () => {
    const { tokens, post: another } = await twoTokens()
    await another(6, 9)
    expect(tokens.expire(9)).toEqual([])
    expect(tokens.expire(11).map(({ claims }) => claims.cti?.at(-1))).toEqual([4, 5])
    expect(tokens.size).toBe(1)
  })

  it('R9200-5.10.3-3: end also where the one with the higher number is followed no longer', async () => {
    const { holdsFour, post: another } = await twoTokens()
    await another(6, 11)
    expect(await holdsFour(11)).toBe(false)
  })

  it('do not end with one of a lower number', async () => {
    const { tokens, holdsFour } = await twoTokens(2_000)
    expect(await holdsFour(1_000)).toBe(false)
    expect(tokens.size).toBe(1)
    expect(tokens.expire(1_999).map(({ claims }) => claims.cti?.at(-1))).toEqual([4])
    expect(tokens.expire(1_999)).toEqual([])
  })
})

describe('the OSCORE profile (RFC 9203)', () => {
  const exchange = {
    nonce1: unhex('018a278f7faab55a'),
    nonce2: unhex('25a8991cd700ac01'),
    clientRecipientId: unhex('1645'),
    serverRecipientId: unhex('0000'),
  }
  const material = { id: Uint8Array.of(1), ms: unhex('f9af838368e353e78888e1426bd94e6f') }

  it('R9203-4.3-1: the Master Salt of Figure 13', () => {
    const salt = unhex('f9af838368e353e78888e1426bd94e6f')
    expect(hex(oscoreMasterSalt(salt, exchange))).toBe(
      '50f9af838368e353e78888e1426bd94e6f48018a278f7faab55a4825a8991cd700ac01',
    )
    expect(hex(oscoreMasterSalt(undefined, exchange))).toBe('4048018a278f7faab55a4825a8991cd700ac01')
  })

  it('derives the keys of RFC 8613 App. C.1.1, C.2.1 and C.3.1', async () => {
    const common = {
      masterSecret: unhex('0102030405060708090a0b0c0d0e0f10'),
      masterSalt: unhex('9e7ca92223786340'),
      senderId: new Uint8Array(0),
      recipientId: Uint8Array.of(1),
      idContext: undefined,
      aead: 'AES-CCM-16-64-128',
      hash: 'SHA-256',
    } as const
    const shown = async (parameters: OscoreParameters): Promise<string[]> => {
      const { senderKey, recipientKey, commonIv } = await deriveOscoreKeys(parameters)
      return [senderKey, recipientKey, commonIv].map(hex)
    }
    expect(await shown(common)).toEqual([
      'f0910ed7295e6ad4b54fc793154302ff',
      'ffb14e093c94c9cac9471648b4f98710',
      '4622d4dd6d944168eefb54987c',
    ])
    expect(await shown({ ...common, masterSalt: new Uint8Array(0), senderId: Uint8Array.of(0) })).toEqual([
      '321b26943253c7ffb6003b0b64d74041',
      'e57b5635815177cd679ab4bcec9d7dda',
      'be35ae297d2dace910c52e99f9',
    ])
    expect(await shown({ ...common, idContext: unhex('37cbf3210017a2d3') })).toEqual([
      'af2a1300a5e95788b356336eeecd2b92',
      'e39a0c7c77b43f03b4b39ab9a268699f',
      '2ca58fb85ff1b81c0b7181b85e',
    ])
  })

  it('R9203-4.3-2 R9203-4.3-4: client and resource server get mirror images', async () => {
    const [c, rs] = await Promise.all(
      (['client', 'resource server'] as const).map((role) =>
        deriveOscoreKeys(oscoreParametersFor(material, exchange, role)),
      ),
    )
    expect(c!.senderKey).toEqual(rs!.recipientKey)
    expect(c!.recipientKey).toEqual(rs!.senderKey)
    expect(c!.commonIv).toEqual(rs!.commonIv)
    expect(oscoreParametersFor(material, exchange, 'client').senderId).toEqual(exchange.serverRecipientId)
  })

  it.each([
    ['R9203-4.3-3: equal identifiers', material, { serverRecipientId: unhex('1645') }, 'key_invalid'],
    ['R9203-3-1 R9203-4.3-3: no Master Secret', { id: material.id }, {}, 'key_invalid'],
    ['an identifier that does not fit', material, { serverRecipientId: new Uint8Array(8) }, 'key_invalid'],
    [
      'R9203-3.2.1-1: an algorithm that is no AEAD',
      { ...material, alg: 'ES256' },
      {},
      'algorithm_not_allowed',
    ],
    [
      'R9203-3.2.1-1: an hkdf that is none',
      { ...material, hkdf: 'constructor' },
      {},
      'algorithm_not_allowed',
    ],
    ['another version', { ...material, version: 2 }, {}, 'algorithm_not_allowed'],
    [
      'R9203-4.2-2: an unknown parameter',
      { ...material, unknown: [{ key: 99, cbor: Uint8Array.of(0) }] },
      {},
      'algorithm_not_allowed',
    ],
  ])('refuses %s', (_, given, change, reason) => {
    expect(() => oscoreParametersFor(given, { ...exchange, ...change }, 'client')).toThrow(
      expect.objectContaining({ reason }),
    )
  })

  const established = vi.fn<(parameters: OscoreParameters) => void>()
  const oscore = { newRecipientId: () => unhex('0000'), established }
  const request = async (claims: TokenClaimsMembers, more = {}): Promise<Uint8Array> =>
    new OscoreAuthzInfoRequest({
      access_token: await issueCwt(claims, as),
      nonce1: exchange.nonce1,
      ace_client_recipientid: exchange.clientRecipientId,
      ...more,
    }).toCbor()

  it('R9203-4.2-1 R9203-4.2-3: answers with a fresh nonce and its own identifier, and makes the context', async () => {
    const options = endpoint({ oscore })
    const payload = await request({ cnf: { osc: material } })
    const answers = await Promise.all(
      [1, 2].map(() => answerAuthzInfo({ method: 'POST', format: 19, payload }, options)),
    )
    const [first, second] = answers.map(({ payload: bytes }) => OscoreAuthzInfoResponse.fromCbor(bytes!))
    expect(answers[0]).toMatchObject({ code: '2.01', contentFormat: 19 })
    expect(first!.nonce2).toHaveLength(8)
    expect(first!.nonce2).not.toEqual(second!.nonce2)
    const theirs = oscoreParametersFor(material, { ...exchange, nonce2: first!.nonce2! }, 'resource server')
    expect(established.mock.calls[0]![0]).toEqual(theirs)
    expect(options.tokens.size).toBe(1)
  })

  it('R9203-4.2-4: an update keeps the context, and needs its kid; whatever is wrong is 4.01', async () => {
    const options = endpoint({ oscore })
    await answerAuthzInfo(
      { method: 'POST', format: 19, payload: await request({ scope: 'read', cnf: { osc: material } }) },
      options,
    )
    const update = async (claims: TokenClaimsMembers): Promise<unknown> =>
      answerAuthzInfo(
        { method: 'POST', format: 19, payload: await request(claims), protectedBy: material.id },
        options,
      )
    established.mockClear()
    expect(await update({ scope: 'control', cnf: { kid: material.id } })).toMatchObject({ code: '2.01' })
    expect(options.tokens.find('osc:01')?.claims.scope).toBe('control')
    expect(options.tokens.confirmation('osc:01')?.osc?.ms).toEqual(material.ms)
    expect(await update({ cnf: { kid: Uint8Array.of(2) } })).toMatchObject({ code: '4.01' })
    expect(await update({ aud: 'other', cnf: { kid: material.id } })).toMatchObject({ code: '4.01' })
    expect(established).not.toHaveBeenCalled()
  })

  it.each([19, 42, 61, undefined])(
    'R9203-4.2-4: an update needs the kid of its context in format %s',
    async (format) => {
      const options = endpoint({ oscore })
      const osc = await request({ scope: 'read', cnf: { osc: material } })
      await answerAuthzInfo({ method: 'POST', format: 19, payload: osc }, options)
      const update = async (claims: TokenClaimsMembers): Promise<string> => {
        const payload = format === 19 ? await request(claims) : await issueCwt(claims, as)
        return (await answerAuthzInfo({ method: 'POST', format, payload, protectedBy: material.id }, options))
          .code
      }
      expect(await update({ scope: 'control', cnf: { kid: Uint8Array.of(2) } })).toBe('4.01')
      expect(await update({ scope: 'control', cnf })).toBe('4.01')
      expect(await update({ scope: 'control' })).toBe('4.01')
      expect(options.tokens.find('osc:01')?.claims.scope).toBe('read')
      expect(options.tokens.size).toBe(1)
      expect(await update({ scope: 'control', cnf: { kid: material.id } })).toBe('2.01')
      expect(options.tokens.find('osc:01')?.claims.scope).toBe('control')
    },
  )

  it('R9203-4.2-4: an update goes to the context that protects it, whatever other key has that kid', async () => {
    const options = endpoint({ oscore })
    await answerAuthzInfo(
      { method: 'POST', format: 19, payload: await request({ scope: 'read', cnf: { osc: material } }) },
      options,
    )
    const other = { COSE_Key: (await TokenKey.generate('ES256', { kid: material.id })).toCose() }
    await answerAuthzInfo(await post({ scope: 'read', cnf: other }), options)
    const payload = await request({ scope: 'control', cnf: { kid: material.id } })
    const update = { method: 'POST', format: 19, payload, protectedBy: material.id }
    expect((await answerAuthzInfo(update, options)).code).toBe('2.01')
    expect(options.tokens.find('osc:01')?.claims.scope).toBe('control')
    expect(options.tokens.confirmation('osc:01')?.osc?.ms).toEqual(material.ms)
    expect(options.tokens.find((await confirmationNames(other))[0]!)?.claims.scope).toBe('read')
    expect(options.tokens.size).toBe(2)
  })

  it.each([
    ['R9203-4.1.1-1: no nonce1', { nonce1: undefined }, { osc: material }],
    ['R9203-4.2-2: a confirmation without osc', {}, { kid: Uint8Array.of(1) }],
    [
      'R9203-4.2-2: an identifier that the resource server has too',
      { ace_client_recipientid: unhex('0000') },
      { osc: material },
    ],
  ])('4.00 for %s', async (_, change, confirmation) => {
    const payload = await request({ cnf: confirmation }, change)
    const answer = await answerAuthzInfo({ method: 'POST', format: 19, payload }, endpoint({ oscore }))
    expect(answer.code).toBe('4.00')
  })

  it('is not served where it is not set up', async () => {
    const payload = await request({ cnf: { osc: material } })
    expect((await answerAuthzInfo({ method: 'POST', format: 19, payload }, endpoint())).code).toBe('4.15')
  })
})

import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DecodeError } from '../../src/cbor/decode-error.ts'
import { supportedAlgorithms } from '../../src/cose/algorithms.ts'
import { CoseError } from '../../src/cose/cose-error.ts'
import { decodeCoseMessage } from '../../src/cose/cose-message.ts'
import { decryptKey, encryptKey } from '../../src/cose/encrypted-key.ts'
import { openCose } from '../../src/cose/open-cose.ts'
import { coseOpen } from '../../src/cose/open-with-jwks.ts'
import { protectCose } from '../../src/cose/protect-cose.ts'
import { TokenKey } from '../../src/cose/token-key.ts'
import { Failure } from '../../src/failure/failure.ts'
import { answerAuthzInfo } from '../../src/resource-server/authz-info.ts'
import { OscoreAuthzInfoRequest } from '../../src/resource-server/authz-info-messages.ts'
import { confirmationNames } from '../../src/resource-server/confirmation-key.ts'
import { HeldTokens } from '../../src/resource-server/held-tokens.ts'
import { verifyAccessToken } from '../../src/resource-server/verify-access-token.ts'
import { hex } from '../../src/table/hex.ts'
import { issueCwt, openCwt } from '../../src/token/cwt.ts'
import { issueJwt, openJwt } from '../../src/token/jwt.ts'
import { ProtectionError } from '../../src/token/protection-error.ts'
import { hashReference } from '../../src/token/reference.ts'
import { TokenClaims } from '../../src/token/token-claims.ts'
import rfc8392 from '../../vectors/rfc8392.json' with { type: 'json' }
import { claims, keys } from '../token/arbitraries.ts'
import { unhex } from '../token/bytes.ts'

const options = {
  issuers: [
    { keys, untagged: 'sign1' as const },
    { issuer: 'as', keys: keys.slice(0, 3) },
  ],
  audiences: 'rs',
  recognizesScope: () => true,
}

/** Changes, inserts, removes and repeats bytes. */
const mutations = fc.array(
  fc.record({
    kind: fc.constantFrom('set', 'flip', 'insert', 'remove', 'repeat', 'cut'),
    at: fc.nat(),
    value: fc.nat(255),
  }),
  { minLength: 1, maxLength: 4 },
)

function mutate(
  bytes: Uint8Array,
  changes: readonly { kind: string; at: number; value: number }[],
): Uint8Array {
  let result = [...bytes]
  for (const { kind, at, value } of changes) {
    const i = result.length === 0 ? 0 : at % result.length
    if (kind === 'set') result[i] = value
    else if (kind === 'flip') result[i] = (result[i] ?? 0) ^ (1 << (value % 8))
    else if (kind === 'insert') result.splice(i, 0, value)
    else if (kind === 'remove') result.splice(i, 1 + (value % 8))
    else if (kind === 'repeat') result.splice(i, 0, ...result.slice(i, i + (value % 32)))
    else result = result.slice(0, i)
  }
  return Uint8Array.from(result)
}

async function outcome(token: Uint8Array | string): Promise<unknown> {
  return verifyAccessToken(token, options).then(
    () => 'verified',
    (error: unknown) => error,
  )
}

function check(result: unknown, token: Uint8Array | string): void {
  const shown = typeof token === 'string' ? token : hex(token)
  if (result === 'verified') return
  expect(result, shown).toBeInstanceOf(Failure)
  // An internal error would be a fault of ours.
  expect((result as Failure).code, shown).not.toBe('authz_info_internal_error')
  expect((result as Failure).coapCode, shown).toMatch(/^4\.(00|01|03|13)$/)
}

const real = await Promise.all([
  ...rfc8392.vectors.filter(({ map }) => map === 'cwt').map(({ hex: digits }) => unhex(digits!)),
  ...keys.map((key) =>
    issueCwt({ iss: 'as', aud: 'rs', exp: 4e9, scope: 'a b', cnf: { kid: Uint8Array.of(1) } }, key),
  ),
  issueCwt({ iss: 'as' }, keys[0]!, { encryptWith: keys[9]!, cwtTag: true }),
])

describe('hostile tokens', () => {
  it('end in a Failure, whatever is changed of a real CWT', async () => {
    const property = fc.asyncProperty(fc.constantFrom(...real), mutations, async (token, changes) => {
      const changed = mutate(token, changes)
      check(await outcome(changed), changed)
    })
    await fc.assert(property, { numRuns: 6_000 })
  })

  it('end in a Failure, whatever is changed of what a real key protects', async () => {
    const property = fc.asyncProperty(claims(), mutations, async (given, changes) => {
      const token = await protectCose(mutate(new TokenClaims(given).toCbor(), changes), keys[6]!)
      check(await outcome(token), token)
    })
    await fc.assert(property, { numRuns: 3_000 })
  })

  it('no bit of a signed, MACed or encrypted message can be flipped unnoticed', async () => {
    for (const key of [keys[0]!, keys[6]!, keys[9]!, keys[13]!]) {
      const token = await issueCwt({ iss: 'as' }, await nameless(key))
      for (let bit = 0; bit < token.length * 8; bit++) {
        const changed = token.slice()
        changed[bit >> 3]! ^= 1 << (bit & 7)
        const result = await verifyAccessToken(changed, {
          ...options,
          issuers: [{ issuer: 'as', keys: await nameless(key) }],
        }).catch((error: unknown) => error)
        expect(result, hex(changed)).toBeInstanceOf(Failure)
      }
    }
  })

  it('end in a Failure, whatever is changed of a real JWT', async () => {
    const given = { iss: 'as', aud: 'rs', exp: 4e9 }
    const tokens = await Promise.all([
      ...[keys[0]!, keys[7]!].map((key) => issueJwt(given, key)),
      issueJwt(given, keys[0]!, { encryptWith: keys[13]! }),
    ])
    const property = fc.asyncProperty(
      fc.constantFrom(...tokens),
      mutations,
      fc.boolean(),
      async (token, changes, isText) => {
        const bytes = mutate(new TextEncoder().encode(token), changes)
        const changed = isText ? new TextDecoder().decode(bytes) : bytes
        check(await outcome(changed), changed)
      },
    )
    await fc.assert(property, { numRuns: 2_000 })
  })

  it('end in a Failure for any bytes and any text', async () => {
    const any = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 200 }))
    await fc.assert(
      fc.asyncProperty(any, async (token) => check(await outcome(token), token)),
      { numRuns: 3_000 },
    )
  })

  it('never make authz-info or cose-open throw', async () => {
    const jwks = [keys[6]!.toPrivateJwk(), { kty: 'nothing' }]
    const unchanged = await Promise.all(real.map((token) => coseOpen({ hex: hex(token), keys: jwks })))
    const contents = unchanged.flatMap((opened) => (opened.ok ? [opened.payload] : []))
    const property = fc.asyncProperty(
      fc.constantFrom(...real),
      mutations,
      fc.option(fc.constantFrom(19, 42, 60, 61, 'application/jwt')),
      async (token, changes, format) => {
        const payload = mutate(token, changes)
        const oscore = { newRecipientId: () => Uint8Array.of(9), established: () => undefined }
        const answer = await answerAuthzInfo(
          { method: 'POST', format: format ?? undefined, payload },
          { ...options, oscore, tokens: new HeldTokens() },
        )
        expect(answer.code).toMatch(/^2\.01|4\.(00|01|03|13|15)$/)
        const opened = await coseOpen({ hex: hex(payload), keys: jwks })
        // What stands in the unprotected bucket may change; the content may not.
        if (opened.ok) expect(contents).toContain(opened.payload)
      },
    )
    await fc.assert(property, { numRuns: 1_000 })
  })
})

/** Every function of `ace-oauth/token` that takes a token or a part of one, and throws where it does not like it. */
const takers: Readonly<Record<string, (token: Uint8Array) => unknown>> = {
  decodeCoseMessage: (token) => decodeCoseMessage(token),
  'decodeCoseMessage, untagged': (token) => decodeCoseMessage(token, 'encrypt0'),
  openCose: (token) => openCose(token, { keys, algorithms: supportedAlgorithms }),
  'openCose, with what the keys say': (token) => openCose(token, { keys: () => keys, untagged: 'mac0' }),
  'openCose, detached': (token) => openCose(token, { keys, detached: token }),
  openCwt: (token) => openCwt(token, { keys, untagged: 'sign1' }),
  openJwt: (token) => openJwt(new TextDecoder().decode(token), { keys }),
  decryptKey: (token) => decryptKey(token, { keys }),
  hashReference: (token) => hashReference(token),
  verifyAccessToken: (token) => verifyAccessToken(token, options),
  'verifyAccessToken, as a JWT': (token) => verifyAccessToken(token, options, 'jwt'),
  'verifyAccessToken, as a reference': (token) => verifyAccessToken(token, options, 'reference'),
  'TokenClaims.fromCbor': (token) => TokenClaims.fromCbor(token),
  'OscoreAuthzInfoRequest.fromCbor': (token) => OscoreAuthzInfoRequest.fromCbor(token),
  confirmationNames: async (token) => {
    const { cnf } = TokenClaims.fromCbor(token)
    return cnf && confirmationNames(cnf)
  },
  'HeldTokens.hold': (token) => {
    const verified = {
      format: 'cwt',
      issuer: 'as',
      layers: [],
      verifiedAt: 0,
      expiresAt: 1,
      hash: '',
    } as const
    return new HeldTokens().hold({ ...verified, claims: TokenClaims.fromCbor(token) })
  },
}

describe('no token, however malformed, throws anything but its own error or a DecodeError', () => {
  const text = new TextEncoder()
  const cnf = { COSE_Key: keys[0]!.toCose() }
  const starts = async (): Promise<Uint8Array[]> => [
    ...real,
    new TokenClaims({ iss: 'as', cnf, exp: 4e9, scope: 'a' }).toCbor(),
    new OscoreAuthzInfoRequest({ access_token: real[0]!, nonce1: new Uint8Array(8) }).toCbor(),
    await encryptKey(keys[6]!, keys[9]!),
    ...(await Promise.all(
      [keys[0]!, keys[4]!, keys[7]!].map(async (key) =>
        text.encode(await issueJwt({ iss: 'as' }, key, { encryptWith: keys[13]! })),
      ),
    )),
  ]

  it.each(Object.entries(takers))('%s', async (name, take) => {
    const Thrown = /Cose|decryptKey/.test(name) ? CoseError : Failure
    const any = fc.oneof(
      {
        weight: 4,
        arbitrary: fc
          .tuple(fc.constantFrom(...(await starts())), mutations)
          .map(([token, changes]) => mutate(token, changes)),
      },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    )
    const property = fc.asyncProperty(any, async (token) => {
      try {
        await take(token)
      } catch (error) {
        expect(error instanceof Thrown || error instanceof DecodeError, `${hex(token)} ${error}`).toBe(true)
        // An internal error would be a fault of ours.
        if (error instanceof Failure) expect(error.code, hex(token)).not.toMatch(/internal_error$/)
      }
    })
    await fc.assert(property, { numRuns: 600 })
  })
})

describe('wrong keys and flipped bits never tell the peer which check failed', () => {
  const [signing, other] = [keys[0]!, keys[1]!]
  const flip = (token: Uint8Array, at: number): Uint8Array => token.with(at, token.at(at)! ^ 1)
  const flipText = (token: string): string => `${token.slice(0, -8)}AAAAAAAA`
  const renamed = async (key: TokenKey): Promise<TokenKey> =>
    TokenKey.fromCose({ ...(await TokenKey.generate(key.alg!)).toPrivateCose(), kid: key.kid! })

  /** What each of the functions throws for a token that it cannot verify. */
  const attempts: Readonly<Record<string, () => Promise<(() => Promise<unknown>)[]>>> = {
    openCose: async () => {
      const token = await protectCose(Uint8Array.of(1), signing)
      return [
        () => openCose(token, { keys: [] }),
        () => openCose(token, { keys: other }),
        async () => openCose(token, { keys: await renamed(signing) }),
        () => openCose(flip(token, -1), { keys: signing }),
        () => openCose(flip(token, 5), { keys: signing }),
        () => openCose(token, { keys: signing, algorithms: ['EdDSA'] }),
        () => openCose(token, { keys: keys[6]!, algorithms: supportedAlgorithms }),
        () => openCose(token, { keys: signing, externalAad: Uint8Array.of(1) }),
      ]
    },
    openCwt: async () => {
      const token = await issueCwt({ iss: 'as' }, signing, { encryptWith: keys[9]! })
      return [
        () => openCwt(token, { keys: signing }),
        () => openCwt(token, { keys: keys[9]! }),
        () => openCwt(flip(token, -1), { keys }),
        async () => openCwt(token, { keys: await renamed(keys[9]!) }),
        async () => openCwt(token, { keys: [keys[9]!, await renamed(signing)] }),
      ]
    },
    openJwt: async () => {
      const token = await issueJwt({ iss: 'as' }, signing)
      return [
        () => openJwt(token, { keys: [] }),
        () => openJwt(token, { keys: keys[7]! }),
        async () => openJwt(token, { keys: await renamed(signing) }),
        () => openJwt(flipText(token), { keys: signing }),
        () => openJwt(token, { keys: signing, algorithms: ['EdDSA'] }),
      ]
    },
    decryptKey: async () => {
      const encrypted = await encryptKey(keys[6]!, keys[9]!)
      return [
        () => decryptKey(encrypted, { keys: [] }),
        async () => decryptKey(encrypted, { keys: await renamed(keys[9]!) }),
        () => decryptKey(flip(encrypted, -1), { keys: keys[9]! }),
        () => decryptKey(encrypted, { keys: signing, algorithms: supportedAlgorithms }),
      ]
    },
  }

  const entries = Object.entries(attempts)

  it.each(entries.filter(([name]) => /Cose|Key/.test(name)))('%s', async (_, all) => {
    const reasons = new Set<string>()
    for (const attempt of await all()) {
      const error = (await attempt().catch((thrown: unknown) => thrown)) as CoseError
      expect(error).toBeInstanceOf(CoseError)
      reasons.add(error.reason)
      const { message, blame } = error
      expect({ message, blame, text: String(error), json: JSON.stringify(error) }).toEqual({
        message: 'the message was refused',
        blame: 'sender',
        text: 'CoseError: the message was refused',
        json: JSON.stringify(new CoseError('no_key')),
      })
      expect(inspect(error)).toContain(error.reason)
    }
    // The developer is told.
    expect(reasons.size).toBeGreaterThan(1)
  })

  it.each(entries.filter(([name]) => !/Cose|Key/.test(name)))('%s', async (_, all) => {
    const reasons = new Set<string>()
    for (const attempt of await all()) {
      const error = (await attempt().catch((thrown: unknown) => thrown)) as ProtectionError
      expect(error).toBeInstanceOf(ProtectionError)
      reasons.add(error.reason)
      const { code, coapCode, httpStatus, message } = error
      expect({
        code,
        coapCode,
        httpStatus,
        message,
        text: String(error),
        json: JSON.stringify(error),
      }).toEqual({
        code: 'authz_info_token_wrapper_invalid',
        coapCode: '4.01',
        httpStatus: 401,
        message: 'authz_info_token_wrapper_invalid: the access token is not accepted',
        text: 'ProtectionError: authz_info_token_wrapper_invalid: the access token is not accepted',
        json: JSON.stringify(new ProtectionError('no_key')),
      })
      expect(error.toLog().details['reason']).toBe(error.reason)
      expect(error.toErrorResponse()).toBeUndefined()
      for (const shown of [JSON.stringify(error.toJson()), hex(error.toProblemDetails()!)])
        for (const reason of [error.reason, hex(new TextEncoder().encode(error.reason))])
          expect(shown).not.toContain(reason)
    }
    // The developer is told.
    expect(reasons.size).toBeGreaterThan(1)
  })

  it('what a server does wrong itself is no fault of the client (5.00)', async () => {
    for (const attempt of [
      () => issueCwt({}, keys[0]!, { alg: 'HMAC 256/64' }),
      () => issueJwt({}, keys[6]!),
    ])
      await expect(attempt()).rejects.toMatchObject({ name: 'ProtectionError', coapCode: '5.00' })
    for (const attempt of [
      () => protectCose(new Uint8Array(1), keys[9]!, { iv: new Uint8Array(3) }),
      () => encryptKey(keys[6]!, keys[0]!),
      () => TokenKey.generate('ES512'),
    ])
      await expect(attempt()).rejects.toMatchObject({ name: 'CoseError', blame: 'caller' })
  })
})

describe('hostile keys', () => {
  it('end in a CoseError or a DecodeError', async () => {
    const cose = await Promise.all(keys.map((key) => key.toPrivateCbor()))
    const property = fc.asyncProperty(fc.constantFrom(...cose), mutations, async (bytes, changes) => {
      const error = await TokenKey.fromCose(mutate(bytes, changes)).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      if (error) expect(error instanceof DecodeError || error instanceof CoseError, String(error)).toBe(true)
      if (error instanceof CoseError) expect(error.reason).toBe('key_invalid')
    })
    await fc.assert(property, { numRuns: 3_000 })
  })

  it.each(['constructor', '__proto__', 'toString'])(
    'with the key type, curve or algorithm %s',
    async (name) => {
      const x = new Uint8Array(32)
      for (const key of [
        { kty: name, x },
        { kty: 'OKP', crv: name, x },
        { kty: 'Symmetric', k: x, alg: name },
      ])
        await TokenKey.fromCose(key).catch((error: unknown) => expect(error).toBeInstanceOf(CoseError))
    },
  )
})

/** The same key without its identifier, so that a flipped bit there changes nothing. */
async function nameless(key: TokenKey): Promise<TokenKey> {
  const { kid: _, ...rest } = key.toPrivateCose()
  return TokenKey.fromCose(rest)
}

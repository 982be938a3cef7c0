import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DecodeError } from '../../src/cbor/decode-error.ts'
import { Failure } from '../../src/failure/failure.ts'
import { hex } from '../../src/message/hex.ts'
import { answerAuthzInfo } from '../../src/token/authz-info.ts'
import { coseOpen } from '../../src/token/cose-open.ts'
import { issueCwt } from '../../src/token/cwt.ts'
import { HeldTokens } from '../../src/token/held-tokens.ts'
import { issueJwt } from '../../src/token/jwt.ts'
import { ProtectionError } from '../../src/token/protection-error.ts'
import { TokenKey } from '../../src/token/token-key.ts'
import { verifyAccessToken } from '../../src/token/verify-access-token.ts'
import rfc8392 from '../../vectors/rfc8392.json' with { type: 'json' }
import { claims, keys } from './arbitraries.ts'
import { unhex } from './bytes.ts'

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
    const { protectCose } = await import('../../src/token/protect-cose.ts')
    const { TokenClaims } = await import('../../src/token/token-claims.ts')
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
    const tokens = await Promise.all(
      [keys[0]!, keys[7]!, keys[13]!].map((key) => issueJwt({ iss: 'as', aud: 'rs' }, key)),
    )
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
        const opened = await coseOpen({
          hex: hex(payload),
          keys: [keys[6]!.toPrivateJwk(), { kty: 'nothing' }],
        })
        // What stands in the unprotected bucket may change; the content may not.
        if (opened.ok) expect(payloads).toContain(opened.payload)
      },
    )
    await fc.assert(property, { numRuns: 1_000 })
  })
})

describe('hostile keys', () => {
  it('end in a DecodeError or a ProtectionError', async () => {
    const cose = await Promise.all(keys.map((key) => key.toPrivateCbor()))
    const property = fc.asyncProperty(fc.constantFrom(...cose), mutations, async (bytes, changes) => {
      const error = await TokenKey.fromCose(mutate(bytes, changes)).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      if (error)
        expect(error instanceof DecodeError || error instanceof ProtectionError, String(error)).toBe(true)
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
        await TokenKey.fromCose(key).catch((error: unknown) => expect(error).toBeInstanceOf(ProtectionError))
    },
  )
})

/** The same key without its identifier, so that a flipped bit there changes nothing. */
async function nameless(key: TokenKey): Promise<TokenKey> {
  const { kid: _, ...rest } = key.toPrivateCose()
  return TokenKey.fromCose(rest)
}

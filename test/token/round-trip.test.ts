import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCose } from '../../src/cose/open-cose.ts'
import { protectDetached } from '../../src/cose/protect-cose.ts'
import type { TokenKey } from '../../src/cose/token-key.ts'
import { issueCwt, openCwt } from '../../src/token/cwt.ts'
import { issueJwt, openJwt } from '../../src/token/jwt.ts'
import { TokenClaims } from '../../src/token/token-claims.ts'
import { claims, keys } from './arbitraries.ts'

const isSealing = (key: TokenKey): boolean => !/^E|^HMAC/.test(key.alg!)
const sealing = keys.filter(isSealing)

describe('whatever is issued opens again', () => {
  it.each(keys.map((key) => [key.alg, key] as const))('CWT: %s', async (_, key) => {
    const property = fc.asyncProperty(
      claims({ isSecret: isSealing(key) }),
      fc.record({ tagged: fc.boolean(), cwtTag: fc.boolean() }),
      async (given, framing) => {
        const expected = new TokenClaims(given)
        const token = await issueCwt(expected, key, framing)
        const structure = isSealing(key) ? 'encrypt0' : key.alg!.startsWith('HMAC') ? 'mac0' : 'sign1'
        const opened = await openCwt(token, { keys, untagged: structure })
        expect(opened.claims.equals(expected)).toBe(true)
        expect(opened.layers).toEqual([{ structure, alg: key.alg, key }])
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })

  it('nested CWT: each key that signs or MACs in each that encrypts', async () => {
    const property = fc.asyncProperty(
      claims({ isSecret: true }),
      fc.constantFrom(...keys.filter((key) => !isSealing(key))),
      fc.constantFrom(...sealing),
      async (given, inner, outer) => {
        const expected = new TokenClaims(given)
        const opened = await openCwt(await issueCwt(expected, inner, { encryptWith: outer }), { keys })
        expect(opened.claims.equals(expected)).toBe(true)
        expect(opened.layers.map(({ key }) => key)).toEqual([outer, inner])
      },
    )
    await fc.assert(property, { numRuns: 300 })
  })

  const jose = keys.filter(({ alg }) => /^(ESP?...|Ed.*|HMAC 256\/256|HMAC 384\/384)$/.test(alg!))
  it.each(jose.map((key) => [key.alg, key] as const))('JWT: %s', async (_, key) => {
    const property = fc.asyncProperty(
      claims({ isJson: true, isSigned: key.alg!.startsWith('E') }),
      async (given) => {
        const expected = new TokenClaims(given)
        const opened = await openJwt(await issueJwt(expected, key), { keys })
        expect(opened.claims.toJson()).toEqual(expected.toJson())
      },
    )
    await fc.assert(property, { numRuns: 40 })
  })

  it('COSE: each algorithm, with external AAD, detached or not', async () => {
    const bytes = fc.uint8Array({ maxLength: 300 })
    const property = fc.asyncProperty(
      bytes,
      bytes,
      fc.constantFrom(...keys),
      fc.boolean(),
      async (payload, externalAad, key, isDetached) => {
        const { message, detached } = await protectDetached(payload, key, {
          externalAad,
          detached: isDetached,
        })
        const open = { keys, externalAad, ...(isDetached && { detached }) }
        expect((await openCose(message, open)).payload).toEqual(payload)
        const other = Uint8Array.of(...externalAad, 0)
        await expect(openCose(message, { ...open, externalAad: other })).rejects.toMatchObject({
          reason: 'verification_failed',
        })
      },
    )
    await fc.assert(property, { numRuns: 300 })
  })
})

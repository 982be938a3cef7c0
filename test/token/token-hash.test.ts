import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodeCoseMessage, viewCoseMessage } from '../../src/cose/cose-message.ts'
import { TokenKey } from '../../src/cose/token-key.ts'
import { IntrospectionResponse } from '../../src/message/introspection-response.ts'
import { verifyAccessToken } from '../../src/resource-server/verify-access-token.ts'
import type { VerifyOptions } from '../../src/resource-server/verify-options.ts'
import { hex } from '../../src/table/hex.ts'
import { issueCwt } from '../../src/token/cwt.ts'
import { issueJwt } from '../../src/token/jwt.ts'
import { createReference } from '../../src/token/reference.ts'
import { tokenHash, tokenHashes } from '../../src/token/token-hash.ts'
import { unhex } from './bytes.ts'

/** RFC 9770 Figure 3. */
const figure3 = unhex(
  'd83dd0835820a3010a044c53796d6d6574726963313238054d99a0d7846e762c49ffe8a63e0ba05858b918a11fd81e438b7f973d9e2e119bcb22424ba0f38a80f27562f400ee1d0d6c0fdb559c02421fd384fc2ebe22d7071378b0ea7428fff157444d45f7e6afcda1aae5f6495830c58627087fc5b4974f319a8707a635dd643b',
)
const sha256 = (input: string | Uint8Array): string => `01${createHash('sha256').update(input).digest('hex')}`

describe('token hashes (RFC 9770 §4)', () => {
  it('R9770-4-1: of a CWT, over its base64url, the same for both encodings', async () => {
    expect(hex(await tokenHash(figure3, 'cbor'))).toBe(
      '011a06427bcbe5d29385202b8255820b8370ae481065a1e94017c0185bfbd51707',
    )
    expect(await tokenHashes(figure3)).toEqual([await tokenHash(figure3, 'json')])
    expect(await tokenHash(Buffer.from(figure3).toString('base64url'), 'cbor')).toEqual(
      await tokenHash(figure3, 'cbor'),
    )
  })

  it('R9770-4-2 R9770-4-3: of a JWT and of a reference, over the text for JSON and over its base64url for CBOR', async () => {
    const jwt = await issueJwt({ sub: 'x' }, await TokenKey.generate('ES256'))
    for (const token of [jwt, new TextDecoder().decode(createReference())]) {
      const hashes = (await tokenHashes(token)).map(hex)
      expect(hashes).toEqual([sha256(Buffer.from(token).toString('base64url')), sha256(token)])
      expect(hex(await tokenHash(new TextEncoder().encode(token), 'json'))).toBe(sha256(token))
    }
  })

  it('takes nothing else', async () => {
    await expect(tokenHash(5 as never, 'cbor')).rejects.toThrow(TypeError)
    await expect(tokenHash(figure3, 'xml' as never)).rejects.toThrow(TypeError)
    await expect(tokenHashes(undefined as never)).rejects.toThrow(TypeError)
  })
})

describe('what stands for a token', async () => {
  const as = await TokenKey.generate('ES256', { kid: 'as' })
  const mac = await TokenKey.generate('HMAC 256/256', { kid: 'mac' })
  const options = (more: Partial<VerifyOptions> = {}): VerifyOptions => ({
    issuers: [{ issuer: 'as', keys: [as, mac] }],
    audiences: 'rs',
    recognizesScope: () => true,
    ...more,
  })
  /** The same token with another framing, all of which verify. */
  function reframed(token: Uint8Array): Uint8Array[] {
    const { structure, protectedBytes, content, authentication } = viewCoseMessage(
      token,
      undefined,
      undefined,
    )
    const framings = [{}, { cwtTag: true }].flatMap((framing) =>
      [{}, { kid: Uint8Array.of(...new TextEncoder().encode(structure === 'mac0' ? 'mac' : 'as')) }].flatMap(
        (unprotected) =>
          [authentication, structure === 'mac0' ? authentication : otherS(authentication)].map((signature) =>
            encodeCoseMessage(structure, protectedBytes, unprotected, content, signature, framing),
          ),
      ),
    )
    return framings
  }
  /** The other s of an ECDSA signature on P-256, which verifies too. */
  function otherS(signature: Uint8Array): Uint8Array {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const s = BigInt(`0x${hex(signature.subarray(32))}`)
    return Uint8Array.of(...signature.subarray(0, 32), ...unhex((order - s).toString(16).padStart(64, '0')))
  }

  it.each([
    ['sign1', as],
    ['mac0', mac],
  ])('%s: the identity survives a change of framing, the hash does not', async (_, key) => {
    const token = await issueCwt({ scope: 'read', cti: Uint8Array.of(1) }, key)
    const verified = await Promise.all(reframed(token).map((one) => verifyAccessToken(one, options())))
    expect(new Set(verified.map(({ identity }) => identity)).size).toBe(1)
    expect(new Set(verified.map(({ hash }) => hash)).size).toBeGreaterThan(1)
    const another = await verifyAccessToken(
      await issueCwt({ scope: 'read', cti: Uint8Array.of(2) }, key),
      options(),
    )
    expect(another.identity).not.toBe(verified[0]!.identity)
  })

  it('is of one authorization server, and of a reference by its cti, if it has one', async () => {
    const token = await issueCwt({ scope: 'read' }, as)
    const of = async (issuer: string) =>
      (await verifyAccessToken(token, options({ issuers: [{ issuer, keys: as }] }))).identity
    expect(await of('a')).not.toBe(await of('b'))
    const introspected = async (reference: string, cti?: Uint8Array) =>
      (
        await verifyAccessToken(
          reference,
          options({ introspection: { ask: async () => new IntrospectionResponse({ active: true, cti }) } }),
        )
      ).identity
    expect(await introspected('a')).not.toBe(await introspected('b'))
    expect(await introspected('a', Uint8Array.of(1))).toBe(await introspected('b', Uint8Array.of(1)))
  })

  it('R9770-11-2: a revoked token is refused, by its identity in whatever framing, and by its hash in the one form', async () => {
    const token = await issueCwt({ scope: 'read' }, as)
    const { identity } = await verifyAccessToken(token, options())
    const denied = options({ isRevoked: (one) => one.identity === identity })
    for (const one of reframed(token))
      await expect(verifyAccessToken(one, denied)).rejects.toMatchObject({
        code: 'authz_info_token_revoked',
        coapCode: '4.01',
      })
    expect((await verifyAccessToken(await issueCwt({}, as), denied)).layers).toHaveLength(1)

    const { structure, protectedBytes, content, authentication } = viewCoseMessage(
      token,
      undefined,
      undefined,
    )
    const framing = { cwtTag: true }
    const hashable = encodeCoseMessage(structure, protectedBytes, {}, content, authentication, framing)
    const [revoked] = (await tokenHashes(hashable)).map(hex)
    const list = options({
      issuers: [{ issuer: 'as', keys: as, isHashable: true }],
      isRevoked: ({ tokenHashes: hashes }) => hashes.some((one) => hex(one) === revoked),
    })
    await expect(verifyAccessToken(hashable, list)).rejects.toMatchObject({
      code: 'authz_info_token_revoked',
    })
    const longTag = Uint8Array.of(0xd9, 0, 61, ...hashable.subarray(2))
    const longMap = [...hashable]
    longMap.splice(4 + protectedBytes.length + 1, 1, 0xb8, 0)
    for (const one of [
      ...reframed(token).filter((each) => hex(each.subarray(0, 2)) !== 'd83d'),
      longTag,
      Uint8Array.from(longMap),
    ]) {
      await expect(verifyAccessToken(one, options())).resolves.toBeDefined()
      await expect(verifyAccessToken(one, list)).rejects.toMatchObject({ coapCode: '4.01' })
    }
    const fresh = await issueCwt(
      { scope: 'x' },
      await TokenKey.fromCose((({ kid: _, ...rest }) => rest)(as.toPrivateCose())),
      framing,
    )
    expect((await verifyAccessToken(fresh, list)).tokenHashes).toEqual(await tokenHashes(fresh))
  })
})

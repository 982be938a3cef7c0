import { describe, expect, it } from 'vitest'
import { algorithmOf, supportedAlgorithms } from '../../src/cose/algorithms.ts'
import { decryptKey, encryptKey } from '../../src/cose/encrypted-key.ts'
import { TokenKey } from '../../src/cose/token-key.ts'
import { type AifEntry, decodeAif, methodSet } from '../../src/message/aif.ts'
import { EncodeError } from '../../src/table/encode-error.ts'
import { issueCwt, openCwt } from '../../src/token/cwt.ts'
import { issueJwt, openJwt } from '../../src/token/jwt.ts'
import { TokenClaims, type TokenClaimsMembers } from '../../src/token/token-claims.ts'
import { keys } from '../token/arbitraries.ts'

type Confirmation = NonNullable<TokenClaimsMembers['cnf']>
type Scope = NonNullable<TokenClaimsMembers['scope']>

const structureOf = (key: TokenKey): string => algorithmOf(key.alg)!.structure
const sealing = keys.filter((key) => structureOf(key) === 'encrypt0')
const signing = keys.filter((key) => structureOf(key) !== 'encrypt0')

/** How a token is protected: by one key, or by one inside another (RFC 8392 §7.1). */
interface Protection {
  readonly name: string
  readonly key: TokenKey
  readonly encryptWith?: TokenKey
}

const single = (all: readonly TokenKey[]): Protection[] => all.map((key) => ({ name: `${key.alg}`, key }))
const nested = (inner: readonly TokenKey[], outer: readonly TokenKey[]): Protection[] =>
  inner.flatMap((key) =>
    outer.map((encryptWith) => ({ name: `${key.alg} in ${encryptWith.alg}`, key, encryptWith })),
  )

const isEncrypted = ({ key, encryptWith }: Protection): boolean => sealing.includes(encryptWith ?? key)

const [p256, p384, ed25519, x25519, ...symmetric] = await Promise.all(
  (['ES256', 'ES384', 'EdDSA', 'X25519', 'HMAC 256/256', 'HMAC 384/384', 'A128GCM'] as const).map((kind) =>
    TokenKey.generate(kind, { kid: Uint8Array.of(1) }),
  ),
)

/** Every confirmation method (RFC 8747 §3, RFC 9203 §3.2.1, RFC 9679 §5.6, RFC 9449 §6.1) with every type of key. */
const open: Readonly<Record<string, Confirmation | undefined>> = {
  'no cnf': undefined,
  'a P-256 key': { COSE_Key: p256!.toCose() },
  'a P-384 key': { COSE_Key: p384!.toCose() },
  'an Ed25519 key': { COSE_Key: ed25519!.toCose() },
  'an X25519 key': { COSE_Key: x25519!.toCose() },
  'an encrypted key': { Encrypted_COSE_Key: await encryptKey(symmetric[0]!, sealing[0]!) },
  'a kid': { kid: Uint8Array.of(0x11, 0x22) },
  'a COSE thumbprint': { ckt: await p256!.thumbprint() },
  'a JWK thumbprint': { jkt: await p256!.jwkThumbprint() },
}
const secret: Readonly<Record<string, Confirmation>> = {
  ...Object.fromEntries(symmetric.map((key) => [`an ${key.alg} key`, { COSE_Key: key.toPrivateCose() }])),
  'OSCORE input material': {
    osc: {
      id: Uint8Array.of(1),
      version: 1,
      ms: new Uint8Array(16).fill(7),
      hkdf: 'HMAC 256/256',
      alg: 'AES-CCM-16-64-128',
      salt: Uint8Array.of(2),
      contextId: Uint8Array.of(3),
    },
  },
}

const aif: AifEntry[] = [['/s/temp', methodSet(['GET', 'Dynamic-DELETE']) as number]]
const scopes: Readonly<Record<string, Scope | undefined>> = {
  'no scope': undefined,
  'a text scope': 'read write',
  'a scope of bytes': Uint8Array.of(0xff, 0, 1),
  'a scope in AIF': aif,
}

function* everyClaims(confirmations: Readonly<Record<string, Confirmation | undefined>>): Generator<{
  name: string
  claims: TokenClaims
}> {
  for (const [cnfName, cnf] of Object.entries(confirmations))
    for (const [scopeName, scope] of Object.entries(scopes)) {
      const members = { iss: 'as', aud: 'rs', exp: 4_000_000_000, cti: Uint8Array.of(9), exi: 60 }
      const claims = new TokenClaims({ ...members, ...(cnf && { cnf }), ...(scope && { scope }) })
      yield { name: `${cnfName}, ${scopeName}`, claims }
    }
}

it('there is a key for every algorithm', () => {
  expect(keys.map(({ alg }) => alg).sort()).toEqual([...supportedAlgorithms].sort())
})

describe('a CWT with every confirmation and every scope opens again', () => {
  it.each([...single(keys), ...nested(signing, sealing)].map((one) => [one.name, one] as const))(
    '%s',
    async (_, protection) => {
      const { key, encryptWith } = protection
      const expected = encryptWith ? [encryptWith, key] : [key]
      const all = isEncrypted(protection) ? { ...open, ...secret } : open
      for (const { name, claims } of everyClaims(all)) {
        const token = await issueCwt(claims, key, { encryptWith })
        const opened = await openCwt(token, { keys })
        expect(opened.claims.equals(claims), name).toBe(true)
        expect(opened.claims.toCbor(), name).toEqual(claims.toCbor())
        expect(
          opened.layers.map((layer) => [layer.structure, layer.alg, layer.key]),
          name,
        ).toEqual(expected.map((one) => [structureOf(one), one.alg, one]))
      }
      if (isEncrypted(protection)) return
      for (const { name, claims } of everyClaims(secret))
        await expect(issueCwt(claims, key), name).rejects.toBeInstanceOf(EncodeError)
    },
  )
})

describe('a JWT with every confirmation and every scope opens again', () => {
  const of = (all: readonly TokenKey[], pattern: RegExp): TokenKey[] =>
    all.filter(({ alg }) => pattern.test(alg!))
  const signs = of(signing, /^(ES256|ES384|EdDSA|HMAC 256\/256|HMAC 384\/384)$/)
  const seals = of(sealing, /^A...GCM$/)
  // Methods that have a form in JSON alone (RFC 8705 §3.1, RFC 7800 §3.3).
  const json = { 'a certificate': { 'x5t#S256': new Uint8Array(32) }, 'a JWE': { jwe: 'a.b.c.d.e' } }

  it.each([...single(signs), ...nested(signs, seals)].map((one) => [one.name, one] as const))(
    '%s',
    async (_, protection) => {
      const { key, encryptWith } = protection
      const all = { ...open, ...json, ...(isEncrypted(protection) && secret) }
      for (const { name, claims } of everyClaims(all)) {
        const opened = await openJwt(await issueJwt(claims, key, { encryptWith }), { keys })
        // A scope of bytes is a text in JSON.
        expect(opened.claims.toJson(), name).toEqual(claims.toJson())
        expect(
          opened.layers.map((layer) => layer.key),
          name,
        ).toEqual(encryptWith ? [encryptWith, key] : [key])
      }
      if (isEncrypted(protection)) return
      for (const { name, claims } of everyClaims(secret))
        await expect(issueJwt(claims, key), name).rejects.toBeInstanceOf(EncodeError)
    },
  )
})

describe('what the claims hold is what was put in', () => {
  it.each(sealing.map((key) => [key.alg, key] as const))(
    'keys encrypted with %s (RFC 8747 §3.3)',
    async (_, rs) => {
      for (const pop of [...keys.filter(({ kty }) => kty === 'Symmetric'), ...symmetric]) {
        const cnf = { Encrypted_COSE_Key: await encryptKey(pop, rs) }
        const { claims } = await openCwt(await issueCwt({ cnf }, signing[0]!), { keys })
        const key = await decryptKey(claims.cnf!.Encrypted_COSE_Key!, { keys: rs })
        expect((await TokenKey.fromCose(key)).toPrivateCbor()).toEqual(pop.toPrivateCbor())
      }
    },
  )

  it('keys, and authorizations in AIF (RFC 8747 §3.2, RFC 9237 §2)', async () => {
    for (const pop of [p256, p384, ed25519, x25519]) {
      const token = await issueCwt({ cnf: { COSE_Key: pop!.toCose() }, scope: aif }, signing[0]!)
      const { cnf, scope } = (await openCwt(token, { keys })).claims
      expect((await TokenKey.fromCose(cnf!.COSE_Key!)).toCbor()).toEqual(pop!.toCbor())
      expect(decodeAif(scope as Uint8Array)).toEqual(aif)
    }
  })
})

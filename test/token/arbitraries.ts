import fc from 'fast-check'
import { TokenKey } from '../../src/cose/token-key.ts'
import type { TokenClaimsMembers } from '../../src/token/token-claims.ts'

/** One key for every algorithm. */
export const keys: readonly TokenKey[] = await Promise.all(
  (
    [
      'ES256',
      'ESP256',
      'ES384',
      'ESP384',
      'EdDSA',
      'Ed25519',
      'HMAC 256/64',
      'HMAC 256/256',
      'HMAC 384/384',
      'AES-CCM-16-64-128',
      'AES-CCM-16-64-256',
      'AES-CCM-16-128-128',
      'AES-CCM-16-128-256',
      'A128GCM',
      'A256GCM',
      'ChaCha20/Poly1305',
    ] as const
  ).map((alg, i) => TokenKey.generate(alg, { kid: Uint8Array.of(i) })),
)

/** Proof-of-possession keys of each type. */
const popKeys = await Promise.all(
  (['ES256', 'ES384', 'EdDSA', 'X25519'] as const).map((kind) => TokenKey.generate(kind)),
)
const symmetric = await TokenKey.generate('HMAC 256/256')

const bytes = (minLength: number, maxLength = 24): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength })
const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const date = fc.oneof(
  fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const scopeToken = fc.stringMatching(/^[!#-[\]-~]{1,8}$/)
const scope = fc.oneof(
  fc.array(scopeToken, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join(' ')),
  bytes(0),
)

const publicConfirmation = fc.oneof(
  fc.constantFrom(...popKeys).map((key) => ({ COSE_Key: key.toCose() })),
  bytes(1).map((kid) => ({ kid })),
  bytes(32, 32).map((ckt) => ({ ckt })),
)
const secretConfirmation = fc.oneof(
  fc.constant({ COSE_Key: symmetric.toPrivateCose() }),
  fc.record({ id: bytes(1), ms: bytes(16), salt: bytes(0), contextId: bytes(0) }).map((osc) => ({ osc })),
)

/** Claims of a token, any of them absent. */
export function claims({
  isSecret = false,
  isJson = false,
  isSigned = false,
} = {}): fc.Arbitrary<TokenClaimsMembers> {
  return fc
    .record(
      {
        iss: text,
        sub: text,
        aud: isJson ? fc.oneof(text, fc.array(text, { maxLength: isSigned ? 3 : 1 })) : text,
        exp: date,
        nbf: date,
        iat: date,
        cti: bytes(0),
        cnf: isSecret ? fc.oneof(publicConfirmation, secretConfirmation) : publicConfirmation,
        scope: isJson ? scope.filter((one) => typeof one === 'string') : scope,
        ace_profile: fc.constantFrom('coap_dtls', 'coap_oscore', -70_000),
        cnonce: bytes(0),
        exi: fc.nat(),
      },
      { requiredKeys: [] },
    )
    .map((given) =>
      given.exi === undefined ? given : { cti: new Uint8Array(1), ...given },
    ) as fc.Arbitrary<TokenClaimsMembers>
}

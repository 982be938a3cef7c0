// Messages, keys, tokens and CBOR values, made from a seed: the same in each run.
import { TokenKey } from './library.mjs'

/** Pseudorandom numbers (xorshift32) from a seed. */
export function randomFrom(seed) {
  let state = seed >>> 0 || 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state
  }
  const below = (most) => next() % most
  return {
    below,
    chance: (of) => below(of) === 0,
    pick: (list) => list[below(list.length)],
    bytes: (length) => Uint8Array.from({ length }, () => next() >>> 24),
  }
}

const base64url = (bytes) => Buffer.from(bytes).toString('base64url')
const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789-._']

function word(random, most = 12) {
  return Array.from({ length: 1 + random.below(most) }, () => random.pick(letters)).join('')
}

/** Members of which each is there or not. */
function some(random, members) {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, make]) => (random.chance(2) ? [[name, make()]] : [])),
  )
}

const pop = (random, keys) => () =>
  random.chance(2) ? { jwk: publicOf(random.pick(keys)) } : { kid: word(random) }

/** A message that every implementation of RFC 9200 ought to have, as its JSON twin. */
export function messageFrom(random, message, keys) {
  const scope = () => Array.from({ length: 1 + random.below(3) }, () => word(random)).join(' ')
  const bytes = () => base64url(random.bytes(1 + random.below(16)))
  if (message === 'error-response')
    return {
      error: random.pick([
        'invalid_request',
        'invalid_client',
        'invalid_grant',
        'unauthorized_client',
        'unsupported_grant_type',
        'invalid_scope',
        'unsupported_pop_key',
        'incompatible_ace_profiles',
        -65537 - random.below(2 ** 30),
      ]),
      ...some(random, {
        error_description: () => word(random, 40),
        error_uri: () => `https://${word(random)}.example/${word(random)}`,
      }),
    }
  if (message === 'creation-hints')
    return {
      AS: `coaps://${word(random)}.example`,
      ...some(random, { kid: () => word(random), audience: () => word(random), scope, cnonce: bytes }),
    }
  if (message === 'token-request')
    return {
      grant_type: 'client_credentials',
      ...some(random, {
        client_id: () => word(random),
        audience: () => word(random),
        scope,
        cnonce: bytes,
        ace_profile: () => null,
        req_cnf: pop(random, keys),
      }),
    }
  const type = random.pick(['PoP', 'PoP', 'Bearer'])
  return {
    access_token: random.chance(3) ? `~${base64url([0xff, ...random.bytes(20)])}` : word(random, 40),
    ...some(random, {
      token_type: () => type,
      expires_in: () => random.below(2 ** 31),
      scope,
      refresh_token: () => word(random, 20),
      ace_profile: () => random.pick(['coap_dtls', 'coap_oscore']),
      ...(type === 'PoP' && { cnf: pop(random, keys) }),
    }),
  }
}

/** A message that OAuth 2.0 in JSON or in a form has too. */
export function jsonMessageFrom(random, message) {
  const scope = () => Array.from({ length: 1 + random.below(3) }, () => word(random)).join(' ')
  if (message === 'error-response')
    return {
      error: random.pick([
        'invalid_request',
        'invalid_client',
        'invalid_grant',
        'unauthorized_client',
        'unsupported_grant_type',
        'invalid_scope',
      ]),
      ...some(random, {
        error_description: () => word(random, 40),
        error_uri: () => `https://${word(random)}.example/${word(random)}`,
      }),
    }
  if (message === 'token-request')
    return {
      grant_type: 'client_credentials',
      client_id: word(random),
      ...some(random, { scope, audience: () => word(random) }),
    }
  if (message === 'introspection-response')
    return {
      active: true,
      ...some(random, {
        scope,
        client_id: () => word(random),
        username: () => word(random),
        token_type: () => 'Bearer',
        exp: () => 1_700_000_000 + random.below(2 ** 28),
        iat: () => 1_700_000_000 + random.below(2 ** 28),
        sub: () => word(random),
        aud: () => word(random),
        iss: () => `https://${word(random)}.example`,
        jti: () => base64url(random.bytes(8)),
      }),
    }
  return {
    access_token: word(random, 40),
    token_type: random.pick(['Bearer', 'PoP']),
    ...some(random, {
      expires_in: () => random.below(2 ** 31),
      scope,
      refresh_token: () => word(random, 20),
    }),
  }
}

/** JSON with one fault: a member less, a member that nobody knows, another name, or another value. */
export function damagedJson(random, json) {
  const names = Object.keys(json)
  const name = random.pick(names)
  const { [name]: value, ...others } = json
  const way = random.below(5)
  if (way === 0) return others
  if (way === 1) return { ...json, [`x-${word(random)}`]: random.pick([1, 'a', null, [], {}]) }
  if (way === 2) return { ...others, [`${name}_`]: value }
  return {
    ...others,
    [name]: random.pick([null, true, 0, -1, 1.5, '', ' ', 'a"b', 'a\nb', 'ä', [], [value], {}, `${value}`]),
  }
}

/** Private keys, as JWKs: some of each type, the same in each run. */
export async function keyPool(random) {
  const kinds = [
    { kty: 'EC2', crv: 'P-256', bytes: 32 },
    { kty: 'EC2', crv: 'P-384', bytes: 48 },
    { kty: 'OKP', crv: 'Ed25519', bytes: 32 },
    ...[16, 32, 32, 48].map((bytes) => ({ kty: 'Symmetric', bytes })),
  ]
  const made = []
  for (const { bytes, ...kind } of kinds)
    for (let i = 0; i < 8; i++) {
      const secret = random.bytes(bytes)
      // Below the order of the curve.
      secret[0] &= 0x7f
      const key = kind.kty === 'Symmetric' ? { ...kind, k: secret } : { ...kind, d: secret }
      const { alg: _, ...jwk } = (await TokenKey.fromCose(key)).toPrivateJwk()
      made.push(jwk)
    }
  return made
}

export function publicOf({ d: _, ...jwk }) {
  return jwk
}

/** A key of the pool, private or public, with an identifier or without. */
export function keyFrom(random, pool, crvs) {
  const key = random.pick(pool.filter(({ kty, crv }) => kty === 'oct' || crvs.includes(crv)))
  const shown = random.chance(2) ? key : publicOf(key)
  return random.chance(2) ? shown : { ...shown, kid: word(random) }
}

/** The keys of a pool that an algorithm takes. */
export function keysFor(pool, alg) {
  const lengths = { 'HMAC 384/384': 48, A128GCM: 16 }
  const crvs = { ES256: 'P-256', ES384: 'P-384', EdDSA: 'Ed25519' }
  const bytes = lengths[alg] ?? (/AES-CCM-\d+-\d+-128/.test(alg) ? 16 : 32)
  return pool.filter(({ crv, k }) =>
    crvs[alg] ? crv === crvs[alg] : k !== undefined && Buffer.from(k, 'base64url').length === bytes,
  )
}

/** A CWT Claims Set: a map of registered claims. */
export function claimsFrom(random) {
  return new Map([
    [1, `coaps://${word(random)}.example`],
    ...(random.chance(2) ? [[2, word(random)]] : []),
    [3, word(random)],
    [4, 1_700_000_000 + random.below(2 ** 28)],
    ...(random.chance(2) ? [[7, random.bytes(8)]] : []),
    ...(random.chance(2) ? [[9, word(random)]] : []),
  ])
}

/** A CBOR value whose map keys are integers and texts. */
export function valueFrom(random, depth = 3) {
  const kind = random.below(depth > 0 ? 12 : 9)
  const integer = () => {
    const size = 2n ** BigInt(random.below(65)) - BigInt(random.below(3))
    const value = random.chance(2)
      ? -1n - (size < 0n ? 0n : size % 2n ** 64n)
      : size < 0n
        ? 0n
        : size % 2n ** 64n
    return value > -(2n ** 53n) && value < 2n ** 53n ? Number(value) : value
  }
  if (kind < 3) return integer()
  if (kind === 3)
    return random.pick([1.5, -0.25, 1e300, 1.1, 65504.5, -0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** -24])
  if (kind < 6) return random.pick(['', 'a', 'é', '水', '𐅑', word(random, 30)])
  if (kind < 8) return random.bytes(random.below(40))
  if (kind === 8) return random.pick([true, false, null])
  if (kind < 11) return Array.from({ length: random.below(6) }, () => valueFrom(random, depth - 1))
  return new Map(
    Array.from({ length: random.below(6) }, () => [
      random.chance(2) ? integer() : word(random, 6),
      valueFrom(random, depth - 1),
    ]),
  )
}

/** Bytes with one fault: cut, a bit flipped, a byte more, or one replaced. */
export function damaged(random, hex) {
  const bytes = [...Buffer.from(hex, 'hex')]
  const at = random.below(bytes.length)
  const way = random.below(4)
  if (way === 0) bytes.length = at
  else if (way === 1) bytes[at] ^= 1 << random.below(8)
  else if (way === 2) bytes.splice(at, 0, random.below(256))
  else bytes[at] = random.below(256)
  return Buffer.from(bytes).toString('hex')
}

import { issueCwt, supportedAlgorithms, TokenClaims, TokenKey } from 'ace-oauth/token'
import { z } from 'zod'
import type { ResourceServerRecord, TokenFormatName } from '../../store/contract.ts'
import { tokenFormats } from '../../store/contract.ts'
import { quoted } from '../../text.ts'
import { checked, count, name, profiles, publicJwk, RegistrationError, scopes, shownOnly } from './fields.ts'

type AlgorithmName = (typeof supportedAlgorithms)[number]

const ciphers = supportedAlgorithms.filter((each) => /^AES-CCM|GCM$|^ChaCha/.test(each))
const macs = supportedAlgorithms.filter((each) => each.startsWith('HMAC'))
const signatures = supportedAlgorithms.filter((each) => /^ES|^Ed/.test(each))

/** The algorithms of each format. The first is the usual one. */
const algorithmsOf: Readonly<Record<TokenFormatName, readonly AlgorithmName[]>> = {
  'cwt-encrypt0': ciphers,
  'cwt-mac0': ['HMAC 256/256', ...macs.filter((each) => each !== 'HMAC 256/256')],
  'cwt-sign1': signatures,
  'cwt-nested': ciphers,
  jwt: ['ES256', 'ES384', 'EdDSA', 'Ed25519'],
  // What is no token of its own is protected by nothing.
  reference: ['ES256'],
}

/** All algorithms that a resource server may be registered with. */
export const tokenAlgorithms: readonly AlgorithmName[] = [...new Set(Object.values(algorithmsOf).flat())]
/** The algorithms that the server signs with. */
export const signingAlgorithms: readonly AlgorithmName[] = signatures

/** The proof-of-possession keys that a resource server may process. */
export const popKeys = ['EC2:P-256', 'EC2:P-384', 'OKP:Ed25519', 'OKP:X25519'] as const

const members = {
  audience: name,
  format: z.enum(tokenFormats).default('cwt-encrypt0'),
  algorithm: z.string().optional(),
  scopes,
  profiles: profiles.default(['coap_dtls']),
  pop_keys: z.array(z.enum(popKeys)).default(['EC2:P-256', 'OKP:Ed25519']),
  token_lifetime: count.default(3_600),
  uses_exi: z.boolean().default(false),
  max_token_bytes: count.optional(),
  has_issuer: z.boolean().default(true),
  has_audience: z.boolean().default(true),
  public_key: publicJwk.optional(),
  /** For a resource server that has a key already. */
  key: z.record(z.string(), z.unknown()).optional(),
  introspection: z
    .strictObject({ client_id: name.optional(), client_secret: z.string().min(1).max(1_000).optional() })
    .optional(),
} as const

const schema = z
  .strictObject({ ...members, ...shownOnly, key_id: z.unknown(), next_key_id: z.unknown() })
  .partial({ created_at: true, key_id: true, next_key_id: true })

const singular = { scope: 'scopes', profile: 'profiles', pop_key: 'pop_keys' }

/** A resource server as somebody wrote it down. */
export interface ResourceServerRegistration {
  /** What is registered, without the hash of a secret, and added at the time 0. Its key is null where it has none yet. */
  readonly record: ResourceServerRecord
  /** The secret by which it introspects already. */
  readonly secret: string | undefined
  /** The members that were given. */
  readonly given: readonly string[]
}

/**
 * Reads the registration of a resource server.
 *
 * @param json as {@link resourceServerToJson} gives it; what is absent has its default
 * @throws RegistrationError
 */
export async function readResourceServer(json: unknown): Promise<ResourceServerRegistration> {
  const { data: given, given: told } = checked(schema, json, Object.keys(members), singular)
  const allowed = algorithmsOf[given.format]
  const algorithm = given.algorithm ?? allowed[0]!
  if (!allowed.some((each) => each === algorithm))
    throw new RegistrationError([
      {
        member: 'algorithm',
        reason: `${quoted(algorithm)} does not go with ${given.format}: expected one of ${allowed.join(', ')}`,
      },
    ])
  if (given.scopes.length === 0)
    throw new RegistrationError([{ member: 'scopes', reason: 'a resource server needs one at least' }])
  const record: ResourceServerRecord = {
    audience: given.audience,
    format: given.format,
    algorithm,
    key: given.key ?? null,
    nextKey: null,
    publicKey: given.public_key ?? null,
    scopes: given.scopes,
    profiles: given.profiles,
    popKeys: given.pop_keys,
    tokenLifetime: given.token_lifetime,
    usesExi: given.uses_exi,
    maxTokenBytes: given.max_token_bytes ?? null,
    hasIssuer: given.has_issuer,
    hasAudience: given.has_audience,
    introspectionClientId: given.introspection?.client_id ?? given.audience,
    introspectionSecretHash: null,
    createdAt: 0,
  }
  if (record.key) await requireKey(record)
  if (record.publicKey)
    await TokenKey.fromJwk(record.publicKey).catch((error: Error) => {
      throw new RegistrationError([{ member: 'public_key', reason: error.message }])
    })
  return { record, secret: given.introspection?.client_secret, given: told }
}

/** The registration of a resource server, without its keys and its secret, as it is shown. */
export function resourceServerToJson(server: ResourceServerRecord): Readonly<Record<string, unknown>> {
  return {
    audience: server.audience,
    format: server.format,
    algorithm: server.algorithm,
    scopes: server.scopes,
    profiles: server.profiles,
    pop_keys: server.popKeys,
    token_lifetime: server.tokenLifetime,
    uses_exi: server.usesExi,
    max_token_bytes: server.maxTokenBytes,
    has_issuer: server.hasIssuer,
    has_audience: server.hasAudience,
    public_key: server.publicKey,
    key_id: server.key?.['kid'] ?? null,
    next_key_id: server.nextKey?.['kid'] ?? null,
    introspection: { client_id: server.introspectionClientId },
    created_at: server.createdAt,
  }
}

/** Whether tokens of a format are protected by a key that the server shares with the resource server. */
export function hasSharedKey(format: TokenFormatName): boolean {
  return format === 'cwt-encrypt0' || format === 'cwt-mac0' || format === 'cwt-nested'
}

/** Refuses a key with which no token could be made. */
async function requireKey({ key, format, algorithm }: ResourceServerRecord): Promise<void> {
  if (!hasSharedKey(format))
    throw new RegistrationError([{ member: 'key', reason: `no key is shared for ${format}` }])
  try {
    const claims = new TokenClaims({ iss: 'https://as.example.com', exp: 2_000_000_000 })
    await issueCwt(claims, await TokenKey.fromJwk(key), { alg: algorithm as AlgorithmName })
  } catch (error) {
    throw new RegistrationError([{ member: 'key', reason: (error as Error).message }])
  }
}

import { randomBytes } from 'node:crypto'
import { type Confirmation, type CoseKey, IntrospectionResponse, opaqueFromText } from 'ace-oauth'
import { Failure } from 'ace-oauth/failure'
import { TokenKey } from 'ace-oauth/token'
import type { ResourceServerRecord } from '../store/contract.ts'
import type { Keyed, Profiled } from './context.ts'

/** The length of keys that the server makes, in bytes: those of AES-128 and of the PSKs that RFC 9202 section 3.3 has. */
const keyLength = 16
/** The length of identifiers that the server makes, in bytes. */
const kidLength = 8

/** Formats whose content the client or somebody on the way could read: no secret key goes into them (RFC 9200 section 6.1). */
const readableFormats: readonly string[] = ['cwt-sign1', 'cwt-mac0', 'jwt']

/**
 * Chooses the proof-of-possession key (RFC 9200 section 5.8.1, RFC 9201 section 3.1): a symmetric one that the server makes, the public key
 * that the client brings, or one that an earlier token of the same client was bound to.
 */
export async function chooseKey(profiled: Profiled): Promise<Keyed> {
  const { request, bounds, profile } = profiled
  const { COSE_Key, kid } = request.req_cnf ?? {}
  const before = bounds?.cnf ? confirmationOf(bounds.cnf) : undefined
  if (COSE_Key) {
    // RFC 9203 section 3.2: the profile is keyed by input material alone.
    if (profile === 'coap_oscore') throw new Failure('token_key_unsupported', { details: { profile } })
    const keyed = await broughtKey(profiled, COSE_Key)
    if (before) await requireSameKey(keyed, before)
    return keyed
  }
  if (request.req_cnf && !kid)
    throw new Failure('token_key_unsupported', { details: { methods: Object.keys(request.req_cnf) } })
  if (before) {
    if (kid && !sameBytes(identifierOf(before), kid)) throw keyChanged(profiled)
    return knownKey(profiled, before, kid !== undefined)
  }
  return kid ? namedKey(profiled, kid) : newKey(profiled)
}

function newKey(profiled: Profiled): Keyed | Promise<Keyed> {
  const { resourceServers, profile } = profiled
  const readable = readableBy(resourceServers)
  if (readable)
    throw new Failure('token_parameter_missing', {
      details: {
        parameter: 'req_cnf',
        audience: readable.audience,
        reason: 'a symmetric key needs an encrypted token',
      },
    })
  if (profile === 'coap_oscore') return oscoreMaterial(profiled)
  const kid = Uint8Array.from(randomBytes(kidLength))
  const COSE_Key: CoseKey = { kty: 'Symmetric', kid, k: Uint8Array.from(randomBytes(keyLength)) }
  const cnf = { COSE_Key }
  return { ...profiled, cnf, key: cnf, told: cnf, keyThumbprint: null, keyId: kid }
}

/** The resource server whose tokens may carry no secret key, if there is one. */
function readableBy(servers: readonly ResourceServerRecord[]): ResourceServerRecord | undefined {
  return servers.find(({ format }) => readableFormats.includes(format))
}

/** OSCORE input material with an identifier that this server gives once (RFC 9203 section 3.2.1). */
async function oscoreMaterial(profiled: Profiled): Promise<Keyed> {
  const id = shortest(await profiled.services.store.resourceServers.nextOscoreId())
  const cnf = { osc: { id, ms: Uint8Array.from(randomBytes(keyLength)) } }
  return { ...profiled, cnf, key: cnf, told: cnf, keyThumbprint: null, keyId: id }
}

/** The bytes of a number, the most significant first and none of them superfluous. */
function shortest(number: number): Uint8Array {
  const hex = number.toString(16)
  return Uint8Array.from(Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex'))
}

async function broughtKey(profiled: Profiled, given: CoseKey): Promise<Keyed> {
  if (given.kty === 'Symmetric' || given.d !== undefined || given.k !== undefined)
    throw new Failure('token_key_symmetric', { details: { kty: given.kty } })
  const kind = `${given.kty}:${String(given.crv)}`
  const unable = profiled.resourceServers.find(({ popKeys }) => !popKeys.includes(kind))
  if (unable)
    throw new Failure('token_key_unsupported', { details: { audience: unable.audience, key: kind } })
  let key: TokenKey
  try {
    key = await TokenKey.fromCose(given)
  } catch (cause) {
    throw new Failure('token_key_malformed', { cause })
  }
  const keyThumbprint = await key.thumbprint()
  await requireOwn(profiled, keyThumbprint)
  const cnf = { COSE_Key: key.publicKey().toCose() }
  return { ...profiled, cnf, key: cnf, told: undefined, keyThumbprint, keyId: bytesOfKid(given.kid) ?? null }
}

/**
 * Refuses a public key that tokens of another client are bound to, for a resource server that gets two tokens for one key gives its holder
 * the rights of the last (RFC 9201 section 3.1, RFC 9202 section 3.2.1). A key that is registered for the client is its own.
 */
async function requireOwn({ services, client, now }: Profiled, thumbprint: Uint8Array): Promise<void> {
  if (!(await services.store.tokens.isKeyOfAnother(thumbprint, client.clientId, now))) return
  const keys = client.jwks?.['keys']
  for (const jwk of Array.isArray(keys) ? keys : []) {
    const own = await TokenKey.fromJwk(jwk).then(
      (key) => key.thumbprint(),
      () => undefined,
    )
    if (sameBytes(own, thumbprint)) return
  }
  throw new Failure('token_key_not_proven', {
    details: { clientId: client.clientId, reason: 'tokens of another client are bound to the key' },
  })
}

/**
 * A key that the client has already, by its identifier: one of another client is as good as none.
 *
 * A secret is for one resource server (RFC 9200 section 6.1): where the identifier is that of another's, the client gets a new one (RFC
 * 9202 section 3.3.1). Input material of OSCORE is updated, or it is not (RFC 9203 section 3.1).
 */
async function namedKey(profiled: Profiled, kid: Uint8Array): Promise<Keyed> {
  const { services, client, now, audiences, profile } = profiled
  const { tokens } = services.store
  const details = { clientId: client.clientId, kid }
  const here = await tokens.findKey(client.clientId, kid, now, audiences)
  if (here?.cnf) return knownKey(profiled, confirmationOf(here.cnf), true)
  if (profile === 'coap_oscore') throw new Failure('token_input_material_unknown', { details })
  const found = await tokens.findKey(client.clientId, kid, now)
  if (!found?.cnf) throw new Failure('token_key_unknown', { details })
  const known = confirmationOf(found.cnf)
  return isSecret(known) ? newKey(profiled) : knownKey(profiled, known, true)
}

function isSecret({ COSE_Key }: Confirmation): boolean {
  return COSE_Key === undefined || COSE_Key.kty === 'Symmetric'
}

/**
 * Binds the token to a key that the client has.
 *
 * @param isNamed whether the request names it
 */
async function knownKey(profiled: Profiled, key: Confirmation, isNamed: boolean): Promise<Keyed> {
  const { resourceServers, profile } = profiled
  const keyId = identifierOf(key) ?? null
  const { COSE_Key, osc } = key
  if ((osc !== undefined) !== (profile === 'coap_oscore'))
    throw new Failure('token_key_unsupported', { details: { profile } })
  if (COSE_Key && !isSecret(key)) return { ...(await broughtKey(profiled, COSE_Key)), keyId }
  const readable = readableBy(resourceServers)
  if (readable)
    throw new Failure('token_key_unsupported', {
      details: { audience: readable.audience, format: readable.format },
    })
  const bound = { ...profiled, key, keyThumbprint: null, keyId }
  // RFC 9203 section 3.2: an update of rights names the input material that client and resource server have, and has no cnf.
  if (osc && isNamed) return { ...bound, cnf: { kid: keyId! }, told: undefined }
  // RFC 9201 section 5: a client that names no key is told the secret again.
  return { ...bound, cnf: key, told: key }
}

/** The identifier by which a client names a key. */
function identifierOf({ COSE_Key, osc, kid }: Confirmation): Uint8Array | undefined {
  return bytesOfKid(COSE_Key?.kid) ?? osc?.id ?? kid
}

function bytesOfKid(kid: Uint8Array | string | undefined): Uint8Array | undefined {
  return typeof kid === 'string' ? opaqueFromText(kid) : kid
}

/** A refresh keeps the key of its family: whoever has the refresh token alone must not bind tokens to a key of their own. */
async function requireSameKey(keyed: Keyed, { COSE_Key }: Confirmation): Promise<void> {
  const before = COSE_Key && COSE_Key.kty !== 'Symmetric' ? await thumbprintOf(COSE_Key) : undefined
  if (!sameBytes(before, keyed.keyThumbprint ?? undefined)) throw keyChanged(keyed)
}

async function thumbprintOf(key: CoseKey): Promise<Uint8Array> {
  return (await TokenKey.fromCose(key)).thumbprint()
}

function keyChanged({ client }: Profiled): Failure {
  return new Failure('token_refresh_key_changed', { details: { clientId: client.clientId } })
}

/** Whether two byte strings are there and the same. Neither is a secret. */
function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0
}

/** A confirmation as the store has it: the JSON twin of its place in an introspection response. */
export function confirmationOf(json: Readonly<Record<string, unknown>>): Confirmation {
  return IntrospectionResponse.fromJson({ active: true, cnf: json }).cnf!
}

/** The JSON twin of a confirmation, for the store. */
export function confirmationToJson(cnf: Confirmation): Readonly<Record<string, unknown>> {
  return new IntrospectionResponse({ active: true, cnf }).toJson()['cnf'] as Readonly<Record<string, unknown>>
}

/** The key of a resource server that the client needs to know it by (RFC 9201 section 3.2); undefined for a symmetric one. */
export function serverConfirmation({
  resourceServers,
  cnf,
}: Keyed): ResourceServerRecord['publicKey'] | undefined {
  const [server] = resourceServers
  const isAsymmetric = cnf.COSE_Key !== undefined && cnf.COSE_Key.kty !== 'Symmetric'
  return isAsymmetric && resourceServers.length === 1 ? (server?.publicKey ?? undefined) : undefined
}

import { CompactEncrypt, CompactSign, compactDecrypt, compactVerify } from 'jose'
import { DecodeError } from '../cbor/decode-error.ts'
import { type DecodeOptions, decodeDefaults } from '../cbor/options.ts'
import { algorithmOf } from '../cose/algorithms.ts'
import { CoseError } from '../cose/cose-error.ts'
import type { WebAlgorithm } from '../cose/runtime/runtime-key.ts'
import type { TokenKey } from '../cose/token-key.ts'
import type { CoseAlgorithmName } from '../registry/generated/cose-algorithms.ts'
import { fromBase64url } from '../table/base64url.ts'
import { isText } from '../table/json.ts'
import { opaqueFromText } from '../table/types/opaque.ts'
import type { TokenLayer } from './cwt.ts'
import { ownFault, ProtectionError, protecting } from './protection-error.ts'

/** What JOSE calls an algorithm (RFC 7518, RFC 8037, RFC 9864), and WebCrypto its keys. */
interface JoseAlgorithm {
  readonly jose: string
  /** What JOSE calls it too. */
  readonly other?: string
  /** The algorithm of COSE that has its curve, where its name leaves that open in COSE. */
  readonly suits?: CoseAlgorithmName
  readonly web: WebAlgorithm
}

const p256: JoseAlgorithm = { jose: 'ES256', suits: 'ESP256', web: { name: 'ECDSA', namedCurve: 'P-256' } }
const p384: JoseAlgorithm = { jose: 'ES384', suits: 'ESP384', web: { name: 'ECDSA', namedCurve: 'P-384' } }

/** ES256 of JOSE is P-256 with SHA-256 and nothing else, which COSE calls ESP256 (RFC 9864 §2.1). */
const algorithms: Partial<Record<CoseAlgorithmName, JoseAlgorithm>> = {
  ES256: p256,
  ESP256: p256,
  ES384: p384,
  ESP384: p384,
  EdDSA: { jose: 'EdDSA', other: 'Ed25519', web: { name: 'Ed25519' } },
  Ed25519: { jose: 'Ed25519', other: 'EdDSA', web: { name: 'Ed25519' } },
  'HMAC 256/256': { jose: 'HS256', web: { name: 'HMAC', hash: 'SHA-256' } },
  'HMAC 384/384': { jose: 'HS384', web: { name: 'HMAC', hash: 'SHA-384' } },
  A128GCM: { jose: 'A128GCM', web: { name: 'AES-GCM' } },
  A256GCM: { jose: 'A256GCM', web: { name: 'AES-GCM' } },
}

/** A compact JWS or JWE (RFC 7515 §7.1, RFC 7516 §7.1) whose header was read; nothing of it is verified. */
export interface CompactJose {
  readonly text: string
  readonly isEncrypted: boolean
  readonly header: Readonly<Record<string, unknown>>
}

/** What was protected by a compact JWS or JWE, and how. */
export interface OpenedJose {
  readonly payload: Uint8Array
  readonly layer: TokenLayer
}

/**
 * Reads the header of a compact JWS or JWE.
 *
 * @throws DecodeError for what is neither
 */
export function readCompact(text: string, limits: DecodeOptions = {}): CompactJose {
  const { maxBytes = decodeDefaults.maxBytes } = limits
  if (text.length > maxBytes) throw new DecodeError('too_large', '', `${maxBytes} characters at most`)
  if (!/^[\w-]+(?:\.[\w-]*){2}(?:(?:\.[\w-]*){2})?$/.test(text)) refuse('a compact JWS or JWE')
  const parts = text.split('.')
  const bytes = fromBase64url(parts[0]!)
  const header = bytes && parseJson(bytes)
  if (typeof header !== 'object' || header === null || Array.isArray(header)) refuse('an object', 'header')
  const isEncrypted = parts.length === 5
  if (isEncrypted !== 'enc' in header || typeof (header as { alg?: unknown }).alg !== 'string')
    refuse('that of a JWS or JWE', 'header')
  return { text, isEncrypted, header: header as Record<string, unknown> }
}

function refuse(expected: string, path = ''): never {
  throw new DecodeError('unexpected_type', path, expected)
}

/** @throws DecodeError */
export function parseJson(bytes: Uint8Array): unknown {
  const text = utf8Text(bytes)
  try {
    return JSON.parse(text)
  } catch {
    throw new DecodeError('unexpected_type', '', 'JSON')
  }
}

/** @throws DecodeError `invalid_utf8` */
export function utf8Text(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new DecodeError('invalid_utf8')
  }
}

/** Compression, and what has to be understood and is not: detached and unencoded payloads (RFC 8725 §3.6, RFC 7797 §7). */
const refusedParameters: readonly string[] = ['zip', 'crit', 'b64']

/**
 * Verifies a JWS, or decrypts a JWE whose content is encrypted directly.
 *
 * @throws ProtectionError for one that does not open
 */
export async function openCompact(
  { text, isEncrypted, header }: CompactJose,
  keys: readonly TokenKey[],
  allowed: readonly CoseAlgorithmName[] | undefined,
): Promise<OpenedJose> {
  for (const name of refusedParameters)
    if (Object.hasOwn(header, name)) throw new ProtectionError('header_not_understood', `no ${name}`)
  const names = namesOf(header, isEncrypted)
  const taken = allowed ? names.filter((name) => allowed.some((one) => isSame(one, name))) : names
  if (taken.length === 0)
    throw new ProtectionError('algorithm_not_allowed', 'an algorithm that is allowed here')
  let refusal: ProtectionError | undefined
  for (const key of candidates(keys, header['kid'])) {
    const alg =
      key.alg === undefined ? (allowed ? taken[0] : undefined) : taken.find((name) => name === key.alg)
    if (alg === undefined) {
      const reason = allowed ? 'key_unsuitable' : 'algorithm_not_allowed'
      refusal ??= new ProtectionError(reason, 'the algorithm of the key')
      continue
    }
    try {
      const payload = isEncrypted ? await decrypt(text, key, alg) : await verify(text, key, alg)
      return { payload, layer: { structure: algorithmOf(alg)!.structure, alg, key } }
    } catch (error) {
      // Which of its checks failed is told to nobody.
      const failed =
        error instanceof CoseError
          ? new ProtectionError(error.reason, error.expected)
          : new ProtectionError('verification_failed')
      if (refusal?.reason !== 'verification_failed') refusal = failed
    }
  }
  throw refusal ?? new ProtectionError('no_key', 'a key for this token')
}

/** The names in COSE of the algorithm that a header names. */
function namesOf(header: CompactJose['header'], isEncrypted: boolean): CoseAlgorithmName[] {
  if (isEncrypted && header['alg'] !== 'dir') return []
  const name = isEncrypted ? header['enc'] : header['alg']
  return (Object.keys(algorithms) as CoseAlgorithmName[]).filter((one) => {
    const { jose, other } = algorithms[one]!
    return (jose === name || other === name) && isEncrypted === (algorithmOf(one)?.structure === 'encrypt0')
  })
}

/** Whether JOSE has one algorithm where COSE has these two. */
function isSame(one: CoseAlgorithmName, other: CoseAlgorithmName): boolean {
  const [a, b] = [algorithms[one], algorithms[other]]
  return a !== undefined && b !== undefined && (a.jose === b.jose || a.jose === b.other)
}

function candidates(keys: readonly TokenKey[], kid: unknown): readonly TokenKey[] {
  if (kid === undefined) return keys
  if (!isText(kid)) return keys.filter((key) => key.kid === undefined)
  const bytes = opaqueFromText(kid)
  const named = keys.filter((key) => key.hasKid(bytes))
  return [...named, ...keys.filter((key) => key.kid === undefined)]
}

async function verify(text: string, key: TokenKey, alg: CoseAlgorithmName): Promise<Uint8Array> {
  const { jose, other = jose, suits = alg, web } = algorithms[alg]!
  key.requireSuitable(algorithmOf(suits)!, 'open')
  const { payload } = await compactVerify(text, await key.runtime.cryptoKey(web, 'verify'), {
    algorithms: [jose, other],
  })
  return payload
}

async function decrypt(text: string, key: TokenKey, alg: CoseAlgorithmName): Promise<Uint8Array> {
  const { jose, web } = algorithms[alg]!
  key.requireSuitable(algorithmOf(alg)!, 'open')
  const { plaintext } = await compactDecrypt(text, await key.runtime.cryptoKey(web, 'decrypt'), {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: [jose],
  })
  return plaintext
}

/**
 * Signs or MACs a payload as a JWS, or encrypts it directly as a JWE, as the algorithm is for.
 *
 * @throws ProtectionError
 */
export async function protectCompact(
  payload: Uint8Array,
  key: TokenKey,
  alg: CoseAlgorithmName | undefined,
  header: { readonly typ?: string; readonly cty?: string },
): Promise<string> {
  const algorithm = algorithmOf(alg)
  const names = alg && algorithms[alg]
  if (!algorithm || !names)
    throw new ProtectionError('algorithm_not_allowed', 'an algorithm that JOSE has', ownFault)
  await protecting(() => key.requireSuitable(algorithmOf(names.suits ?? alg)!, 'protect'))
  const kid = key.jwkKid
  const common = { ...header, ...(kid !== undefined && { kid }) }
  if (algorithm.structure === 'encrypt0')
    return new CompactEncrypt(payload)
      .setProtectedHeader({ alg: 'dir', enc: names.jose, ...common })
      .encrypt(await protecting(() => key.runtime.cryptoKey(names.web, 'encrypt')))
  return new CompactSign(payload)
    .setProtectedHeader({ alg: names.jose, ...common })
    .sign(await protecting(() => key.runtime.cryptoKey(names.web, 'sign')))
}

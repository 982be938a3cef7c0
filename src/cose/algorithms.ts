import { type CoseAlgorithmName, coseAlgorithms } from '../registry/generated/cose-algorithms.ts'
import type { CoseCurveName } from '../registry/generated/cose-curves.ts'
import type { CoseKeyOpName } from '../registry/generated/cose-key-ops.ts'
import type { HashName } from './runtime/runtime-key.ts'

/** The COSE structures for one recipient: signed, MACed, encrypted (RFC 9052 §4.2, §6.2, §5.2). */
export type CoseStructure = 'sign1' | 'mac0' | 'encrypt0'

interface Common<Structure extends CoseStructure> {
  readonly name: CoseAlgorithmName
  readonly structure: Structure
}

/** A signature algorithm (RFC 9053 §2, RFC 9864). */
export interface SignatureAlgorithm extends Common<'sign1'> {
  readonly kty: 'EC2' | 'OKP'
  /** The curves that it may be used with, the first of which implies it. */
  readonly curves: readonly CoseCurveName[]
  /** Absent for Ed25519, which hashes by itself. */
  readonly hash?: HashName
}

/** A message authentication code (RFC 9053 §3.1). */
export interface MacAlgorithm extends Common<'mac0'> {
  readonly kty: 'Symmetric'
  readonly hash: HashName
  /** The least length of a key, that of the hash. */
  readonly keyBytes: number
  /** The length of the tag, cut where it is less than that of the hash. */
  readonly tagBytes: number
}

/** An AEAD algorithm (RFC 9053 §4). */
export interface AeadAlgorithm extends Common<'encrypt0'> {
  readonly kty: 'Symmetric'
  readonly keyBytes: number
  readonly ivBytes: number
  readonly tagBytes: number
  /** The longest plaintext. AES-CCM counts it in what the nonce leaves of 15 bytes (RFC 3610 §2). */
  readonly plaintextBytes: number
  /** The cipher in node:crypto. */
  readonly cipher: 'aes-128-ccm' | 'aes-256-ccm' | 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305'
}

/** An algorithm that the library implements. */
export type Algorithm = SignatureAlgorithm | MacAlgorithm | AeadAlgorithm

function ecdsa(name: CoseAlgorithmName, hash: HashName, ...curves: CoseCurveName[]): SignatureAlgorithm {
  return { name, structure: 'sign1', kty: 'EC2', curves, hash }
}

function eddsa(name: CoseAlgorithmName): SignatureAlgorithm {
  return { name, structure: 'sign1', kty: 'OKP', curves: ['Ed25519'] }
}

function hmac(name: CoseAlgorithmName, hash: HashName, tagBytes: number): MacAlgorithm {
  return { name, structure: 'mac0', kty: 'Symmetric', hash, keyBytes: hash === 'SHA-256' ? 32 : 48, tagBytes }
}

function aead(name: CoseAlgorithmName, cipher: AeadAlgorithm['cipher'], tagBytes: number): AeadAlgorithm {
  // CCM with L = 2 takes 13 bytes (RFC 9053 §4.2), GCM and ChaCha20/Poly1305 take 12 (§4.1, §4.3).
  return {
    name,
    structure: 'encrypt0',
    kty: 'Symmetric',
    keyBytes: cipher.includes('128') ? 16 : 32,
    ivBytes: cipher.endsWith('ccm') ? 13 : 12,
    tagBytes,
    plaintextBytes: cipher.endsWith('ccm') ? 0xffff : Number.POSITIVE_INFINITY,
    cipher,
  }
}

const rows: readonly Algorithm[] = /* @__PURE__ */ (() => [
  // RFC 9053 §2.1 leaves the curve open and suggests the one that has the length of the hash.
  ecdsa('ES256', 'SHA-256', 'P-256', 'P-384'),
  ecdsa('ESP256', 'SHA-256', 'P-256'),
  ecdsa('ES384', 'SHA-384', 'P-384', 'P-256'),
  ecdsa('ESP384', 'SHA-384', 'P-384'),
  eddsa('EdDSA'),
  eddsa('Ed25519'),
  hmac('HMAC 256/64', 'SHA-256', 8),
  hmac('HMAC 256/256', 'SHA-256', 32),
  hmac('HMAC 384/384', 'SHA-384', 48),
  aead('AES-CCM-16-64-128', 'aes-128-ccm', 8),
  aead('AES-CCM-16-64-256', 'aes-256-ccm', 8),
  aead('AES-CCM-16-128-128', 'aes-128-ccm', 16),
  aead('AES-CCM-16-128-256', 'aes-256-ccm', 16),
  aead('A128GCM', 'aes-128-gcm', 16),
  aead('A256GCM', 'aes-256-gcm', 16),
  aead('ChaCha20/Poly1305', 'chacha20-poly1305', 16),
])()

const byName: ReadonlyMap<unknown, Algorithm> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ rows.map((row) => [row.name, row]),
)

/** The names of the algorithms that the library implements. */
export const supportedAlgorithms: readonly CoseAlgorithmName[] = /* @__PURE__ */ rows.map(({ name }) => name)

/** An algorithm that the library implements, by its name in the registry; undefined for any other. */
export function algorithmOf(name: unknown): Algorithm | undefined {
  return byName.get(name)
}

/** The algorithm that a curve alone implies, as RFC 9053 §2 pairs them: ES256, ES384, EdDSA. */
export function algorithmOfCurve(crv: unknown): SignatureAlgorithm | undefined {
  return rows.find((row): row is SignatureAlgorithm => row.structure === 'sign1' && row.curves[0] === crv)
}

/** The algorithms of RFC 9864 that are those of RFC 9053 on the curve they name. */
const fullySpecified: Readonly<Record<string, CoseAlgorithmName>> = {
  'ES256 P-256': 'ESP256',
  'ES384 P-384': 'ESP384',
  'EdDSA Ed25519': 'Ed25519',
}

/** Whether two algorithms are one with keys on a curve, as ES256 and ESP256 are with P-256 (RFC 9864 §2). */
export function isSameAlgorithm(one: unknown, other: unknown, crv: unknown): boolean {
  const specified = (name: unknown): unknown => fullySpecified[`${String(name)} ${String(crv)}`] ?? name
  return one === other || specified(one) === specified(other)
}

/** The integer of an algorithm in COSE. */
export function algorithmValue({ name }: Algorithm): number {
  return coseAlgorithms[name]
}

/** What a key that says so must be allowed to do, any one of these, to protect or to open (RFC 9053 §2 to §4). */
export const operations: Readonly<
  Record<
    CoseStructure,
    { readonly protect: readonly CoseKeyOpName[]; readonly open: readonly CoseKeyOpName[] }
  >
> = {
  sign1: { protect: ['sign'], open: ['verify'] },
  mac0: { protect: ['MAC create'], open: ['MAC verify'] },
  encrypt0: { protect: ['encrypt', 'wrap key'], open: ['decrypt', 'unwrap key'] },
}

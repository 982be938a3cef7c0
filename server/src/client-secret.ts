import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { opaqueFromText } from 'ace-oauth'

/** The cost of hashing a secret that somebody chose: some 50 ms and 32 MiB. */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const
const hashLength = 32

/** A new secret: 256 random bits as text, so that it goes into forms, headers and CBOR alike. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** The hash of a secret of {@link newSecret}, for the store: there is nothing to guess, so that SHA-256 is enough. */
export function hashNewSecret(secret: string): string {
  return `sha256:${createHash('sha256').update(opaqueFromText(secret)).digest('base64url')}`
}

/** The hash of a secret that somebody chose, for the store: slow, and with a salt. */
export async function hashChosenSecret(secret: string): Promise<string> {
  const salt = randomBytes(16)
  return `scrypt:${salt.toString('base64url')}:${(await slowHash(opaqueFromText(secret), salt)).toString('base64url')}`
}

/** A hash that no secret has, for clients that there are not: the same work is done for them. */
const decoys = {
  sha256: `sha256:${Buffer.alloc(hashLength).toString('base64url')}`,
  scrypt: `scrypt:${Buffer.alloc(16).toString('base64url')}:${Buffer.alloc(hashLength).toString('base64url')}`,
} as const

/**
 * Whether a secret is that of a hash of the store. The time tells nothing of whether there is such a client.
 *
 * @param hash undefined or null where there is no client, or none with a secret
 * @param isSlow whether to do the work of a slow hash in any case, for servers that have some
 */
export async function isSecret(
  secret: Uint8Array,
  hash: string | null | undefined,
  isSlow: boolean,
): Promise<boolean> {
  const [kind, ...parts] = (hash ?? (isSlow ? decoys.scrypt : decoys.sha256)).split(':')
  if (kind === 'scrypt') {
    const [salt = '', expected = ''] = parts
    const given = await slowHash(secret, Buffer.from(salt, 'base64url'))
    return isSame(given, expected) && Boolean(hash)
  }
  if (isSlow) await isSecret(secret, undefined, true)
  return (
    kind === 'sha256' && isSame(createHash('sha256').update(secret).digest(), parts[0] ?? '') && Boolean(hash)
  )
}

function isSame(hash: Buffer, expected: string): boolean {
  const other = Buffer.from(expected, 'base64url')
  return other.length === hash.length && timingSafeEqual(hash, other)
}

function slowHash(secret: Uint8Array, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, hashLength, cost, (error, hash) => (error ? reject(error) : resolve(hash)))
  })
}

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

/** How many slow hashes may wait at once: more than a second's worth would only make everybody wait. */
const mostSlowHashes = 64

/** There are as many slow hashes to do as may wait. */
export class TooManySecrets extends Error {
  override readonly name = 'TooManySecrets'
}

/** Compares secrets with hashes of the store. */
export class SecretChecker {
  #waiting = 0

  /**
   * Whether a secret is that of a hash. Where it is not, the time tells nothing of whether there is such a client, nor of what kind its hash
   * is: a fast hash is compared, and where there are slow ones a slow one too.
   *
   * @param hash undefined or null where there is no client, or none with a secret
   * @param isSlow whether there are slow hashes among those of the store
   * @throws TooManySecrets where too many wait
   */
  async isSecret(secret: Uint8Array, hash: string | null | undefined, isSlow: boolean): Promise<boolean> {
    const isChosen = hash?.startsWith('scrypt:') === true
    const [, fast = ''] = (isChosen || !hash ? decoys.sha256 : hash).split(':')
    const isFastRight =
      isSame(createHash('sha256').update(secret).digest(), fast) && hash?.startsWith('sha256:') === true
    if (isFastRight || !(isSlow || isChosen)) return isFastRight
    const [, salt = '', slow = ''] = (isChosen ? hash : decoys.scrypt).split(':')
    if (this.#waiting >= mostSlowHashes) throw new TooManySecrets('too many secrets are to be compared')
    this.#waiting++
    try {
      return isSame(await slowHash(secret, Buffer.from(salt, 'base64url')), slow) && isChosen
    } finally {
      this.#waiting--
    }
  }
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

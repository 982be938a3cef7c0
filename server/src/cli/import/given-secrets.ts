import { opaqueFromText } from 'ace-oauth'
import { hashChosenSecret, hashNewSecret, SecretChecker } from '../../client-secret.ts'

/**
 * Whether a secret looks like 256 random bits in base64url, base64 or hexadecimal digits. Nothing that a person chooses does; where it is in
 * doubt the answer is no, and the secret is hashed slowly.
 */
export function isRandom(secret: string): boolean {
  if (/^(?:[0-9a-f]{64,}|[0-9A-F]{64,})$/.test(secret)) return new Set(secret).size >= 12
  return (
    /^[\w+/-]{43,}={0,2}$/.test(secret) &&
    [/[a-z]/g, /[A-Z]/g, /\d/g].every((kind) => (secret.match(kind) ?? []).length >= 2) &&
    new Set(secret).size >= 20
  )
}

/** The hash of a secret that was given: a fast one for random secrets, a slow one for those that somebody chose. */
export async function hashOf(secret: string): Promise<string> {
  return isRandom(secret) ? hashNewSecret(secret) : hashChosenSecret(secret)
}

/** Whether a secret is that of a stored hash. */
export async function isSameSecret(secret: string, hash: string | null): Promise<boolean> {
  return new SecretChecker().isSecret(opaqueFromText(secret), hash, false)
}

/** The first of the members that were given and that differ; undefined where none does. */
export function differing(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
  given: readonly string[],
): string | undefined {
  return given.find(
    (member) =>
      Object.hasOwn(one, member) &&
      member !== 'created_at' &&
      JSON.stringify(one[member]) !== JSON.stringify(other[member]),
  )
}

import { type AifEntry, DecodeError, decodeAif, mergeAif, type Scope } from 'ace-oauth'

/** The AIF that a scope of bytes is; undefined for other bytes. */
export function aifOf(bytes: Uint8Array): readonly AifEntry[] | undefined {
  try {
    return decodeAif(bytes)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** The methods that both allow, path by path (RFC 9237 section 3), the dynamic ones included. */
export function intersectAif(one: readonly AifEntry[], other: readonly AifEntry[]): AifEntry[] {
  const sets = new Map(mergeAif(other))
  return mergeAif(one).flatMap(([path, set]): AifEntry[] => {
    const common = BigInt(set) & BigInt(sets.get(path) ?? 0)
    return common === 0n ? [] : [[path, common]]
  })
}

/** Whether a scope allows nothing that another does not. A text is never within bytes, nor bytes within a text. */
export function isScopeWithin(narrow: Scope, wide: Scope): boolean {
  if (typeof narrow === 'string' || typeof wide === 'string') {
    if (typeof narrow !== typeof wide) return false
    const allowed = tokensOf(wide as string)
    return tokensOf(narrow as string).every((token) => allowed.includes(token))
  }
  if (Buffer.compare(narrow, wide) === 0) return true
  const [asked, allowed] = [aifOf(narrow), aifOf(wide)]
  if (!asked || !allowed) return false
  const sets = new Map(mergeAif(allowed))
  return mergeAif(asked).every(([path, set]) => (BigInt(set) & ~BigInt(sets.get(path) ?? 0)) === 0n)
}

/** The scope tokens of a text. */
export function tokensOf(scope: string): string[] {
  return scope.split(' ').filter(Boolean)
}

/**
 * Whether two byte strings are equal, in a time that depends on their lengths alone.
 *
 * @example
 * ```ts
 * import { equalBytes } from 'ace-oauth/token'
 *
 * equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2)) // true
 * ```
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ (b[i] ?? 0)
  return difference === 0
}

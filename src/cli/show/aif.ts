import { DecodeError } from '../../cbor/decode-error.ts'
import { type Aif, decodeAif, hasUnknownMethods, methodsOf } from '../../message/aif.ts'
import { columns } from './table.ts'
import { printable } from './text.ts'

/** What an authorization in AIF that stands alone is called. */
export const aifTitle = 'Authorization in AIF, RFC 9237'

/** The permissions of a scope that is an authorization in AIF, on one line; undefined for any other. */
export function aifText(scope: unknown): string | undefined {
  if (!(scope instanceof Uint8Array)) return undefined
  try {
    const entries = decodeAif(scope).map(([path, methods]) =>
      `${printable(path)} ${namesOf(methods)}`.trimEnd(),
    )
    return `AIF: ${entries.join(', ') || 'nothing is allowed'}`
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** The permissions of an authorization in AIF, one a line. */
export function renderAif(aif: Aif): string {
  if (aif.length === 0) return '  nothing is allowed\n'
  return columns(aif.map(([path, methods]) => [printable(path), namesOf(methods)]))
}

/** The names of the methods of a set, those that RFC 9237 has no name for as what they are. */
export function namesOf(set: number | bigint): string {
  return [...methodsOf(set), ...(hasUnknownMethods(set) ? ['unknown methods'] : [])].join(' ')
}

import { checkObject } from './check-object.ts'

/** How strictly to decode, and how much to take. Every limit has a safe default, which `undefined` stands for too. */
export interface DecodeOptions {
  /** Refuse what RFC 8949 §4.2.1 (core deterministic encoding) would not produce. Default: false. */
  readonly deterministic?: boolean | undefined
  /** The largest input, in bytes. Default: 65,536. */
  readonly maxBytes?: number | undefined
  /** How deep maps, arrays and tags may nest; the outermost is level 1. Default: 16. More than 512 is not taken. */
  readonly maxDepth?: number | undefined
  /** The most members of one map, or elements of one array; below 1 there is no tag either. Default: 1,024. */
  readonly maxMembers?: number | undefined
  /** The longest byte or text string, in bytes, over all its chunks. Default: 32,768. */
  readonly maxStringBytes?: number | undefined
}

/** Options with all of them given. */
export type DecodeLimits = { readonly [Name in keyof DecodeOptions]-?: NonNullable<DecodeOptions[Name]> }

/** The defaults of {@link DecodeOptions}. */
export const decodeDefaults: DecodeLimits = /* @__PURE__ */ Object.freeze({
  deterministic: false,
  maxBytes: 65_536,
  maxDepth: 16,
  maxMembers: 1_024,
  maxStringBytes: 32_768,
})

/**
 * The options with defaults for those that are not given.
 *
 * @throws RangeError for a limit that is no number, or is below 0
 */
export function limitsOf(options: DecodeOptions): DecodeLimits {
  checkObject('options', options)
  const limits: Record<string, boolean | number> = { ...decodeDefaults }
  for (const name in decodeDefaults) {
    const given = options[name as keyof DecodeOptions]
    if (given === undefined) continue
    if (name !== 'deterministic' && !(typeof given === 'number' && given >= 0))
      throw new RangeError(`${name} is ${String(given)}: expected a number from 0 up`)
    // Deeper than 512 levels a call stack may end.
    limits[name] = name === 'maxDepth' ? Math.min(given as number, 512) : given
  }
  return limits as DecodeLimits
}

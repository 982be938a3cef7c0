/** How strictly to decode, and how much to take. Every limit has a safe default; one that is no number lets nothing through. */
export interface DecodeOptions {
  /** Refuse what RFC 8949 §4.2.1 (core deterministic encoding) would not produce. Default: false. */
  readonly deterministic?: boolean
  /** The largest input, in bytes. Default: 65,536. */
  readonly maxBytes?: number
  /** How deep maps, arrays and tags may nest; the outermost is level 1. Default: 16. More than 512 is not taken. */
  readonly maxDepth?: number
  /** The most members of one map, or elements of one array; below 1 there is no tag either. Default: 1,024. */
  readonly maxMembers?: number
  /** The longest byte or text string, in bytes, over all its chunks. Default: 32,768. */
  readonly maxStringBytes?: number
}

/** The defaults of {@link DecodeOptions}. */
export const decodeDefaults: Required<DecodeOptions> = {
  deterministic: false,
  maxBytes: 65_536,
  maxDepth: 16,
  maxMembers: 1_024,
  maxStringBytes: 32_768,
}

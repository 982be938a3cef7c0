// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "Custom Problem Detail Keys" registry (RFC 9290, Section 6.2).
 *
 * These are the unsigned keys of a concise problem details map (Content-Format 257).
 * No value is set aside for private use.
 *
 * @example
 * customProblemDetailKeys['ace-trl-error'] // 1
 */
export const customProblemDetailKeys = {
  /** Carry RFC 9594 problem details in a Concise Problem Details data item. RFC 9594. */
  'ace-groupcomm-error': 0,
  /** Carry RFC 9770 problem details in a Concise Problem Details data item. RFC 9770. */
  'ace-trl-error': 1,
  /** Carry RFC 7807 problem details in a Concise Problem Details data item. RFC 9290, Appendix B. */
  'tunnel-7807': 7807,
} as const

/** A name in {@link customProblemDetailKeys}. */
export type CustomProblemDetailKeyName = keyof typeof customProblemDetailKeys

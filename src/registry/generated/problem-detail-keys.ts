// Generated from src/registry/registries.json by `npm run generate`. Do not edit.

/**
 * The "Standard Problem Detail Keys" registry (RFC 9290, Section 6.1).
 *
 * These are the negative keys of a concise problem details map (Content-Format 257).
 * No value is set aside for private use.
 *
 * @example
 * problemDetailKeys.title // -1
 */
export const problemDetailKeys = {
  /** Short, human-readable summary of the problem shape: text / tag38. RFC 9290. */
  title: -1,
  /** Human-readable explanation specific to this occurrence of the problem: text / tag38. RFC 9290. */
  detail: -2,
  /** URI reference identifying specific occurrence of the problem: ~uri. RFC 9290. */
  instance: -3,
  /** CoAP response code: uint .size 1. RFC 9290. */
  'response-code': -4,
  /** Base URI: ~uri. RFC 9290. */
  'base-uri': -5,
  /** Base language tag (see RFC 9290, Appendix A): tag38-ltag. RFC 9290. */
  'base-lang': -6,
  /** Base writing direction (see RFC 9290, Appendix A): tag38-direction. RFC 9290. */
  'base-rtl': -7,
  /** Option number(s) of CoAP option(s) that were not understood: one-or-more<uint>. RFC 9290, Section 3.1.1. */
  'unprocessed-coap-option': -8,
  /** Byte index inside the request body at which the error became apparent: uint. draft-amsuess-core-pd-body-error-position-00. */
  'request-body-error-position': -25,
} as const

/** A name in {@link problemDetailKeys}. */
export type ProblemDetailKeyName = keyof typeof problemDetailKeys

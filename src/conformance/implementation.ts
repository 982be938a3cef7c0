import type { Json } from '../table/json.ts'
import type { VectorInput, VectorMessage, VectorOptions, VectorViolation } from './vector.ts'

/** A member with a CBOR key that the message does not know, as an implementation tells it. */
export interface DecodedUnknown {
  /** Its key as {@link VectorUnknown.key} has it; the quotes around a text may be left out. */
  readonly key: string
  /** Its CBOR in lower-case hex; where it is absent only the key is compared. */
  readonly hex?: string
}

/** The input was accepted. */
export interface Decoded {
  readonly ok: true
  /** Its JSON twin, as {@link Accept.value} has it. */
  readonly value?: Json
  /** None where it is absent; null for an implementation that does not report any, of which they are not asked. */
  readonly violations?: readonly VectorViolation[] | null
  /** None where it is absent; null for an implementation that does not keep any, of which they are not asked. */
  readonly unknown?: readonly DecodedUnknown[] | null
  /** The message written again, in lower-case hex; null where it has no form in CBOR, absent where that was not tried. */
  readonly hex?: string | null
}

/** The message was written. */
export interface Encoded {
  readonly ok: true
  /** Its CBOR in lower-case hex. */
  readonly hex: string
}

/** The input was refused, or the message not written. */
export interface Refused {
  readonly ok: false
  /**
   * Why, as one of the closed list of `DecodeReason` or `EncodeReason`; {@link unsupported} for a message, an encoding or
   * an option that the implementation does not have; {@link refused} where it does not say why in these terms.
   */
  readonly reason: string
  readonly offset?: number
  readonly path?: string
  /** For people. */
  readonly message?: string
}

/** The reason of an implementation that does not have what it is asked for: the case is skipped, not failed. */
export const unsupported = 'unsupported'

/** The reason of an implementation that refuses without one of the reasons of the vectors: that it refuses is enough. */
export const refused = 'refused'

type Answer<T> = T | Refused | Promise<T | Refused>

/**
 * An implementation under test, this library's or another's.
 *
 * @example
 * ```ts
 * import { type Implementation, libraryImplementation, runConformance } from 'ace-oauth/conformance'
 *
 * // Takes everything for an invalid_request: most vectors fail.
 * const wrong: Implementation = {
 *   ...libraryImplementation,
 *   decode: () => ({ ok: true, value: { error: 'invalid_request' } }),
 * }
 * await runConformance([], { implementation: wrong })
 * ```
 */
export interface Implementation {
  /** What to call it in a report. */
  readonly name: string
  /** Whether it writes deterministic CBOR (RFC 8949 §4.2.1); where not, any encoding of the same message passes. Default: true. */
  readonly deterministic?: boolean
  /** Why it cannot be asked any more, in one line: a run ends there. */
  readonly broken?: string | undefined
  /** Reads a message. */
  decode(message: VectorMessage, input: VectorInput, options: VectorOptions): Answer<Decoded>
  /** Writes the message that a JSON twin stands for. */
  encode(message: VectorMessage, value: Json, options: VectorOptions): Answer<Encoded>
}

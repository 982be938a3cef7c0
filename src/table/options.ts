import type { DecodeOptions } from '../cbor/options.ts'

/** How strictly to take a message, and how much of it. */
export interface MessageOptions extends DecodeOptions {
  /** Refuse also what the RFCs forbid a sender but no receiver needs to refuse. Default: false. */
  readonly strict?: boolean | undefined
}

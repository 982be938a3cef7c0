import type { Json } from '../table/json.ts'

/**
 * What a vector is about: a message of the token, introspection or revocation endpoint, an authorization in AIF (RFC 9237),
 * the claims of a CWT (RFC 8392), a COSE_Key, a COSE message to open (RFC 9052), or one CBOR data item of any kind (`cbor`).
 */
export type VectorMessage =
  | 'error-response'
  | 'problem-details'
  | 'token-request'
  | 'token-response'
  | 'introspection-request'
  | 'introspection-response'
  | 'creation-hints'
  | 'revocation-request'
  | 'aif'
  | 'cwt-claims'
  | 'cose-key'
  | 'cose'
  | 'cbor'

/** How to take the input of a vector; what is left out has its default. */
export interface VectorOptions {
  /** Refuse what the RFCs forbid a sender but no receiver needs to refuse. */
  readonly strict?: boolean | undefined
  /** Refuse what RFC 8949 §4.2.1 would not produce. */
  readonly deterministic?: boolean | undefined
  /** The largest input, in bytes. */
  readonly maxBytes?: number | undefined
  /** How deep maps, arrays and tags may nest; the outermost is level 1. */
  readonly maxDepth?: number | undefined
  /** The most members of one map, or elements of one array. */
  readonly maxMembers?: number | undefined
  /** The longest byte or text string, in bytes, over all its chunks. */
  readonly maxStringBytes?: number | undefined
  /** The key of the `ace-error` entry of problem details, which IANA has not assigned yet. */
  readonly aceErrorKey?: number | undefined
  /** Private-use error codes that have a name here; the value in decimal digits beyond 2^53-1. */
  readonly codes?: readonly { readonly name: string; readonly value: number | string }[]
  /** The keys to open a COSE message with, as JWKs. */
  readonly keys?: readonly Json[]
  /** The external AAD of a COSE message, in lower-case hex. */
  readonly externalAad?: string
}

/** What the input consists of: CBOR in lower-case hex, a JSON value, or an `application/x-www-form-urlencoded` body. */
export type VectorInput = { readonly hex: string } | { readonly json: Json } | { readonly form: string }

/** What a sender should not have done. */
export interface VectorViolation {
  readonly rule: string
  /** The member, by its OAuth name. */
  readonly path: string
}

/** A member with a CBOR key that the message does not know. */
export interface VectorUnknown {
  /** The key: an integer in its decimal digits, a text in double quotes as JSON has it. */
  readonly key: string
  /** The value: one CBOR data item in lower-case hex, as it came. */
  readonly hex: string
}

/** The input is to be accepted. */
export interface Accept {
  /**
   * The JSON twin: OAuth names, byte strings in base64url without padding, codes without a name as integers, integers
   * beyond 2^53-1 as decimal strings. Absent where only the acceptance counts.
   */
  readonly value?: Json
  /** What is to be reported besides; nothing where it is absent. */
  readonly violations?: readonly VectorViolation[]
  /** The members with unknown CBOR keys, in the order they came; none where it is absent. */
  readonly unknown?: readonly VectorUnknown[]
  /** The deterministic encoding of the same message; null where it has no form in CBOR. */
  readonly canonicalHex?: string | null
}

/** The input is to be refused. */
export interface Refuse {
  /** Why, as one of the closed list of `DecodeReason`. */
  readonly reason: string
  /** Where in the CBOR, in bytes from its start. */
  readonly offset?: number
  /** The members on the way to the fault, by their OAuth names; empty at the top. */
  readonly path?: string
}

/** What is to happen to the input of a vector. */
export type Expectation = { readonly accept: Accept } | { readonly refuse: Refuse }

/** One test vector. It has one of `hex`, `json` and `form`. */
export interface Vector {
  /** Unique over all documents. */
  readonly id: string
  /** The specification that it comes from, or is about. */
  readonly source: string
  readonly section: string
  readonly figure?: string
  /** The requirements that it is about, `R` with the RFC, the section and an ordinal: `R9200-5.8.3-4`. */
  readonly requirements?: readonly string[]
  readonly description: string
  readonly message: VectorMessage
  /** `verbatim` for what the source prints itself, `computed` for what was made from its text. */
  readonly kind: 'verbatim' | 'computed'
  readonly hex?: string
  readonly json?: Json
  readonly form?: string
  readonly options?: VectorOptions
  readonly expect: Expectation
  /** The errata of the source that concern it. */
  readonly errata?: string
  readonly note?: string
}

/** The vectors of one source document: what one file of `vectors/` holds. */
export interface VectorDocument {
  readonly $schema?: string
  /** The name of the file, without `.json`. */
  readonly document: string
  readonly title: string
  readonly vectors: readonly Vector[]
}
